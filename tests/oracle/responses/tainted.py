"""Values that know whether anybody looked at them.

A look is what can matter: truth, a comparison, a key that is looked for, taking one failed item
after the other. To format or to add is none, and what comes of it is as telling as before.
"""

from __future__ import annotations

import sys
import types
from collections.abc import Callable, Iterable
from typing import Any

_COMPARISONS = ("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__")


class Record:
    """What became of one response.

    `failing`: it tells of a failure. `looked`: somebody looked. `owner` is the frame whose
    function has the duty (None: nobody's of the program any more), `place` the file and 1-based
    line of the call there. `caught`: an exception was caught there since. `home` is where the
    library was called, and `moved` says that its function has returned the response.
    """

    def __init__(
        self, failing: bool, owner: types.FrameType | None, place: tuple[str, int]
    ) -> None:
        self.failing = failing
        self.owner = owner
        self.place = self.home = place
        self.moved = False
        self.looked = False
        self.caught = False

    def look(self) -> None:
        """Somebody looks in a way that can matter."""
        self.looked = True


class Tainted:
    """What tells of a failure; `record` is told of every look."""

    record: Record


def _looking(base: type, name: str) -> Callable[..., Any]:
    real = getattr(base, name)

    def method(self: Tainted, *args: Any, **keywords: Any) -> Any:
        self.record.look()
        return real(self, *args, **keywords)

    return method


def _looks(*names: str) -> Callable[[type], type]:
    """Makes methods of a class's built-in base record a look."""

    def decorate(cls: type) -> type:
        for name in names:
            setattr(cls, name, _looking(cls.__mro__[-2], name))
        return cls

    return decorate


@_looks(*_COMPARISONS, "__bool__", "__hash__")
class Number(Tainted, int):
    """A status code, a return code, a number of failed items."""

    def __new__(cls, value: int, record: Record) -> Number:
        number = int.__new__(cls, value)
        number.record = record
        return number

    def __add__(self, other: int) -> Number:
        return Number(int.__add__(self, other), self.record)

    __radd__ = __add__

    def __mod__(self, other: int) -> Number:
        return Number(int.__mod__(self, other), self.record)

    def __floordiv__(self, other: int) -> Number:
        return Number(int.__floordiv__(self, other), self.record)


@_looks(*_COMPARISONS, "__hash__", "__len__", "__contains__")
class Text(Tainted, str):
    """A reason, or an error's text."""

    def __new__(cls, value: str, record: Record) -> Text:
        text = str.__new__(cls, value)
        text.record = record
        return text


class Truth(Tainted):
    """A boolean; Python's own has no subclass."""

    def __init__(self, value: bool, record: Record) -> None:
        self._value = value
        self.record = record

    def __bool__(self) -> bool:
        self.record.look()
        return self._value

    def __eq__(self, other: object) -> bool:
        return bool(self) == other

    __hash__ = None  # type: ignore[assignment]

    def __add__(self, other: int) -> Number:
        return Number(self._value + other, self.record)

    __radd__ = __add__

    def __str__(self) -> str:
        return str(self._value)


@_looks(*_COMPARISONS, "__iter__", "__getitem__", "__contains__")
class Failures(Tainted, list[Any]):
    """Failed items."""

    def __init__(self, items: Iterable[Any], record: Record) -> None:
        super().__init__(items)
        self.record = record

    def __bool__(self) -> bool:
        self.record.look()
        return list.__len__(self) > 0

    def __add__(self, other: Any) -> Failures:
        return Failures([*list.__iter__(self), *list.__iter__(other)], self.record)

    def counted(self) -> Number:
        """Their number, which tells as much as they do."""
        return Number(len(self), self.record)


@_looks("__eq__", "__ne__", "__iter__", "__getitem__", "__contains__")
@_looks("get", "items", "keys", "values")
class Rest(Tainted, dict[Any, Any]):
    """Items that were not processed, by table."""

    def __init__(self, items: dict[Any, Any], record: Record) -> None:
        super().__init__(items)
        self.record = record

    def __bool__(self) -> bool:
        self.record.look()
        return dict.__len__(self) > 0

    def counted(self) -> Number:
        """Their number, which tells as much as they do."""
        return Number(len(self), self.record)


class Sent(int):
    """The number of things in one's own hands."""


class Done(int):
    """How many items succeeded: that tells of failures when it is compared with what was sent."""

    record: Record

    def __new__(cls, value: int, record: Record) -> Done:
        number = int.__new__(cls, value)
        number.record = record
        return number


def _comparing(name: str) -> Callable[[int, object], Any]:
    real = getattr(int, name)

    def method(self: int, other: object) -> Any:
        for one, two in ((self, other), (other, self)):
            if isinstance(one, Done) and isinstance(two, Sent):
                one.record.look()
        return real(self, other)

    return method


for _cls in (Sent, Done):
    for _name in _COMPARISONS:
        setattr(_cls, _name, _comparing(_name))
    setattr(_cls, "__hash__", int.__hash__)  # noqa: B010


class Successes(list[Any]):
    """Items that succeeded."""

    def __init__(self, items: Iterable[Any], record: Record) -> None:
        super().__init__(items)
        self._record = record

    def counted(self) -> Done:
        """How many there are."""
        return Done(len(self), self._record)


def counting(value: Any) -> int:
    """In place of `len`, whose result would forget what was counted."""
    counted = getattr(value, "counted", None)
    return counted() if counted is not None else Sent(len(value))


def within(value: object, depth: int = 4) -> list[object]:
    """Everything telling, and every response, in a value and what it holds."""
    if isinstance(value, Tainted) or hasattr(type(value), "is_response"):
        return [value]
    inner: Iterable[object] = ()
    if isinstance(value, dict):
        inner = [part for pair in value.items() for part in pair]
    elif isinstance(value, (list, tuple)):
        inner = list(value)
    elif hasattr(value, "__dict__") and not isinstance(value, (type, types.ModuleType)):
        if type(value).__module__ not in sys.stdlib_module_names:
            inner = list(vars(value).values())
    return [found for part in inner if depth for found in within(part, depth - 1)]
