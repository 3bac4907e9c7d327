"""What people and machines read: full, concise, json and the last line."""

from __future__ import annotations

import json
from typing import Any

from incident_lint.engine.finding import Finding, Step, Tally
from incident_lint.hosts.output import concise, full, summary
from incident_lint.hosts.output import json as as_json
from incident_lint.model.source import Span

TEXT = [
    "def send(to, attachments=[]):",
    "\tattachments.append(to)",
    "x = '日本'; f(a=[])",
    "\x0cdef g(\x1b[31m=[]):",
    "y = " + "a + " * 100 + "b",
]
DEFAULT = Span(1, 26, 1, 28)


def finding(code: str = "INC101", span: Span = DEFAULT, **more: Any) -> Finding:
    return Finding(code, more.pop("path", "app/mail.py"), span, "a default leaks", **more)


def shown(*findings: Finding, style: full.Style = full.PLAIN) -> str:
    return "\n".join(full.render(findings, lambda path: TEXT, style))


def test_full_shows_the_line_the_caret_and_the_trail() -> None:
    step = Step("app/mail.py", Span(2, 2, 2, 24), "changed here")
    assert shown(finding(trail=(step,))).splitlines() == [
        "app/mail.py:1:26: INC101 mutable-default-leaks: a default leaks",
        "1 | def send(to, attachments=[]):",
        "  |                          ^^",
        "  1. app/mail.py:2:2: changed here",
        "2 | \tattachments.append(to)",
        "  | \t^^^^^^^^^^^^^^^^^^^^^^",
        "  = incident sendwithus-2023-07-14; more: incident-lint explain INC101",
    ]


def test_the_caret_stands_below_its_column_after_wide_characters() -> None:
    lines = shown(finding(span=Span(3, 14, 3, 16))).splitlines()
    assert lines[1] == "3 | x = '日本'; f(a=[])"
    assert lines[2] == "  | " + " " * 15 + "^^"


def test_control_characters_of_the_code_do_not_reach_the_terminal() -> None:
    text = shown(finding(span=Span(4, 7, 4, 13), path="a\x1b[2J\n.py"))
    assert "\x1b" not in text
    assert "\x0c" not in text
    assert text.splitlines()[0].startswith("a\\x1b[2J\\n.py:4:7:")


def test_a_long_line_is_cut_around_the_place() -> None:
    code, carets = shown(finding(span=Span(5, 405, 5, 406))).splitlines()[1:3]
    assert len(code) < 200
    assert code[carets.index("^")] == "b"


def test_a_span_of_several_lines_is_marked_to_the_end_of_the_first() -> None:
    carets = shown(finding(span=Span(1, 26, 2, 5))).splitlines()[2]
    assert carets.endswith(" ^^^^")


def test_a_line_that_cannot_be_had_costs_the_excerpt_only() -> None:
    assert shown(finding("INC002", Span(99, 1, 99, 1))).splitlines() == [
        "app/mail.py:99:1: INC002 cannot-check: a default leaks",
    ]


def test_colours_change_nothing_but_the_escapes() -> None:
    coloured = shown(finding(), style=full.COLOURED)
    for escape in full.COLOURED:
        assert escape in coloured
        coloured = coloured.replace(escape, "")
    assert coloured == shown(finding())


def test_the_most_certain_and_harmful_come_first() -> None:
    mixed = [
        finding("INC002"),
        finding("INC105"),
        finding("INC101", confidence="suspected"),
        finding("INC102", path="z.py"),
        finding("INC102", path="b.py"),
        finding("INC101", path="z.py"),
    ]
    assert [(f.code, f.confidence[0], f.path[0]) for f in full.ranked(mixed)] == [
        ("INC101", "p", "z"),
        ("INC102", "p", "b"),
        ("INC102", "p", "z"),
        ("INC105", "p", "a"),
        ("INC101", "s", "a"),
        ("INC002", "p", "a"),
    ]


def test_full_says_what_is_only_suspected() -> None:
    assert "(suspected)" in shown(finding(confidence="suspected"))


def test_concise_is_one_line_each() -> None:
    assert list(concise.render([finding(), finding(path="a\nb.py")])) == [
        "app/mail.py:1:26: INC101 mutable-default-leaks: a default leaks",
        "a\\nb.py:1:26: INC101 mutable-default-leaks: a default leaks",
    ]


def test_json_has_the_keys_of_the_contract() -> None:
    step = Step("app/other.py", Span(15, 9, 15, 12), "changed here")
    rows = json.loads(as_json.render([finding(trail=(step,)), finding("INC002")]))
    assert rows[0] == {
        "code": "INC101",
        "symbol": "mutable-default-leaks",
        "message": "a default leaks",
        "confidence": "proved",
        "path": "app/mail.py",
        "line": 1,
        "column": 26,
        "end_line": 1,
        "end_column": 28,
        "trail": [{"path": "app/other.py", "line": 15, "column": 9, "message": "changed here"}],
        "incident": "sendwithus-2023-07-14",
        "fix": None,
    }
    assert rows[1]["trail"] == []
    assert rows[1]["incident"] is None


def test_json_of_nothing_is_an_empty_array() -> None:
    assert json.loads(as_json.render([])) == []


def tally() -> Tally:
    counts = Tally()
    counts.seen.update(
        {
            "files": 2,
            "functions with mutable defaults": 3,
            "project imports": 7,
            "project imports resolved": 6,
        }
    )
    counts.judge("shared_defaults")
    counts.judge("shared_defaults", ["an unknown callee", "an unknown callee"])
    counts.judge("shared_defaults", ["an unknown callee", "a dynamic attribute"])
    return counts


def test_the_last_line_says_what_was_recognised() -> None:
    line = summary.last_line(0, 1, tally())
    assert line.startswith("0 findings (1 suppressed) in 2 files; recognised: ")
    assert "3 functions with mutable defaults" in line
    assert "6 of 7 project imports resolved" in line


def test_one_thing_is_not_called_many() -> None:
    counts = Tally()
    counts.seen.update({"files": 1, "functions with mutable defaults": 1})
    assert summary.last_line(1, 0, counts) == (
        "1 finding in 1 file; recognised: 1 function with mutable defaults, "
        "0 of 0 project imports resolved"
    )


def test_statistics_say_how_many_sites_were_judged_and_why_some_were_not() -> None:
    assert list(summary.judged(tally())) == [
        "shared defaults: 3 sites judged, 2 undecided",
        "     2 don't know: an unknown callee",
        "     1 don't know: a dynamic attribute",
    ]


def test_counts_by_code_have_the_most_frequent_first() -> None:
    findings = [finding("INC102"), finding("INC101"), finding("INC102")]
    assert [line.split()[:2] for line in summary.by_code(findings)] == [
        ["2", "INC102"],
        ["1", "INC101"],
    ]
