"""How often the family agrees with the execution of generated programs."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ..cardinality.programs import Program
from ..cardinality.score import Score
from ..linting import Linter

RECALL = 0.95
FALSE_RATE = 0.05
"""The targets: the least share of leaking programs found, the greatest of others accused."""
CODES = frozenset({"INC301", "INC302", "INC303"})


def score(programs: Iterable[Program], judge: Callable[[Program], bool]) -> Score:
    """Execute every program, check it, and compare."""
    linter = Linter(CODES)
    result = Score()
    for program in programs:
        result.add(program, judge(program), linter.check(program.files))
    return result


def is_good(result: Score) -> bool:
    """Whether the targets are met."""
    return result.recall >= RECALL and result.false_rate <= FALSE_RATE
