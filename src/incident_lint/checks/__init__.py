"""What a bug is: one small check over the engine's queries for each code or flow."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ..engine.finding import Finding, Tally
    from ..engine.project import Module, Project


class Family(NamedTuple):
    """A family of rules: its folder's name, the codes that its check may report, the check."""

    name: str
    codes: tuple[str, ...]
    check: Callable[[Module, Project, Tally], Iterable[Finding]]


def _shared_defaults(module: Module, project: Project, tally: Tally) -> Iterable[Finding]:
    # Not before the first file: they need the engine.
    from .shared_defaults import evaluated_once, leaks, shared_elements

    checks = (leaks.check, evaluated_once.check, shared_elements.check)
    return chain.from_iterable(check(module, project, tally) for check in checks)


def _unchecked_responses(module: Module, project: Project, tally: Tally) -> Iterable[Finding]:
    from .unchecked_responses.responses import check

    return check(module, project, tally)


FAMILIES: tuple[Family, ...] = (
    Family("shared_defaults", ("INC101", "INC102", "INC103", "INC104", "INC105"), _shared_defaults),
    Family(
        "unchecked_responses",
        ("INC201", "INC202", "INC203", "INC204", "INC205"),
        _unchecked_responses,
    ),
)
"""Every family that is checked, in order of the codes."""
