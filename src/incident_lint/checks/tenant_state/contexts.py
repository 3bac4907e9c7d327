"""INC307: what one request puts into a context or a thread, the next one on that thread finds."""

from __future__ import annotations

from collections.abc import Iterator

from ...engine.contexts import NEITHER, Left
from ...engine.definitions import FunctionRef
from ...engine.finding import Confidence, Finding, Step, Tally
from ...engine.project import Module, Project
from ...model.source import Span

_FAMILY = "tenant_state"


def check(module: Module, project: Project, tally: Tally) -> Iterator[Finding]:
    """Judge what every entry point of a module leaves set: one finding for each place that sets, or
    for the first call that leads to one in another file."""
    contexts = project.travel.contexts
    found: dict[tuple[str, Span], Finding] = {}
    seen: set[tuple[str, Span]] = set()
    for index in range(1, len(module.facts.functions)):
        for setting, at, left in contexts.left(FunctionRef(module.name, index)):
            seen.add((setting.module, at))
            if left is None:
                continue
            finding = _finding(module, left)
            key = left.path, left.setting.at
            old = found.get(key)
            if old is None or (old.confidence == "suspected" and finding.confidence == "proved"):
                found[key] = finding
    tally.seen["variables of a context set while serving"] += len(seen)
    for _ in seen:
        tally.judge(_FAMILY)
    yield from found.values()


def _finding(module: Module, left: Left) -> Finding:
    setting = left.setting
    if left.ends == NEITHER:
        why = "is set on one way and reset on another, but a third one does neither"
        out = "reset it there, too"
    elif left.ends:
        why = f"stays set where {left.ends} leaves before it is reset"
        out = "reset it in a `finally`"
    else:
        why = "is set while serving and never reset"
        out = "reset it in a `finally`, or at the end of each request"
    message = f"{setting.what} {why}: what comes next on this thread finds it; {out}"
    last = Step(left.path, setting.at, "set here")
    here = [step for step in left.steps if step.path == module.path]
    at = setting.at if left.path == module.path else here[0].span if here else setting.at
    confidence: Confidence = "proved" if left.sure else "suspected"
    return Finding("INC307", module.path, at, message, confidence, (*left.steps, last))
