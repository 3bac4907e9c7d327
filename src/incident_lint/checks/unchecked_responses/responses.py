"""INC201, INC202, INC203: a call failed without raising, and nobody has looked."""

from __future__ import annotations

from collections.abc import Iterator

from ...engine.definitions import FunctionRef, Ref
from ...engine.duties import Duties, Duty, calls
from ...engine.finding import Finding, Step, Tally
from ...engine.paths import Paths, Way
from ...engine.project import Module, Project
from ...model.facts import Function, Value
from ...model.source import Span

_FAMILY = "unchecked_responses"
_CLEAN_UP = frozenset({"__exit__", "__aexit__", "__del__"})


def check(module: Module, project: Project, tally: Tally) -> Iterator[Finding]:
    """Judge every call of a module whose result may tell of a failure."""
    travel = project.travel
    paths = Paths(project, travel.bodies, travel.values)
    duties = Duties(project, paths)
    for index, function in enumerate(module.facts.functions):
        if function.name in _CLEAN_UP:
            continue
        repeated = _repeated(function)
        for value, made in calls(function):
            found = duties.of(Ref(module.name, index, value))
            if not found:
                continue
            tally.seen["calls that may fail unseen"] += 1
            if made.at not in repeated:
                ref = FunctionRef(module.name, index)
                yield from _judge(module, project, paths, tally, ref, value, made, found[0])


def _judge(
    module: Module,
    project: Project,
    paths: Paths,
    tally: Tally,
    ref: FunctionRef,
    value: int,
    made: Value,
    duty: Duty,
) -> Iterator[Finding]:
    body = project.travel.bodies.of(ref)
    assert made.at is not None and body is not None
    if body.is_dropped_on_purpose(value):
        return
    if body.is_dropped(value):
        tally.judge(_FAMILY)
        yield _finding(module, "INC201", made.at, duty, "and the result is dropped", None)
        return
    if not duty.question.inspection:
        tally.judge(_FAMILY)
        return
    answer = paths.path_without(ref, value, duty.question)
    tally.judge(_FAMILY, () if answer.way is not None or answer.returned else answer.causes)
    if answer.way is None:
        return
    partial = duty.row.keys["shape"] == "partial"
    code = "INC203" if partial else "INC202"
    yield _finding(module, code, made.at, duty, _how(answer.way), answer.way)


def _how(way: Way) -> str:
    line = way.steps[-1].span.line
    turns = [step for step in way.steps[:-1] if step.message.startswith("is ")]
    on = f"on the path through line {turns[-1].span.line} " if turns else ""
    if way.end == "payload":
        return f"and {on}it is used in line {line} before anyone has looked"
    return f"and {on}nobody looks"


def _finding(
    module: Module, code: str, at: Span, duty: Duty, how: str, way: Way | None
) -> Finding:
    keys = duty.row.keys
    sure = duty.sure and (way is None or way.sure)
    message = f"`{duty.call}` may hide {keys['hides']}, {how}: {keys['cure']}"
    steps: tuple[Step, ...] = (*duty.steps, *(way.steps if way is not None else ()))
    return Finding(code, module.path, at, message, "proved" if sure else "suspected", steps)


def _repeated(function: Function) -> frozenset[Span]:
    """The places that facts have more than once: a `finally` body is there for each way out, and
    what is done there is clean-up that nobody minds."""
    seen: set[Span] = set()
    again: set[Span] = set()
    for _, value in calls(function):
        if value.at is not None:
            (again if value.at in seen else seen).add(value.at)
    return frozenset(again)
