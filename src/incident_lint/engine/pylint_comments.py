"""pylint's inline comments, read without pylint: which codes does a comment hide on which lines?

The reach of a comment is a matter of blocks: one that opens a block holds for the block and its
header, a later one from its own line to the end of the block, one on a line of code for what
starts or ends there. The rules were learned from the behaviour of pylint 4.1; a test compares
both on generated programs.
"""

from __future__ import annotations

import ast
import re
import tokenize
import warnings
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

_PRAGMA = re.compile(r"#[^#]*?\bpylint:\s*([^;#\n]+)")
_ACTION = re.compile(
    r"\b(?P<skip>skip-file|disable-all)\b"
    r"|\b(?P<verb>disable-next|disable|enable)(?:-msg)?\s*=\s*"
    r"(?P<names>[\w-]+(?:\s*,\s*[\w-]+)*)"
)

_Definition = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_Scope = (ast.Module, *_Definition)
_Group = (ast.arguments, ast.comprehension, ast.match_case)
_Placed = (ast.stmt, ast.expr, ast.excepthandler, ast.keyword, ast.pattern, *_Group)
_Try: tuple[type[ast.AST], ...] = (
    (ast.Try, getattr(ast, "TryStar")) if hasattr(ast, "TryStar") else (ast.Try,)  # noqa: B009
)
_WithElse: tuple[type[ast.AST], ...] = (ast.For, ast.AsyncFor, ast.While, ast.If, *_Try)


class _Pragma(NamedTuple):
    line: int
    enable: bool
    names: frozenset[str]
    one_line: bool


class PylintComments:
    """The pylint comments of one file; `skip_file` says that the whole file is left alone."""

    def __init__(self, skip_file: bool, pragmas: Sequence[_Pragma], tree: ast.Module) -> None:
        self.skip_file = skip_file
        self._pragmas = pragmas
        self._tree = tree
        self._states: dict[frozenset[str], dict[int, bool]] = {}

    def hides(self, names: frozenset[str], line: int) -> bool:
        """Whether a message that goes by any of `names` (in lower case) is switched off on a
        1-based line."""
        if self.skip_file:
            return True
        if names not in self._states:
            self._states[names] = self._state(names)
        return not self._states[names].get(line, True)

    def _state(self, names: frozenset[str]) -> dict[int, bool]:
        """Line -> switched on?, for the lines that any comment speaks about."""
        state: dict[int, bool] = {}
        for pragma in self._pragmas:
            if not names & pragma.names:
                continue
            if pragma.one_line:
                state[pragma.line] = pragma.enable
                continue
            node = _innermost(self._tree, pragma.line)
            if node is not None:
                _spread(state, node, pragma.line, pragma.enable)
        return state


def read(text: str, tokens: Iterable[tokenize.TokenInfo]) -> PylintComments | None:
    """The pylint comments among `tokens` of `text`; None if there are none, or no tree."""
    pragmas: list[_Pragma] = []
    skip_file = False
    for line, comment in _comments(tokens):
        match = _PRAGMA.search(comment)
        for action in _ACTION.finditer(match[1]) if match else ():
            names = frozenset(re.findall(r"[\w-]+", (action["names"] or "").lower()))
            verb = action["verb"]
            if action["skip"] or (verb == "disable" and "all" in names):
                skip_file = True
            elif verb == "disable-next":
                pragmas.append(_Pragma(line + 1, False, names, True))
            else:
                pragmas.append(_Pragma(line, verb == "enable", names, False))
    if skip_file:
        return PylintComments(True, (), ast.Module([], []))
    if not pragmas:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return PylintComments(False, pragmas, ast.parse(text))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _comments(tokens: Iterable[tokenize.TokenInfo]) -> Iterator[tuple[int, str]]:
    """(line, text) of each comment; one after a backslash belongs to the line before."""
    previous = 0
    ended = ends = True
    for token in tokens:
        line = token.start[0]
        if previous and previous != line:
            ended, ends = ends, False
        previous = line
        if token.type in (tokenize.NL, tokenize.NEWLINE):
            ends = True
        elif token.type == tokenize.COMMENT and "pylint:" in token.string:
            yield (line if ended else line - 1), token.string


def _extent(node: ast.AST) -> tuple[int, int]:
    """First and last line; a decorated function starts at its `def`, the module at line 0."""
    if isinstance(node, ast.Module):
        return 0, max((_extent(child)[1] for child in node.body[-1:]), default=0)
    if isinstance(node, ast.arg):
        return node.lineno, node.lineno
    if isinstance(node, _Group):
        extents = [_extent(child) for child in _parts(node)]
        return min((e[0] for e in extents), default=-1), max((e[1] for e in extents), default=-1)
    assert isinstance(node, (ast.stmt, ast.expr, ast.excepthandler, ast.keyword, ast.pattern))
    first, last = node.lineno, node.end_lineno or node.lineno
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.decorator_list:
        lines = (_extent(decorator) for decorator in node.decorator_list)
        first = node.decorator_list[0].lineno + sum(end - start + 1 for start, end in lines)
    return first, last


