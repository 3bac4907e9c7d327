"""Which scope a name belongs to, from astroid's `locals` (its `lookup` is never used)."""

from __future__ import annotations

import builtins
from typing import Any, Literal, NamedTuple

from astroid import nodes

Place = Literal["local", "free", "global", "builtin"]

_BUILTINS = frozenset(dir(builtins))
_LOOPS = (nodes.For, nodes.While)


class Owner(NamedTuple):
    """Where a name lives; `function` is the index of the owning function for "free"."""

    place: Place
    function: int = -1


class Scope:
    """The names of one function (or the module body), and of the loops in it."""

    def __init__(self, node: Any, index: int, parent: Scope | None) -> None:
        self.index = index
        self.parent = parent
        self.names: set[str] = set(node.locals)
        self.captured: set[str] = set()
        self.declared: dict[str, str] = {}
        """Name -> "global" or "nonlocal"."""
        self._loops: dict[int, set[str]] | None = None
        self._node = node

    def declare(self, declared: dict[str, str]) -> None:
        """Take note of what `global` and `nonlocal` say; before any name is resolved."""
        self.declared = declared
        self.names.difference_update(declared)

    def owner(self, name: str, module_names: set[str], stars: bool) -> Owner:
        """Resolve a name that is used in this scope; marks it as captured where it is free."""
        if name in self.names:
            return Owner("local")
        if self.declared.get(name) != "global":
            scope = self.parent
            while scope is not None and scope.parent is not None:
                if name in scope.names:
                    scope.captured.add(name)
                    return Owner("free", scope.index)
                if scope.declared.get(name) == "global":
                    break
                scope = scope.parent
        if name in module_names or self.declared.get(name) == "global":
            return Owner("global")
        if stars and name not in _BUILTINS:  # that a star import brings a `len` is too rare
            return Owner("global")
        return Owner("builtin")

    def assigned_in(self, loop: nodes.NodeNG) -> set[str]:
        """The names of this scope that a loop binds, nested loops included."""
        if self._loops is None:
            self._loops = loops_of(self._node)
        return self._loops.get(id(loop), set())


def loops_of(scope: Any) -> dict[int, set[str]]:
    """For each loop below a scope (by `id`) the scope's names that are bound inside it."""
    loops: dict[int, set[str]] = {}
    for name, places in scope.locals.items():
        for node in places:
            above = node.parent
            while above is not None and above is not scope:
                if isinstance(above, _LOOPS):
                    found = loops.setdefault(id(above), set())
                    if name in found:
                        break
                    found.add(name)
                above = above.parent
    return loops
