"""The table of constructs that generated programs are made of, and which fit where."""

from __future__ import annotations

import ast
import functools
import re
from collections import Counter

from . import rows_calls, rows_ends, rows_flows, rows_outside
from .rows import Default, Param, Place, Row

DEFAULTS: tuple[Default, ...] = rows_outside.DEFAULTS
PARAMS: tuple[Param, ...] = rows_outside.PARAMS
PLACES: tuple[Place, ...] = rows_outside.PLACES
ROWS: tuple[Row, ...] = (
    *rows_flows.NAMES,
    *rows_flows.CONTAINERS,
    *rows_flows.COPIES,
    *rows_flows.REBINDS,
    *rows_flows.GUARDS,
    *rows_calls.CALLS,
    *rows_calls.FIELDS,
    *rows_ends.CHANGES,
    *rows_ends.VIAS,
    *rows_ends.LEAVES,
    *rows_ends.READS,
)
ENDS = ("change", "via", "leave", "read")
"""Groups that end a way."""
STEPS = (
    *("alias", "box", "closure", "call", "field", "with", "match"),
    *("copy", "rebind", "guard", "flow", "decoy"),
)
"""Groups in the middle of a way."""
HARMLESS = ("copy", "decoy", "rebind", "guard")
"""Groups after which a way often no longer reaches the default."""
LAYOUTS = ("layout.single", "layout.flat", "layout.package")
IMPORTS = (
    "import.from",
    "import.absolute",
    "import.module",
    "import.dotted",
    "import.alias",
    "import.star",
    "import.reexport",
    "import.middle",
    "import.local",
)
KINDS = {
    "list": ("[]", "list", "list", "Sequence"),
    "dict": ("{}", "dict", "dict", "Mapping"),
    "set": ("set()", "set", "set", "Collection"),
    "bytes": ("bytearray()", "bytearray", "bytearray", ""),
    "deque": ("deque()", "deque", "deque", ""),
    "iter": ("iter(())", "", "object", ""),
    "object": ("", "", "object", ""),
    "frozen": ("()", "tuple", "object", ""),
}
"""Per kind: an empty value, the class, an annotation, a read-only annotation."""

BY_GROUP: dict[str, tuple[Row, ...]] = {
    group: tuple(row for row in ROWS if row.group == group) for group in (*STEPS, *ENDS)
}
_WORD = re.compile(r"\$(\w+)")
_FRESH = re.compile(r"\$[nab]\b")
_KIND_WORDS = re.compile(r"\$(change|alter|copy|new|type)\b")


@functools.cache
def constructs(*, leaking: bool) -> tuple[str, ...]:
    """The names of the constructs that leaking (or clean) programs can be made of, in table order.

    A default that is immutable, or an instance shared by name, is never part of a leak.
    """
    rows = (*DEFAULTS, *PARAMS, *PLACES, *ROWS)
    never = {default.name for default in DEFAULTS if default.judge == "never"} if leaking else ()
    return (*(row.name for row in rows if row.name not in never), *LAYOUTS, *IMPORTS)


@functools.cache
def fits(row: Row, kind: str, words: frozenset[str]) -> bool:
    """Whether a row can be used for a value of this kind at a place that has these words."""
    if not set(row.needs.split()) - {"name"} <= words:
        return False
    if "expression" in words and expression(row) is None:
        return False
    if kind == "frozen":
        text = "\n".join((row.body, row.method, row.base, *row.support))
        general = "list" in row.kinds and "object" in row.kinds
        return general and row.group not in ("change", "copy") and not _KIND_WORDS.search(text)
    return kind in row.kinds.split()


@functools.cache
def usable(group: str, kind: str, words: frozenset[str]) -> dict[Row, float]:
    """The rows of a group that fit, with the weight to take them by: those that fit few programs
    come more often where they fit."""
    found: dict[Row, float] = {}
    for row in BY_GROUP[group]:
        if fits(row, kind, words):
            good = sum(n for (other, there), n in _situations().items() if fits(row, other, there))
            found[row] = 1 / max(good, 1)
    return found


@functools.cache
def _situations() -> Counter[tuple[str, frozenset[str]]]:
    return Counter((default.kind, words(place, default)) for default in DEFAULTS for place in PLACES)


def words(place: Place, default: Default) -> frozenset[str]:
    """What rows may need (see `rows.Row`) and this place and default give."""
    given = set(place.gives.split())
    if "expression" in given:
        given.add("plain")
    if default.filled and default.reach == "$v":
        given.add("filled")
    return frozenset(given)


@functools.cache
def expression(row: Row) -> str | None:
    """The row as a single expression template, if it can be one (for lambdas)."""
    body = row.body
    if "\n" in body or row.out or "name" in row.needs:
        return None
    for start in ("$n = ", "return "):
        body = body.removeprefix(start)
    if _FRESH.search(body) or not is_expression(_WORD.sub(r"\1", body)):
        return None
    return body


def is_expression(text: str) -> bool:
    """Whether the text is one Python expression that any function body may hold."""
    try:
        tree = ast.parse(text, mode="eval")
    except SyntaxError:
        return False
    return not any(isinstance(node, (ast.Await, ast.Yield)) for node in ast.walk(tree))


def atom(text: str) -> str:
    """The expression, in parentheses if something bound to it could tear it apart."""
    simple = (ast.Name, ast.Attribute, ast.Subscript, ast.Call, ast.List, ast.Dict, ast.Set)
    return text if isinstance(ast.parse(text, mode="eval").body, simple) else f"({text})"
