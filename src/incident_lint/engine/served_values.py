"""Whether a value is of the request, message or tenant that is being served: made of what the
entry point was handed, or of what a row says is outside or an entity's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .callers import arguments
from .definitions import FunctionRef, Ref
from .makings import Makings
from .origins import origin
from .serving import Reached
from .thing import Api

if TYPE_CHECKING:
    from .project import Project
    from .travel import Travel

_OWN = frozenset({"self", "cls"})
_THEIRS = ("outside-value", "entity-value", "bounded-value")


class ServedValues:
    """Answers of "is this value somebody's?" for one project."""

    def __init__(self, project: Project, travel: Travel) -> None:
        self._project = project
        self._travel = travel
        self._makings = Makings(project, travel)

    def of(self, reached: Reached, value: int | None) -> bool:
        """Whether a value of a function that is reached while serving is somebody's."""
        if value is None:
            return False
        ref, given = reached.function, {value}
        for call in (None, *reversed(reached.calls)):
            if call is not None:
                names = {self._text(ref, each) for each in given}
                function = self._travel.values.function(ref)
                made = self._project.names.value(call.at)
                assert made is not None, "a call that was just followed is loaded"
                pairs = arguments(function, call.made.bound, made)
                given = {each for param, each in pairs if each is not None and param.name in names}
                ref = FunctionRef(call.at.module, call.at.function)
            body = self._travel.bodies.of(ref)
            if body is None or not given:
                return False
            parts = self._makings.parts(ref, body, given)
            if any(self._is_theirs(ref, part) for part in parts):
                return True
            values = body.function.values
            given = {n for n in parts if values[n].op == "param" and values[n].text not in _OWN}
        return bool(given)

    def _text(self, ref: FunctionRef, value: int) -> str:
        return self._travel.values.function(ref).values[value].text

    def _is_theirs(self, ref: FunctionRef, value: int) -> bool:
        for thing in self._travel.values.describe(Ref(ref.module, ref.index, value)):
            if isinstance(thing, Api):
                row = origin(self._project.catalogue, thing.path, _THEIRS)
                if row is not None and row.role != "bounded-value":
                    return True
        return False
