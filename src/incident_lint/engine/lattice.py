"""What a question about values consists of: a lattice, and what is known while it is answered."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeAlias, TypeVar

from ..knowledge.paths import CALL, Path, Segment
from ..model.facts import Param
from .definitions import FunctionRef, Ref
from .finding import Step
from .thing import Things

T = TypeVar("T")

CAUGHT = (Segment("name", "BaseException"), CALL)
"""The API path that stands for a caught exception, whatever its class."""

PARAMETER = "the parameter "
"""How the step begins from which a parameter's own worth comes."""

NO_CALLER = "a parameter that no caller is seen of"
"""The cause of what is only known to whoever calls from another file."""


@dataclass(frozen=True)
class Folded(Generic[T]):
    """What a value is worth, the steps from where that comes from, and, if nobody can tell, why.

    `circular` is the number of the question (see `rounds`) that this depends on and that is still
    being answered, or 0. Two are equal if they are worth the same.
    """

    element: T
    steps: tuple[Step, ...] = field(default=(), compare=False)
    cause: str = field(default="", compare=False)
    circular: int = field(default=0, compare=False)

    def but(self, **changes: Any) -> Folded[T]:
        """The same with some of it changed."""
        return replace(self, **changes)


class Lattice(ABC, Generic[T]):
    """One question about values. `join` is associative, commutative and idempotent, and a chain
    of joins has an end.

    `bottom` is what no value is worth, `unknown` what one is worth of which nobody can tell,
    `finite` one of a handful of values that are written in the code; `doubtful` (if there is such)
    what a value is worth that is less as long as a setting has its default.
    """

    bottom: T
    unknown: T
    finite: T
    doubtful: T | None = None
    asks_indices = False
    """Whether it matters what chose an entry of a container."""

    @abstractmethod
    def join(self, one: T, other: T) -> T:
        """What a value is worth that may be either."""

    @abstractmethod
    def constant(self, text: str) -> T:
        """What a constant is worth, from its `repr`."""

    @abstractmethod
    def operation(self, op: str, text: str, parts: Sequence[T]) -> T:
        """What an operation of facts (`binop`, `fmt`, `item` ...) makes of its operands."""

    @abstractmethod
    def library(self, path: Path, parts: Sequence[T], ref: Ref) -> T | None:
        """What something of a library, the value `ref`, is worth, by its API path; of a call,
        `parts` are the receiver of a method and the arguments. None: nobody can tell."""

    def instance(self, parts: Sequence[T]) -> T | None:
        """What an object of a class of the project is worth as a whole, by the arguments of the
        call that makes it; None: nobody can tell."""
        return None

    def part(self, element: T, name: str | None) -> T:
        """What the attribute or entry `name` (None: some entry) of an object is worth, from what
        the object is."""
        return element

    def chosen(self, element: T, index: T) -> T:
        """What an entry is worth that an index chose."""
        return element

    def elsewhere(self, element: T) -> T:
        """What a parameter is worth of which several calls in its file say so, whichever of them
        leads to what is asked about."""
        return element

    def parameter(self, ref: FunctionRef, param: Param) -> T | None:
        """What a parameter is worth whoever calls the function; None: that depends."""
        return None

    def typed(self, things: Things) -> T | None:
        """What any value is worth that is declared to be one of these; None: that depends."""
        return None


Context: TypeAlias = "tuple[tuple[FunctionRef, str, Folded[T]], ...]"
"""What parameters are worth around a value."""


def bound_in(context: Context[T], function: FunctionRef, name: str) -> Folded[T] | None:
    """What a context says of a parameter."""
    for owner, known, worth in context:
        if owner == function and known == name:
            return worth
    return None


def inner_context(
    context: Context[T], function: FunctionRef, worths: Mapping[str, Folded[T]]
) -> Context[T]:
    """The context inside a call: its own parameters, and those of functions around it."""
    others = [entry for entry in context if entry[0] != function]
    own = [(function, name, worth) for name, worth in worths.items()]
    return (*others, *own)
