"""May an exception leave work that somebody else runs: a function or coroutine that is handed to
an executor or a loop?

Functions of the project are followed: what handles its own exceptions is calm for whoever calls
it. Of an unknown object's method nobody can tell (None).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..knowledge.paths import CALL, Path
from ..model.facts import Function, Value
from . import escapes
from .arguments import argument
from .definitions import FunctionRef, Ref, Unknown
from .looks import is_log
from .thing import NONE, Api, Made, Thing

if TYPE_CHECKING:
    from .paths import Paths
    from .project import Project

_CALM = frozenset(
    {"get", "set", "is_set", "items", "keys", "values", "append", "add", "discard", "close"}
    | {"acquire", "release", "locked"}
)
_DEEPEST = 20


class Work:
    """Answers of "may this work fail?" for one project."""

    def __init__(self, project: Project, paths: Paths) -> None:
        self._project = project
        self._paths = paths
        self._values = project.travel.values
        self._known: dict[FunctionRef, bool | None] = {}
        self._open: set[FunctionRef] = set()
        self._guessed: set[FunctionRef] = set()
        """What is taken for calm in the answers that are being made: they are not kept."""

    def may_fail(self, ref: Ref, made: Value, which: int) -> bool | None:
        """Whether an exception may leave the work that is an argument of a call, a function or a
        coroutine; None: the work, or a part of it, cannot be seen."""
        given = argument(made, which)
        value = None if given is None else self._project.names.value(ref._replace(value=given))
        if value is None or given is None:
            return None
        called = value.op == "call"
        work = ref._replace(value=value.args[0] if called else given)
        things = [thing for thing in self._values.describe(work) if not _is_of_none(thing)]
        if any(self._hands_on(thing) for thing in things) and not called:
            return self.may_fail(ref, made, which + 1)
        return _worst([self._thing_may_fail(thing) for thing in things] or [None])

    def _hands_on(self, thing: Thing) -> bool:
        return isinstance(thing, Api) and self._matches("runs", thing.path)

    def _thing_may_fail(self, thing: Thing) -> bool | None:
        if isinstance(thing, Made):
            handled = self.lets_nothing_out(thing.function)
            return None if handled is None else not handled
        if not isinstance(thing, Api):
            return None
        if self._matches("calm", thing.path):
            return False
        return True if _is_named(thing.path) else None

    def lets_nothing_out(self, ref: FunctionRef) -> bool | None:
        """Whether a function handles whatever its calls raise; None: nobody can tell. A function
        that calls itself is taken for one that does, there."""
        if ref in self._known:
            return self._known[ref]
        if ref in self._open:
            self._guessed.add(ref)
            return True
        ways = self._paths.ways(ref)
        if ways is None or len(self._open) >= _DEEPEST:
            return None
        self._open.add(ref)
        try:
            answer = escapes.lets_nothing_out(
                ways, lambda call: self._call_may_fail(ref, ways.function, call)
            )
        finally:
            self._open.discard(ref)
        self._guessed.discard(ref)
        if not self._guessed:
            self._known[ref] = answer
        return answer

    def _call_may_fail(self, ref: FunctionRef, function: Function, call: int) -> bool | None:
        """Whether a call may raise: not one that a row says is calm, nor a log. Where nobody knows
        what is called, a name that is calm in most mouths leaves it open."""
        made = function.values[call]
        if is_log(function, made):
            return False
        found: list[bool | None] = []
        for thing in self._values.describe(Ref(ref.module, ref.index, made.args[0])):
            if isinstance(thing, Api):
                found.append(not self._matches("calm", thing.path))
            elif isinstance(thing, Made):
                handled = self.lets_nothing_out(thing.function)
                found.append(None if handled is None else not handled)
            else:
                name = function.values[made.args[0]].text
                found.append(None if isinstance(thing, Unknown) and name in _CALM else True)
        return _worst(found)

    def _matches(self, role: str, path: Path) -> bool:
        return self._project.catalogue.match(role, (*path, CALL)) is not None


def _worst(answers: list[bool | None]) -> bool | None:
    return True if True in answers else None if None in answers else False


def _is_of_none(thing: Thing) -> bool:
    """Whether it is a method that `None` would have to have: it is not called then."""
    return isinstance(thing, Api) and thing.path[: len(NONE.path)] == NONE.path


def _is_named(path: Path) -> bool:
    """Whether a path is a library's function or a method of an object that one call made: what
    comes out of a queue or a register may be anything, also an object of the project."""
    kinds = [segment.kind for segment in path]
    return kinds[-1] == "name" and kinds.count("call") <= 1 and "item" not in kinds
