"""Fixes: from findings to text edits, and round after round until nothing is left to mend.

What a rewriting is, is not known here: hosts pass in the rewriters of `fixes`, by the names that
findings call them by (`Cure.name`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from ..model.source import Source, Span
from .finding import Finding
from .fixing_edits import Edit, Fix, Safety, apply

__all__ = ["Check", "Edit", "Fix", "Fixed", "Rewriters", "Safety", "Target"]
__all__ += ["apply", "propose", "stabilise"]


class Target(NamedTuple):
    """What the mended code must run on: `python` is the lowest version that the project supports."""

    python: tuple[int, int]


class Fixed(NamedTuple):
    """A text that needs no further round.

    `applied` counts the fixes that were made by code. `dropped` are findings whose fix would have
    left them alive or the file unparsable: it was not made, and that is a bug of ours.
    """

    text: str
    applied: Counter[str]
    rounds: int
    dropped: tuple[Finding, ...]


Rewriter: TypeAlias = "Callable[..., tuple[Edit, ...]]"
Rewriters: TypeAlias = Mapping[str, Rewriter]
Check: TypeAlias = Callable[[Source], Sequence[Finding]]


def propose(
    source: Source, findings: Sequence[Finding], target: Target, rewriters: Rewriters
) -> dict[tuple[str, Span], Fix]:
    """A fix for each finding that has one, by the finding's code and span.

    The file is parsed once, and only if some finding names a cure. {} for a file that libcst
    cannot parse, or that is too large or nested too deeply for it.
    """
    return {}


def stabilise(
    source: Source, check: Check, target: Target, unsafe: bool, rewriters: Rewriters
) -> Fixed:
    """Fix what `check` finds, and check again, until nothing is left to fix: ten times at most.

    `unsafe`: also make the fixes whose finding says that the code may rely on what they change.
    A second run over the result changes nothing.
    """
    return Fixed(source.text, Counter(), 0, ())
