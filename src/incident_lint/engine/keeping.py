"""What a loop keeps from turn to turn: variables, and objects that are made before it."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property

from ..knowledge.paths import render
from .definitions import Ref
from .guards import bare
from .kept_objects import KeptObjects
from .loops import Place
from .thing import Api
from .ways import Ways

_ASKS = frozenset({"==", "!=", "in", "not in", "<", ">", "<=", ">=", "is", "is not"})
_NOTHING = frozenset({"None", "''", "True", "False", "0"})


class Keeping(KeptObjects):
    """Answers about one loop of one function."""

    @cached_property
    def _ways(self) -> Ways:
        return Ways(self._body.function)

    def leaves(self, phi: int) -> list[int]:
        """What turns leave in a variable, joins and conditions aside; itself, if one leaves it."""
        function = self._body.function
        found: dict[int, None] = {}
        todo, seen = list(function.values[phi].args[::-1]), {phi}
        while todo:
            value = bare(function, todo.pop())
            if value in seen:
                continue
            seen.add(value)
            made = function.values[value]
            if not self._holds(value):
                continue
            if made.op == "unbound" and made.block == self._loop.header:
                continue  # what it is before the loop
            if made.op == "phi" and made.at is None:
                todo += made.args[::-1]
            else:
                found[value] = None
        return list(found)

    def is_text(self, value: int) -> bool:
        """Whether a value is text or a list that another is added to."""
        made = self._body.function.values[value]
        if made.op not in ("aug", "binop", "fmt") or made.text not in ("+", "", "|"):
            return False
        if made.op == "fmt":
            return True
        things = self._travel.values.describe(Ref(self._ref.module, self._ref.index, value))
        names = {render(thing.path) for thing in things if isinstance(thing, Api)}
        return bool(names & {"str()", "list()", "bytes()", "dict()", "set()", "tuple()"})

    def is_meant(self, phi: int, own: Collection[int]) -> bool:
        """Whether the author means to carry a variable on: something asks what it was, a turn binds
        it because of what was carried on, or it is used after the loop."""
        same = self._of_variable(phi)
        if self._is_asked(same) or self._used_after(same):
            return True
        return any(self._depends(self._body.function.values[leaf].block) for leaf in own)

    def _of_variable(self, phi: int) -> set[int]:
        """The joins and conditions of a variable that may be what it was."""
        return self._makings.aliases(self._body, phi)

    def _is_asked(self, values: Collection[int]) -> bool:
        """Whether a value is compared with another one of the program."""
        function = self._body.function
        for value in values:
            for user, position in self._body.users(value):
                made = function.values[user]
                if made.op == "compare" and made.text in _ASKS:
                    other = function.values[bare(function, made.args[1 - position])]
                    if other.op != "const" or other.text not in _NOTHING:
                        return True
                if made.op == "attr" and self._is_asked_part(user):
                    return True
        return False

    def _is_asked_part(self, value: int) -> bool:
        values = self._body.function.values
        return any(values[user].op == "compare" for user, _ in self._body.users(value))

    def _depends(self, block: int) -> bool:
        """Whether a turn comes to a block because of what it was handed."""
        points = [n for n, point in enumerate(self._ways.points) if point.block == block]
        phis = set(self._loop.phis)
        for condition, _ in self._ways.conditions(points[0]) if points else ():
            made = self._body.function.values[condition]
            if made.op == "more" or not self._holds(condition):
                continue
            if phis & self._asked_of(condition):
                return True
        return False

    def _asked_of(self, condition: int) -> set[int]:
        """All values that a condition is about."""
        found, todo = set(), [condition]
        while todo:
            value = todo.pop()
            if value >= 0 and value not in found:
                found.add(value)
                if value not in self._loop.phis:
                    todo += self._body.function.values[value].args
        return found

    def widened(self, places: set[Place]) -> set[Place]:
        """Places, and the beginning of each loop inside that surely leads to one."""
        found = set(places)
        for inner in self.flow.loops:
            if inner.more is None or not self.flow.is_inside(inner, self._loop):
                continue
            always = self._ways.has_elements(inner.more)
            if always and any(self.flow.is_in(inner, place) for place in places):
                found.add(inner.start)
        return found
