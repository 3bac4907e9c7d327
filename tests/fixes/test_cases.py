"""What fixes make of code, case by case (`cases/*.md`, in the form that `literate.py` reads)."""

from __future__ import annotations

import literate
import pytest
from literate import Case

CASES = literate.cases()


def name(case: Case) -> str:
    return f"{case.file}: {case.title}"


@pytest.mark.parametrize("case", CASES, ids=name)
class TestCase:
    def test_becomes_what_it_says(self, case: Case) -> None:
        if case.cure:
            assert literate.rewritten(case) == literate.unmarked(case.after)
        else:
            assert literate.fixed(case.before, python=case.python).text == case.after

    def test_a_second_run_changes_nothing(self, case: Case) -> None:
        if case.before != case.after:
            again = literate.fixed(case.after, python=case.python)
            assert (again.text, again.rounds, again.dropped) == (case.after, 0, ())

    def test_is_python(self, case: Case) -> None:
        compile(literate.unmarked(case.after), name(case), "exec", dont_inherit=True)


@pytest.mark.parametrize("case", [case for case in CASES if not case.cure], ids=name)
def test_a_fix_is_made_without_asking_only_if_it_is_safe(case: Case) -> None:
    if case.before != case.after:
        safe = literate.fixed(case.before, unsafe=False, python=case.python).text
        assert safe == (case.before if case.caution else case.after)
    assert all(case.caution in caution for caution in literate.cautions(case.before))
