"""What conditions leave of a value: of itself, and of what came back with what they ask about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic

from ..model.facts import Function, Value
from .callers import Callers
from .definitions import FunctionRef, Ref
from .guards import Limits, bare, truth
from .lattice import Context, Folded, T
from .thing import Made
from .ways import Item

if TYPE_CHECKING:
    from .fold import Fold
    from .project import Project
    from .values import Values


class Limited(Generic[T]):
    """The part of a fold that reads conditions."""

    def __init__(self, fold: Fold[T], project: Project, values: Values, callers: Callers) -> None:
        self._fold = fold
        self._project = project
        self._values = values
        self._callers = callers

    def around(self, ref: Ref, use: int | Item, plain: Folded[T], context: Context[T]) -> Folded[T]:
        """What is left of a value by the conditions around a place of its function: of what is
        read again (`if x.kind in KINDS: use(x.kind)`), or under a name (`ok = x in KINDS`)."""
        lattice, guards = self._fold.lattice, self._fold.guards
        if plain.element == lattice.finite:
            return plain
        for condition, outcome in guards.around(ref, use):
            plain = self.by(ref, plain, condition, ref.value, outcome, context)
        if plain.element not in (lattice.finite, lattice.unknown):
            limits = guards.on_every_way(ref, use)
            return plain if limits is None else self._left(plain, limits, context)
        return plain

    def by(
        self,
        ref: Ref,
        plain: Folded[T],
        condition: int,
        subject: int,
        outcome: bool,
        context: Context[T],
    ) -> Folded[T]:
        """What one condition leaves of `plain`, the worth of `subject`."""
        limits = self._fold.guards.limits(ref, condition, subject, outcome)
        if limits is not None:
            return self._left(plain, limits, context)
        together = self._together(ref, condition, subject, outcome, context)
        if together is not None:
            return self._less(plain, together)
        if plain.element == self._fold.lattice.doubtful and self._looks_at(ref, condition, subject):
            return self._fold.unknown("a condition that may limit it")
        return plain

    def _left(self, plain: Folded[T], limits: Limits, context: Context[T]) -> Folded[T]:
        fold = self._fold
        parts = [fold.fold(same, context) for same in limits.same]
        parts += [fold.parts.contained(container, context) for container in limits.within]
        if limits.finite:
            parts.append(Folded(fold.lattice.finite))
        if limits.unknown:
            parts.append(fold.unknown("a condition that may limit it"))
        return self._less(plain, fold.join(parts))

    def _less(self, plain: Folded[T], left: Folded[T]) -> Folded[T]:
        less = self._fold.lattice.join(left.element, plain.element) == plain.element
        return left if less else plain

    def _looks_at(self, ref: Ref, condition: int, subject: int) -> bool:
        """Whether a function of the project was asked about the object of which the value is a
        part (`path, known = find(request)`, for `request.method`), and its answer decides."""
        function = self._values.function(FunctionRef(ref.module, ref.function))
        while function.values[condition].op in (
            "not",
            "refine",
            "elem",
            "attr",
            "await",
            "compare",
        ):
            condition = function.values[condition].args[0]
        asked = function.values[condition]
        part = bare(function, subject)
        while function.values[part].op in ("attr", "item"):
            part = bare(function, function.values[part].args[0])
        if asked.op != "call" or part not in (bare(function, v) for v in asked.args[1:]):
            return False
        things = self._values.describe(ref._replace(value=asked.args[0]))
        return bool(things) and all(isinstance(thing, Made) for thing in things)

    # what came back together

    def _together(
        self, ref: Ref, condition: int, subject: int, outcome: bool, context: Context[T]
    ) -> Folded[T] | None:
        """`path, known = find(request)`, and `known` is asked: what `find` gives beside an answer
        that is so. A part of an object that it gives, asked by its name, may say so as well."""
        function = self._values.function(FunctionRef(ref.module, ref.function))
        while function.values[condition].op in ("not", "refine"):
            outcome = outcome is not (function.values[condition].op == "not")
            condition = function.values[condition].args[0]
        asked, wanted = function.values[condition], function.values[bare(function, subject)]
        call = _call_of(function, asked)
        if call is None or call != _call_of(function, wanted) or asked == wanted:
            return None
        if asked.op != "attr":
            at = ref._replace(value=call)
            return self.element(at, wanted.text, context, asked.text, outcome)
        things = self._values.describe(ref._replace(value=function.values[call].args[0]))
        if not all(isinstance(thing, Made) and thing.sure for thing in things):
            return None
        return self._fold.unknown("a condition that may limit it")

    def element(
        self, call: Ref, wanted: str, context: Context[T], asked: str = "", outcome: bool = True
    ) -> Folded[T] | None:
        """What one element of a call's result is worth (if another one, `asked`, is true or false),
        where functions of the project give back tuples; None if nobody can tell."""
        found = []
        made = self._project.names.value(call)
        things = self._values.describe(call._replace(value=made.args[0])) if made else ()
        for thing in things:
            if not isinstance(thing, Made) or not thing.sure:
                return None
            if "generator" in self._values.function(thing.function).flags:
                return None
            inside = self._fold.inside(thing, call, context)
            for given in self._callers.returned(thing.function):
                part = self._part(given, asked, wanted, outcome)
                if part is None:
                    return None
                found += [self._fold.fold(each, inside) for each in part]
        return self._fold.join(found) if found else None

    def _part(self, given: Ref, asked: str, wanted: str, outcome: bool) -> list[Ref] | None:
        """The wanted element of a tuple that is returned, [] if the one that is asked is never so;
        None if nobody can tell."""
        made = self._project.names.value(given)
        if made is None or made.op != "tuple" or made.text:
            return None
        places = [int(place) for place in (asked, wanted) if place.isdigit()]
        if not wanted.isdigit() or max(places) >= len(made.args):
            return None
        function = self._values.function(FunctionRef(given.module, given.function))
        if asked.isdigit() and truth(function, made.args[int(asked)]) is (not outcome):
            return []
        return [given._replace(value=made.args[int(wanted)])]


def _call_of(function: Function, part: Value) -> int | None:
    """The call of whose result a value is an element or an attribute."""
    if part.op not in ("elem", "attr") or not part.args:
        return None
    whole = bare(function, part.args[0])
    while function.values[whole].op == "await":
        whole = bare(function, function.values[whole].args[-1])
    return whole if function.values[whole].op == "call" else None
