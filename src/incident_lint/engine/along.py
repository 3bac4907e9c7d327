"""What is known along the calls that lead from an entry point to a place: what parameters are worth
there, and where and how the way is told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Generic

from ..model.facts import Function
from ..model.source import Span
from .callers import arguments, collected
from .definitions import FunctionRef
from .finding import Step
from .fold import Fold
from .lattice import Context, T
from .serving import Call, Reached

if TYPE_CHECKING:
    from .project import Project
    from .values import Values


class Along(Generic[T]):
    """Answers about ways from entry points, in one lattice."""

    def __init__(self, project: Project, values: Values, fold: Fold[T]) -> None:
        self._project = project
        self._values = values
        self._fold = fold

    def context(self, reached: Reached, names: frozenset[str]) -> Context[T]:
        """What parameters of a function are worth, along the calls that lead there; at each step,
        only what these are made of."""
        needed = [names]
        for call in reversed(reached.calls):
            needed.append(self._made_of(call, needed[-1]))
        context: Context[T] = ()
        for call, wanted in zip(reached.calls, needed[-2::-1], strict=True):
            context = self._fold.inside(call.made, call.at, context, wanted)
            context = tuple(entry for entry in context if entry[0] == call.made.function)
        return context

    def _made_of(self, call: Call, names: frozenset[str]) -> frozenset[str]:
        """The caller's parameters that some of a callee's are made of."""
        caller = self._values.function(FunctionRef(call.at.module, call.at.function))
        callee = self._values.function(call.made.function)
        value = caller.values[call.at.value]
        given = arguments(callee, call.made.bound, value)
        wanted = [a for param, a in given if a is not None and param.name in names]
        for param in callee.params:
            if param.kind in ("*", "**") and param.name in names:
                wanted += collected(callee, call.made.bound, value, param) or ()
        return parameters_in(caller, wanted)

    def place(
        self, function: FunctionRef, reached: Reached, home: str, written: Span, what: str
    ) -> tuple[Span, tuple[Step, ...]]:
        """Where something in the module `home` is reported, and the way there from the entry point
        `function`, with `what` happens there: at the place itself if that is in the entry point's
        file, else at the last call there."""
        steps: list[Step] = []
        at = written
        for call in reached.calls:
            made = self._project.names.value(call.at)
            module = self._project.module(call.at.module)
            if made is None or made.at is None or module is None:
                continue
            callee = self._values.function(call.made.function)
            steps.append(Step(module.path, made.at, f"calls `{callee.name}()`"))
            if call.at.module == function.module and home != function.module:
                at = made.at
        last = self._project.module(home)
        assert last is not None, "a module that was just followed is loaded"
        steps.append(Step(last.path, written, what))
        return at, tuple(steps)


def parameters_in(function: Function, values: Iterable[int]) -> frozenset[str]:
    """The parameters that values of a function are made of."""
    todo, seen, found = list(values), set(values), set()
    for value in todo:
        made = function.values[value]
        if made.op == "param":
            found.add(made.text)
        for part in made.args:
            if part >= 0 and part not in seen:
                seen.add(part)
                todo.append(part)
    return frozenset(found)
