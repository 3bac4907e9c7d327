"""What takes entries out of a container again, so that it does not grow for ever.

A container is told by the slot that keeps it: every place of some modules that reads the slot is
looked at. This is a question of which "don't know" means yes: whoever is handed the container and
cannot be followed may remove entries. But a removal that nothing leads to, such as a `reset()`
that only tests call, is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from ..knowledge.paths import CALL
from ..model.facts import Effect, Function, Value
from .arguments import argument
from .body import Bodies
from .callers import arguments
from .definitions import ClassRef, FunctionRef, Ref
from .growth import holds, larger
from .lifetimes import Lifetimes, is_first
from .slots import Slot
from .thing import Api, Instance, Made

if TYPE_CHECKING:
    from .project import Module, Project
    from .values import Values

EVICTS, BY_ITSELF = "evicts", "evicts-by-itself"
_LOADS = frozenset({"global", "from", "free", "attr"})
_SAME = frozenset({"phi", "refine", "await", "enter"})
_KEEPS_ALL = ("reads", "copies", "gains-entry", "mutable-constructor", "immutable-constructor")
_HANDED_ON = {"setattr": 1, "setitem": 2, "yield": 0, "bindglobal": 0}
_REBINDS = {"bindglobal": "global", "bindfree": "free", "setattr": "attr"}
_RUN_BY_ITSELF = frozenset({"__setitem__", "__missing__", "setdefault", "update", "add", "append"})
_DEEPEST = 3
_HANDED, _UNSEEN = "it is handed on", "passed to code that cannot be followed"


class Shrinking:
    """Answers of "does anything take entries out of this again?" for one project."""

    def __init__(
        self, project: Project, bodies: Bodies, values: Values, lifetimes: Lifetimes
    ) -> None:
        self._project = project
        self._bodies = bodies
        self._values = values
        self._lifetimes = lifetimes

    def of(self, slot: Slot, way: Iterable[FunctionRef]) -> str | None:
        """What may keep the container of a slot small, in words; None: nothing does in the modules
        of these functions, which are on the way to where it grows."""
        whole = slot.outermost
        if self._limits_itself(whole):
            return "it limits itself"
        way = frozenset(way)
        modules = self._modules(slot, way)
        for why, ref, function in self._everywhere(slot, modules):
            if ref in way or self._is_run(ref, function, modules):
                return why
        return None

    def takes_out(self, slot: Slot, way: Iterable[FunctionRef]) -> bool:
        """Whether any function takes entries out of the container of a slot, whoever calls it; who
        merely might, does not."""
        found = self._everywhere(slot, self._modules(slot, way))
        return any(why not in (_HANDED, _UNSEEN) for why, _, _ in found)

    def _modules(self, slot: Slot, way: Iterable[FunctionRef]) -> list[Module]:
        """The modules in which what is done is looked for: where it is kept, and on the way."""
        home = slot.owner if isinstance(slot.owner, str) else slot.owner.module
        names = sorted({home, *(ref.module for ref in way)})
        found = (self._project.module(name) for name in names)
        return [module for module in found if module is not None]

    def _everywhere(
        self, slot: Slot, modules: Sequence[Module]
    ) -> Iterator[tuple[str, FunctionRef, Function]]:
        """What the functions of some modules do to the container of a slot."""
        for module in modules:
            for index, function in enumerate(module.facts.functions):
                ref = FunctionRef(module.name, index)
                for why in self._removals(ref, function, slot, modules):
                    yield why, ref, function

    def _limits_itself(self, slot: Slot) -> bool:
        """Whether it is made with a limit, or its class removes entries by itself."""
        slots = self._lifetimes.slots
        for ref in slots.made(slot):
            made = self._project.names.value(ref)
            for thing in self._values.describe(ref):
                if isinstance(thing, Api) and self._has_limit(thing, made):
                    return True
        for thing in slots.things(slot):
            if isinstance(thing, Api) and self._has_limit(thing, None):
                return True
            if isinstance(thing, Instance) and self._removes(thing.ref):
                return True
        return False

    def _has_limit(self, thing: Api, made: Value | None) -> bool:
        row = self._project.catalogue.match(BY_ITSELF, thing.path)
        if row is None:
            return False
        conditions = [condition.partition("=")[0] for condition in row.keys.get("only_if", ())]
        given = [
            argument(made, int(name) if name.isdigit() else name)
            for name in conditions
            if made is not None and made.op == "call"
        ]
        return not conditions or any(value is not None for value in given)

    def _removes(self, ref: ClassRef) -> bool:
        """Whether a class that is a container removes entries from itself in what it does."""
        for owner in self._project.classes.order(ref).classes:
            for name, methods in self._project.classes.facts(owner).methods.items():
                for index in methods if name in _RUN_BY_ITSELF else ():
                    function = self._values.function(FunctionRef(owner.module, index))
                    own = function.params[0].name if function.params else ""
                    for number, made in enumerate(function.values):
                        if made.op == "param" and made.text == own:
                            place = Ref(owner.module, index, number)
                            if next(self._by(place, 0, ()), None) is not None:
                                return True
        return False

    def _removals(
        self, ref: FunctionRef, function: Function, slot: Slot, modules: Sequence[Module]
    ) -> Iterator[str]:
        whole = slot.outermost
        for number, value in enumerate(function.values):
            if value.op in _LOADS and value.text.rpartition(":")[2] == slot.name:
                place = Ref(ref.module, ref.index, number)
                if self._lifetimes.slot(place) == whole:
                    yield from self._by(place, 0, modules)
                    if slot.inside:
                        for inner in self._inner(place, modules):
                            yield from self._by(inner, 0, modules)
        if function.name == "__init__" or not ref.index:
            return
        for block in function.blocks:
            for effect in block.effects:
                if effect.kind in _REBINDS and effect.text == slot.name:
                    if self._rebound(ref, function, effect) == whole:
                        if not self._keeps(function, effect):
                            yield "another one is put in its place"

    def _inner(self, place: Ref, modules: Sequence[Module]) -> Iterator[Ref]:
        """The places of a function at which what lies in a container is read."""
        ref = FunctionRef(place.module, place.function)
        body = self._bodies.of(ref)
        if body is None:
            return
        if any(use.effect.kind == "return" for use in body.effects(place.value)):
            for given in self._given(ref, modules):
                yield from self._inner(given, modules)
        for user, position in body.users(place.value):
            value = body.function.values[user]
            if position:
                continue
            if value.op in ("item", "elem"):
                yield place.at(user)
            elif value.op == "attr" and value.text in ("get", "setdefault"):
                yield from (place.at(call) for call, first in body.users(user) if not first)

    def _keeps(self, function: Function, effect: Effect) -> bool:
        """Whether nothing is lost when a variable gets something else: a larger copy of what it
        held, or its first object."""
        made = function.values[effect.args[-1]]
        if made.op == "aug" and made.text in "|+":
            return holds(function, effect, function.values[made.args[0]])
        if any(holds(function, effect, function.values[old]) for old, _ in larger(function, made)):
            return True
        return is_first(function, effect)

    def _rebound(self, ref: FunctionRef, function: Function, effect: Effect) -> Slot | None:
        if effect.kind == "bindglobal":
            return Slot(ref.module, effect.text)
        if effect.kind == "bindfree":
            owner = function.captures.get(effect.text)
            return None if owner is None else Slot(FunctionRef(ref.module, owner), effect.text)
        return self._lifetimes.slots.owner(Ref(ref.module, ref.index, effect.args[0]), effect.text)

    def _by(self, place: Ref, depth: int, modules: Sequence[Module]) -> Iterator[str]:
        """What is done to a container through one value of a function that holds it."""
        body = self._bodies.of(FunctionRef(place.module, place.function))
        if body is None or depth > _DEEPEST:
            return
        for use in body.effects(place.value):
            kind, position = use.effect.kind, use.position
            if kind == "delitem" and not position:
                yield "`del` of an entry"
            elif kind == "setitem" and not position:
                if body.function.values[use.effect.args[1]].op == "slice":
                    yield "a slice is replaced"
            elif kind == "return":
                for given in self._given(FunctionRef(place.module, place.function), modules):
                    yield from self._by(given, depth + 1, modules)
            elif _HANDED_ON.get(kind) == position:
                yield _HANDED
        for user, position in body.users(place.value):
            value = body.function.values[user]
            if value.op in _SAME and (value.op == "phi" or not position):
                yield from self._by(place.at(user), depth + 1, modules)
            elif value.op == "attr":
                yield from self._by_method(value)
            elif value.op == "call" and position:
                yield from self._by_callee(place, user, value, depth, modules)

    def _given(self, ref: FunctionRef, modules: Sequence[Module]) -> Iterator[Ref]:
        """The places of some modules at which a function, or property, gives what it returns."""
        name = self._values.function(ref).name
        is_property = self._project.classes.kind(ref) == "property"
        for module in modules:
            for index, function in enumerate(module.facts.functions):
                for number, value in enumerate(function.values):
                    place = Ref(module.name, index, number)
                    if is_property and (value.op, value.text) == ("attr", name):
                        things = self._values.describe(place.at(value.args[0]))
                        found = (
                            self._project.classes.find_method(thing.ref, name).functions
                            for thing in things
                            if isinstance(thing, Instance)
                        )
                        if any(ref in functions for functions in found):
                            yield place
                    elif not is_property and value.op == "call":
                        called = function.values[value.args[0]]
                        if called.text.rpartition(":")[2] == name:
                            things = self._values.describe(place.at(value.args[0]))
                            if any(isinstance(t, Made) and t.function == ref for t in things):
                                yield place

    def _by_method(self, value: Value) -> Iterator[str]:
        """A method that removes entries: called, or handed on to be called later. What it is a
        method of is known here, also where its type is not."""
        if value.text in self._project.catalogue.last_names(EVICTS):
            yield f"`{value.text}()`"

    def _by_callee(
        self, place: Ref, call: int, value: Value, depth: int, modules: Sequence[Module]
    ) -> Iterator[str]:
        """What a function does to the container that it is given."""
        for thing in self._values.describe(place.at(value.args[0])):
            if isinstance(thing, Api):
                path = (*thing.path, CALL)
                rows = (self._project.catalogue.match(role, path) for role in _KEEPS_ALL)
                if all(row is None for row in rows):
                    yield _UNSEEN
            elif isinstance(thing, Made):
                callee = self._values.function(thing.function)
                for param, argument in arguments(callee, thing.bound, value):
                    for number, made in enumerate(callee.values) if argument == place.value else ():
                        if made.op == "param" and made.text == param.name:
                            inner = Ref(thing.function.module, thing.function.index, number)
                            yield from self._by(inner, depth + 1, modules)
            else:
                yield _UNSEEN

    def _is_run(self, ref: FunctionRef, function: Function, modules: Sequence[Module]) -> bool:
        """Whether anything in some modules leads to a function."""
        if not ref.index or function.decorators or function.name.startswith("__"):
            return True
        if "lambda" in function.flags or self._values.entry_points.of(ref):
            return True
        if function.owner >= 0:
            order = self._project.classes.order(ClassRef(ref.module, function.owner))
            if len(order.classes) < len(order.entries):
                return True  # a library may call what it knows by name
        return any(
            value.op in _LOADS and value.text.rpartition(":")[2] == function.name
            for module in modules
            for index, other in enumerate(module.facts.functions)
            for value in other.values
            if (module.name, index) != (ref.module, ref.index)
        )
