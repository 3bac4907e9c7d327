"""INC308: what one turn of a loop over messages left behind goes out with a later one."""

from __future__ import annotations

from collections.abc import Iterator

from ...engine.finding import Confidence, Finding, Step, Tally
from ...engine.project import Module, Project
from ...engine.stale import Stale
from ...engine.written import argument, name_at, name_before

_FAMILY = "tenant_state"


def check(module: Module, project: Project, tally: Tally) -> Iterator[Finding]:
    """Judge every loop of a module that serves somebody in each turn: one finding for each call
    that sends what an earlier turn has left."""
    stale = project.travel.stale
    seen = set()
    loops = [
        loop for index in range(len(module.facts.functions)) for loop in stale.of(module, index)
    ]
    tally.seen["loops that serve somebody in each turn"] += len(loops)
    for loop in loops:
        tally.judge(_FAMILY)
        for each in loop:
            if each.at not in seen:
                seen.add(each.at)
                yield _finding(module, each)


def _finding(module: Module, stale: Stale) -> Finding:
    name = _name(module, stale)
    what = f"`{name}`" if name else "a value"
    if stale.grows:
        why = "is never emptied between turns"
        out = "make a new one in each turn"
    else:
        why = "is not set on every way of a turn"
        out = "set it first in each turn"
    message = (
        f"{what} {why}, so that `{stale.call}` sends with one {stale.served.noun} what an earlier"
        f" one left: {out}"
    )
    how = "grows here" if stale.grows else "set here, on some ways of a turn only"
    steps = (
        Step(module.path, stale.served.at, f"each turn is for another {stale.served.what}"),
        Step(module.path, stale.set_at, how),
        Step(
            module.path,
            stale.at,
            "and it is sent here, also in a turn that did not set it"
            if not stale.grows
            else "and it is sent here, with what earlier turns put there",
        ),
        *stale.steps,
    )
    confidence: Confidence = "proved" if stale.sure else "suspected"
    return Finding("INC308", module.path, stale.at, message, confidence, steps)


def _name(module: Module, stale: Stale) -> str:
    """The variable's name, as it is written where it is set or sent; "": it has none."""
    source = module.source
    name = name_before(source, stale.set_at)
    if name:
        return name
    if stale.grows or stale.part:
        return name_at(source, stale.set_at)
    return name_at(source, argument(source, stale.at, max(stale.position, 0)))
