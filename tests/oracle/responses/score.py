"""The linter's verdicts on the calls of generated programs, and how often they agree with the
truth.

What the default options show counts: a proved finding. Where the linter's own rules let it do no
more than suspect (`Truth.doubtful`), a suspicion counts as found; nobody is accused by one alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from ..linting import Found, Linter, ranked, shown
from .sample import Judged
from .watch import Place

CODES = frozenset({"INC201", "INC202", "INC203"})
RECALL = 0.97
FALSE_RATE = 0.03
"""The targets: the least share of calls found whose failure can pass unseen, the greatest share
of the others accused."""


class Case(NamedTuple):
    """A program with its truth, what the linter said, and the calls on which they disagree: those
    it `missed`, those it is `false` about; `strange` are faults of the linter. What is said of
    calls that no run has reached is not judged."""

    judged: Judged
    findings: tuple[Found, ...]
    missed: frozenset[Place]
    false: frozenset[Place]
    strange: frozenset[Place]

    @property
    def kind(self) -> str:
        """The worst disagreement, "" if there is none."""
        kinds = {"strange": self.strange, "false": self.false, "missed": self.missed}
        return next((kind for kind, places in kinds.items() if places), "")


@dataclass
class Score:
    """How many programs and calls there were; how many of the calls let a failure pass unseen and
    were found, how many do not and were accused. `unknown` calls are not judged: what becomes of
    their response is decided outside of the program."""

    programs: int = 0
    unseen: int = 0
    found: int = 0
    clean: int = 0
    false: int = 0
    suspected: int = 0
    unknown: int = 0
    strange: int = 0
    disagreements: list[Case] = field(default_factory=list)
    blamed: dict[str, Counter[str]] = field(default_factory=dict)
    used: Counter[str] = field(default_factory=Counter)

    @property
    def recall(self) -> float:
        """The share of calls found among those whose failure can pass unseen."""
        return self.found / max(self.unseen, 1)

    @property
    def false_rate(self) -> float:
        """The share of calls accused among the others."""
        return self.false / max(self.clean, 1)

    def add(self, case: Case) -> None:
        """Count one program."""
        truth = case.judged.truth
        unseen = truth.unseen | truth.doubtful
        clean = truth.called - unseen - truth.unknown
        suspected = {Place(f.path, f.line) for f in case.findings if f.confidence != "proved"}
        self.programs += 1
        self.unseen += len(unseen)
        self.found += len(unseen - case.missed)
        self.clean += len(clean)
        self.false += len(case.false)
        self.suspected += len(suspected & clean)
        self.unknown += len(truth.unknown)
        self.strange += len(case.strange)
        self.used.update(case.judged.constructs)
        if case.kind:
            self.disagreements.append(case)
            self.blamed.setdefault(case.kind, Counter()).update(case.judged.constructs)

    def blame(self, kind: str) -> list[tuple[str, int, int]]:
        """Constructs with disagreements of a kind: how many, of how many programs; those with the
        greatest share first, if they are more than one."""
        return ranked(self.blamed[kind], self.used)

    def __str__(self) -> str:
        return (
            f"{self.programs} programs: {self.found} of {self.unseen} calls found whose failure "
            f"can pass unseen ({self.recall:.1%}), {self.false} of {self.clean} others accused "
            f"({self.false_rate:.1%}) and {self.suspected} suspected, {self.unknown} not judged, "
            f"{self.strange} faults"
        )


def compare(judged: Judged, findings: tuple[Found, ...]) -> Case:
    """Where the findings disagree with the truth."""
    truth = judged.truth
    every = {Place(found.path, found.line) for found in findings}
    proved = {Place(f.path, f.line) for f in findings if f.confidence == "proved"}
    faults = {Place(f.path, f.line) for f in findings if f.code not in CODES}
    missed = (truth.unseen - proved) | (truth.doubtful - every)
    false = (proved & truth.called) - truth.unseen - truth.doubtful - truth.unknown
    return Case(judged, findings, frozenset(missed), frozenset(false), frozenset(faults))


def score(programs: Iterable[Judged]) -> Score:
    """Check every program and compare."""
    linter = Linter(CODES)
    result = Score()
    for judged in programs:
        result.add(compare(judged, linter.check(judged.program.files)))
    return result


def describe(case: Case) -> str:
    """One case for a person: the truth, the verdict and the program."""
    program, truth = case.judged.program, case.judged.truth
    lines = [
        *(f"missed: {path}:{line}" for path, line in sorted(case.missed)),
        *(f"false: {path}:{line}" for path, line in sorted(case.false)),
        *(f"strange: {path}:{line}" for path, line in sorted(case.strange)),
        f"truth: unseen {_places(truth.unseen)}, doubtful {_places(truth.doubtful)}, "
        f"of {_places(truth.called)} ({truth.runs} runs, exceptions: "
        f"{', '.join(sorted(truth.errors)) or 'none'})",
        f"constructs: {', '.join(sorted(program.constructs))}",
        *shown(case.findings, program.files),
    ]
    return "\n".join(lines)


def _places(places: frozenset[Place]) -> str:
    return ", ".join(f"{path}:{line}" for path, line in sorted(places)) or "nowhere"
