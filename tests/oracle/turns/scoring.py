"""The score of INC308, and its targets."""

from __future__ import annotations

from collections.abc import Iterable

from ..cardinality import score as scores
from ..cardinality.programs import Program
from .execute import leaks

RECALL = 0.95
FALSE_RATE = 0.05


def score(programs: Iterable[Program]) -> scores.Score:
    """Execute every program, check it, and compare."""
    return scores.score(programs, "INC308", leaks)


def is_good(result: scores.Score) -> bool:
    """Whether the targets are met."""
    return result.recall >= RECALL and result.false_rate <= FALSE_RATE
