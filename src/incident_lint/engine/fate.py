"""What becomes of an object that sits in the slots of another: in the function that puts it there,
in the others that see the module's name for it, and in the methods of the class that keeps it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from ..model.facts import Facts
from .activation import Entry
from .definitions import FunctionRef, Ref
from .finding import Step
from .shape import Shape
from .summary import Event, Summary, Where

if TYPE_CHECKING:
    from .project import Project


class Fate:
    """What was seen of one object.

    `change` is the event by which a slot's object is changed, `leaving` the one by which it can be
    reached after the call. `refilled` are the slots that get another object ("[]": any). `bound`: a
    module or class has a name for what holds it, and `read` says that somebody in the file uses
    that. `only_read`: all that leaves it is being kept in attributes, and methods that read those
    do no harm. `lost` is a place where nobody can follow.
    """

    def __init__(self) -> None:
        self.change: Event | None = None
        self.leaving: Event | None = None
        self.refilled: set[str] = set()
        self.bound = False
        self.read = False
        self.only_read = False
        self.lost: Step | None = None

    def take(self, summary: Summary) -> None:
        """What one function does to it happens."""
        self.change = _worse(self.change, summary.worst("changed"))
        self.leaving = self.leaving or summary.worst("left")
        self.refilled |= summary.refilled
        self.lost = self.lost or next(iter(summary.unknown.values()), None)


def fate(project: Project, holder: Ref, where: Where, shape: Shape) -> Fate:
    """Follow an object of a shape that sits at `where` in a value from where that is made."""
    found = Fate()
    module = project.module(holder.module)
    if module is None:
        return found
    facts, index = module.facts, holder.function
    entry = Entry(str(holder.value), False, where, False, shape, op="made")
    summary = project.travel.follow(FunctionRef(holder.module, index), entry)
    found.take(summary)
    function = facts.functions[index]
    if index == 0:
        found.read = any(
            value.block >= 0 and held in value.args
            for held, _ in summary.held
            for value in function.values
        )
    for name, place in _names(facts, index, summary.held):
        found.bound = True
        for other in _readers(facts, name):
            found.read = True
            seen = Entry(name, False, place, False, shape, op="global")
            found.take(project.travel.follow(FunctionRef(holder.module, other), seen))
    stays = len([e for e in summary.events.values() if e.kind == "left"]) <= 1
    for owner, place in _attributes(facts, index, summary):
        found.bound = True
        for method, inside in project.travel.in_methods(holder.module, owner, place, shape):
            found.take(inside)
            found.only_read = stays and (found.only_read or method is not function)
            stays = stays and not any(event.kind == "left" for event in inside.events.values())
    found.only_read = found.only_read and stays
    return found


def _worse(old: Event | None, new: Event | None) -> Event | None:
    if old is None or new is None:
        return old or new
    return new if new.sure and not old.sure else old


def _names(
    facts: Facts, index: int, held: Iterable[tuple[int, Where]]
) -> Iterator[tuple[str, Where]]:
    """The names that a module has for the values that hold the object, and where it is in them."""
    for value, place in sorted(held):
        for name, bound in facts.functions[0].binds.items() if index == 0 else ():
            if value in bound:
                yield name, place


def _readers(facts: Facts, name: str) -> Iterator[int]:
    """The functions that read a name of the module."""
    for index, function in enumerate(facts.functions[1:], 1):
        if any(value.op == "global" and value.text == name for value in function.values):
            yield index


def _attributes(facts: Facts, index: int, summary: Summary) -> Iterator[tuple[int, Where]]:
    """The classes whose objects have an attribute that holds the object, and where in them."""
    for number, each in enumerate(facts.classes):
        for name, values in each.body.items() if each.parent == index else ():
            for value, place in sorted(summary.held):
                if value in values:
                    yield number, (f".{name}", *place)
    function = facts.functions[index]
    for parameter, place in sorted(summary.kept):
        if function.owner >= 0 and function.params[0].name == parameter:
            yield function.owner, place
