"""The base of a function's lowering: positions, names, and which method lowers which node."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from astroid import nodes

from .facts import Value
from .raising import Raising
from .scopes import Owner, Scope
from .source import Span

if TYPE_CHECKING:
    from .lower import ModuleLowering

_new: Any = tuple.__new__
_SAME_ON_ALL_WAYS = ("const", "func", "class", "import")
"""Operations of which a condition says nothing new."""


class Methods(dict[type, Callable[[Any, Any], Any]]):
    """Node class -> the method that lowers it, found by the names of the classes: not every
    astroid has all of them."""

    def __init__(self) -> None:
        super().__init__()
        self._named: dict[str, Callable[[Any, Any], Any]] = {}

    def lowers(self, *names: str) -> Callable[[Any], Any]:
        """Decorate the method for the node classes of these names; "" is for all others."""

        def named(method: Any) -> Any:
            self._named.update(dict.fromkeys(names, method))
            return method

        return named

    def __missing__(self, kind: type) -> Callable[[Any, Any], Any]:
        method = self._named.get(kind.__name__) or self._named[""]
        self[kind] = method
        return method


EXPRESSIONS = Methods()
STATEMENTS = Methods()


class Names(Raising):
    """The state of one function's lowering, and what its names stand for.

    `header` are the fields of `Function` that the definition gives; None for the module body.
    """

    def __init__(
        self, module: ModuleLowering, index: int, scope: Scope, header: dict[str, Any] | None
    ) -> None:
        super().__init__()
        self.module = module
        self.index = index
        self.scope = scope
        self.header = header
        self.flags: set[str] = set()
        self.self_name: str | None = None
        self.captures: dict[str, int] = {}
        self.bound: list[tuple[str, int, int, int]] = []
        """Every binding: name, value, block, number of values made before."""
        self.inner_scopes: list[tuple[str, set[str]]] = []
        self.class_index = -1
        self.class_scopes: list[Scope] = []
        self.scope_count = 0
        self.typing_depth = 0
        self._owners: dict[str, Owner] = {}
        self.wide = module.source.wide
        elsewhere = module.rebinds_free if index else module.globals_rebound
        self._plain = scope.names - elsewhere if elsewhere else scope.names
        """Names that nobody else binds while this function runs."""

    # nodes

    def expression(self, node: Any) -> int:
        """The value of any expression."""
        made: int = EXPRESSIONS[node.__class__](self, node)
        return made

    def optional(self, node: Any) -> int:
        """The value of an expression that may be missing (then None)."""
        return self.value("const", (), "None") if node is None else self.expression(node)

    def block(self, body: list[Any]) -> None:
        """Lower statements one after the other, also those that no way leads to."""
        for node in body:
            STATEMENTS[node.__class__](self, node)

    def span(self, node: Any) -> Span:
        """The range of a node in code points.

        The methods of the commonest nodes do it themselves where all lines are ASCII: Python makes
        attribute access fast for one class a line.
        """
        line, end_line = node.lineno, node.end_lineno
        wide = self.wide
        if wide and (line in wide or end_line in wide):
            column = self.module.source.column
            return Span(
                line, column(line, node.col_offset), end_line, column(end_line, node.end_col_offset)
            )
        made: Span = _new(Span, (line, node.col_offset + 1, end_line, node.end_col_offset + 1))
        return made

    # reading

    def keys(self, name: str) -> Iterator[str]:
        """The variables that may be a name's in comprehensions and class bodies here, innermost
        first. What is inside a class body's scopes does not see its names, but its own code and
        its type parameters do."""
        sees_class = True
        for prefix, names in reversed(self.inner_scopes):
            if name in names and (sees_class or not prefix.startswith("class ")):
                yield prefix + name
            sees_class = sees_class and prefix.startswith("types ")

    def key(self, name: str) -> str | None:
        """The variable that a name is bound to in a comprehension or class body here, None
        elsewhere."""
        return next(self.keys(name), None)

    def load(self, name: str, node: Any) -> int:
        """The value of a name, here and now."""
        if self.inner_scopes:
            for key in self.keys(name):
                bound = self.variables.get(key)
                if bound is not None:
                    return bound
        if name in self._plain:
            bound = self.variables.get(name)
            if bound is not None:
                return bound
            place = "unbound" if self.index else "global"
        else:
            place = self._place(name)
        values = self.values
        if self.wide:
            at = self.span(node)
        else:
            at = _new(
                Span, (node.lineno, node.col_offset + 1, node.end_lineno, node.end_col_offset + 1)
            )
        values.append(_new(Value, (place, (), name, at, self.here)))
        return len(values) - 1

    def _place(self, name: str) -> str:
        """The operation that stands for a name that others may bind."""
        owner = self.owner(name)
        if owner.place == "free":
            self.capture(name, owner.function)
        if owner.place != "local":
            return owner.place
        if not self.index:
            return "global"
        self.scope.captured.add(name)
        return "cell"

    def owner(self, name: str) -> Owner:
        """The scope of a name used here, after comprehensions and class bodies."""
        owner = self._owners.get(name)
        if owner is None:
            module = self.module
            owner = self._owners[name] = self.scope.owner(name, module.names, module.has_stars)
        return owner

    def capture(self, name: str, owner: int) -> None:
        """A name of an enclosing function is seen here, and through all functions between."""
        self.captures[name] = owner
        scope = self.scope.parent
        while scope is not None and scope.index != owner:
            self.module.lowered(scope.index).captures[name] = owner
            scope = scope.parent

    # binding

    def bind(self, name: str, value: int, at: Span | None) -> None:
        """Bind a name: a variable here, in the module, or in an enclosing function.

        Without a position it is a parameter, which is bound without anything happening.
        """
        if self.inner_scopes:
            key = self.key(name)
            if key is not None:
                self.write(key, value)
                if self.class_index >= 0 and key.startswith("class "):
                    body = self.module.classes[self.class_index].body
                    body.setdefault(name, []).append(value)
                return
        if self.scope.declared and self.index and at is not None:
            declared = self.scope.declared.get(name)
            if declared is not None:
                self._bind_elsewhere(declared, name, value, at)
                return
        self.write(name, value)
        self.bound.append((name, value, self.here, len(self.values)))
        if name == "_" and at is not None:
            self.effect("discard", (value,), "_", at)  # dropped on purpose
        if not self.index and at is not None:
            self.module.note_binding(name, self.typing_depth > 0)
            self.effect("bind", (value,), name, at)

    def _bind_elsewhere(self, declared: str, name: str, value: int, at: Span) -> None:
        if declared == "global":
            self.module.rebound.setdefault(name, []).append((self.index, value))
            self.effect("bindglobal", (value,), name, at)
            return
        owner = self.owner(name)
        if owner.place == "free":
            self.capture(name, owner.function)
        self.effect("bindfree", (value,), name, at)

    def bindings(self, names: set[str] | None) -> dict[str, list[tuple[int, int, int]]]:
        """Name -> (value, block, number of values made before) of its bindings in source order.

        Only of some names, unless None. Sorted by name.
        """
        if names is not None and not names:
            return {}
        found: dict[str, list[tuple[int, int, int]]] = {}
        for name, value, block, after in self.bound:
            if names is None or name in names:
                found.setdefault(name, []).append((value, block, after))
        return dict(sorted(found.items()))

    # conditions

    def tested(self, node: Any) -> list[tuple[str, int]]:
        """The variables of which a condition says something directly, and their values."""
        names: list[str] = []
        _tested(node, names)
        if not names:
            return []
        found = []
        for name in dict.fromkeys(names):
            key = (self.key(name) or name) if self.inner_scopes else name
            value = self.variables.get(key)
            if value is not None and self.values[value].op not in _SAME_ON_ALL_WAYS:
                found.append((key, value))
        return found

    def refine(self, value: int, condition: int, outcome: bool) -> int:
        """A value of which a condition is known to be true (or false)."""
        text = "true" if outcome else "false"
        return self.value("refine", (value, condition), text, self.values[value].at)


def _tested(node: Any, found: list[str]) -> None:
    kind = node.__class__
    if kind is nodes.Name:
        found.append(node.name)
    elif kind is nodes.Compare:
        _tested(node.left, found)
        for _, operand in node.ops:
            _tested(operand, found)
    elif kind is nodes.Call:
        found += [one.name for one in node.args if one.__class__ is nodes.Name]
    elif kind is nodes.NamedExpr:
        found.append(node.target.name)
        _tested(node.value, found)
