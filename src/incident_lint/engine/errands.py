"""Which command a call runs, and whether anybody minds how it ends."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..knowledge.catalogue import Row
from ..knowledge.paths import Path, Segment
from ..model.facts import Value
from .arguments import argument
from .constants import text_of
from .definitions import Ref

if TYPE_CHECKING:
    from .project import Project

_WORD = re.compile(r"[A-Za-z]\w*")
_NAMED = frozenset({"attr", "global", "free", "param", "from", "builtin"})
_STRINGS = frozenset({"format", "split", "strip", "copy"})
_DEEPEST = 5
_NO_COMMANDS = frozenset({"sudo", "exec", "env", "nohup"})


def errand_of(project: Project, ref: Ref, made: Value, which: int | str) -> Row | None:
    """The `errand` row of the command that is an argument of a call, if there is one: a text, a
    list of texts, or a variable with a telling name (`editor_command`)."""
    given = argument(made, which)
    if given is None and which == 0:
        given = argument(made, "args")
    if given is None:
        return None
    for path in _paths(project, ref._replace(value=given), 0):
        row = project.catalogue.match("errand", path)
        if row is not None:
            return row
    return _row_of_function(project, ref)


def _row_of_function(project: Project, ref: Ref) -> Row | None:
    """The row of a function that is called like the errand that it runs: `open_in_editor`,
    `tempfile_pager`."""
    module = project.module(ref.module)
    name = module.facts.functions[ref.function].name if module is not None else ""
    last = name.lower().rpartition("_")[2]
    for known in ("pager", "editor", "viewer"):
        if last.endswith(known):
            return project.catalogue.match("errand", (Segment("name", known),))
    return None


def _paths(project: Project, ref: Ref, depth: int) -> Iterator[Path]:
    """The names that a command goes by, the most exact one first."""
    value = project.names.value(ref)
    if value is None or depth > _DEEPEST:
        return
    text = text_of(value)
    if text is not None:
        words = [word for word in text.split() if word not in _NO_COMMANDS]
        yield from _of_words(words)
    elif value.op in ("list", "tuple") and value.args:
        first = [project.names.value(ref._replace(value=part)) for part in value.args[:2]]
        words = [text for part in first if part is not None and (text := text_of(part))]
        yield from _of_words(words) if len(words) == len(first) else ()
        yield from _paths(project, ref._replace(value=value.args[0]), depth + 1)
    elif value.op in ("fmt", "binop", "display", "refine") and value.args:
        yield from _paths(project, ref._replace(value=value.args[0]), depth + 1)
    elif value.op == "phi":
        for part in value.args:
            yield from _paths(project, ref._replace(value=part), depth + 1)
    elif value.op == "call":
        called = project.names.value(ref._replace(value=value.args[0]))
        if called is not None and called.op == "attr" and called.text in _STRINGS:
            yield from _paths(project, ref._replace(value=called.args[0]), depth + 1)
        else:
            yield from _of_name(called)
        for part in value.args[1:2]:
            yield from _paths(project, ref._replace(value=part), depth + 1)
    else:
        yield from _of_name(value)


def _of_words(words: list[str]) -> Iterator[Path]:
    """`docker kill`, then `docker`."""
    names = [re.split(r"[/\\]", word)[-1] for word in words[:2]]
    parts = [part for name in names[:1] for part in name.split("-")] + names[1:]
    if all(_WORD.fullmatch(part) for part in parts):
        yield tuple(Segment("name", part) for part in parts)
    if parts and _WORD.fullmatch(parts[0]):
        yield (Segment("name", parts[0]),)


def _of_name(value: Value | None) -> Iterator[Path]:
    """Each word of the name by which a command is known."""
    if value is not None and value.op in _NAMED:
        for word in re.split(r"[_:.]", value.text):
            if _WORD.fullmatch(word):
                yield (Segment("name", word.lower()),)
