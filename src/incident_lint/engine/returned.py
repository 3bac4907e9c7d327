"""What a call gives: of a function, of a class, of an instance, of a library."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..knowledge.paths import Segment
from ..model.facts import Function, Value
from .definitions import ClassRef, FunctionRef, Ref, Unknown
from .thing import (
    NONE,
    Api,
    Bindings,
    ClassThing,
    Instance,
    Made,
    Super,
    Thing,
    Things,
    joined,
    object_of,
    of_library,
)

if TYPE_CHECKING:
    from .values import Values

_SUPER = of_library("super")


class Returned:
    """The part of `Values` that follows calls."""

    def __init__(self, values: Values) -> None:
        self._values = values
        self._project = values.project

    def call(self, ref: Ref, value: Value) -> Things:
        """What a call is."""
        found: list[Things] = []
        constants = self._constants(ref, value)
        for thing in self._values.describe(ref.at(value.args[0])):
            if isinstance(thing, Made):
                given = self.within(thing.bindings, thing.function) if thing.bindings else None
                found.append(given or self.by(thing.function))
            elif thing == _SUPER:
                found.append((self._super(ref, value),))
            else:
                special = self._special(ref, value, thing)
                found.append(special or self.instances((thing,), constants))
        return joined(found)

    def instances(self, things: Things, constants: tuple[str, ...] = ()) -> Things:
        """What calling each of these gives, but for project functions."""
        found: list[Thing] = []
        for thing in things:
            if isinstance(thing, ClassThing):
                found.append(Instance(thing.ref))
            elif isinstance(thing, Api):
                found.append(Api((*thing.path, Segment("call", "", constants))))
            elif isinstance(thing, Instance):
                found += self._by_instance(thing.ref)
            else:
                found.append(thing if isinstance(thing, Unknown) else Unknown("a call of a module"))
        return tuple(found)

    def within(self, bindings: Bindings, function: FunctionRef) -> Things:
        """What a call of a function gives in a context; functions made there keep the context."""
        with self._values.within(bindings):
            given = self.by(function)
        inner = {thing for _, _, thing in bindings}
        return tuple(
            replace(thing, bindings=(*thing.bindings, *bindings))
            if isinstance(thing, Made) and thing not in inner
            else thing
            for thing in given
        )

    def by(self, ref: FunctionRef) -> Things:
        """What a call of a project function gives (of a coroutine: what awaiting it gives)."""
        function = self._values.function(ref)
        if "generator" in function.flags:
            return self._by_generator(ref, function)
        found = dict.fromkeys(self._values.all_of(_of_effects(ref, function, "return")))
        found.pop(NONE, None)
        if function.returns is not None and all(isinstance(thing, Unknown) for thing in found):
            owner = ClassRef(ref.module, function.owner) if function.owner >= 0 else None
            return self._values.annotated(Ref(ref.module, function.parent, function.returns), owner)
        return tuple(found) or (NONE,)

    def _by_generator(self, ref: FunctionRef, function: Function) -> Things:
        """A context manager gives what it yields when it is entered; other generators: one."""
        for decorator in function.decorators:
            for thing in self._values.describe(Ref(ref.module, function.parent, decorator)):
                row = isinstance(thing, Api) and self._project.catalogue.match(
                    "wrapper", thing.path
                )
                if row and row.keys.get("result") == "contextmanager":
                    yielded = self._values.all_of(_of_effects(ref, function, "yield"))
                    return yielded or (Unknown("a generator"),)
        return (object_of("types.GeneratorType"),)

    def _by_instance(self, ref: ClassRef) -> Things:
        methods = self._project.classes.find_method(ref, "__call__").functions
        found = tuple(thing for function in methods for thing in self.by(function))
        return found or (Unknown("`__call__` of a class"),)

    def _super(self, ref: Ref, value: Value) -> Thing:
        index = ref.function
        function = self._values.function(FunctionRef(ref.module, index))
        while function.owner < 0 and function.parent > 0:
            index = function.parent
            function = self._values.function(FunctionRef(ref.module, index))
        if function.owner < 0:
            return Unknown("`super()` outside a class")
        owner = ClassRef(ref.module, function.owner)
        if len(value.args) > 1:
            for thing in self._values.describe(ref.at(value.args[1])):
                if isinstance(thing, ClassThing):
                    return Super(owner, thing.ref)
            return Unknown("`super()` of an unknown class")
        return Super(owner, owner)

    def _special(self, ref: Ref, value: Value, thing: Thing) -> Things:
        """Calls of Python's own whose result is one of their arguments."""
        if not isinstance(thing, Api) or len(value.args) < 2:
            return ()
        name = ".".join(segment.text for segment in thing.path)
        first = ref.at(value.args[1])
        if name in ("typing.cast", "typing_extensions.cast") and len(value.args) > 2:
            return self._values.annotated(first)
        if name in ("copy.copy", "copy.deepcopy"):
            return self._values.describe(first)
        if name == "getattr" and len(value.args) > 2:
            attribute = self._project.names.constant(ref.at(value.args[2]))
            if attribute is not None:
                owners = self._values.describe(first)
                return tuple(
                    t for owner in owners for t in self._values.attribute(owner, attribute)
                )
        if name == "functools.partial":
            given = len([word for word in value.text.split(",")[1:] if not word])
            return tuple(
                replace(thing, bound=thing.bound + (given if len(value.args) > 2 else 0))
                if isinstance(thing, Made)
                else thing
                for thing in self._values.describe(first)
                if isinstance(thing, (Made, Api))
            )
        return ()

    def _constants(self, ref: Ref, value: Value) -> tuple[str, ...]:
        words = value.text.split(",") if len(value.args) > 1 else []
        found = []
        for position, (word, argument) in enumerate(zip(words, value.args[1:], strict=False)):
            if (word == "" and position) or word in ("*", "**"):
                continue
            constant = self._project.names.constant(ref.at(argument))
            if constant is not None:
                found.append(constant)
        return tuple(found)


def _of_effects(ref: FunctionRef, function: Function, kind: str) -> list[Ref]:
    """The values that a function returns, or yields."""
    return [
        Ref(ref.module, ref.index, effect.args[0])
        for block in function.blocks
        for effect in block.effects
        if effect.kind == kind
    ]
