"""How many series a call makes: each of its labels and names, with what it is worth."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from ..knowledge.catalogue import Row
from ..knowledge.paths import Segment
from ..model.source import Span
from . import written
from .arguments import words_of
from .cardinality import BOUNDED, ENTITY, UNKNOWN, Cardinality
from .contents import Containers
from .definitions import FunctionRef, Ref
from .emitting import Emitting
from .fold import Fold
from .kinds import Kinds
from .lattice import NO_CALLER, Folded
from .metrics import DEFINITION, LABEL, Label, Metrics, Sink
from .offered import Offered
from .ways import Ways

if TYPE_CHECKING:
    from .project import Project
    from .travel import Travel

_NOWHERE = Span(1, 1, 1, 1)


class Judged(NamedTuple):
    """A label (or name) of a call: the row that says so, what the code calls the metric, what the
    value is worth there, where it is written. `told_by_name`: nobody in this file knows what it
    gets, but it is called like something that is unbounded. `offered`: a constant of the module
    that lists what the function expects the value to be."""

    row: Row
    metric: str
    label: Label
    worth: Folded[int]
    span: Span
    told_by_name: bool
    offered: str = ""

    @property
    def causes(self) -> tuple[object, ...]:
        """What is the same in two labels that have one cause: where the value is read from
        outside, or what is read there if the labels are called the same."""
        if self.told_by_name:
            return (self.label.name,)
        if not self.worth.steps:
            return (self.label.value,)
        start = self.worth.steps[0]
        return start, (start.message, self.label.name)


class Written(NamedTuple):
    """What a call writes to metrics; `causes` say of what nobody can tell how much it is.
    `left`: what parameters get that callers in other files pass, who will be judged for it.
    `anew`: it makes a metric, and does so each time when its function serves."""

    labels: tuple[Judged, ...]
    causes: tuple[str, ...]
    left: bool = False
    anew: Judged | None = None


class Series:
    """Answers of "how many values can the labels of this call take?" for one project."""

    sinks: type[Metrics] = Metrics
    lattice: type[Cardinality] = Cardinality

    def __init__(self, project: Project, travel: Travel) -> None:
        self._project = project
        kinds = Kinds(project, travel.values)
        containers = Containers(project, travel.bodies, travel.values, kinds)
        self._offered = Offered(project, containers)
        self._metrics = self.sinks(project, travel, containers)
        self._fold = Fold(project, travel.bodies, travel.values, self.lattice(project))
        self._emitting = Emitting(project, travel.values, self._metrics, self._fold)

    def judged(self, ref: Ref) -> Written | None:
        """What a call writes to metrics; None: nothing that anybody knows of."""
        sinks = self._metrics.of(ref)
        if not sinks:
            return self._elsewhere(ref)
        found = [self._judge(ref, sink, label) for sink in sinks for label in sink.labels]
        if all(sink.row.role == DEFINITION for sink in sinks):
            anew = found[0] if found and self._is_anew(ref, sinks[0]) else None
            if anew is not None:
                return Written((), (), anew=anew._replace(span=self._span(ref, anew.label)))
            found = [each for each in found if each.worth.element > UNKNOWN]
            return Written(tuple(found), ()) if found else None
        return self._written(found, [sink.cause for sink in sinks if sink.cause])

    def _elsewhere(self, ref: Ref) -> Written | None:
        """What a function of another file writes to metrics when it is called so; the finding is
        at the call."""
        made = self._project.names.value(ref)
        if made is None or made.op != "call" or made.at is None:
            return None
        found = []
        for value, reached in self._emitting.calls(ref, made):
            worth = self._fold.fold_at(value, ref.value)
            step = self._fold.step(ref, f"passed as `{reached.parameter}`")
            way = worth.but(steps=(*worth.steps, *step, *reached.steps))
            sink = reached.sink
            found.append(Judged(sink.row, sink.metric, reached.label, way, made.at, False))
        if not found:
            return None
        return self._written(found, ())

    def _written(self, found: Sequence[Judged], more: Sequence[str]) -> Written:
        causes = [each.worth.cause for each in found if each.worth.element == UNKNOWN]
        known = tuple(cause for cause in (*causes, *more) if cause != NO_CALLER)
        return Written(tuple(found), known, NO_CALLER in causes)

    def _is_anew(self, ref: Ref, sink: Sink) -> bool:
        """Whether a call makes a metric whenever its function serves, and not only the first
        time."""
        values = self._project.travel.values
        function = FunctionRef(ref.module, ref.function)
        serves = {entry.scope for entry in values.entry_points.of(function) if entry.sure}
        if not serves & {"request", "message", "connection"}:
            return False
        made = self._project.names.value(ref)
        assert made is not None, "a call that was just followed is loaded"
        unless = {text.partition("=")[0] for text in sink.row.keys.get("unless", ())}
        if unless.intersection(words_of(made)):
            return False
        ways = Ways(values.function(function))
        return not ways.conditions(ways.place[ref.value])

    def _judge(self, ref: Ref, sink: Sink, label: Label) -> Judged:
        # What lies in a container of another function is not made where this call is.
        here = (label.value.module, label.value.function) == (ref.module, ref.function)
        fold = self._fold
        worth = fold.fold_at(label.value, ref.value) if here else fold.fold(label.value)
        told = (
            worth.element == UNKNOWN
            and worth.cause == NO_CALLER
            and sink.row.role == LABEL
            and label.name.isidentifier()
            and self._project.catalogue.match("telling-name", (Segment("name", label.name),))
            is not None
        )
        silent = worth.element in (BOUNDED, UNKNOWN) and not told
        span = _NOWHERE if silent else self._span(ref, label)
        offered = self._offered.of(label.value) if here and worth.element >= ENTITY else ""
        return Judged(sink.row, sink.metric, label, worth, span, told, offered)

    def _span(self, ref: Ref, label: Label) -> Span:
        module = self._project.module(ref.module)
        made = self._project.names.value(ref)
        assert module is not None and made is not None, "a call that was just followed is loaded"
        if made.at is None:
            return _NOWHERE
        return written.argument(module.source, made.at, label.position, label.way)
