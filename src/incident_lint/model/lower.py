"""From tree to facts: one pass over a module, functions one after the other.

Nested functions are queued, not entered: depth of nesting costs no recursion. Everything that is
lowered twice (a `finally` body is, once for each way out) keeps one function index.
"""

from __future__ import annotations

from collections import deque
from typing import Any, NamedTuple

from astroid import nodes

from .facts import Facts, Function
from .lower_comprehensions import Comprehensions
from .lower_definitions import ClassDraft, Definitions
from .lower_exports import exports_of
from .lower_imports import Imports
from .lower_patterns import Patterns
from .lower_statements import Statements
from .lower_try import Tries
from .rebuild_own import Tree
from .scopes import Scope
from .source import Source, SourceError, Span
from .tree import parse, undisturbed


def lower(source: Source, module: str, is_package: bool) -> Facts:
    """The facts of a file that is known as `module` (dotted; a package's name for `__init__`).

    Raises SourceError (1-based line) if the text is not Python or cannot be followed.
    """
    with undisturbed():
        tree = parse(source)
        try:
            return ModuleLowering(source, tree, module, is_package).facts()
        except RecursionError:
            raise SourceError("is nested too deeply") from None
        finally:
            tree.release()


class FunctionLowering(Comprehensions, Patterns, Tries, Definitions, Imports, Statements):
    """The lowering of one function's body."""

    def function_body(self, node: Any, types: list[str]) -> None:
        """Bind type parameters and parameters, then lower the statements (or the expression)."""
        assert self.header is not None
        for name in types:
            self.bind(name, self.value("unknown", (), "type parameter"), None)
        params = self.header["params"]
        for parameter in params:
            value = self.value("param", (), parameter.name, parameter.at)
            self.bind(parameter.name, value, None)
        if params and self.header["owner"] >= 0:
            self.self_name = params[0].name
        if isinstance(node, nodes.FunctionDef):
            self.block(node.body)
        else:
            value = self.expression(node.body)
            self.effect("return", (value,), "", self.span(node.body))
        if self.flags:
            self.header["flags"] |= self.flags


class _Pending(NamedTuple):
    """A function whose body waits to be lowered; `types` are the type parameters it sees."""

    number: int
    node: nodes.NodeNG
    header: dict[str, Any]
    scope: Scope
    types: list[str]


_MODULE: dict[str, Any] = {
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


class ModuleLowering:
    """What the lowering of one module's functions shares."""

    def __init__(self, source: Source, tree: Tree, name: str, is_package: bool) -> None:
        self.source = source
        self.name = name
        self.is_package = is_package
        self.names: set[str] = set(tree.module.locals)
        self.has_stars = tree.has_stars
        self.stars: list[str] = []
        self.imports: list[tuple[str, Span]] = []
        self.rebound: dict[str, list[tuple[int, int]]] = {}
        self.rebinds_free: set[str] = set()
        self.globals_rebound: set[str] = set()
        self.classes: list[ClassDraft] = []
        self._tree = tree.module
        self._declared: dict[int, dict[str, str]] = {}
        self._typing_names: set[str] = set()
        self._runtime_names: set[str] = set()
        self._functions: list[FunctionLowering | None] = []
        self._pending: deque[_Pending] = deque()
        self._indices: dict[int, int] = {}
        for statement in tree.declarations:
            self._declare(statement)

    def _declare(self, statement: Any) -> None:
        scope = statement.scope()
        declared = self._declared.setdefault(id(scope), {})
        if isinstance(statement, nodes.Nonlocal):
            declared.update(dict.fromkeys(statement.names, "nonlocal"))
            self.rebinds_free.update(statement.names)
        elif not isinstance(scope, nodes.Module):
            declared.update(dict.fromkeys(statement.names, "global"))
            self.globals_rebound.update(statement.names)
            self.names.update(statement.names)

    def facts(self) -> Facts:
        """Lower the module body and then, one after the other, all functions."""
        body = FunctionLowering(self, 0, Scope(self._tree, 0, None), None)
        self._functions.append(body)
        body.block(self._tree.body)
        while self._pending:
            number, node, header, scope, types = self._pending.popleft()
            inner = FunctionLowering(self, number, scope, header)
            self._functions[number] = inner
            inner.function_body(node, types)
        exports, dynamic = exports_of(self._tree)
        functions = tuple([_finished(body) for body in self._functions if body is not None])
        self._functions.clear()  # they know this module: nothing shall be left to the collector
        return Facts(
            self.name,
            self.is_package,
            functions,
            tuple([draft.finished() for draft in self.classes]),
            tuple(dict.fromkeys(self.stars)),
            exports,
            dynamic,
            {name: tuple(pairs) for name, pairs in self.rebound.items()},
            frozenset(self._typing_names - self._runtime_names),
            tuple(self.imports),
        )

    def lowered(self, index: int) -> FunctionLowering:
        """A function that has been lowered, or is being lowered: one around another is."""
        function = self._functions[index]
        assert function is not None
        return function

    def note_binding(self, name: str, for_typing: bool) -> None:
        """The module body binds a name, perhaps for type checkers only."""
        (self._typing_names if for_typing else self._runtime_names).add(name)

    def add_class(self, node: nodes.ClassDef, draft: ClassDraft) -> int:
        """Number a class; the same node always gets the same index."""
        index = self._indices.setdefault(id(node), len(self.classes))
        if index == len(self.classes):
            self.classes.append(draft)
        return index

    def queue(
        self, node: nodes.NodeNG, header: dict[str, Any], parent: Scope, types: list[str]
    ) -> int:
        """Queue a function; the same node always gets the same index."""
        known = self._indices.get(id(node))
        if known is not None:
            return known
        index = self._indices[id(node)] = len(self._functions)
        self._functions.append(None)
        scope = Scope(node, index, parent)
        scope.names.update(types)
        declared = self._declared.get(id(node))
        if declared is not None:
            scope.declare(declared)
        self._pending.append(_Pending(index, node, header, scope, types))
        return index


def _finished(body: FunctionLowering) -> Function:
    values, blocks = body.finished()
    bindings = body.bindings(body.scope.captured if body.index else None)
    return Function(
        **(body.header or _MODULE),
        values=values,
        blocks=blocks,
        captures=body.captures,
        binds={name: tuple([one[0] for one in bindings[name]]) for name in bindings},
        bound_at={name: tuple([one[1:] for one in bindings[name]]) for name in bindings}
        if body.index
        else {},
    )
