"""The page is what the rows say, and the codes that are on have earned it."""

from typing import Any

import pytest

from incident_lint.knowledge import rules

from .accuracy import (
    PAGE,
    Score,
    current,
    load_runs,
    newest,
    page,
    score,
    standing,
    verdict_on_default,
)
from .test_verdicts import ROW
from .verdicts import FOLDER, Verdict, read

RUN = {
    "package": "mail",
    "version": "1.0",
    "fresh": False,
    "lines": 10_000,
    "findings": {"INC101": 2},
    "statistics": {
        "judged": {"shared defaults": 8},
        "undecided": {"shared defaults": 2},
        "causes": {
            "shared defaults": {
                **{f"cause {n}": n for n in range(1, 6)},
                "passed to `a()`, which is unknown": 3,
                "passed to `b()`, which is unknown": 4,
            }
        },
    },
}


def rows(*counts: int, **changes: Any) -> list[Verdict]:
    """So many right, wrong and arguable rows."""
    words = zip(("right", "wrong", "arguable"), counts, strict=False)
    return [ROW._replace(verdict=word, **changes) for word, count in words for _ in range(count)]


def test_the_page_is_up_to_date():
    assert PAGE.read_text(encoding="utf-8") == current(), "run `python tests/corpus accuracy`"


@pytest.mark.parametrize("code", sorted(rules.DELIVERED))
def test_a_code_that_is_on_has_earned_it(code: str):
    said = [row for path in FOLDER.glob("*.jsonl") for row in read(path) if row.code == code]
    assert verdict_on_default(code, rules.codes()[code].default_on, said, load_runs()) is None


def test_the_share_counts_arguable_as_not_right():
    assert score(rows(3, 0, 1)) == Score(4, 3, 0, 1)
    assert score(rows(3, 0, 1)).share == 0.75
    assert score([]).shown == "none"


def test_what_was_mended_counts_no_more_but_in_fresh_packages():
    mended = rows(0, 1, reported=False)
    fresh = rows(0, 1, reported=False, fresh=True)
    assert standing([*rows(1), *mended, *fresh]) == [*rows(1), *fresh]


@pytest.mark.parametrize(
    ("code", "said", "verdict"),
    [
        ("INC101", rows(18, 2), None),
        ("INC101", rows(17, 3), "85.0 % of 20 read are right"),
        ("INC101", rows(18, 0, 3), "85.7 % of 21 read are right"),
        ("INC101", rows(0, 19), None),
        ("INC301", rows(17, 3), None),
        ("INC301", rows(16, 4), "80.0 % of 20 read are right"),
    ],
)
def test_a_code_is_on_only_if_readers_agree(code: str, said: list[Verdict], verdict: str | None):
    said = [row._replace(code=code) for row in said]
    got = verdict_on_default(code, True, said, [])
    assert got is None if verdict is None else verdict in (got or "")
    assert verdict_on_default(code, False, said, []) is None


def test_a_code_is_on_only_if_it_is_rare_enough():
    said = rows(20)
    assert verdict_on_default("INC101", True, said, [RUN]) is None
    loud = {**RUN, "findings": {"INC101": 3}}
    assert "gets 1.5 per 5,000" in (verdict_on_default("INC101", True, said, [loud]) or "")
    assert verdict_on_default("INC101", True, said, [loud, RUN, RUN]) is None


def test_the_page_tells_fresh_rows_apart_and_names_what_is_not_right():
    said = [*rows(1, 1), *rows(1, fresh=True)]
    text = page(said, [], {}, {"INC101": True})
    assert "| INC101 | fresh | 1 | 1 | 0 | 0 | 100.0 % | on |" in text
    assert "| INC101 | development | 2 | 1 | 1 | 0 | 50.0 % | on |" in text
    assert "| INC101 | wrong | mail 1.0 `mail/send.py:3` | The list is stored on self. |" in text


def test_the_page_gives_the_share_of_unknown_sites_and_the_five_largest_causes():
    text = page([], [RUN, RUN], {}, {})
    assert "16 defaults were judged; 4 (25.0 %)\nended in" in text
    assert "| passed to `…`, which is unknown | 14 | `b()` (8) |" in text
    assert "| cause 2 | 4 |" in text
    assert "cause 1" not in text
    assert "| mail 1.0 |  | 10,000 | 2 |" in text
    assert "| median per 5,000 lines | | | 1.00 |" in text


def test_the_page_compares_each_family_with_other_linters():
    tools = {"ruff B006": {"both": 5, "only_us": {"a generator expression": 2}, "only_them": {}}}
    one = {"packages": ["mail-1.0"], "ours": 7, "tools": tools}
    comparison = {
        "shared_defaults": {**one, "beside": {"tool": "", "says": {}}},
        "unchecked_responses": {**one, "beside": {"tool": "bandit", "says": {"B113": 3}}},
    }
    first, second = page([], [], comparison, {}).split("## Beside other linters: ")[1:]
    assert "| ruff B006 | 5 | 2 | 0 |" in first
    assert "| ruff B006 | a generator expression | 2 |" in first
    assert "7 sites of ours in mail-1.0" in first
    assert "bandit" not in first
    assert "INC201, INC202, INC203, INC204 and INC205 together" in second
    assert "bandit has no rule about results that nobody looked at. Of these 7" in second
    assert "| B113 | 3 |" in second


def test_a_package_that_was_not_run_again_keeps_its_run():
    before = [{"package": "kombu", "lines": 1}, {"package": "celery", "lines": 1}]
    assert newest(before, [{"package": "kombu", "lines": 2}]) == [
        {"package": "celery", "lines": 1},
        {"package": "kombu", "lines": 2},
    ]
