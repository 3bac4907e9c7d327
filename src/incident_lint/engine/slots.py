"""Variables that can keep an object, and what is seen to be put into them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from ..knowledge.paths import CALL, ITEM, Path, parse
from .callers import Callers
from .constructors import declared
from .definitions import ClassRef, FunctionRef, ModuleDef, Ref
from .thing import Api, ClassThing, Instance, Made, Module, Thing

if TYPE_CHECKING:
    from .project import Project
    from .values import Values


class Slot(NamedTuple):
    """A variable: `owner` is a module's name, a class, a function (of an attribute of it, or whose
    name closures see); `name` the variable's. `inside`: how many containers deep below it."""

    owner: str | ClassRef | FunctionRef
    name: str
    inside: int = 0

    @property
    def outermost(self) -> Slot:
        """The slot of the whole container."""
        return self._replace(inside=0)


class Kept(NamedTuple):
    """An object that lives with the process: the slot that keeps it, and what the code calls it."""

    slot: Slot
    what: str


Known: TypeAlias = "Mapping[tuple[FunctionRef, str], Kept]"
"""Which parameters (`self` too) hold an object that lives with the process."""

Handed: TypeAlias = "tuple[tuple[tuple[FunctionRef, str], Kept], ...]"
"""The same, as it can be a key."""


class Slots:
    """Answers about variables for one project."""

    def __init__(self, project: Project, values: Values, callers: Callers) -> None:
        self._project = project
        self._values = values
        self._callers = callers

    def owner(self, holder: Ref, name: str) -> Slot | None:
        """The slot of an attribute of an object or class."""
        classes = self._project.classes
        for thing in self._values.describe(holder):
            if isinstance(thing, (Instance, ClassThing)):
                order = classes.order(thing.ref).classes
                owners = [each for each in order if classes.facts(each).fields.get(name)]
                owner = owners[0] if owners else classes.attribute(thing.ref, name).owner
                return Slot(owner or thing.ref, name)
            if isinstance(thing, Made):
                return Slot(thing.function, name)
            if isinstance(thing, Module) and isinstance(thing.definition, ModuleDef):
                return Slot(thing.definition.name, name)
        return None

    def made(self, slot: Slot) -> list[Ref]:
        """What is seen to be put into a slot."""
        if isinstance(slot.owner, ClassRef):
            classes = self._project.classes
            found = list(classes.fields(slot.owner, slot.name).values)
            found += classes.attribute(slot.owner, slot.name).values
            return [*found, *self._declared(slot.owner, slot.name)]
        if isinstance(slot.owner, str):
            module = self._project.module(slot.owner)
            bound = (
                []
                if module is None
                else self._project.names.bound(slot.owner, module.facts, slot.name)
            )
            return [Ref(slot.owner, function, value) for function, value in bound]
        binds = self._values.function(slot.owner).binds.get(slot.name, ())
        inside = [Ref(slot.owner.module, slot.owner.index, value) for value in binds]
        return [*inside, *self._of_function(slot.owner, slot.name)]

    def things(self, slot: Slot) -> tuple[Thing, ...]:
        """What a variable holds, by what is put into it."""
        found: dict[Thing, None] = {}
        if slot.inside:
            found.update(dict.fromkeys(self._values.all_of(self._inside(slot))))
            found.update(dict.fromkeys(self._made_inside(slot)))
            return tuple(found) if slot.inside == 1 else ()
        for ref in self.made(slot):
            found.update(dict.fromkeys(self._values.describe(ref)))
        if isinstance(slot.owner, ClassRef):
            for factory in self._factories(slot.owner, slot.name):
                for thing in self._values.describe(factory):
                    if isinstance(thing, Api):
                        found[Api((*thing.path, CALL))] = None
        return tuple(found)

    def paths(self, thing: Thing) -> Iterator[Path]:
        """What an object is to rows: by its own type, or by those that its class inherits from."""
        if isinstance(thing, Api):
            yield thing.path
        elif isinstance(thing, Instance):
            for base in self._project.classes.order(thing.ref).external:
                yield (*parse(base)[0], CALL)

    def _inside(self, slot: Slot) -> Iterator[Ref]:
        """What is shown to lie in a container when it is made."""
        for ref in self.made(slot.outermost):
            made = self._project.names.value(ref)
            if made is not None and made.op in ("dict", "list", "set", "tuple"):
                parts = made.args[1::2] if made.op == "dict" else made.args
                yield from (ref.at(part) for part in parts)

    def _made_inside(self, slot: Slot) -> Iterator[Thing]:
        """What a `defaultdict` puts under a key that is asked for."""
        for ref in self.made(slot.outermost):
            made = self._project.names.value(ref)
            if made is not None and made.op == "call" and len(made.args) > 1:
                for thing in self._values.describe(ref):
                    row = None
                    if isinstance(thing, Api):
                        row = self._project.catalogue.match("gains-entry", (*thing.path, ITEM))
                    if row is not None and row.keys.get("by_reading"):
                        for factory in self._values.describe(ref.at(made.args[1])):
                            if isinstance(factory, Api):
                                yield Api((*factory.path, CALL))

    def _factories(self, owner: ClassRef, name: str) -> Iterator[Ref]:
        """What makes the value of a declared field."""
        for field in declared(self._project, owner):
            if field.field == name and field.factory is not None:
                yield field.factory

    def _declared(self, owner: ClassRef, name: str) -> Iterator[Ref]:
        """The values of a declared field that a function of the project makes."""
        for factory in self._factories(owner, name):
            for thing in self._values.describe(factory):
                if isinstance(thing, Made):
                    yield from self._callers.returned(thing.function)

    def _of_function(self, owner: FunctionRef, name: str) -> Iterator[Ref]:
        """What its module puts into an attribute of a function."""
        module = self._project.module(owner.module)
        for index, function in enumerate(module.facts.functions if module is not None else ()):
            for block in function.blocks:
                for effect in block.effects:
                    if effect.kind == "setattr" and effect.text == name:
                        held, value = (Ref(owner.module, index, each) for each in effect.args)
                        things = self._values.describe(held)
                        if any(isinstance(t, Made) and t.function == owner for t in things):
                            yield value
