"""Score the linter's INC401 on generated programs whose series were counted."""

from __future__ import annotations

from ..command import run
from .programs import draws
from .score import FALSE_RATE, RECALL, Score, describe, score


def _is_good(result: Score) -> bool:
    return result.recall >= RECALL and result.false_rate <= FALSE_RATE


if __name__ == "__main__":
    raise SystemExit(
        run(
            "python -m tests.oracle.cardinality",
            __doc__ or "",
            lambda seed, count: score(draws(seed, count)),
            _is_good,
            describe,
        )
    )
