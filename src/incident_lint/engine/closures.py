"""Closures and partials: functions that see the object, and what they do when they run."""

from __future__ import annotations

from ..model.source import Span
from .activation import Entry, Ground, State, Trace
from .definitions import FunctionRef
from .summary import Event, Summary, Where, behind, closure, closure_in, partial
from .thing import ClassThing, Made


class Closures(Ground):
    """The part of an activation that follows the object into functions made here."""

    def capture(self, state: State, trace: Trace) -> None:
        """Functions made here see a variable that holds the object, or have it as a default."""
        for child, name in self.travel.bodies.defaults(self.ref, state.value):
            label = partial(self.ref.module, child, name)
            later = trace._replace(since=None)
            self._made_with(child, (label, *state.where), state.part, later)
        for name, bound in self.function.binds.items():
            for position, value in enumerate(bound):
                if value == state.value and self.ref.index:
                    self._captured(state, name, position, trace)

    def _made_with(self, child: int, where: Where, part: bool, trace: Trace) -> None:
        for index, value in enumerate(self.function.values):
            if value.op == "func" and value.text == str(child):
                self.push(index, where, part, trace)

    def _captured(self, state: State, name: str, position: int, trace: Trace) -> None:
        for child in self.travel.bodies.capturing(self.ref, self.ref.index, name):
            for index, value in enumerate(self.function.values):
                if value.op == "func" and value.text == str(child):
                    made = (value.block, index)
                    if self.still_there(state, made, trace) and self._reaches(
                        name, position, made, trace
                    ):
                        self.use(state, "captured", None)
                        where = (closure(self.ref.module, child, name), *state.where)
                        later = trace._replace(since=None)
                        self.push(index, where, state.part, later)
                        self._method_made(child, where, state.part, later)

    def _method_made(self, child: int, where: Where, part: bool, trace: Trace) -> None:
        """A class made here has a method that sees the object: so do the class's instances."""
        owner = self.facts.functions[child].owner
        for index, value in enumerate(self.function.values):
            if owner >= 0 and value.op == "class" and value.text == str(owner):
                self.push(index, where, part, trace)

    def _reaches(self, name: str, position: int, made: tuple[int, int], trace: Trace) -> bool:
        """Whether a binding of a name is what a closure made there sees, then or later."""
        places = self.function.bound_at[name]
        bound = places[position]
        gone = set(range(len(self.function.blocks))) - trace.assumed.blocks
        return self.body.follows(made, bound, gone) or self.body.reaches(
            bound, made, [place for place in places if place != bound], gone
        )

    def hand_inwards(self, owner: int, name: str, trace: Trace) -> None:
        """A closure inside this closure sees the same variable."""
        for child in self.travel.bodies.capturing(self.ref, owner, name):
            label = closure(self.ref.module, child, name)
            self._made_with(child, (label, *self.entry.where), self.entry.part, trace)

    def called(self, state: State, call: int, trace: Trace) -> None:
        """The value in which the object sits is called: a closure, a partial, a class."""
        if not state.where or closure_in(state.where[:1]) is None:
            return
        made = self.function.values[call]
        if self.function.values[state.value].op == "class" or any(
            isinstance(thing, ClassThing) for thing in self.describe(state.value)
        ):
            self.push(call, state.where, state.part, trace)  # an instance sees it, too
            return
        module, index, name, free = behind(state.where[0])
        target = Made(FunctionRef(module, index))
        step = self.step(made.at, f"`{self.spell(made.args[0])}()` sees it as `{name}`")
        entry = Entry(name, free, state.where[1:], state.part, self.shape)
        self.into(target, call, entry, trace.then(step))

    def _behind(self, label: str, state: State) -> Summary:
        module, index, name, free = behind(label)
        where = state.where[state.where.index(label) + 1 :]
        entry = Entry(name, free, where, state.part, self.shape)
        return self.travel.follow(FunctionRef(module, index), entry)

    def closure_leaves(
        self, label: str, state: State, how: str, at: Span | None, trace: Trace
    ) -> None:
        """A function that sees the object outlives the call: does it change it, or give it out?"""
        summary = self._behind(label, state)
        trace = trace.then(self.step(at, f"a function that sees it is {how}"))
        self.take_events(summary, trace)
        for left in summary.exits.values():
            if not left.part or (trace.piece is not None and trace.piece.whole):
                inside = "handed out by a function that outlives the call"
                found = trace.then(*left.steps, sure=left.sure)
                self.summary.event(Event("left", inside, found.steps, found.sure))

    def closure_passed(self, label: str, state: State, call: int, trace: Trace) -> None:
        """A function that sees the object is passed on: only what it changes counts."""
        made = self.function.values[call]
        name = self.spell(made.args[0])
        step = self.step(made.at, f"a function that sees it is passed to `{name}()`")
        self.take_events(self._behind(label, state), trace.then(step), "changed")
