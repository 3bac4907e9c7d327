"""Calls by which something leaves: what they send, store or write, by rows, through functions of
the project, or by how they are called."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from ..knowledge.catalogue import Row
from ..knowledge.paths import CALL, render
from ..model.facts import Function, Value
from .arguments import argument, words_of
from .callers import arguments
from .definitions import FunctionRef, Ref
from .finding import Step
from .makings import Makings
from .thing import Api, Made

if TYPE_CHECKING:
    from .project import Project
    from .travel import Travel

ROLE = "send"
_WORDS = "send-word"
_DEEPEST = 5
_PLAIN = frozenset({"list", "dict", "set", "str", "bytes", "logging", "types", "NoneType"})


class Leaving(NamedTuple):
    """A value that a call sends, stores or writes: which (of the function), by what, whether that
    is sure, and the steps inside functions of the project."""

    value: int
    what: str
    sure: bool
    steps: tuple[Step, ...] = ()


class Sends:
    """Answers of "what does this call send?" for one project."""

    def __init__(self, project: Project, travel: Travel, makings: Makings) -> None:
        self._project = project
        self._travel = travel
        self._makings = makings
        self._known: dict[FunctionRef, dict[str, Leaving]] = {}
        self._open: set[FunctionRef] = set()

    def of(self, ref: FunctionRef, function: Function, number: int) -> list[Leaving]:
        """What a call sends; nothing, if it is none that does."""
        call = function.values[number]
        called = function.values[call.args[0]]
        followed = False
        found: dict[int, Leaving] = {}
        for thing in self._travel.values.describe(Ref(ref.module, ref.index, call.args[0])):
            if isinstance(thing, Api):
                path = (*thing.path, CALL)
                row = self._project.catalogue.match(ROLE, path)
                followed = followed or row is not None or thing.path[0].text in _PLAIN
                if row is not None:
                    for value in self._by_row(function, call, row):
                        found.setdefault(value, Leaving(value, render(path), True))
            elif isinstance(thing, Made):
                callee = self._travel.values.function(thing.function)
                if "stub" in callee.flags:
                    continue
                followed = True
                for each in self._by_project(ref, callee, thing, call):
                    found.setdefault(each.value, each)
        if not found and not followed and self._is_called_so(called):
            name = called.text.rpartition(":")[2]
            for value in call.args[1:]:
                found[value] = Leaving(value, f"{name}()", False)
        return list(found.values())

    def _by_row(self, function: Function, call: Value, row: Row) -> Iterator[int]:
        if "arguments" not in row.keys:
            yield from call.args[1:]
            return
        for which in row.keys["arguments"]:
            called = function.values[call.args[0]]
            if which == "receiver":
                if called.op == "attr":
                    yield called.args[0]
            elif which in ("*", "**"):
                pairs = zip(words_of(call), call.args[1:], strict=False)
                yield from (v for word, v in pairs if bool(word) is (which == "**"))
            else:
                given = argument(call, which)
                if given is not None:
                    yield given

    def _by_project(
        self, ref: FunctionRef, callee: Function, made: Made, call: Value
    ) -> Iterator[Leaving]:
        sent = self.parameters(made.function)
        if not sent:
            return
        called = self._travel.values.function(ref).values[call.args[0]]
        given = list(arguments(callee, made.bound, call))
        if made.bound == 1 and callee.params and called.op == "attr":
            given.append((callee.params[0], called.args[0]))
        for param, value in given:
            leaving = sent.get(param.name)
            if leaving is not None and value is not None:
                yield leaving._replace(value=value, sure=leaving.sure and made.sure)

    def parameters(self, ref: FunctionRef) -> dict[str, Leaving]:
        """The parameters of a function that it sends, by name."""
        known = self._known.get(ref)
        if known is not None:
            return known
        body = self._travel.bodies.of(ref)
        module = self._project.module(ref.module)
        if body is None or module is None or ref in self._open or len(self._open) >= _DEEPEST:
            return {}
        self._open.add(ref)
        found: dict[str, Leaving] = {}
        try:
            for number, value in enumerate(body.function.values):
                if value.op != "call" or value.at is None:
                    continue
                for leaving in self.of(ref, body.function, number):
                    step = Step(module.path, value.at, f"sent by `{leaving.what}`")
                    parts = self._makings.parts(ref, body, [leaving.value])
                    for part, sure in parts.items():
                        made = body.function.values[part]
                        old = found.get(made.text)
                        sure = sure and leaving.sure
                        if made.op == "param" and (old is None or (sure and not old.sure)):
                            steps = (step, *leaving.steps)
                            found[made.text] = leaving._replace(sure=sure, steps=steps)
        finally:
            self._open.discard(ref)
        self._known[ref] = found
        return found

    def _is_called_so(self, called: Value) -> bool:
        """Whether a call's name says that it sends: `send`, `send_mail`, `deliver`."""
        if called.op not in ("attr", "global", "from", "param", "free", "builtin"):
            return False
        name = called.text.rpartition(":")[2]
        words = [word for word in name.lower().split("_") if word]
        names = self._project.catalogue.names(_WORDS)
        return bool(words) and words[0] in names and name == name.lower()
