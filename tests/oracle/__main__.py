"""Score the linter's INC101 on generated programs whose truth is known from executing them."""

from __future__ import annotations

import argparse
import secrets
from pathlib import Path

from .sample import draws
from .score import FALSE_RATE, RECALL, describe, score


def main() -> int:
    """Print the score and the constructs that disagree most; 1 if it is below the target."""
    parser = argparse.ArgumentParser(prog="python -m tests.oracle", description=__doc__)
    parser.add_argument("--programs", type=int, default=2000)
    parser.add_argument("--seed", type=int, help="a number (default: a fresh one, printed)")
    parser.add_argument("--write", type=Path, help="a folder for the programs with disagreement")
    options = parser.parse_args()
    seed = secrets.randbelow(10**9) if options.seed is None else options.seed
    result = score(draws(seed, options.programs))
    print(f"seed {seed}: {result}")
    for kind in sorted(result.blamed):
        names = ", ".join(f"{name} {bad}/{all}" for name, bad, all in result.blame(kind)[:15])
        print(f"{kind}, by construct (disagreements/programs): {names}")
    if options.write:
        options.write.mkdir(parents=True, exist_ok=True)
        for number, case in enumerate(result.disagreements):
            target = options.write / f"{case.kind}-{number:03}.txt"
            target.write_text(describe(case), encoding="utf-8")
    good = result.recall >= RECALL and result.false_rate <= FALSE_RATE and not result.stray
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
