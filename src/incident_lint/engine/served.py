"""What one turn of a loop serves: a message, a request, a tenant of its own, or nobody.

Rows of role `next-message` say which calls, and which iterated objects, give another message each
time; else the words of the code decide (`unit-word`), and that is a suspicion.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from ..knowledge.paths import ITEM, render
from ..model.facts import Value
from ..model.source import Span
from .definitions import FunctionRef, Ref
from .loops import Flow, Loop
from .thing import Api
from .written import name_before, target_before

if TYPE_CHECKING:
    from .project import Module, Project
    from .travel import Travel

ROLE = "next-message"
_WORDS, _TAKES = "unit-word", "take-word"
_SAME = frozenset({"refine", "await", "enter"})
_PASSES = _SAME | {"attr", "item", "elem"}
_GOES_THROUGH = frozenset({"enumerate", "iter", "list", "reversed", "sorted", "tuple"})
_DEEPEST = 6
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


class Served(NamedTuple):
    """What a turn serves: the values that stand for it, what they are called, where that is
    written, and whether it is sure."""

    items: frozenset[int]
    what: str
    at: Span
    sure: bool

    @property
    def noun(self) -> str:
        """What to call it in a sentence."""
        return "message" if self.sure else self.what


class Serves:
    """Answers of "whom does a turn serve?" for one project."""

    def __init__(self, project: Project, travel: Travel) -> None:
        self._project = project
        self._travel = travel

    def by(self, module: Module, ref: FunctionRef, flow: Flow, loop: Loop) -> Served | None:
        """What each turn of a loop serves; None: nothing says that turns are somebody's."""
        if loop.more is not None:
            return self._by_elements(module, ref, flow, loop)
        values = flow.function.values
        inner = [other for other in flow.loops if flow.is_inside(other, loop)]
        found = None
        for number, value in enumerate(values):
            if value.op != "call" or value.at is None or not flow.holds(loop, number):
                continue
            if any(flow.holds(other, number) for other in inner):
                continue
            called = values[value.args[0]]
            name = called.text.rpartition(":")[2]
            row = self._row(Ref(ref.module, ref.index, number))
            if row:
                return Served(frozenset({number}), row, value.at, True)
            variable = name_before(module.source, value.at)
            takes = name in self._project.catalogue.names(_TAKES)
            if found is None and takes and self._says(variable):
                found = Served(frozenset({number}), f"`{variable}`", value.at, False)
        return found

    def _by_elements(
        self, module: Module, ref: FunctionRef, flow: Flow, loop: Loop
    ) -> Served | None:
        assert loop.more is not None
        more = flow.function.values[loop.more]
        items = flow.elements(loop)
        if not items or more.at is None:
            return None
        row = self._row(Ref(ref.module, ref.index, min(items)), True)
        if row:
            return Served(items, row, more.at, True)
        for name in target_before(module.source, more.at):
            if self._says(name):
                return Served(items, f"`{name}`", more.at, False)
        return None

    def _row(self, ref: Ref, inwards: bool = False, iterated: bool = False, depth: int = 0) -> str:
        """What gives the next message, if a row says so of a value (`inwards`: or of what it is
        taken out of; `iterated`: of one that is gone through); "": none does."""
        value = self._project.names.value(ref)
        if value is None or depth > _DEEPEST:
            return ""
        for thing in self._travel.values.describe(ref):
            if isinstance(thing, Api):
                path = (*thing.path, ITEM) if iterated else thing.path
                if self._project.catalogue.match(ROLE, path) is not None:
                    return f"`{render(path)}`"
        inner = self._inside(ref, value) if inwards or value.op in _SAME else None
        return (
            ""
            if inner is None
            else self._row(inner, inwards, self._still(value, iterated), depth + 1)
        )

    def _still(self, value: Value, iterated: bool) -> bool:
        """Whether what is inside is gone through as well: by the loop, or by `enumerate()`."""
        return value.op == "elem" or (iterated and value.op == "call")

    def _inside(self, ref: Ref, value: Value) -> Ref | None:
        """What a value is taken out of."""
        if value.op in _PASSES:
            return ref.at(value.args[0])
        if value.op != "call":
            return None
        called = self._project.names.value(ref.at(value.args[0]))
        if called is not None and called.op == "attr":
            return ref.at(called.args[0])
        if called is not None and called.op == "builtin" and called.text in _GOES_THROUGH:
            return ref.at(value.args[1]) if len(value.args) > 1 else None
        return None

    def _says(self, name: str) -> bool:
        """Whether a variable's name says that it is somebody's: its last word, in the singular."""
        words = [word.lower() for word in _WORD.findall(name)]
        if len(words) > 1 and words[-1] in ("id", "pk", "data", "obj"):
            words.pop()
        return bool(words) and words[-1] in self._project.catalogue.names(_WORDS)
