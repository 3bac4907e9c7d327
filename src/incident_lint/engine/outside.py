"""Does a value come from outside: from somebody who sends requests, messages or mail?

Outside values enter by rows (`outside-value`) and by what entry points are handed. Whoever asks
about a place in structured text (`kind`) does not hear of values that are encoded for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import TYPE_CHECKING

from ..knowledge.catalogue import Row
from ..knowledge.paths import Path
from ..model.facts import Param
from .arguments import argument
from .definitions import FunctionRef, Ref, Unknown
from .fold import Fold
from .lattice import Lattice
from .origins import made_of, origin, plain_methods
from .thing import Api, Instance, Things

if TYPE_CHECKING:
    from .project import Project

_DATA = frozenset(
    {"str", "bytes", "list", "dict", "tuple", "set", "frozenset", "typing", "typing_extensions"}
    | {"collections", "pydantic", "NoneType", "types"}
)
_READS = frozenset({"attr", "item", "elem", "call", "refine", "await", "enter"})
_NUMBERS = frozenset("bcdoxXeEfFgGn%")


class Origin(IntEnum):
    """`SUSPECTED`: it is an outside value if something is what it looks like."""

    INSIDE = 0
    UNKNOWN = 1
    SUSPECTED = 2
    OUTSIDE = 3


class Outside(Lattice[Origin]):
    """The question; `kind` is the syntax into which a value may be encoded ("": any value)."""

    bottom = finite = Origin.INSIDE
    unknown = Origin.UNKNOWN

    def __init__(self, project: Project, kind: str = "") -> None:
        self._project = project
        self._values = project.travel.values
        self._kind = kind

    def join(self, one: Origin, other: Origin) -> Origin:
        return max(one, other)

    def constant(self, text: str) -> Origin:
        return Origin.INSIDE

    def operation(self, op: str, text: str, parts: Sequence[Origin]) -> Origin:
        if self._kind and op == "display" and text[-1:] in _NUMBERS and ":" in text:
            return Origin.INSIDE  # `{size:.1f}` takes numbers only
        return max(parts, default=Origin.INSIDE)

    def library(self, path: Path, parts: Sequence[Origin], ref: Ref) -> Origin | None:
        catalogue = self._project.catalogue
        if self._encodes(path, ref):
            return Origin.INSIDE
        row = made_of(catalogue, path)
        if row is not None and (parts or row.role == "bounds"):  # with no parts, an instance
            return Origin.INSIDE if row.role == "bounds" else max(parts)
        if parts and parts[0] >= Origin.SUSPECTED:  # a method of what came from outside
            for method in plain_methods(path):
                if self._encodes(method, ref):
                    return Origin.INSIDE
                row = made_of(catalogue, method)
                if row is not None:
                    return Origin.INSIDE if row.role == "bounds" else parts[0]
        row = origin(catalogue, path)
        if row is None:
            return None
        if row.role == "outside-value":
            return Origin.OUTSIDE if self.is_sure(ref) else Origin.SUSPECTED
        return Origin.INSIDE if row.role == "bounded-value" else Origin.UNKNOWN

    def parameter(self, ref: FunctionRef, param: Param) -> Origin | None:
        handed = self._values.entry_points.handed(ref, param.name)
        if handed is None or handed.path is not None:
            return None
        function = self._values.function(ref)
        around = [value for value in (param.annotation, param.default) if value is not None]
        if any(self._is_injected(Ref(ref.module, function.parent, value)) for value in around):
            return Origin.UNKNOWN
        if param.annotation is not None:
            things = self._values.annotated(Ref(ref.module, function.parent, param.annotation))
            declared = self.typed(things)
            if declared is not None:
                return declared
            if not all(map(_is_data, things)):
                return Origin.UNKNOWN
        return Origin.OUTSIDE if handed.entry.sure else Origin.SUSPECTED

    def typed(self, things: Things) -> Origin | None:
        """A number cannot break out of anything."""
        paths = [thing.path for thing in things if isinstance(thing, Api)]
        if self._kind and len(paths) == len(things) and all(self._row(path) for path in paths):
            return Origin.INSIDE
        return None

    def is_sure(self, ref: Ref) -> bool:
        """Whether a value is not read from a parameter that merely looks like a request."""
        value = self._project.names.value(ref)
        while value is not None and value.op in _READS and value.args:
            ref = ref._replace(value=value.args[0])
            value = self._project.names.value(ref)
        if value is None or value.op != "param":
            return True
        handed = self._values.entry_points.handed(FunctionRef(*ref[:2]), value.text)
        return handed is None or handed.path is None or handed.entry.sure

    def _is_injected(self, ref: Ref, depth: int = 0) -> bool:
        """Whether a default or a part of an annotation says that the framework makes it."""
        for definition in self._project.names.resolve(*ref, typing=True):
            origin_of = getattr(definition, "ref", None)
            value = self._project.names.value(origin_of) if origin_of is not None else None
            if value is None or origin_of is None or depth > 4:
                continue
            if value.op == "call":
                things = self._values.describe(origin_of)
                if any(
                    isinstance(thing, Api) and self._project.catalogue.match("injected", thing.path)
                    for thing in things
                ):
                    return True
            elif value.op in ("item", "tuple"):
                inner = (origin_of._replace(value=part) for part in value.args)
                if any(self._is_injected(part, depth + 1) for part in inner):
                    return True
        return False

    def _encodes(self, path: Path, ref: Ref) -> bool:
        row = self._row(path) if self._kind else None
        if row is None:
            return False
        conditions = row.keys.get("only_if", ())
        return not conditions or any(self._holds(ref, text) for text in conditions)

    def _row(self, path: Path) -> Row | None:
        row = self._project.catalogue.match("encodes", path)
        return row if row is not None and row.keys["kind"] in ("any", self._kind) else None

    def _holds(self, ref: Ref, condition: str) -> bool:
        """Whether a call was given an argument in just these words: `type=int`."""
        name, _, wanted = condition.partition("=")
        call = self._project.names.value(ref)
        given = argument(call, name) if call is not None and call.op == "call" else None
        value = None if given is None else self._project.names.value(ref._replace(value=given))
        return value is not None and value.text == wanted


def _is_data(thing: object) -> bool:
    """Whether what is annotated so is filled from a request, not made by the program."""
    if isinstance(thing, Api):
        return thing.path[0].text in _DATA
    return isinstance(thing, (Instance, Unknown))


def question(project: Project, kind: str = "") -> Fold[Origin]:
    """The fold that answers it for one project."""
    travel = project.travel
    return Fold(project, travel.bodies, travel.values, Outside(project, kind))
