"""The keys of rate limits: which arguments are one, and what they are worth to who evades it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..knowledge.catalogue import Row
from ..knowledge.paths import CALL, Segment, parse
from ..model.source import Span
from .callers import Callers
from .constants import text_of
from .contents import Containers
from .definitions import ClassRef, FunctionRef, Ref
from .evasion import Evasion
from .lattice import Folded
from .metrics import Label, Metrics, Sink
from .project import Project
from .series import Judged, Series
from .thing import Api, Instance, Made, Thing
from .travel import Travel
from .ways import Item

KEY, METHOD, REQUEST = "throttle-key", "throttle-key-method", "request-object"


class Limits(Metrics):
    """Answers of "which arguments of this call are the key of a rate limit?" for one project."""

    roles = (KEY,)
    shaped = (KEY,)

    def __init__(self, project: Project, travel: Travel, containers: Containers) -> None:
        super().__init__(project, travel, containers)
        self._objects = travel.values

    def _is_open(self, things: Sequence[Thing]) -> bool:
        """A limiter is mostly the project's own: how it is called tells."""
        return True

    def _by_path(self, things: Sequence[Thing]) -> list[Row]:
        found = super()._by_path(things)
        for thing in things if not found else ():
            if isinstance(thing, Made) and not thing.bound:
                name = Segment("name", self._objects.function(thing.function).name)
                row = self._project.catalogue.match(KEY, (name, CALL))
                found += [row] if row is not None else []
        return found[:1]


class Throttles(Series):
    """Answers of "can the sender choose this key?" for one project."""

    sinks = Limits
    lattice = Evasion

    def __init__(self, project: Project, travel: Travel) -> None:
        super().__init__(project, travel)
        self._travel = travel
        self._callers = Callers(project, travel.values)

    def is_text(self, ref: Ref) -> bool:
        """Whether a key is no object: not the request itself."""
        whole = self._project.catalogue.names(REQUEST)
        return not any(
            isinstance(thing, Instance)
            or (isinstance(thing, Api) and thing.path[-1] == CALL and thing.path[-2].text in whole)
            for thing in self._travel.values.describe(ref)
        )

    def named(self, ref: Ref, judged: Judged) -> tuple[str, Span] | None:
        """What a key of a call says that is written as a text (`"header:x-client"`), and where;
        None: nothing."""
        made = self._project.names.value(judged.label.value)
        text = text_of(made) if made is not None else None
        prefixes = tuple(judged.row.keys.get("texts", "").split())
        if text is None or not prefixes or not text.startswith(prefixes):
            return None
        return text, self._span(ref, judged.label)

    def given(self, function: FunctionRef) -> Iterator[tuple[Span, Folded[int]]]:
        """What a method gives that the framework takes for the key, and where."""
        facts = self._travel.values.function(function)
        if facts.owner < 0 or not self._is_asked(function, facts.name):
            return
        for value in self._callers.returned(function):
            made = self._project.names.value(value)
            if made is not None and made.at is not None:
                yield made.at, self._where_returned(value)

    def _judge(self, ref: Ref, sink: Sink, label: Label) -> Judged:
        judged = super()._judge(ref, sink, label)
        if label.value[:2] == ref[:2]:
            return judged
        return judged._replace(worth=self._where_returned(label.value))

    def _where_returned(self, value: Ref) -> Folded[int]:
        """What a value is worth where its function gives it back."""
        function = self._travel.values.function(FunctionRef(value.module, value.function))
        found = [
            self._fold.fold_at(value, Item(number, -1, place))
            for number, block in enumerate(function.blocks)
            for place, effect in enumerate(block.effects)
            if effect.kind == "return" and effect.args[0] == value.value
        ]
        return self._fold.join(found) if found else self._fold.fold(value)

    def _is_asked(self, function: FunctionRef, name: str) -> bool:
        order = self._project.classes.order(
            ClassRef(function.module, self._travel.values.function(function).owner)
        )
        return any(
            self._project.catalogue.match(
                METHOD, (*parse(base)[0], CALL, Segment("name", name), CALL)
            )
            for base in order.external
        )