def _body(node: ast.AST) -> list[ast.stmt]:
    """The statements of a block without a docstring."""
    body: list[ast.stmt] = getattr(node, "body", [])
    if isinstance(node, _Scope) and ast.get_docstring(node, clean=False) is not None:
        return body[1:]
    return body


def _parts(node: ast.AST) -> Iterator[ast.AST]:
    """The parts of a node without a line of its own, which its extent is made of."""
    if isinstance(node, ast.arguments):
        given = [*node.posonlyargs, *node.args, *node.kwonlyargs]
        given += filter(None, (node.vararg, node.kwarg))
        yield from given
        yield from node.defaults
        yield from filter(None, node.kw_defaults)
        yield from filter(None, (parameter.annotation for parameter in given))
    else:
        yield from ast.iter_child_nodes(node)


def _children(node: ast.AST) -> Iterator[ast.AST]:
    """The parts of a node that have lines of their own, in the order in which they are asked."""
    if isinstance(node, (ast.comprehension, ast.match_case)):
        return  # pylint asks no deeper where a node has no line of its own
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            yield from (value,) if key is None else (key, value)
    elif isinstance(node, _Definition):
        yield from node.decorator_list
        if isinstance(node, ast.ClassDef):
            yield from (*node.bases, *node.keywords)
        else:
            yield from (node.args, *filter(None, (node.returns,)))
        yield from _body(node)
    elif isinstance(node, ast.Module):
        yield from _body(node)
    elif isinstance(node, ast.ExceptHandler) and node.name:
        yield from filter(None, (node.type,))
        # astroid places the name on the whole handler, so no statement below it is ever asked
        yield ast.copy_location(ast.Name(node.name, ast.Store()), node)
    elif isinstance(node, ast.arguments):
        yield from _parts(node)
    else:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.withitem):
                yield from filter(None, (child.context_expr, child.optional_vars))
            elif isinstance(child, _Placed):
                yield child


def _innermost(tree: ast.Module, line: int) -> ast.AST | None:
    """The first node, children before parents, whose lines hold `line` (with its own stack:
    an expression may be deeper than Python's)."""
    way: list[tuple[ast.AST, Iterator[ast.AST]]] = []
    if line <= _extent(tree)[1]:
        way.append((tree, _children(tree)))
    while way:
        node, rest = way[-1]
        inner = next((child for child in rest if _holds(child, line)), None)
        if inner is not None:
            way.append((inner, _children(inner)))
            continue
        way.pop()
        if _extent(node)[0] <= line:
            return node
    return None


def _holds(node: ast.AST, line: int) -> bool:
    """Whether a node, its decorators included, has text on a line."""
    first, last = _extent(node)
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min((d.lineno for d in decorators), default=first) <= line <= last


def _spread(state: dict[int, bool], node: ast.AST, line: int, enable: bool) -> None:
    """Write what a comment on `line`, innermost in `node`, says about the lines around it."""
    first, last = _extent(node)
    body = _body(node)
    opens = _extent(body[0])[0] if isinstance(node, _Scope) and body else last
    value = True if line > opens else enable
    start, end = _reach(node, line)
    inner_first = first if isinstance(node, ast.Module) else first + 1
    for at in range(start, end + 1):
        if at == line:
            value = enable
        elif inner_first <= at < line and at in state:
            continue
        state[at] = value


def _reach(node: ast.AST, line: int) -> tuple[int, int]:
    """The lines that a comment on `line` speaks about, if `node` is the innermost around it."""
    first, last = _extent(node)
    if isinstance(node, _Scope):
        return first, last
    if not isinstance(node, _WithElse):
        return line, last
    for handler in getattr(node, "handlers", ()):
        if handler.type and line == handler.type.lineno:
            return line, _extent(handler)[1]
        if handler.body[0].lineno <= line <= _extent(handler.body[-1])[1]:
            return line, _extent(handler.body[-1])[1]
    final = getattr(node, "finalbody", ())
    if final and _extent(final[0])[0] - 1 == line:
        return line, _extent(final[0])[1]
    if final and _extent(final[0])[0] <= line <= _extent(final[-1])[1]:
        return line, _extent(final[-1])[1]
    body = _body(node)
    opens, closes = _extent(body[0])[0], _extent(body[-1])[1]
    if line == opens:
        return line, line
    if line <= closes:
        return line, closes
    return line, _else_end(node, line, opens - 1)


def _else_end(node: ast.AST, line: int, otherwise: int) -> int:
    """Where a comment beyond the body of a block with `else` stops to hold."""
    last = _extent(node)[1]
    closes = _extent(_body(node)[-1])[1]
    orelse: list[ast.stmt] = getattr(node, "orelse", [])
    if line == last:
        return line
    if not orelse:
        return otherwise
    if line <= closes:
        return closes
    if isinstance(orelse[0], _WithElse):
        return _else_end(orelse[0], line, _extent(orelse[0])[1])
    return _extent(orelse[-1])[1]
