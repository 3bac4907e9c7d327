"""What a search has found, as a person can follow it: the ways, and the steps of one."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

from ..model.source import Span
from .definitions import FunctionRef
from .finding import Step
from .looks import claims_success
from .results import Result
from .ways import Turn, Ways

if TYPE_CHECKING:
    from .project import Module


_OPTION = re.compile(
    r"(?<![a-z])(raise|check_|ignore_|allow_|suppress|fail_?on)|_errors?$|_check$", re.IGNORECASE
)
"""How settings are called that say whether a failure is an error."""


class Way(NamedTuple):
    """A way without a look. `end`: "payload", it is used there; "end", the function ends; "again",
    the call is made again. `sure` is False if a decorator that nobody knows stands in the way,
    `raised` says that something else raises on it and is caught. `used` is the first use."""

    steps: tuple[Step, ...]
    end: Literal["payload", "end", "again"]
    sure: bool = True
    raised: bool = False
    used: Step | None = None

    @property
    def until_used(self) -> tuple[Step, ...]:
        """The steps up to the first use."""
        return self.steps if self.used is None else self.steps[: self.steps.index(self.used) + 1]


@dataclass
class Answer:
    """The ways of one result through one function, one for each kind of end (None: there is no
    such way), and where it was lost sight of, by cause.

    `returned`: it is given back before anyone has looked; `given`: its payload is; `verdict`: what
    tells of its failure is. `looked`: on some other way somebody looks.
    """

    payload: Way | None = None
    end: Way | None = None
    returned: Way | None = None
    given: Way | None = None
    verdict: Way | None = None
    looked: bool = False
    causes: dict[str, Step] = field(default_factory=dict)

    @property
    def way(self) -> Way | None:
        """The way to report, if any: one without exceptions first, then to a use."""
        ways = [way for way in (self.payload, self.given, self.end) if way is not None]
        return min(ways, key=lambda way: way.raised) if ways else None

    @property
    def may_matter(self) -> bool:
        """Whether, on some other way, what the result tells may matter to somebody."""
        return self.looked or self.returned is not None or bool(self.causes)

    @property
    def kinds(self) -> tuple[bool, ...]:
        """What grows while recursion is followed to its end."""
        ways = (self.payload, self.end, self.returned, self.given)
        return tuple(way is not None for way in ways)


class State(NamedTuple):
    """Where a way stands: who holds the result, whether its payload has been read or used, and
    what is known on this way of conditions that are asked more than once (of a loop over something
    that is not empty, under the complement of its number: that it has had a turn)."""

    point: int
    held: frozenset[int]
    read: int
    known: frozenset[tuple[int, bool]]


class Trail:
    """The states of one search, and how each was come to."""

    def __init__(self, module: Module, ref: FunctionRef, result: Result, ways: Ways) -> None:
        self.module = module
        self.ref = ref
        self.result = result
        self.function = result.function
        self.ways = ways
        self.before: dict[State, tuple[State, Turn] | None] = {}
        self.raised: set[State] = set()
        self.unsure: set[State] = set()
        self.uses: dict[State, tuple[Step, ...]] = {}
        """The first use on a way, by the state behind it."""
        self.use: tuple[Step, ...] = ()
        """The same, while one point is run."""

    def way(
        self, end: Literal["payload", "end", "again"], state: State, at: Span | None, text: str
    ) -> Way:
        """The way to a state, and then to its end at a place of which `text` is said."""
        steps = [self.step(at, text)]
        used = self.use
        steps += used[::-1]
        here: State | None = state
        option = False
        while here is not None:
            before = self.before[here]
            option = option or (before is not None and self._is_option(*before))
            steps += self._claims(here, end)
            if before is not None and (step := self._turned(before[0], before[1])) is not None:
                steps.append(step)
            if here in self.uses:
                used = self.uses[here]
                steps += used[::-1]
            here = before[0] if before is not None else None
        if used:
            end = "payload"
        sure, raised = state not in self.unsure and not option, state in self.raised
        return Way(tuple(steps[::-1]), end, sure, raised, used[-1] if used else None)

    def _is_option(self, origin: State, turn: Turn) -> bool:
        """Whether a setting decides here that nobody looks: `if self.raise_for_status:`. Then
        whoever makes that setting has been told."""
        if turn.condition is None:
            return False
        made = self.function.values[turn.condition]
        while made.op in ("not", "refine"):
            made = self.function.values[made.args[0]]
        if made.op not in ("attr", "param") or not _OPTION.search(made.text):
            return False
        others = [t.point for t in self.ways.points[origin.point].turns if t.point != turn.point]
        items = [item for other in others for item in self.ways.points[other].items]
        return any(e.kind == "look" for item in items for e in self.result.events.get(item, ()))

    def _claims(self, state: State, end: str) -> list[Step]:
        """Where it is counted or logged as a success on a way to an end, latest first."""
        found: list[Step] = []
        started = self.before[state] is not None
        for item in self.ways.points[state.point].items:
            started = started or item.value == self.result.start
            if started and item.effect >= 0 and end != "again":
                effect = self.function.blocks[item.block].effects[item.effect]
                if claims_success(self.function, effect):
                    found.append(self.step(effect.at, "and here it counts as a success"))
        return found[::-1]

    def _turned(self, origin: State, turn: Turn) -> Step | None:
        """What decides that a way goes on like this."""
        if turn.raised:
            last = self.ways.last_effect(self.ways.points[origin.point])
            return self.step(last.at, "raises, and it is caught") if last is not None else None
        if turn.condition is None or self.ways.literal(turn.condition) is not None:
            return None
        made = self.function.values[turn.condition]
        if made.op == "more":
            text = "has another element" if turn.outcome else "has no more elements"
        else:
            text = f"is {'true' if turn.outcome else 'false'}"
        asked = (
            effect.at
            for effect in self.function.blocks[self.ways.points[origin.point].block].effects
            if effect.kind == "test" and effect.args == (turn.condition,)
        )
        at = next(asked, made.at)
        return self.step(at, text) if at is not None else None

    def step(self, at: Span | None, message: str) -> Step:
        """One stop; None: where the function ends."""
        return Step(self.module.path, at or self._last(), message)

    def _last(self) -> Span:
        """Where a function ends of itself: behind its last line."""
        at = self.function.at
        if not self.ref.index:
            line = len(self.module.source.lines)
            return Span(line, 1, line, 1)
        return Span(at.end_line, at.end_column, at.end_line, at.end_column)
