"""Comments that suppress findings, as people write them."""

from __future__ import annotations

import pytest

from incident_lint.engine.finding import Finding
from incident_lint.engine.suppress import Suppressions, read
from incident_lint.model.source import Source, Span


def finding(line: int, code: str = "INC102") -> Finding:
    return Finding(code, "a.py", Span(line, 1, line, 3), "message")


def comments(text: str) -> Suppressions:
    return read(Source("a.py", text))


def hidden(text: str, code: str = "INC102") -> dict[int, set[str]]:
    """Line -> kinds of comment that hide a finding of `code` there."""
    source = Source("a.py", text)
    findings = [finding(line, code) for line in range(1, len(source.lines) + 1)]
    _, suppressed = read(source).mark(findings)
    return {item.finding.span.line: set(item.kinds) for item in suppressed}


def lines(text: str, code: str = "INC102") -> list[int]:
    return sorted(hidden(text, code))


class TestOurs:
    @pytest.mark.parametrize(
        "comment",
        [
            "# incident-lint: ignore[INC102]",
            "# incident-lint: ignore[INC102] the table never changes",
            "#incident-lint:ignore[INC101,INC102]",
            "# incident-lint: ignore[mutable-default]",
            "# type: ignore  # incident-lint: ignore[INC102]",
        ],
    )
    def test_hides_the_code_on_its_line(self, comment: str) -> None:
        assert hidden(f"a = 1\nb = 2  {comment}\nc = 3\n") == {2: {"incident-lint"}}

    @pytest.mark.parametrize(
        "line",
        [
            "# incident-lint: ignore[INC101]",
            "# incident-lint: ignore",
            "# incident-lint: ignore[INC1]",
            "# incident-lint: ignored[INC102]",
            "'# incident-lint: ignore[INC102]'",
        ],
    )
    def test_hides_nothing_else(self, line: str) -> None:
        assert hidden(line) == {}

    def test_holds_for_all_lines_joined_by_a_string(self) -> None:
        text = 'x = """\n""", []  # incident-lint: ignore[INC102]\ny = []\n'
        assert lines(text) == [1, 2]

    def test_never_deletes(self) -> None:
        left, suppressed = comments("x  # incident-lint: ignore[INC102]").mark([finding(1)])
        assert left == []
        assert [item.finding for item in suppressed] == [finding(1)]


class TestUnused:
    ran = frozenset({"INC101", "INC102"})

    def unused(self, text: str, *findings: Finding) -> list[Finding]:
        suppressions = comments(text)
        suppressions.mark(findings)
        return suppressions.unused(self.ran, "a.py")

    def test_is_reported_at_the_comment(self) -> None:
        text = "é = 1  # mypy: x  # incident-lint: ignore[INC102] why"
        expected = Span(1, 19, 1, 19 + len("# incident-lint: ignore[INC102]"))
        (found,) = self.unused(text)
        assert (found.code, found.path, found.span) == ("INC001", "a.py", expected)
        assert "INC102" in found.message

    def test_is_none_if_something_was_suppressed(self) -> None:
        assert self.unused("x  # incident-lint: ignore[INC102]", finding(1)) == []

    def test_names_only_the_idle_code(self) -> None:
        (found,) = self.unused("x  # incident-lint: ignore[INC102, INC101]", finding(1))
        assert "INC101" in found.message
        assert "INC102" not in found.message

    @pytest.mark.parametrize("code", ["INC105", "INC201", "INC001"])
    def test_is_none_if_the_rule_did_not_run(self, code: str) -> None:
        assert self.unused(f"x  # incident-lint: ignore[{code}]") == []

    def test_is_none_for_the_comments_of_others(self) -> None:
        assert self.unused("x  # noqa: INC102\ny  # pylint: disable=mutable-default\n") == []

    def test_of_a_code_that_does_not_exist(self) -> None:
        (found,) = self.unused("x  # incident-lint: ignore[mutable-defualt]")
        assert "did you mean 'mutable-default'" in found.message

    def test_of_no_code_at_all(self) -> None:
        (found,) = self.unused("x  # incident-lint: ignore")
        assert "ignore[INC102]" in found.message


