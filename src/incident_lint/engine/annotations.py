"""What an annotation says that a value is.

`Optional[X]`, `X | None`, `Annotated[X, ...]` and the like are X; a string is the name in it; a
subscript of anything else (`list[int]`, `Box[T]`) is what is subscripted.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from ..model.facts import Value
from .definitions import ClassRef, Definition, Definitions, External, Local, Ref, Unknown

if TYPE_CHECKING:
    from .project import Project

_TYPING = re.compile(r"(?:typing|typing_extensions)\.(\w+)|dataclasses\.(InitVar)")
_FIRST = {"Optional", "Annotated", "Final", "ClassVar", "Required", "NotRequired", "ReadOnly"}
_FIRST |= {"InitVar"}
_DOTTED = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")
_DEEPEST = 12


class Annotated(NamedTuple):
    """One thing that an annotation admits beside None. `is_class`: the class itself (`type[X]`),
    not an instance of it."""

    what: ClassRef | External | Unknown
    is_class: bool = False


def annotated(project: Project, ref: Ref, owner: ClassRef | None = None) -> tuple[Annotated, ...]:
    """All that an annotation (a value) admits; `owner` is the class that `Self` means.

    Empty if it admits None alone; unknown for what is no class, such as a type variable.
    """
    reader = _Reader(project, owner)
    reader.read(ref, False, 0)
    return tuple(reader.found)


def admits_none(project: Project, ref: Ref) -> bool:
    """Whether an annotation (a value) says that there may be None."""
    reader = _Reader(project, None)
    reader.read(ref, False, 0)
    return reader.none


class _Reader:
    def __init__(self, project: Project, owner: ClassRef | None) -> None:
        self._project = project
        self._owner = owner
        self.found: dict[Annotated, None] = {}
        self.none = False

    def read(self, ref: Ref, is_class: bool, depth: int) -> None:
        """Take note of what the annotation `ref` admits."""
        names = self._project.names
        value = names.value(ref)
        if value is None or depth > _DEEPEST:
            self._add(Unknown("an annotation nested too deeply"), is_class)
        elif value.op == "binop" and value.text == "|":
            for side in value.args:
                self.read(ref._replace(value=side), is_class, depth + 1)
        elif value.op == "item":
            self._subscript(ref, value, is_class, depth)
        elif value.op == "const":
            self._constant(ref, value, is_class, depth)
        else:
            found = names.resolve(*ref, typing=True)
            self._definitions(ref, found, is_class, depth)

    def _definitions(self, ref: Ref, found: Definitions, is_class: bool, depth: int) -> None:
        for definition in found:
            of_class = self._project.classes.of(definition)
            if of_class is not None:
                self._add(of_class, is_class)
            elif isinstance(definition, External):
                self._library(definition, is_class)
            elif isinstance(definition, Local) and definition.ref != ref:
                self.read(definition.ref, is_class, depth + 1)  # `Alias = Optional[X]`
            elif isinstance(definition, Unknown):
                self._add(definition, is_class)
            else:
                self._add(Unknown("an annotation that is no class"), is_class)

    def _library(self, definition: External, is_class: bool) -> None:
        name = _typing(definition)
        if name == "Self" and self._owner is not None:
            self._add(self._owner, is_class)
        elif name in ("Any", "Self", "NoReturn", "Never"):
            self._add(Unknown(f"annotated as `{name}`"), is_class)
        elif definition.dotted in ("type", "typing.Type"):
            self._add(External("type"), is_class)
        else:
            self._add(definition, is_class)

    def _subscript(self, ref: Ref, value: Value, is_class: bool, depth: int) -> None:
        base, index = (ref._replace(value=argument) for argument in value.args[:2])
        for definition in self._project.names.resolve(*base, typing=True):
            name = _typing(definition)
            parts = self._parts(index)
            if name == "Union":
                for part in parts:
                    self.read(part, is_class, depth + 1)
            elif name in _FIRST:
                self.none = self.none or name == "Optional"
                self.read(parts[0], is_class, depth + 1)
            elif name == "Type" or definition == External("type"):
                self.read(parts[0], True, depth + 1)
            elif name == "Literal":
                self._add(Unknown("annotated as a literal"), is_class)
            else:
                self._definitions(base, (definition,), is_class, depth)

    def _parts(self, index: Ref) -> list[Ref]:
        value = self._project.names.value(index)
        if value is not None and value.op == "tuple" and value.args:
            return [index._replace(value=part) for part in value.args]
        return [index]

    def _constant(self, ref: Ref, value: Value, is_class: bool, depth: int) -> None:
        """None, or a string inside a subscript, which may name what is defined further down."""
        if value.text == "None":
            self.none = True
            return
        text = self._project.names.constant(ref)
        if text is None or not _DOTTED.fullmatch(text):
            self._add(Unknown("an annotation that is no name"), is_class)
            return
        name, *attributes = text.split(".")
        found: Definitions = self._project.names.bindings(ref.module, name, typing=True)
        for attribute in attributes:
            found = tuple(
                member
                for definition in found
                for member in self._project.names.member(definition, attribute, typing=True)
            )
        self._definitions(ref, found, is_class, depth)

    def _add(self, what: ClassRef | External | Unknown, is_class: bool) -> None:
        self.found[Annotated(what, is_class)] = None


def _typing(definition: Definition) -> str:
    """The name of something of `typing`, else nothing."""
    match = _TYPING.fullmatch(definition.dotted) if isinstance(definition, External) else None
    return (match[1] or match[2]) if match else ""
