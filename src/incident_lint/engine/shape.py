"""What is known of an object that is followed."""

from __future__ import annotations

from typing import NamedTuple

from .definitions import ClassRef


class Shape(NamedTuple):
    """What is known of an object.

    `kind` is its class: Python's own ("list"), "instance" for a class of the project (`of`, called
    `class_name`), else a library's path. `empty` is None where nobody can tell. `inner`: it holds
    mutable objects; `whole`: a piece of it that leaves is as bad as itself. `iterator`: going
    through it uses it up. `named` is the module's name for it, if it has one.
    """

    kind: str
    empty: bool | None = None
    inner: bool = False
    iterator: bool = False
    of: ClassRef | None = None
    named: str = ""
    whole: bool = False
    class_name: str = ""
