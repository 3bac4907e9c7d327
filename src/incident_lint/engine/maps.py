"""Containers that live with the process and gain an entry for each value of an outsider."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ..knowledge.paths import Path
from ..model.facts import Value
from ..model.source import Span
from .along import Along, parameters_in
from .caches import caches, wrapped
from .callers import Callers
from .cardinality import DOUBTFUL, UNKNOWN, Cardinality
from .definitions import FunctionRef, Ref
from .finding import Step
from .fold import Fold
from .growth import Gain, Growth
from .guards import same
from .lattice import Context, Folded, bound_in
from .lifetimes import Lifetimes
from .serving import Reached, Serving
from .shrinking import Shrinking
from .sizes import Sizes
from .slots import Kept, Slot

if TYPE_CHECKING:
    from .project import Project
    from .travel import Travel


_HERE = "where the entry is added"


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


class Keys(Cardinality):
    """How many entries there can be under a key: of what is another one for each object (`id()`)
    there may be few."""

    def library(self, path: Path, parts: Sequence[int], ref: Ref) -> int | None:
        row = self._catalogue.match("unbounded-value", path)
        if row is not None and row.keys.get("of_objects"):
            return UNKNOWN
        return super().library(path, parts, ref)


class Maps:
    """Answers of "which containers grow when this function serves?" for one project."""

    def __init__(self, project: Project, travel: Travel) -> None:
        self._project = project
        self._values = travel.values
        lifetimes = Lifetimes(project, travel.values)
        self._lifetimes = lifetimes
        self._serving = Serving(project, travel.values, lifetimes)
        self._growth = Growth(project, travel.values, lifetimes)
        self._shrinking = Shrinking(project, travel.bodies, travel.values, lifetimes)
        self._sizes = Sizes(travel.values, lifetimes, Callers(project, travel.values))
        self._fold = Fold(project, travel.bodies, travel.values, Keys(project))
        self._along = Along(project, travel.values, self._fold)

    def grown(self, function: FunctionRef) -> Iterator[Grown]:
        """What grows when a function serves; nothing, if it does not serve."""
        for reached in self._serving.reached(function):
            for gain in self._growth.gains(reached.function, reached.known):
                kept = self._lifetimes.of(gain.container, dict(reached.known))
                if kept is not None and not self._is_there(gain, kept, reached):
                    yield self._judged(function, reached, gain, kept)

    def cached(self, function: FunctionRef) -> Iterator[Grown]:
        """The caches without a limit that are filled when a function serves."""
        for reached in self._serving.reached(function):
            for cache in caches(self._project, self._values, reached.function):
                if not cache.unbounded or self._misses_owner(reached.function):
                    continue
                callee = self._values.function(reached.function)
                names = frozenset(param.name for param in callee.params)
                context = self._along.context(reached, names)
                worths = [
                    self._parameter(reached.function, param.name, context)
                    for param in callee.params
                ]
                at, steps = self._along.place(
                    function, reached, reached.function.module, cache.at, _HERE
                )
                what = f"the cache of `{callee.name}()`"
                worth = self._fold.join(worths)
                slot = Slot(reached.function, "cache")
                sure = reached.entry.sure and worth.element > DOUBTFUL
                yield Grown(Kept(slot, what), worth, at, (*worth.steps, *steps), "", sure)

    def _misses_owner(self, ref: FunctionRef) -> bool:
        """Whether the answers depend on who asks: INC306 speaks of that cache."""
        return any(answers for _, answers in self._project.travel.kept_answers.cached(ref))

    def wrapped(self, function: FunctionRef) -> Iterator[Grown]:
        """The same of caches that are put around a function where it is bound to another name."""
        for reached in self._serving.reached(function):
            for number, value in enumerate(self._values.function(reached.function).values):
                call = Ref(reached.function.module, reached.function.index, number)
                if value.op == "call" and value.at is not None:
                    for cache in wrapped(self._project, self._values, call.at(value.args[0])):
                        if cache.unbounded and len(value.args) > 1:
                            yield self._by_wrapped(function, reached, call, value, value.at)

    def _by_wrapped(
        self, function: FunctionRef, reached: Reached, call: Ref, value: Value, written: Span
    ) -> Grown:
        facts = self._values.function(reached.function)
        context = self._along.context(reached, parameters_in(facts, value.args[1:]))
        worth = self._fold.join(
            [self._fold.fold_at(call.at(each), call.value, context) for each in value.args[1:]]
        )
        name = facts.values[value.args[0]].text.rpartition(":")[2]
        at, steps = self._along.place(function, reached, call.module, written, _HERE)
        kept = Kept(Slot(call.module, name), f"the cache of `{name}()`")
        sure = reached.entry.sure and worth.element > DOUBTFUL
        return Grown(kept, worth, at, (*worth.steps, *steps), "", sure)

    def _parameter(self, ref: FunctionRef, name: str, context: Context[int]) -> Folded[int]:
        known = bound_in(context, ref, name)
        if known is not None:
            return known
        for number, value in enumerate(self._values.function(ref).values):
            if (value.op, value.text) == ("param", name):
                return self._fold.fold(Ref(ref.module, ref.index, number), context)
        return self._fold.unknown("a parameter that is not read")

    def _judged(self, function: FunctionRef, reached: Reached, gain: Gain, kept: Kept) -> Grown:
        wanted = parameters_in(self._values.function(reached.function), [gain.entry.value])
        worth = self._fold.fold_at(gain.entry, gain.use, self._along.context(reached, wanted))
        shrinks = None
        if worth.element >= DOUBTFUL:
            way = [FunctionRef(call.at.module, call.at.function) for call in reached.calls]
            shrinks = self._shrinking.of(kept.slot, [function, *way, reached.function])
            if shrinks is None and self._is_measured(reached, gain, kept):
                shrinks = "its size is looked at first"
        at, steps = self._along.place(function, reached, gain.container.module, gain.at, _HERE)
        sure = reached.entry.sure and worth.element > DOUBTFUL
        sure = sure and all(call.made.sure for call in reached.calls)
        return Grown(kept, worth, at, (*worth.steps, *steps), shrinks or "", sure)

    def _is_measured(self, reached: Reached, gain: Gain, kept: Kept) -> bool:
        """Whether the container's size decides on the way whether it gains another entry."""
        if self._sizes.decides(reached.function, gain.use, kept.slot):
            return True
        return any(
            self._sizes.decides(
                FunctionRef(call.at.module, call.at.function), call.at.value, kept.slot
            )
            for call in reached.calls
        )

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


def undecided(grown: Grown) -> str:
    """Why nobody can tell whether a container grows; "": somebody can."""
    return grown.worth.cause if grown.worth.element == UNKNOWN else ""
