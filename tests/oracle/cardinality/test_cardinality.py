"""The generator makes what it should, execution tells the truth, and the linter agrees with it."""

from __future__ import annotations

from collections import Counter

import pytest
from prometheus_client import REGISTRY

from ..chance import fresh_seed
from . import grammar
from .execute import FEW, MANY, grows, series
from .programs import CODES, Program, draws
from .score import CARDINALITY, score, unmet

SEED = 1
KNOWN, FRESH = 200, 100
HEAD = """\
from prometheus_client import Counter
SERIES = Counter("series", "Series.", ["label"])
"""


def program(line: str) -> Program:
    files = {"service/__init__.py": "", "service/app.py": f"{HEAD}def handle(text):\n    {line}\n"}
    return Program(files, "app.handle($i)", frozenset())


@pytest.mark.parametrize(
    ("line", "truth"),
    [
        ("SERIES.labels(text).inc()", True),
        ("SERIES.labels(text[:9])", True),
        ("SERIES.labels(text[:2]).inc()", False),
        ("SERIES.labels('a').inc(exemplar={'text': text})", False),
        ("SERIES.labels(text if text in ('alpha', 'beta') else 'other').inc()", False),
        ("SERIES.labels(hash(text) % 150).inc()", None),
    ],
)
def test_series_are_counted(line: str, truth: bool | None) -> None:
    assert grows(program(line)) is truth


def test_each_input_is_another_one_but_for_those_that_programs_know() -> None:
    growing = program("SERIES.labels(text).inc()")
    assert series(growing, MANY) - series(growing, FEW) == (MANY - FEW) * 0.9


def test_the_metrics_are_gone_afterwards() -> None:
    before = set(REGISTRY._collector_to_names)
    series(program("SERIES.labels(text).inc()"), 3)
    assert set(REGISTRY._collector_to_names) == before


def test_a_seed_gives_the_same_programs() -> None:
    assert list(draws(5, 8)) == list(draws(5, 8))


def test_every_construct_is_in_one_program_of_a_hundred() -> None:
    used = Counter(name for drawn in draws(SEED, 2000) for name in drawn.constructs)
    assert {name for name in grammar.constructs() if used[name] < 20} == set()


def test_the_linter_agrees_at_a_known_seed() -> None:
    check(SEED, KNOWN)


def test_the_linter_agrees_at_a_fresh_seed() -> None:
    check(fresh_seed(), FRESH)


def check(seed: int, count: int) -> None:
    """The linter is as good as it should be, with room for chance."""
    result = score(draws(seed, count), CODES, grows)
    assert unmet("cardinality", seed, count, result, CARDINALITY) == ""
