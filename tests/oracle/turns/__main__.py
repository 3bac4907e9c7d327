"""Score the linter's INC308 on generated workers whose mail was read."""

from __future__ import annotations

from ..cardinality.score import describe
from ..command import run
from .programs import draws
from .scoring import is_good, score

if __name__ == "__main__":
    raise SystemExit(
        run(
            "python -m tests.oracle.turns",
            __doc__ or "",
            lambda seed, count: score(draws(seed, count)),
            is_good,
            describe,
        )
    )
