"""Score the linter's INC401 on generated programs whose series were counted."""

from __future__ import annotations

from ..command import run
from .execute import grows
from .programs import CODES, draws
from .score import CARDINALITY, describe, score

if __name__ == "__main__":
    raise SystemExit(
        run(
            "python -m tests.oracle.cardinality",
            __doc__ or "",
            lambda seed, count: score(draws(seed, count), CODES, grows),
            CARDINALITY.are_met,
            describe,
        )
    )
