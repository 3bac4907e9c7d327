"""The calls that made an object, wherever it is kept: what they were told still holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..model.facts import Value
from .definitions import FunctionRef, Local, Ref
from .thing import Instance, Made

if TYPE_CHECKING:
    from .project import Project
    from .values import Values

_SAME = ("await", "enter", "refine", "phi")
_MOST = 100
"""Values that are looked at for one answer."""


class Makers:
    """Answers of "which calls made this?" for one project."""

    def __init__(self, project: Project, values: Values) -> None:
        self._project = project
        self._values = values

    def of(self, ref: Ref) -> list[tuple[Ref, Value]]:
        """The calls of libraries and classes that a value comes from: through names, fields,
        properties and functions of the project that return it. Empty if nobody can tell."""
        found: dict[Ref, Value] = {}
        todo, seen = [ref], {ref}
        while todo and len(seen) <= _MOST:
            for definition in self._project.names.resolve(*todo.pop()):
                made = (
                    self._project.names.value(definition.ref)
                    if isinstance(definition, Local)
                    else None
                )
                if made is None or not isinstance(definition, Local):
                    continue
                before = list(self._before(definition.ref, made))
                if made.op == "call" and not before:
                    found[definition.ref] = made
                todo += [origin for origin in before if origin not in seen]
                seen.update(before)
        return list(found.items())

    def _before(self, ref: Ref, made: Value) -> Iterator[Ref]:
        """Where a value comes from, one step back."""
        if made.op in _SAME:
            yield from (ref._replace(value=part) for part in made.args)
        elif made.op == "attr":
            for thing in self._values.describe(ref._replace(value=made.args[0])):
                if isinstance(thing, Instance):
                    yield from self._kept(thing, made.text)
        elif made.op == "call":
            for thing in self._values.describe(ref._replace(value=made.args[0])):
                if isinstance(thing, Made):
                    yield from self._returned(thing.function)

    def _kept(self, owner: Instance, name: str) -> Iterator[Ref]:
        """What an object has under a name."""
        classes = self._project.classes
        yield from classes.fields(owner.ref, name).values
        for value in classes.attribute(owner.ref, name).values:
            function = next((t for t in self._values.describe(value) if isinstance(t, Made)), None)
            if function is None:
                yield value
            elif classes.kind(function.function) == "property":
                yield from self._returned(function.function)

    def _returned(self, ref: FunctionRef) -> Iterator[Ref]:
        for block in self._values.function(ref).blocks:
            for effect in block.effects:
                if effect.kind == "return":
                    yield Ref(ref.module, ref.index, effect.args[0])
