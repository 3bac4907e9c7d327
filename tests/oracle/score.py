"""The linter's verdicts over generated programs, and how often they agree with the truth."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from incident_lint.checks import FAMILIES
from incident_lint.engine.project import Project
from incident_lint.engine.run import check_source
from incident_lint.knowledge.catalogue import Catalogue
from incident_lint.model.source import Source

from .execute import default_line
from .sample import Judged

CODES = frozenset({"INC101", "INC102", "INC105"})
RECALL = 0.98
FALSE_RATE = 0.02
"""The targets: the least share of leaks found, the greatest share of clean programs accused."""


class Found(NamedTuple):
    """One finding: `path` is relative to the program's root."""

    path: str
    line: int
    code: str
    confidence: str
    message: str


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
        found = [(name, bad, used[name]) for name, bad in self.blamed[kind].items()]
        return sorted(found, key=lambda entry: (entry[1] < 2, -entry[1] / entry[2], entry[0]))

    def __str__(self) -> str:
        return (
            f"{self.leaks + self.clean} programs: {self.found} of {self.leaks} leaks found "
            f"({self.recall:.1%}), {self.false} of {self.clean} clean ones accused "
            f"({self.false_rate:.1%}), {self.stray} stray findings"
        )


class Linter:
    """Checks many programs in one process, with the catalogue read once."""

    def __init__(self) -> None:
        self._catalogue = Catalogue.load()

    def check(self, judged: Judged) -> Case:
        """Lint every file of a program, as a host would with its default options."""
        program = judged.program
        findings: list[Found] = []
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            write(judged, root)
            project = Project(src=[root], catalogue=self._catalogue, cwd=root)
            for path, text in program.files.items():
                report = check_source(Source(str(root / path), text), project, FAMILIES, CODES)
                findings += [
                    Found(path, found.span.line, found.code, found.confidence, found.message)
                    for found in report.findings
                ]
        return _case(judged, tuple(findings))


def _case(judged: Judged, findings: tuple[Found, ...]) -> Case:
    program = judged.program
    place = (program.modules[program.subject], default_line(program))
    shown = [found for found in findings if found.confidence == "proved"]
    here = [found for found in shown if (found.path, found.line) == place]
    hit = any(found.code == "INC101" for found in here)
    kind = ""
    if len(here) < len(shown) or any(found.code == "INC002" for found in here):
        kind = "stray"
    elif hit != judged.truth.leaks:
        kind = "false" if hit else "missed"
    return Case(judged, findings, hit, kind)


def score(programs: Iterable[Judged]) -> Score:
    """Check every program and compare."""
    linter = Linter()
    result = Score()
    for judged in programs:
        result.add(linter.check(judged))
    return result


def write(judged: Judged, folder: Path) -> None:
    """Write the files of a program below the folder."""
    for path, text in judged.program.files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")


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
        *(f"{f.path}:{f.line}: {f.code} {f.confidence} {f.message}" for f in case.findings),
    ]
    files = [f"\n## {path}\n\n{text}" for path, text in program.files.items() if text.strip()]
    return "\n".join([*lines, *files])
