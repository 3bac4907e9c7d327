"""INC104: one mutable object fills many slots, and what is done to it in one shows in all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ...engine.fate import Fate, fate
from ...engine.finding import Confidence, Cure, Finding, Tally
from ...engine.project import Module, Project
from ...engine.sharing import Shared, Sharings
from ...engine.summary import ELEMENT, Event

_FAMILY = "shared_defaults"


class _Words(NamedTuple):
    """Which slots share it, the way out, and the cure by which a fix may take that."""

    slots: str
    instead: str
    cure: str


_WORDS = {
    "repeated": _Words("every repeated place", "make each in a comprehension", "comprehension"),
    "attrs": _Words("every object", "use `factory`", "default-factory"),
    "dataclass": _Words("every object", "use `default_factory`", "default-factory"),
    "namedtuple": _Words("every tuple made without it", "default to `None`", ""),
}


def check(module: Module, project: Project, tally: Tally) -> Iterator[Finding]:
    """Judge every expression of a module that shares a mutable object."""
    if module.path.endswith(".pyi"):
        return
    found = []
    for shared in Sharings(project).of(module):
        tally.seen["shared mutable objects"] += 1
        seen = _seen(project, shared)
        tally.judge(_FAMILY, () if seen.lost is None else (seen.lost.message,))
        verdict = _verdict(shared, seen)
        if verdict is not None:
            found.append(_finding(module, shared, *verdict))
    for finding in found:
        inner = (other.span for other in found if other.span != finding.span)
        if not any(span.is_within(finding.span) for span in inner):  # the innermost speaks
            yield finding


def _is_field(shared: Shared) -> bool:
    """Whether every object of a class has it, wherever those objects get to."""
    if shared.row is not None:
        return bool(shared.row.keys.get("field"))
    return shared.how != "repeated"


def _seen(project: Project, shared: Shared) -> Fate:
    if _is_field(shared):
        return Fate()
    return fate(project, shared.holder, (ELEMENT,), shared.element.shape)


def _verdict(shared: Shared, seen: Fate) -> tuple[Confidence, Event | None] | None:
    """How sure it is that sharing does harm, and what shows it; None: nobody can say so."""
    if seen.change is not None:
        # What is changed may be what was put into any slot before.
        sure = seen.change.sure and ELEMENT not in seen.refilled
        return ("proved" if sure else "suspected"), seen.change
    if _is_field(shared):
        return "proved", None
    if seen.refilled or shared.element.named or shared.element.shape.of is not None:
        return None
    by_shape = shared.row is not None and bool(shared.row.keys.get("by_shape"))
    if seen.only_read or not (shared.blank or by_shape):
        return None  # data, until somebody is seen to change it
    if seen.leaving is not None:
        return ("proved" if seen.leaving.sure else "suspected"), seen.leaving
    if seen.bound and not seen.read:
        return "proved", None
    return ("suspected", None) if by_shape and seen.lost is not None else None


def _finding(
    module: Module, shared: Shared, confidence: Confidence, event: Event | None
) -> Finding:
    words = _words(shared)
    whose = f" (`{shared.name}`)" if shared.name else ""
    happens = "" if event is None else f", and is {event.how}"
    noun = shared.element.noun
    return Finding(
        "INC104",
        module.path,
        shared.at,
        f"one {noun} is in {words.slots}{whose}{happens}: {words.instead}",
        confidence,
        () if event is None else event.steps,
        cure=_cure(shared, words.cure),
    )


def _words(shared: Shared) -> _Words:
    if shared.row is None:
        return _WORDS[shared.how]
    keys = shared.row.keys
    return _Words(str(keys["slots"]), str(keys["instead"]), str(keys.get("cure", "")))


def _cure(shared: Shared, name: str) -> Cure | None:
    """A rewriting, where the expression itself makes the object; a function that is called in
    place of an ORM field's default can only be one that makes an empty object."""
    if not name or not shared.made_here or (name == "callable" and not shared.blank):
        return None
    return Cure(name, "" if shared.plain else "what it is made of is evaluated for each slot then")
