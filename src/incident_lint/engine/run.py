"""Check one file: run the families that own a wanted code and mark what comments suppress.

Everything a host needs comes back as one `Report`; nothing is filtered by confidence or hidden
here, and nothing but a programming error in this module itself can raise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence, Set
from typing import TYPE_CHECKING, NamedTuple, Protocol

from ..model.source import Source, SourceError, Span
from . import suppress
from .finding import Finding, Tally
from .suppress import Suppressed

if TYPE_CHECKING:
    from .project import Module, Project

CANNOT_CHECK = "INC002"
UNUSED_SUPPRESSION = "INC001"


class Family(Protocol):
    """What is run: `codes` are all that `check` may report."""

    @property
    def name(self) -> str: ...

    @property
    def codes(self) -> tuple[str, ...]: ...

    @property
    def check(self) -> Callable[[Module, Project, Tally], Iterable[Finding]]: ...


class Report(NamedTuple):
    """What became of one file.

    `findings` are sorted and unique by (code, span); `suppressed` are those that a comment marks.
    `failed` says that a fault of ours left the file, or one family of it, unchecked: a file that
    is no Python is a finding (INC002), not a fault.
    """

    path: str
    findings: tuple[Finding, ...]
    suppressed: tuple[Suppressed, ...]
    tally: Tally
    failed: bool


def check_source(
    source: Source,
    project: Project,
    families: Sequence[Family],
    codes: frozenset[str] | None = None,
) -> Report:
    """Check one file for `codes` (None: all that the families own, and INC001).

    A family that raises costs one INC002 and none of the others; a file that cannot be parsed
    or followed is one INC002 with the reason and the line.
    """
    try:
        module = project.add(source)
    except SourceError as error:
        return unreadable(source.path, error)
    except Exception as error:
        return fault(source.path, "reading this file", error)
    found, faults, ran, tally = _families(module, project, families, codes)
    tally.add(_imports(module, project))
    try:
        return _marked(source, found, faults, ran, codes, tally)
    except Exception as error:
        faults.append(_fault_finding(source.path, "reading the suppressions", error))
        return Report(source.path, _ordered([*found, *faults]), (), tally, True)


def unreadable(path: str, error: SourceError) -> Report:
    """The report of a file whose text could not be had, or is no Python that we can read."""
    return Report(
        path, (_cannot_check(path, f"the file {error.reason}", error.line),), (), _one_file(), False
    )


def fault(path: str, what: str, error: BaseException) -> Report:
    """The report of a file that a fault of ours left unchecked; `what` reads after "while"."""
    return Report(path, (_fault_finding(path, what, error),), (), _one_file(), True)


def _families(
    module: Module, project: Project, families: Sequence[Family], codes: frozenset[str] | None
) -> tuple[list[Finding], list[Finding], set[str], Tally]:
    """Wanted findings, faults, the codes whose rules ran to their end, and what was seen."""
    found: list[Finding] = []
    faults: list[Finding] = []
    ran: set[str] = set()
    tally = _one_file()
    for family in families:
        wanted = set(family.codes) if codes is None else codes.intersection(family.codes)
        if not wanted:
            continue
        seen = Tally()
        try:
            findings = list(family.check(module, project, seen))
        except Exception as error:
            what = f"looking for {family.name.replace('_', ' ')}"
            faults.append(_fault_finding(module.path, what, error))
            continue
        for finding in findings:
            found += _wanted(finding, wanted)
        ran |= wanted
        tally.add(seen)
    return found, faults, ran, tally


def _wanted(finding: Finding, codes: Set[str]) -> list[Finding]:
    """The finding if its code is wanted, else what remains to be said without the suspicion."""
    rest = finding.otherwise
    left = [] if rest is None else _wanted(rest, codes)
    if finding.code in codes:
        return [finding._replace(otherwise=left[0] if left else None)]
    return left


def _imports(module: Module, project: Project) -> Tally:
    """How many imports name something of this project, and how many of those were found."""
    tally = Tally()
    for dotted, _ in module.facts.imports:
        if project.find(dotted.partition(".")[0], module.name) is not None:
            tally.seen["project imports"] += 1
            tally.seen["project imports resolved"] += project.find(dotted, module.name) is not None
    return tally


def _marked(
    source: Source,
    found: list[Finding],
    faults: list[Finding],
    ran: set[str],
    codes: frozenset[str] | None,
    tally: Tally,
) -> Report:
    """Split what was found by the file's comments; faults are never suppressed."""
    comments = suppress.read(source, nothing_found=not found)
    left: list[Finding] = []
    suppressed: list[Suppressed] = []
    for finding in _ordered(found):
        visible, hidden = comments.mark(_alternatives(finding))
        left += _joined(visible)
        suppressed += hidden
    if codes is None or UNUSED_SUPPRESSION in codes:
        more, marked = comments.mark(comments.unused(frozenset(ran), source.path))
        left, suppressed = [*left, *more], [*suppressed, *marked]
    return Report(source.path, _ordered([*left, *faults]), tuple(suppressed), tally, bool(faults))


def _alternatives(finding: Finding) -> list[Finding]:
    """A suspicion and what remains to be said without it, each on its own: a comment that is
    about one of them hides that one only."""
    rest = [] if finding.otherwise is None else _alternatives(finding.otherwise)
    return [finding._replace(otherwise=None), *rest]


def _joined(alternatives: Sequence[Finding]) -> list[Finding]:
    """The reverse of `_alternatives`, of those that are left: none or one finding."""
    joined: list[Finding] = []
    for finding in reversed(alternatives):
        joined = [finding._replace(otherwise=joined[0] if joined else None)]
    return joined


def _ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Sorted by place and code; of several with one code and span, the most certain stays."""
    best: dict[tuple[Span, str], Finding] = {}
    for finding in sorted(findings, key=lambda f: (f.span, f.code, f.confidence, f.message)):
        best.setdefault((finding.span, finding.code), finding)
    return tuple(best.values())


def _one_file() -> Tally:
    tally = Tally()
    tally.seen["files"] += 1
    return tally


def _fault_finding(path: str, what: str, error: BaseException) -> Finding:
    """A fault of ours as a finding; the type alone when the text is empty or has many lines."""
    text = " ".join(str(error).split())[:80]
    reason = f"internal error while {what}: {type(error).__name__}"
    return _cannot_check(path, f"{reason}: {text}" if text else reason, 1)


def _cannot_check(path: str, reason: str, line: int) -> Finding:
    line = max(line, 1)
    return Finding(CANNOT_CHECK, path, Span(line, 1, line, 1), reason)
