"""From tree to facts: one pass over a module, functions one after the other.

Nested functions are queued, not entered: depth of nesting costs no recursion. Everything that is
lowered twice (a `finally` body is, once for each way out) keeps one function index.
"""

from __future__ import annotations

import re
from collections import deque
from typing import Any

from astroid import nodes

from .facts import Class, Facts, Function
from .lower_statements import Statements
from .scopes import Scope, declarations
from .source import Source, SourceError, Span
from .tree import deep_recursion, parse

_DECLARATION = re.compile(r"^[ \t]*(?:global|nonlocal)\s|[:;][ \t]*(?:global|nonlocal)\s", re.M)


def lower(source: Source, module: str, is_package: bool) -> Facts:
    """The facts of a file that is known as `module` (dotted; a package's name for `__init__`).

    Raises SourceError (1-based line) if the text is not Python or cannot be followed.
    """
    with deep_recursion():
        tree = parse(source).module
        try:
            return _Module(source, tree, module, is_package).facts()
        except RecursionError:
            raise SourceError("is nested too deeply") from None


class _Pending:
    """A function whose body waits to be lowered."""

    def __init__(self, index: int, node: nodes.NodeNG, header: dict[str, Any], scope: Scope):
        self.index = index
        self.node = node
        self.header = header
        self.scope = scope


class _ClassDraft:
    def __init__(self, node: nodes.ClassDef, qualname: str, at: Span, parent: int) -> None:
        self.name: str = node.name
        self.qualname = qualname
        self.at = at
        self.parent = parent
        self.bases: tuple[int, ...] = ()
        self.keywords: dict[str, int] = {}
        self.decorators: tuple[int, ...] = ()
        self.body: dict[str, list[int]] = {}
        self.methods: dict[str, list[int]] = {}
        self.fields: dict[str, list[tuple[int, int]]] = {}
        self.annotations: dict[str, int] = {}

    def finished(self) -> Class:
        return Class(
            self.name,
            self.qualname,
            self.at,
            self.parent,
            self.bases,
            self.keywords,
            self.decorators,
            {name: tuple(values) for name, values in self.body.items()},
            {name: tuple(functions) for name, functions in self.methods.items()},
            {name: tuple(values) for name, values in self.fields.items()},
            self.annotations,
        )


class _Module:
    """What the lowering of one module's functions shares."""

    def __init__(
        self, source: Source, tree: nodes.Module, module: str, is_package: bool
    ) -> None:
        self.source = source
        self.tree = tree
        self.module = module
        self.is_package = is_package
        self.names: set[str] = set(tree.locals)
        self.stars: list[str] = []
        self.has_stars = "import *" in source.text
        self.imports: list[tuple[str, Span]] = []
        self.typing_names: set[str] = set()
        self.runtime_names: set[str] = set()
        self.rebound: dict[str, list[tuple[int, int]]] = {}
        self.declares = _DECLARATION.search(source.text) is not None
        self.rebinds_free: set[str] = set()
        self.globals_rebound: set[str] = set()
        self.classes: list[_ClassDraft] = []
        self.done: list[Any] = [None]
        self.pending: deque[_Pending] = deque()
        self.indices: dict[int, int] = {}
        if self.declares:
            self._find_declarations()

    def _find_declarations(self) -> None:
        for node in self.tree.nodes_of_class((nodes.Global, nodes.Nonlocal)):
            if isinstance(node, nodes.Nonlocal):
                self.rebinds_free.update(node.names)
            elif not isinstance(node.scope(), nodes.Module):
                self.globals_rebound.update(node.names)
                self.names.update(node.names)

    def facts(self) -> Facts:
        scope = Scope(self.tree, 0, None)
        body = FunctionLowering(self, 0, scope, None)
        body.block(self.tree.body)
        self.done[0] = (self._module_header(), body, scope)
        while self.pending:
            waiting = self.pending.popleft()
            inner = FunctionLowering(self, waiting.index, waiting.scope, waiting.header)
            inner.function_body(waiting.node)
            self.done[waiting.index] = (waiting.header, inner, waiting.scope)
        exports, dynamic = _exports(self.tree)
        return Facts(
            self.module,
            self.is_package,
            tuple(self._finish(*entry) for entry in self.done),
            tuple(draft.finished() for draft in self.classes),
            tuple(dict.fromkeys(self.stars)),
            exports,
            dynamic,
            {name: tuple(pairs) for name, pairs in self.rebound.items()},
            frozenset(self.typing_names - self.runtime_names),
            tuple(self.imports),
        )

    def _module_header(self) -> dict[str, Any]:
        return {
            "name": "<module>",
            "qualname": "",
            "at": Span(1, 1, 1, 1),
            "parent": -1,
            "owner": -1,
            "params": (),
            "decorators": (),
            "returns": None,
            "flags": frozenset(),
        }

    def _finish(self, header: dict[str, Any], body: FunctionLowering, scope: Scope) -> Function:
        values, blocks = body.finished()
        captured = body.binds if body.index == 0 else scope.captured
        names = [name for name in sorted(captured) if name in body.binds]
        return Function(
            **header,
            values=values,
            blocks=blocks,
            captures=body.captures,
            binds={name: tuple(value for value, _, _ in body.binds[name]) for name in names},
            bound_at={
                name: tuple((block, after) for _, block, after in body.binds[name])
                for name in names
                if body.index
            },
        )

    def lower_class(self, body: FunctionLowering, node: nodes.ClassDef) -> None:
        """Lower a class statement; its body runs inside the function that holds it."""
        at = body.span(node)
        decorators = body.decorators_of(node)
        scopes = len(body.inner_scopes)
        if getattr(node, "type_params", None):
            body.type_parameters(node.type_params)
        draft = _ClassDraft(node, body.qualname_of(node.name), at, body.index)
        draft.decorators = decorators
        draft.bases = tuple(body.expression(base) for base in node.bases)
        draft.keywords = {k.arg or "**": body.expression(k.value) for k in node.keywords}
        index = self.indices.setdefault(id(node), len(self.classes))
        if index == len(self.classes):
            self.classes.append(draft)
        body.class_body(node, index)
        del body.inner_scopes[scopes:]
        value = body.value("class", (), str(index), at)
        for decorator in reversed(decorators):
            value = body.value("decorated", (decorator, value), "", at)
        body.bind(node.name, value, at)

    def new_function(
        self, node: nodes.NodeNG, header: dict[str, Any], parent: Scope
    ) -> int:
        """Queue a function; the same node always gets the same index."""
        known = self.indices.get(id(node))
        if known is not None:
            return known
        index = len(self.done)
        self.indices[id(node)] = index
        self.done.append(None)
        scope = Scope(node, index, parent)
        if isinstance(node, nodes.FunctionDef):
            if self.declares:
                for statement in declarations(node):
                    kind = "global" if isinstance(statement, nodes.Global) else "nonlocal"
                    scope.declare(kind, statement.names)
            for parameter in getattr(node, "type_params", None) or ():
                scope.names.add(parameter.name.name)
        self.pending.append(_Pending(index, node, header, scope))
        return index


