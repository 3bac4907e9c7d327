"""The generator makes what it should, execution tells the truth, and the linter agrees with it."""

from __future__ import annotations

from collections import Counter

import pytest

from ..cardinality.programs import Program
from ..cardinality.score import TENANT_STATE, score, unmet
from ..chance import fresh_seed
from . import grammar
from .execute import leaks
from .programs import CODES, draws

SEED = 1
KNOWN, FRESH = 200, 150


def program(*lines: str, before: str = "kept = []") -> Program:
    turn = "\n".join(f"        {line}" for line in lines)
    text = (
        f"QUEUE = False\ndef work(jobs, relay):\n    {before}\n    for message in jobs:\n{turn}\n"
    )
    return Program({"service/__init__.py": "", "service/app.py": text}, "app.work", frozenset())


@pytest.mark.parametrize(
    ("lines", "truth"),
    [
        (["kept.append(message.text)", "relay.send(message.to, kept)"], True),
        (["kept = [message.text]", "relay.send(message.to, kept)"], False),
        (["kept.append(1)", "relay.send(message.to, kept)"], False),
        (["if message.first: kept = message.text", "relay.send(kept)"], True),
        (["kept.append(message.text)", "relay.send(kept)", "kept.clear()"], False),
        (["if message.first and not message.first: relay.send(kept)"], None),
        (["relay.send(missing)"], None),
    ],
)
def test_what_is_sent_for_b_is_read(lines: list[str], truth: bool | None) -> None:
    assert leaks(program(*lines)) is truth


def test_a_seed_gives_the_same_programs() -> None:
    assert list(draws(5, 8)) == list(draws(5, 8))


def test_every_construct_is_in_one_program_of_two_hundred() -> None:
    used = Counter(name for drawn in draws(SEED, 1000) for name in drawn.constructs)
    assert {name for name in grammar.constructs() if used[name] < 5} == set()


def test_the_linter_agrees_at_a_known_seed() -> None:
    check(SEED, KNOWN)


def test_the_linter_agrees_at_a_fresh_seed() -> None:
    check(fresh_seed(), FRESH)


def check(seed: int, count: int) -> None:
    """The linter is as good as it should be, with room for chance."""
    result = score(draws(seed, count), CODES, leaks)
    assert unmet("turns", seed, count, result, TENANT_STATE) == ""
