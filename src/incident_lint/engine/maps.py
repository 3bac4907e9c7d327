"""Containers that live with the process and gain an entry for each value of an outsider."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from ..model.source import Span
from .caches import caches
from .cardinality import DOUBTFUL, UNKNOWN, Cardinality
from .definitions import FunctionRef
from .finding import Step
from .fold import Fold
from .growth import Gain, Growth
from .guards import same
from .lattice import Context, Folded
from .lifetimes import Kept, Lifetimes, Slot
from .serving import Reached, Serving
from .shrinking import Shrinking

if TYPE_CHECKING:
    from .project import Project
    from .travel import Travel


class Grown(NamedTuple):
    """A place where an entry is added while the program serves: whose (`kept`), how many values
    the entry can be, the place or the call in the asked module that leads there, and what keeps
    the container small or makes that unknown ("": nothing does)."""

    kept: Kept
    worth: Folded[int]
    at: Span
    steps: tuple[Step, ...]
    shrinks: str
    sure: bool


class Maps:
    """Answers of "which containers grow when this function serves?" for one project."""

    def __init__(self, project: Project, travel: Travel) -> None:
        self._project = project
        self._values = travel.values
        lifetimes = Lifetimes(project, travel.values)
        self._lifetimes = lifetimes
        self._serving = Serving(project, travel.values, lifetimes)
        self._growth = Growth(project, travel.values)
        self._shrinking = Shrinking(project, travel.bodies, travel.values, lifetimes)
        self._fold = Fold(project, travel.bodies, travel.values, Cardinality(project))

    def grown(self, function: FunctionRef) -> Iterator[Grown]:
        """What grows when a function serves; nothing, if it does not serve."""
        for reached in self._serving.reached(function):
            for gain in self._growth.gains(reached.function):
                kept = self._lifetimes.of(gain.container, dict(reached.known))
                if kept is not None and not self._is_there(gain, kept, reached):
                    yield self._judged(function, reached, gain, kept)

    def cached(self, function: FunctionRef) -> Iterator[Grown]:
        """The caches without a limit that are filled when a function serves."""
        for reached in self._serving.reached(function):
            for cache in caches(self._project, self._values, reached.function):
                if not cache.unbounded:
                    continue
                context = self._context(reached)
                callee = self._values.function(reached.function)
                worths = [
                    self._fold.parameter(reached.function, param.name, context)
                    for param in callee.params
                ]
                at, steps = self._place(function, reached, reached.function.module, cache.at)
                what = f"the cache of `{callee.name}()`"
                worth = self._fold.join(worths)
                slot = Slot(reached.function, "cache")
                sure = reached.entry.sure and worth.element > DOUBTFUL
                yield Grown(Kept(slot, what), worth, at, (*worth.steps, *steps), "", sure)

    def _judged(self, function: FunctionRef, reached: Reached, gain: Gain, kept: Kept) -> Grown:
        worth = self._fold.fold_at(gain.entry, gain.use, self._context(reached))
        shrinks = None
        if worth.element >= DOUBTFUL:
            way = [FunctionRef(call.at.module, call.at.function) for call in reached.calls]
            shrinks = self._shrinking.of(kept.slot, [function, *way, reached.function])
        at, steps = self._place(function, reached, gain.container.module, gain.at)
        sure = reached.entry.sure and worth.element > DOUBTFUL
        sure = sure and all(call.made.sure for call in reached.calls)
        return Grown(kept, worth, at, (*worth.steps, *steps), shrinks or "", sure)

    def _context(self, reached: Reached) -> Context[int]:
        """What parameters are worth, along the calls that lead to a function."""
        context: Context[int] = ()
        for call in reached.calls:
            context = self._fold.inside(call.made, call.at, context)
        return context

    def _is_there(self, gain: Gain, kept: Kept, reached: Reached) -> bool:
        """Whether the entry is there already: `if key in seen: seen[key] += 1`."""
        function = self._values.function(reached.function)
        for condition, outcome in self._fold.guards.around(gain.entry, gain.use):
            made = function.values[condition]
            if made.op == "compare" and outcome is {"in": True, "not in": False}.get(made.text):
                key, container = made.args
                if same(function, key, gain.entry.value):
                    other = self._lifetimes.of(gain.entry.at(container), dict(reached.known))
                    return other is not None and other.slot == kept.slot
        return False

    def _place(
        self, function: FunctionRef, reached: Reached, home: str, written: Span
    ) -> tuple[Span, tuple[Step, ...]]:
        """Where it is reported, and the way there from the entry point: at the place itself if
        that is in the entry point's file, else at the last call there."""
        steps: list[Step] = []
        at = written
        for call in reached.calls:
            made = self._project.names.value(call.at)
            module = self._project.module(call.at.module)
            if made is None or made.at is None or module is None:
                continue
            callee = self._values.function(call.made.function)
            steps.append(Step(module.path, made.at, f"calls `{callee.name}()`"))
            if call.at.module == function.module and home != function.module:
                at = made.at
        last = self._project.module(home)
        assert last is not None, "a module that was just followed is loaded"
        steps.append(Step(last.path, written, "where the entry is added"))
        return at, tuple(steps)


def undecided(grown: Grown) -> str:
    """Why nobody can tell whether a container grows; "": somebody can."""
    return grown.worth.cause if grown.worth.element == UNKNOWN else ""
