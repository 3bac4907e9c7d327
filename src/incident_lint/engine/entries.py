"""The tuples that lie in containers: which value stands at a place when they are unpacked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .callers import Callers
from .contents import Containers
from .definitions import FunctionRef, Ref

if TYPE_CHECKING:
    from .project import Project
    from .values import Values

_DEEPEST = 8
_MOST = 50


class Entries:
    """Answers of "what can this place of an unpacked value be?" for one project: through what a
    dict or list keeps, also one that callers in the same file hand over."""

    def __init__(
        self, project: Project, values: Values, callers: Callers, containers: Containers
    ) -> None:
        self._project = project
        self._values = values
        self._callers = callers
        self._containers = containers

    def unpacked(self, whole: Ref, place: int) -> list[Ref] | None:
        """The values at a place of all tuples that a value can be; None if one is not seen."""
        found: list[Ref] = []
        tuples = self._can_be(whole, 0)
        for each in tuples or ():
            contents = self._containers.of(each)
            if contents is None or contents.cause or contents.values is not None:
                return None
            if place >= len(contents.keys):
                return None
            found.append(contents.keys[place])
        return found if tuples else None

    def _can_be(self, ref: Ref, depth: int) -> list[Ref] | None:
        """The displays that a value can be; None if it may be something else."""
        made = self._project.names.value(ref)
        if made is None or depth > _DEEPEST:
            return None
        if made.op in ("tuple", "list"):
            return [ref]
        if made.op == "const" and made.text == "None":
            return []
        if made.op in ("refine", "phi"):
            parts = made.args[:1] if made.op == "refine" else made.args
            return self._all([self._can_be(ref._replace(value=v), depth + 1) for v in parts])
        if made.op == "param":
            passed = self._passed(ref, made.text)
            return passed and self._all([self._can_be(one, depth + 1) for one in passed])
        if made.op == "item" or (made.op == "elem" and not made.text):
            return self._inside(ref._replace(value=made.args[0]), depth)
        if made.op == "call":
            called = self._project.names.value(ref._replace(value=made.args[0]))
            if called is not None and called.op == "attr" and called.text in ("get", "pop"):
                return self._inside(ref._replace(value=called.args[0]), depth)
        return None

    def _inside(self, container: Ref, depth: int) -> list[Ref] | None:
        """The displays that lie in a container."""
        made = self._project.names.value(container)
        contents = self._containers.of(container)
        if contents is not None:
            entries = contents.keys if contents.values is None else contents.values
            if contents.cause or len(entries) > _MOST:
                return None
            return self._all([self._can_be(entry, depth + 1) for entry in entries])
        if made is None or made.op != "param" or depth > _DEEPEST:
            return None
        passed = self._passed(container, made.text)
        return passed and self._all([self._inside(one, depth + 1) for one in passed])

    def _passed(self, ref: Ref, name: str) -> list[Ref] | None:
        """What callers in the same file pass as a parameter; None if that cannot be seen."""
        own = FunctionRef(ref.module, ref.function)
        function = self._values.function(own)
        param = next((p for p in function.params if p.name == name), None)
        found = [one.value for one in self._callers.passed(own, function, param)] if param else []
        known = [value for value in found if value is not None]
        return known if found and len(known) == len(found) else None

    def _all(self, parts: list[list[Ref] | None]) -> list[Ref] | None:
        known = [part for part in parts if part is not None]
        return [ref for part in known for ref in part] if len(known) == len(parts) else None
