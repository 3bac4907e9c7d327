"""Which values does a function put into structured text that it sends: its own, its callees'?

A function of the project that formats one of its parameters into such a text puts there whatever
its callers pass; so a *place* is a value, the syntax around it, and the way to the call that sends
the text. Whether a value gets there is asked of the fold: were this parameter from outside, would
what stands in the text be?
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from ..model.facts import Function, Value
from .callers import arguments
from .definitions import FunctionRef, Ref
from .finding import Step
from .fold import Fold
from .lattice import Folded, inner_context
from .outside import Origin, question
from .payloads import Syntax, holes
from .rounds import Rounds
from .sent import Sending
from .thing import ClassThing, Instance, Made, object_of
from .validated import may_be_validated

if TYPE_CHECKING:
    from .project import Project

_TEXT = object_of("str")
_FIXED = frozenset({"const", "builtin", "from", "import", "func", "class", "compare", "not"})
_DEEPEST = 8


class Place(NamedTuple):
    """A value that stands in structured text. `at` is the expression that puts it there or, if a
    function of another module does, the call of that; `header` names the header, if it is one, and
    `quoted` says whether it stands between quotation marks."""

    value: Ref
    at: Ref
    syntax: Syntax
    quoted: bool
    call: str
    header: str
    steps: tuple[Step, ...]
    sure: bool


class Placed:
    """Answers of "what does this function put into structured text?" for one project."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._values = project.travel.values
        self._sending = Sending(project)
        self._folds: dict[Syntax, Fold[Origin]] = {}
        self._handed: Rounds[FunctionRef, tuple[tuple[str, Place], ...]] = Rounds(
            self._parameters, tuple, lambda old, new: len(new) > len(old), tuple, _DEEPEST
        )

    def worth(self, place: Place) -> Folded[Origin]:
        """Whether the value of a place comes from outside."""
        fold = self._fold(place.syntax)
        own = (place.value.module, place.value.function)
        if own != (place.at.module, place.at.function):
            return fold.fold(place.value)
        function = self._values.function(FunctionRef(*own))
        if may_be_validated(function, place.value.value, place.at.value):
            return Folded(Origin.INSIDE)  # "has nobody made sure of it?" reads unknown as no
        return fold.fold_at(place.value, place.at.value)

    def record(self, place: Place) -> str:
        """The field of an object that a value is, as `Class.field`, where the class declares it
        as text and nobody in sight has made the object; else ""."""
        names = self._project.names
        ref, value = place.value, names.value(place.value)
        while value is not None and value.op in ("display", "refine"):
            ref = ref._replace(value=value.args[0])
            value = names.value(ref)
        if value is None or value.op != "attr":
            return ""
        classes = self._project.classes
        for thing in self._values.describe(ref._replace(value=value.args[0])):
            if isinstance(thing, Instance):
                declared = classes.annotation(thing.ref, value.text)
                if declared is not None and self._values.annotated(declared) == (_TEXT,):
                    return f"{classes.facts(thing.ref).name}.{value.text}"
        return ""

    def of(self, ref: FunctionRef) -> Iterator[Place]:
        """The places that a function's own expressions fill, and those that functions of other
        modules fill with what it passes."""
        function = self._values.function(ref)
        for number, call in enumerate(function.values):
            if call.op == "call" and call.at is not None:
                yield from self._by_call(Ref(ref.module, ref.index, number), call)

    def _by_call(self, ref: Ref, call: Value) -> Iterator[Place]:
        for sent in self._sending.of(ref):
            for source in self._sending.formatted.sources(sent.value):
                for hole in holes(self._sending.formatted.pieces(source), sent.kind):
                    near = hole.where if hole.where.module == ref.module else sent.value
                    steps = sent.steps or self._step(ref, call, f"`{sent.call}` sends it")
                    yield Place(
                        hole.value,
                        near,
                        hole.syntax,
                        hole.quoted,
                        sent.call,
                        sent.name,
                        steps,
                        sent.sure,
                    )
        for made in self._called(ref, call):
            if made.function.module != ref.module:
                yield from self._passed(ref, call, made)

    def _called(self, ref: Ref, call: Value) -> Iterator[Made]:
        for thing in self._values.describe(ref._replace(value=call.args[0])):
            if isinstance(thing, Made):
                yield thing
            elif isinstance(thing, ClassThing):
                found = self._project.classes.find_method(thing.ref, "__init__").functions
                yield from (Made(function, 1) for function in found)

    def _passed(self, ref: Ref, call: Value, made: Made) -> Iterator[Place]:
        """What a call passes to a function that puts it into structured text."""
        around = self._values.function(FunctionRef(ref.module, ref.function))
        if all(around.values[value].op in _FIXED for value in call.args[1:]):
            return
        handed = self._handed.ask(made.function)
        function = self._values.function(made.function)
        given = {param.name: v for param, v in arguments(function, made.bound, call)}
        for name, place in handed:
            value = given.get(name)
            if value is not None:
                own = ref._replace(value=value)
                yield place._replace(value=own, at=ref, sure=place.sure and made.sure)

    def _parameters(self, ref: FunctionRef) -> tuple[tuple[str, Place], ...]:
        """The parameters of a function that get into structured text, and where."""
        module = self._project.module(ref.module)
        if module is None:
            return ()
        function = module.facts.functions[ref.index]
        if not function.params:
            return ()
        found: dict[tuple[str, Syntax, str], Place] = {}
        for place in self._all(ref, function):
            for param in function.params:
                key = param.name, place.syntax, place.call
                if key not in found and self._gets_there(ref, function, param.name, place):
                    found[key] = place
        return tuple((name, place) for (name, *_), place in found.items())

    def _all(self, ref: FunctionRef, function: Function) -> Iterator[Place]:
        """Also what functions of the same module put there."""
        yield from self.of(ref)
        for number, call in enumerate(function.values):
            if call.op == "call":
                own = Ref(ref.module, ref.index, number)
                for made in self._called(own, call):
                    if made.function.module == ref.module:
                        yield from self._passed(own, call, made)

    def _gets_there(self, ref: FunctionRef, function: Function, name: str, place: Place) -> bool:
        if (place.value.module, place.value.function) != (ref.module, ref.index):
            return False
        worths = {param.name: Folded(Origin.INSIDE) for param in function.params}
        worths[name] = Folded(Origin.OUTSIDE)
        context = inner_context((), ref, worths)
        return self._fold(place.syntax).fold(place.value, context).element is Origin.OUTSIDE

    def _fold(self, syntax: Syntax) -> Fold[Origin]:
        if syntax not in self._folds:
            self._folds[syntax] = question(self._project, syntax)
        return self._folds[syntax]

    def _step(self, ref: Ref, value: Value, message: str) -> tuple[Step, ...]:
        module = self._project.module(ref.module)
        return () if module is None or value.at is None else (Step(module.path, value.at, message),)
