"""Types that have a handful of values: booleans, enumerations, literals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .definitions import ClassRef, Definition, External, Local, Ref, Unknown

if TYPE_CHECKING:
    from .project import Project
    from .values import Values

_ENUMS = frozenset(
    f"enum.{name}" for name in ("Enum", "IntEnum", "StrEnum", "Flag", "IntFlag", "ReprEnum")
)
_LITERALS = frozenset({"typing.Literal", "typing_extensions.Literal"})
_WRAPPERS = frozenset(
    f"{module}.{name}"
    for module in ("typing", "typing_extensions")
    for name in ("Optional", "Union", "Annotated", "Final", "ClassVar")
)
_DEEPEST = 12


class Kinds:
    """Says of classes and annotations whether they admit a handful of values only."""

    def __init__(self, project: Project, values: Values) -> None:
        self._project = project
        self._values = values

    def is_enum(self, ref: ClassRef) -> bool:
        """Whether a class is an enumeration."""
        entries = self._project.classes.order(ref).entries
        return any(isinstance(e, External) and e.dotted in _ENUMS for e in entries)

    def is_finite(self, annotation: Ref, depth: int = 0) -> bool:
        """Whether an annotation (a value) admits a handful of values only."""
        found = self._project.names.resolve(*annotation, typing=True)
        return depth < _DEEPEST and all(self._admits_few(one, depth) for one in found)

    def _admits_few(self, definition: Definition, depth: int) -> bool:
        if isinstance(definition, External):
            return definition.dotted in ("bool", "types.NoneType")
        of_class = self._project.classes.of(definition)
        if of_class is not None:
            return self.is_enum(of_class)
        if not isinstance(definition, Local) or isinstance(definition, Unknown):
            return False
        ref = definition.ref
        value = self._project.names.value(ref)
        if value is None:
            return False
        if value.op == "const":
            return value.text == "None"
        if value.op == "binop" and value.text == "|":
            return all(self.is_finite(ref._replace(value=v), depth + 1) for v in value.args)
        if value.op == "item":
            return self._subscript(ref, value.args, depth)
        return False

    def _subscript(self, ref: Ref, args: tuple[int, ...], depth: int) -> bool:
        name = self._dotted(ref._replace(value=args[0]))
        if name in _LITERALS:
            return True
        if name not in _WRAPPERS:
            return False
        inner = self._project.names.value(ref._replace(value=args[1]))
        parts = inner.args if inner is not None and inner.op == "tuple" else args[1:]
        if name.endswith(".Annotated"):
            parts = parts[:1]
        return all(self.is_finite(ref._replace(value=part), depth + 1) for part in parts)

    def _dotted(self, ref: Ref) -> str:
        found = self._project.names.resolve(*ref, typing=True)
        first = found[0]
        return first.dotted if len(found) == 1 and isinstance(first, External) else ""
