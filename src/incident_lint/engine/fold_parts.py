"""What parts of objects are worth: elements, entries, attributes, fields."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Generic

from ..knowledge.paths import CALL, ITEM, Path, Segment, render
from ..model.facts import Function, Param, Value
from .arguments import argument
from .built import Built
from .callers import Callers, collected
from .constructors import constructor
from .contents import SPREAD, Containers, Contents
from .definitions import Local, Ref, Unknown
from .entries import Entries
from .known_as import KnownAs
from .lattice import CAUGHT, PARAMETER, Context, Folded, T
from .thing import Api, ClassThing, Instance, Made, Thing

if TYPE_CHECKING:
    from .fold import Fold
    from .kinds import Kinds
    from .project import Project
    from .values import Values

_FIELDS = "gives-fields"
_TYPE_NAMES = frozenset({"__name__", "__qualname__", "__module__", "__class__"})


class Parts(Generic[T]):
    """The part of a fold that looks into objects."""

    def __init__(
        self,
        fold: Fold[T],
        project: Project,
        values: Values,
        kinds: Kinds,
        callers: Callers,
        containers: Containers,
    ) -> None:
        self._fold = fold
        self._project = project
        self._values = values
        self._kinds = kinds
        self._callers = callers
        self._built = Built(project, values, callers)
        self._containers = containers
        self._known_as = KnownAs(project, values, callers)
        self._entries = Entries(project, values, callers, containers)

    def contained(self, container: Ref, context: Context[T]) -> Folded[T]:
        """What `x in container` leaves of x."""
        contents = self._containers.of(container)
        if contents is None:
            worth = self._fold.fold(container, context)
            return worth.but(element=self._fold.lattice.operation("elem", "", [worth.element]))
        return self._all(contents.keys, contents, context)

    def _all(self, parts: Sequence[Ref], contents: Contents, context: Context[T]) -> Folded[T]:
        found = [self._fold.fold(part, context) for part in (*parts, *contents.spread)]
        if contents.cause and not (contents.spread and contents.cause == SPREAD):
            found.append(self._fold.unknown(contents.cause))
        return self._fold.join(found)

    def called(self, ref: Ref, parts: Sequence[Folded[T]]) -> Folded[T] | None:
        """What a call of something read from a parameter gives, if callers know what that is."""
        for path in self._known_as.paths(ref):
            element = self._fold.lattice.library(path, [part.element for part in parts], ref)
            if element is not None and element != self._fold.lattice.unknown:
                return Folded(element, self._fold.step(ref, f"`{render(path)}`"))
        return None

    def given_back(
        self, ref: Ref, call: Value, path: Path, context: Context[T]
    ) -> Folded[T] | None:
        """What a library's call gives that gives back what it was given, or the fields of that."""
        row = self._project.catalogue.match("gives-back", (*path, CALL))
        given = None if row is None else argument(call, row.keys["argument"])
        if given is not None:
            return self._fold.fold(ref._replace(value=given), context)
        return self._fields(ref, call, path, context)

    def _fields(self, ref: Ref, call: Value, path: Path, context: Context[T]) -> Folded[T] | None:
        """What all declared fields of an object are worth together: `x._asdict()`, `asdict(x)`."""
        made = self._project.names.value(ref._replace(value=call.args[0]))
        if len(call.args) == 1:
            names = self._project.catalogue.names(_FIELDS)
            if made is None or made.op != "attr" or made.text not in names:
                return None
            receiver = ref._replace(value=made.args[0])
        elif len(call.args) == 2 and self._project.catalogue.match(_FIELDS, (*path, CALL)):
            receiver = ref._replace(value=call.args[1])
        else:
            return None
        found: list[Folded[T]] = []
        for thing in self._values.describe(receiver):
            if not isinstance(thing, Instance):
                return None
            made_by = constructor(self._project, thing.ref)
            if made_by is None or not made_by.fields:
                return None
            for field in made_by.fields:
                found += self._field(thing, field.field, receiver, context)
        return self._fold.join(found) if found else None

    def added(self, container: Ref, context: Context[T]) -> list[Folded[T]]:
        """What is put into a list, set or dict after it was made."""
        contents = self._containers.added(container)
        parts = [*contents.keys, *(contents.values or ())]
        more = parts or contents.cause
        return [self._all(parts, contents, context)] if more else []

    def looked_up(
        self, ref: Ref, value: Value, made: Value, context: Context[T]
    ) -> Folded[T] | None:
        """`d.get(k)`, `d.get(k, other)` and the like, of a dict that can be seen."""
        if made.text not in ("get", "pop", "setdefault") or len(value.args) < 2:
            return None
        contents = self._containers.of(ref._replace(value=made.args[0]))
        if contents is None or contents.values is None:
            return None
        others = [self._fold.fold(ref._replace(value=v), context) for v in value.args[2:]]
        index = ref._replace(value=value.args[1])
        chosen = self._chosen(contents, index)
        if chosen is not contents.values and chosen and not contents.cause:
            others = []  # the key is there
        found = self._fold.join([self._all(chosen, contents, context), *others])
        return self._by_index(found, index, context)

    def _chosen(self, contents: Contents, index: Ref) -> Sequence[Ref]:
        """What lies under an index: one entry if both are constants, else any."""
        made = self._project.names.value(index)
        text = made.text if made is not None and made.op == "const" else ""
        if contents.values is None:
            place = int(text) if text.isdigit() and not contents.cause else len(contents.keys)
            return contents.keys[place : place + 1] or contents.keys
        keys = [self._project.names.value(key) for key in contents.keys]
        if not text or any(key is None or key.op != "const" for key in keys):
            return contents.values
        pairs = zip(keys, contents.values, strict=True)
        return [value for key, value in pairs if key is not None and key.text == text]

    def item(self, ref: Ref, value: Value, context: Context[T]) -> Folded[T]:
        container, index = (ref._replace(value=v) for v in value.args[:2])
        for thing in self._values.describe(container):
            if isinstance(thing, ClassThing) and self._kinds.is_enum(thing.ref):
                return Folded(self._fold.lattice.finite)
        contents = self._containers.of(container)
        sliced = self._project.names.value(index)
        if contents is not None and sliced is not None and sliced.op != "slice":
            whole = self._all(self._chosen(contents, index), contents, context)
        else:
            whole = self._part("item", ref, value, context)
        return self._by_index(whole, index, context)

    def _by_index(self, found: Folded[T], index: Ref, context: Context[T]) -> Folded[T]:
        """What an entry is worth, if that depends on what chose it."""
        lattice = self._fold.lattice
        if not lattice.asks_indices:
            return found
        chosen = self._fold.fold(index, context)
        element = lattice.chosen(found.element, chosen.element)
        return found if element == found.element else chosen.but(element=element)

    def element(self, ref: Ref, value: Value, context: Context[T]) -> Folded[T]:
        contents = self._containers.of(ref._replace(value=value.args[0]))
        if contents is None:
            contents = self._containers.paired(ref._replace(value=value.args[0]))
            given = self._given(ref._replace(value=value.args[0]), value.text, context)
            if contents is None and given is None:
                given = self._of_entry(ref._replace(value=value.args[0]), value.text, context)
            if contents is None and given is not None:
                return given
            if contents is None or contents.values is None or value.text not in ("0", "1"):
                return self._part("elem", ref, value, context)
            side = contents.keys if value.text == "0" else contents.values
            return self._all(side, contents, context)
        known = value.text.isdigit() and contents.values is None and not contents.cause
        if known and int(value.text) < len(contents.keys):
            return self._fold.fold(contents.keys[int(value.text)], context)
        return self._all(contents.keys, contents, context)

    def _given(self, whole: Ref, place: str, context: Context[T]) -> Folded[T] | None:
        """`a, b = f()`: what `f` gives at this place."""
        made = self._project.names.value(whole)
        while made is not None and made.op in ("await", "refine"):
            whole = whole._replace(value=made.args[0])
            made = self._project.names.value(whole)
        if made is None or made.op != "call" or not place.isdigit():
            return None
        return self._fold.limited.element(whole, place, context)

    def _of_entry(self, whole: Ref, place: str, context: Context[T]) -> Folded[T] | None:
        """`a, b = pairs[key]`, `for a, b in pairs`: this place of all that lies in there."""
        found = self._entries.unpacked(whole, int(place)) if place.isdigit() else None
        return None if not found else self._fold.join([self._fold.fold(v, context) for v in found])

    def _part(self, op: str, ref: Ref, value: Value, context: Context[T]) -> Folded[T]:
        """A part of an object that cannot be seen into: of a library, or as its whole."""
        for thing in self._values.describe(ref):
            for path in self._paths(ref, value, thing):
                element = self._fold.lattice.library(path, [], ref)
                if element is not None:
                    return self._read(ref, value, element, path, context)
        for path in self._known_as.paths(ref):
            element = self._fold.lattice.library(path, [], ref)
            if element is not None and element != self._fold.lattice.unknown:
                return self._read(ref, value, element, path, context)
        if op == "attr" and self._is_caught(ref._replace(value=value.args[0])):
            path = (*CAUGHT, Segment("name", value.text))
            element = self._fold.lattice.library(path, [], ref)
            cause = f"`.{value.text}` of an exception"
            if element == self._fold.lattice.unknown:
                return self._fold.unknown(cause)
            if element is not None:
                return Folded(element, self._fold.step(ref, cause))
        whole = self._fold.fold(ref._replace(value=value.args[0]), context)
        part = self._fold.operation(op, value.text, [whole])
        if op == "elem":
            return part
        key = value.text or self._project.names.constant(ref._replace(value=value.args[-1]))
        return self._told(part.but(element=self._fold.lattice.part(part.element, key)), ref, value)

    def by_name(self, ref: Ref, value: Value, context: Context[T]) -> Folded[T]:
        """`getattr(x, "name", other)`: the attribute, as far as rows know it, or the other."""
        name = self._project.names.constant(ref._replace(value=value.args[2]))
        found = [self._fold.fold(ref._replace(value=v), context) for v in value.args[3:]]
        for thing in self._values.describe(ref._replace(value=value.args[1])):
            element = None
            if isinstance(thing, Api) and name is not None and name not in _TYPE_NAMES:
                path = (*thing.path, Segment("name", name))
                element = self._fold.lattice.library(path, [], ref)
            if name in _TYPE_NAMES:
                element = self._fold.lattice.finite
            unknown = self._fold.unknown("an attribute that is asked for by its name")
            found.append(
                unknown if element is None else Folded(element, self._fold.step(ref, f"`.{name}`"))
            )
        return self._fold.join(found)

    def _told(self, part: Folded[T], ref: Ref, value: Value) -> Folded[T]:
        """A part of what a function was handed: the way begins where it is read."""
        if not part.steps or not part.steps[0].message.startswith(PARAMETER):
            return part
        key = self._project.names.value(ref._replace(value=value.args[-1]))
        shown = key.text if key is not None and key.op == "const" else ""
        read = f".{value.text}" if value.op == "attr" else f"[{shown}]"
        name = part.steps[0].message[len(PARAMETER) :].strip("`")
        return part.but(steps=(*self._fold.step(ref, f"`{name}{read}`"), *part.steps[1:]))

    def _read(
        self, ref: Ref, value: Value, element: T, path: Path, context: Context[T]
    ) -> Folded[T]:
        """A part of which a row speaks. If the row speaks of its whole, that may be limited by
        conditions; if it was read elsewhere and given a name, then the part comes from there."""
        origin = ref._replace(value=value.args[0])
        whole = self._fold.fold(origin, context)
        if whole.element == self._fold.lattice.finite:
            if self._fold.lattice.library(path[:-1], [], origin) == element:
                return whole
        if whole.element == element and whole.steps and value.at is not None:
            if not whole.steps[0].span.is_within(value.at):
                return whole
        text = render(path)
        if value.op == "item" and path[-1].constants:
            text = f'{render(path[:-2])}["{path[-1].constants[0]}"]'
        return Folded(element, self._fold.step(ref, f"`{text}`"))

    def _paths(self, ref: Ref, value: Value, thing: Thing) -> Iterator[Path]:
        """How rows speak of a part; `scope["path"]` is also known as `scope.get("path")`."""
        if not isinstance(thing, Api):
            return
        key = self._project.names.constant(ref._replace(value=value.args[-1]))
        if value.op == "item" and key is not None and thing.path[-1] == ITEM:
            yield (*thing.path[:-1], Segment("name", "get"), Segment("call", "", (key,)))
        yield thing.path

    def _is_caught(self, ref: Ref) -> bool:
        made = self._project.names.value(ref)
        while made is not None and made.op in ("refine", "phi") and made.args:
            made = self._project.names.value(ref._replace(value=made.args[0]))
        return made is not None and made.op == "exc"

    def attribute(self, ref: Ref, value: Value, context: Context[T]) -> Folded[T]:
        if value.text in _TYPE_NAMES:
            return Folded(self._fold.lattice.finite)
        found = self._project.names.resolve(*ref)
        if found != (Local(ref),) and not any(isinstance(one, Unknown) for one in found):
            return self._fold.join([self._fold.definition(d, ref, context) for d in found])
        parts = []
        for thing in self._values.describe(ref._replace(value=value.args[0])):
            if isinstance(thing, (ClassThing, Instance)):
                if self._kinds.is_enum(thing.ref):
                    return Folded(self._fold.lattice.finite)
                receiver = ref._replace(value=value.args[0])
                parts += [
                    self._told(part, ref, value)
                    for part in self._field(thing, value.text, receiver, context)
                ]
        return self._fold.join(parts) if parts else self._part("attr", ref, value, context)

    def _field(
        self, thing: ClassThing | Instance, name: str, receiver: Ref, context: Context[T]
    ) -> list[Folded[T]]:
        """`object.name`: what the class and its methods put there, and whoever made the object."""
        classes = self._project.classes
        annotation = classes.annotation(thing.ref, name)
        found = []
        if annotation is not None:
            if self._kinds.is_finite(annotation):
                return [Folded(self._fold.lattice.finite)]
            declared = self._fold.lattice.typed(self._values.annotated(annotation, thing.ref))
            if declared is not None:
                return [Folded(declared)]
            whole = self._fold.fold(receiver, context)
            if whole.element not in (self._fold.lattice.bottom, self._fold.lattice.unknown):
                found.append(whole)  # the object was handed over with all that is in it
        for value in classes.attribute(thing.ref, name).values:
            definitions = self._values.describe(value)
            getters = [d for d in definitions if isinstance(d, Made)]
            if getters and classes.kind(getters[0].function) == "property":
                results = self._callers.returned(getters[0].function)
                found += [self._fold.fold(one, context) for one in results]
            else:
                found.append(self._fold.fold(value, context))
        given = self._built.given(receiver, thing.ref, name)
        found += [self._fold.fold(value, context) for value in given]
        fields = classes.fields(thing.ref, name).values
        found += [self._fold.fold(value, context) for value in fields]
        return found

    def collected(
        self, function: Function, made: Made, call: Ref, param: Param, context: Context[T]
    ) -> Folded[T]:
        """What lies in what a `*` or `**` parameter collects in one call."""
        value = self._project.names.value(call)
        given = None if value is None else collected(function, made.bound, value, param)
        if not given:
            return self._fold.unknown(f"what `{param.name}` collects")
        return self._fold.join(
            [self._fold.fold_at(call.at(each), call.value, context) for each in given]
        )
