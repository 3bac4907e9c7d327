"""What runs when the program serves: entry points, and what they call, as far as it is followed.

Each function is entered with what is known of its arguments: which of them live with the process.
What they are worth is asked for later, along the calls that led there, and only where it matters.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from ..model.facts import Function
from .callers import arguments
from .definitions import FunctionRef, Ref
from .entry_points import EntryPoint
from .lifetimes import Lifetimes
from .slots import Handed, Kept
from .thing import Api, ClassThing, Made

if TYPE_CHECKING:
    from .project import Project
    from .values import Values

_DEEPEST = 8
_MOST = 300
_MOST_KNOWN = 20_000
_NOBODY = "start"


class Call(NamedTuple):
    """A call on the way, and the function of the project that it runs."""

    at: Ref
    made: Made


class Reached(NamedTuple):
    """A function that runs while the program serves: the `calls` that lead there from the entry
    point, and which of its parameters live with the process."""

    made: Made
    calls: tuple[Call, ...]
    known: Handed
    entry: EntryPoint

    @property
    def function(self) -> FunctionRef:
        """Which function it is."""
        return self.made.function


class Serving:
    """Answers of "what runs when this function serves?" for one project."""

    def __init__(self, project: Project, values: Values, lifetimes: Lifetimes) -> None:
        self._project = project
        self._values = values
        self._lifetimes = lifetimes
        self._known: dict[
            tuple[Made, Handed], tuple[Function, tuple[tuple[Call, Handed], ...]]
        ] = {}

    def entry(self, function: FunctionRef) -> EntryPoint | None:
        """How a function serves requests or messages; None: nothing says that it does."""
        found = [e for e in self._values.entry_points.of(function) if e.scope != _NOBODY]
        return max(found, key=lambda entry: entry.sure, default=None)

    def is_command(self, ref: FunctionRef) -> bool:
        """Whether a decorator makes something else of a function, such as a command of the shell:
        nobody calls it while something is served."""
        function = self._values.function(ref)
        for decorator in function.decorators:
            for thing in self._values.describe(Ref(ref.module, function.parent, decorator)):
                row = None
                if isinstance(thing, Api):
                    row = self._project.catalogue.match("wrapper", thing.path)
                if row is not None and row.keys["result"] == "other":
                    return True
        return False

    def reached(self, function: FunctionRef) -> Iterator[Reached]:
        """An entry point, and what it calls; nothing, if it is none."""
        entry = self.entry(function)
        if entry is None:
            return
        known = tuple(self._own(function, entry))
        todo = deque(Reached(made, (), known, entry) for made in self._starts(function))
        seen = {(start.made, start.known) for start in todo}
        while todo:
            at = todo.popleft()
            yield at
            for after in self._called(at) if len(at.calls) < _DEEPEST else ():
                key = after.made, after.known
                if key not in seen and len(seen) < _MOST:
                    seen.add(key)
                    todo.append(after)

    def _starts(self, ref: FunctionRef) -> list[Made]:
        """What runs when the framework calls a function: it, and what its decorators make of it."""
        found = {Made(ref): None}
        function = self._values.function(ref)
        if function.decorators:
            values = self._values.function(FunctionRef(ref.module, function.parent)).values
            whole = next(
                n for n, v in enumerate(values) if (v.op, v.text) == ("func", str(ref.index))
            )
            for number in range(whole, len(values)):
                if values[number].op == "decorated" and values[number].args[1] == whole:
                    whole = number
            for thing in self._values.describe(Ref(ref.module, function.parent, whole)):
                if isinstance(thing, Made) and thing.function != ref:
                    found[thing] = None
        return list(found)

    def _own(
        self, function: FunctionRef, entry: EntryPoint
    ) -> Iterator[tuple[tuple[FunctionRef, str], Kept]]:
        """The object whose method it is, if the framework makes one for the process."""
        facts = self._values.function(function)
        if entry.row.keys.get("lifetime") == "process" and facts.owner >= 0 and facts.params:
            kept = self._lifetimes.framework_made(function)
            if kept is not None:
                yield (function, facts.params[0].name), kept

    def _called(self, at: Reached) -> Iterator[Reached]:
        """The functions that one calls; found once, however many entry points lead there."""
        function = self._values.function(at.function)
        asked, found = self._known.get((at.made, at.known), (None, ()))
        if asked is not function:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            found = tuple(self._found(at.made, dict(at.known), function))
            self._known[at.made, at.known] = function, found
        for call, inside in found:
            yield Reached(call.made, (*at.calls, call), inside, at.entry)

    def _found(
        self, made: Made, known: dict[tuple[FunctionRef, str], Kept], function: Function
    ) -> Iterator[tuple[Call, Handed]]:
        for number, value in enumerate(function.values):
            if value.op != "call":
                continue
            call = Ref(made.function.module, made.function.index, number)
            for thing in self._values.describe(call.at(value.args[0]), made.bindings):
                if isinstance(thing, ClassThing):
                    methods = self._project.classes.find_method(thing.ref, "__init__").functions
                    thing = Made(methods[0], 1) if methods else thing
                if isinstance(thing, Made):
                    yield Call(call, thing), tuple(self._handed(call, thing, known))

    def _handed(
        self, call: Ref, made: Made, known: dict[tuple[FunctionRef, str], Kept]
    ) -> Iterator[tuple[tuple[FunctionRef, str], Kept]]:
        """The parameters of a callee that hold what lives with the process."""
        value = self._project.names.value(call)
        assert value is not None, "a call that was just followed is loaded"
        function = self._values.function(made.function)
        called = self._project.names.value(call.at(value.args[0]))
        if made.bound == 1 and function.params and called is not None and called.op == "attr":
            kept = self._lifetimes.of(call.at(called.args[0]), known)
            if kept is not None:
                yield (made.function, function.params[0].name), kept
        for param, argument in arguments(function, made.bound, value):
            kept = None if argument is None else self._lifetimes.of(call.at(argument), known)
            if kept is not None:
                yield (made.function, param.name), kept
