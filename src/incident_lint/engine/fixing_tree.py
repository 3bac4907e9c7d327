"""What a rewriter works on: a file's text, and the libcst tree of the statement to be mended.

Only the statements that hold a finding are parsed: libcst takes a millisecond for a line, as it
knows the places of its nodes only after writing them all out once more.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import TypeAlias, TypeVar

import libcst
from libcst.metadata import CodeRange, MetadataWrapper, ParentNodeProvider, PositionProvider

from ..model.source import Source, Span
from .finding import Finding
from .fixing_edits import Change

Node = TypeVar("Node", bound=libcst.CSTNode)

_Group: TypeAlias = tuple[int, int, list[ast.stmt]]
"""The first line, the last line, and the statements that share these."""

_LARGEST = 1_000_000
_DEEPEST = 120
_OTHER_ENDS = re.compile(r"\r\n?")


class Unfixable(Exception):
    """A file or statement that cannot be parsed, or costs too much to parse."""


class File:
    """A whole file. Lines of `text` end with a line feed alone, which libcst wants and which
    leaves lines and columns as they are; offsets are indices into `text`. `python` is the lowest
    version that it must run on.

    Raises Unfixable for a file that is too large or no Python.
    """

    def __init__(self, source: Source, python: tuple[int, int]) -> None:
        if len(source.text) > _LARGEST:
            raise Unfixable
        self._source = Source(source.path, _OTHER_ENDS.sub("\n", source.text))
        self.text = self._source.text
        self.python = python
        try:
            self.module = ast.parse(self.text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            raise Unfixable from None
        self._trees: dict[int, Tree | None] = {}

    def offset(self, line: int, column: int) -> int:
        """The offset of a place given as 1-based line and column."""
        return self._source.offset(line, column)

    def span(self, start: int, end: int) -> Span:
        """The range between two offsets."""
        return Span(*self._source.place(start), *self._source.place(end))

    def byte_offset(self, line: int, byte_column: int) -> int:
        """The offset of a place as `ast` gives it: 1-based line, 0-based UTF-8 byte."""
        return self.offset(line, self._source.column(line, byte_column))

    def start(self, node: ast.stmt | ast.expr | ast.alias) -> int:
        """Where a node of `module` begins; a decorated definition: at its `def` or `class`."""
        return self.byte_offset(node.lineno, node.col_offset)

    def end(self, node: ast.stmt | ast.expr | ast.alias) -> int:
        """Where a node of `module` ends."""
        assert node.end_lineno is not None and node.end_col_offset is not None
        return self.byte_offset(node.end_lineno, node.end_col_offset)

    @cached_property
    def indent(self) -> str:
        """By what the file's first block is indented."""
        for statement in ast.walk(self.module):
            for body in _bodies(statement):
                blank = self._before(body[0])
                if blank.isspace():
                    return blank.rpartition("\f")[2]
        return "    "

    def tree(self, span: Span) -> Tree | None:
        """The tree of the innermost statement around a span; None if libcst cannot parse it."""
        group = self._innermost(span.line)
        if group is None:
            return None
        first, last, statements = group
        if first not in self._trees:
            self._trees[first] = self._parsed(first, last, statements)
        return self._trees[first]

    def _innermost(self, line: int) -> _Group | None:
        """The smallest group of statements with whole lines that has a line in a header of it."""
        found = None
        bodies: list[list[ast.stmt]] = [self.module.body]
        while bodies:
            group = next((g for g in _groups(bodies.pop()) if g[0] <= line <= g[1]), None)
            if group is None:
                continue
            if not self._before(group[2][0]).strip():
                found = group
            bodies = [body for statement in group[2] for body in _bodies(statement)]
        return found

    def _before(self, statement: ast.stmt) -> str:
        """What stands before a statement, or its first decorator, on its line."""
        nodes: list[ast.stmt | ast.expr] = [*getattr(statement, "decorator_list", ()), statement]
        first = min(self.start(node) for node in nodes)
        start = self.offset(_first_line(statement), 1)
        return self.text[start:first].partition("@")[0]

    def _parsed(self, first: int, last: int, statements: list[ast.stmt]) -> Tree | None:
        if any(_depth(statement) > _DEEPEST for statement in statements):
            return None
        lines = self._source.lines[first - 1 : last]
        if lines[0][:1].isspace():
            lines, first = ["if True:", *lines], first - 1
        text = "\n".join([*lines, ""])
        try:
            module = libcst.parse_module(text)
            return Tree(self, module, first) if module.code == text else None
        except (libcst.ParserSyntaxError, libcst.CSTValidationError, RecursionError):
            return None


