"""Annotations of a parameter whose default becomes `None`."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple, TypeAlias

import libcst

from ..engine.fixing_edits import Change
from ..engine.fixing_tree import File, Tree
from .imports import spelling
from .scopes import Place, Scopes, parsed

_HOLDS_NONE = frozenset({"None", "Any", "object", "Optional"})
_OPERANDS = (ast.Name, ast.Attribute, ast.Subscript)
_SMALL_CLASSES = frozenset({"deque", "defaultdict", "ndarray", "date", "datetime", "timedelta"})


Names: TypeAlias = Mapping[str, str]
"""What names of imports are called where they come from, if that is something else."""


class Style(NamedTuple):
    """How a file writes annotations. `optional`: `Optional[X]` more often than `X | None`; `lazy`:
    only type checkers evaluate them."""

    optional: bool
    lazy: bool
    names: Names


def optional(
    tree: Tree, scopes: Scopes, annotation: libcst.Annotation
) -> tuple[Change, ...] | None:
    """The changes after which an annotation admits `None`; None: nobody can tell how."""
    node = annotation.annotation
    while _is_annotated(node):
        assert isinstance(node, libcst.Subscript)
        first = node.slice[0].slice
        if not isinstance(first, libcst.Index):
            return None
        node = first.value
    start, end = tree.outer(node)
    style = _style(tree.file)
    if isinstance(node, libcst.SimpleString):
        quote = len(node.prefix) + len(node.quote)
        start, end = tree.start(node) + quote, tree.end(node) - len(node.quote)
        style = style._replace(lazy=True)
    text = tree.file.text[start:end]
    expression = parsed(text)
    if expression is None or (style.lazy and "\\" in text):
        return None
    if _admits_none(expression, style.names):
        return ()
    if not isinstance(expression, (*_OPERANDS, ast.BinOp)):
        return () if not isinstance(expression, ast.Constant) else None
    before = tree.start(annotation)
    can_bar = style.lazy or tree.file.python >= (3, 10)
    if can_bar and not style.optional:
        if style.lazy or _knows_bar(scopes, scopes.around(before), expression):
            return (Change(end, end, " | None"),)
    found = spelling(tree.file, scopes, "typing", "Optional", before, style.lazy)
    if found is None:
        return None
    around = (Change(start, start, f"{found.text}["), Change(end, end, "]"))
    return (*around, *found.changes)


def _is_annotated(node: libcst.BaseExpression) -> bool:
    if not isinstance(node, libcst.Subscript):
        return False
    name = node.value.attr if isinstance(node.value, libcst.Attribute) else node.value
    return isinstance(name, libcst.Name) and name.value == "Annotated"


def _admits_none(node: ast.expr, names: Names) -> bool:
    """Whether `None` is among what an annotation names."""
    if isinstance(node, ast.Constant):
        inner = parsed(node.value) if isinstance(node.value, str) else None
        return node.value is None or (inner is not None and _admits_none(inner, names))
    if isinstance(node, ast.BinOp):
        return _admits_none(node.left, names) or _admits_none(node.right, names)
    if isinstance(node, ast.Subscript):
        if _last_name(node.value, names) == "Union":
            parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
            return any(_admits_none(part, names) for part in parts)
        return _last_name(node.value, names) == "Optional"
    return _last_name(node, names) in _HOLDS_NONE


def _last_name(node: ast.expr, names: Names) -> str:
    """The last part of a dotted name, as it is called where it was imported from."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return names.get(node.id, node.id) if isinstance(node, ast.Name) else ""


@lru_cache(maxsize=1)
def _style(file: File) -> Style:
    """What a file's annotations look like."""
    bars = optionals = 0
    lazy = False
    names: dict[str, str] = {}
    for node in ast.walk(file.module):
        if isinstance(node, ast.ImportFrom):
            names.update({alias.asname: alias.name for alias in node.names if alias.asname})
            lazy |= node.module == "__future__" and "annotations" in {a.name for a in node.names}
    for node in ast.walk(file.module):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            sides = (node.left, node.right)
            bars += any(isinstance(one, ast.Constant) and one.value is None for one in sides)
        elif isinstance(node, ast.Subscript):
            optionals += _last_name(node.value, names) == "Optional"
    return Style(optionals > bars, lazy, names)


def _knows_bar(scopes: Scopes, place: Place, node: ast.expr) -> bool:
    """Whether something surely is a type, so that `|` can be applied to it."""
    if isinstance(node, ast.BinOp):
        return any(_knows_bar(scopes, place, side) for side in (node.left, node.right))
    if isinstance(node, ast.Subscript):
        return _knows_bar(scopes, place, node.value)
    root = node
    while isinstance(root, ast.Attribute):
        root = root.value
    if not isinstance(root, ast.Name):
        return False
    if isinstance(getattr(builtins, root.id, None), type) and node is root:
        return not scopes.sees(root.id, place)
    named = _last_name(node, {})
    return scopes.is_one_definition(root.id) and (named[:1].isupper() or named in _SMALL_CLASSES)
