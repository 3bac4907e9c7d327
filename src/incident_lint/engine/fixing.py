"""Fixes: from findings to text edits, and round after round until nothing is left to mend.

What a rewriting is, is not known here: hosts pass in the rewriters of `fixes`, by the names that
findings call them by (`Cure.name`).
"""

from __future__ import annotations

import ast
import re
import warnings
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from ..model.source import Source, Span
from .finding import Finding
from .fixing_edits import Edit, Edited, Fix, Safety, apply, edit

if TYPE_CHECKING:
    from .fixing_tree import File, Rewriter

__all__ = ["Check", "Edit", "Fix", "Fixed", "Rewriters", "Safety", "Target"]
__all__ += ["apply", "propose", "stabilise"]

Rewriters: TypeAlias = "Mapping[str, Rewriter]"
Check: TypeAlias = Callable[[Source], Sequence[Finding]]

_MOST_ROUNDS = 10
_LINE_END = re.compile(r"\r\n?|\n")


class Target(NamedTuple):
    """What the mended code must run on: `python` is the lowest version that is supported."""

    python: tuple[int, int]


class Fixed(NamedTuple):
    """A text that needs no further round.

    `applied` counts the fixes that were made by code. `dropped` are findings whose fix would have
    left them alive or the file unparsable: it was not made, and that is a bug of ours.
    """

    text: str
    applied: Counter[str]
    rounds: int
    dropped: tuple[Finding, ...]


def propose(
    source: Source, findings: Sequence[Finding], target: Target, rewriters: Rewriters
) -> dict[tuple[str, Span], Fix]:
    """A fix for each finding that has one, by the finding's code and span, in their order.

    The file is parsed only if some finding names a cure, and then only the statements concerned.
    {} for a file that cannot be parsed, or that is too large or nested too deeply for libcst.
    """
    curable = [finding for finding in findings if finding.cure is not None]
    if not curable:
        return {}
    from ..model.tree import undisturbed
    from .fixing_tree import File, Unfixable

    found: dict[tuple[str, Span], Fix] = {}
    with undisturbed(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # invalid escapes are another linter's business
        try:
            file = File(source, target.python)
        except Unfixable:
            return {}
        for finding in curable:
            fix = _fix(source, file, finding, rewriters)
            if fix is not None:
                found[finding.code, finding.span] = fix
    return found


def _fix(source: Source, file: File, finding: Finding, rewriters: Rewriters) -> Fix | None:
    tree = file.tree(finding.span)
    if tree is None or finding.cure is None:
        return None
    changes = rewriters[finding.cure.name](tree, finding)
    edits = [
        Edit(file.span(start, end), text.replace("\n", _line_end(source, file, start)))
        for start, end, text in sorted(changes, key=lambda change: change[:2])
    ]
    safety: Safety = "unsafe" if finding.cure.caution else "safe"
    return Fix(safety, tuple(edits)) if edits else None


def _line_end(source: Source, file: File, offset: int) -> str:
    """How the line ends on which something is changed; the last one: as the first line does."""
    start = source.offset(file.span(offset, offset).line, 1)
    found = _LINE_END.search(source.text, start) or _LINE_END.search(source.text)
    return found[0] if found is not None else "\n"


def stabilise(
    source: Source, check: Check, target: Target, unsafe: bool, rewriters: Rewriters
) -> Fixed:
    """Fix what `check` finds, and check again, until nothing is left to fix: ten times at most.

    `unsafe`: also make the fixes whose finding says that the code may rely on what they change.
    A second run over the result changes nothing.
    """
    applied: Counter[str] = Counter()
    refused: dict[tuple[str, int], Finding] = {}
    findings = check(source)
    rounds = 0
    while rounds < _MOST_ROUNDS:
        wanted = {
            (finding.code, finding.span): finding
            for finding in findings
            if finding.cure is not None
            and (unsafe or not finding.cure.caution)
            and (finding.code, _start(source, finding)) not in refused
        }
        fixes = propose(source, list(wanted.values()), target, rewriters)
        fixing = [(wanted[key], fix) for key, fix in fixes.items()]
        edited, made, left, findings_after = _round(source, fixing, check)
        for finding in left:
            refused[finding.code, _start(source, finding)] = finding
        if not made:
            break
        rounds += 1
        applied.update(finding.code for finding in made)
        refused = {(code, edited.moved(at)): one for (code, at), one in refused.items()}
        source, findings = Source(source.path, edited.text), findings_after
    return Fixed(source.text, applied, rounds, tuple(refused.values()))


_Fixing: TypeAlias = "list[tuple[Finding, Fix]]"
_Round: TypeAlias = "tuple[Edited, list[Finding], list[Finding], Sequence[Finding]]"


def _round(source: Source, fixing: _Fixing, check: Check) -> _Round:
    """Make the fixes that work: the text, the findings that are mended, those whose fix does not
    work, and what is found afterwards."""
    left: list[Finding] = []
    while True:
        edited = edit(source, [fix for _, fix in fixing])
        made = [finding for finding, fix in fixing if fix in edited.fixes]
        if not made:
            return edited, [], left, ()
        after = Source(source.path, edited.text)
        if not _parses(edited.text):
            broken = [f for f, fix in fixing if not _parses(apply(source, [fix])[0])] or made
            findings: Sequence[Finding] = ()
        else:
            findings = check(after)
            broken = [one for one in made if _alive(source, one, edited, after, findings)]
        if not broken:
            return edited, made, left, findings
        left += broken
        fixing = [(finding, fix) for finding, fix in fixing if finding not in broken]


def _alive(
    source: Source, finding: Finding, edited: Edited, after: Source, findings: Sequence[Finding]
) -> bool:
    """Whether a finding of the same code still stands where this one stood."""
    first = edited.moved(_start(source, finding))
    last = edited.moved(source.offset(*finding.span[2:]))
    places = [_start(after, one) for one in findings if one.code == finding.code]
    return any(first <= place <= max(first, last - 1) for place in places)


def _start(source: Source, finding: Finding) -> int:
    return source.offset(*finding.span[:2])


def _parses(text: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
