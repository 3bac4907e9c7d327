"""The command line of an oracle."""

from __future__ import annotations

import argparse
import secrets
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeVar


class Disagreement(Protocol):
    """A program about which the linter is wrong."""

    @property
    def kind(self) -> str: ...


C = TypeVar("C", bound=Disagreement)


class Result(Protocol[C]):
    """A score."""

    disagreements: list[C]
    blamed: dict[str, Counter[str]]

    def blame(self, kind: str) -> Sequence[tuple[str, int, int]]: ...


R = TypeVar("R", bound="Result[Any]")


def run(
    name: str,
    text: str,
    score: Callable[[int, int], R],
    is_good: Callable[[R], bool],
    describe: Callable[[C], str],
) -> int:
    """Print the score of so many programs at a seed, and the constructs that disagree most; 1 if
    it is not good."""
    parser = argparse.ArgumentParser(prog=name, description=text)
    parser.add_argument("--programs", type=int, default=2000)
    parser.add_argument("--seed", type=int, help="a number (default: a fresh one, printed)")
    parser.add_argument("--write", type=Path, help="a folder for the programs with disagreement")
    options = parser.parse_args()
    seed = secrets.randbelow(10**9) if options.seed is None else options.seed
    result = score(seed, options.programs)
    print(f"seed {seed}: {result}")
    for kind in sorted(result.blamed):
        names = ", ".join(f"{name} {bad}/{all}" for name, bad, all in result.blame(kind)[:15])
        print(f"{kind}, by construct (disagreements/programs): {names}")
    if options.write:
        options.write.mkdir(parents=True, exist_ok=True)
        for number, case in enumerate(result.disagreements):
            target = options.write / f"{case.kind}-{number:03}.txt"
            target.write_text(describe(case), encoding="utf-8")
    return 0 if is_good(result) else 1
