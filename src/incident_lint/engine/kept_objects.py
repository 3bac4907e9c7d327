"""Objects that are made before a loop: what turns put into them, and what they take out again."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, NamedTuple

from ..knowledge.paths import render
from ..model.facts import Effect, Function
from ..model.source import Span
from .body import Body, EffectUse
from .callers import arguments
from .definitions import FunctionRef, Ref, Unknown
from .loops import Flow, Loop, Place
from .makings import Makings
from .thing import Api, Instance, Made

if TYPE_CHECKING:
    from .project import Project
    from .travel import Travel

_GATHERS = "gathers"
_DISPLAYS = frozenset({"list", "dict", "set", "listcomp", "dictcomp", "setcomp"})
_GROWS, _EMPTIES, _READS = "gains-entry", "evicts", "reads"
_ASKING = frozenset({"len", "any", "all"})
_PLAIN = frozenset({"list()", "dict()", "set()", "str()", "tuple()", "bytes()", "NoneType()"})
_TESTS = frozenset({"phi", "refine", "compare", "not"})


class Write(NamedTuple):
    """Something is put into an object: the values that are given, where, under which constant key
    or attribute ("": it grows), whether that is sure, and whether it is a message by itself."""

    given: tuple[int, ...]
    place: Place
    at: Span
    label: str
    sure: bool
    of_message: bool


class KeptObjects:
    """The objects that one loop of a function finds there in each turn."""

    def __init__(
        self,
        project: Project,
        travel: Travel,
        makings: Makings,
        ref: FunctionRef,
        body: Body,
        flow: Flow,
        loop: Loop,
    ) -> None:
        self._project = project
        self._travel = travel
        self._makings = makings
        self._ref = ref
        self._body = body
        self.flow = flow
        self._loop = loop
        self._behind = flow.behind(loop)
        self.objects = self._made_before()
        """The objects that are made before the loop, and their aliases."""
        aliases = {alias for each in self.objects.values() for alias in each}
        values = body.function.values
        joins = {each for each in aliases if values[each].op in ("phi", "refine")}
        self.heads = frozenset(loop.phis) | (aliases - joins)
        """The same without the joins of a turn, which may be something of the turn, too."""
        self.stops = frozenset(loop.phis) | aliases
        """Where what a turn's value is made of ends: at what it was handed."""
        self._written: dict[int, tuple[Write, ...]] = {}

    def _holds(self, value: int) -> bool:
        return self.flow.holds(self._loop, value)

    def _happens(self, use: EffectUse) -> bool:
        return self.flow.is_in(self._loop, (use.block, use.effect.after))

    def _is_after(self, place: Place) -> bool:
        return self.flow.is_behind(self._behind, place)

    def _made_before(self) -> dict[int, frozenset[int]]:
        found = {}
        for number, value in enumerate(self._body.function.values):
            if value.at is None or self._holds(number):
                continue
            if value.op in _DISPLAYS or value.op == "call":
                aliases = frozenset(self._makings.aliases(self._body, number, True))
                if value.op in _DISPLAYS or self._is_object(number, aliases):
                    found[number] = aliases
        return found

    def _is_object(self, number: int, aliases: Collection[int]) -> bool:
        """Whether a call makes an object that can be changed, or that is."""
        if any(
            use.effect.kind == "setattr" and not use.position and self._happens(use)
            for alias in aliases
            for use in self._body.effects(alias)
        ):
            return True
        catalogue = self._project.catalogue
        place = Ref(self._ref.module, self._ref.index, number)
        return any(
            isinstance(thing, Instance)
            or (
                isinstance(thing, Api)
                and (
                    catalogue.match("mutable-constructor", thing.path) is not None
                    or self._is_message(thing)
                )
            )
            for thing in self._travel.values.describe(place)
        )

    def _is_message(self, thing: Api) -> bool:
        return self._project.catalogue.match(_GATHERS, thing.path) is not None

    def writes(self, made: int) -> tuple[Write, ...]:
        """What turns put into an object."""
        if made not in self._written:
            self._written[made] = tuple(self._writes(made))
        return self._written[made]

    def _writes(self, made: int) -> list[Write]:
        function = self._body.function
        message = self._is_of_message(made)
        found = []
        for alias in sorted(self.objects[made]):
            for use in self._body.effects(alias):
                effect = use.effect
                if use.position or not self._happens(use):
                    continue
                if effect.kind in ("setitem", "setattr"):
                    label = "" if message else _label(function, effect)
                    place = use.block, effect.after
                    found.append(Write(effect.args[1:], place, effect.at, label, True, message))
            for user, position in self._body.users(alias):
                value = function.values[user]
                if position or not self._holds(user):
                    continue
                if value.op == "aug" and value.at is not None:
                    place = value.block, user
                    found.append(Write(value.args[1:], place, value.at, "", True, message))
                elif value.op == "attr":
                    found += self._by_method(function, user, value.text, message)
            found += self._by_function(function, alias)
        return sorted(found, key=lambda write: write.at)

    def _by_method(self, function: Function, method: int, name: str, message: bool) -> list[Write]:
        found = []
        for call, position in self._body.users(method):
            value = function.values[call]
            if value.op == "call" and not position and value.at is not None and value.args[1:]:
                empties = self._is_named(name, _EMPTIES)
                if self._is_named(name, _GROWS) or (message and not empties):
                    place = value.block, call
                    found.append(Write(value.args[1:], place, value.at, "", True, message))
        return found

    def _by_function(self, function: Function, alias: int) -> Iterator[Write]:
        """What functions of the project put into it."""
        for call, position in self._body.users(alias):
            value = function.values[call]
            if value.op != "call" or not position or value.at is None:
                continue
            if not self._holds(call):
                continue
            given = list(self._makings.put_by_call(self._ref, function, call, alias))
            if given:
                sure = all(surely for _, surely in given)
                place = value.block, call
                values = tuple(each for each, _ in given)
                yield Write(values, place, value.at, "", sure, False)

    def attributes_read(self, made: int, parts: Collection[int]) -> set[str]:
        """The attributes of an object that are among the parts of something; none: all of it is."""
        values = self._body.function.values
        found = (values[part] for part in parts if values[part].op == "attr")
        return {f".{each.text}" for each in found if each.args[0] in self.objects[made]}

    def _is_of_message(self, made: int) -> bool:
        things = self._travel.values.describe(Ref(self._ref.module, self._ref.index, made))
        return any(isinstance(thing, Api) and self._is_message(thing) for thing in things)

    def _is_called(self, method: int) -> bool:
        values = self._body.function.values
        users = self._body.users(method)
        return any(values[user].op == "call" and not position for user, position in users)

    def _resets_by(self, alias: int, name: str) -> bool:
        """Whether a method of an object takes something out of it, or may: of Python's containers
        and of mail it is known."""
        if self._is_named(name, _EMPTIES):
            return True
        things = self._travel.values.describe(Ref(self._ref.module, self._ref.index, alias))
        known = [thing for thing in things if not isinstance(thing, Unknown)]
        plain = all(isinstance(thing, Api) and self._is_plain(thing) for thing in known)
        return not (known and plain) and not self._is_named(name, _GROWS, _READS)

    def _is_named(self, method: str, *roles: str) -> bool:
        """Whether a row of a role ends with a method's name, whatever it is a method of."""
        catalogue = self._project.catalogue
        return any(method in catalogue.last_names(role) for role in roles)

    def _is_plain(self, thing: Api) -> bool:
        return render(thing.path) in _PLAIN or self._is_message(thing)

    def resets(self, made: int) -> set[Place]:
        """Where turns take something out of an object, hand it to somebody who may, or put another
        one in its variable."""
        return self.resets_of(self.objects[made])

    def resets_of(self, aliases: Collection[int], grown: Collection[int] = ()) -> set[Place]:
        """The same of whatever these values are; what has `grown` out of them is none."""
        function = self._body.function
        found: set[Place] = set()
        for alias in aliases:
            for use in self._body.effects(alias):
                if use.effect.kind in ("delitem", "delattr") and not use.position:
                    found.add((use.block, use.effect.after))
                elif use.effect.kind == "setitem" and not use.position:
                    if function.values[use.effect.args[1]].op == "slice":
                        found.add((use.block, use.effect.after))
            for user, position in self._body.users(alias):
                value = function.values[user]
                if value.op == "attr" and not position:
                    if self._is_called(user) and self._resets_by(alias, value.text):
                        found.add((value.block, user))
                elif value.op == "call" and position and self._may_empty(user, alias):
                    found.add((value.block, user))
                elif value.op == "phi":
                    found |= {
                        (function.values[leaf].block, leaf)
                        for leaf in value.args
                        if leaf not in aliases and leaf not in grown and self._holds(leaf)
                    }
        return found

    def _may_empty(self, call: int, given: int) -> bool:
        """Whether a function of the project takes something out of an object that it is given."""
        value = self._body.function.values[call]
        place = Ref(self._ref.module, self._ref.index, value.args[0])
        for thing in self._travel.values.describe(place):
            body = self._travel.bodies.of(thing.function) if isinstance(thing, Made) else None
            if not isinstance(thing, Made) or body is None:
                continue
            pairs = arguments(body.function, thing.bound, value)
            names = {param.name for param, argument in pairs if argument == given}
            if any(self._empties(body, name) for name in names):
                return True
        return False

    def _empties(self, body: Body, name: str) -> bool:
        """Whether a function calls a method of a parameter that takes something out of it."""
        values = body.function.values
        same = {
            alias
            for number, value in enumerate(values)
            if (value.op, value.text) == ("param", name)
            for alias in self._makings.aliases(body, number)
        }
        return any(
            value.op == "attr" and value.args[0] in same and self._is_named(value.text, _EMPTIES)
            for value in values
        )

    def is_looked_up(self, made: int) -> bool:
        """Whether a turn asks an object what earlier ones have put there, or it is used after the
        loop: it is kept on purpose."""
        aliases = self.objects[made]
        function = self._body.function
        for alias in aliases:
            for user, position in self._body.users(alias):
                value = function.values[user]
                if value.op == "compare" and value.text in ("in", "not in") and position:
                    return True
                if value.op == "call" and position:
                    called = function.values[value.args[0]]
                    if called.op == "builtin" and called.text in _ASKING:
                        return True
                if value.op == "item" and not position:
                    return True
        return self._used_after(aliases)

    def _used_after(self, values: Collection[int]) -> bool:
        """Whether a value is used behind the loop."""
        function = self._body.function
        for value in values:
            for use in self._body.effects(value):
                if self._is_after((use.block, use.effect.after)) and use.effect.kind not in (
                    "bind",
                    "test",
                ):
                    return True
            for user, _ in self._body.users(value):
                made = function.values[user]
                if self._is_after((made.block, user)) and made.op not in _TESTS:
                    return True
        return False


def _label(function: Function, effect: Effect) -> str:
    """Under which constant key, or as which attribute, something is put there; "": under any."""
    if effect.kind == "setattr":
        return f".{effect.text}"
    key = function.values[effect.args[1]]
    return f"[{key.text}]" if key.op == "const" else ""
