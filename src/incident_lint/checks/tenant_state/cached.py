"""INC306: answers that are kept for all depend on who asks."""

from __future__ import annotations

from collections.abc import Iterator

from ...engine.definitions import FunctionRef
from ...engine.finding import Confidence, Finding, Tally
from ...engine.kept_answers import Answers
from ...engine.project import Module, Project
from . import told

_FAMILY = "tenant_state"


def check(module: Module, project: Project, tally: Tally) -> Iterator[Finding]:
    """Judge every function of a module whose answers are kept: one finding for each cache."""
    asked = project.travel.kept_answers
    for index in range(1, len(module.facts.functions)):
        ref = FunctionRef(module.name, index)
        for _, answers in asked.cached(ref):
            tally.seen["functions whose answers are kept"] += 1
            tally.judge(_FAMILY, ())
            if answers is not None:
                yield _finding(module, answers)
        for answers in asked.remembered(ref):
            yield _finding(module, answers)


def _finding(module: Module, answers: Answers) -> Finding:
    message = (
        f"the answers of {answers.what} are kept for everybody, but depend on {answers.depends},"
        " which is not part of their key: pass it as an argument"
    )
    confidence: Confidence = "suspected" if answers.doubt else "proved"
    steps = told.doubted(answers.steps, answers.doubt)
    return Finding("INC306", module.path, answers.at, message, confidence, steps)
