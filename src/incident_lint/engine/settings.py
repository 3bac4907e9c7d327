"""Whether a constant stands for a value unless somebody changes a setting: `"none" if self.group
else path`, and `group` is on by default."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..model.facts import Function, Value
from .definitions import FunctionRef, Ref
from .guards import operands
from .thing import Instance

if TYPE_CHECKING:
    from .project import Project
    from .values import Values


class Settings:
    """Answers of "is this way the usual one?" for one project."""

    def __init__(self, project: Project, values: Values) -> None:
        self._project = project
        self._values = values

    def replaces(self, ref: Ref, join: Value) -> bool:
        """Whether one of the alternatives of a join is a constant that is taken as long as a
        setting of the object has its default."""
        function = self._values.function(FunctionRef(ref.module, ref.function))
        for part in join.args:
            made = function.values[part]
            if made.op != "const" or made.text == "None":
                continue
            for block in function.blocks:
                for edge in block.edges:
                    if edge.block == made.block and edge.condition is not None and edge.outcome:
                        if self._is_on(ref, function, edge.condition):
                            return True
        return False

    def _is_on(self, ref: Ref, function: Function, condition: int) -> bool:
        """Whether a setting that is on by default has to be true for a condition to be."""
        made = function.values[condition]
        while made.op == "refine":
            condition = made.args[0]
            made = function.values[condition]
        if made.op == "phi":
            parts, ends_on = operands(function, made)
            return ends_on is False and any(self._is_on(ref, function, part) for part in parts)
        if made.op != "attr":
            return False
        for thing in self._values.describe(ref._replace(value=made.args[0])):
            if isinstance(thing, Instance):
                fields = self._project.classes.fields(thing.ref, made.text).values
                return bool(fields) and all(self._is_true_by_default(field) for field in fields)
        return False

    def _is_true_by_default(self, field: Ref) -> bool:
        """Whether a field is given a parameter whose default is True."""
        made = self._project.names.value(field)
        if made is None or made.op != "param":
            return False
        function = self._values.function(FunctionRef(field.module, field.function))
        param = next((p for p in function.params if p.name == made.text), None)
        if param is None or param.default is None:
            return False
        default = self._project.names.value(Ref(field.module, function.parent, param.default))
        return default is not None and default.op == "const" and default.text == "True"
