"""Calls that set up a library's own measuring of requests, and what they tell it to label with."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..knowledge.catalogue import Row
from ..knowledge.paths import CALL
from ..model.facts import Value
from ..model.source import Span
from . import written
from .arguments import words_of
from .definitions import Ref
from .thing import Api

if TYPE_CHECKING:
    from .project import Project

ROLE = "labels-requests"
_ADDS = frozenset({"add_middleware", "Middleware", "add_asgi_middleware"})


class Instrumentator(NamedTuple):
    """What a call sets up: its row, and where that is told (the call, or one argument of it)."""

    row: Row
    at: Span


class Instrumentators:
    """Answers of "what does this call make a library label with?" for one project."""

    def __init__(self, project: Project) -> None:
        self._project = project

    def of(self, ref: Ref) -> Instrumentator | None:
        """What a call sets up that labels with what visitors ask for; None: nothing known."""
        made = self._project.names.value(ref)
        if made is None or made.op != "call" or made.at is None:
            return None
        row = self._row(ref, made)
        if row is None or any(self._says(ref, made, text) for text in row.keys.get("unless", ())):
            return None
        if "**" in words_of(made):
            return None
        if "if" not in row.keys:
            return Instrumentator(row, made.at)
        for text in row.keys["if"]:
            if self._says(ref, made, text):
                position = words_of(made).index(text.partition("=")[0])
                module = self._project.module(ref.module)
                assert module is not None, "a call that was just followed is loaded"
                return Instrumentator(row, written.argument(module.source, made.at, position))
        return None

    def _row(self, ref: Ref, made: Value) -> Row | None:
        called = self._project.names.value(ref._replace(value=made.args[0]))
        name = called.text.rpartition(":")[2] if called is not None else ""
        asked = made.args[:2] if name in _ADDS else made.args[:1]
        for value in asked:
            for thing in self._project.travel.values.describe(ref._replace(value=value)):
                if isinstance(thing, Api):
                    row = self._project.catalogue.match(ROLE, (*thing.path, CALL))
                    if row is not None:
                        return row
        return None

    def _says(self, ref: Ref, made: Value, condition: str) -> bool:
        """Whether an argument is given, with this constant if the condition names one."""
        name, _, wanted = condition.partition("=")
        words = words_of(made)
        if name not in words:
            return False
        value = self._project.names.value(ref._replace(value=made.args[words.index(name) + 1]))
        return wanted == "*" or (value is not None and value.text == wanted)
