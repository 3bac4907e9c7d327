"""What is told of whose a value is: why that is not sure, and what names alone say."""

from __future__ import annotations

from .belonging import Source, Sources
from .lattice import Folded
from .serving import Reached

NO_CALLER_SEEN = "nobody is seen who calls the function while serving"
"""Why it is only suspected what a function does with what it reads of the current request."""


def unsure(reached: Reached, mine: Sources) -> str:
    """Why it is only suspected that what is somebody's gets to a place that is reached ("": all of
    it was seen)."""
    if not any(source.sure for source in mine):
        return "whose the value is rests on a name or on code that is not seen"
    if not reached.entry.sure:
        return "what serves here is known by its shape only"
    if not all(call.made.sure for call in reached.calls):
        return "a decorator on the way cannot be followed"
    return ""


def by_name(name: str) -> tuple[Folded[Sources], str]:
    """What a parameter is worth of which only its name says whose it is, and why only that."""
    label = f"`{name}`"
    return Folded(frozenset({Source(label, "who", False)})), f"what {label} is, only its name says"
