"""The only door to astroid: text to tree, without its manager's cache, transforms or inference.

`AstroidManager` is one cache for the whole process, shared with pylint and its plugins, and never
evicts; a module built through it under the name `json` would make `import json` mean ours. So the
tree is made by `TreeRebuilder` alone, which is not public API: this file and `rebuild.py` are the
ones to mend when it changes (tested on the lowest and the highest supported astroid).
"""

from __future__ import annotations

import ast
import gc
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from astroid import nodes

from .rebuild import rebuild
from .rebuild_own import Tree
from .source import Source, SourceError

TOO_DEEP = "<nested too deeply>"
"""The name that stands for a sub-expression nested more deeply than the tree can hold."""

_DEEPEST = 150
_ROOM = 6000


@contextmanager
def undisturbed() -> Iterator[None]:
    """Let one file be parsed and lowered: deep recursion, and no walks of the cyclic collector.

    Trees are recursive and a host such as pylint has used part of the recursion limit already.
    They also are a hundred thousand live objects in no time: the collector would walk them again
    and again to find nothing.
    """
    before = sys.getrecursionlimit()
    collects = gc.isenabled()
    sys.setrecursionlimit(max(before, _ROOM))
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()
        sys.setrecursionlimit(before)


def parse(source: Source) -> Tree:
    """The astroid tree of a file.

    Expressions nested more than about 150 deep are cut to a Name `TOO_DEEP` if the whole cannot be
    built. Raises SourceError (with a 1-based line) for text that Python cannot parse.
    """
    try:
        return rebuild(_parse(source.text))
    except RecursionError:
        tree = _parse(source.text)  # the first one is used up: start afresh
        _cut(tree)
    try:
        return rebuild(tree)
    except RecursionError:
        raise SourceError("is nested too deeply") from None


def parse_expression(text: str) -> nodes.NodeNG | None:
    """The tree of one expression, for annotations that are strings; None if it is not one."""
    try:
        module = rebuild(_parse(text.strip())).module
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
