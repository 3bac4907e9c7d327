"""What decides on the ways of a search: what is known of conditions, and what an author may have
meant by them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .definitions import FunctionRef
from .path_trail import State, Trail
from .refusals import Refusals
from .results import Result
from .statuses import EXITS
from .vocabulary import Vocabulary
from .ways import Turn, Ways

if TYPE_CHECKING:
    from .project import Module

NOT_READ, READ, USED = range(3)
"""What has been done with the payload on a way."""
_IS_NONE = {"is": True, "==": True, "is not": False, "!=": False}


class Decided(Trail):
    """A search's knowledge of the conditions of its function."""

    def __init__(
        self, module: Module, ref: FunctionRef, result: Result, ways: Ways, words: Vocabulary
    ) -> None:
        super().__init__(module, ref, result, ways)
        self._words = words
        self.start_place = 0 if result.from_outside else self.ways.place[result.start]
        self.arriving: dict[int, dict[tuple[int, bool], tuple[int, ...]]] = {}
        self.decisive = frozenset(
            self._bare(turn.condition)[0]
            for index in self.ways.reached
            for turn in self.ways.points[index].turns
            if turn.condition is not None
        )
        self.given, self.asked = self._conditions()
        self.tracked = self._tracked()
        self._refusals: tuple[int, Refusals] | None = None

    @property
    def refusals(self) -> Refusals:
        """What is asked of the payload, as far as it is known yet."""
        known = len(self.result.payload)
        if self._refusals is None or self._refusals[0] != known:
            of = self.result
            made = Refusals(of.body, self.ways, self._words, of.payload, of.hints)
            self._refusals = known, made
        return self._refusals[1]

    def _conditions(self) -> tuple[frozenset[tuple[int, bool]], frozenset[int]]:
        """What surely holds of conditions when the call is made, and which are asked again."""
        asked: dict[int, set[int]] = {}
        for index in self.ways.reached:
            for turn in self.ways.points[index].turns:
                if turn.condition is not None:
                    asked.setdefault(self._bare(turn.condition)[0], set()).add(index)
        again = self.ways.reachable(self.start_place)
        repeated = frozenset(c for c, places in asked.items() if len(places) > 1)
        known = set()
        for condition, outcome in self.ways.conditions(self.start_place):
            value, flipped = self._bare(condition)
            if value in repeated and self.ways.place[value] not in again:
                known.add((value, outcome is not flipped))
            if outcome and self.ways.has_elements(value):
                known.add((~value, True))
        return frozenset(known), repeated

    def _bare(self, condition: int) -> tuple[int, bool]:
        """The value that a condition asks about, and whether it asks for its opposite."""
        flipped = False
        made = self.function.values[condition]
        while made.op in ("refine", "not"):
            flipped ^= made.op == "not"
            condition = made.args[0]
            made = self.function.values[condition]
        return condition, flipped

    def _truth(self, condition: int, state: State) -> bool | None:
        """What a condition is on a way where the call has given a result."""
        value, flipped = self._bare(condition)
        truth = self.ways.literal(value)
        made = self.function.values[value]
        if self.result.holder.get(value) in state.held:
            truth = True
        elif made.op == "compare" and made.text in ("is", "is not", "==", "!="):
            sides = [self.result.holder.get(side) in state.held for side in made.args]
            nothing = [self.function.values[side].text == "None" for side in made.args]
            if (sides[0] and nothing[1]) or (sides[1] and nothing[0]):
                truth = made.text in ("is not", "!=")
            elif all(nothing):
                truth = made.text in ("is", "==")
        elif self.ways.has_elements(value) and (~value, True) not in state.known:
            truth = True
        for known, outcome in state.known:
            if known == value:
                truth = outcome
        return None if truth is None else truth is not flipped

    def _is_doubtful(self, turn: Turn, state: State) -> bool:
        """Whether a way is only taken if the result is not of a class that it may well be of,
        where another process has failed already, or where a function that the result is handed to
        gets None beside it, of which its caller may know better."""
        if turn.condition is None:
            return False
        condition, flipped = self._bare(turn.condition)
        made = self.function.values[condition]
        was_handed = self.function.values[self.result.start].op == "param"
        if was_handed and made.op == "compare" and made.text in _IS_NONE:
            sides = [self.function.values[side] for side in made.args]
            if [sides[0].op, sides[1].text] == ["param", "None"]:
                return (turn.outcome is not flipped) is _IS_NONE[made.text]
        if made.op == "attr" and made.text in EXITS:
            return turn.outcome is not flipped
        if made.op != "call" or len(made.args) != 3 or turn.outcome is not flipped:
            return False
        called, _, cls = (self.function.values[value] for value in made.args)
        named = called.op == "builtin" and called.text == "isinstance" and cls.op != "builtin"
        return named and self.result.holder.get(made.args[1]) in state.held

    def _is_minded(self, turn: Turn, state: State, following: State) -> bool:
        """Whether somebody has thought of an answer without what was asked for on this way: by a
        test of the payload, behind which it is given up; by a handler for what reading such an
        answer raises; or by another condition, on whose other side the failure is asked for."""
        if following.read == NOT_READ and turn.condition is None:
            return False
        if following.read != NOT_READ and self.refusals.is_minded(state.point):
            return True
        if turn.condition is None:
            return False
        if self.refusals.at(state.point, turn.condition) == "gives up":
            return True
        return self.refusals.is_asked(turn.condition) and self._looks_beside(turn, state)

    def _looks_beside(self, turn: Turn, state: State) -> bool:
        """Whether somebody looks at once, had a condition been otherwise."""
        turns = self.ways.points[state.point].turns
        others = [each.point for each in turns if each.point != turn.point]
        items = [item for other in others for item in self.ways.points[other].items]
        return any(e.kind == "look" for item in items for e in self.result.events.get(item, ()))

    def _tracked(self) -> frozenset[int]:
        """The joins on which a condition depends."""
        values = self.function.values
        todo, found = [v for v in self.decisive if values[v].op == "phi"], set[int]()
        while todo:
            value = todo.pop()
            if value not in found:
                found.add(value)
                todo += (self._bare(each)[0] for each in values[value].args)
                todo = [each for each in todo if values[each].op == "phi"]
        return frozenset(found)

    def _joined(self, turn: Turn, now: State) -> frozenset[tuple[int, bool]]:
        """What is known of the joins behind a turn: whether the alternative is true that comes."""
        found = set()
        for phi in self.ways.joins(turn.point) if self.tracked else ():
            if phi not in self.tracked:
                continue
            if phi not in self.arriving:
                self.arriving[phi] = self.ways.arriving(phi)
            coming = self.arriving[phi].get((now.point, turn.raised), ())
            truths = {self._constant(value, now) for value in coming}
            if len(truths) == 1 and (truth := truths.pop()) is not None:
                found.add((phi, truth))
        return frozenset(found)

    def _constant(self, value: int, now: State) -> bool | None:
        """Whether a value is true, if it is a constant on this way."""
        value, flipped = self._bare(value)
        truth = self.ways.literal(value)
        if truth is None:
            truth = dict(now.known).get(value) if value in self.tracked else None
        return None if truth is None else truth is not flipped
