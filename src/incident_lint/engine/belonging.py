"""Whose is a value: what of it belongs to one request, message, user or tenant?

A value belongs to somebody if it came in with what is served (`outside-value`, `entity-value`,
`tenant-value`) or was made of what did. An answer is the set of its sources, so that "is all of
this under that key?" can be asked, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from ..knowledge.paths import Path, Segment, render
from ..model.facts import Function, Param
from .definitions import FunctionRef, Ref
from .lattice import Lattice
from .origins import made_of, origin, plain_methods
from .outside import Origin, Outside

if TYPE_CHECKING:
    from .project import Project

_ROLES = ("tenant-value", "outside-value", "entity-value", "bounded-value", "unbounded-value")
_KINDS: dict[str, Kind] = {
    "tenant-value": "who",
    "entity-value": "who",
    "outside-value": "data",
    "unbounded-value": "own",
}
_GET = (Segment("name", "get"),)
_MOST = 8


Kind: TypeAlias = Literal["who", "data", "own", "unknown"]
"""Who is served; what came in from there; something that is another one each time, such as a
number that was just drawn; nobody can tell."""


class Source(NamedTuple):
    """Something of which a value is made. `label` is what the code calls it, `home` the function
    whose parameter it is (None: of a library); `sure`: every step from there was seen."""

    label: str
    kind: Kind
    sure: bool
    home: FunctionRef | None = None

    @property
    def origin(self) -> tuple[str, FunctionRef | None]:
        """What tells it from others."""
        return self.label, self.home


Sources: TypeAlias = frozenset[Source]

NOBODYS: Sources = frozenset()
UNKNOWN: Sources = frozenset({Source("", "unknown", False)})


class Belonging(Lattice[Sources]):
    """What is made of several values is made of all their sources. What two values have in common,
    that they are equal or how long they are, is nobody's."""

    bottom = finite = NOBODYS
    unknown = UNKNOWN
    asks_indices = True

    def __init__(self, project: Project) -> None:
        self._catalogue = project.catalogue
        self._names = project.names
        self._values = project.travel.values
        self._outside = Outside(project)

    def join(self, one: Sources, other: Sources) -> Sources:
        both = one | other
        if len(both) <= _MOST:
            return both
        sure = any(source.sure for source in both)
        who = any(source.kind == "who" for source in both)
        return frozenset({Source("*", "who" if who else "data", sure)})

    def constant(self, text: str) -> Sources:
        return NOBODYS

    def operation(self, op: str, text: str, parts: Sequence[Sources]) -> Sources:
        return self._all(parts)

    def instance(self, parts: Sequence[Sources]) -> Sources | None:
        return self._all(parts)

    def library(self, path: Path, parts: Sequence[Sources], ref: Ref) -> Sources | None:
        if self._catalogue.match("tells-little", path) is not None:
            return NOBODYS
        row = made_of(self._catalogue, path)
        if row is not None and (parts or row.role == "bounds"):  # with no parts, an instance
            return NOBODYS if row.role == "bounds" else self._all(parts)
        if parts and belonging(parts[0]):
            for method in plain_methods(path):
                row = made_of(self._catalogue, method)
                if row is not None:
                    whole = NOBODYS if row.role == "bounds" else parts[0]
                    return self._entry(whole, path, ref)
        row = origin(self._catalogue, path, _ROLES)
        if row is not None:
            if parts and row is origin(self._catalogue, path[:-2], _ROLES):
                # Of the method nothing is said: it is of what its object is.
                return self._entry(parts[0], path, ref)
            if row.role == "bounded-value" or row.keys.get("slow"):
                return NOBODYS
            return self._source(path, _KINDS[row.role], ref)
        given = self._all(parts)
        if _is_class(path) and self._is_call(ref):
            return given
        if not belonging(given):
            return None
        return self.elsewhere(given)

    def part(self, element: Sources, name: str | None) -> Sources:
        """Parts of what an entry point was handed are told apart; of a library's, their paths do
        that."""
        if name is None:
            return element
        return frozenset(
            source._replace(label=f"{source.label[:-1]}.{name}`") if source.home else source
            for source in element
        )

    def chosen(self, element: Sources, index: Sources) -> Sources:
        """What is found under somebody's key is his."""
        return self.join(element, belonging(index))

    def elsewhere(self, element: Sources) -> Sources:
        """Another object of the class, or another request's, may be meant."""
        return frozenset(source._replace(sure=False) for source in element)

    def parameter(self, ref: FunctionRef, param: Param) -> Sources | None:
        handed = self._values.entry_points.handed(ref, param.name)
        if handed is None or handed.entry.scope == "start":
            return None
        name = f"`{param.name}`"
        if handed.path is not None:
            row = origin(self._catalogue, handed.path, _ROLES)
            if row is None or row.role == "bounded-value":
                return None
            return frozenset({Source(name, "data", handed.entry.sure, ref)})
        found = self._outside.parameter(ref, param)
        if found is None or found == Origin.INSIDE:
            return None
        if found == Origin.UNKNOWN:
            # It comes with the request, or is a service: what it is called says which.
            named = self.is_named(param.name)
            return frozenset({Source(name, "who", False, ref)}) if named else None
        return frozenset({Source(name, "data", found == Origin.OUTSIDE, ref)})

    def named(self, function: Function) -> frozenset[str]:
        """The parameters of a function whose names say whose they are."""
        return frozenset(param.name for param in function.params if self.is_named(param.name))

    def is_named(self, name: str) -> bool:
        """Whether a name says that what it holds belongs to a request, user, tenant or message."""
        return name.lower().strip("_") in self._catalogue.names("tenant-name")

    def _source(self, path: Path, kind: Kind, ref: Ref) -> Sources:
        sure = self._outside.is_sure(ref)
        read = path[:-2] if path[-1].kind == "call" and path[-2:-1] == _GET else path
        text = render(read).removesuffix("[]")
        key = self._key(ref)
        label = f'`{text}["{key}"]`' if key is not None else f"`{text}`"
        return frozenset({Source(label, kind, sure)})

    def _entry(self, whole: Sources, path: Path, ref: Ref) -> Sources:
        """What `form.get("body")` gives, of what `form` is."""
        key = self._key(ref) if path[-2:-1] == _GET else None
        if key is None:
            return whole
        return frozenset(
            source._replace(label=f'{source.label[:-1]}["{key}"]`') for source in whole
        )

    def _is_call(self, ref: Ref) -> bool:
        value = self._names.value(ref) if ref.value >= 0 else None
        return value is not None and value.op == "call"

    def _key(self, ref: Ref) -> str | None:
        """The constant under which something is read: `form["body"]`, `form.get("body")`."""
        value = self._names.value(ref) if ref.value >= 0 else None
        if value is None or value.op not in ("item", "call") or len(value.args) < 2:
            return None
        return self._names.constant(ref.at(value.args[1]))

    def _all(self, parts: Sequence[Sources]) -> Sources:
        result = NOBODYS
        for part in parts:
            result = self.join(result, part)
        return result


def belonging(sources: Sources) -> Sources:
    """The sources that are somebody's."""
    return frozenset(source for source in sources if source.kind in ("who", "data"))


def _is_class(path: Path) -> bool:
    """Whether a call makes an object, as far as its name tells: it keeps what it was given."""
    names = [segment.text for segment in path if segment.kind == "name"]
    return bool(names) and path[-1].kind == "call" and names[-1][:1].isupper()
