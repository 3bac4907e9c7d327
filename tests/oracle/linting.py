"""The linter over the files of generated programs, as a host runs it with its default options."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from incident_lint.checks import FAMILIES
from incident_lint.engine.project import Project
from incident_lint.engine.run import check_source
from incident_lint.knowledge.catalogue import Catalogue
from incident_lint.model.source import Source


class Found(NamedTuple):
    """One finding: `path` is relative to the program's root, `line` is 1-based."""

    path: str
    line: int
    code: str
    confidence: str
    message: str


class Linter:
    """Checks many programs in one process, with the catalogue read once."""

    def __init__(self, codes: frozenset[str]) -> None:
        self._codes = codes
        self._catalogue = Catalogue.load()

    def check(self, files: Mapping[str, str]) -> tuple[Found, ...]:
        """The findings in the files of one program, by path and text."""
        findings: list[Found] = []
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            write(files, root)
            project = Project(src=[root], catalogue=self._catalogue, cwd=root)
            for path, text in files.items():
                source = Source(str(root / path), text)
                report = check_source(source, project, FAMILIES, self._codes)
                findings += [
                    Found(path, found.span.line, found.code, found.confidence, found.message)
                    for found in report.findings
                ]
        return tuple(findings)


def write(files: Mapping[str, str], folder: Path) -> None:
    """Write the files of a program below the folder."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")


def ranked(blamed: Mapping[str, int], used: Mapping[str, int]) -> list[tuple[str, int, int]]:
    """Constructs with disagreements: how many, of how many programs; those with the greatest
    share first, if they are more than one."""
    found = [(name, bad, used[name]) for name, bad in blamed.items()]
    return sorted(found, key=lambda entry: (entry[1] < 2, -entry[1] / entry[2], entry[0]))


def shown(findings: Iterable[Found], files: Mapping[str, str]) -> list[str]:
    """The findings and the program itself, for a person."""
    return [
        *(f"{f.path}:{f.line}: {f.code} {f.confidence} {f.message}" for f in findings),
        *(f"\n## {path}\n\n{text}" for path, text in files.items() if text.strip()),
    ]
