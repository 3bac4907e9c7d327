"""INC207: nobody is told what became of a call that may fail unseen."""

from __future__ import annotations

from collections.abc import Iterator

from ...engine.definitions import FunctionRef, Ref
from ...engine.duties import calls
from ...engine.finding import Finding, Tally
from ...engine.outcomes import Outcomes
from ...engine.project import Module, Project

_CLEAN_UP = frozenset({"__exit__", "__aexit__", "__del__"})


def check(module: Module, project: Project, tally: Tally) -> Iterator[Finding]:
    """Judge every call, made in a function, whose result may tell of a failure. The sites are
    those of INC201 to INC205, and counted there."""
    outcomes = Outcomes(project)
    for index, function in enumerate(module.facts.functions):
        if not index or function.name in _CLEAN_UP or "lambda" in function.flags:
            continue
        ref = FunctionRef(module.name, index)
        body = project.travel.bodies.of(ref)
        for value, made in calls(function):
            found = project.travel.duties.of(Ref(module.name, index, value))
            if (
                not found
                or found[0].verdict
                or made.at is None
                or body is None
                or body.is_dropped_on_purpose(value)
            ):
                continue
            duty = found[0]
            if not outcomes.may_be_told(ref, value, duty.question):
                message = (
                    f"no log, metric or span in `{function.name}` tells what becomes of "
                    f"`{duty.call}`: log its outcome"
                )
                yield Finding(
                    "INC207",
                    module.path,
                    made.at,
                    message,
                    "proved" if duty.sure else "suspected",
                    duty.steps,
                )
