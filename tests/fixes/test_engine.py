"""How fixes are put together, and round after round until nothing is left."""

from __future__ import annotations

import literate
import pytest

from incident_lint.engine.finding import Cure, Finding
from incident_lint.engine.fixing import Check, Edit, Fix, Fixed, Target, apply, propose, stabilise
from incident_lint.engine.fixing_edits import Change
from incident_lint.engine.fixing_tree import Rewriter, Tree
from incident_lint.fixes import REWRITERS
from incident_lint.model.source import Source, Span

TARGET = Target((3, 10))


def put(line: int, first: int, last: int, text: str) -> Edit:
    """Put a text in place of some columns of a line."""
    return Edit(Span(line, first, line, last), text)


def fix(*edits: Edit) -> Fix:
    return Fix("safe", edits)


class TestApply:
    SOURCE = Source("x.py", "ab\ncd\n")

    def apply(self, *fixes: Fix) -> tuple[str, int]:
        return apply(self.SOURCE, fixes)

    def test_nothing_to_do(self) -> None:
        assert self.apply() == ("ab\ncd\n", 0)

    def test_in_any_order(self) -> None:
        assert self.apply(fix(put(2, 1, 2, "X")), fix(put(1, 2, 3, ""))) == ("a\nXd\n", 2)

    def test_what_overlaps_waits(self) -> None:
        long, inside = fix(Edit(Span(1, 2, 2, 2), "-")), fix(put(2, 1, 3, "X"))
        assert self.apply(long, inside) == ("a-d\n", 1)
        assert self.apply(inside, long) == ("ab\nX\n", 1)

    def test_a_fix_waits_as_a_whole(self) -> None:
        assert self.apply(fix(put(1, 1, 2, "X")), fix(put(1, 1, 3, "Y"), put(2, 1, 2, "Z"))) == (
            "Xb\ncd\n",
            1,
        )

    def test_what_touches_does_not_overlap(self) -> None:
        assert self.apply(fix(put(1, 1, 2, "X")), fix(put(1, 2, 3, "Y"))) == ("XY\ncd\n", 2)

    def test_inserted_at_one_place_in_order(self) -> None:
        first, second = fix(put(1, 2, 2, "1")), fix(put(1, 2, 2, "2"))
        assert self.apply(first, second) == ("a12b\ncd\n", 2)
        assert self.apply(second, first) == ("a21b\ncd\n", 2)

    def test_inserted_before_what_is_replaced_there(self) -> None:
        assert self.apply(fix(put(1, 2, 3, "X")), fix(put(1, 2, 2, "1"))) == ("a1X\ncd\n", 2)

    def test_an_edit_that_two_share_is_made_once(self) -> None:
        shared = put(1, 1, 1, "import x\n")
        first, second = fix(shared, put(1, 2, 2, "1")), fix(shared, put(2, 2, 2, "2"))
        assert self.apply(first, second) == ("import x\na1b\nc2d\n", 2)


def marks(code: str = "INC101", caution: str = "") -> Check:
    """A check that finds every `[]`."""

    def check(source: Source) -> list[Finding]:
        found = []
        for number, line in enumerate(source.lines, 1):
            for column in range(1, len(line)):
                if line[column - 1 : column + 1] == "[]":
                    span = Span(number, column, number, column + 2)
                    cure = Cure("cure", caution)
                    found.append(Finding(code, "x.py", span, "", cure=cure))
        return found

    return check


def rewriter(text: str) -> Rewriter:
    """Puts a text in place of what is found."""

    def rewrite(tree: Tree, finding: Finding) -> tuple[Change, ...]:
        span = finding.span
        return (Change(tree.file.offset(*span[:2]), tree.file.offset(*span[2:]), text),)

    return rewrite


