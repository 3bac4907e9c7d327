"""What a function sets of which the process has one, and of clients what they send with every call.

Rows of `process-setting` and `client-state` speak of attributes and subscripts that are assigned,
and of calls. A client's state counts only where the client itself lives with the process.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from ..knowledge.catalogue import Row
from ..knowledge.paths import CALL, ITEM, Path, Segment, render
from ..model.facts import Effect, Function, Value
from ..model.source import Span
from .arguments import argument, words_of
from .definitions import FunctionRef, Ref
from .lifetimes import Lifetimes
from .slots import Kept, Known
from .thing import Api, Instance
from .ways import Item

if TYPE_CHECKING:
    from .project import Project
    from .values import Values

SETTING = "process-setting"
CLIENT = "client-state"
_STEPS = frozenset({"attr", "item", "refine", "await", "enter"})


class Setting(NamedTuple):
    """Something that is set: the row about it, what the code calls it, the object that is changed
    (None: a name of a module), what is put there, and, of a client, who keeps it."""

    row: Row
    what: str
    into: Ref | None
    values: tuple[Ref, ...]
    use: int | Item
    at: Span
    client: Kept | None = None

    @property
    def is_told_apart(self) -> bool:
        """Whether another one that is called so is the same: not an entry under any key."""
        return not self.what.endswith("[]`")

    @property
    def is_of_client(self) -> bool:
        """Whether it is what a client sends, not a setting of the process."""
        return self.row.role == CLIENT


class Settings:
    """Answers of "what does this function set for everybody?" for one project."""

    def __init__(self, project: Project, values: Values, lifetimes: Lifetimes) -> None:
        self._project = project
        self._values = values
        self._lifetimes = lifetimes

    def of(self, ref: FunctionRef, known: Known) -> Iterator[Setting]:
        """What a function sets, given which of its parameters live with the process."""
        function = self._values.function(ref)
        for number, block in enumerate(function.blocks):
            for place, effect in enumerate(block.effects):
                found = self._by_effect(ref, function, effect, Item(number, -1, place))
                yield from self._of_the_process(found, known)
        for number, value in enumerate(function.values):
            if value.op == "call" and value.at is not None:
                called = function.values[value.args[0]].text.rpartition(":")[2]
                if self._is_named(called):
                    found = self._by_call(Ref(ref.module, ref.index, number), function, value)
                    yield from self._of_the_process(found, known)

    def speaks_of(self, ref: FunctionRef, use: int | Item, known: Known) -> bool:
        """Whether what happens at a place of a function is such a setting: no other code than
        INC304 and INC305 reports it."""
        function = self._values.function(ref)
        if isinstance(use, int):
            found = self._by_call(Ref(ref.module, ref.index, use), function, function.values[use])
        else:
            effect = function.blocks[use.block].effects[use.effect]
            found = self._by_effect(ref, function, effect, use)
        return any(True for _ in self._of_the_process(found, known))

    def _is_named(self, name: str) -> bool:
        """Whether a row ends with a name; most calls are done with here."""
        catalogue = self._project.catalogue
        return name in catalogue.last_names(SETTING) or name in catalogue.last_names(CLIENT)

    def _of_the_process(self, found: Setting | None, known: Known) -> Iterator[Setting]:
        if found is None:
            return
        if not found.is_of_client:
            yield found
            return
        client = self._client(found.into, known)
        if client is not None:
            yield found._replace(client=client)

    def _client(self, into: Ref | None, known: Known) -> Kept | None:
        """Who keeps the client, or the object that the client is part of."""
        while into is not None:
            kept = self._lifetimes.of(into, known)
            if kept is not None:
                return kept
            made = self._project.names.value(into)
            into = into.at(made.args[0]) if made is not None and made.op in _STEPS else None
        return None

    def _by_effect(
        self, ref: FunctionRef, function: Function, effect: Effect, use: Item
    ) -> Setting | None:
        if effect.kind == "setitem":
            into, _, value = (Ref(ref.module, ref.index, each) for each in effect.args)
            key = self._project.names.constant(into.at(effect.args[1]))
            return self._found(into, (ITEM,), (value,), use, effect.at, f'["{key}"]' if key else "")
        if effect.kind != "setattr":
            return None
        into, value = (Ref(ref.module, ref.index, each) for each in effect.args)
        tail = (Segment("name", effect.text),)
        if self._is_named(effect.text):
            found = self._found(into, tail, (value,), use, effect.at)
            if found is not None:
                return found
        return self._whole(into, effect, value, use)

    def _whole(self, into: Ref, effect: Effect, value: Ref, use: Item) -> Setting | None:
        """Any attribute of an object of settings."""
        for path in self._paths(into):
            row = self._project.catalogue.match(SETTING, path)
            if row is not None and row.keys.get("any_attribute"):
                what = f"{_shown(path)}.{effect.text}"
                return Setting(row, f"`{what}`", into, (value,), use, effect.at)
        return None

    def _by_call(self, call: Ref, function: Function, value: Value) -> Setting | None:
        called = function.values[value.args[0]]
        into = call.at(called.args[0]) if called.op == "attr" else None
        if value.at is None:
            return None
        for thing in self._values.describe(call.at(value.args[0])):
            path = (*thing.path, CALL) if isinstance(thing, Api) else ()
            row = self._row(path) if path else None
            if row is None:
                continue
            given = self._given(function, value, row)
            if given is not None:
                values = tuple(call.at(each) for each in given)
                return Setting(row, f"`{_shown(path)}`", into, values, call.value, value.at)
        return None

    def _given(self, function: Function, call: Value, row: Row) -> tuple[int, ...] | None:
        """What a call sets; None: it only asks."""
        which = row.keys.get("argument")
        if which is None:
            return call.args[1:]
        one = argument(call, which)
        if one is not None:
            return None if function.values[one].text == "None" else (one,)
        return call.args[1:] if any(words_of(call)) else None

    def _found(
        self,
        into: Ref,
        tail: Path,
        values: tuple[Ref, ...],
        use: int | Item,
        at: Span,
        key: str = "",
    ) -> Setting | None:
        for path in self._paths(into):
            whole = (*path, *tail)
            row = self._row(whole)
            if row is not None:
                shown = _shown(whole)
                what = f"{shown[: -len('[]')]}{key}" if key else shown
                return Setting(row, f"`{what}`", into, values, use, at)
        return None

    def _row(self, path: Path) -> Row | None:
        match = self._project.catalogue.match
        return match(SETTING, path) or match(CLIENT, path)

    def _paths(self, ref: Ref) -> Iterator[Path]:
        """What an object is to rows: by its own type, or by those that its class inherits from."""
        for thing in self._values.describe(ref):
            if isinstance(thing, (Api, Instance)):
                yield from self._lifetimes.slots.paths(thing)


def _shown(path: Path) -> str:
    """A path as a message says it: `requests.Session.headers[]`, without the call that made it."""
    kept = [
        segment
        for number, segment in enumerate(path)
        if segment.kind != "call" or number == len(path) - 1
    ]
    return render(tuple(segment._replace(constants=()) for segment in kept))
