"""Follows the responses of a running program.

Each response is owned by the frame that made the call. A frame that returns the response gives it,
and with it the duty, to the frame that called it. One that returns what tells of the failure has
done its duty, and whether its caller looks is not judged. A frame that ends by an exception owes
nothing: that tells its caller.
"""

from __future__ import annotations

import ast
import contextlib
import sys
import types
from collections import defaultdict
from typing import Any, NamedTuple

from .fakes import Outcome
from .tainted import Record, Tainted, within

MOST_TOLD = 4
"""How many calls of one run have every outcome; later ones are fine."""
MOST_FAILING = 8
"""So many fail in the run in which all do: whoever tries until it works is to come to an end."""
MOST_CALLS = 40
_COMPREHENSIONS = ("<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>")
_GIVES, _OVER, _LEAVES, _CAUGHT = "__gives__", "__over__", "__leaves__", "__caught__"
_ANSWERS = "__answers__"


class TooLong(BaseException):
    """The program called too often: the generator made an endless one."""


class Place(NamedTuple):
    """A call: the file below the program's root, and the 1-based line."""

    path: str
    line: int


class Truth(NamedTuple):
    """What execution showed. `unseen` are the calls whose failure can pass unseen. `doubtful` are
    those of them about which the linter's rules allow a suspicion only: it takes an exception of
    something else that is caught in the same function, or the function that has made the call
    looks on other ways and so may be told to look.
    `unknown` those whose response can be reached when the program ends, and those of functions that
    give what tells of the failure; `called` all calls."""

    unseen: frozenset[Place]
    doubtful: frozenset[Place]
    unknown: frozenset[Place]
    called: frozenset[Place]
    errors: frozenset[str]
    runs: int