class TestNoqa:
    @pytest.mark.parametrize(
        "comment",
        [
            "# noqa",
            "# NoQA",
            "# noqa: INC102",
            "# noqa:E501,INC102",
            "# noqa: E501 INC102 with a reason",
            "# noqa: INC1",
            "# noqa: INC",
            "# type: ignore # noqa: INC102",
        ],
    )
    def test_hides_on_its_line(self, comment: str) -> None:
        assert hidden(f"a = 1\nb = 2  {comment}\nc = 3\n") == {2: {"noqa"}}

    @pytest.mark.parametrize(
        "comment",
        ["# noqa: E501", "#noqa", "# noqa: inc102", "# noqa: E501  # noqa: INC102", "# no qa"],
    )
    def test_hides_nothing(self, comment: str) -> None:
        assert hidden(f"b = 2  {comment}\n") == {}

    def test_holds_for_all_lines_of_a_string_or_a_backslash(self) -> None:
        assert lines('x = """a\n\nb"""  # noqa: INC102\ny = []\n') == [1, 2, 3]
        assert lines("x = 1 + \\\n  2  # noqa\ny = []\n") == [1, 2]

    def test_does_not_hold_for_the_other_lines_of_a_call(self) -> None:
        assert lines("f(\n  [],\n)  # noqa\n") == [3]

    def test_may_stand_in_a_string(self) -> None:
        assert lines("x = '# noqa'\n") == [1]

    def test_of_a_whole_file(self) -> None:
        assert lines("x = 1\n    # flake8: noqa\ny = 1\n") == [1, 2, 3, 4]

    def test_survives_text_that_is_no_python(self) -> None:
        text = "x = [  # noqa: INC102\ny = 'open  # incident-lint: ignore[INC102]\n"
        assert hidden(text) == {1: {"noqa"}, 2: {"incident-lint"}}


class TestPylint:
    @pytest.mark.parametrize(
        "name", ["mutable-default", "R7612", "incident-lint", "R", "refactor", "W0102,R7612"]
    )
    def test_goes_by_any_name(self, name: str) -> None:
        assert hidden(f"x = 1  # pylint: disable={name}\ny = 1\n") == {1: {"pylint"}}

    @pytest.mark.parametrize("name", ["mutable-default-leaks", "W7611", "INC102", "W"])
    def test_other_names_hide_nothing(self, name: str) -> None:
        assert hidden(f"x = 1  # pylint: disable={name}\ny = 1\n") == {}

    def test_next_line(self) -> None:
        assert lines("# pylint: disable-next=mutable-default\nx = []\ny = []\n") == [2]

    def test_own_line_holds_to_the_end_of_the_block(self) -> None:
        text = "def f():\n    x = 1\n    # pylint: disable=mutable-default\n    y = 1\nz = 1\n"
        assert lines(text) == [3, 4]

    def test_own_line_at_the_start_of_a_block_holds_for_its_header(self) -> None:
        text = "def f(\n    x=[],\n):\n    # pylint: disable=mutable-default\n    y = 1\nz = 1\n"
        assert lines(text) == [1, 2, 3, 4, 5]

    def test_trailing_on_a_class_holds_for_the_class(self) -> None:
        text = "class C:  # pylint: disable=mutable-default\n    def f(self, x=[]): ...\nz = 1\n"
        assert lines(text) == [1, 2]

    def test_enable_ends_it(self) -> None:
        text = (
            "# pylint: disable=mutable-default\nx = 1\n"
            "# pylint: enable=mutable-default\ny = 1\nz = 1\n"
        )
        assert lines(text) == [1, 2]

    @pytest.mark.parametrize("comment", ["skip-file", "disable=all", "disable-all"])
    def test_whole_file(self, comment: str) -> None:
        assert lines(f"x = 1\n# pylint: {comment}\ny = 1") == [1, 2, 3]

    def test_after_another_comment(self) -> None:
        assert lines("x = 1  # type: ignore  # pylint: disable=mutable-default; why\n") == [1]

    def test_a_chain_deeper_than_the_stack(self) -> None:
        chain = " +\n".join(["1"] * 900)
        text = f"x = ({chain})  # pylint: disable=mutable-default\n"
        assert lines(text) == [900]


def test_kinds_are_all_told() -> None:
    text = "x  # incident-lint: ignore[INC102]  # noqa  # pylint: disable=mutable-default"
    assert hidden(text) == {1: {"incident-lint", "noqa", "pylint"}}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(end: str) -> None:
    assert lines(end.join(["a", "b  # noqa", "c\fd", "e  # noqa", ""])) == [2, 4]


def test_a_file_without_findings_is_tokenized_for_our_comments_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(readline: object) -> None:
        raise AssertionError("tokenized")

    monkeypatch.setattr("tokenize.generate_tokens", refuse)
    read(Source("a.py", "x = 1  # noqa\ny = 2  # pylint: disable=all\n"), nothing_found=True)
    with pytest.raises(AssertionError, match="tokenized"):
        read(Source("a.py", "x = 1  # incident-lint: ignore[INC101]\n"), nothing_found=True)
