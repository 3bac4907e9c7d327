"""What the declared fields of an object (of a dataclass, a named tuple, a model) were given when it
was made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..model.facts import Value
from .arguments import argument
from .callers import Callers
from .constructors import Constructor, constructor
from .definitions import ClassRef, Ref
from .makers import Makers
from .thing import ClassThing

if TYPE_CHECKING:
    from .project import Project
    from .values import Values


class Built:
    """Answers of "what was this field given?" for one project."""

    def __init__(self, project: Project, values: Values, callers: Callers) -> None:
        self._project = project
        self._values = values
        self._callers = callers
        self._makers = Makers(project, values)

    def given(self, receiver: Ref, owner: ClassRef, name: str) -> list[Ref]:
        """The values for a field of an object of a class: by the calls that made it or, if nobody
        can tell which these were, by all that make one in the same file. Defaults count."""
        made = constructor(self._project, owner)
        if made is None or not any(field.field == name for field in made.fields):
            return []
        calls = [
            (call, value)
            for call, value in self._makers.of(receiver)
            if self._makes(call, value, owner)
        ]
        if not calls:
            calls = list(self._callers.making(receiver.module, owner))
        found = [self._argument(call, value, made, name) for call, value in calls]
        return [ref for ref in found if ref is not None]

    def _makes(self, call: Ref, value: Value, owner: ClassRef) -> bool:
        things = self._values.describe(call._replace(value=value.args[0]))
        return ClassThing(owner) in things

    def _argument(self, call: Ref, value: Value, made: Constructor, name: str) -> Ref | None:
        positional = [field for field in made.fields if not field.keyword_only]
        for field in made.fields:
            if field.field != name:
                continue
            found = argument(value, field.name)
            if found is None and field in positional:
                found = argument(value, positional.index(field))
            return field.default if found is None else call._replace(value=found)
        return None
