"""What new objects get where nothing is given, as the body of their class says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal, NamedTuple

from ..knowledge.paths import CALL
from .arguments import argument
from .constructors import declared, style_of
from .definitions import ClassRef, Ref
from .thing import Api

if TYPE_CHECKING:
    from .project import Project


class FieldDefault(NamedTuple):
    """The default of one field. `instead` is what can stand in its place and make a new value
    each time: a "default-factory", a "callable" in the same place, or a factory only a person can
    write ("")."""

    name: str
    value: Ref
    instead: Literal["default-factory", "callable", ""]


def field_defaults(project: Project, ref: ClassRef) -> Iterator[FieldDefault]:
    """The defaults of the fields that a class's own body declares: for the constructor that is
    made for it, or by calls that rows say declare one."""
    facts = project.classes.facts(ref)
    has_style = style_of(project, ref) is not None
    for field in declared(project, ref) if facts.body else ():
        if field.default is not None:
            in_call = field.default.value not in facts.body[field.field]
            yield FieldDefault(
                field.field, field.default, "default-factory" if in_call or has_style else ""
            )
    for name, values in facts.body.items():
        for value in values:
            for default in _called_with(project, Ref(ref.module, facts.parent, value)):
                yield FieldDefault(name, default, "callable")


def _called_with(project: Project, ref: Ref) -> Iterator[Ref]:
    """The arguments of a call that declares a field which new objects get."""
    value = project.names.value(ref)
    if value is None or value.op != "call" or not value.text.strip(","):
        return  # such arguments are keywords
    for thing in project.travel.values.describe(ref._replace(value=value.args[0])):
        path = (*thing.path, CALL) if isinstance(thing, Api) else ()
        row = project.catalogue.match("field-default", path)
        for word in row.keys["arguments"] if row is not None else ():
            given = argument(value, word)
            if given is not None:
                yield ref._replace(value=given)
