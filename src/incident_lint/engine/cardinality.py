"""How many values something can take: the lattice of INC4, over rows about libraries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ..knowledge.catalogue import Row
from ..knowledge.paths import CALL, Path, Segment
from ..model.facts import Param
from .definitions import FunctionRef, Ref
from .lattice import CAUGHT, Lattice
from .origins import VALUES, made_of, origin, plain_methods
from .outside import Origin, Outside
from .thing import Api

if TYPE_CHECKING:
    from .project import Project

BOUNDED, PROCESS, UNKNOWN, ENTITY, DOUBTFUL, UNBOUNDED = range(6)
"""A handful, which code or configuration decide; one for each process; nobody can tell; as many as
there are stored things; as many as outsiders like, unless something that was not seen limits it;
surely so."""

_WORTH = {
    "bounded-value": BOUNDED,
    "entity-value": ENTITY,
    "outside-value": UNBOUNDED,
    "unbounded-value": UNBOUNDED,
}
_MIN, _MAX = (Segment("name", "min"), CALL), (Segment("name", "max"), CALL)
_CLAMPS: dict[Path, Path] = {_MIN: _MAX, _MAX: _MIN}
_ROLES = ("unbounded-value", *VALUES)
_METHODS = frozenset({"method", "REQUEST_METHOD"})
_HANDED = {
    Origin.INSIDE: BOUNDED,
    Origin.UNKNOWN: UNKNOWN,
    Origin.SUSPECTED: DOUBTFUL,
    Origin.OUTSIDE: UNBOUNDED,
}


class Cardinality(Lattice[int]):
    """A value is worth what the worst of its parts is: no operation on text limits how many there
    are, and a fixed length is no small number."""

    bottom = finite = BOUNDED
    unknown = UNKNOWN
    worth: Mapping[str, int] = _WORTH
    doubtful = DOUBTFUL

    def __init__(self, project: Project) -> None:
        self._project = project
        self._catalogue = project.catalogue
        self._outside = Outside(project)

    def join(self, one: int, other: int) -> int:
        return max(one, other)

    def constant(self, text: str) -> int:
        return BOUNDED

    def operation(self, op: str, text: str, parts: Sequence[int]) -> int:
        worst = max(parts, default=BOUNDED)
        if op == "attr" and worst == UNKNOWN:
            if self._catalogue.match("bounded-name", (Segment("name", text),)) is not None:
                return BOUNDED
        return worst

    def library(self, path: Path, parts: Sequence[int], ref: Ref) -> int | None:
        row = made_of(self._catalogue, path)
        if path in _CLAMPS and self._is_clamped(ref, path):
            return BOUNDED
        if row is not None:
            return BOUNDED if row.role == "bounds" else max(parts, default=BOUNDED)
        if parts and parts[0] >= ENTITY:
            for method in plain_methods(path):
                row = made_of(self._catalogue, method)
                if row is not None:
                    return BOUNDED if row.role == "bounds" else parts[0]
        row = origin(self._catalogue, path, _ROLES)
        if row is not None and path[: len(CAUGHT)] == CAUGHT and len(path) > len(row.pattern):
            return UNKNOWN  # what only one class of exceptions has is not its text
        if row is None:
            return BOUNDED if _is_constant(path) else None
        if parts and row is origin(self._catalogue, path[:-2], _ROLES):
            return parts[0]  # of the method nothing is said: what conditions left of its object
        if row.role == "outside-value" and _reads_method(path, row):
            return self._method(FunctionRef(ref.module, ref.function))
        return PROCESS if row.keys.get("slow") else self.worth[row.role]

    def _is_clamped(self, ref: Ref, path: Path) -> bool:
        """`max(0, min(x, 5))`: few numbers are between two constants."""
        names = self._project.names
        call = names.value(ref)
        given = [(v, names.value(ref._replace(value=v))) for v in call.args[1:]] if call else []
        if not any(made is not None and made.op == "const" for _, made in given):
            return False
        for value, made in given:
            if made is not None and made.op == "call":
                inner = ref._replace(value=value)
                for thing in self._project.travel.values.describe(
                    inner._replace(value=made.args[0])
                ):
                    if isinstance(thing, Api) and (*thing.path, CALL) == _CLAMPS[path]:
                        parts = [names.value(inner._replace(value=v)) for v in made.args[1:]]
                        return any(part is not None and part.op == "const" for part in parts)
        return False

    def _method(self, ref: FunctionRef) -> int | None:
        """What a request's method is worth in a function: it is as it was sent, but a route that
        names its methods has refused all others."""
        values = self._project.travel.values
        name = Segment("name", values.function(ref).name)
        entries = values.entry_points.of(ref)
        routes = [(name, CALL), *(entry.row.pattern for entry in entries)]
        if any(self._catalogue.match("fixes-method", route) is not None for route in routes):
            return BOUNDED
        return DOUBTFUL if entries else None

    def parameter(self, ref: FunctionRef, param: Param) -> int | None:
        found = self._outside.parameter(ref, param)
        if found is Origin.UNKNOWN and self._is_number(ref, param):
            handed = self._project.travel.values.entry_points.handed(ref, param.name)
            return UNBOUNDED if handed is not None and handed.entry.sure else DOUBTFUL
        return None if found is None else _HANDED[found]

    def _is_number(self, ref: FunctionRef, param: Param) -> bool:
        """Whether a parameter is declared to be made of text as it is: a number, a UUID."""
        values = self._project.travel.values
        if param.annotation is None:
            return False
        parent = values.function(ref).parent
        things = values.annotated(Ref(ref.module, parent, param.annotation))
        rows = [made_of(self._catalogue, t.path) if isinstance(t, Api) else None for t in things]
        return all(row is not None and row.role == "passes-on" for row in rows)


def _reads_method(path: Path, row: Row) -> bool:
    """Whether what a row speaks of is the method of a request: `.method`, `["REQUEST_METHOD"]`."""
    named = path[-1].text == "method" == row.pattern[-1].text
    return named or bool(_METHODS.intersection(path[-1].constants))


def _is_constant(path: Path) -> bool:
    """Whether a library calls something a constant: `starlette.status.HTTP_200_OK`."""
    named = len(path) > 1 and all(segment.kind == "name" for segment in path)
    return named and path[-1].text.isupper()
