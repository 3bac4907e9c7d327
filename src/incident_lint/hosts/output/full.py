"""The `full` format: each finding with its line of code, a caret and the trail that leads there."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import NamedTuple

from ...engine.finding import Finding, Step
from ...knowledge import rules
from ...model.source import Span
from .text import blank, code_line, one_line, width

LIMIT = 20
"""How many findings are shown without `--all`: as many as a person reads at one go."""

_LONGEST = 160
_BEFORE = 60

Lines = Callable[[str], list[str]]
"""Gives the lines of a file, by its path as findings name it; [] if they cannot be had."""


class Style(NamedTuple):
    """Escape sequences, all empty without colours."""

    place: str = ""
    code: str = ""
    gutter: str = ""
    caret: str = ""
    off: str = ""


PLAIN = Style()
COLOURED = Style("\x1b[1m", "\x1b[1;31m", "\x1b[34m", "\x1b[31m", "\x1b[0m")


def ranked(findings: Iterable[Finding]) -> list[Finding]:
    """The most certain and most harmful first: proved before suspected, rules that are on before
    those that are off and advice, the tool's own complaints last."""
    codes = rules.codes()

    def rank(finding: Finding) -> tuple[object, ...]:
        rule, span = codes[finding.code], finding.span
        own = finding.code.startswith("INC0")
        certain = finding.confidence == "proved"
        place = (finding.path, span.line, span.column)
        return (own, not certain, not rule.default_on, rule.letter != "W", finding.code, place)

    return sorted(findings, key=rank)


def render(
    findings: Iterable[Finding],
    lines: Lines,
    style: Style = PLAIN,
    fixable: Collection[Finding] = (),
) -> Iterator[str]:
    """Each finding, in the order given, as a text of several lines that ends with an empty one;
    `[*]` stands after the symbol of those that are fixable."""
    for finding in findings:
        mark = " [*]" if finding in fixable else ""
        yield "\n".join([*_finding(finding, lines, style, mark), ""])


def _finding(finding: Finding, lines: Lines, style: Style, mark: str) -> Iterator[str]:
    rule = rules.codes()[finding.code]
    guess = "" if finding.confidence == "proved" else f" ({finding.confidence})"
    name = f"{style.code}{finding.code}{style.off} {rule.symbol}{guess}{mark}"
    place = f"{style.place}{_place(finding.path, finding.span)}{style.off}"
    yield f"{place}: {name}: {one_line(finding.message)}"
    yield from _excerpt(finding.path, finding.span, lines, style)
    for number, step in enumerate(finding.trail, 1):
        yield from _step(number, step, lines, style)
    if rule.incident:
        yield f"  = incident {rule.incident}; more: incident-lint explain {finding.code}"
    if finding.cure is not None and finding.cure.caution:
        yield f"  = fix with --unsafe-fixes only: {one_line(finding.cure.caution)}"


def _step(number: int, step: Step, lines: Lines, style: Style) -> Iterator[str]:
    place = f"{style.place}{_place(step.path, step.span)}{style.off}"
    yield f"  {number}. {place}: {one_line(step.message)}"
    yield from _excerpt(step.path, step.span, lines, style)


def _place(path: str, span: Span) -> str:
    return f"{one_line(path)}:{span.line}:{span.column}"


def _excerpt(path: str, span: Span, lines: Lines, style: Style) -> Iterator[str]:
    """The first line of a span with carets below; nothing where there is no such line."""
    text = lines(path)
    if span.line > len(text) or not text[span.line - 1].strip():
        return
    line = code_line(text[span.line - 1])
    end = span.end_column - 1 if span.end_line == span.line else len(line.rstrip())
    cut = max(0, span.column - 1 - _BEFORE) if len(line) > _LONGEST else 0
    shown = line[cut : cut + _LONGEST].rstrip()
    before, marked = line[cut : span.column - 1], line[span.column - 1 : min(end, cut + _LONGEST)]
    margin = " " * len(str(span.line))
    yield f"{style.gutter}{span.line} |{style.off} {shown}"
    carets = "^" * max(1, width(marked))
    yield f"{style.gutter}{margin} |{style.off} {blank(before)}{style.caret}{carets}{style.off}"
