"""INC104: a field's default that all objects share becomes something that makes one for each."""

from __future__ import annotations

import ast

import libcst

from ..engine.finding import Finding
from ..engine.fixing_edits import Change
from ..engine.fixing_tree import File, Tree
from .imports import spelling
from .scopes import scopes_of

# Which calls declare a field; `engine.constructors` knows what they mean for objects.
_FIELDS = {
    "dataclasses": ("field",),
    "attr": ("ib", "attrib", "field"),
    "attrs": ("field",),
    "pydantic": ("Field",),
    "pydantic.fields": ("Field",),
    "sqlmodel": ("Field",),
    "msgspec": ("field",),
}
_ATTRS = frozenset({"attr", "attrs"})
_OLD_ATTRS = frozenset({"s", "attrs", "attributes"})


def called(tree: Tree, finding: Finding) -> tuple[Change, ...]:
    """`default=[]` becomes `default=list`: the framework calls it for each object."""
    value = tree.expression_at(finding.span)
    holder = None if value is None else tree.parent(value)
    call = None if holder is None else tree.parent(holder)
    if not isinstance(holder, libcst.Arg) or not isinstance(call, libcst.Call):
        return ()
    if holder.keyword is None or tree.code(call.func) == "dict":
        return ()  # it is only a part of the default
    factory = _factory(tree, holder.value)
    return () if factory is None else (Change(*tree.outer(holder.value), factory),)


def default_factory(tree: Tree, finding: Finding) -> tuple[Change, ...]:
    """`x: T = T()` and `field(default=T())` get a factory."""
    node: libcst.CSTNode | None = tree.expression_at(finding.span)
    while node is not None and not isinstance(node, libcst.BaseStatement):
        holder = tree.parent(node)
        if isinstance(holder, libcst.Arg):
            call = tree.parent(holder)
            assert isinstance(call, (libcst.Call, libcst.ClassDef))
            if isinstance(call, libcst.Call) and _declares(tree, call):
                return _in_call(tree, holder, call)
        elif isinstance(holder, libcst.AnnAssign) and node is holder.value:
            return _assigned(tree, holder, holder.value)
        node = holder
    return ()


def _declares(tree: Tree, call: libcst.Call) -> bool:
    """Whether a call declares a field."""
    module, _, name = _origin(tree.file, tree.code(call.func)).rpartition(".")
    return name in _FIELDS.get(module, ())


def _in_call(tree: Tree, argument: libcst.Arg, call: libcst.Call) -> tuple[Change, ...]:
    """`field(default=T())`, `attr.ib([])`."""
    names = [None if arg.keyword is None else arg.keyword.value for arg in call.args]
    factory = _factory(tree, argument.value)
    if factory is None or "factory" in names or "default_factory" in names:
        return ()
    is_attrs = _origin(tree.file, tree.code(call.func)).partition(".")[0] in _ATTRS
    word = "factory" if is_attrs else "default_factory"
    start, end = tree.outer(argument.value)
    if argument.keyword is None:
        return (Change(start, end, f"{word}={factory}"),) if call.args[0] is argument else ()
    if argument.keyword.value != "default":
        return ()
    keyword = argument.keyword
    return (Change(tree.start(keyword), tree.end(keyword), word), Change(start, end, factory))


def _assigned(
    tree: Tree, assignment: libcst.AnnAssign, value: libcst.BaseExpression
) -> tuple[Change, ...]:
    """`x: T = T()` in the body of a class."""
    factory = _factory(tree, value)
    if factory is None:
        return ()
    start, end = tree.outer(value)
    scopes = scopes_of(tree.file)
    owner = scopes.around(start).scopes[-1]
    if not isinstance(owner, ast.ClassDef):
        return ()
    module, name, word = "dataclasses", "field", "default_factory"
    for decorator in owner.decorator_list:
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        origin = _origin(tree.file, ast.unparse(called))
        if origin.partition(".")[0] in _ATTRS:
            module, word = origin.partition(".")[0], "factory"
            name = "ib" if origin.rpartition(".")[2] in _OLD_ATTRS else "field"
    found = spelling(tree.file, scopes, module, name, tree.start(assignment))
    if found is None:
        return ()
    return (Change(start, end, f"{found.text}({word}={factory})"), *found.changes)


def _factory(tree: Tree, value: libcst.BaseExpression) -> str | None:
    """What makes, whenever it is called, what an expression makes; None: nothing would."""
    scopes = scopes_of(tree.file)
    start, _ = tree.outer(value)
    for kind, name in ((libcst.List, "list"), (libcst.Dict, "dict")):
        if isinstance(value, kind) and not value.elements:
            if not scopes.sees(name, scopes.around(start)):
                return name
    if isinstance(value, libcst.Call) and not value.args:
        if isinstance(value.func, (libcst.Name, libcst.Attribute)):
            return tree.code(value.func)
    text = tree.code(value)
    return f"lambda: {text}" if scopes.can_move(text, scopes.around(start)) else None


def _origin(file: File, name: str) -> str:
    """The dotted name that a name, maybe with attributes, was imported from."""
    root, dot, rest = name.partition(".")
    for node in ast.walk(file.module):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                if root != (alias.asname or alias.name):
                    continue
                before = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
                return f"{before}{alias.name}{dot}{rest}"
    return name