class TestStabilise:
    def run(self, text: str, instead: str, caution: str = "", unsafe: bool = False) -> Fixed:
        rewriters = {"cure": rewriter(instead)}
        return stabilise(Source("x.py", text), marks("INC101", caution), TARGET, unsafe, rewriters)

    def test_all_at_once(self) -> None:
        fixed = self.run("x = []\ny = [[], []]\n", "1")
        assert (fixed.text, fixed.rounds, fixed.dropped) == ("x = 1\ny = [1, 1]\n", 1, ())
        assert fixed.applied == {"INC101": 3}

    def test_nothing_found(self) -> None:
        assert self.run("x = 1\n", "1") == ("x = 1\n", {}, 0, ())

    def test_an_unsafe_fix_wants_to_be_asked_for(self) -> None:
        assert self.run("x = []\n", "1", "why").text == "x = []\n"
        assert self.run("x = []\n", "1", "why", unsafe=True).text == "x = 1\n"

    def test_a_fix_that_leaves_the_finding_alive_is_dropped(self) -> None:
        fixed = self.run("x = []\n", "([])")
        assert (fixed.text, fixed.rounds) == ("x = []\n", 0)
        assert [one.span for one in fixed.dropped] == [Span(1, 5, 1, 7)]

    def test_a_fix_that_breaks_the_file_is_dropped(self) -> None:
        fixed = self.run("x = []\n", ")")
        assert (fixed.text, len(fixed.dropped)) == ("x = []\n", 1)

    def test_the_others_are_made(self) -> None:
        def rewrite(tree: Tree, finding: Finding) -> tuple[Change, ...]:
            return rewriter({1: "1", 2: ")", 3: "([])"}[finding.span.line])(tree, finding)

        source = Source("x.py", "x = []\ny = []\nz = []\n")
        fixed = stabilise(source, marks(), TARGET, False, {"cure": rewrite})
        assert (fixed.text, fixed.rounds) == ("x = 1\ny = []\nz = []\n", 1)
        assert sorted(one.span.line for one in fixed.dropped) == [2, 3]

    def test_what_was_dropped_is_not_tried_again_where_it_has_moved_to(self) -> None:
        def rewrite(tree: Tree, finding: Finding) -> tuple[Change, ...]:
            return rewriter("(\n1,)" if finding.span.line == 1 else ")")(tree, finding)

        source = Source("x.py", "x = []; y = {}\nz = []\n")
        fixed = stabilise(source, marks(), TARGET, False, {"cure": rewrite})
        assert (fixed.text, fixed.rounds, len(fixed.dropped)) == (
            "x = (\n1,); y = {}\nz = []\n",
            1,
            1,
        )

    def test_what_overlaps_is_made_in_the_next_round(self) -> None:
        def rewrite(tree: Tree, finding: Finding) -> tuple[Change, ...]:
            end = tree.file.text.rindex("\n")
            here = tree.file.offset(*finding.span[:2])
            return (Change(here, end, "1" + tree.file.text[here + 2 : end]),)

        fixed = stabilise(
            Source("x.py", "x = [], [], []\n"), marks(), TARGET, False, {"cure": rewrite}
        )
        assert (fixed.text, fixed.rounds) == ("x = 1, 1, 1\n", 3)

    def test_ten_rounds_and_no_more(self) -> None:
        def rewrite(tree: Tree, finding: Finding) -> tuple[Change, ...]:
            end = len(tree.file.text)
            return (*rewriter("1")(tree, finding), Change(end, end, "y = []\n"))

        fixed = stabilise(Source("x.py", "x = []\n"), marks(), TARGET, False, {"cure": rewrite})
        assert (fixed.rounds, fixed.applied) == (10, {"INC101": 10})


class TestPropose:
    def propose(self, text: str) -> int:
        source = Source("x.py", text)
        return len(propose(source, literate.findings(source), TARGET, REWRITERS))

    def test_a_finding_without_a_cure_has_none(self) -> None:
        found = Finding("INC101", "x.py", Span(1, 5, 1, 7), "")
        assert propose(Source("x.py", "x = []\n"), [found], TARGET, REWRITERS) == {}

    def test_a_file_that_is_too_large_has_none(self) -> None:
        function = "def f(x=[]): return x\n"
        assert self.propose(function) == 1
        assert self.propose(function + "#" * 1_000_000) == 0

    def test_a_statement_that_is_too_deep_has_none_and_the_others_do(self) -> None:
        deep = f"def g(x=[]): return {'(' * 140}x{',)' * 140}\n"
        assert self.propose(f"def f(x=[]): return x\n{deep}") == 1

    @pytest.mark.parametrize("deep", ["x" + " + x" * 600, "x" + ".y" * 600, "[" * 80 + "]" * 80])
    def test_deep_code_is_no_crash(self, deep: str) -> None:
        assert self.propose(f"def f(x=[]):\n    return x\n    {deep}\n") <= 1

    def test_a_text_that_is_no_python_has_none(self) -> None:
        found = Finding("INC101", "x.py", Span(1, 7, 1, 9), "", cure=Cure("none-default"))
        assert propose(Source("x.py", "def f(x=[]: x\n"), [found], TARGET, REWRITERS) == {}

    def test_a_span_that_fits_nothing_has_none(self) -> None:
        source = Source("x.py", "def f(x=[]): return x\n")
        for cure in REWRITERS:
            found = Finding("INC101", "x.py", Span(1, 14, 1, 20), "", cure=Cure(cure))
            assert propose(source, [found], TARGET, REWRITERS) == {}
