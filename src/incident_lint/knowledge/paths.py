"""API paths: the one notation for what a value is, in rules, in `why` and in users' rows.

`boto3.client("sqs").send_message_batch()` is a name, a call of it that was given the constant
`"sqs"`, a name, a call. A *path* is what a value is rendered to; a *pattern* is what a row says.
The grammar is explained in `rules/README.md`.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

Kind = Literal["name", "call", "item"]


class Segment(NamedTuple):
    """One step of a path: a `name` (`text`), a `call` (`constants`: the strings it was given, as
    first positional or any keyword argument) or an `item` (any subscript)."""

    kind: Kind
    text: str = ""
    constants: tuple[str, ...] = ()


Path = tuple[Segment, ...]

ANY_NAME = "*"
"""The text of a pattern's name that stands for any name."""

CALL = Segment("call")
ITEM = Segment("item")


class PathError(ValueError):
    """A pattern that breaks the grammar; the message is one line and names the place."""


_TOKEN = re.compile(
    r"(?P<name>[^\W\d]\w*|\*)|(?P<dot>\.)|(?P<item>\[\])|(?P<call>\(\s*\))"
    r"|\(\s*(?P<quote>[\"'])(?P<constant>[^\"']*)(?P=quote)\s*\)"
)
_BRACES = re.compile(r"\{([^{}]*)\}")
_MAX_ALTERNATIVES = 10_000


def parse(text: str) -> tuple[Path, ...]:
    """The patterns that `text` stands for: several if it holds `{a,b}`.

    Raises PathError.
    """
    return tuple(_parse_one(alternative) for alternative in _expand(text))


def render(path: Path) -> str:
    """The text of a path or pattern; the inverse of `parse` but for alternatives."""
    return "".join(_render(path))


def _render(path: Path) -> Iterator[str]:
    for position, segment in enumerate(path):
        if segment.kind == "name":
            yield f".{segment.text}" if position else segment.text
        elif segment.kind == "call":
            yield "(" + ", ".join(f'"{constant}"' for constant in segment.constants) + ")"
        else:
            yield "[]"


def fits(pattern: Path, path: Path) -> bool:
    """Whether a path is what a pattern describes, step for step."""
    if len(pattern) != len(path):
        return False
    for wanted, given in zip(pattern, path, strict=True):
        if wanted.kind != given.kind:
            return False
        if wanted.text != given.text and wanted.text != ANY_NAME:
            return False
        if wanted.constants and not set(wanted.constants) <= set(given.constants):
            return False
    return True


def _expand(text: str) -> Iterator[str]:
    """`a.{b,c}` as `a.b` and `a.c`; several groups give every combination."""
    if "{" not in text and "}" not in text:
        yield text.strip()
        return
    parts = _BRACES.split(text.strip())
    literals, groups = parts[::2], [part.split(",") for part in parts[1::2]]
    for literal in literals:
        if "{" in literal or "}" in literal:
            raise PathError(f"`{text}` has a brace without its partner, or braces within braces")
    size = 1
    for group in groups:
        size *= len(group)
    if size > _MAX_ALTERNATIVES:
        raise PathError(f"`{text}` stands for {size} paths, more than {_MAX_ALTERNATIVES}")
    for choice in itertools.product(*groups):
        pairs = zip(literals, [word.strip() for word in choice] + [""], strict=True)
        yield "".join(literal + word for literal, word in pairs)


def _parse_one(text: str) -> Path:
    segments: list[Segment] = []
    position, after_dot = 0, True
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise PathError(f"`{text}` cannot be read at `{text[position:]}`")
        if match["name"]:
            if not after_dot:
                raise PathError(f"`{text}` lacks a dot before `{match['name']}`")
            segments.append(Segment("name", match["name"]))
        elif after_dot:
            raise PathError(f"`{text}` lacks a name before `{text[position:]}`")
        elif match["item"]:
            segments.append(ITEM)
        elif match["call"]:
            segments.append(CALL)
        elif not match["dot"]:
            segments.append(Segment("call", "", (match["constant"],)))
        after_dot = bool(match["dot"])
        position = match.end()
    if after_dot:
        raise PathError(f"`{text}` ends without a name" if text else "a path is empty")
    if ANY_NAME in text:
        _check_star(text, segments)
    return tuple(segments)


def _check_star(text: str, segments: list[Segment]) -> None:
    """`*` is the last name, and the step before it is no module.

    Below a module it would match whatever a library ever adds. Only a call, a subscript or a
    dotted name that is spelt like a class is surely none.
    """
    stars = [index for index, segment in enumerate(segments) if segment.text == ANY_NAME]
    last_name = max(index for index, segment in enumerate(segments) if segment.kind == "name")
    if stars != [last_name]:
        raise PathError(f"`{text}` may have `*` only as its last name, and once")
    owner = segments[last_name - 1] if last_name else None
    is_class = owner is not None and owner.text[:1].isupper() and last_name > 1
    if owner is None or (owner.kind == "name" and not is_class):
        raise PathError(f"`{text}` has `*` directly below a module: name the functions instead")
