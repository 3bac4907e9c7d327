"""Whether code has a list of what a value should be: the same function asks elsewhere whether the
value is in a constant set, or looks it up in a constant dict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..model.facts import Function, Value
from .contents import Containers
from .definitions import Ref
from .guards import bare, same

if TYPE_CHECKING:
    from .project import Project


class Offered:
    """Answers of "does the code itself offer a bound for this?" for one project."""

    def __init__(self, project: Project, containers: Containers) -> None:
        self._project = project
        self._containers = containers

    def of(self, ref: Ref) -> str:
        """The name of a constant container of the module that holds the values which the function
        expects this one to have; "" if there is none."""
        module = self._project.module(ref.module)
        if module is None:
            return ""
        function = module.facts.functions[ref.function]
        if function.values[bare(function, ref.value)].op == "const":
            return ""
        for made in function.values:
            value, container = _asked(function, made)
            if container < 0 or not same(function, value, ref.value):
                continue
            named = function.values[bare(function, container)]
            if named.op == "global" and self._is_constant(ref._replace(value=container)):
                return named.text
        return ""

    def _is_constant(self, container: Ref) -> bool:
        contents = self._containers.of(container)
        if contents is None or contents.cause or contents.spread or not contents.keys:
            return False
        keys = [self._project.names.value(key) for key in contents.keys]
        return all(key is not None and key.op == "const" for key in keys)


def _asked(function: Function, made: Value) -> tuple[int, int]:
    """The value and the container of `x in c`, `c[x]` or `c.get(x)`; -1 for anything else."""
    if made.op == "compare" and made.text in ("in", "not in"):
        return made.args[0], made.args[1]
    if made.op == "item":
        return made.args[1], made.args[0]
    if made.op == "call" and len(made.args) > 1:
        called = function.values[made.args[0]]
        if called.op == "attr" and called.text == "get":
            return made.args[1], called.args[0]
    return -1, -1
