"""What a run says after the findings: counts by code, and what was recognised at all."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from ...engine.finding import Finding, Tally
from ...knowledge import rules

FILES = "files"
IMPORTS = "project imports"
RESOLVED = "project imports resolved"
_PLURAL = re.compile(r"s\b")


def by_code(findings: Iterable[Finding]) -> Iterator[str]:
    """One line per code that was found, the most frequent first."""
    counts = Counter(finding.code for finding in findings)
    for code, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        yield f"{count:6} {code} {rules.codes()[code].symbol}"


def judged(tally: Tally) -> Iterator[str]:
    """Per family: how many recognised sites were judged, and which ended in "don't know"."""
    for family in sorted({*tally.judged, *tally.unknown}):
        causes = tally.unknown.get(family, Counter())
        sites, undecided = _count(tally.judged[family], "sites"), tally.undecided[family]
        yield f"{family.replace('_', ' ')}: {sites} judged, {undecided} undecided"
        for cause, count in sorted(causes.items(), key=lambda item: (-item[1], item[0])):
            yield f"{count:6} don't know: {cause}"


def last_line(findings: int, suppressed: int, tally: Tally, fixed: int = 0) -> str:
    """Findings, files and what was recognised, so that "0 findings" is not read as "safe"."""
    seen = dict(tally.seen)
    gone = {"fixed": fixed, "suppressed": suppressed}
    words = ", ".join(f"{count} {how}" for how, count in gone.items() if count)
    hidden = f" ({words})" if words else ""
    head = f"{_count(findings, 'findings')}{hidden} in {_count(seen.pop(FILES, 0), FILES)}"
    imports, resolved = seen.pop(IMPORTS, 0), seen.pop(RESOLVED, 0)
    recognised = [_count(count, what) for what, count in sorted(seen.items())]
    recognised.append(f"{resolved} of {imports} {IMPORTS} resolved")
    return f"{head}; recognised: {', '.join(recognised)}"


def fixable(now: int, hidden: int) -> str:
    """How many findings `--fix` would fix, and how many more with unsafe fixes; "" if none."""
    if now:
        return f"[*] {now} fixable with --fix{_hidden(hidden)}"
    return f"no fixes available{_hidden(hidden)}" if hidden else ""


def fixed(how: str, count: int, files: int, hidden: int) -> str:
    """What was or would be fixed, `how` says which, and how many more with unsafe fixes."""
    return f"{how} {_count(count, 'findings')} in {_count(files, FILES)}{_hidden(hidden)}"


def _hidden(count: int) -> str:
    fixes = "fix" if count == 1 else "fixes"
    return f" ({count} hidden {fixes} can be enabled with --unsafe-fixes)" if count else ""


def _count(number: int, what: str) -> str:
    """A number of things, given in the plural: of one thing, its first plural loses the s."""
    return f"{number} {_PLURAL.sub('', what, count=1) if number == 1 else what}"
