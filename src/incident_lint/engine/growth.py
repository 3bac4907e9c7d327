"""Containers that gain entries: by assigning a subscript, by a call, by reading a `defaultdict`, by
putting a larger copy in their place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from ..knowledge.catalogue import Row
from ..knowledge.paths import CALL, ITEM, Path, Segment
from ..model.facts import Effect, Function, Value
from ..model.source import Span
from .arguments import argument, words_of_display
from .definitions import FunctionRef, Ref
from .lifetimes import Lifetimes
from .slots import Handed, Known
from .thing import Api
from .ways import Item

if TYPE_CHECKING:
    from .project import Project
    from .values import Values

ROLE = "gains-entry"
_DEFAULTS = frozenset({"get", "setdefault", "pop"})
_OPERATORS = {"|": "update", "+": "extend"}
_SHOWN = frozenset({"list", "tuple", "set"})
_NO_CONTAINERS = frozenset({"const", "import", "func", "class"})
_MODULES = frozenset({"import", "from", "global"})
_COMPUTED = frozenset({"listcomp", "setcomp", "genexpr", "dictcomp"})


class Gain(NamedTuple):
    """A place where a container gains an entry: the entry's value or key, what happens there, and
    where it is written."""

    container: Ref
    entry: Ref
    use: int | Item
    at: Span


class Growth:
    """Answers of "what grows here?" for one project."""

    def __init__(self, project: Project, values: Values, lifetimes: Lifetimes) -> None:
        self._project = project
        self._values = values
        self._lifetimes = lifetimes
        self._gains: dict[tuple[FunctionRef, Handed], tuple[Function, tuple[Gain, ...]]] = {}
        self._known: Known = {}
        """What is known of parameters in the question that is being answered."""

    def gains(self, ref: FunctionRef, handed: Handed) -> tuple[Gain, ...]:
        """Where containers gain entries in a function, given what is known of its parameters."""
        function = self._values.function(ref)
        known, found = self._gains.get((ref, handed), (None, ()))
        if known is not function:
            self._known = dict(handed)
            found = tuple(self._found(ref, function))
            self._gains[ref, handed] = function, found
        return found

    def _found(self, ref: FunctionRef, function: Function) -> Iterator[Gain]:
        for number, block in enumerate(function.blocks):
            for place, effect in enumerate(block.effects):
                yield from self._by_effect(ref, function, effect, Item(number, -1, place))
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

    def _by_effect(
        self, ref: FunctionRef, function: Function, effect: Effect, use: Item
    ) -> Iterator[Gain]:
        if effect.kind == "setitem":
            container, key, _ = (_in(ref, value) for value in effect.args)
            if self._row(container, (ITEM,)) is not None:
                yield Gain(container, key, use, effect.at)
        elif effect.kind == "aug":
            container, more = (_in(ref, each) for each in function.values[effect.args[0]].args)
            name = _OPERATORS.get(effect.text)
            row = self._row(container, (Segment("name", name), CALL)) if name else None
            for entry in _entries(function, more.value) if row is not None else ():
                yield Gain(container, more.at(entry), use, effect.at)
        elif effect.kind in ("bindglobal", "bindfree", "setattr"):
            for old, entry in larger(function, function.values[effect.args[-1]]):
                if holds(function, effect, function.values[old]):
                    yield Gain(_in(ref, old), _in(ref, entry), use, effect.at)

    def _by_call(self, place: Ref, value: Value, function: Function) -> Iterator[Gain]:
        called = function.values[value.args[0]]
        names = self._project.catalogue.last_names(ROLE)
        if value.at is None or called.text.rpartition(":")[2] not in names:
            return
        row, container = self._of_function(place, function, value)
        if row is None and called.op == "attr":
            row = self._row(place.at(called.args[0]), (Segment("name", called.text), CALL))
            container = called.args[0]
        given = None if row is None else argument(value, row.keys.get("entry", 0))
        if row is None or given is None or container is None:
            return
        for entry in _entries(function, given) if row.keys.get("each") else (given,):
            yield Gain(place.at(container), place.at(entry), place.value, value.at)

    def _of_function(
        self, place: Ref, function: Function, call: Value
    ) -> tuple[Row | None, int | None]:
        """The row of a function that is given the container: `heapq.heappush(heap, entry)`."""
        called = function.values[call.args[0]]
        if called.op == "attr" and function.values[called.args[0]].op not in _MODULES:
            return None, None
        for thing in self._values.describe(place.at(call.args[0])):
            path = (*thing.path, CALL) if isinstance(thing, Api) else ()
            row = self._project.catalogue.match(ROLE, path) if path else None
            if row is not None and "container" in row.keys:
                return row, argument(call, row.keys["container"])
        return None, None

    def _row(self, container: Ref, tail: Path) -> Row | None:
        rows = (
            self._project.catalogue.match(ROLE, (*path, *tail)) for path in self._paths(container)
        )
        return next((row for row in rows if row is not None), None)

    def _paths(self, container: Ref) -> Iterator[Path]:
        """What a kept container is to the rows: by its own type, or by what its variable holds."""
        made = self._project.names.value(container)
        if made is None or made.op in _NO_CONTAINERS:
            return
        kept = self._lifetimes.of(container, self._known)
        if kept is None:
            return
        things = [*self._values.describe(container)]
        if made.op == "call" and len(made.args) > 2:
            called = self._project.names.value(container.at(made.args[0]))
            if called is not None and called.op == "attr" and called.text in _DEFAULTS:
                things += self._values.describe(container.at(made.args[2]))
        for thing in (*things, *self._lifetimes.slots.things(kept.slot)):
            yield from self._lifetimes.slots.paths(thing)


def holds(function: Function, effect: Effect, old: Value) -> bool:
    """Whether a value is read from the variable that an effect puts something into."""
    if effect.kind != "setattr":
        return old.op in ("global", "free", "cell") and old.text == effect.text
    return old.op == "attr" and old.text == effect.text


def larger(function: Function, made: Value) -> Iterator[tuple[int, int]]:
    """What a value is a larger copy of, with each entry that it has more: `{**old, key: 1}`,
    `old | {key}`, `[*old, entry]`."""
    if made.op == "binop" and made.text in _OPERATORS:
        for entry in _entries(function, made.args[1]):
            yield made.args[0], entry
    elif made.op == "dict":
        pairs = list(zip(made.args[::2], made.args[1::2], strict=True))
        for old in (held for key, held in pairs if key < 0):
            yield from ((old, key) for key, _ in pairs if key >= 0)
    elif made.op in _SHOWN and "*" in made.text:
        words = words_of_display(made)
        for old in (part for word, part in zip(words, made.args, strict=True) if word == "*"):
            yield from (
                (old, part) for word, part in zip(words, made.args, strict=True) if word != "*"
            )


def _entries(function: Function, value: int) -> Iterator[int]:
    """The entries that a container gains from another one: its elements or keys, if they are
    shown; else the other container stands for all of them, unless it may be a mapping."""
    made = function.values[value]
    if made.op in _SHOWN:
        for word, part in zip(words_of_display(made), made.args, strict=True):
            yield from (part,) if word != "*" else _entries(function, part)
    elif made.op == "dict":
        yield from (key for key in made.args[::2] if key >= 0)
    elif made.op in _COMPUTED:
        yield made.args[0]


def _in(function: FunctionRef, value: int) -> Ref:
    return Ref(function.module, function.index, value)
