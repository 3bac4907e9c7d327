"""Draws programs together with their truth, so that every construct is seen on both sides."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from . import grammar
from .execute import Truth, execute
from .program import Program
from .programs import Wish, generate

TRIES = 25
"""After so many programs the next one is taken, whichever side it is on."""


class Judged(NamedTuple):
    """A program, and what its execution showed."""

    program: Program
    truth: Truth


def draws(seed: int, count: int) -> Iterator[Judged]:
    """So many programs, by turns leaking and not; the same ones for the same seed.

    Each is about the construct that was seen least on its side, and the others that were seen
    little there are more welcome: nobody has to balance the table by hand.
    """
    rng = random.Random(seed)
    used: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    failed: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    for index in range(count):
        leaks = index % 2 == 0
        names = grammar.constructs(leaking=leaks)
        seen, hard = used[leaks], failed[leaks]
        focus = min(names, key=lambda name: (seen[name] + hard[name] / 3, rng.random()))
        wish = Wish(focus, leaks, partial(_welcome, seen))
        judged = _draw(rng, wish)
        used[judged.truth.leaks].update(judged.program.constructs)
        hard[focus] += focus not in judged.program.constructs or judged.truth.leaks != leaks
        yield judged


def _welcome(seen: Counter[str], name: str) -> float:
    return 1.0 / (1 + seen[name]) ** 3


def _draw(rng: random.Random, wish: Wish) -> Judged:
    """The first program that is as wished for, or else the last one tried."""
    for _ in range(TRIES):
        program = generate(random.Random(rng.random()), wish)
        truth = execute(program)
        if truth.leaks == wish.leaks and wish.focus in program.constructs:
            break
    return Judged(program, truth)
