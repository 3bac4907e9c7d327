"""Questions that lead back to themselves: asked in rounds, until an answer changes nothing.

Within a round each question is answered once, and one that leads back to itself gets the answer of
the round before (at first: none). So recursion costs as many rounds as an answer can grow, however
tangled it is, and no answer depends on what was asked before.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

K = TypeVar("K")
A = TypeVar("A")

_MOST_ROUNDS = 20
_MOST_ANSWERS = 20_000


class Rounds(Generic[K, A]):
    """Answers of one kind, kept.

    `answer` answers a question (and asks others by `ask`); `nothing` is the answer before the first
    round, `grown` says whether an answer goes beyond an older one; `cut` answers what lies deeper
    than `deepest` questions.
    """

    def __init__(
        self,
        answer: Callable[[K], A],
        nothing: Callable[[], A],
        grown: Callable[[A, A], bool],
        cut: Callable[[], A],
        deepest: int,
    ) -> None:
        self._answer = answer
        self._nothing = nothing
        self._grown = grown
        self._cut = cut
        self._deepest = deepest
        self._known: dict[K, A] = {}
        self._table: dict[K, A] = {}
        self._done: set[K] = set()
        self._open: dict[K, int] = {}
        self._running: set[int] = set()
        self._met: set[K] = set()
        self._count = 0
        self._stale = False

    def opened(self, question: K) -> int:
        """The number of a question that is being answered right now, else 0; one that was asked
        earlier has the smaller number."""
        return self._open.get(question, 0)

    def is_running(self, number: int) -> bool:
        """Whether the question of this number is still being answered."""
        return number in self._running

    def ask(self, question: K) -> A:
        """The answer to a question."""
        if question in self._known:
            return self._known[question]
        if self._open:
            return self._ask(question)
        self._table.clear()
        for _ in range(_MOST_ROUNDS):
            self._done.clear()
            self._met.clear()
            self._stale = False
            answer = self._ask(question)
            if not self._stale:
                break
        if len(self._known) + len(self._table) > _MOST_ANSWERS:
            self._known.clear()
        self._known.update(self._table)
        return answer

    def _ask(self, question: K) -> A:
        if question in self._open:
            self._met.add(question)
            return self._before(question)
        if question in self._done:
            return self._table[question]
        if len(self._open) >= self._deepest:
            return self._cut()
        self._count += 1
        number = self._open[question] = self._count
        self._running.add(number)
        try:
            answer = self._answer(question)
        finally:
            del self._open[question]
            self._running.discard(number)
        if question in self._met and self._grown(self._before(question), answer):
            self._stale = True
        self._table[question] = answer
        self._done.add(question)
        return answer

    def _before(self, question: K) -> A:
        return self._table[question] if question in self._table else self._nothing()
