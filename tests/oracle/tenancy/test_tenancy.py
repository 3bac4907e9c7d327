"""The generator makes what it should, execution tells the truth, and the linter agrees with it."""

from __future__ import annotations

from collections import Counter

import pytest

from ..cardinality.programs import Program
from ..cardinality.score import TENANT_STATE, score, unmet
from ..chance import fresh_seed
from . import grammar
from .execute import judge
from .programs import CODES, draws

SEED = 1
KNOWN, FRESH = 250, 150
HEAD = """\
import uuid
KEPT, LIST = {}, []
class Store:
    def __init__(self):
        self.kept = None
STORE = Store()
"""


def program(line: str) -> Program:
    files = {"service/__init__.py": "", "service/app.py": f"{HEAD}def handle(text):\n    {line}\n"}
    return Program(files, "app.handle($i)", frozenset())


@pytest.mark.parametrize(
    ("line", "truth"),
    [
        ("KEPT['last'] = text", True),
        ("LIST.append({'mail': text})", True),
        ("STORE.kept = [text]", True),
        ("STORE.kept = lambda: text", True),
        ("globals()['KEPT'] = text", True),
        ("handle.last = text", True),
        ("Store().kept = text", False),
        ("KEPT[text] = text", False),
        ("KEPT['mail', text] = text", False),
        ("KEPT[str(uuid.uuid4())] = text", False),
        ("KEPT['last'] = len(text)", False),
        ("LIST.append(text); LIST.pop()", False),
        ("KEPT['last'] = text; raise ValueError", True),
    ],
)
def test_what_is_left_is_found(line: str, truth: bool) -> None:
    assert judge(program(line)) is truth


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
    result = score(draws(seed, count), CODES, judge)
    assert unmet("tenancy", seed, count, result, TENANT_STATE) == ""
