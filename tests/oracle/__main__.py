"""`python -m tests.oracle --programs 2000 --seed N --write FOLDER`: the score, on one line."""

from __future__ import annotations

import argparse
import secrets
from pathlib import Path

from .sample import draws
from .score import describe, score


def main() -> int:
    """Print the score and the constructs most often in disagreements; 1 if it is below target."""
    parser = argparse.ArgumentParser(prog="python -m tests.oracle", description=__doc__)
    parser.add_argument("--programs", type=int, default=2000)
    parser.add_argument("--seed", type=int, help="a number (default: a fresh one, printed)")
    parser.add_argument("--write", type=Path, help="a folder for the programs with disagreement")
    options = parser.parse_args()
    seed = secrets.randbelow(10**9) if options.seed is None else options.seed
    result = score(draws(seed, options.programs))
    print(f"seed {seed}: {result}")
    for kind, blamed in result.blamed.items():
        names = ", ".join(f"{name} {count}" for name, count in blamed.most_common(12))
        print(f"most often in {kind}: {names}")
    if options.write:
        options.write.mkdir(parents=True, exist_ok=True)
        for number, case in enumerate(result.disagreements):
            target = options.write / f"{case.kind}-{number:03}.txt"
            target.write_text(describe(case), encoding="utf-8")
    return int(result.recall < 0.98 or result.false_rate > 0.02 or result.stray > 0)


if __name__ == "__main__":
    raise SystemExit(main())
