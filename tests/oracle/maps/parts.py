"""The parts of a program that keeps something: who keeps it, how it grows, what is done besides.

In a template `$k` makes the container, `$c` names it where it is used, `$v` is the value that
comes from outside, `$n` makes names fresh. `ACT` is where it happens, `IDLE` where a method may
stand that nothing calls.
"""

from __future__ import annotations

from typing import NamedTuple


class Holder(NamedTuple):
    """Who keeps a container. `above` are lines of the module (of the helper, if `helper` names what
    is imported of that), `line` is the handler's own ("ACT": it happens there); `value` is what the
    outside value is called where it happens. `entry`: the handler whose object it is."""

    name: str
    container: str
    above: str
    line: str = "ACT"
    value: str = "$v"
    declare: str = ""
    helper: str = ""
    entry: str = ""
    ends: bool = False


class Write(NamedTuple):
    """How a container gains an entry; `make` is how it is made, `inner` what really grows."""

    name: str
    kind: str
    make: str
    lines: str
    above: str = ""
    helper: str = ""
    inner: str = "$c"
    attribute: bool = False
    small: bool = False


class Beside(NamedTuple):
    """What is done before or after an entry is added; `small`: it keeps the container small."""

    name: str
    kinds: str
    lines: str
    above: str = ""
    helper: str = ""
    first: bool = False
    rebinds: bool = False
    idle: bool = False
    small: bool = True
