"""Which parameters of a project's function become labels: where the function writes to a metric
itself, or passes them on to one that does.

A caller in another file asks this; callers in the function's own file are seen from its labels.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from ..model.facts import Function, Value
from .callers import arguments
from .cardinality import DOUBTFUL, UNBOUNDED
from .definitions import ClassRef, FunctionRef, Ref
from .finding import Step
from .fold import Fold
from .lattice import Context, Folded
from .metrics import DEFINITION, Label, Metrics, Sink
from .rounds import Rounds
from .thing import ClassThing, Made, Thing

if TYPE_CHECKING:
    from .project import Project
    from .values import Values

_DEEPEST = 8


class Reached(NamedTuple):
    """A label that a parameter becomes: the steps from the function to there."""

    parameter: str
    sink: Sink
    label: Label
    steps: tuple[Step, ...]


class Emitting:
    """Answers of "does this parameter become a label?" for one project."""

    def __init__(self, project: Project, values: Values, metrics: Metrics, fold: Fold[int]) -> None:
        self._project = project
        self._values = values
        self._metrics = metrics
        self._fold = fold
        self._functions: Rounds[FunctionRef, tuple[Reached, ...]] = Rounds(
            self._found, tuple, lambda old, new: len(new) > len(old), tuple, _DEEPEST
        )

    def calls(self, ref: Ref, made: Value) -> Iterator[tuple[Ref, Reached]]:
        """The arguments of a call that become labels in a function of another file."""
        for thing in self._values.describe(ref._replace(value=made.args[0])):
            entered = self._entered(thing)
            if entered is None or entered.function.module == ref.module:
                continue
            reached = {one.parameter: one for one in self._functions.ask(entered.function)}
            if reached:
                function = self._values.function(entered.function)
                for param, argument in arguments(function, entered.bound, made):
                    if argument is not None and param.name in reached:
                        yield ref._replace(value=argument), reached[param.name]

    def _entered(self, thing: Thing) -> Made | None:
        """The function that a call enters: of a class, its `__init__`."""
        if isinstance(thing, ClassThing):
            found = self._project.classes.find_method(thing.ref, "__init__").functions
            return Made(found[0], 1) if found else None
        return thing if isinstance(thing, Made) and thing.sure else None

    def _found(self, ref: FunctionRef) -> tuple[Reached, ...]:
        module = self._project.module(ref.module)
        if module is None:
            return ()
        function = module.facts.functions[ref.index]
        depending = _depending(function)
        found: dict[str, Reached] = {}
        for value, made in enumerate(function.values):
            if made.op != "call":
                continue
            call = Ref(ref.module, ref.index, value)
            if depending.intersection(made.args):
                for reached in self._in_call(ref, function, call, made):
                    found.setdefault(reached.parameter, reached)
        if function.name == "__init__" and function.owner >= 0:
            for reached in self._kept(ref, function):
                found.setdefault(reached.parameter, reached)
        return tuple(found.values())

    def _in_call(
        self, ref: FunctionRef, function: Function, call: Ref, made: Value
    ) -> Iterator[Reached]:
        for sink in self._metrics.of(call):
            for label in sink.labels if sink.row.role != DEFINITION else ():
                for name in self._reaching(ref, function, label.value, call):
                    steps = self._fold.step(call, f"where `{name}` becomes a label")
                    yield Reached(name, sink, label, steps)
        for thing in self._values.describe(call._replace(value=made.args[0])):
            entered = self._entered(thing)
            if entered is None or entered.function == ref:
                continue
            inner = {one.parameter: one for one in self._functions.ask(entered.function)}
            callee = self._values.function(entered.function) if inner else function
            for param, argument in arguments(callee, entered.bound, made) if inner else ():
                if argument is None or param.name not in inner:
                    continue
                value = call._replace(value=argument)
                for name in self._reaching(ref, function, value, call):
                    step = self._fold.step(call, f"passed on as `{param.name}`")
                    further = inner[param.name]
                    yield further._replace(parameter=name, steps=(*step, *further.steps))

    def _kept(self, ref: FunctionRef, function: Function) -> Iterator[Reached]:
        """What a constructor keeps in fields that become labels in the class's methods."""
        owner = ClassRef(ref.module, function.owner)
        for method in self._project.classes.facts(owner).methods.values():
            for index in method:
                inside = self._values.function(FunctionRef(ref.module, index))
                for value, made in enumerate(inside.values) if index != ref.index else ():
                    call = Ref(ref.module, index, value)
                    for sink in self._metrics.of(call) if made.op == "call" else ():
                        for label in sink.labels:
                            for name in self._reaching(ref, function, label.value, call):
                                steps = self._fold.step(call, f"where `{name}` becomes a label")
                                yield Reached(name, sink, label, steps)

    def _reaching(
        self, ref: FunctionRef, function: Function, value: Ref, call: Ref
    ) -> Iterator[str]:
        """The parameters that make a value unbounded at a call if they are."""
        first = 1 if function.owner >= 0 else 0
        names = [p.name for p in function.params[first:] if p.kind not in ("*", "**")]
        for name in names:
            context: Context[int] = tuple(
                (ref, each, Folded(UNBOUNDED if each == name else self._fold.lattice.finite))
                for each in names
            )
            here = (value.module, value.function) == (call.module, call.function)
            worth = (
                self._fold.fold_at(value, call.value, context)
                if here
                else self._fold.fold(value, context)
            )
            if worth.element >= DOUBTFUL and not worth.steps:
                yield name


def _depending(function: Function) -> set[int]:
    """The values that are made of parameters."""
    found: set[int] = set()
    for _ in range(2):  # once more for what comes round in a loop
        for index, value in enumerate(function.values):
            if value.op == "param" or found.intersection(value.args):
                found.add(index)
    return found