class Watch:
    """Follows the responses of all runs of a program with these files."""

    def __init__(self, files: frozenset[str]) -> None:
        self._files = files
        self._found: dict[str, set[Place]] = defaultdict(set)
        self._unseen: set[tuple[Place, Place, bool]] = set()
        self._looking: set[Place] = set()
        self._records: list[Record] = []
        self.roots: list[object] = []
        self.begin(())

    def begin(self, outcomes: tuple[Outcome, ...]) -> None:
        """A run begins, whose first calls end like this."""
        self._keep()
        self.calls = 0
        self._outcomes = outcomes
        self._records = []
        self._given: dict[types.FrameType, object] = {}
        self._left: set[types.FrameType] = set()

    def truth(self, errors: frozenset[str], runs: int) -> Truth:
        """What all runs showed."""
        self._keep()
        sure = {
            place
            for place, home, caught in self._unseen
            if not caught and (place == home or home not in self._looking)
        }
        return Truth(
            frozenset(sure),
            frozenset({place for place, _, _ in self._unseen} - sure),
            frozenset(self._found["unknown"] - sure),
            frozenset(self._found["called"]),
            errors,
            runs,
        )

    def _keep(self) -> None:
        """Remember where the function that has called the library has looked itself."""
        self._looking |= {
            Place(*record.home) for record in self._records if record.looked and not record.moved
        }

    def call(self) -> tuple[Outcome, Record]:
        """A call of a library: what is to happen, and the record of its response."""
        number, self.calls = self.calls, self.calls + 1
        if number > MOST_CALLS:
            raise TooLong
        failing = MOST_FAILING if not self._outcomes else MOST_TOLD
        outcome: Outcome = "fails" if number < failing else "fine"
        if number < len(self._outcomes):
            outcome = self._outcomes[number]
        owner, place = self._owner(sys._getframe(2))
        record = Record(outcome == "fails", owner, place)
        self._found["called"].add(place)
        self._records.append(record)
        return outcome, record

    def _owner(self, frame: types.FrameType | None) -> tuple[types.FrameType | None, Place]:
        """The function of the program that a call belongs to, and where the call is."""
        while frame is not None and frame.f_code.co_filename not in self._files:
            frame = frame.f_back
        if frame is None:
            return None, Place("", 0)
        place = Place(frame.f_code.co_filename, frame.f_lineno)
        while frame is not None and frame.f_code.co_name in _COMPREHENSIONS:
            frame = frame.f_back
        return frame, place

    # called by the program

    def names(self) -> dict[str, object]:
        """What `Instrument` calls, by name."""
        return {
            _GIVES: self.gives,
            _OVER: self.over,
            _LEAVES: self.leaves,
            _CAUGHT: self.caught,
            _ANSWERS: self.answers,
        }

    def gives(self, value: object) -> object:
        """The value of a `return`, whose function may still do something in a `finally`."""
        self._given[sys._getframe(1)] = value
        return value

    def leaves(self) -> None:
        """An exception leaves a function."""
        self._left.add(sys._getframe(1))

    def caught(self) -> None:
        """A function has caught an exception."""
        self.catches(sys._getframe(1))

    def catches(self, frame: types.FrameType) -> None:
        """A frame has caught an exception."""
        for record in self._records:
            record.caught |= record.owner is frame

    def over(self) -> None:
        """A function ends."""
        frame = sys._getframe(1)
        given = self._given.pop(frame, None)
        self._ends(frame, given, frame in self._left)
        self._left.discard(frame)

    def answers(self, value: object) -> object:
        """The value of a lambda."""
        self._ends(sys._getframe(1), value, False)
        return value

    # judging

    def _ends(self, frame: types.FrameType, given: object, left: bool) -> None:
        for record in self._records:
            if record.owner is frame:
                record.owner = None
                if record.failing and not record.looked and not left:
                    self._judge(record, frame, given)

    def _judge(self, record: Record, frame: types.FrameType, given: object) -> None:
        place = Place(*record.place)
        telling = [found for found in within(given) if _record(found) is record]
        if telling:
            owner, there = self._owner(frame.f_back)
            if not any(found is given for found in telling):
                if not isinstance(telling[0], Tainted):
                    self._found["unknown"].add(place)
            elif isinstance(given, Tainted):
                if owner is not None:
                    self._found["unknown"].add(there)
            else:
                record.owner, record.place, record.caught = owner, there, False
                record.moved = True
                if owner is not None:
                    self._found["called"].add(there)
            return
        kept = [found for found in within(self.roots) if _record(found) is record]
        if kept:
            if not isinstance(kept[0], Tainted):
                self._found["unknown"].add(place)
            return
        self._unseen.add((place, Place(*record.home), record.caught))


def _record(found: Any) -> Record:
    record = found.record
    assert isinstance(record, Record)
    return record


class Instrument(ast.NodeTransformer):
    """Tells the watch what each function gives, and how it ends."""

    def _function(self, node: Any) -> Any:
        self.generic_visit(node)
        leaves = ast.ExceptHandler(None, None, [_told(_LEAVES), ast.Raise()])
        node.body = [ast.Try(node.body, [leaves], [], [_told(_OVER)])]
        return node

    visit_FunctionDef = visit_AsyncFunctionDef = _function

    def visit_Lambda(self, node: ast.Lambda) -> Any:
        self.generic_visit(node)
        node.body = _call(_ANSWERS, node.body)
        return node

    def visit_Return(self, node: ast.Return) -> Any:
        self.generic_visit(node)
        node.value = _call(_GIVES, node.value or ast.Constant(None))
        return node

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> Any:
        self.generic_visit(node)
        node.body.insert(0, _told(_CAUGHT))
        return node


def _call(name: str, *given: ast.expr) -> ast.Call:
    return ast.Call(ast.Name(name, ast.Load()), list(given), [])


def _told(name: str) -> ast.Expr:
    return ast.Expr(_call(name))


def suppressing(watch: Watch) -> type[contextlib.suppress]:
    """In place of `contextlib.suppress`: one that tells the watch when it catches something."""

    class Suppress(contextlib.suppress):
        def __exit__(self, *exception: Any) -> Any:
            swallowed = super().__exit__(*exception)
            if swallowed:
                watch.catches(sys._getframe(1))
            return swallowed

    return Suppress
