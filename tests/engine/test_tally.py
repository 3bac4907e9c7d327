"""What a run counts: sites, those that ended in "don't know", and why."""

from __future__ import annotations

from incident_lint.engine.finding import Step, Tally
from incident_lint.model.source import Span

_HERE = Step("kept.py", Span(3, 5, 3, 9), "where it grows")
_THERE = Step("kept.py", Span(8, 5, 8, 9), "where it grows")


def counted(*sites: tuple[Step, tuple[str, ...]]) -> Tally:
    tally = Tally()
    for step, causes in sites:
        tally.judge_at("metrics", "places", step, causes)
    return tally


def numbers(tally: Tally) -> tuple[int, int, int, dict[str, int]]:
    unknown = {cause: count for cause, count in tally.unknown.get("metrics", {}).items() if count}
    return tally.seen["places"], tally.judged["metrics"], tally.undecided["metrics"], unknown


def test_a_place_that_several_lead_to_is_one_site_with_the_causes_of_all() -> None:
    tally = counted((_HERE, ()), (_HERE, ("a",)), (_HERE, ("a", "b")), (_THERE, ("a",)))
    assert numbers(tally) == (2, 2, 2, {"a": 2, "b": 1})


def test_runs_of_several_files_are_added_up_by_place() -> None:
    whole = Tally()
    whole.add(counted((_HERE, ("a",)), (_THERE, ())))
    whole.add(counted((_HERE, ("a", "b"))))
    whole.add(counted((_HERE, ())))
    whole.add(counted((_THERE, ("c",))))
    assert numbers(whole) == (2, 2, 2, {"a": 1, "b": 1, "c": 1})


def test_sites_without_a_place_are_counted_each() -> None:
    tally = counted((_HERE, ()))
    tally.judge("metrics", ("a", "a"))
    tally.judge("metrics")
    assert numbers(tally) == (1, 3, 1, {"a": 1})
