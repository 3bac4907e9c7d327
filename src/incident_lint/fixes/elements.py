"""INC104: one object in many places of a container becomes one for each place."""

from __future__ import annotations

import ast

import libcst

from ..engine.finding import Finding
from ..engine.fixing_edits import Change
from ..engine.fixing_tree import Tree
from .scopes import parsed, scopes_of


def comprehension(tree: Tree, finding: Finding) -> tuple[Change, ...]:
    """`dict.fromkeys(keys, [])`, `[[]] * n` and `list(repeat([], n))` as comprehensions."""
    element = tree.expression_at(finding.span)
    holder = None if element is None else tree.parent(element)
    if element is None:
        return ()
    if isinstance(holder, libcst.Element):
        return _repeated(tree, element, tree.parent(holder))
    if isinstance(holder, libcst.Arg):
        call = tree.parent(holder)
        if isinstance(call, libcst.Call):
            return _from_keys(tree, element, call) or _repeat(tree, element, call)
    return ()


def _repeated(
    tree: Tree, element: libcst.BaseExpression, display: libcst.CSTNode | None
) -> tuple[Change, ...]:
    """`[element] * count`, either way round."""
    if not isinstance(display, libcst.List) or len(display.elements) != 1:
        return ()
    product = tree.parent(display)
    if not isinstance(product, libcst.BinaryOperation):
        return ()
    if not isinstance(product.operator, libcst.Multiply):
        return ()
    count = product.right if product.left is display else product.left
    return _counted(tree, product, element, count)


def _repeat(tree: Tree, element: libcst.BaseExpression, call: libcst.Call) -> tuple[Change, ...]:
    """`list(itertools.repeat(element, count))`."""
    names = [None if arg.keyword is None else arg.keyword.value for arg in call.args]
    holder = tree.parent(call)
    outer = None if holder is None else tree.parent(holder)
    if (
        names not in ([None, None], [None, "times"])
        or call.args[0].value is not element
        or any(arg.star for arg in call.args)
        or not isinstance(outer, libcst.Call)
        or len(outer.args) != 1
        or outer.args[0].value is not call
        or tree.code(outer.func) != "list"
    ):
        return ()
    return _counted(tree, outer, element, call.args[1].value)


def _counted(
    tree: Tree,
    whole: libcst.BaseExpression,
    element: libcst.BaseExpression,
    count: libcst.BaseExpression,
) -> tuple[Change, ...]:
    scopes = scopes_of(tree.file)
    text, times = tree.code(element), tree.code(count)
    # A translator's `_` would not be hurt, but its readers would be.
    name = _unused(text, ("__", "each") if scopes.is_one_definition("_") else ("_", "__", "each"))
    if name is None or scopes.sees("range", scopes.around(tree.start(whole))):
        return ()
    return _replaced(tree, whole, element, count, f"[{text} for {name} in range({times})]")


def _from_keys(tree: Tree, element: libcst.BaseExpression, call: libcst.Call) -> tuple[Change, ...]:
    """`dict.fromkeys(keys, element)`."""
    scopes = scopes_of(tree.file)
    if tree.code(call.func) != "dict.fromkeys":
        return ()
    if scopes.sees("dict", scopes.around(tree.start(call))):
        return ()
    plain = all(not arg.star and arg.keyword is None for arg in call.args)
    if len(call.args) != 2 or not plain or call.args[1].value is not element:
        return ()
    keys, text = tree.code(call.args[0].value), tree.code(element)
    name = _unused(text, ("key", "name", "each"))
    if name is None:
        return ()
    if isinstance(call.args[0].value, (libcst.IfExp, libcst.Lambda)):
        keys = f"({keys})"
    made = f"{{{name}: {text} for {name} in {keys}}}"
    return _replaced(tree, call, element, call.args[0].value, made)


def _unused(text: str, names: tuple[str, ...]) -> str | None:
    """The first of some names that an expression does not use; None: it uses them all."""
    expression = parsed(text)
    if expression is None:
        return None
    used = {node.id for node in ast.walk(expression) if isinstance(node, ast.Name)}
    return next((name for name in names if name not in used), None)


def _replaced(
    tree: Tree,
    whole: libcst.BaseExpression,
    element: libcst.BaseExpression,
    other: libcst.BaseExpression,
    text: str,
) -> tuple[Change, ...]:
    """The new expression in place of the whole; none where a comment would be lost, or the
    element would mean something else inside a comprehension."""
    start, end = tree.start(whole), tree.end(whole)
    scopes = scopes_of(tree.file)
    kept = tree.code(element).count("#") + tree.code(other).count("#")
    if tree.file.text.count("#", start, end) != kept:
        return ()
    if not scopes.can_repeat(tree.code(element), scopes.around(start)):
        return ()
    return (Change(start, end, text),)
