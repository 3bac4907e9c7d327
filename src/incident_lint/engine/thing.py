"""What a value can be: a function, a class, an instance of one, or something of a library."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TypeAlias

from ..knowledge.paths import CALL, Path, Segment
from .definitions import ClassRef, Definition, FunctionRef, Unknown

Bindings: TypeAlias = "tuple[tuple[FunctionRef, str, Thing], ...]"
"""What parameters are, in one context: a decorator's parameter is the function it decorates."""


@dataclass(frozen=True)
class Made:
    """A function of the project; `bound`: how many of its first arguments it already has. `sure`
    is False if a decorator that nobody knows stands before it; `bindings` hold inside it."""

    function: FunctionRef
    bound: int = 0
    sure: bool = True
    bindings: Bindings = ()


@dataclass(frozen=True)
class ClassThing:
    """A class of the project, itself."""

    ref: ClassRef


@dataclass(frozen=True)
class Instance:
    """An object of a class of the project; `bindings` hold inside its methods."""

    ref: ClassRef
    bindings: Bindings = ()


@dataclass(frozen=True)
class Super:
    """What `super()` gives in a method: attributes of `ref` that come `after` a class."""

    ref: ClassRef
    after: ClassRef


@dataclass(frozen=True)
class Api:
    """Something of a library or of Python, by its API path."""

    path: Path


@dataclass(frozen=True)
class Module:
    """A module or namespace folder of the project."""

    definition: Definition


Thing: TypeAlias = Made | ClassThing | Instance | Super | Api | Module | Unknown
Things: TypeAlias = tuple[Thing, ...]
"""All that a value can be, in a fixed order and without repetition."""


def joined(parts: Sequence[Things]) -> Things:
    """All that any of several answers says, without repetition. Most have one part, and hashing
    is what answers cost."""
    if len(parts) == 1:
        return parts[0]
    return tuple(dict.fromkeys(chain.from_iterable(parts)))


def of_library(dotted: str) -> Api:
    """Something of a library or of Python, by its dotted name."""
    return Api(tuple(Segment("name", part) for part in dotted.split(".")))


def object_of(dotted: str) -> Api:
    """What a class of a library or of Python makes, by the class's dotted name."""
    return Api((*of_library(dotted).path, CALL))


NONE = object_of("NoneType")
