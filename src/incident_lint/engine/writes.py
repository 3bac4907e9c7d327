"""What a function puts into objects that live with the process: entries, attributes, arguments of
methods that keep them; and which names of modules and closures it binds anew."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from ..knowledge.catalogue import Row
from ..knowledge.paths import CALL, ITEM, Path, Segment
from ..model.facts import Effect, Function, Value
from ..model.source import Span
from .arguments import argument, words_of
from .definitions import External, FunctionRef, ModuleDef, Ref
from .growth import holds
from .lifetimes import ROLE as LOCAL
from .lifetimes import Lifetimes
from .slots import Kept, Known, Slot
from .thing import Api, ClassThing, Instance, Module
from .ways import Item

if TYPE_CHECKING:
    from .project import Project
    from .values import Values

_MUTATES = "mutates"
_OPERATORS = {"|": "__ior__", "+": "__iadd__"}
_LOOKS_UP = frozenset({"get", "setdefault", "pop"})
_SAME = frozenset({"refine", "await", "enter"})
_COMPUTED = frozenset({"listcomp", "setcomp", "dictcomp"})
_TAKES = frozenset({"elem", "item", "call", "attr", "refine"})
_NO_CONTAINERS = frozenset({"const", "import", "func", "class"})
_MODULES = frozenset({"import", "from", "global"})


class Write(NamedTuple):
    """Something that is put into an object that lives with the process, or takes its place.

    `into` is the object (None: a variable is bound), `rebinds` says that a name of a module is
    bound, `is_entry` that it is one more entry of a list or set; `keys` are what it is found
    under; `use` is where it happens.
    """

    kept: Kept
    into: Ref | None
    values: tuple[Ref, ...]
    keys: tuple[Ref, ...]
    rebinds: bool
    use: int | Item
    at: Span
    is_entry: bool = False


class Writes:
    """Answers of "what does this function write?" for one project."""

    def __init__(self, project: Project, values: Values, lifetimes: Lifetimes) -> None:
        self._project = project
        self._values = values
        self._lifetimes = lifetimes

    def of(self, ref: FunctionRef, known: Known) -> Iterator[Write]:
        """What a function writes, given which of its parameters live with the process."""
        function = self._values.function(ref)
        for number, block in enumerate(function.blocks):
            for place, effect in enumerate(block.effects):
                if _is_filtered(function, effect):
                    continue
                yield from self._by_effect(ref, function, effect, Item(number, -1, place), known)
        for number, value in enumerate(function.values):
            if value.op == "call" and value.at is not None:
                yield from self._by_call(_in(ref, number), function, value, value.at, known)

    def is_container(self, ref: Ref, kept: Kept, tail: Path) -> Row | None:
        """The row of what is done to a kept object: it surely is a container of that kind."""
        for path in self._paths(ref, kept):
            row = self._project.catalogue.match(_MUTATES, (*path, *tail))
            if row is not None:
                return row
        return None

    def _by_effect(
        self, ref: FunctionRef, function: Function, effect: Effect, use: Item, known: Known
    ) -> Iterator[Write]:
        if effect.kind == "setitem":
            into, key = (_in(ref, each) for each in effect.args[:2])
            value = _in(ref, _added(function, effect.args[2]))
            if self._is_namespace(into):
                name = self._project.names.constant(key) or "..."
                kept = Kept(Slot(ref.module, name), f"`{name}`")
                yield Write(kept, None, (value,), (), True, use, effect.at)
                return
            found = self._kept(into, known)
            if found is not None and self._takes_entries(into, found):
                keys = (key, *self._keys(into))
                yield Write(found, into, (value,), keys, False, use, effect.at)
        elif effect.kind == "setattr":
            yield from self._by_attribute(ref, effect, use, known)
        elif effect.kind == "bindglobal":
            if function.values[effect.args[0]].op != "aug":
                kept = Kept(Slot(ref.module, effect.text), f"`{effect.text}`")
                value = _in(ref, effect.args[0])
                yield Write(kept, None, (value,), (), True, use, effect.at)
        elif effect.kind == "bindfree":
            free = self._lifetimes.variable(ref, effect.text)
            if free is not None and function.values[effect.args[0]].op != "aug":
                yield Write(free, None, (_in(ref, effect.args[0]),), (), False, use, effect.at)
        elif effect.kind == "aug":
            into, more = (_in(ref, each) for each in function.values[effect.args[0]].args)
            method = _OPERATORS.get(effect.text)
            found = self._kept(into, known) if method else None
            if method and found is not None:
                if self.is_container(into, found, (Segment("name", method), CALL)) is not None:
                    yield Write(found, into, (more,), self._keys(into), False, use, effect.at)

    def _by_attribute(
        self, ref: FunctionRef, effect: Effect, use: Item, known: Known
    ) -> Iterator[Write]:
        holder, name = _in(ref, effect.args[0]), effect.text
        value = _in(ref, _added(self._values.function(ref), effect.args[1]))
        for thing in self._values.describe(holder):
            if isinstance(thing, Module):
                if self._values.function(ref).values[effect.args[1]].op == "aug":
                    return  # as of a variable: what it adds to is asked for itself
                owner = thing.definition.name if isinstance(thing.definition, ModuleDef) else ""
                kept = Kept(Slot(owner, name), f"`{owner.rpartition('.')[2]}.{name}`")
                yield Write(kept, None, (value,), (), True, use, effect.at)
                return
            if isinstance(thing, Api) and self._is_local(thing):
                return
            if isinstance(thing, Instance) and self._is_property(thing, name):
                return  # what a setter does is not seen
            if isinstance(thing, ClassThing):
                slot = self._lifetimes.slots.owner(holder, name) or Slot(thing.ref, name)
                called = f"`{self._project.classes.facts(thing.ref).name}.{name}`"
                yield Write(Kept(slot, called), holder, (value,), (), False, use, effect.at)
                return
        library = self._imported(holder)
        if library is not None:
            kept = Kept(Slot(library, name), f"`{library}.{name}`")
            yield Write(kept, None, (value,), (), True, use, effect.at)
            return
        found = self._kept(holder, known)
        if found is not None and self._values.function(ref).name != "__init__":
            slot = self._lifetimes.slots.owner(holder, name) or Slot(ref.module, name)
            kept = Kept(slot._replace(inside=found.slot.inside), f"`{name}` of {found.what}")
            yield Write(kept, holder, (value,), self._keys(holder), False, use, effect.at)

    def _is_property(self, thing: Instance, name: str) -> bool:
        classes = self._project.classes
        methods = classes.find_method(thing.ref, name).functions
        return any(classes.kind(method) == "property" for method in methods)

    def _imported(self, ref: Ref) -> str | None:
        """The library's module that a value is, if a statement of its file imports it as such."""
        module = self._project.module(ref.module)
        for definition in self._project.names.resolve(*ref):
            if isinstance(definition, External) and module is not None:
                if any(dotted == definition.dotted for dotted, _ in module.facts.imports):
                    return definition.dotted
        return None

    def _by_call(
        self, place: Ref, function: Function, value: Value, at: Span, known: Known
    ) -> Iterator[Write]:
        called = function.values[value.args[0]]
        name = called.text.rpartition(":")[2]
        if name not in self._project.catalogue.last_names(_MUTATES):
            return
        row, into = self._of_function(place, function, value), None
        if row is not None:
            number = argument(value, row.keys["argument"])
            into = None if number is None else place.at(number)
        elif called.op == "attr":
            into = place.at(called.args[0])
        found = None if into is None else self._kept(into, known)
        if into is None or found is None:
            return
        if row is None:
            row = self.is_container(into, found, (Segment("name", name), CALL))
        if row is None or (called.op == "attr" and row.keys["argument"] not in ("receiver", 0)):
            return
        if any(self._project.catalogue.match("hands-over", p) for p in self._paths(into, found)):
            return
        keys = self._keys(into)
        is_entry = not self._is_mapping(into, found)
        if row.keys.get("returns") and len(value.args) > 1:  # `setdefault(key, value)`
            keys = (place.at(value.args[1]), *keys)
        for given in self._stored(value, row):
            shown = function.values[given]
            if shown.op == "dict" and all(key >= 0 for key in shown.args[::2]):
                for key, part in zip(shown.args[::2], shown.args[1::2], strict=True):
                    under = (place.at(key), *keys)
                    part_of = place.at(part)
                    yield Write(found, into, (part_of,), under, False, place.value, at, is_entry)
            else:
                entry = place.at(given)
                own = (entry,) if name == "add" else ()
                under = (*own, *keys)
                yield Write(found, into, (entry,), under, False, place.value, at, is_entry)

    def _stored(self, call: Value, row: Row) -> Iterator[int]:
        """The arguments that a row says are kept, or whose elements are."""
        given = list(zip(words_of(call), call.args[1:], strict=True))
        for role in ("stores", "stores_elements_of"):
            for which in row.keys.get(role, ()):
                if which == "*":
                    yield from (value for word, value in given if word in ("", "*"))
                elif which == "**":
                    yield from (value for word, value in given if word not in ("", "*"))
                else:
                    one = argument(call, which)
                    yield from () if one is None else (one,)

    def _of_function(self, place: Ref, function: Function, call: Value) -> Row | None:
        """The row of a function that is given the container: `heapq.heappush(heap, entry)`."""
        called = function.values[call.args[0]]
        if called.op == "attr" and function.values[called.args[0]].op not in _MODULES:
            return None
        for thing in self._values.describe(place.at(call.args[0])):
            if isinstance(thing, Api):
                row = self._project.catalogue.match(_MUTATES, (*thing.path, CALL))
                if row is not None and row.keys["argument"] != "receiver":
                    return row
        return None

    def _takes_entries(self, into: Ref, kept: Kept) -> bool:
        if self.is_container(into, kept, (Segment("name", "__setitem__"), CALL)) is not None:
            return True
        return self._is_mapping(into, kept)

    def _is_mapping(self, into: Ref, kept: Kept) -> bool:
        paths = self._paths(into, kept)
        catalogue = self._project.catalogue
        return any(catalogue.match("gains-entry", (*path, ITEM)) is not None for path in paths)

    def _kept(self, ref: Ref, known: Known) -> Kept | None:
        made = self._project.names.value(ref)
        if made is None or made.op in _NO_CONTAINERS:
            return None
        for thing in self._values.describe(ref):
            if isinstance(thing, Api) and self._is_local(thing):
                return None
        return self._lifetimes.of(ref, known)

    def _is_local(self, thing: Api) -> bool:
        """Whether something is another object in each request or thread, or lies in one."""
        return any(
            self._project.catalogue.match(LOCAL, thing.path[:length]) is not None
            for length in range(1, len(thing.path) + 1)
        )

    def _is_namespace(self, ref: Ref) -> bool:
        """Whether it is `globals()`."""
        made = self._project.names.value(ref)
        called = None if made is None or made.op != "call" else made.args[0]
        value = None if called is None else self._project.names.value(ref.at(called))
        return value is not None and (value.op, value.text) == ("builtin", "globals")

    def _keys(self, ref: Ref) -> tuple[Ref, ...]:
        """What an object is found under, on the way to it: `sessions[token].user`, and what a
        function was given that found it."""
        keys: list[Ref] = []
        made = self._project.names.value(ref)
        while made is not None:
            if made.op == "item":
                keys.append(ref.at(made.args[1]))
            elif made.op == "call":
                keys += [ref.at(each) for each in made.args[1:]]
                ref = ref.at(made.args[0])
                made = self._project.names.value(ref)
                if made is None or made.op != "attr":
                    break
            elif made.op not in _SAME and made.op != "attr":
                break
            ref = ref.at(made.args[0])
            made = self._project.names.value(ref)
        return tuple(keys)

    def _paths(self, ref: Ref, kept: Kept) -> Iterator[Path]:
        """What a kept object is to the rows: by its own type, or by what its variable holds."""
        things = [*self._values.describe(ref)]
        made = self._project.names.value(ref)
        if made is not None and made.op == "call" and len(made.args) > 2:
            called = self._project.names.value(ref.at(made.args[0]))
            if called is not None and called.op == "attr" and called.text in _LOOKS_UP:
                things += self._values.describe(ref.at(made.args[2]))
        things += self._lifetimes.slots.things(kept.slot)
        for thing in things:
            yield from self._lifetimes.slots.paths(thing)


def _in(function: FunctionRef, value: int) -> Ref:
    return Ref(function.module, function.index, value)


def _added(function: Function, value: int) -> int:
    """Of what is set by `+=` and the like, what comes to what was there."""
    made = function.values[value]
    return made.args[1] if made.op == "aug" else value


def _is_filtered(function: Function, effect: Effect) -> bool:
    """Whether a variable gets a part of what lies in it: `seen = {one for one in seen if ...}`."""
    if effect.kind not in ("setattr", "bindglobal", "bindfree"):
        return False
    made = function.values[effect.args[-1]]
    return made.op in _COMPUTED and all(_lies_in(function, effect, part) for part in made.args)


def _lies_in(function: Function, effect: Effect, value: int) -> bool:
    """Whether a value is taken from what a variable holds: an element, a key, an entry."""
    made = function.values[value]
    while made.op in _TAKES and not holds(function, effect, made):
        inner = 1 if made.op == "call" and len(made.args) > 1 else 0  # `list(seen.items())`
        made = function.values[made.args[inner]]
    return holds(function, effect, made)
