"""The sample code below `fixtures/`, and what its comments say must be found in it.

A trailing `# expect: INC101` asks for one proved finding whose span starts on that line; several
codes are separated by commas, once for each finding, and `INC101 suspected` asks for one that is
only suspected. `# known-miss: INC101 reason` names a finding that would be right and is not made:
it fails once it is found, so that the limit does not outlive its cause.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from incident_lint.engine.finding import Finding

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
INCIDENTS = FIXTURES / "incidents"
TWIN = ".fixed.py"
"""How the file ends that shows a sample after its fixes (`tests/fixes/fixed.py` writes it)."""

_COMMENT = re.compile(r"#\s*(expect|known-miss)\b:?\s*([^#]*)")
_EXPECTED = re.compile(r"(INC\d{3})(?:\s+(suspected))?")
_MISSED = re.compile(r"(INC\d{3})\s+(\S.*)")


class Mark(NamedTuple):
    """One finding, expected or made, as far as fixtures tell findings apart."""

    path: Path
    line: int
    code: str
    confidence: str = "proved"


class Made(NamedTuple):
    """One finding that was made, and its message."""

    mark: Mark
    message: str


class Fixture(NamedTuple):
    """One sample: a file, or a folder of modules that belong together."""

    family: str
    name: str
    files: tuple[Path, ...]


class Said(NamedTuple):
    """What the comments of some files say; `misses` are marks without their confidence."""

    expected: tuple[Mark, ...]
    misses: tuple[Mark, ...]


class FixtureError(Exception):
    """A comment that means to be an expectation and cannot be read as one."""


def families() -> list[str]:
    """The families that have fixtures, by the name of their folder."""
    return sorted(path.name for path in _folders(FIXTURES) if path != INCIDENTS)


def fixtures(family: str) -> list[Fixture]:
    """The samples of one family: its files, and its folders as one sample each."""
    folder = FIXTURES / family
    samples = [
        Fixture(family, path.name, (path,))
        for path in sorted(folder.glob("*.py*"))
        if path.is_file() and not path.name.endswith(TWIN)
    ]
    return samples + [Fixture(family, path.name, modules(path)) for path in _folders(folder)]


def incidents() -> list[Path]:
    """The folders of the re-enacted incidents."""
    return _folders(INCIDENTS)


def modules(folder: Path) -> tuple[Path, ...]:
    """All Python files of a folder and of what lies below it."""
    found = (path for path in folder.rglob("*.py*") if path.suffix in (".py", ".pyi"))
    return tuple(sorted(path for path in found if not path.name.endswith(TWIN)))


def read(files: Iterable[Path]) -> Said:
    """The expectations of some files. Raises FixtureError for one that cannot be read."""
    expected: list[Mark] = []
    misses: list[Mark] = []
    for path in files:
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            for kind, text in _COMMENT.findall(line):
                if kind == "expect":
                    expected += _expected(path, number, text)
                else:
                    misses.append(_missed(path, number, text))
    return Said(tuple(expected), tuple(misses))


def complaints(said: Said, made: Iterable[Made]) -> list[str]:
    """One line for each finding that is missing, too many, or no longer missed; [] if all is as
    the comments say."""
    found = list(made)
    marks = Counter(one.mark for one in found)
    lines = []
    for mark, count in (Counter(said.expected) - marks).items():
        lines += [f"{_place(mark)}: {_name(mark)} expected, not found"] * count
    surplus = marks - Counter(said.expected)
    known = {(mark.path, mark.line, mark.code) for mark in said.misses}
    for mark in surplus:
        words = "; ".join(sorted({one.message for one in found if one.mark == mark}))
        if (mark.path, mark.line, mark.code) in known:
            lines.append(f"{_place(mark)}: {_name(mark)} is found now and no known miss: {words}")
        else:
            lines.append(f"{_place(mark)}: {_name(mark)} found, not expected: {words}")
    return sorted(lines)


def lint(files: Iterable[Path], codes: Iterable[str] | None = None) -> list[Made]:
    """What the linter finds in some files, whatever its confidence; `codes` None: everything."""
    return [Made(_mark(finding), finding.message) for finding in findings(files, codes)]


def findings(files: Iterable[Path], codes: Iterable[str] | None = None) -> Iterator[Finding]:
    """The findings themselves, in the order of the files, each judged as a host would judge it."""
    from incident_lint.checks import FAMILIES
    from incident_lint.engine.project import Project
    from incident_lint.engine.run import check_source
    from incident_lint.model.source import Source

    wanted = None if codes is None else frozenset(codes)
    project = Project()
    for path in files:
        source = Source.from_bytes(str(path), path.read_bytes())
        yield from check_source(source, project, FAMILIES, wanted).findings


def _expected(path: Path, line: int, text: str) -> list[Mark]:
    marks = []
    for word in text.split(","):
        match = _EXPECTED.fullmatch(word.strip())
        if match is None:
            raise FixtureError(f"{path}:{line}: no expectation: {text!r}")
        marks.append(Mark(path, line, match[1], match[2] or "proved"))
    return marks


def _missed(path: Path, line: int, text: str) -> Mark:
    match = _MISSED.fullmatch(text.strip())
    if match is None:
        raise FixtureError(f"{path}:{line}: no known miss with a code and a reason: {text!r}")
    return Mark(path, line, match[1])


def _mark(finding: Finding) -> Mark:
    return Mark(Path(finding.path), finding.span.line, finding.code, finding.confidence)


def _folders(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_dir() and path.name[0] not in "._")


def _name(mark: Mark) -> str:
    return mark.code if mark.confidence == "proved" else f"{mark.code} ({mark.confidence})"


def _place(mark: Mark) -> str:
    path = mark.path.relative_to(FIXTURES) if mark.path.is_relative_to(FIXTURES) else mark.path
    return f"{path}:{mark.line}"
