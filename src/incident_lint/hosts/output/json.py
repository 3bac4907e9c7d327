"""The `json` format: one array, whose keys other tools rely on (see docs/design.md)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from ...engine.finding import Finding
from ...knowledge import rules

if TYPE_CHECKING:
    from ...engine.fixing import Edit, Fix
    from ..mending import Fixes


def render(findings: Iterable[Finding], fixes: Mapping[str, Fixes] | None = None) -> str:
    """All findings, in the order given, as one line of ASCII per finding; `fixes` are theirs, by
    the path of a file."""
    by_path = fixes or {}
    rows = [
        json.dumps(_row(finding, by_path.get(finding.path, {}).get((finding.code, finding.span))))
        for finding in findings
    ]
    return "[\n" + ",\n".join(rows) + "\n]" if rows else "[]"


def _row(finding: Finding, fix: Fix | None) -> dict[str, object]:
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
        "fix": fix and {"safety": fix.safety, "edits": [_edit(edit) for edit in fix.edits]},
    }


def _edit(edit: Edit) -> dict[str, object]:
    line, column, end_line, end_column = edit.span
    return {
        "line": line,
        "column": column,
        "end_line": end_line,
        "end_column": end_column,
        "text": edit.text,
    }
