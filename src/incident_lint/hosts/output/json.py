"""The `json` format: one array, whose keys other tools rely on (see docs/design.md)."""

from __future__ import annotations

import json
from collections.abc import Iterable

from ...engine.finding import Finding
from ...knowledge import rules


def render(findings: Iterable[Finding]) -> str:
    """All findings, in the order given, as one line of ASCII per finding."""
    rows = [json.dumps(_row(finding)) for finding in findings]
    return "[\n" + ",\n".join(rows) + "\n]" if rows else "[]"


def _row(finding: Finding) -> dict[str, object]:
    rule = rules.codes()[finding.code]
    span = finding.span
    return {
        "code": finding.code,
        "symbol": rule.symbol,
        "message": finding.message,
        "confidence": finding.confidence,
        "path": finding.path,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
        "trail": [
            {
                "path": step.path,
                "line": step.span.line,
                "column": step.span.column,
                "message": step.message,
            }
            for step in finding.trail
        ],
        "incident": rule.incident,
        "fix": None,
    }
