"""What a code says of generated programs, and how often it agrees with their execution."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from ..linting import Found, Linter, ranked, shown
from .programs import Program

RECALL = 0.97
FALSE_RATE = 0.03
"""The targets: the least share of growing programs found, the greatest of others accused."""


class Case(NamedTuple):
    """A program, what the linter said, and how that is wrong: "missed", "false" or ""."""

    program: Program
    findings: tuple[Found, ...]
    kind: str


@dataclass
class Score:
    """How many programs grow, how many of those were found, how many others were accused."""

    growing: int = 0
    found: int = 0
    bounded: int = 0
    false: int = 0
    unclear: int = 0
    disagreements: list[Case] = field(default_factory=list)
    blamed: dict[str, Counter[str]] = field(default_factory=dict)
    used: dict[bool, Counter[str]] = field(
        default_factory=lambda: {True: Counter(), False: Counter()}
    )

    @property
    def recall(self) -> float:
        """The share of growing programs that were found."""
        return self.found / max(self.growing, 1)

    @property
    def false_rate(self) -> float:
        """The share of other programs that were accused."""
        return self.false / max(self.bounded, 1)

    def add(self, program: Program, truth: bool | None, findings: tuple[Found, ...]) -> None:
        """Count one program."""
        if truth is None:
            self.unclear += 1
            return
        self.used[truth].update(program.constructs)
        hit = any(found.confidence == "proved" for found in findings)
        self.growing += truth
        self.bounded += not truth
        self.found += truth and hit
        self.false += hit and not truth
        if hit != truth:
            kind = "missed" if truth else "false"
            self.disagreements.append(Case(program, findings, kind))
            self.blamed.setdefault(kind, Counter()).update(program.constructs)

    def blame(self, kind: str) -> list[tuple[str, int, int]]:
        """Constructs with disagreements of a kind: how many, of how many programs of that side."""
        return ranked(self.blamed[kind], self.used[kind == "missed"])

    def __str__(self) -> str:
        return (
            f"{self.growing + self.bounded} programs: {self.found} of {self.growing} that grow "
            f"found ({self.recall:.1%}), {self.false} of {self.bounded} others accused "
            f"({self.false_rate:.1%}), {self.unclear} unclear"
        )


def score(programs: Iterable[Program], code: str, grows: Callable[[Program], bool | None]) -> Score:
    """Execute every program, check it for a code, and compare."""
    linter = Linter(frozenset({code}))
    result = Score()
    for program in programs:
        result.add(program, grows(program), linter.check(program.files))
    return result


def is_good(result: Score) -> bool:
    """Whether the targets are met."""
    return result.recall >= RECALL and result.false_rate <= FALSE_RATE


def describe(case: Case) -> str:
    """One case for a person."""
    lines = [
        f"{case.kind}; constructs: {', '.join(sorted(case.program.constructs))}",
        *shown(case.findings, case.program.files),
    ]
    return "\n".join(lines)
