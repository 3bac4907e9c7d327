"""Containers that gain entries: by assigning a subscript, by a call, by reading a `defaultdict`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from ..knowledge.catalogue import Row
from ..knowledge.paths import CALL, ITEM, Path
from ..model.facts import Function, Value
from ..model.source import Span
from .arguments import argument
from .definitions import FunctionRef, Ref
from .thing import Api
from .ways import Item

if TYPE_CHECKING:
    from .project import Project
    from .values import Values

ROLE = "gains-entry"


class Gain(NamedTuple):
    """A place where a container gains an entry: the entry's value or key, what happens there, and
    where it is written."""

    container: Ref
    entry: Ref
    use: int | Item
    at: Span


class Growth:
    """Answers of "what grows here?" for one project."""

    def __init__(self, project: Project, values: Values) -> None:
        self._project = project
        self._values = values
        self._gains: dict[FunctionRef, tuple[Function, tuple[Gain, ...]]] = {}

    def gains(self, ref: FunctionRef) -> tuple[Gain, ...]:
        """Where containers gain entries in a function."""
        function = self._values.function(ref)
        known, found = self._gains.get(ref, (None, ()))
        if known is not function:
            found = tuple(self._found(ref, function))
            self._gains[ref] = function, found
        return found

    def _found(self, ref: FunctionRef, function: Function) -> Iterator[Gain]:
        for number, block in enumerate(function.blocks):
            for place, effect in enumerate(block.effects):
                if effect.kind == "setitem":
                    container, key, _ = (_in(ref, value) for value in effect.args)
                    if self._row(container, (ITEM,)) is not None:
                        yield Gain(container, key, Item(number, -1, place), effect.at)
        for number, value in enumerate(function.values):
            if value.at is None:
                continue
            where = _in(ref, number)
            if value.op == "item":
                row = self._row(where.at(value.args[0]), (ITEM,))
                if row is not None and row.keys.get("by_reading"):
                    yield Gain(where.at(value.args[0]), where.at(value.args[1]), number, value.at)
            elif value.op == "call":
                yield from self._by_call(where, value, function)

    def _by_call(self, place: Ref, value: Value, function: Function) -> Iterator[Gain]:
        called = function.values[value.args[0]]
        names = self._project.catalogue.last_names(ROLE)
        if called.op != "attr" or called.text not in names or value.at is None:
            return
        for thing in self._values.describe(place.at(value.args[0])):
            row = None
            if isinstance(thing, Api):
                row = self._project.catalogue.match(ROLE, (*thing.path, CALL))
            given = None if row is None else argument(value, row.keys.get("entry", 0))
            if given is not None:
                yield Gain(place.at(called.args[0]), place.at(given), place.value, value.at)
                return

    def _row(self, container: Ref, tail: Path) -> Row | None:
        paths = [t.path for t in self._values.describe(container) if isinstance(t, Api)]
        rows = (self._project.catalogue.match(ROLE, (*path, *tail)) for path in paths)
        return next((row for row in rows if row is not None), None)


def _in(function: FunctionRef, value: int) -> Ref:
    return Ref(function.module, function.index, value)
