"""Which rewriting ends a finding about a default, and why it may not be safe."""

from __future__ import annotations

from ...engine.classes import FunctionRef
from ...engine.defaults import Default
from ...engine.finding import Cure
from ...engine.project import Module, Project
from ...engine.reliance import Reliance
from ...engine.summary import Summary
from ...model.facts import Param
from .cache import NAME


class Cures:
    """The cures for the defaults of one module."""

    def __init__(self, module: Module, project: Project) -> None:
        self._module = module
        self._reliance = Reliance(module, project)

    def of_default(
        self, ref: FunctionRef, param: Param, default: Default, summary: Summary
    ) -> Cure | None:
        """A new object in each call; None where the default only names an object, or a person
        must say how it is made anew."""
        function = self._module.facts.functions[ref.index]
        if default.named or default.shape.kind == "instance" or "lambda" in function.flags:
            return None
        if not self._reliance.is_made_here(function, param):
            return None
        caution = self._reliance.of_default(ref, param, default, summary)
        if not caution and NAME.search(param.name) and summary.worst("changed") is not None:
            caution = f"`{param.name}` is named like something that is kept on purpose"
        return Cure("none-default", caution)

    def of_call(self, ref: FunctionRef, param: Param) -> Cure | None:
        """The call runs in each call of the function."""
        if "lambda" in self._module.facts.functions[ref.index].flags:
            return None
        return Cure("none-default", self._reliance.of_function(ref, param))
