"""Score the linter's INC403 on generated programs whose containers were counted."""

from __future__ import annotations

from ..cardinality.score import CARDINALITY, describe, score
from ..command import run
from .execute import grows
from .programs import CODES, draws

if __name__ == "__main__":
    raise SystemExit(
        run(
            "python -m tests.oracle.maps",
            __doc__ or "",
            lambda seed, count: score(draws(seed, count), CODES, grows),
            CARDINALITY.are_met,
            describe,
        )
    )
