"""Does a function tell anybody what became of a call: by a log, a metric or a span?

Loggers, metrics and spans are known by how they are spelled, as in `looks`. What cannot be seen may
tell: a function that nobody can follow and that is given the result, a place where it is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..model.facts import Function, Value
from .body import Body
from .definitions import FunctionRef, Ref
from .looks import is_log
from .results import Question
from .thing import Made, Things

if TYPE_CHECKING:
    from .project import Project

_SAME = frozenset({"refine", "await", "enter", "phi"})
_KEPT = frozenset({"setattr", "setitem", "yield", "bindglobal", "bindfree", "raise"})
_DISPLAYS = frozenset({"list", "tuple", "dict", "set", "listcomp", "genexpr"})
_TESTS = frozenset({"compare", "not", "item"})
_LOOKS = frozenset({"isinstance", "len", "str", "repr", "bool", "type"})
_VERBS = frozenset(
    {"debug", "info", "warning", "warn", "error", "exception", "critical", "success", "fatal"}
    | {"inc", "count", "add_event", "set_status", "set_attribute", "set_tag", "notify", "secho"}
)
_WORDS = re.compile(
    r"log|print|echo|metric|statsd|counter|histogram|gauge|incr|observe|timing|telemetr|span"
    r"|trace|tracing|instrument|monitor|sentry|capture|record|emit|audit|track|measure|timed",
    re.IGNORECASE,
)
_DEEPEST = 4


class Outcomes:
    """Answers of "is it told what became of this call?" for one project."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._values = project.travel.values
        self._known: dict[FunctionRef, bool] = {}

    def may_be_told(self, ref: FunctionRef, call: int, question: Question) -> bool:
        """Whether the function of a call, or whoever gets its result, may tell its outcome."""
        body = self._project.travel.bodies.of(ref)
        if body is None:
            return True
        holders = _holders(body, call)
        if self._is_handed_on(ref, body, holders, question):
            return True
        if any(self._tells(ref, body.function, each) for each in _later(body, call)):
            return True
        return _counts(body, call) or self._is_watched(ref, body.function)

    def _is_handed_on(
        self, ref: FunctionRef, body: Body, holders: set[int], question: Question
    ) -> bool:
        """Whether somebody else gets the result, or what tells of its failure."""
        members = [member.strip('.()[]"') for member in question.inspection]
        told = set(holders)
        for holder in holders:
            for user, position in body.users(holder):
                made = body.function.values[user]
                if made.op in _DISPLAYS:
                    return True
                if made.op == "call" and position and self._is_unseen(ref, body.function, made):
                    return True
                if made.op in _TESTS or (made.op == "attr" and made.text in members):
                    told |= _made_of(body, user)
            if any(use.effect.kind in _KEPT for use in body.effects(holder)):
                return True
        return any(use.effect.kind == "return" for each in told for use in body.effects(each))

    def _is_unseen(self, ref: FunctionRef, function: Function, call: Value) -> bool:
        """Whether nobody can tell what a function does with what it is given."""
        called = function.values[call.args[0]]
        if called.op == "builtin" and called.text in _LOOKS:
            return False
        return not any(isinstance(thing, Made) for thing in self._describe(ref, call.args[0]))

    def _tells(self, ref: FunctionRef, function: Function, call: int, depth: int = 0) -> bool:
        """Whether a call logs, counts or traces, itself or in the function that it calls."""
        made = function.values[call]
        if is_log(function, made) or _sounds_like_it(function, made.args[0]):
            return True
        if depth >= _DEEPEST:
            return True
        return any(
            self._function_tells(thing.function, depth + 1)
            for thing in self._describe(ref, made.args[0])
            if isinstance(thing, Made)
        )

    def _function_tells(self, ref: FunctionRef, depth: int) -> bool:
        if ref not in self._known:
            self._known[ref] = False  # what a function that calls itself adds is seen elsewhere
            function = self._values.function(ref)
            self._known[ref] = any(
                self._tells(ref, function, effect.args[0], depth)
                for block in function.blocks
                for effect in block.effects
                if effect.kind == "call"
            )
        return self._known[ref]

    def _is_watched(self, ref: FunctionRef, function: Function) -> bool:
        """Whether a span is open around a function or in it: `with tracer.start_span(...)`, or a
        decorator of the project or of that kind."""
        for block in function.blocks:
            for effect in block.effects:
                if effect.kind == "enter" and _sounds_like_it(function, effect.args[0]):
                    return True
        if function.parent < 0:
            return False
        outer = self._values.function(FunctionRef(ref.module, function.parent))
        return any(
            _sounds_like_it(outer, decorator)
            or any(
                isinstance(thing, Made)
                for thing in self._values.describe(Ref(ref.module, function.parent, decorator))
            )
            for decorator in function.decorators
        )

    def _describe(self, ref: FunctionRef, value: int) -> Things:
        return self._values.describe(Ref(ref.module, ref.index, value))


def _holders(body: Body, call: int) -> set[int]:
    """The values that are the result of a call."""
    todo, seen = [call], {call}
    while todo:
        for user, _ in body.users(todo.pop()):
            if body.function.values[user].op in _SAME and user not in seen:
                seen.add(user)
                todo.append(user)
    return seen


def _made_of(body: Body, value: int) -> set[int]:
    """A value, and all that is computed from it without a call of something else."""
    todo, seen = [value], {value}
    while todo:
        for user, position in body.users(todo.pop()):
            made = body.function.values[user]
            if user not in seen and (made.op != "call" or not position):
                seen.add(user)
                todo.append(user)
    return seen


def _later(body: Body, call: int) -> Iterator[int]:
    """The calls that may come after a call or its exception."""
    own = body.function.values[call].block
    reachable = body.reachable(own)
    for number in (own, *sorted(reachable - {own})):
        for effect in body.function.blocks[number].effects:
            if effect.kind == "call" and (effect.args[0] > call or number in reachable):
                if effect.args[0] != call:
                    yield effect.args[0]


def _sounds_like_it(function: Function, value: int) -> bool:
    """Whether a function is called like one that logs, counts or traces, or so is its owner."""
    made = function.values[value]
    if made.op == "attr" and made.text in _VERBS:
        return True
    while made.op in ("attr", "call", "refine", "enter") and made.args:
        if made.op == "attr" and _WORDS.search(made.text):
            return True
        made = function.values[made.args[0]]
    name = made.text.rpartition(":")[2] if made.op == "from" else made.text
    named = made.op in ("global", "free", "builtin", "from", "import", "param")
    return named and _WORDS.search(name) is not None


def _counts(body: Body, call: int) -> bool:
    """Whether a counter is changed after a call: `self.failed += 1`."""
    own = body.function.values[call].block
    reachable = {own, *body.reachable(own)}
    return any(
        value.op == "aug"
        and value.block in reachable
        and body.function.values[value.args[0]].op in ("attr", "item", "global", "free", "cell")
        for value in body.function.values
    )
