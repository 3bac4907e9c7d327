"""Functions whose answers are kept for ever, by their arguments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from ..knowledge.catalogue import Row
from ..model.source import Span
from .arguments import argument
from .definitions import FunctionRef, Local, Ref
from .thing import Api, Made

if TYPE_CHECKING:
    from .project import Project
    from .values import Values

ROLE = "cache-decorator"


class Cache(NamedTuple):
    """A decorator that keeps a function's answers, where it is written, whether it ever lets one
    go, and its value."""

    row: Row
    at: Span
    unbounded: bool
    made: Ref


def caches(project: Project, values: Values, ref: FunctionRef) -> Iterator[Cache]:
    """The decorators of a function that keep its answers."""
    function = values.function(ref)
    if not function.decorators:
        return
    around = values.function(FunctionRef(ref.module, function.parent))
    for applied in around.values:
        if applied.op != "decorated" or applied.args[0] not in function.decorators:
            continue
        place = Ref(ref.module, function.parent, applied.args[0])
        for thing in values.describe(place):
            row = project.catalogue.match(ROLE, thing.path) if isinstance(thing, Api) else None
            if row is not None and applied.at is not None:
                yield Cache(row, applied.at, _is_unbounded(project, place, row), place)


def wrapped(project: Project, values: Values, called: Ref) -> Iterator[Cache]:
    """What keeps the answers of what is called, if it was made by hand: `cached = cache(load)`."""
    for definition in project.names.resolve(*called):
        made = project.names.value(definition.ref) if isinstance(definition, Local) else None
        if not isinstance(definition, Local) or made is None or made.op != "call":
            continue
        place = definition.ref.at(made.args[0])
        for thing in values.describe(place):
            row = project.catalogue.match(ROLE, thing.path) if isinstance(thing, Api) else None
            inside = values.describe(definition.ref.at(made.args[1])) if len(made.args) > 1 else ()
            if row is not None and made.at is not None:
                if any(isinstance(each, Made) for each in inside):
                    yield Cache(row, made.at, _is_unbounded(project, place, row), place)


def _is_unbounded(project: Project, place: Ref, row: Row) -> bool:
    """Whether a row, or a condition of it about the decorator's arguments, says so."""
    conditions = row.keys.get("unbounded_if")
    if conditions is None:
        return bool(row.keys.get("unbounded"))
    made = project.names.value(place)
    for condition in conditions if made is not None and made.op == "call" else ():
        name, _, wanted = condition.partition("=")
        given = argument(made, int(name) if name.isdigit() else name) if made is not None else None
        value = None if given is None else project.names.value(place.at(given))
        if value is not None and value.text == wanted:
            return True
    return False
