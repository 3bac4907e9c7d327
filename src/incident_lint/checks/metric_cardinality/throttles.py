"""INC405: the key of a rate limit that the sender chooses."""

from __future__ import annotations

from collections.abc import Iterator

from ...engine.cardinality import DOUBTFUL, UNBOUNDED, UNKNOWN
from ...engine.definitions import FunctionRef, Ref
from ...engine.duties import calls
from ...engine.finding import Confidence, Finding, Tally
from ...engine.lattice import Folded
from ...engine.project import Module, Project
from ...model.source import Span

_FAMILY = "metric_cardinality"
_CURE = "another one for each request evades it; use the peer's address or a verified user"


def check(module: Module, project: Project, tally: Tally) -> Iterator[Finding]:
    """Judge every key of a rate limit in a module: one finding for each place where a sender's
    value is read."""
    throttles = project.travel.throttles
    causes: set[object] = set()
    for index, function in enumerate(module.facts.functions):
        for value, _ in calls(function):
            ref = Ref(module.name, index, value)
            judged = throttles.judged(ref)
            if judged is None:
                continue
            tally.seen["keys of rate limits"] += len(judged.labels)
            tally.judge(_FAMILY, judged.causes)
            for each in judged.labels:
                told = throttles.named(ref, each)
                if told is not None:
                    yield _finding(module, told[1], Folded(UNBOUNDED), f"`{told[0]}`")
                elif each.worth.element >= DOUBTFUL and throttles.is_text(each.label.value):
                    if each.causes[0] not in causes:
                        yield _finding(module, each.span, each.worth)
                    causes.add(each.causes[0])
        if index:
            for at, worth in throttles.given(FunctionRef(module.name, index)):
                tally.seen["keys of rate limits"] += 1
                tally.judge(_FAMILY, (worth.cause,) if worth.element == UNKNOWN else ())
                if worth.element >= DOUBTFUL:
                    yield _finding(module, at, worth)


def _finding(module: Module, at: Span, worth: Folded[int], told: str = "") -> Finding:
    what = told or (worth.steps[0].message if worth.steps else "an outside value")
    message = f"the key of this limit is made of {what}, which the sender chooses: {_CURE}"
    confidence: Confidence = "proved" if worth.element == UNBOUNDED else "suspected"
    return Finding("INC405", module.path, at, message, confidence, worth.steps)
