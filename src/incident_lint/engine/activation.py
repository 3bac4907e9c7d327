"""What the parts of an activation (one object in one function) share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from ..knowledge.paths import Path
from ..model.facts import Facts, Function, Value
from ..model.source import Span
from .assume import Assumption
from .body import Body
from .classes import FunctionRef
from .definitions import Ref
from .finding import Step
from .shape import Shape
from .summary import Event, Steps, Summary, Where
from .thing import Bindings, Made, Things

if TYPE_CHECKING:
    from .project import Project
    from .travel import Travel


class Entry(NamedTuple):
    """How an object comes into a function: as a parameter, or as a closure's `free` name, and
    where in it. `shape` is what is known of it, `constants` which parameters are constants,
    `bindings` what parameters of decorators around the function are. With `op` it is there in
    another way: "made" (`name` is the number of the value that holds it) or "global" (every read
    of the module's `name`)."""

    name: str
    free: bool
    where: Where
    part: bool
    shape: Shape
    constants: tuple[tuple[str, str], ...] = ()
    bindings: Bindings = ()
    op: str = ""


class State(NamedTuple):
    """The object (or a piece of it) sits at `where` in `value`."""

    value: int
    where: Where
    part: bool


class Trace(NamedTuple):
    """How the object came to a state: the steps, whether all were seen, and what may be assumed
    of the function's values on this way. `since` is the place from which on the object sits
    there (None: from the value's beginning), `piece` what is known of a piece of the object."""

    steps: Steps
    sure: bool
    assumed: Assumption
    since: tuple[int, int] | None = None
    piece: Shape | None = None

    def then(self, *steps: Step, sure: bool = True) -> Trace:
        """The same way, some steps further."""
        return self._replace(steps=(*self.steps, *steps), sure=self.sure and sure)


class Ground(ABC):
    """The state of an activation, and what its parts may ask of each other."""

    travel: Travel
    project: Project
    ref: FunctionRef
    entry: Entry
    shape: Shape
    summary: Summary
    top: bool
    path: str
    facts: Facts
    function: Function
    body: Body
    assumed: Assumption

    def value_ref(self, value: int) -> Ref:
        """A value of this function, as questions to others name it."""
        return Ref(self.ref.module, self.ref.index, value)

    def describe(self, value: int) -> Things:
        """What a value of this function is."""
        return self.travel.values.describe(self.value_ref(value), self.entry.bindings)

    def key_of(self, index: int) -> str | None:
        """The constant that an index or key is; None: it may be any."""
        made = self.function.values[index]
        if made.op == "unary" and made.text == "-":
            inner = self.key_of(made.args[0])
            return None if inner is None else f"-{inner}"
        return made.text if made.op == "const" else None

    @abstractmethod
    def push(self, value: int, where: Where, part: bool, trace: Trace) -> None: ...

    @abstractmethod
    def push_piece(self, value: int, where: Where, trace: Trace, things: Things = ()) -> None: ...

    @abstractmethod
    def attribute(self, state: State, user: int, made: Value, trace: Trace) -> None: ...

    @abstractmethod
    def still_there(self, state: State, place: tuple[int, int], trace: Trace) -> bool: ...

    @abstractmethod
    def has_pieces(self, state: State) -> bool: ...

    @abstractmethod
    def step(self, at: Span | None, message: str) -> Step: ...

    @abstractmethod
    def change(self, state: State, how: str, at: Span | None, trace: Trace) -> None: ...

    @abstractmethod
    def leave(self, state: State, how: str, at: Span | None, trace: Trace) -> None: ...

    @abstractmethod
    def lose(self, cause: str, at: Span | None) -> None: ...

    @abstractmethod
    def store(
        self, target: int, where: Where, part: bool, trace: Trace, at: Span | None
    ) -> None: ...

    @abstractmethod
    def stays_empty(self, state: State) -> bool: ...

    @abstractmethod
    def use(self, state: State, kind: str, key: int | None) -> None: ...

    @abstractmethod
    def spell(self, value: int) -> str: ...

    @abstractmethod
    def row_roots(self, call: int, path: Path, place: Where) -> list[tuple[int, Where]]: ...

    @abstractmethod
    def arguments_for(
        self, call: int, target: Made, parameter: str
    ) -> Iterable[tuple[int, Where]]: ...

    @abstractmethod
    def call(self, state: State, call: int, position: int, trace: Trace) -> None: ...

    @abstractmethod
    def called(self, state: State, call: int, trace: Trace) -> None: ...

    @abstractmethod
    def method(self, state: State, call: int, name: str, trace: Trace) -> None: ...

    @abstractmethod
    def method_handed_on(self, state: State, user: int, made: Value, trace: Trace) -> None: ...

    @abstractmethod
    def closure_passed(self, label: str, state: State, call: int, trace: Trace) -> None: ...

    @abstractmethod
    def subscript(self, state: State, user: int, trace: Trace) -> None: ...

    @abstractmethod
    def read_property(self, state: State, user: int, name: str, trace: Trace) -> None: ...

    @abstractmethod
    def entered(self, state: State, manager: int, at: Span, trace: Trace) -> None: ...

    @abstractmethod
    def into(
        self, target: Made, call: int, entry: Entry, trace: Trace, given: Where = ()
    ) -> None: ...

    @abstractmethod
    def holders(self, state: State, trace: Trace) -> Things: ...

    @abstractmethod
    def piece(self, state: State, trace: Trace) -> Shape: ...

    @abstractmethod
    def callee(self, ref: FunctionRef) -> Function | None: ...

    @abstractmethod
    def into_enclosing(
        self, name: str, where: Where, part: bool, trace: Trace, at: Span | None
    ) -> None: ...

    @abstractmethod
    def closure_leaves(
        self, label: str, state: State, how: str, at: Span | None, trace: Trace
    ) -> None: ...

    def take_events(self, summary: Summary, trace: Trace, kind: str | None = None) -> None:
        """What a callee does to the object happens on this way."""
        for event in list(summary.events.values()):
            if kind in (None, event.kind):
                found = trace.then(*event.steps, sure=event.sure)
                self.summary.event(Event(event.kind, event.how, found.steps, found.sure))
