"""What something read from a parameter is called, if only those who call the function know what it
gets: `request.path` of a helper that a handler hands its request to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..knowledge.paths import CALL, ITEM, Path, Segment
from ..model.facts import Value
from .callers import Callers
from .definitions import FunctionRef, Ref
from .thing import Api

if TYPE_CHECKING:
    from .project import Project
    from .values import Values

_DEEPEST = 6
_SAME = frozenset({"refine", "await", "enter"})


class KnownAs:
    """Answers of "what do callers in the same file know this as?" for one project."""

    def __init__(self, project: Project, values: Values, callers: Callers) -> None:
        self._project = project
        self._values = values
        self._callers = callers

    def paths(self, ref: Ref, depth: int = 0) -> tuple[Path, ...]:
        """The API paths of a value that is read from a parameter; () for any other value, and
        where a caller is not seen to pass something of a library."""
        made = self._project.names.value(ref)
        if made is None or depth > _DEEPEST:
            return ()
        if made.op in _SAME:
            return self.paths(ref._replace(value=made.args[0]), depth)
        if made.op == "param":
            return self._passed(ref, made, depth)
        if made.op in ("attr", "item", "call"):
            before = self.paths(ref._replace(value=made.args[0]), depth)
            return tuple((*path, *self._step(ref, made)) for path in before)
        return ()

    def _step(self, ref: Ref, made: Value) -> Path:
        if made.op == "attr":
            return (Segment("name", made.text),)
        key = None
        if len(made.args) > 1:
            key = self._project.names.constant(ref._replace(value=made.args[1]))
        if made.op == "item":
            return (Segment("name", "get"), Segment("call", "", (key,))) if key else (ITEM,)
        return (Segment("call", "", (key,)),) if key else (CALL,)

    def _passed(self, ref: Ref, made: Value, depth: int) -> tuple[Path, ...]:
        own = FunctionRef(ref.module, ref.function)
        function = self._values.function(own)
        param = next((p for p in function.params if p.name == made.text), None)
        if param is None or param.annotation is not None:
            return ()
        found: dict[Path, None] = {}
        for passed in self._callers.passed(own, function, param):
            if passed.value is None or passed.call is None:
                return ()
            things = self._values.describe(passed.value)
            paths = [thing.path for thing in things if isinstance(thing, Api)]
            paths += self.paths(passed.value, depth + 1) if not paths else ()
            if not paths:
                return ()
            found.update(dict.fromkeys(paths))
        return tuple(found)
