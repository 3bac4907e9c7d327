"""INC303: a mutable class attribute is changed: what one object puts there, all others have."""

from __future__ import annotations

from collections.abc import Iterator

from ...engine.finding import Confidence, Cure, Finding, Step, Tally
from ...engine.project import Module, Project
from ...engine.shared_state import Change, SharedState

_FAMILY = "tenant_state"
_CAUTION = "other code may rely on the attribute of the class, or make objects without `__init__`"


def check(module: Module, project: Project, tally: Tally) -> Iterator[Finding]:
    """Judge every container that a class body of a module makes: one finding for each."""
    if not module.facts.classes:
        return
    shared = SharedState(module, project)
    for kind in shared.kinds():
        owner = module.facts.classes[kind.owner.index]
        tally.seen["containers that a class makes"] += 1
        change, causes = shared.judge(kind)
        tally.judge(_FAMILY, causes)
        if change is not None:
            cure = None
            if not change.meant and not shared.is_made_below(kind):
                cure = Cure("own-container", _CAUTION, f"{owner.name}.{kind.name}")
            yield _finding(module, change)._replace(cure=cure)


def _finding(module: Module, change: Change) -> Finding:
    owner = module.facts.classes[change.kind.owner.index].name
    message = (
        f"`{change.written}` is {change.how}, but it is one {change.kind.noun} for all objects of"
        f" `{owner}`: make a new one in `__init__`"
    )
    confidence: Confidence = "suspected" if change.meant else "proved"
    steps = change.steps
    if change.meant:
        steps = (*steps, Step(module.path, change.at, f"this may be meant: {change.meant}"))
    return Finding("INC303", module.path, change.at, message, confidence, steps)
