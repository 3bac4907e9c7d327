"""Where a file's lines begin and end, and what of a line belongs to a statement."""

from __future__ import annotations

import re
from collections.abc import Sequence

import libcst

from ..engine.fixing_edits import Change
from ..engine.fixing_tree import File, Tree

_PRAGMA = re.compile(r"#\s*(type|pylint|mypy|pyright|pyre|ruff|flake8|fmt|isort|pragma)\b")
_BLANK = re.compile(r"[ \t\f]*")


def blank_before(file: File, offset: int) -> str:
    """The white space with which the line of an offset begins."""
    found = _BLANK.match(file.text, file.text.rfind("\n", 0, offset) + 1)
    assert found is not None
    return found[0]


def indentation(tree: Tree, node: libcst.CSTNode) -> str:
    """The white space before a statement."""
    blank = blank_before(tree.file, tree.start(node))
    return blank.rpartition("\f")[2]  # a form feed starts the line anew


def line_end(file: File, offset: int) -> int:
    """Where the line of an offset ends."""
    end = file.text.find("\n", offset)
    return len(file.text) if end < 0 else end


def below(file: File, offset: int, lines: str) -> Change:
    """Lines of their own below the line of an offset."""
    at = line_end(file, offset)
    return Change(at, at, f"\n{lines}")


def line_of(tree: Tree, statement: libcst.CSTNode) -> int:
    """Where the lines of a statement begin: its own comments belong to it, but for those that
    speak to tools and stand first."""
    text = tree.file.text
    decorators: Sequence[libcst.CSTNode] = getattr(statement, "decorators", ())
    first = min(tree.start(node) for node in (statement, *decorators))
    at = text.rfind("\n", 0, first) + 1
    above: list[int] = []
    place = at
    while place:
        start = text.rfind("\n", 0, place - 1) + 1
        line = text[start : place - 1].strip()
        if line and not line.startswith("#"):
            break
        above.append(start)
        place = start
    for start in reversed(above):
        line = text[start : text.find("\n", start)].strip()
        if line and not _PRAGMA.match(line):
            return start
    return at
