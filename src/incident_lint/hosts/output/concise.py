"""The `concise` format: one line per finding, as editors and grep like it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from ...engine.finding import Finding
from ...knowledge import rules
from .text import one_line


def render(findings: Iterable[Finding], fixable: Collection[Finding] = ()) -> Iterator[str]:
    """`path:line:column: CODE symbol: message` for each finding, in the order given; `[*]` stands
    after the symbol of those that are fixable."""
    codes = rules.codes()
    for finding in findings:
        span, code = finding.span, finding.code
        place = f"{one_line(finding.path)}:{span.line}:{span.column}"
        mark = " [*]" if finding in fixable else ""
        yield f"{place}: {code} {codes[code].symbol}{mark}: {one_line(finding.message)}"