class Tree:
    """The libcst tree of one piece of a file; all offsets are into the whole file's text.

    A node begins and ends where its own parentheses do not: `outer` has them too.
    """

    def __init__(self, file: File, module: libcst.Module, first_line: int) -> None:
        self.file = file
        self.root = module
        self._first_line = first_line
        wrapper = MetadataWrapper(module, unsafe_skip_copy=True)
        self._places = wrapper.resolve(PositionProvider)
        self._parents = wrapper.resolve(ParentNodeProvider)

    def all(self, kind: type[Node]) -> Iterator[Node]:
        """Every node of a kind, in order of the text."""
        return (node for node in self._places if isinstance(node, kind))

    def parent(self, node: libcst.CSTNode) -> libcst.CSTNode | None:
        """What directly holds a node."""
        return self._parents.get(node)

    def line(self, node: libcst.CSTNode) -> int:
        """The 1-based line on which a node begins."""
        return self._place(node).start.line + self._first_line - 1

    def start(self, node: libcst.CSTNode) -> int:
        """Where a node begins."""
        return self.file.offset(self.line(node), self._place(node).start.column + 1)

    def end(self, node: libcst.CSTNode) -> int:
        """Where a node ends."""
        place = self._place(node).end
        return self.file.offset(place.line + self._first_line - 1, place.column + 1)

    def outer(self, node: libcst.BaseExpression) -> tuple[int, int]:
        """Where an expression begins and ends with the parentheses around it."""
        before = "".join(self.root.code_for_node(one) for one in node.lpar)
        after = "".join(self.root.code_for_node(one) for one in node.rpar)
        return self.start(node) - len(before), self.end(node) + len(after)

    def code(self, node: libcst.BaseExpression) -> str:
        """The text of an expression, with the parentheses around it."""
        start, end = self.outer(node)
        return self.file.text[start:end]

    def is_at(self, node: libcst.BaseExpression, span: Span) -> bool:
        """Whether this expression, with or without its parentheses, is what a span names."""
        start, end = self.file.offset(*span[:2]), self.file.offset(*span[2:])
        first, last = self.outer(node)
        return first <= start <= self.start(node) and self.end(node) <= end <= last

    def holds(self, node: libcst.BaseExpression, span: Span) -> bool:
        """Whether this expression, with its parentheses, has a span in it."""
        first, last = self.outer(node)
        return first <= self.file.offset(*span[:2]) and self.file.offset(*span[2:]) <= last

    def expression_at(self, span: Span) -> libcst.BaseExpression | None:
        """The expression that a span names."""
        first = span.line - self._first_line + 1
        last = span.end_line - self._first_line + 1
        for node, place in self._places.items():
            if isinstance(node, libcst.BaseExpression) and first <= place.start.line:
                if place.end.line <= last and self.is_at(node, span):
                    return node
        return None

    def _place(self, node: libcst.CSTNode) -> CodeRange:
        return self._places[node]


Rewriter: TypeAlias = Callable[[Tree, Finding], tuple[Change, ...]]
"""From a finding to the changes that end it; () where it does not fit."""


def _first_line(statement: ast.stmt) -> int:
    """Where a statement's lines begin: with its decorators."""
    lines = [decorator.lineno for decorator in getattr(statement, "decorator_list", ())]
    return int(min([statement.lineno, *lines]))


def _groups(body: list[ast.stmt]) -> list[_Group]:
    """The statements of a body: all that share a line stand together."""
    groups: list[_Group] = []
    for statement in body:
        first, last = _first_line(statement), statement.end_lineno or statement.lineno
        if groups and groups[-1][1] >= first:
            start, end, before = groups.pop()
            groups.append((start, max(end, last), [*before, statement]))
        else:
            groups.append((first, last, [statement]))
    return groups


def _bodies(node: ast.AST) -> list[list[ast.stmt]]:
    """The statement lists directly in a statement."""
    found: list[list[ast.stmt]] = []
    for name in ("body", "orelse", "finalbody"):
        body = getattr(node, name, None)
        if isinstance(body, list) and body:
            found.append(body)
    for part in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
        found.append(part.body)
    return found


def _depth(statement: ast.stmt) -> int:
    """How deep nodes are nested in a statement; the walk itself must not recurse."""
    deepest = 0
    todo: list[tuple[ast.AST, int]] = [(statement, 1)]
    while todo:
        node, depth = todo.pop()
        deepest = max(deepest, depth)
        todo += [(child, depth + 1) for child in ast.iter_child_nodes(node)]
    return deepest
