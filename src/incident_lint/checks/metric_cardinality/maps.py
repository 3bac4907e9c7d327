"""INC403: a container that lives with the process gains an entry for each value of an outsider."""

from __future__ import annotations

from collections.abc import Iterator

from ...engine.cardinality import DOUBTFUL
from ...engine.definitions import FunctionRef
from ...engine.finding import Confidence, Finding, Step, Tally
from ...engine.maps import Grown, undecided
from ...engine.project import Module, Project

_FAMILY = "metric_cardinality"
_SEEN = "places where what lives with the process grows"


def check(module: Module, project: Project, tally: Tally) -> Iterator[Finding]:
    """Judge everything that grows when an entry point of a module serves: one finding for each
    container, at the first place in a function that adds to it, or the first call that leads to a
    place in another file."""
    maps = project.travel.maps
    found: dict[tuple[object, ...], Finding] = {}
    seen: dict[Step, str] = {}
    for index in range(1, len(module.facts.functions)):
        function = FunctionRef(module.name, index)
        for grown in (*maps.grown(function), *maps.cached(function), *maps.wrapped(function)):
            last = grown.steps[-1]
            seen[last] = seen.get(last) or undecided(grown)
            if grown.worth.element >= DOUBTFUL and not grown.shrinks:
                here = last.path == module.path
                key = grown.kept.slot.outermost, _line(module, grown) if here else last
                found.setdefault(key, _finding(module, grown))
    for place, cause in seen.items():
        tally.judge_at(_FAMILY, _SEEN, place, [cause] if cause else ())
    yield from found.values()


def _line(module: Module, grown: Grown) -> int:
    """The function of the file in which something is reported, by its first line."""
    starts = [f.at.line for f in module.facts.functions[1:] if f.at.line <= grown.at.line]
    return max(starts, default=0)


def _finding(module: Module, grown: Grown) -> Finding:
    steps = grown.worth.steps
    what = steps[0].message if steps else "an outside value"
    message = (
        f"{grown.kept.what} lives with the process and gains an entry for every value of {what},"
        " and nothing removes one: bound its size, or remove what is old"
    )
    confidence: Confidence = "proved" if grown.sure else "suspected"
    return Finding("INC403", module.path, grown.at, message, confidence, grown.steps)
