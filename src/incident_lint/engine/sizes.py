"""Does a look at a container's size decide whether it gains another entry?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..model.facts import Function
from .callers import Callers
from .definitions import FunctionRef, Ref
from .lifetimes import Lifetimes
from .slots import Slot
from .thing import Made
from .ways import Item, Ways

if TYPE_CHECKING:
    from .values import Values

_DEEPEST = 12
_SIZES = frozenset({"len", "__len__", "qsize", "full"})


class Sizes:
    """Answers of "is the size asked for before?" for one project."""

    def __init__(self, values: Values, lifetimes: Lifetimes, callers: Callers) -> None:
        self._values = values
        self._lifetimes = lifetimes
        self._callers = callers
        self._ways: dict[FunctionRef, tuple[Function, Ways]] = {}

    def decides(self, ref: FunctionRef, use: int | Item, slot: Slot) -> bool:
        """Whether a condition about the size of what a slot keeps decides if a place of a function
        is reached."""
        function = self._values.function(ref)
        asked = {
            edge.condition
            for block in function.blocks
            for edge in block.edges
            if edge.condition is not None and self._asks(ref, function, edge.condition, slot, 0)
        }
        if not asked:
            return False
        ways = self._of(ref, function)
        place = ways.point_of(use)
        for point in ways.points:
            ends = {
                turn.point == place or place in ways.reachable(turn.point)
                for turn in point.turns
                if turn.condition in asked
            }
            if len(ends) > 1:
                return True
        return False

    def _of(self, ref: FunctionRef, function: Function) -> Ways:
        known, ways = self._ways.get(ref, (None, None))
        if known is not function or ways is None:
            self._ways.clear()
            ways = Ways(function)
            self._ways[ref] = function, ways
        return ways

    def _asks(
        self, ref: FunctionRef, function: Function, value: int, slot: Slot, depth: int
    ) -> bool:
        """Whether a value is made of a container's size, or the answer of a function that is."""
        made = function.values[value]
        if depth > _DEEPEST:
            return False
        place = Ref(ref.module, ref.index, value)
        if made.op == "call":
            called = function.values[made.args[0]]
            if called.text.rpartition(":")[2] in _SIZES:
                about = called.args[:1] if called.op == "attr" else made.args[1:]
                if any(self._is_slot(place.at(each), slot) for each in about):
                    return True
            for thing in self._values.describe(place.at(made.args[0])):
                if isinstance(thing, Made) and depth < 3:
                    callee = self._values.function(thing.function)
                    for given in self._callers.returned(thing.function):
                        if self._asks(thing.function, callee, given.value, slot, depth + 4):
                            return True
        parts = [part for part in made.args if part >= 0 and part != value]
        return any(self._asks(ref, function, part, slot, depth + 1) for part in parts)

    def _is_slot(self, ref: Ref, slot: Slot) -> bool:
        found = self._lifetimes.slot(ref)
        return found == slot
