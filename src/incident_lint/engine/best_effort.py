"""Whether code only reports on the program itself (telemetry, analytics, records of a log), or
starts something that closes what is not needed any more.

Known by how modules, classes, functions and objects are called, like loggers and counters in
`looks`: whoever writes such code wants it to fail quietly, so that a failure in it is suspected.
"""

from __future__ import annotations

import re

from ..model.facts import Function
from .definitions import FunctionRef
from .project import Project

_ABOUT_ITSELF = re.compile(r"telemetry|analytics|usage_?(stat|track|report)", re.IGNORECASE)
_WORK = re.compile(
    r"telemetry|analytics|usage_?(stat|track|report)|logg(er|ing)(?![a-z])|(?<![a-z])a?close(_|$)",
    re.IGNORECASE,
)


def is_best_effort(project: Project, ref: FunctionRef, call: int, work: int | None) -> bool:
    """Whether a call reports on the program itself, or gives somebody `work` (an argument, from 0)
    that does, or that closes something."""
    module = project.module(ref.module)
    if module is None:
        return False
    functions = module.facts.functions
    function = functions[ref.index]
    # What a package is called as a whole is what it is for: there it is no side issue.
    inside = module.facts.module.split(".")[1:]
    names = [*inside, *_chain(function, function.values[call].args[0])]
    index = ref.index
    while index > 0:
        names.append(functions[index].name)
        if functions[index].owner >= 0:
            names.append(module.facts.classes[functions[index].owner].name)
        index = functions[index].parent
    if any(_ABOUT_ITSELF.search(name) for name in names):
        return True
    given = function.values[call].args[1:]
    if work is None or work >= len(given):
        return False
    made = function.values[given[work]]
    started = made.args[0] if made.op == "call" else given[work]
    return any(_WORK.search(name) for name in _chain(function, started))


def _chain(function: Function, value: int) -> list[str]:
    """The names in `self.logger.send`, last first."""
    names = []
    made = function.values[value]
    while made.op in ("attr", "call", "refine", "await") and made.args:
        if made.op == "attr":
            names.append(made.text)
        made = function.values[made.args[0]]
    name = made.text.rpartition(":")[2]  # of `module:name`, the name
    return [*names, name] if made.op not in ("const", "func", "phi") else names
