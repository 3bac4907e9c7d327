"""What a code says of generated programs, and how often it agrees with their execution."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from ..chance import least
from ..linting import Found, Linter, ranked, shown
from .programs import Program


class Targets(NamedTuple):
    """The least share of growing programs to be found, the greatest of others to be accused."""

    recall: float
    false_rate: float

    def are_met(self, result: Score) -> bool:
        """Whether a score is good."""
        return result.recall >= self.recall and result.false_rate <= self.false_rate


CARDINALITY = Targets(0.97, 0.03)
TENANT_STATE = Targets(0.95, 0.05)


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


def score(
    programs: Iterable[Program], codes: str, judge: Callable[[Program], bool | None]
) -> Score:
    """Execute every program, check it for some codes (separated by spaces), and compare."""
    linter = Linter(frozenset(codes.split()))
    result = Score()
    for program in programs:
        result.add(program, judge(program), linter.check(program.files))
    return result


def unmet(name: str, seed: int, count: int, result: Score, targets: Targets) -> str:
    """What a person needs to look at, if a score is worse than its targets by more than chance; "":
    it is not."""
    spared = result.bounded - result.false
    if (
        result.found >= least(result.growing, targets.recall)
        and spared >= least(result.bounded, 1 - targets.false_rate)
        and result.unclear <= count // 20
    ):
        return ""
    again = f"python -m tests.oracle.{name} --seed {seed} --programs {count} --write FOLDER"
    return "\n\n".join([str(result), again, *map(describe, result.disagreements[:5])])


def describe(case: Case) -> str:
    """One case for a person."""
    lines = [
        f"{case.kind}; constructs: {', '.join(sorted(case.program.constructs))}",
        *shown(case.findings, case.program.files),
    ]
    return "\n".join(lines)
