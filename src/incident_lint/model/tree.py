"""The only door to astroid: text to tree, without its manager's cache, transforms or inference.

`AstroidManager` is one cache for the whole process, shared with pylint and its plugins, and never
evicts; a module built through it under the name `json` would make `import json` mean ours. So the
tree is made by `TreeRebuilder` alone, which is not public API: this file is the one place to mend
when it changes (tested on the lowest and the highest supported astroid).
"""

from __future__ import annotations

import ast
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from astroid import nodes
from astroid.manager import AstroidManager
from astroid.rebuilder import TreeRebuilder

from .source import Source, SourceError

TOO_DEEP = "<nested too deeply>"
"""The name that stands for a sub-expression nested more deeply than the tree can hold."""

_DEEPEST = 150
_ROOM = 6000


@contextmanager
def deep_recursion() -> Iterator[None]:
    """Allow deeper Python recursion than a host leaves us, and restore its limit afterwards.

    Trees are recursive and a host such as pylint has used part of the limit already.
    """
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _ROOM))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def parse(source: Source) -> nodes.Module:
    """The astroid tree of a file; names of `from` imports are in their scope's `locals`.

    Expressions nested more than about 150 deep are cut to a Name `TOO_DEEP` if the whole cannot be
    built. Raises SourceError (with a 1-based line) for text that Python cannot parse.
    """
    tree = _parse(source.text)
    try:
        return _rebuild(tree)
    except RecursionError:
        tree = _parse(source.text)  # the rebuilder strips docstrings: start afresh
        _cut(tree)
    try:
        return _rebuild(tree)
    except RecursionError:
        raise SourceError("is nested too deeply") from None


def parse_expression(text: str) -> nodes.NodeNG | None:
    """The tree of one expression, for annotations that are strings; None if it is not one."""
    try:
        module = _rebuild(_parse(text.strip()))
    except (SourceError, RecursionError):
        return None
    if len(module.body) == 1 and isinstance(module.body[0], nodes.Expr):
        return module.body[0].value
    return None


def _parse(text: str) -> ast.Module:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # invalid escapes are another linter's business
            return ast.parse(text)
    except SyntaxError as error:
        raise SourceError(f"is not valid Python: {error.msg}", error.lineno or 1) from None
    except RecursionError:
        raise SourceError("is nested too deeply for Python's own parser") from None
    except (ValueError, MemoryError) as error:
        reason = str(error) or "Python's own parser ran out of memory"
        raise SourceError(f"cannot be parsed: {reason}") from None


def _rebuild(tree: ast.Module) -> nodes.Module:
    # Without `data` the rebuilder does not tokenize every definition to find its name.
    builder = TreeRebuilder(AstroidManager(), data=None)
    module = builder.visit_module(tree, "", "", False)
    for entry in builder._import_from_nodes:
        node: Any = entry[0] if isinstance(entry, tuple) else entry  # astroid 4 adds globals
        for name, alias in node.names:
            if name != "*":
                node.parent.set_local(alias or name, node)
    return module


def _cut(tree: ast.Module) -> None:
    """Replace expressions deeper than `_DEEPEST`, iteratively: recursion is what failed."""
    todo: list[tuple[ast.AST, int]] = [(tree, 0)]
    while todo:
        node, depth = todo.pop()
        for field, value in ast.iter_fields(node):
            children = value if isinstance(value, list) else [value]
            for index, child in enumerate(children):
                if not isinstance(child, ast.AST):
                    continue
                if depth > _DEEPEST and isinstance(child, ast.expr):
                    cut = ast.copy_location(ast.Name(TOO_DEEP, ast.Load()), child)
                    if isinstance(value, list):
                        value[index] = cut
                    else:
                        setattr(node, field, cut)
                else:
                    todo.append((child, depth + 1 if isinstance(child, ast.expr) else depth))
