"""Where an argument of a call is written: facts know where values are made, which for a variable
is elsewhere. Asked for findings only, of the text of the call itself."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from ..model.source import Source, Span


def argument(source: Source, call: Span, position: int, way: Sequence[str] = ()) -> Span:
    """Where argument `position` of a call (from 0, positional ones first, as in facts) is written,
    or what lies in it: `way` are the constant keys and numbers that lead to it. As much as can be
    found; at least the call."""
    text = source.text[source.offset(*call[:2]) : source.offset(*call[2:])]
    try:
        node = ast.parse(f"({text}\n)", mode="eval").body
    except (SyntaxError, ValueError, RecursionError):
        return call
    while isinstance(node, ast.Await):
        node = node.value
    if not isinstance(node, ast.Call):
        return call
    given = [*node.args, *(keyword.value for keyword in node.keywords)]
    if position >= len(given):
        return call
    found = _inside(given[position], way)
    inner = Source("", text)
    line, end = found.lineno, found.end_lineno or found.lineno
    start = _place(inner, call, line, found.col_offset)
    return Span(*start, *_place(inner, call, end, found.end_col_offset or 0))


def _inside(node: ast.expr, way: Sequence[str]) -> ast.expr:
    for step in way:
        if isinstance(node, ast.Starred):
            node = node.value
        found: ast.expr | None = None
        if isinstance(node, ast.Dict):
            pairs = zip(node.keys, node.values, strict=True)
            found = next((v for k, v in pairs if k is not None and _is(k, step)), None)
        elif isinstance(node, (ast.List, ast.Tuple, ast.Set)) and step.isdigit():
            found = node.elts[int(step)] if int(step) < len(node.elts) else None
        elif isinstance(node, ast.Call):  # dict(path=path)
            found = next((k.value for k in node.keywords if k.arg == step), None)
        if found is None:
            break
        node = found
    return node.value if isinstance(node, ast.Starred) else node


def _is(key: ast.expr, text: str) -> bool:
    return isinstance(key, ast.Constant) and key.value == text


def _place(inner: Source, call: Span, line: int, byte_offset: int) -> tuple[int, int]:
    """A place in the call's text, in brackets, as one of the file."""
    if line == 1:
        return call.line, call.column - 1 + inner.column(1, byte_offset - 1)
    return call.line + line - 1, inner.column(line, byte_offset)


def name_before(source: Source, value: Span) -> str:
    """The variable to which a value is assigned where it is written: `name = value`; "": none."""
    start = source.offset(value.line, value.column)
    found = _ASSIGNED.search(source.text[max(start - _NEAR, 0) : start])
    return found[1] if found else ""


def name_at(source: Source, value: Span) -> str:
    """The variable with whose name an expression begins; "": it begins otherwise."""
    start = source.offset(value.line, value.column)
    found = _NAME.match(source.text, start)
    return found[0] if found else ""


def target_before(source: Source, iterated: Span) -> list[str]:
    """The names of a loop's variables, by where the value is written that it goes over."""
    start = source.offset(iterated.line, iterated.column)
    found = _TARGET.search(source.text[max(start - _NEAR, 0) : start])
    return re.findall(r"[^\W\d]\w*", found[1]) if found else []


_NEAR = 200
_NAME = re.compile(r"[^\W\d]\w*")
_ASSIGNED = re.compile(r"([^\W\d]\w*)\s*(?::[^=\n]+)?(?::|\+|\|)?=\s*\(?\s*(?:await\s+)?$")
_TARGET = re.compile(r"\bfor\s+([^:;]+?)\s+in\s+\(?\s*$")
