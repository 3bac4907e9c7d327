"""The rules as documents: codes, symbols, summaries and the pages that `explain` prints.

All of it is read from `rules/<family>/rule.toml` and `rules/<family>/<code>.md`; nothing heavy is
imported, so that `rules` and `explain` answer at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal, NamedTuple

from . import toml

TITLE = "# The rules of incident-lint"
"""The first line of `rules/README.md`, by which a checkout's folder is known as ours."""

DELIVERED = frozenset(
    {"INC001", "INC002", "INC101", "INC102", "INC103", "INC104", "INC105"}
    | {"INC201", "INC202", "INC203", "INC204", "INC205", "INC206", "INC207", "INC208"}
    | {"INC301", "INC302", "INC303", "INC304", "INC305", "INC306", "INC307", "INC308"}
    | {"INC401", "INC402", "INC403", "INC404", "INC405"}
)
"""The codes whose checks exist; the others have their names reserved."""


class Code(NamedTuple):
    """One rule. `family` is its folder; `place` says where a finding is reported; `letter` is
    pylint's category, which starts `pylint_id`; `incident` names the story behind it."""

    code: str
    symbol: str
    summary: str
    family: str
    incident: str | None
    default_on: bool
    place: str
    pylint_id: str
    letter: Literal["W", "R"]


@lru_cache(maxsize=1)
def folder() -> Path:
    """The folder of the rules: the checkout's own where the package lies in one, else the
    packaged one. An editable install copies the latter once and it goes stale, hence the order;
    `sys.path` is never searched.

    Raises CatalogueError where an installation has lost them.
    """
    package = Path(__file__).resolve().parents[1]
    checkout = package.parents[1] / "rules"
    if package.parent.name == "src" and _is_ours(checkout):
        return checkout
    if not _is_ours(package / "rules"):
        raise toml.CatalogueError(str(package / "rules"), "the rules are missing: reinstall them")
    return package / "rules"


def _is_ours(rules: Path) -> bool:
    try:
        with open(rules / "README.md", encoding="utf-8") as readme:
            return readme.readline().rstrip() == TITLE
    except OSError:
        return False


@lru_cache(maxsize=1)
def codes() -> Mapping[str, Code]:
    """Every code of the contract, in order of the codes; read-only."""
    found: dict[str, Code] = {}
    for path in folder().glob("*/rule.toml"):
        description = toml.read(path)
        for code, entry in description["code"].items():
            letter: Literal["W", "R"] = "R" if entry.get("advice", False) else "W"
            found[code] = Code(
                code=code,
                symbol=entry["symbol"],
                summary=entry["summary"],
                family=path.parent.name,
                incident=description.get("incident"),
                default_on=entry["default"] == "on",
                place=entry["place"],
                pylint_id=f"{letter}{_pylint_number(code)}",
                letter=letter,
            )
    return MappingProxyType(dict(sorted(found.items())))


def _pylint_number(code: str) -> str:
    """`INCnmm` as `76nm`: pylint wants one pair of first digits for all ids of a checker."""
    return f"76{code[3]}{code[5]}"


def page(code: str) -> str:
    """The Markdown that explains a code: its page, or what is known of one not yet delivered.

    Raises KeyError for a code that does not exist.
    """
    entry = codes()[code]
    path = folder() / entry.family / f"{code}.md"
    if path.is_file():
        return path.read_text(encoding="utf-8")
    return (
        f"# {code} {entry.symbol}\n\n## What it does\n\nWill report: {entry.summary}.\n\n"
        "This version of incident-lint does not check it yet.\n"
    )
