"""The generator makes what it should, execution tells the truth, and the linter agrees with it."""

from __future__ import annotations

from collections import Counter

import pytest

from ..cardinality.execute import FEW, MANY
from ..cardinality.programs import Program
from ..cardinality.score import CARDINALITY, score, unmet
from ..chance import fresh_seed
from . import grammar
from .execute import entries, grows
from .programs import CODES, draws

SEED = 1
KNOWN, FRESH = 200, 150
HEAD = """\
from collections import deque
from functools import cache, lru_cache
KEPT, LIST, LAST = {}, [], deque(maxlen=9)
class Store:
    def __init__(self):
        self.kept = set()
STORE = Store()
@cache
def size(text):
    return len(text)
@lru_cache(maxsize=9)
def small(text):
    return len(text)
"""


def program(line: str) -> Program:
    files = {"service/__init__.py": "", "service/app.py": f"{HEAD}def handle(text):\n    {line}\n"}
    return Program(files, "app.handle($i)", frozenset())


@pytest.mark.parametrize(
    ("line", "truth"),
    [
        ("KEPT[text] = 1", True),
        ("KEPT.setdefault('all', {})[text] = 1", True),
        ("STORE.kept.add(text)", True),
        ("Store().kept.add(text)", False),
        ("LIST.append(text)", True),
        ("LIST.append('text')", False),
        ("LAST.append(text)", False),
        ("size(text)", True),
        ("small(text)", False),
        ("KEPT[text] = 1; del KEPT[text]", False),
        ("KEPT[hash(text) % 150] = 1", None),
    ],
)
def test_entries_are_counted(line: str, truth: bool | None) -> None:
    assert grows(program(line)) is truth


def test_each_input_is_another_one_but_for_those_that_programs_know() -> None:
    growing = program("KEPT[text] = 1")
    assert entries(growing, MANY) - entries(growing, FEW) == (MANY - FEW) * 0.9


def test_a_seed_gives_the_same_programs() -> None:
    assert list(draws(5, 8)) == list(draws(5, 8))


def test_every_construct_is_in_one_program_of_four_hundred() -> None:
    used = Counter(name for drawn in draws(SEED, 2000) for name in drawn.constructs)
    assert {name for name in grammar.constructs() if used[name] < 5} == set()


def test_the_linter_agrees_at_a_known_seed() -> None:
    check(SEED, KNOWN)


def test_the_linter_agrees_at_a_fresh_seed() -> None:
    check(fresh_seed(), FRESH)


def check(seed: int, count: int) -> None:
    """The linter is as good as it should be, with room for chance."""
    result = score(draws(seed, count), CODES, grows)
    assert unmet("maps", seed, count, result, CARDINALITY) == ""
