"""What a generated program is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Program(NamedTuple):
    """A generated program, and how to call it.

    `files` maps relative paths to text, `modules` dotted names to those paths. `receiver` is an
    expression in module `subject` whose `entry` is called ("": the module itself); `required` and
    `optional` are its arguments with the expressions of their values: all combinations are branch
    inputs.
    """

    files: dict[str, str]
    modules: dict[str, str]
    subject: str
    receiver: str
    entry: str
    required: Mapping[str, tuple[str, ...]]
    optional: Mapping[str, tuple[str, ...]]
    constructs: frozenset[str]
