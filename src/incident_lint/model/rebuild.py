"""astroid's tree in half of astroid's time.

Most nodes are made by us (`rebuild_quick`). Should an astroid make them otherwise, its own methods
are used instead: both are tried on a sample, once per process.
"""

from __future__ import annotations

import ast
from functools import lru_cache
from typing import Any

from astroid import nodes

from .rebuild_own import Own, Tree
from .rebuild_quick import Quick

_SAMPLE = """
a, b.c = d[e] = f(g + h, i=1)
if (j := 'k').l < m != n: pass
else: del a
def o(p: q = r): return p
[s for s in t]
"""


def rebuild(tree: ast.Module) -> Tree:
    """The astroid tree of an `ast` tree, which is used up.

    Raises RecursionError if it is nested too deeply.
    """
    return (Quick if _agree() else Own)().module(tree)


@lru_cache(maxsize=1)
def _agree() -> bool:
    """Do both rebuilders make the same tree of a sample? False also if ours cannot at all."""
    try:
        quick, own = (kind().module(ast.parse(_SAMPLE)).module for kind in (Quick, Own))
        return same(quick, own)
    except Exception:
        return False


def same(left: Any, right: Any) -> bool:
    """Have two trees the same nodes with the same fields? Parents are not followed, and the lines
    of `Arguments`, which astroid gives them since 4 and nobody here reads, not compared."""
    if type(left) is not type(right):
        return False
    if isinstance(left, nodes.NodeNG):
        if vars(left).keys() != vars(right).keys():
            return False
        no_lines = isinstance(left, nodes.Arguments)
        skip = ("parent", "lineno", "end_lineno") if no_lines else ("parent",)
        return all(same(vars(left)[key], vars(right)[key]) for key in vars(left) if key not in skip)
    if isinstance(left, dict):
        return bool(left.keys() == right.keys())
    if isinstance(left, (list, tuple)):
        return len(left) == len(right) and all(same(a, b) for a, b in zip(left, right, strict=True))
    return bool(left == right)
