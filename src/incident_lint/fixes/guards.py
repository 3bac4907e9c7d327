"""`if x is None: x = ...` as the first thing that a function does."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

import libcst

from ..engine.fixing_edits import Change
from ..engine.fixing_tree import Tree
from .lines import below, blank_before, indentation, line_of


def guard(tree: Tree, function: libcst.FunctionDef, param: libcst.Param) -> tuple[Change, ...]:
    """The changes that put the guard of a parameter into a function's body: after the docstring
    and the guards of parameters before it."""
    name = param.name.value
    before = _before(function, name)
    body = function.body
    if isinstance(body, libcst.SimpleStatementSuite):
        return _in_one_line(tree, function, body, param)
    assert isinstance(body, libcst.IndentedBlock)
    first = body.body[0]
    indent = indentation(tree, first)
    unit = indent.removeprefix(indentation(tree, function)) or tree.file.indent
    lines = _lines(tree, param, indent, unit)
    rest = list(body.body)
    if _is_docstring(first):
        assert isinstance(first, libcst.SimpleStatementLine)
        if len(first.body) > 1:
            return _after_docstring(tree, first.body, indent, lines)
        rest.pop(0)
    while rest:
        other, value = _guarded(tree, rest[0])
        if other == name and param.default is not None and value == tree.code(param.default):
            return ()  # it is there already
        if other not in before or re.search(rf"\b{name}\b", value):
            break
        rest.pop(0)
    if rest:
        at = line_of(tree, rest[0])
        added = Change(at, at, f"{lines}\n")
        if isinstance(rest[0], (libcst.FunctionDef, libcst.ClassDef)):
            # The first blank goes along, so that what others insert here stands before it, too.
            return (added, Change(at, at + 1, f"\n{tree.file.text[at]}"))
        return (added,)
    return (below(tree.file, tree.end(body.body[-1]), lines),)


def _in_one_line(
    tree: Tree,
    function: libcst.FunctionDef,
    body: libcst.SimpleStatementSuite,
    param: libcst.Param,
) -> tuple[Change, ...]:
    """`def f(x=[]): return x` becomes a block."""
    outer = indentation(tree, function)
    indent = outer + tree.file.indent
    if outer and not outer.strip("\t"):
        indent = outer + "\t"
    start = tree.start(body.body[0])
    colon = start - len(tree.root.code_for_node(body.leading_whitespace))
    # The first character goes along, so that what others insert at the colon stands before it.
    opened = Change(colon, start + 1, f"\n{indent}{tree.file.text[start]}")
    lines = _lines(tree, param, indent, indent.removeprefix(outer))
    if _is_docstring(body):
        return (opened, *_after_docstring(tree, body.body, indent, lines))
    return (Change(colon, colon, f"\n{lines}"), opened)


def _after_docstring(
    tree: Tree, statements: Sequence[libcst.BaseSmallStatement], indent: str, lines: str
) -> tuple[Change, ...]:
    """A docstring with other statements, if any, on its line."""
    end = tree.end(statements[0])
    added = Change(end, end, f"\n{lines}")
    if len(statements) == 1:
        return (added,)
    start = tree.start(statements[1])
    return (added, Change(end, start + 1, f"\n{indent}{tree.file.text[start]}"))


def _lines(tree: Tree, param: libcst.Param, indent: str, unit: str) -> str:
    """The guard's two lines (more, if the default has more), without the last line end."""
    name = param.name.value
    assert param.default is not None
    assignment = f"{indent}{unit}{name} = "
    value = _moved(tree, param.default, assignment, indent + unit)
    return f"{indent}if {name} is None:\n{assignment}{value}"


def _moved(tree: Tree, default: libcst.BaseExpression, before: str, indent: str) -> str:
    """The text of a default, its further lines indented as they were to its first one."""
    text = tree.code(default)
    if "\n" not in text:
        return text
    if not _is_enclosed(text):
        text = f"({text})"
    lines = text.split("\n")
    if any("\n" in tree.root.code_for_node(string) for string in _strings(default)):
        return text
    start, _ = tree.outer(default)
    line_start = tree.file.text.rfind("\n", 0, start) + 1
    own = blank_before(tree.file, start)
    if re.search(r"[\[({]\s*(#.*)?$", lines[0]):  # what follows hangs below the line's start
        if all(line.startswith(own) for line in lines[1:] if line.strip()):
            return "\n".join([lines[0], *(_shift(line, own, indent) for line in lines[1:])])
        return text
    wider = len(before) - (start - line_start)
    old = " " * max(-wider, 0)
    if all(line.startswith(old) for line in lines[1:] if line.strip()):
        new = " " * max(wider, 0)
        return "\n".join([lines[0], *(_shift(line, old, new) for line in lines[1:])])
    return text


def _shift(line: str, old: str, new: str) -> str:
    return new + line.removeprefix(old) if line.strip() else line


def _is_enclosed(text: str) -> bool:
    """Whether a text of several lines is one statement as it is."""
    try:
        return len(ast.parse(text).body) == 1
    except SyntaxError:
        return False


def _strings(node: libcst.CSTNode) -> list[libcst.CSTNode]:
    """The strings in an expression."""
    found: list[libcst.CSTNode] = []
    todo = [node]
    while todo:
        one = todo.pop()
        if isinstance(one, (libcst.SimpleString, libcst.FormattedString)):
            found.append(one)
        else:
            todo += one.children
    return found


def _before(function: libcst.FunctionDef, name: str) -> frozenset[str]:
    """The parameters that stand before one."""
    params = function.params
    every = [*params.posonly_params, *params.params, *params.kwonly_params]
    names = [one.name.value for one in every]
    return frozenset(names[: names.index(name)])


def _guarded(tree: Tree, node: libcst.BaseStatement) -> tuple[str, str]:
    """The name and value of `if name is None: name = value`; "" for any other statement."""
    nothing = ("", "")
    if not isinstance(node, libcst.If) or node.orelse is not None or len(node.body.body) != 1:
        return nothing
    line = node.body.body[0]
    small = line.body[0] if isinstance(line, libcst.SimpleStatementLine) else line
    if not isinstance(small, libcst.Assign) or len(small.targets) != 1:
        return nothing
    name = tree.root.code_for_node(small.targets[0].target)
    if tree.root.code_for_node(node.test) != f"{name} is None":
        return nothing
    return name, tree.code(small.value)


def _is_docstring(node: libcst.CSTNode) -> bool:
    """Whether a statement line (or a body on the `def`'s line) begins with a string."""
    if not isinstance(node, (libcst.SimpleStatementLine, libcst.SimpleStatementSuite)):
        return False
    first = node.body[0]
    return isinstance(first, libcst.Expr) and isinstance(
        first.value, (libcst.SimpleString, libcst.ConcatenatedString)
    )
