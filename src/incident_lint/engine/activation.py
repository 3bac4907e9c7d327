"""What the parts of an activation (one object in one function) share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from ..knowledge.paths import Path
from ..model.facts import Facts, Function
from ..model.source import Span
from .assume import Assumption, Shape
from .body import Body
from .classes import FunctionRef
from .definitions import Ref
from .finding import Step
from .summary import Steps, Summary, Where
from .things import Bindings, Made, Things

if TYPE_CHECKING:
    from .project import Project
    from .travel import Travel


class Entry(NamedTuple):
    """How an object comes into a function: as a parameter, or as a closure's `free` name, and
    where in it. `shape` is what is known of it, `constants` which parameters are constants,
    `bindings` what parameters of decorators around the function are."""

    name: str
    free: bool
    where: Where
    part: bool
    shape: Shape
    constants: tuple[tuple[str, str], ...] = ()
    bindings: Bindings = ()


class State(NamedTuple):
    """The object (or a piece of it) sits at `where` in `value`."""

    value: int
    where: Where
    part: bool


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

    @abstractmethod
    def push(
        self,
        value: int,
        where: Where,
        part: bool,
        steps: Steps,
        sure: bool,
        since: tuple[int, int] | None = None,
    ) -> None: ...

    @abstractmethod
    def step(self, at: Span | None, message: str) -> Step: ...

    @abstractmethod
    def change(
        self, state: State, how: str, at: Span | None, steps: Steps, sure: bool
    ) -> None: ...

    @abstractmethod
    def leave(self, state: State, how: str, at: Span | None, steps: Steps, sure: bool) -> None: ...

    @abstractmethod
    def lose(self, cause: str, at: Span | None) -> None: ...

    @abstractmethod
    def store(
        self,
        target: int,
        where: Where,
        part: bool,
        steps: Steps,
        sure: bool,
        at: Span | None,
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
    def into_enclosing(
        self, name: str, where: Where, part: bool, steps: Steps, sure: bool, at: Span | None
    ) -> None: ...

    @abstractmethod
    def closure_leaves(
        self, label: str, state: State, how: str, at: Span | None, steps: Steps, sure: bool
    ) -> None: ...
