"""What a generated program is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Program(NamedTuple):
    """A generated program, and how to call it.

    `files` maps relative paths to text, `modules` dotted names to those paths. The default of
    parameter `param` in module `subject` is judged as `judge` says (see `rows.Default`).
    `receiver` and `entry` say what is called; `required` and `optional` are its other arguments
    with the expressions of their values: all combinations are branch inputs.
    """

    files: dict[str, str]
    modules: dict[str, str]
    subject: str
    param: str
    judge: str
    receiver: str
    entry: str
    required: Mapping[str, tuple[str, ...]]
    optional: Mapping[str, tuple[str, ...]]
    constructs: frozenset[str]
