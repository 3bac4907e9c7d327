"""The table of constructs that generated programs are made of, and which fit where."""

from __future__ import annotations

import ast
import functools
import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from .outside import DEFAULTS, PARAMS, PLACES
from .rows import Default, Param, Place, Row, read_rows

ROWS = read_rows()
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


class Kind(NamedTuple):
    """What templates need to know about a kind of value: an empty one, its class, an annotation
    for it and a read-only one ("": there is none)."""

    empty: str
    cls: str
    annotation: str
    read_only: str = ""


KINDS = {
    "list": Kind("[]", "list", "list", "Sequence"),
    "dict": Kind("{}", "dict", "dict", "Mapping"),
    "set": Kind("set()", "set", "set", "Collection"),
    "bytes": Kind("bytearray()", "bytearray", "bytearray"),
    "deque": Kind("deque()", "deque", "deque"),
    "iter": Kind("iter(())", "", "object"),
    "object": Kind("", "", "object"),
    "frozen": Kind("()", "tuple", "object"),
}
BY_GROUP: dict[str, tuple[Row, ...]] = {
    group: tuple(row for row in ROWS if row.group == group) for group in (*STEPS, *ENDS)
}
_WORD = re.compile(r"\$(\w+)")
_FRESH = re.compile(r"\$[nab]\b")
_ANNOTATED = re.compile(r"\$(target|book)\b")
_KIND_WORDS = re.compile(r"\$(change|alter|copy|new|type)\b")


@functools.cache
def constructs(*, leaking: bool) -> tuple[str, ...]:
    """The names of the constructs that leaking (or clean) programs can be made of, in table order.

    A default that is immutable, or an instance shared by name, is never part of a leak.
    """
    defaults = [row.name for row in DEFAULTS if row.judge != "never" or not leaking]
    tables: tuple[Sequence[Param | Place | Row], ...] = (PARAMS, PLACES, ROWS)
    return (*defaults, *(row.name for table in tables for row in table), *LAYOUTS, *IMPORTS)


@functools.cache
def fits(row: Row, kind: str, words: frozenset[str]) -> bool:
    """Whether a row can be used for a value of this kind at a place that has these words."""
    if not row.needs - {"name"} <= words:
        return False
    if "expression" in words and expression(row) is None:
        return False
    if kind == "frozen":
        text = "\n".join((row.body, row.method, row.base, *row.support))
        general = "list" in row.kinds and "object" in row.kinds
        return general and row.group not in ("change", "copy") and not _KIND_WORDS.search(text)
    return kind in row.kinds


@functools.cache
def usable(group: str, kind: str, words: frozenset[str]) -> dict[Row, float]:
    """The rows of a group that fit, with the weight to take them by: those that fit few programs
    come more often where they fit."""
    rows = (row for row in BY_GROUP[group] if fits(row, kind, words))
    return {row: 1 / max(_occasions(row), 1) for row in rows}


@functools.cache
def _occasions(row: Row) -> int:
    """How many pairs of a default and a place a row fits."""
    return sum(n for (kind, there), n in _situations().items() if fits(row, kind, there))


@functools.cache
def _situations() -> Counter[tuple[str, frozenset[str]]]:
    return Counter(
        (default.kind, words(place, default)) for default in DEFAULTS for place in PLACES
    )


def words(place: Place, default: Default) -> frozenset[str]:
    """What rows may need (see `rows.Row`) and this place and default give."""
    given = {*place.gives.split(), default.gives}
    if "expression" in given:
        given.add("plain")
    if default.filled and default.reach == "$v":
        given.add("filled")
    if not default.opaque:
        given.add("known")
    return frozenset(given)


@functools.cache
def expression(row: Row) -> str | None:
    """The row as a single expression template, if it can be one (for lambdas)."""
    body = row.body
    if "\n" in body or row.out or "name" in row.needs or _ANNOTATED.search(body):
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
