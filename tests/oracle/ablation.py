"""Switches single transfer functions of the engine off, to see that each is needed.

A transfer function is a method that carries the default on (it takes a `trace`), or one that
knows something about a condition (it answers true, false or None for "don't know"). Switched off
it does nothing, or does not know. They are found by their signatures, so that a new one is in the
test from its first day.
"""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from incident_lint.engine.assume import Assumption
from incident_lint.engine.flow import Activation

from .linting import Linter
from .sample import Judged
from .score import CODES, Score, compare

NEEDED_BY_NONE = {
    "_stored_by_name": "whatever it finds is only suspected",
}
"""Transfer functions that no generated program can need, with the reason."""
_NOTHING: dict[str, object] = {"None": None, "bool": False, "bool | None": None}


class Transfer(NamedTuple):
    """A method that can be switched off, and what it then answers."""

    name: str
    owner: type
    off: Callable[..., object]


def transfers() -> dict[str, Transfer]:
    """All of them by name."""
    found: dict[str, Transfer] = {}
    for owner in (*Activation.__mro__, Assumption):
        for name, function in vars(owner).items():
            if not inspect.isfunction(function) or name in NEEDED_BY_NONE or name in found:
                continue
            signature = inspect.signature(function)
            answer = str(signature.return_annotation)
            carries = owner is not Assumption and "trace" in signature.parameters
            knows = owner is Assumption and answer == "bool | None"
            if carries or knows:
                found[name] = Transfer(name, owner, _answering(_NOTHING.get(answer, ())))
    return found


def _answering(answer: object) -> Callable[..., object]:
    return lambda *_args, **_keywords: answer


@contextlib.contextmanager
def replaced(transfer: Transfer, function: Callable[..., object]) -> Iterator[None]:
    """The engine with another function in this one's place."""
    before: Any = vars(transfer.owner)[transfer.name]
    setattr(transfer.owner, transfer.name, function)
    try:
        yield
    finally:
        setattr(transfer.owner, transfer.name, before)


class Bench:
    """Programs with the linter's verdict on each, and what it took to come to it: `score` is
    that of the whole engine."""

    def __init__(self, programs: list[Judged]) -> None:
        self.score = Score()
        self._linter = Linter(CODES)
        self._transfers = transfers()
        self._runs: list[tuple[Judged, bool, frozenset[str]]] = []
        called: set[str] = set()
        with contextlib.ExitStack() as stack:
            for transfer in self._transfers.values():
                stack.enter_context(replaced(transfer, _recording(transfer, called)))
            for judged in programs:
                called.clear()
                case = compare(judged, self._linter.check(judged.program.files))
                self.score.add(case)
                self._runs.append((judged, not case.kind, frozenset(called)))

    def loss(self, name: str, enough: int = 1) -> int:
        """How many verdicts fewer are right without this one; stops when that is enough."""
        transfer, loss = self._transfers[name], 0
        with replaced(transfer, transfer.off):
            for judged, agreed, called in self._runs:
                if name in called and loss < enough:
                    findings = self._linter.check(judged.program.files)
                    loss += agreed - (not compare(judged, findings).kind)
        return loss


def _recording(transfer: Transfer, called: set[str]) -> Callable[..., object]:
    function = vars(transfer.owner)[transfer.name]

    def recorded(*args: object, **keywords: object) -> object:
        called.add(transfer.name)
        return function(*args, **keywords)

    return recorded