class FunctionLowering(Statements):
    """The lowering of one function's body."""

    def class_body(self, node: nodes.ClassDef, index: int) -> None:
        """Lower the statements of a class body, with names of their own."""
        self.scope_count += 1
        around, self.class_index = self.class_index, index
        self.inner_scopes.append((f"class {self.scope_count} ", set(node.locals)))
        self.class_scopes.append(Scope(node, self.index, self.scope))
        self.block(node.body)
        self.class_scopes.pop()
        self.inner_scopes.pop()
        self.class_index = around

    def function_body(self, node: nodes.NodeNG) -> None:
        """Bind the parameters, then lower the statements (or a lambda's expression)."""
        assert self.header is not None
        for parameter in getattr(node, "type_params", None) or ():
            self.bind(parameter.name.name, self.value("unknown", (), "type parameter"), None)
        for parameter in self.header["params"]:
            value = self.value("param", (), parameter.name, parameter.at)
            self.bind(parameter.name, value, None)
        if self.header["owner"] >= 0 and self.header["params"]:
            self.self_name = self.header["params"][0].name
        if isinstance(node, nodes.FunctionDef):
            self.block(node.body)
            self.header["flags"] = self.header["flags"] | self.flags
        else:
            value = self.expression(node.body)
            self.header["flags"] = self.header["flags"] | self.flags
            self.effect("return", (value,), "", self.span(node.body))


def _exports(tree: nodes.Module) -> tuple[tuple[str, ...] | None, bool]:
    """A literal `__all__` of the module, also with literal `+=`, `.extend` and `.append`."""
    if "__all__" not in tree.locals:
        return None, False
    names: list[str] = []
    for node in tree.body:
        part: nodes.NodeNG | None = None
        if isinstance(node, nodes.Assign) and any(_is_all(t) for t in node.targets):
            names.clear()
            part = node.value
        elif isinstance(node, (nodes.AugAssign, nodes.AnnAssign)) and _is_all(node.target):
            part = node.value
        elif isinstance(node, nodes.Expr) and isinstance(node.value, nodes.Call):
            function = node.value.func
            if (
                isinstance(function, nodes.Attribute)
                and _is_all(function.expr)
                and len(node.value.args) == 1
            ):
                part = node.value.args[0]
                if function.attrname == "append" and isinstance(part, nodes.Const):
                    names.append(str(part.value))
                    continue
                if function.attrname != "extend":
                    return None, True
        if part is None:
            continue
        if not isinstance(part, (nodes.List, nodes.Tuple)):
            return None, True
        for element in part.elts:
            if not (isinstance(element, nodes.Const) and isinstance(element.value, str)):
                return None, True
            names.append(element.value)
    return tuple(names), False


def _is_all(node: nodes.NodeNG) -> bool:
    return getattr(node, "name", None) == "__all__"

