"""Does a function itself refuse what a failed call has given it?

Whoever takes something out of a result and then asks for exactly that (`if not version: raise`)
will notice a failure, although not by the member that tells of it. A part of the payload has to be
asked for: an error document is not empty, so the payload as a whole tells nothing by being there.
What happens to raise (a missing key, a text that is no JSON) was asked by nobody, unless a handler
for that very exception stands around it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypeAlias

from ..model.facts import Function, Value
from . import escapes
from .body import Body
from .constants import text_of
from .looks import is_log
from .vocabulary import Vocabulary
from .ways import Point, Turn, Ways

Refusal: TypeAlias = Literal["raises", "gives up"]
_Kind: TypeAlias = Literal["whole", "part", "hint", "bare"]

_ORDER = ("whole", "part", "hint", "bare")

_SAME = frozenset({"refine", "await", "enter", "phi", "display", "unary", "binop", "aug"})
_PARTS = frozenset({"slice", "listcomp", "setcomp", "dictcomp", "genexpr"})
_STRINGS = frozenset({"decode", "encode", "strip", "lower", "upper", "rstrip", "lstrip"})
_NOTHING = frozenset({"None", "False", "0", "''", "b''", "0.0"})
_EMPTY = frozenset({"list", "tuple", "dict", "set"})
_EXITS = frozenset({"exit", "_exit", "abort"})
_MOST = 300
_MOST_POINTS = 30


class Refusals:
    """What a function asks of the parts of a payload (its values), by the ways behind that."""

    def __init__(
        self,
        body: Body,
        ways: Ways,
        words: Vocabulary,
        payload: Iterable[int],
        hints: Iterable[int] = (),
    ) -> None:
        """`hints`: what came beside the payload. An answer of a failure has a type and a length,
        too, so that they tell something only where they are compared with what was expected."""
        self._function = body.function
        self._body = body
        self._ways = ways
        self._words = words
        self._found = _derived(body, words, payload, hints)
        self._known: dict[tuple[int, int], Refusal | None] = {}

    def at(self, point: int, condition: int) -> Refusal | None:
        """What follows where a condition that is asked at a point does not find in the payload
        what it asks for: an exception, the end with a result that says nothing, or (None) neither,
        or it asks for something else."""
        if (point, condition) not in self._known:
            self._known[point, condition] = self._judge(point, condition)
        return self._known[point, condition]

    def any_raises(self) -> bool:
        """Whether an exception follows anywhere in the function."""
        return any(
            turn.condition is not None and self.at(point, turn.condition) == "raises"
            for point in self._ways.reached
            for turn in self._ways.points[point].turns
        )

    def is_minded(self, point: int) -> bool:
        """Whether the payload is read at a point inside a handler that is for nothing but what is
        raised if that is not what was asked for, and that puts something in its place. Where an
        entry is asked for by a name that an error document has not, it may be for everything."""
        read = [
            self._function.values[item.value]
            for item in self._ways.points[point].items
            if item.value in self._found
            and self._function.values[item.value].op in ("call", "item")
        ]
        if not read:
            return False
        named = any(
            made.op == "item" and text_of(self._function.values[made.args[1]]) is not None
            for made in read
        )
        return escapes.is_replaced(self._ways, point, self._words.unreadable, or_all=named)

    def is_asked(self, condition: int) -> bool:
        """Whether a condition asks for the payload, or what was made of it."""
        made = self._function.values[condition]
        while made.op in ("refine", "not"):
            condition = made.args[0]
            made = self._function.values[condition]
        asked = made.args if made.op == "compare" else (condition,)
        return any(self._found.get(value, "hint") != "hint" for value in asked)

    def _judge(self, point: int, condition: int) -> Refusal | None:
        value, flipped = condition, False
        while self._function.values[value].op in ("refine", "not"):
            flipped ^= self._function.values[value].op == "not"
            value = self._function.values[value].args[0]
        failing = self._failing(value)
        if failing is None:
            return None
        for turn in self._ways.points[point].turns:
            if turn.condition == condition and (turn.outcome is not flipped) is failing:
                return self._end(turn, point)
        return None

    def _failing(self, value: int) -> bool | None:
        """What a condition is if the payload is none that was asked for; None: anything."""
        made = self._function.values[value]
        if made.op == "compare":
            return self._unequal(made)
        return False if self._found.get(value) == "part" else None

    def _unequal(self, made: Value) -> bool | None:
        """The same, of a comparison of a part with something, or of the whole with more than
        nothing."""
        subject = next((side for side in made.args if side in self._found), None)
        if subject is None or self._found[subject] == "bare":
            return None
        other = made.args[1] if subject == made.args[0] else made.args[0]
        if self._found[subject] == "hint":
            expected = self._function.values[other].op != "const"
            return made.text == "!=" if expected and made.text in ("==", "!=") else None
        whole = self._found[subject] == "whole"
        if made.text in ("is", "==", "is not", "!=") and self._is_nothing(other):
            return None if whole else made.text in ("is", "==")
        if made.text in ("in", "not in") and whole and subject == made.args[1]:
            return None  # what is there may be there in the answer of a failure, too
        if made.text in ("==", "!=", "in", "not in"):
            return made.text in ("!=", "not in")
        if whole or made.text not in ("<", "<=", ">", ">="):
            return None
        return (made.text[0] == "<") is (subject == made.args[0])

    def _is_nothing(self, value: int) -> bool:
        made = self._function.values[value]
        if made.op == "const":
            return made.text in _NOTHING
        return made.op in _EMPTY and not made.args

    def _end(self, turn: Turn, asked: int) -> Refusal | None:
        """How all ways from a turn on end, if by an exception or without a result. A way ends where
        the same is asked again, as a loop asks it of each part."""
        todo, seen = [turn.point], {turn.point, asked}
        found: Refusal = "raises"
        while todo:
            point = self._ways.points[todo.pop()]
            last = self._ways.last_effect(point)
            if (last is not None and last.kind == "raise") or self._exits(point):
                continue
            onward = [turn.point for turn in point.turns if not turn.raised]
            if not onward:
                if last is None or last.kind != "return" or not self._says_nothing(last.args[0]):
                    return None
                found = "gives up"
            todo += (point for point in onward if point not in seen)
            seen.update(onward)
            if len(seen) > _MOST_POINTS:
                return None
        return found

    def _exits(self, point: Point) -> bool:
        """Whether the process is ended at a point."""
        values = self._function.values
        calls = (values[item.value] for item in point.items if item.value >= 0)
        return any(each.op == "call" and values[each.args[0]].text in _EXITS for each in calls)

    def _says_nothing(self, value: int) -> bool:
        if self._function.values[value].op == "const":
            return True
        return self._is_nothing(value) and not self._body.users(value)


def _derived(
    body: Body, words: Vocabulary, payload: Iterable[int], hints: Iterable[int]
) -> dict[int, _Kind]:
    """What is made of a payload or a hint: `whole`, it is the payload still, only read as
    something; `part`; `bare`, a part that must be there, so that to read it raises without anybody
    asking; `hint`."""
    found: dict[int, _Kind] = {**dict.fromkeys(hints, "hint"), **dict.fromkeys(payload, "whole")}
    todo = list(found)
    while todo and len(found) < _MOST:
        current = todo.pop()
        for user, position in body.users(current):
            kind = _made_of(body.function, body.function.values[user], position, words)
            if kind is not None and user not in found:
                is_hint = found[current] == "hint"
                found[user] = "hint" if is_hint else max(kind, found[current], key=_ORDER.index)
                todo.append(user)
    return found


def _made_of(function: Function, made: Value, position: int, words: Vocabulary) -> _Kind | None:
    """What a value is that has another one as its argument; None: something else."""
    if made.op in _SAME:
        return "whole"
    if made.op == "elem":
        return "whole" if made.text else "part"
    if made.op == "item":
        bare = not position and text_of(function.values[made.args[1]]) is not None
        return "bare" if bare else None if position else "part"
    if made.op in _PARTS:
        return "part"
    if made.op == "attr":
        return "whole" if made.text in _STRINGS else "part"
    if made.op != "call" or (position and is_log(function, made)):
        return None
    name = function.values[made.args[0]].text.rpartition(":")[2]
    if position and name == "isinstance":  # an error document is one, too
        return None
    return "whole" if not position or name in words.readers else "part"
