"""One object in one function: which values hold it, and what uses them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..model.source import Span
from .activation import Entry, State, Trace
from .assume import Assumption
from .calls import Calls
from .closures import Closures
from .definitions import FunctionRef
from .effects import Effects
from .finding import Step
from .implicit import Implicit
from .shape import Shape
from .stores import Stores
from .summary import Event, Summary, Use, Where, closure_in, keyed
from .transfers import Transfers

if TYPE_CHECKING:
    from .travel import Travel

_LONGEST = 5
_MOST_STATES = 3000
_TESTS = frozenset({"compare", "not", "refine", "more", "matches"})


class Activation(Transfers, Effects, Stores, Calls, Closures, Implicit):
    """One object in one function."""

    def __init__(
        self, travel: Travel, function: FunctionRef, entry: Entry, summary: Summary, *, top: bool
    ) -> None:
        self.travel = travel
        self.project = travel.project
        self.ref = function
        self.entry = entry
        self.shape = entry.shape
        self.summary = summary
        self.top = top
        self.seen: dict[State, bool] = {}
        self.todo: list[tuple[State, Trace]] = []

    def run(self) -> None:
        """Follow the object until there is nowhere left to go."""
        module = self.project.module(self.ref.module)
        body = self.travel.bodies.of(self.ref)
        if module is None or body is None:
            return
        self.path = module.path
        self.facts = module.facts
        self.body = body
        self.function = body.function
        starts = self._starts()
        constants = dict(self.entry.constants)
        known: dict[int, Shape | str] = {}
        for index, value in enumerate(self.function.values):
            if value.op == "param" and value.text in constants:
                known[index] = constants[value.text]
        if not self.entry.where and not self.entry.part:
            known.update(dict.fromkeys(starts, self.shape))
        self.assumed = Assumption(self.function, known)
        piece = self.shape if self.entry.part else None
        trace = Trace((), True, self.assumed, piece=piece)
        for start in starts:
            self.push(start, self.entry.where, self.entry.part, trace)
        if self.entry.free:
            owner = self.function.captures.get(self.entry.name, -1)
            self.hand_inwards(owner, self.entry.name, trace)
        while self.todo and len(self.seen) < _MOST_STATES:
            self._visit(*self.todo.pop())
        if self.todo:
            self.lose("held in too many places to follow", None)
        if self.entry.op:
            self.summary.held.update((s.value, s.where) for s in self.seen if not s.part)

    def _starts(self) -> list[int]:
        if self.entry.op == "made":
            return [int(self.entry.name)]
        op = self.entry.op or ("free" if self.entry.free else "param")
        return [
            index
            for index, value in enumerate(self.function.values)
            if value.op == op and value.text == self.entry.name
        ]

    # states

    def push(self, value: int, where: Where, part: bool, trace: Trace) -> None:
        """The object sits there now: to be looked at, unless it is known already."""
        if len(where) > _LONGEST:
            self.lose("nested more than five deep", self.function.values[value].at)
            return
        if self.function.values[value].block not in trace.assumed.blocks:
            return
        state = State(value, where, part)
        old = self.seen.get(state)
        if old is None or (trace.sure and not old):
            self.seen[state] = trace.sure
            self.todo.append((state, trace))

    def _visit(self, state: State, trace: Trace) -> None:
        trace = self._assuming(state, trace)
        values, blocks = self.function.values, trace.assumed.blocks
        if values[state.value].block not in blocks:
            return
        later = trace._replace(since=None)
        for user, position in self.body.users(state.value):
            made = values[user]
            if made.block not in blocks:
                continue
            if made.op in ("phi", "refine"):
                self._alias(state, user, position, trace)
            elif made.op not in ("item", "attr") or self.still_there(
                state, (made.block, user), trace
            ):
                self.transfer(state, user, made, position, later)
        for use in self.body.effects(state.value):
            if use.block in blocks and (
                trace.since is None
                or self.body.follows(trace.since, (use.block, use.effect.after), set())
            ):
                self.effect(state, use, later)
        self.capture(state, trace)

    def _assuming(self, state: State, trace: Trace) -> Trace:
        """On the ways where this value is the object, conditions on it are known."""
        if state.where or trace.assumed.knows(state.value):
            return trace
        same = self._read_again(state.value)
        if not any(self._is_tested(value) for value in same):
            return trace
        return trace._replace(assumed=trace.assumed.also(same, self.piece(state, trace)))

    def _read_again(self, value: int) -> list[int]:
        """The value, and others that read the same attribute or item of the same value, if
        nothing here writes it."""
        made = self.function.values[value]
        if made.op not in ("attr", "item"):
            return [value]
        key = None if made.op == "attr" else self.key_of(made.args[1])
        if made.op == "item" and key is None:
            return [value]
        for use in self.body.effects(made.args[0]):
            if use.effect.kind in ("setitem", "setattr") and not use.position:
                return [value]
        found = []
        for user, position in self.body.users(made.args[0]):
            other = self.function.values[user]
            if position == 0 and other.op == made.op and other.text == made.text:
                if made.op == "attr" or self.key_of(other.args[1]) == key:
                    found.append(user)
        return found

    def _is_tested(self, value: int) -> bool:
        return any(self._is_test(user) for user, _ in self.body.users(value)) or any(
            use.effect.kind == "test" for use in self.body.effects(value)
        )

    def _is_test(self, user: int) -> bool:
        made = self.function.values[user]
        if made.op == "attr":  # a loop over `x.items()` asks whether there are any
            return made.text in ("items", "keys", "values")
        return made.op in _TESTS or (
            made.op == "call" and self.function.values[made.args[0]].op == "builtin"
        )

    def still_there(self, state: State, place: tuple[int, int], trace: Trace) -> bool:
        """Whether the object, put into a container or attribute, is there when it is read."""
        if trace.since is not None and not self.body.follows(trace.since, place, set()):
            return False
        origin = self.function.values[state.value]
        begin = trace.since or (origin.block, state.value)
        killers = []
        for use in self.body.effects(state.value) if state.where else ():
            effect = use.effect
            if use.position or effect.kind not in ("setitem", "setattr"):
                continue
            label = f".{effect.text}"
            if effect.kind == "setitem":
                key = self.key_of(effect.args[1])
                label = "" if key is None else keyed(key)
            written = (use.block, effect.after)
            if label == state.where[0] and written > begin:
                killers.append(written)
        return not killers or self.body.reaches(begin, place, killers, set())

    def _alias(self, state: State, user: int, position: int, trace: Trace) -> None:
        made = self.function.values[user]
        if made.op == "refine":
            if position:
                return
            itself = not state.where and not state.part
            if itself and not trace.assumed.admits(user, self.shape):
                return
        self.push(user, state.where, state.part, trace)

    def use(self, state: State, kind: str, key: int | None) -> None:
        """Take note of how the object itself is used."""
        if not state.where and not state.part:
            self.summary.uses.add(Use(kind, key))

    # what is said of it

    def step(self, at: Span | None, message: str) -> Step:
        """A stop on the way, in this file."""
        return Step(self.path, at or self.function.at, message)

    def change(self, state: State, how: str, at: Span | None, trace: Trace) -> None:
        """The object, or a piece of it, is changed here."""
        step = self.step(at, f"a part of it is {how}" if state.part else how)
        self.summary.event(Event("changed", how, (*trace.steps, step), trace.sure))

    def leave(self, state: State, how: str, at: Span | None, trace: Trace) -> None:
        """The object can be reached after the call; a piece of it that leaves is not it."""
        label = closure_in(state.where)
        if label is not None:
            self.closure_leaves(label, state, how, at, trace)
        elif not state.part or (trace.piece is not None and trace.piece.whole):
            steps = (*trace.steps, self.step(at, how))
            self.summary.event(Event("left", how, steps, trace.sure))

    def lose(self, cause: str, at: Span | None) -> None:
        """The object goes where nobody can follow."""
        self.summary.unknown.setdefault(cause, self.step(at, cause))
