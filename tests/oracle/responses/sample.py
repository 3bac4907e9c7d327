"""Draws programs together with their truth."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import NamedTuple

from ..programs import Wish
from ..sample import balanced
from . import grammar
from .execute import execute
from .program import Program
from .programs import generate
from .watch import Truth


class Judged(NamedTuple):
    """A program, and what its execution showed."""

    program: Program
    truth: Truth

    @property
    def leaks(self) -> bool:
        """Whether a failure can pass unseen in it."""
        return bool(self.truth.unseen)

    @property
    def constructs(self) -> frozenset[str]:
        """What the program is made of."""
        return self.program.constructs


def draws(seed: int, count: int) -> Iterator[Judged]:
    """So many programs, by turns with and without a call whose failure can pass unseen; the same
    ones for the same seed."""
    return balanced(seed, count, lambda _: grammar.constructs(), _judged)


def _judged(rng: random.Random, wish: Wish) -> Judged:
    program = generate(rng, wish)
    return Judged(program, execute(program))
