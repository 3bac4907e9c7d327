"""Score the linter's INC301 and INC302 on generated programs that served one tenant."""

from __future__ import annotations

from ..cardinality.score import TENANT_STATE, describe, score
from ..command import run
from .execute import judge
from .programs import CODES, draws

if __name__ == "__main__":
    raise SystemExit(
        run(
            "python -m tests.oracle.tenancy",
            __doc__ or "",
            lambda seed, count: score(draws(seed, count), CODES, judge),
            TENANT_STATE.are_met,
            describe,
        )
    )
