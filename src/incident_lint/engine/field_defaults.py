"""What new objects get where nothing is given, as the body of their class says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from ..knowledge.paths import CALL
from ..model.facts import Class, Value
from .arguments import argument, words_of
from .constructors import declared, style_of
from .definitions import ClassRef, Ref
from .thing import Api

if TYPE_CHECKING:
    from .project import Project


_FIELD_NAMES = frozenset({"field", "Field", "ib", "attrib"})
"""Functions that take the default as their first argument."""


Instead: TypeAlias = Literal["default-factory", "callable", ""]


class FieldDefault(NamedTuple):
    """The default of one field. `instead` is what can stand in its place and make a new value
    each time: a "default-factory", a "callable" in the same place, or a factory only a person can
    write ("")."""

    name: str
    value: Ref
    instead: Instead


class FieldDefaults:
    """Answers of "what calls give new objects their values?" for one project."""

    def __init__(self, project: Project) -> None:
        self._project = project

    @cached_property
    def _words(self) -> set[str]:
        """The arguments by which a field's default is given."""
        rows = self._project.catalogue.of_role("field-default")
        return {"default", *(word for row in rows for word in row.keys["arguments"])}

    def of(self, ref: ClassRef) -> Iterator[FieldDefault]:
        """The defaults that call something, of the fields that a class's own body declares: for
        the constructor that is made for it, or by calls that rows say declare one."""
        project = self._project
        facts = project.classes.facts(ref)
        calling = self._calling(ref, facts)
        if not calling:
            return  # before anything is asked of the class, whose bases may lie in other modules
        has_style = style_of(project, ref) is not None
        for field in declared(project, ref):
            if field.default is not None and field.default.value in calling:
                in_call = field.default.value not in facts.body[field.field]
                instead: Instead = "default-factory" if in_call or has_style else ""
                yield FieldDefault(field.field, field.default, instead)
        for name, values in facts.body.items():
            for value in values:
                for default in self._called_with(Ref(ref.module, facts.parent, value)):
                    if default.value in calling:
                        yield FieldDefault(name, default, "callable")

    def _calling(self, ref: ClassRef, facts: Class) -> set[int]:
        """The values in a class's body that call something and may be defaults of fields."""
        module = self._project.module(ref.module)
        values = module.facts.functions[facts.parent].values if module is not None else ()
        found: set[int] = set()
        for name, bound in facts.body.items():
            for index in bound:
                value = values[index]
                candidates = [index] if name in facts.annotations else []
                if value.op == "call" and any(_calls(values, v) for v in value.args[1:]):
                    first = values[value.args[0]].text.rpartition(":")[2] in _FIELD_NAMES
                    given = zip(words_of(value), value.args[1:], strict=False)
                    words = self._words | {""} if first else self._words
                    candidates = [v for word, v in given if word in words] or candidates
                found.update(candidate for candidate in candidates if _calls(values, candidate))
        return found

    def _called_with(self, ref: Ref) -> Iterator[Ref]:
        """The arguments of a call that declares a field which new objects get."""
        project = self._project
        value = project.names.value(ref)
        if value is None or value.op != "call":
            return
        for thing in project.travel.values.describe(ref._replace(value=value.args[0])):
            path = (*thing.path, CALL) if isinstance(thing, Api) else ()
            row = project.catalogue.match("field-default", path)
            for word in row.keys["arguments"] if row is not None else ():
                given = argument(value, word)
                if given is not None:
                    yield ref._replace(value=given)


def _calls(values: Sequence[Value], start: int) -> bool:
    """Whether a value is made of a call's."""
    todo, seen = [start], {start}
    while todo:
        value = values[todo.pop()]
        if value.op == "call":
            return True
        fresh = {part for part in value.args if part >= 0} - seen
        seen |= fresh
        todo += fresh
    return False
