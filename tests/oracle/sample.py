"""Draws programs together with their truth, so that every construct is seen on both sides."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import NamedTuple, Protocol, TypeVar

from . import grammar
from .execute import Truth, execute
from .program import Program
from .programs import Wish, generate

TRIES = 25
"""After so many programs the next one is taken, whichever side it is on."""


class Drawn(Protocol):
    """A program whose truth is known: the side it is on, and what it is made of."""

    @property
    def leaks(self) -> bool: ...

    @property
    def constructs(self) -> frozenset[str]: ...


D = TypeVar("D", bound=Drawn)


class Judged(NamedTuple):
    """A program, and what its execution showed."""

    program: Program
    truth: Truth

    @property
    def leaks(self) -> bool:
        """Which side it is on."""
        return self.truth.leaks

    @property
    def constructs(self) -> frozenset[str]:
        """What the program is made of."""
        return self.program.constructs


def draws(seed: int, count: int) -> Iterator[Judged]:
    """So many programs, by turns leaking and not; the same ones for the same seed."""
    return balanced(seed, count, lambda leaks: grammar.constructs(leaking=leaks), _judged)


def balanced(
    seed: int,
    count: int,
    constructs: Callable[[bool], Sequence[str]],
    make: Callable[[random.Random, Wish], D],
) -> Iterator[D]:
    """So many programs that `make` makes, by turns on either side; `constructs` says what those
    of a side can be made of.

    Each is about the construct that was seen least on its side, and the others that were seen
    little there are more welcome: nobody has to balance the table by hand.
    """
    rng = random.Random(seed)
    used: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    failed: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    for index in range(count):
        leaks = index % 2 == 0
        names = constructs(leaks)
        seen, hard = used[leaks], failed[leaks]
        focus = min(names, key=lambda name: (seen[name] + hard[name] / 3, rng.random()))
        drawn = _draw(rng, Wish(focus, leaks, partial(_welcome, seen)), make)
        used[drawn.leaks].update(drawn.constructs)
        hard[focus] += focus not in drawn.constructs or drawn.leaks != leaks
        yield drawn


def _welcome(seen: Counter[str], name: str) -> float:
    return 1.0 / (1 + seen[name]) ** 3


def _draw(rng: random.Random, wish: Wish, make: Callable[[random.Random, Wish], D]) -> D:
    """The first program that is as wished for, or else the last one tried."""
    for _ in range(TRIES):
        drawn = make(random.Random(rng.random()), wish)
        if drawn.leaks == wish.leaks and wish.focus in drawn.constructs:
            break
    return drawn


def _judged(rng: random.Random, wish: Wish) -> Judged:
    program = generate(rng, wish)
    return Judged(program, execute(program))
