"""What a name or an attribute can turn out to be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

# A named tuple's own constructor is interpreted, and a question asks about thousands of values.
_new: Any = tuple.__new__


class Ref(NamedTuple):
    """A value of a project module; `module` is the unique name that its project gave it."""

    module: str
    function: int
    value: int

    def at(self, value: int) -> Ref:
        """Another value of its function."""
        made: Ref = _new(Ref, (self[0], self[1], value))
        return made


@dataclass(frozen=True)
class ClassRef:
    """A class of a project module (unique name), by its index in `Facts.classes`."""

    module: str
    index: int


@dataclass(frozen=True)
class FunctionRef:
    """A function of a project module (unique name), by its index in `Facts.functions`."""

    module: str
    index: int


@dataclass(frozen=True)
class Local:
    """A value that is made in a project module and is no import: a function, a class, a call,
    a parameter ... (an attribute of such a value is the `attr` value itself)."""

    ref: Ref


@dataclass(frozen=True)
class ModuleDef:
    """A module of the project, by its unique name."""

    name: str


@dataclass(frozen=True)
class Namespace:
    """A folder without `__init__.py`, as seen from the module `importer`."""

    dotted: str
    importer: str


@dataclass(frozen=True)
class External:
    """Something of a library or of Python itself, as the text of an API path: `list`,
    `requests.sessions.Session`."""

    dotted: str


@dataclass(frozen=True)
class Unknown:
    """Nobody can tell; `cause` says why, in a few words."""

    cause: str


Definition: TypeAlias = Local | ModuleDef | Namespace | External | Unknown
Definitions: TypeAlias = tuple[Definition, ...]
"""All that it can be, in a fixed order and without repetition; never empty."""
