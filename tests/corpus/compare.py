"""Our shared defaults beside what other linters find: what both see, and why one of us does not."""

from __future__ import annotations

import ast
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from .packages import HERE, Package
from .peers import RULES, Default, Site, defaults

STORED = HERE / "comparison.json"
OURS = ("INC101", "INC102", "INC105")
UNREAD = "not read yet"
_READ_ONLY = {
    "Sequence", "Mapping", "Iterable", "Collection", "AbstractSet", "Set", "frozenset", "tuple",
    "FrozenSet", "Tuple", "Iterator", "Container",
}  # fmt: skip
_MARKERS = {
    "Depends", "Security", "Query", "Path", "Body", "Cookie", "Header", "Form", "File", "Option",
    "Argument", "Parameter", "Provide", "Inject",
}  # fmt: skip

At = tuple[str, int, int]


class Missed(NamedTuple):
    """A site that only another tool names, and why we do not."""

    tool: str
    package: str
    path: str
    line: int
    column: int
    source: str
    why: str


def compare(
    package: Package, findings: Iterable[Mapping[str, Any]], sites: Iterable[Site]
) -> tuple[dict[str, dict[str, Any]], list[Missed]]:
    """Counts per tool and rule for one package, and the sites that only they name."""
    rows = list(findings)
    ours = {(f["path"], f["line"], f["column"]) for f in rows if f["code"] in OURS}
    unread = {f["path"] for f in rows if f["code"] == "INC002"}
    counts: dict[str, dict[str, Any]] = {}
    missed: list[Missed] = []
    by_rule: dict[tuple[str, str], set[At]] = {rule: set() for rule in RULES}
    for site in sites:
        by_rule[site.tool, site.rule].add((site.path, site.line, site.column))
    for (tool, rule), theirs in by_rule.items():
        lost = [_missed(package, f"{tool} {rule}", at, unread) for at in sorted(theirs - ours)]
        missed += lost
        counts[f"{tool} {rule}"] = {
            "both": len(ours & theirs),
            "only_us": dict(Counter(_kind(package.folder, at) for at in ours - theirs)),
        }
    return counts, missed


def summary(
    compared: Iterable[tuple[dict[str, dict[str, Any]], list[Missed]]],
    packages: Iterable[str],
    read: Mapping[tuple[str, str, str, int, int], str],
) -> dict[str, Any]:
    """All packages added up, as it is stored. `read` holds reasons that a person wrote; sites
    with a reason of our own are counted, the others are listed until somebody read them."""
    tools: dict[str, dict[str, Any]] = {
        f"{tool} {rule}": {"both": 0, "only_us": Counter(), "only_them": Counter()}
        for tool, rule in RULES
    }
    listed = []
    for counts, missed in compared:
        for tool, found in counts.items():
            tools[tool]["both"] += found["both"]
            tools[tool]["only_us"].update(found["only_us"])
        for site in missed:
            why = site.why or read.get(site[:5], UNREAD)
            tools[site.tool]["only_them"][why] += 1
            if not site.why:
                listed.append(site._replace(why=why)._asdict())
    return {
        "packages": list(packages),
        "tools": {
            tool: {
                "both": found["both"],
                "only_us": dict(sorted(found["only_us"].items())),
                "only_them": dict(sorted(found["only_them"].items())),
            }
            for tool, found in tools.items()
        },
        "listed": listed,
    }


def reasons(stored: Path = STORED) -> dict[tuple[str, str, str, int, int], str]:
    """The reasons that people wrote into the stored comparison, by site."""
    if not stored.is_file():
        return {}
    rows = [Missed(**row) for row in json.loads(stored.read_text(encoding="utf-8"))["listed"]]
    return {row[:5]: row.why for row in rows}


def _missed(package: Package, tool: str, at: At, unread: set[str]) -> Missed:
    path, line, column = at
    lines = _lines(package.folder / path)
    source = lines[line - 1].strip() if line <= len(lines) else ""
    why = "the file is no Python 3 for us (INC002)" if path in unread else ""
    default = _defaults(package.folder / path).get((line, column))
    if not why and default is not None:
        why = _why(default)
    return Missed(tool, package.name, path, line, column, source, why)


def _why(default: Default) -> str:
    """The reason that can be read off the signature, else nothing."""
    annotation = default.parameter.annotation
    if annotation is not None and _outer_names(annotation) & _READ_ONLY:
        return "annotated as read-only, and nobody changes it"
    if isinstance(default.node, ast.Call):
        name = ast.unparse(default.node.func).rpartition(".")[2]
        if name in _MARKERS:
            return f"a framework's marker call: {name}()"
        return f"a call whose result is not known to be mutable: {name}()"
    return "a stub without a body" if _is_stub(default.function) else ""


def _outer_names(annotation: ast.expr) -> set[str]:
    """The names outside all brackets, so that `Optional[Sequence[X]]` gives `Optional` and
    `Sequence`, and `list[Sequence]` gives `list`."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        try:
            return _outer_names(ast.parse(annotation.value, mode="eval").body)
        except (SyntaxError, ValueError):
            return set()
    if isinstance(annotation, ast.BinOp):
        return _outer_names(annotation.left) | _outer_names(annotation.right)
    if isinstance(annotation, ast.Subscript):
        outer = _outer_names(annotation.value)
        return outer | _outer_names(annotation.slice) if outer & {"Optional", "Final"} else outer
    if isinstance(annotation, ast.Attribute):
        return {annotation.attr}
    return {annotation.id} if isinstance(annotation, ast.Name) else set()


def _is_stub(function: ast.AST) -> bool:
    if isinstance(function, ast.Lambda):
        return False
    body = getattr(function, "body", [])
    return all(
        isinstance(statement, ast.Pass)
        or (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant))
        or (isinstance(statement, ast.Raise) and "NotImplemented" in ast.unparse(statement))
        for statement in body
    )


def _kind(folder: Path, at: At) -> str:
    """What kind of default a site of ours is, in the words of the page."""
    path, line, column = at
    default = _defaults(folder / path).get((line, column))
    node = default.node if default else None
    if isinstance(node, ast.Name | ast.Attribute):
        return "a container with a name, changed through the parameter"
    if isinstance(node, ast.GeneratorExp):
        return "a generator expression"
    if isinstance(node, ast.Call):
        return "a call or an instance"
    if isinstance(node, ast.List | ast.Dict | ast.Set | ast.ListComp | ast.DictComp | ast.SetComp):
        return "a display or comprehension that they let pass"
    return "another expression" if node else "no default by itself"


@lru_cache(maxsize=64)
def _defaults(path: Path) -> dict[tuple[int, int], Default]:
    return {(d.node.lineno, d.node.col_offset + 1): d for d in defaults(path)}


@lru_cache(maxsize=64)
def _lines(path: Path) -> list[str]:
    return re.split(r"\r\n|\r|\n", path.read_bytes().decode("utf-8", "replace"))
