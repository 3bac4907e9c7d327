"""How findings of INC3 tell whose a value is, and why they are only suspected."""

from __future__ import annotations

from ...engine.belonging import Sources, belonging
from ...engine.finding import Step
from ...engine.lattice import Folded

_UNITS = frozenset({"message", "connection", "timer"})


def what(worth: Folded[Sources]) -> str:
    """What belongs to somebody, as the code calls it."""
    if worth.steps:
        return worth.steps[0].message
    return min((source.label for source in belonging(worth.element)), default="a value")


def unit(scope: str) -> str:
    """What is served: a message, a connection, a timer; else a request."""
    return scope if scope in _UNITS else "request"


def doubted(steps: tuple[Step, ...], doubt: str) -> tuple[Step, ...]:
    """A trail, and at its end why the finding is only suspected ("": it is proved)."""
    return (*steps, Step(steps[-1].path, steps[-1].span, doubt)) if doubt else steps
