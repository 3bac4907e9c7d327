"""Score the linter's INC308 on generated workers whose mail was read."""

from __future__ import annotations

from ..cardinality.score import TENANT_STATE, describe, score
from ..command import run
from .execute import leaks
from .programs import CODES, draws

if __name__ == "__main__":
    raise SystemExit(
        run(
            "python -m tests.oracle.turns",
            __doc__ or "",
            lambda seed, count: score(draws(seed, count), CODES, leaks),
            TENANT_STATE.are_met,
            describe,
        )
    )
