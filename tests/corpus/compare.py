"""Our findings beside what other linters find: what both see, and why one of us does not."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from . import defaults, responses
from .packages import HERE, Package
from .peers import At, Family, Finding, Site

STORED = HERE / "comparison.json"
FAMILIES = (defaults.FAMILY, responses.FAMILY)
UNREAD = "not read yet"
_UNREADABLE = "the file is no Python 3 for us (INC002)"


class Missed(NamedTuple):
    """A site that only another tool names, and why we do not."""

    tool: str
    package: str
    path: str
    line: int
    column: int
    source: str
    why: str


class Compared(NamedTuple):
    """One package: counts per tool and rule, the sites that only they name, how many sites we
    have, and what the tool without such a rule says of those."""

    counts: dict[str, dict[str, Any]]
    missed: list[Missed]
    ours: int
    beside: Counter[str]


def compare(
    family: Family, package: Package, findings: Iterable[Finding], sites: Iterable[Site]
) -> Compared:
    """What our findings in a package and the sites of others have in common, and what not."""
    rows = list(findings)
    ours = {(f["path"], f["line"], f["column"]): f for f in rows if f["code"] in family.codes}
    unread = {f["path"] for f in rows if f["code"] == "INC002"}
    by_rule: dict[tuple[str, str], set[At]] = {rule: set() for rule in family.rules}
    beside: Counter[str] = Counter()
    for site in set(sites):
        at = (site.path, site.line, site.column)
        if site.tool != family.beside:
            by_rule[site.tool, site.rule].add(at)
        elif at in ours:
            beside[site.rule] += 1
    compared = Compared({}, [], len(ours), beside)
    for (tool, rule), theirs in by_rule.items():
        name = f"{tool} {rule}"
        for at in sorted(theirs - ours.keys()):
            why = _UNREADABLE if at[0] in unread else family.why(package.folder, at)
            source = _source(package.folder, at)
            compared.missed.append(Missed(name, package.name, *at, source, why))
        only_us = (family.kind(package.folder, name, ours[at]) for at in ours.keys() - theirs)
        compared.counts[name] = {
            "both": len(ours.keys() & theirs),
            "only_us": dict(Counter(only_us)),
        }
    return compared


def summary(
    family: Family,
    compared: Iterable[Compared],
    packages: Iterable[str],
    read: Mapping[tuple[str, str, str, int, int], str],
) -> dict[str, Any]:
    """All packages added up, as it is stored. `read` holds reasons that a person wrote; sites
    with a reason of our own are counted, the others are listed until somebody read them."""
    tools: dict[str, dict[str, Any]] = {
        f"{tool} {rule}": {"both": 0, "only_us": Counter(), "only_them": Counter()}
        for tool, rule in family.rules
    }
    listed = []
    ours = 0
    beside: Counter[str] = Counter()
    for one in compared:
        ours += one.ours
        beside += one.beside
        for tool, found in one.counts.items():
            tools[tool]["both"] += found["both"]
            tools[tool]["only_us"].update(found["only_us"])
        for site in one.missed:
            why = site.why or read.get(site[:5], UNREAD)
            tools[site.tool]["only_them"][why] += 1
            if not site.why:
                listed.append(site._replace(why=why)._asdict())
    return {
        "packages": list(packages),
        "ours": ours,
        "tools": {
            tool: {
                "both": found["both"],
                "only_us": dict(sorted(found["only_us"].items())),
                "only_them": dict(sorted(found["only_them"].items())),
            }
            for tool, found in tools.items()
        },
        "beside": {"tool": family.beside, "says": dict(sorted(beside.items()))},
        "listed": listed,
    }


def load(path: Path = STORED) -> dict[str, dict[str, Any]]:
    """The stored summaries by the family's name; none before the first comparison."""
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {}


def reasons(stored: Mapping[str, Any]) -> dict[tuple[str, str, str, int, int], str]:
    """The reasons that people wrote into a stored summary, by site."""
    rows = [Missed(**row) for row in stored.get("listed", ())]
    return {row[:5]: row.why for row in rows}


def _source(folder: Path, at: At) -> str:
    path, line, _ = at
    lines = _lines(folder / path)
    return lines[line - 1].strip() if line <= len(lines) else ""


@lru_cache(maxsize=64)
def _lines(path: Path) -> list[str]:
    return re.split(r"\r\n|\r|\n", path.read_bytes().decode("utf-8", "replace"))
