"""What runs without a call in the text: properties, and the two ends of `with`."""

from __future__ import annotations

from ..model.source import Span
from .activation import Entry, Ground, State, Trace
from .thing import Instance, Made


class Implicit(Ground):
    """The part of an activation that follows the object into methods nobody calls by name."""

    def read_property(self, state: State, user: int, name: str, trace: Trace) -> None:
        """`value.name` runs a property's getter, which sees the object in `value`."""
        if not state.where and (state.part or self.shape.of is None):
            return
        for thing in self.holders(state, trace):
            if not isinstance(thing, Instance):
                continue
            for value in self.project.classes.attribute(thing.ref, name).values:
                for getter in self.travel.values.describe(value, ()):
                    if isinstance(getter, Made):
                        if self.project.classes.kind(getter.function) == "property":
                            at = self.function.values[user].at
                            self._runs_on(getter, state, user, at, name, trace)

    def entered(self, state: State, manager: int, at: Span, trace: Trace) -> None:
        """`with value:` runs `__enter__` and `__exit__`."""
        if not state.where and (state.part or self.shape.of is None):
            return
        results = [
            index
            for index, _ in self.body.users(manager)
            if self.function.values[index].op == "enter"
        ]
        for thing in self.holders(state, trace):
            for name in ("__enter__", "__exit__", "__aenter__", "__aexit__"):
                if not isinstance(thing, Instance):
                    continue
                result = results[0] if results and name.endswith("enter__") else None
                for method in self.project.classes.find_method(thing.ref, name).functions:
                    self._runs_on(Made(method, True), state, result, at, name, trace)

    def _runs_on(
        self,
        target: Made,
        state: State,
        result: int | None,
        at: Span | None,
        name: str,
        trace: Trace,
    ) -> None:
        """A method runs whose only argument is the value in which the object sits."""
        function = self.callee(target.function)
        if function is None or not function.params:
            return
        trace = trace.then(self.step(at, f"`{name}` of it runs"))
        entry = Entry(function.params[0].name, False, state.where, state.part, self.shape)
        summary = self.travel.follow(target.function, entry)
        self.take_events(summary, trace)
        if result is not None:
            for left in summary.exits.values():
                found = trace.then(*left.steps, sure=left.sure)
                self.push(result, left.where, left.part, found)
