"""What one function does to an object that it is given: the answer of `travel`."""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

from .finding import Step

Where: TypeAlias = tuple[str, ...]
"""Where an object sits in a value.

() it is the value; ("[]",) in a container, ("['a']",) or ("[0]",) under that key; (".items",) in
an attribute; ("await",) in what awaiting gives; ("free:module:3:x",) in a closure's variable.
"""

Steps: TypeAlias = tuple[Step, ...]

ELEMENT = "[]"
AWAIT = "await"


def is_element(label: str) -> bool:
    """Whether a label says "in a container"."""
    return label.startswith("[")


def keyed(key: str | None) -> str:
    """The label of what lies under a constant key (its `repr`), or under any (None)."""
    return ELEMENT if key is None or key.startswith("-") else f"[{key}]"


def meets(label: str, key: str | None) -> bool:
    """Whether reading a key (None: any) may give what lies under a label."""
    if key is not None and key.startswith("-"):
        key = None  # from the end, and nobody knows how long it is
    return is_element(label) and (key is None or label in (ELEMENT, f"[{key}]"))


_CLOSURES = ("free:", "bind:")


def closure(module: str, function: int, name: str) -> str:
    """The label of a closure's variable: which function sees the object under which name."""
    return f"free:{module}:{function}:{name}"


def partial(module: str, function: int, name: str) -> str:
    """The label of a parameter that `functools.partial` has bound to the object."""
    return f"bind:{module}:{function}:{name}"


def behind(label: str) -> tuple[str, int, str, bool]:
    """What a closure's or partial's label says: module, function, name, and whether it is free."""
    kind, module, function, name = label.split(":")
    return module, int(function), name, kind == "free"


def closure_in(where: Where) -> str | None:
    """The closure or partial through which an object is seen, if any."""
    return next((label for label in where if label.startswith(_CLOSURES)), None)


class Event(NamedTuple):
    """Something that happens to the object. `kind`: "changed", or "left": it is reachable after
    the call. `how` is a phrase that fits after "the default"; `sure`: every step was seen."""

    kind: Literal["changed", "left"]
    how: str
    steps: Steps
    sure: bool


class Exit(NamedTuple):
    """The object is in what the function gives back; `part`: only a piece of it is."""

    where: Where
    part: bool
    steps: Steps
    sure: bool


class Stored(NamedTuple):
    """The object is put into what another parameter holds."""

    parameter: str
    where: Where
    part: bool
    steps: Steps
    sure: bool


class Use(NamedTuple):
    """How the object itself is used, by key or otherwise; `key` is a value of the function."""

    kind: str
    key: int | None


class Summary:
    """All that one function does to one object; `unknown` are the places where it was lost sight
    of, by cause; `kept` are the (parameter, where) in whose attributes it remains; `refilled` are
    the slots of a container that holds it that get something else. Of an entry by `op`, `held` are
    the (value, where) in which it sits."""

    def __init__(self) -> None:
        self.events: dict[tuple[str, str], Event] = {}
        self.exits: dict[tuple[Where, bool], Exit] = {}
        self.stores: dict[tuple[str, Where, bool], Stored] = {}
        self.unknown: dict[str, Step] = {}
        self.uses: set[Use] = set()
        self.kept: set[tuple[str, Where]] = set()
        self.held: set[tuple[int, Where]] = set()
        self.refilled: set[str] = set()

    def store(self, stored: Stored) -> None:
        """Keep a store, or a surer way to the same one."""
        key = (stored.parameter, stored.where, stored.part)
        old = self.stores.get(key)
        if old is None or (stored.sure and not old.sure):
            self.stores[key] = stored

    def event(self, event: Event) -> None:
        """Keep an event, or a better way to the same one."""
        key = (event.kind, event.how)
        old = self.events.get(key)
        if old is None or _better(event, old):
            self.events[key] = event

    @property
    def size(self) -> tuple[int, ...]:
        """What grows while recursion is followed to its end."""
        return len(self.events), len(self.exits), len(self.stores), len(self.unknown)

    def worst(self, kind: str | None = None) -> Event | None:
        """The event (of a kind) to report: a proved one first, then a change, then the
        shortest way."""
        order = sorted(
            (event for event in self.events.values() if kind in (None, event.kind)),
            key=lambda e: (not e.sure, e.kind != "changed", len(e.steps), e.steps, e.how),
        )
        return order[0] if order else None


def _better(new: Event, old: Event) -> bool:
    return (not new.sure, len(new.steps), new.steps) < (not old.sure, len(old.steps), old.steps)
