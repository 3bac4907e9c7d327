"""One file: families run, faults stay small, comments mark, results are sorted and unique."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import pytest

from incident_lint.engine.finding import Finding, Tally
from incident_lint.engine.run import Report, check_source
from incident_lint.model.source import Source, SourceError, Span


class FakeModule(NamedTuple):
    name: str
    path: str
    source: Source
    facts: Any


class FakeFacts(NamedTuple):
    imports: tuple[tuple[str, Span], ...] = ()


class FakeProject:
    """Knows the modules `app` and `app.mail`; `broken` is raised instead of a module."""

    def __init__(self, broken: Exception | None = None, imports: Iterable[str] = ()) -> None:
        self.broken = broken
        self.imports = tuple((name, Span(1, 1, 1, 2)) for name in imports)

    def add(self, source: Source) -> FakeModule:
        if self.broken:
            raise self.broken
        return FakeModule("m", source.path, source, FakeFacts(self.imports))

    def find(self, dotted: str, importer: str) -> object:
        return dotted if dotted in ("app", "app.mail") else None


class FakeFamily(NamedTuple):
    name: str
    codes: tuple[str, ...]
    findings: tuple[Finding, ...] = ()
    raises: BaseException | None = None

    def check(self, module: FakeModule, project: FakeProject, tally: Tally) -> Iterable[Finding]:
        tally.judge(self.name)
        yield from self.findings
        if self.raises:
            raise self.raises


def at(line: int, column: int = 1, code: str = "INC101", **more: Any) -> Finding:
    return Finding(code, "a.py", Span(line, column, line, column + 2), "a message", **more)


def run(
    *families: FakeFamily,
    text: str = "x\n" * 9,
    project: FakeProject | None = None,
    codes: frozenset[str] | None = None,
) -> Report:
    return check_source(Source("a.py", text), project or FakeProject(), families, codes)  # type: ignore[arg-type]


def test_findings_are_sorted_by_place_and_code() -> None:
    found = (at(3), at(1, 5), at(1, 2, "INC102"), at(1, 2, "INC101"))
    report = run(FakeFamily("f", ("INC101", "INC102"), found))
    assert [(f.span.line, f.span.column, f.code) for f in report.findings] == [
        (1, 2, "INC101"),
        (1, 2, "INC102"),
        (1, 5, "INC101"),
        (3, 1, "INC101"),
    ]


def test_of_one_code_and_span_the_most_certain_stays() -> None:
    report = run(FakeFamily("f", ("INC101",), (at(1, confidence="suspected"), at(1))))
    assert [f.confidence for f in report.findings] == ["proved"]


def test_only_wanted_codes_are_looked_for_and_reported() -> None:
    one = FakeFamily("one", ("INC101", "INC102"), (at(1), at(2, code="INC102")))
    other = FakeFamily("other", ("INC201",), raises=AssertionError("must not run"))
    report = run(one, other, codes=frozenset({"INC102"}))
    assert [f.code for f in report.findings] == ["INC102"]
    assert not report.failed


@pytest.mark.parametrize("error", [KeyError("x"), RecursionError(), MemoryError()])
def test_a_family_that_raises_costs_one_finding_and_no_other_family(error: Exception) -> None:
    bad = FakeFamily("shared_defaults", ("INC101",), (at(4),), error)
    good = FakeFamily("other", ("INC201",), (at(2, code="INC201"),))
    report = run(bad, good)
    assert [f.code for f in report.findings] == ["INC002", "INC201"]
    assert "shared defaults" in report.findings[0].message
    assert type(error).__name__ in report.findings[0].message
    assert report.failed
    assert report.tally.judged == {"other": 1}


def test_the_message_of_a_fault_is_one_short_line() -> None:
    report = run(FakeFamily("f", ("INC101",), raises=ValueError("many\nlines " + "x" * 500)))
    assert "\n" not in report.findings[0].message
    assert len(report.findings[0].message) < 200


def test_a_file_that_is_no_python_is_a_finding_with_its_line_and_no_fault() -> None:
    report = run(project=FakeProject(SourceError("invalid syntax", 7)))
    (finding,) = report.findings
    assert (finding.code, finding.span.line) == ("INC002", 7)
    assert "invalid syntax" in finding.message
    assert not report.failed


def test_a_fault_while_reading_a_file_is_a_finding_too() -> None:
    report = run(project=FakeProject(ZeroDivisionError("oops")))
    assert [f.code for f in report.findings] == ["INC002"]
    assert report.failed


def test_an_interrupt_is_not_swallowed() -> None:
    with pytest.raises(KeyboardInterrupt):
        run(FakeFamily("f", ("INC101",), raises=KeyboardInterrupt()))


OTHERWISE = at(1, confidence="suspected", otherwise=at(1, code="INC102"))


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (("INC101", "INC102"), [("INC101", "INC102")]),
        (("INC101",), [("INC101", None)]),
        (("INC102",), [("INC102", None)]),
        (("INC105",), []),
    ],
)
def test_what_remains_without_a_suspicion_is_kept_if_it_is_wanted(
    wanted: tuple[str, ...], expected: list[tuple[str, str | None]]
) -> None:
    report = run(FakeFamily("f", wanted, (OTHERWISE,)))
    assert [(f.code, f.otherwise and f.otherwise.code) for f in report.findings] == expected


@pytest.mark.parametrize(
    ("hidden", "expected"),
    [
        ("INC105", [("INC101", "INC102")]),
        ("INC102", [("INC101", None)]),
        ("INC101", [("INC102", None)]),
        ("INC101,INC102", []),
    ],
)
def test_a_comment_hides_a_suspicion_or_what_remains_without_it(
    hidden: str, expected: list[tuple[str, str | None]]
) -> None:
    text = f"x = []  # incident-lint: ignore[{hidden}] a test\n"
    report = run(FakeFamily("f", ("INC101", "INC102"), (OTHERWISE,)), text=text)
    assert [(f.code, f.otherwise and f.otherwise.code) for f in report.findings] == expected
    assert {s.finding.code for s in report.suppressed} == {"INC101", "INC102"} & {
        *hidden.split(",")
    }


def test_comments_mark_findings_without_losing_them() -> None:
    report = run(
        FakeFamily("f", ("INC101",), (at(1), at(2))),
        text="x  # incident-lint: ignore[INC101] on purpose\nx\n",
    )
    assert [f.span.line for f in report.findings] == [2]
    assert [s.finding.span.line for s in report.suppressed] == [1]


def test_an_unused_comment_is_reported_only_if_its_rule_ran() -> None:
    text = "x  # incident-lint: ignore[INC101] on purpose\n"
    family = FakeFamily("f", ("INC101", "INC102"))
    assert [f.code for f in run(family, text=text).findings] == ["INC001"]
    assert run(family, text=text, codes=frozenset({"INC001", "INC102"})).findings == ()
    assert run(family, text=text, codes=frozenset({"INC101"})).findings == ()


def test_a_comment_for_a_family_that_failed_is_not_called_unused() -> None:
    text = "x  # incident-lint: ignore[INC101] on purpose\n"
    report = run(FakeFamily("f", ("INC101",), raises=ValueError()), text=text)
    assert [f.code for f in report.findings] == ["INC002"]


def test_files_and_project_imports_are_counted() -> None:
    project = FakeProject(imports=("json", "app", "app.mail", "app.gone"))
    report = run(project=project)
    assert report.tally.seen == {
        "files": 1,
        "project imports": 3,
        "project imports resolved": 2,
    }
