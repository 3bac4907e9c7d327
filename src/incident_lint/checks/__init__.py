"""What a bug is: one small check over the engine's queries for each code or flow."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from ..engine.finding import Finding, Tally
from ..engine.project import Module, Project


class Family(NamedTuple):
    """A family of rules; `codes` are all that `check` may report."""

    name: str
    codes: tuple[str, ...]
    check: Callable[[Module, Project, Tally], Iterable[Finding]]


FAMILIES: tuple[Family, ...] = ()
