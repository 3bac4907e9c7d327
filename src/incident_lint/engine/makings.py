"""What the values of a function are made of: by operations, by calls, and by what is put into them.

A may-question: of a call that nobody can follow it is not known whether its result holds what it
was given; what rests on that is found, but not surely.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import TYPE_CHECKING

from ..knowledge.paths import CALL, Segment
from ..model.facts import Function, Value
from .body import Body
from .callers import arguments
from .definitions import FunctionRef, Ref
from .origins import made_of
from .thing import Api, ClassThing, Made

if TYPE_CHECKING:
    from .project import Project
    from .travel import Travel

_DEEPEST = 6
_LEAVES = frozenset({"compare", "not", "matches", "more", "const", "func", "class", "unbound"})
_ASKS = frozenset({"len", "isinstance", "bool", "type", "id", "hash", "any", "all", "hasattr"})
_KEEPS = frozenset(
    {"str", "list", "dict", "tuple", "set", "frozenset", "bytes", "bytearray", "repr", "sorted"}
    | {"format", "int", "float", "reversed", "enumerate", "zip", "map", "filter", "sum", "next"}
    | {"iter", "getattr"}
)
_LOOKUPS = frozenset({"get", "pop", "setdefault", "index", "count"})
_SAME = frozenset({"phi", "refine", "await", "enter"})


class Makings:
    """Answers of "what is this value made of?" for one project."""

    def __init__(self, project: Project, travel: Travel) -> None:
        self._project = project
        self._travel = travel
        self._given: dict[FunctionRef, dict[str, bool]] = {}
        self._put: dict[tuple[FunctionRef, str], dict[str, bool]] = {}
        self._open: set[object] = set()

    def parts(
        self, ref: FunctionRef, body: Body, starts: Collection[int], stops: Collection[int] = ()
    ) -> dict[int, bool]:
        """The values that these are made of, and whether surely; what a stop is made of is left
        out, and so is what lies in a container that is a stop, if only an entry of it is read."""
        found: dict[int, bool] = {}
        todo = [(value, True) for value in starts]
        while todo:
            value, sure = todo.pop()
            if value < 0 or (found.get(value, not sure) >= sure and value in found):
                continue
            found[value] = sure
            if value in stops:
                continue
            for part, surely in self._direct(ref, body, value, stops):
                todo.append((part, sure and surely))
        return found

    def aliases(self, body: Body, value: int, in_place: bool = False) -> set[int]:
        """A value and all that may be it, at times; `in_place`: what `+=` leaves, too."""
        found, todo = {value}, [value]
        same = _SAME | {"aug"} if in_place else _SAME
        while todo:
            for user, position in body.users(todo.pop()):
                made = body.function.values[user]
                if user in found or made.op not in same or (position and made.op != "phi"):
                    continue
                found.add(user)
                todo.append(user)
        return found

    def put(self, ref: FunctionRef, body: Body, value: int) -> Iterator[tuple[int, bool]]:
        """The values that are put into an object: as entries, attributes, arguments of methods that
        are called for nothing else, by functions of the project."""
        function = body.function
        for use in body.effects(value):
            if not use.position and use.effect.kind in ("setitem", "setattr"):
                yield from ((each, True) for each in use.effect.args[1:])
        for user, position in body.users(value):
            made = function.values[user]
            if made.op == "aug" and not position:
                yield made.args[1], True
            elif made.op == "attr":
                for call, place in body.users(user):
                    if function.values[call].op == "call" and not place:
                        if any(use.effect.kind == "discard" for use in body.effects(call)):
                            known = self._changes(ref, value, made.text)
                            yield from ((each, known) for each in function.values[call].args[1:])
            elif made.op == "call" and position:
                yield from self.put_by_call(ref, function, user, value)

    def returned(self, ref: FunctionRef) -> dict[str, bool]:
        """The parameters of which what a function gives back is made, and whether surely."""
        known = self._given.get(ref)
        if known is None:
            known = self._inside(ref, ("given", ref), self._travel_returned(ref))
            self._given[ref] = known
        return known

    def _travel_returned(self, ref: FunctionRef) -> Callable[[Body], list[int]]:
        def starts(body: Body) -> list[int]:
            return [
                effect.args[0]
                for block in body.function.blocks
                for effect in block.effects
                if effect.kind in ("return", "yield")
            ]

        return starts

    def stored(self, ref: FunctionRef, name: str) -> dict[str, bool]:
        """The parameters of which what a function puts into another one is made."""
        known = self._put.get((ref, name))
        if known is None:

            def starts(body: Body) -> list[int]:
                return [
                    part
                    for number, value in enumerate(body.function.values)
                    if value.op == "param" and value.text == name
                    for alias in self.aliases(body, number)
                    for part, _ in self.put(ref, body, alias)
                ]

            known = self._inside(ref, ("put", ref, name), starts)
            known.pop(name, None)
            self._put[ref, name] = known
        return known

    def _inside(
        self, ref: FunctionRef, key: object, starts: Callable[[Body], list[int]]
    ) -> dict[str, bool]:
        body = self._travel.bodies.of(ref)
        if body is None or key in self._open or len(self._open) >= _DEEPEST:
            return {}
        self._open.add(key)
        try:
            found: dict[str, bool] = {}
            for value, sure in self.parts(ref, body, starts(body)).items():
                made = body.function.values[value]
                if made.op == "param":
                    found[made.text] = found.get(made.text, False) or sure
            return found
        finally:
            self._open.discard(key)

    def _direct(
        self, ref: FunctionRef, body: Body, value: int, stops: Collection[int]
    ) -> Iterator[tuple[int, bool]]:
        made = body.function.values[value]
        if made.op in _LEAVES:
            return
        if made.op == "call":
            yield from self._called(ref, body, value, made, stops)
        elif made.op in ("refine", "attr", "item"):
            if made.op != "item" or not self._is_stop(body.function, made.args[0], stops):
                yield made.args[0], True
        else:
            yield from ((part, True) for part in made.args)
        if made.op in ("call", "list", "dict", "set", "listcomp", "dictcomp", "setcomp", "param"):
            for alias in self.aliases(body, value):
                if alias not in stops:
                    yield from self.put(ref, body, alias)

    def _is_stop(self, function: Function, value: int, stops: Collection[int]) -> bool:
        while function.values[value].op == "refine":
            value = function.values[value].args[0]
        return value in stops and function.values[value].op != "phi"

    def _called(
        self, ref: FunctionRef, body: Body, number: int, call: Value, stops: Collection[int]
    ) -> Iterator[tuple[int, bool]]:
        function = body.function
        called = function.values[call.args[0]]
        if called.op == "builtin" and called.text in _ASKS:
            return
        if called.op == "attr":
            looks_up = called.text in _LOOKUPS
            if looks_up and self._is_stop(function, called.args[0], stops):
                return
            yield called.args[0], True
            if looks_up:
                return
        place = Ref(ref.module, ref.index, call.args[0])
        for thing in self._travel.values.describe(place):
            if isinstance(thing, Made):
                yield from self._by_project(thing, call)
            else:
                sure = isinstance(thing, ClassThing) or (
                    isinstance(thing, Api) and self._keeps(thing)
                )
                yield from ((part, sure) for part in call.args[1:])

    def _by_project(self, made: Made, call: Value) -> Iterator[tuple[int, bool]]:
        function = self._travel.values.function(made.function)
        if "stub" in function.flags:
            yield from ((part, False) for part in call.args[1:])
            return
        returned = self.returned(made.function)
        for param, argument in arguments(function, made.bound, call):
            if argument is not None and param.name in returned:
                yield argument, returned[param.name] and made.sure

    def _keeps(self, thing: Api) -> bool:
        """Whether what a call of a library gives surely holds its arguments."""
        path = (*thing.path, CALL)
        if len(thing.path) == 1 and thing.path[0].text in _KEEPS:
            return True
        if thing.path[0].text == "str":
            return True
        catalogue = self._project.catalogue
        row = made_of(catalogue, path)
        if row is not None:
            return row.role == "passes-on"
        roles = ("copies", "mutable-constructor", "encodes")
        return any(catalogue.match(role, path) is not None for role in roles)

    def _changes(self, ref: FunctionRef, value: int, method: str) -> bool:
        """Whether a method is known to put its arguments into its object."""
        things = self._travel.values.describe(Ref(ref.module, ref.index, value))
        for thing in things:
            if isinstance(thing, Api):
                path = (*thing.path, Segment("name", method), CALL)
                catalogue = self._project.catalogue
                if catalogue.match("mutates", path) or catalogue.match("gathers", thing.path):
                    return True
        return False

    def put_by_call(
        self, ref: FunctionRef, function: Function, number: int, value: int
    ) -> Iterator[tuple[int, bool]]:
        """What a function of the project puts into what it is given."""
        call = function.values[number]
        for thing in self._travel.values.describe(Ref(ref.module, ref.index, call.args[0])):
            if not isinstance(thing, Made):
                continue
            callee = self._travel.values.function(thing.function)
            given = dict(self._named(callee, thing, call))
            for name in [name for name, argument in given.items() if argument == value]:
                for other, sure in self.stored(thing.function, name).items():
                    if other in given:
                        yield given[other], sure and thing.sure

    def _named(self, callee: Function, made: Made, call: Value) -> Iterator[tuple[str, int]]:
        for param, argument in arguments(callee, made.bound, call):
            if argument is not None:
                yield param.name, argument
