"""INC201 to INC205: a failure that a call hides in its result raises, in the library's own way."""

from __future__ import annotations

import libcst

from ..engine.finding import Finding
from ..engine.fixing_edits import Change
from ..engine.fixing_tree import Tree
from .lines import below, blank_before, indentation, line_end, line_of

_FLAGS = frozenset({"True", "False"})


def raising_method(tree: Tree, finding: Finding) -> tuple[Change, ...]:
    """Call a method of the result: in a line of its own, or at once where nobody has the result."""
    result, method = _result(tree, finding)
    if result is None:
        return ()
    return _by_name(tree, result, method) or (
        _called(tree, result, method) if _is_dropped(tree, result) else ()
    )


def chained_method(tree: Tree, finding: Finding) -> tuple[Change, ...]:
    """The same for a method that gives the result back, so that it can stand anywhere."""
    result, method = _result(tree, finding)
    if result is None:
        return ()
    return _by_name(tree, result, method) or _called(tree, result, method)


def raising_argument(tree: Tree, finding: Finding) -> tuple[Change, ...]:
    """Give the call an argument that makes it raise, or give it the other value."""
    call = tree.expression_at(finding.span)
    if not isinstance(call, libcst.Call) or finding.cure is None:
        return ()
    name, _, value = finding.cure.text.partition("=")
    for argument in call.args:
        if argument.keyword is not None and argument.keyword.value == name:
            old = argument.value
            written = isinstance(old, libcst.Name) and old.value in _FLAGS
            return (Change(*tree.outer(old), value),) if written else ()
    if any(argument.star == "**" for argument in call.args):
        return ()  # it may be among these, and nothing may be given twice
    return _added(tree, call, finding.cure.text)


def _result(tree: Tree, finding: Finding) -> tuple[libcst.BaseExpression | None, str]:
    """The expression that gives the result: the call, awaited if it is; and what to call on it."""
    call = tree.expression_at(finding.span)
    if not isinstance(call, libcst.Call) or finding.cure is None:
        return None, ""
    holder = tree.parent(call)
    return (holder if isinstance(holder, libcst.Await) else call), finding.cure.text


def _by_name(tree: Tree, result: libcst.BaseExpression, method: str) -> tuple[Change, ...]:
    """The changes that call a method of the name which the result is bound to, there and then."""
    holder = tree.parent(result)
    if isinstance(holder, libcst.Assign) and len(holder.targets) == 1:
        target = holder.targets[0].target
    elif isinstance(holder, libcst.AnnAssign):
        target = holder.target
    elif isinstance(holder, libcst.WithItem) and holder.asname is not None:
        name = holder.asname.name
        return _first(tree, holder, name.value + method) if isinstance(name, libcst.Name) else ()
    else:
        return ()
    return _next(tree, holder, target.value + method) if isinstance(target, libcst.Name) else ()


def _next(tree: Tree, statement: libcst.CSTNode, text: str) -> tuple[Change, ...]:
    """A statement after another one: below it, if that has its lines for itself."""
    line, end = tree.parent(statement), tree.end(statement)
    rest = tree.file.text[end : line_end(tree.file, end)].strip()
    alone = isinstance(line, libcst.SimpleStatementLine) and len(line.body) == 1
    if alone and (not rest or rest.startswith("#")):
        return (below(tree.file, end, indentation(tree, statement) + text),)
    return (Change(end, end, f"; {text}"),)


def _first(tree: Tree, item: libcst.WithItem, text: str) -> tuple[Change, ...]:
    """A statement before all others below a `with`."""
    statement = tree.parent(item)
    assert isinstance(statement, libcst.With)
    first = statement.body.body[0]
    if isinstance(statement.body, libcst.SimpleStatementSuite):
        at = tree.start(first)
        return (Change(at, at, f"{text}; "),)
    at = line_of(tree, first)
    return (Change(at, at, f"{indentation(tree, first)}{text}\n"),)


def _is_dropped(tree: Tree, result: libcst.BaseExpression) -> bool:
    """Whether nothing is made of an expression's value, so that another one does as well."""
    node: libcst.CSTNode = result
    holder = tree.parent(node)
    while isinstance(holder, (libcst.BooleanOperation, libcst.IfExp)):
        asked = holder.left if isinstance(holder, libcst.BooleanOperation) else holder.test
        if node is asked:
            return False
        node, holder = holder, tree.parent(holder)
    return isinstance(holder, libcst.Expr)


def _called(tree: Tree, result: libcst.BaseExpression, method: str) -> tuple[Change, ...]:
    """A method of an expression's value, called where the expression stands."""
    start, end = tree.start(result), tree.end(result)
    if not isinstance(result, libcst.Await):
        return (Change(end, end, method),)
    if result.lpar:
        end = tree.outer(result)[1]
        return (Change(end, end, method),)
    return (Change(start, start, "("), Change(end, end, f"){method}"))


def _added(tree: Tree, call: libcst.Call, text: str) -> tuple[Change, ...]:
    """One more argument behind the others, in a line of its own where the last one has one."""
    if not call.args:
        at = tree.end(call) - 1
        return (Change(at, at, text),)
    last = call.args[-1]
    if isinstance(last.value, libcst.GeneratorExp) and not last.value.lpar:
        return ()
    has_comma = isinstance(last.comma, libcst.Comma)
    end = tree.outer(last.value)[1]
    if has_comma:
        end = tree.file.text.index(",", end) + 1
    blank = blank_before(tree.file, tree.start(last))
    comma = "" if has_comma else ","
    added = text + ("," if has_comma else "")
    line = tree.file.text.rfind("\n", 0, tree.start(last)) + 1
    if line + len(blank) < tree.start(last):
        return (Change(end, end, f"{comma} {added}"),)
    rest = tree.file.text[end : line_end(tree.file, end)].strip()
    if not rest.startswith("#"):
        return (Change(end, end, f"{comma}\n{blank}{added}"),)
    after = below(tree.file, end, blank + added)
    return (after,) if has_comma else (Change(end, end, comma), after)
