"""INC208: an outside value is formatted, not encoded, into structured text that a call sends."""

from __future__ import annotations

from collections.abc import Iterator

from ...engine.definitions import FunctionRef
from ...engine.finding import Confidence, Finding, Tally
from ...engine.outside import Origin
from ...engine.placed import Place, Placed
from ...engine.project import Module, Project

_CURES = {
    "json": "build it with `json.dumps`",
    "query": "quote it with `urllib.parse.quote_plus`",
    "header": "encode it, or refuse quotes, separators and line ends in it",
}


def check(module: Module, project: Project, tally: Tally) -> Iterator[Finding]:
    """Judge every value that a module formats into structured text."""
    placed = project.travel.placed
    for index in range(len(module.facts.functions)):
        for place in placed.of(FunctionRef(module.name, index)):
            tally.seen["values formatted into structured text"] += 1
            found = _judge(module, project, placed, place)
            if found is not None:
                yield found


def _judge(module: Module, project: Project, placed: Placed, place: Place) -> Finding | None:
    worth = placed.worth(place)
    made = project.names.value(place.at)
    if made is None or made.at is None:
        return None
    what, steps = "", worth.steps
    if worth.element >= Origin.SUSPECTED:
        what = f"{steps[0].message}, from outside," if steps else "an outside value"
    elif worth.element is Origin.UNKNOWN and place.syntax == "json" and place.quoted:
        # A record's text was written by somebody once, and a quotation mark in it is enough.
        record = placed.record(place)
        what, steps = f"`{record}`, text of a record," if record else "", ()
    if not what:
        return None
    into = {"json": "JSON", "query": "a query", "header": "a header"}[place.syntax]
    if place.header and place.syntax == "header":
        into = f"the header `{place.header}`"
    message = f"{what} is formatted into {into} that `{place.call}` sends: {_CURES[place.syntax]}"
    sure = worth.element is Origin.OUTSIDE and place.sure
    confidence: Confidence = "proved" if sure else "suspected"
    trail = (*steps, *place.steps)
    return Finding("INC208", module.path, made.at, message, confidence, trail)
