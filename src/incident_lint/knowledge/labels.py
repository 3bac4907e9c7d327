"""Where labels stand in a call, and how such a call looks: two small notations of rows."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple


class Place(NamedTuple):
    """Where labels stand: in the argument of a position from 0 or of a keyword, in every
    positional ("*") or keyword ("**") one. `way` leads further into it: a key, or "" for any."""

    argument: int | str
    way: tuple[str, ...] = ()


class Shape(NamedTuple):
    """How a call looks: the last word of its `receivers` (none: any), the `method`, the arguments
    that it `needs`, and what is then called on its result (`then`; none: nothing has to be)."""

    receivers: frozenset[str]
    methods: frozenset[str]
    needs: frozenset[str]
    then: frozenset[str]


_PLACE = re.compile(r"(positional|keywords)|argument:(\w+)((?:\[(?:\"\w+\")?\])*)")
_STEP = re.compile(r"\[(?:\"(\w+)\")?\]")
_SHAPE = re.compile(r"(\*|[\w|]+)\.([\w|]+)\(([\w,]*)\)(?:\.([\w|]+)\(\))?")


@lru_cache(maxsize=1000)
def place(text: str) -> Place | None:
    """What `positional`, `keywords` or `argument:points[]["tags"]` says; None: it is neither."""
    found = _PLACE.fullmatch(text)
    if found is None:
        return None
    if found[1]:
        return Place("*" if found[1] == "positional" else "**")
    way = tuple(step[1] or "" for step in _STEP.finditer(found[3]))
    return Place(int(found[2]) if found[2].isdigit() else found[2], way)


@lru_cache(maxsize=1000)
def shape(text: str) -> Shape | None:
    """What `statsd|metrics.incr(tags)` or `*.labels().inc|dec()` says; None: it is no shape."""
    found = _SHAPE.fullmatch(text)
    if found is None:
        return None
    receivers = "" if found[1] == "*" else found[1]
    return Shape(
        frozenset(receivers.split("|")) - {""},
        frozenset(found[2].split("|")),
        frozenset(found[3].split(",")) - {""},
        frozenset((found[4] or "").split("|")) - {""},
    )
