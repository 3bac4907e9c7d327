"""Does a function look at what earlier calls have left in an object, before it changes it itself?

A memo, an accumulator and a counter do: for them a new object in each call is another program. A
function that fills its list and then reads it does not; it only sees more than it meant to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from ..knowledge.catalogue import Row
from ..knowledge.paths import CALL, ITEM, Path, Segment
from ..model.facts import Value
from .activation import Entry
from .arguments import parameters, words_of
from .body import Body
from .definitions import FunctionRef, Ref
from .row_effects import shape_path
from .shape import Shape
from .thing import Api, Made, Thing
from .ways import Item, Ways

if TYPE_CHECKING:
    from .project import Project

_Place: TypeAlias = tuple[int, int]
"""A value that is made (-1 and its number), or an effect that happens (its block and number)."""

_READ = frozenset({"compare", "item", "elem", "not", "test", "fmt", "display", "list", "tuple"})
_READ |= {"set", "dict", "binop", "slice", "more", "matches", "unary"}
_DEEPEST = 8


class Memory:
    """Answers of "is it read before it is changed?" for one project."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._open: list[tuple[FunctionRef, str]] = []

    def is_read_first(self, ref: FunctionRef, name: str, shape: Shape) -> bool:
        """Whether a read of the object, which comes in as a parameter, can come before every
        change of it in the same call, and a change after that read."""
        if (ref, name) in self._open or len(self._open) >= _DEEPEST:
            return False
        body = self._project.travel.bodies.of(ref)
        if body is None:
            return False
        self._open.append((ref, name))
        found = _Places()
        for value in aliases(body, name):
            self._look(ref, body, value, shape, found)
        self._open.pop()
        return bool(found.reads and found.changes) and _is_read_first(body, found)

    def _look(self, ref: FunctionRef, body: Body, value: int, shape: Shape, found: _Places) -> None:
        """Sort the uses of one value that is the object."""
        for user, position in body.users(value):
            made = body.function.values[user]
            place = (-1, user)
            if made.op == "call" and position:
                for thing in self._project.travel.values.describe(
                    Ref(ref.module, ref.index, made.args[0])
                ):
                    self._passed(thing, made, position, shape, place, found)
            elif made.op == "attr":
                for call, as_argument in body.users(user):
                    called = body.function.values[call]
                    if called.op == "call" and not as_argument:
                        self._method(made.text, shape, (-1, call), found)
            elif made.op == "aug":
                if not position:
                    found.change(place)
            elif made.op in _READ:
                found.reads.add(place)
                if made.op == "item" and self._mutates((*shape_path(shape), ITEM)) is not None:
                    found.changes.add(place)
        for use in body.effects(value):
            place = (use.block, body.function.blocks[use.block].effects.index(use.effect))
            if use.effect.kind in ("setitem", "delitem") and not use.position:
                found.change(place)
            elif use.effect.kind in ("iter", "test"):
                found.reads.add(place)

    def _method(self, name: str, shape: Shape, place: _Place, found: _Places) -> None:
        row = self._mutates((*shape_path(shape), Segment("name", name), CALL))
        if row is None:
            found.reads.add(place)
        elif row.keys.get("result") == "element":  # `pop()`, `setdefault()`: what was left in it
            found.reads.add(place)
            found.changes.add(place)
        else:
            found.change(place)

    def _mutates(self, path: Path) -> Row | None:
        return self._project.catalogue.match("mutates", path)

    def _passed(
        self,
        thing: Thing,
        call: Value,
        position: int,
        shape: Shape,
        place: _Place,
        found: _Places,
    ) -> None:
        """The object is an argument: what is called reads it, changes it, or both."""
        if isinstance(thing, Made):
            body = self._project.travel.bodies.of(thing.function)
            names = (
                parameters(body.function, thing.bound, words_of(call), position, ())
                if body is not None
                else []
            )
            for name, where in names:
                entry = Entry(name, False, where, False, shape)
                summary = self._project.travel.follow(thing.function, entry)
                if summary.worst("changed") is not None:
                    found.changes.add(place)
                    if not where and self.is_read_first(thing.function, name, shape):
                        found.reads.add(place)
                elif summary.uses:
                    found.reads.add(place)
        elif isinstance(thing, Api) and self._mutates((*thing.path, CALL)) is not None:
            found.change(place)
        else:
            found.reads.add(place)


class _Places:
    """Where an object is read and changed in one function; `sure_changes` change it whenever
    they are passed."""

    def __init__(self) -> None:
        self.reads: set[_Place] = set()
        self.changes: set[_Place] = set()
        self.sure_changes: set[_Place] = set()

    def change(self, place: _Place) -> None:
        self.changes.add(place)
        self.sure_changes.add(place)


def _is_read_first(body: Body, found: _Places) -> bool:
    """Whether a way leads from the entry to a read, and on to a change, and passes none before."""
    ways = Ways(body.function)
    seen, todo = {0}, [0]
    while todo:
        number = todo.pop()
        point = ways.points[number]
        places = [_place(item) for item in point.items]
        for index, place in enumerate(places):
            if place in found.reads:
                after = [item for p in ways.reachable(number) for item in ways.points[p].items]
                if found.changes & {*places[index:], *map(_place, after)}:
                    return True
            if place in found.sure_changes:
                break
        else:
            fresh = [turn.point for turn in point.turns if turn.point not in seen]
            seen.update(fresh)
            todo += fresh
    return False


def _place(item: Item) -> _Place:
    return (item.block, item.effect) if item.value < 0 else (-1, item.value)


def aliases(body: Body, name: str) -> list[int]:
    """The values of a function that may be the object which comes in as a parameter."""
    values = body.function.values
    found = [i for i, value in enumerate(values) if value.op == "param" and value.text == name]
    for value in found:
        for user, position in body.users(value):
            op = values[user].op
            if user not in found and (op == "phi" or (op in ("refine", "aug") and not position)):
                found.append(user)
    return found
