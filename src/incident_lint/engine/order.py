"""The order of a class and its bases, in which attributes are looked up."""

from __future__ import annotations

import builtins
from typing import NamedTuple, TypeAlias

from .definitions import ClassRef, External, Unknown

_WITHOUT_ATTRIBUTES = frozenset(
    {
        "object",
        "abc.ABC",
        "typing.Generic",
        "typing.Protocol",
        "typing_extensions.Generic",
        "typing_extensions.Protocol",
    }
)

Entry: TypeAlias = ClassRef | External | Unknown
"""A class, as far as it is known."""


class Order(NamedTuple):
    """A class and its bases, in the order in which attributes are looked up."""

    entries: tuple[Entry, ...]

    @property
    def classes(self) -> tuple[ClassRef, ...]:
        """The project's classes among them."""
        return tuple(entry for entry in self.entries if isinstance(entry, ClassRef))

    @property
    def external(self) -> tuple[str, ...]:
        """The dotted paths of library classes among them (their own bases are not known)."""
        return tuple(entry.dotted for entry in self.entries if isinstance(entry, External))

    @property
    def unresolved(self) -> bool:
        """Whether a base is unknown or a library's, so that "no such method" is unknown."""
        return any(may_define(entry, None) for entry in self.entries)


def may_define(entry: Entry, name: str | None) -> bool:
    """Whether a base that nobody reads may have an attribute (None: any that is not `object`'s)."""
    if isinstance(entry, External):
        if entry.dotted in _WITHOUT_ATTRIBUTES:
            return False
        builtin = getattr(builtins, entry.dotted, None)
        return not isinstance(builtin, type) or name is None or hasattr(builtin, name)
    return isinstance(entry, Unknown)


def merge(orders: list[list[Entry]]) -> list[Entry] | None:
    """The C3 merge; None if the orders contradict each other."""
    merged: list[Entry] = []
    orders = [order for order in orders if order]
    while orders:
        for order in orders:
            head = order[0]
            if not any(head in other[1:] for other in orders):
                break
        else:
            return None
        merged.append(head)
        orders = [left for o in orders if (left := o[1:] if o[0] == head else o)]
    return merged
