"""The linter's verdicts over generated programs, and how often they agree with the truth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from .execute import default_line
from .linting import Found, Linter, ranked, shown
from .sample import Judged

CODES = frozenset({"INC101", "INC102", "INC105"})
RECALL = 0.98
FALSE_RATE = 0.02
"""The targets: the least share of leaks found, the greatest share of clean programs accused."""


class Case(NamedTuple):
    """A program with its truth and what the linter said; `hit`: INC101 at the default. `kind`:
    "missed", "false" (it does not leak), "stray" (a finding elsewhere, or a fault) or ""."""

    judged: Judged
    findings: tuple[Found, ...]
    hit: bool
    kind: str


@dataclass
class Score:
    """How many programs leak, how many of those were found, how many clean ones were accused."""

    leaks: int = 0
    found: int = 0
    clean: int = 0
    false: int = 0
    stray: int = 0
    disagreements: list[Case] = field(default_factory=list)
    blamed: dict[str, Counter[str]] = field(default_factory=dict)
    used: dict[bool, Counter[str]] = field(
        default_factory=lambda: {True: Counter(), False: Counter()}
    )

    @property
    def recall(self) -> float:
        """The share of leaks that were found."""
        return self.found / max(self.leaks, 1)

    @property
    def false_rate(self) -> float:
        """The share of clean programs that were accused."""
        return self.false / max(self.clean, 1)

    def add(self, case: Case) -> None:
        """Count one case."""
        self.used[case.judged.truth.leaks].update(case.judged.program.constructs)
        if case.judged.truth.leaks:
            self.leaks += 1
            self.found += case.hit
        else:
            self.clean += 1
            self.false += case.hit
        self.stray += case.kind == "stray"
        if case.kind:
            self.disagreements.append(case)
            self.blamed.setdefault(case.kind, Counter()).update(case.judged.program.constructs)

    def blame(self, kind: str) -> list[tuple[str, int, int]]:
        """Constructs with disagreements of a kind: how many, of how many programs of that side;
        those with the greatest share first, if they are more than one."""
        used = (
            self.used[kind == "missed"] if kind != "stray" else self.used[True] + self.used[False]
        )
        return ranked(self.blamed[kind], used)

    def __str__(self) -> str:
        return (
            f"{self.leaks + self.clean} programs: {self.found} of {self.leaks} leaks found "
            f"({self.recall:.1%}), {self.false} of {self.clean} clean ones accused "
            f"({self.false_rate:.1%}), {self.stray} stray findings"
        )


def compare(judged: Judged, findings: tuple[Found, ...]) -> Case:
    """What the findings say of the default, beside the truth."""
    program = judged.program
    place = (program.modules[program.subject], default_line(program))
    proved = [found for found in findings if found.confidence == "proved"]
    here = [found for found in proved if (found.path, found.line) == place]
    hit = any(found.code == "INC101" for found in here)
    kind = ""
    if len(here) < len(proved) or any(found.code == "INC002" for found in here):
        kind = "stray"
    elif hit != judged.truth.leaks:
        kind = "false" if hit else "missed"
    return Case(judged, findings, hit, kind)


def score(programs: Iterable[Judged]) -> Score:
    """Check every program and compare."""
    linter = Linter(CODES)
    result = Score()
    for judged in programs:
        result.add(compare(judged, linter.check(judged.program.files)))
    return result


def describe(case: Case) -> str:
    """One case for a person: the truth, the verdict and the program."""
    judged, program = case.judged, case.judged.program
    lines = [
        f"{case.kind}: the default of `{program.param}` in {program.subject}, "
        f"line {default_line(program)}",
        f"truth: {'leaks, ' + judged.truth.why if judged.truth.leaks else 'does not leak'} "
        f"({judged.truth.calls} calls, exceptions: {dict(judged.truth.errors) or 'none'}; "
        f"judged by: {program.judge})",
        f"constructs: {', '.join(sorted(program.constructs))}",
        *shown(case.findings, program.files),
    ]
    return "\n".join(lines)
