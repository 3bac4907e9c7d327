"""Which call of an expression gives something else each time, or owns what it gives.

A default is evaluated once. Whatever is made of a time, a random value or an id is then as old as
these (`str(uuid4())`, `now() - day`); a session or a file must itself be the default, since what
was read from it is something else. A project's function is followed into what it returns.
"""

from __future__ import annotations

import builtins
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from ..knowledge.catalogue import Row
from ..knowledge.paths import CALL, Path, parse
from ..model.facts import Value
from ..model.source import Span
from .classes import FunctionRef
from .definitions import Ref
from .finding import Step
from .thing import Api, Bindings, ClassThing, Made, Thing

if TYPE_CHECKING:
    from .project import Project

_DEEPEST = 12
_DEEPEST_VALUE = 60
_PYTHON = sys.stdlib_module_names | frozenset(dir(builtins))
_HOLDS = frozenset({"phi", "refine", "await", "list", "tuple", "set", "dict"})
"""What gives the very object that was made, or holds it."""
_COMPUTES = frozenset({"attr", "item", "slice", "binop", "aug", "unary", "not", "compare"})
_COMPUTES |= {"fmt", "display", "elem", "enter", "listcomp", "setcomp", "dictcomp"}


_Key: TypeAlias = tuple[Ref, bool, Bindings]


class Once(NamedTuple):
    """A call in an expression; `at` is the whole call, `row` what it was recognised by.

    `sure` is False if it goes through code that was not seen; `steps` lead through the project's
    functions to the call that was recognised.
    """

    at: Span
    row: Row
    sure: bool
    steps: tuple[Step, ...]


class OnceCalls:
    """Answers of "what here would be another one next time?" for one project."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._open: list[Made] = []
        self._known: dict[_Key, list[Once]] = {}
        self._depth = 0

    def of(self, ref: Ref, inside: Span) -> list[Once]:
        """The calls that make a value, of those written `inside` a place; sure ones first, then
        in the order of the text. What is only named there was made elsewhere, and is shared."""
        self._known.clear()
        found = self._walk(ref, inside, True)
        return sorted(found, key=lambda once: (not once.sure, once.at))

    def _walk(self, ref: Ref, inside: Span | None, whole: bool) -> list[Once]:
        """`whole`: the value reached is the whole value asked about, or held in it as it is. A
        value that depends on itself, as in a loop, says nothing there."""
        key = ref, whole, self._project.travel.values.bindings
        if key not in self._known and self._depth < _DEEPEST_VALUE:
            self._known[key] = []
            self._depth += 1
            self._known[key] = list(self._step(ref, inside, whole))
            self._depth -= 1
        return self._known.get(key, [])

    def _step(self, ref: Ref, inside: Span | None, whole: bool) -> Iterator[Once]:
        value = self._project.names.value(ref)
        if value is None or (inside and value.at and not value.at.is_within(inside)):
            return
        if value.op == "call":
            yield from self._call(ref, value, inside, whole)
        elif value.op == "phi" and inside is None:
            ways = [self._walk(ref._replace(value=way), None, whole) for way in value.args]
            yield from (once for way in ways if all(ways) for once in way)
        elif value.op in _HOLDS:
            parts = value.args[:1] if value.op == "refine" else value.args
            yield from self._parts(ref, parts, inside, whole)
        elif value.op in _COMPUTES and not self._settled(ref, value):
            yield from self._parts(ref, value.args, inside, False)

    def _parts(
        self, ref: Ref, parts: tuple[int, ...], inside: Span | None, whole: bool
    ) -> Iterator[Once]:
        for part in parts:
            if part >= 0:
                yield from self._walk(ref._replace(value=part), inside, whole)

    def _settled(self, ref: Ref, value: Value) -> bool:
        """Whether an attribute or item is no other one the next time, or is a framework's."""
        if value.op not in ("attr", "item"):
            return False
        return self._is_settled(self._project.travel.values.describe(ref))

    def _is_settled(self, things: tuple[Thing, ...], *more: Path) -> bool:
        match = self._project.catalogue.match
        paths = [*more, *(thing.path for thing in things if isinstance(thing, Api))]
        return any(match(role, path) for path in paths for role in ("settled", "marker-call"))

    def _call(self, ref: Ref, value: Value, inside: Span | None, whole: bool) -> Iterator[Once]:
        values = self._project.travel.values
        callee = ref._replace(value=value.args[0])
        called = values.describe(callee)
        answers = [(*thing.path, CALL) for thing in called if isinstance(thing, Api)]
        if self._is_settled((), *answers):
            return
        recognised = [once for thing in called for once in self._recognised(ref, value, thing)]
        if recognised:
            once = recognised[0]
            if whole or not once.row.keys.get("held"):
                sure = len(recognised) == len(called) and all(o.sure for o in recognised)
                yield once._replace(sure=sure)
            return
        yield from self._walk(callee, inside, False)
        known = all(isinstance(thing, Api) and thing.path[0].text in _PYTHON for thing in called)
        for once in self._parts(ref, value.args[1:], inside, False):
            yield once if known else once._replace(sure=False)

    def _recognised(self, ref: Ref, value: Value, thing: Thing) -> Iterator[Once]:
        """The call, if this is what is called and a row speaks of it; by its class's bases, too."""
        assert value.at is not None
        if isinstance(thing, Made):
            yield from self._returned(value.at, thing)
            return
        paths: list[Path] = []
        if isinstance(thing, Api):
            results = self._project.travel.values.describe(ref)
            made = [result.path for result in results if isinstance(result, Api)]
            paths = [path for path in made if path[:-1] == thing.path] or [(*thing.path, CALL)]
        elif isinstance(thing, ClassThing):
            bases = self._project.classes.order(thing.ref).external
            paths = [(*parse(base)[0], CALL) for base in bases]
        for path in paths:
            row = self._project.catalogue.match("evaluated-once", path)
            if row is not None and not _is_fixed(row, value):
                yield Once(value.at, row, True, ())
                return

    def _returned(self, at: Span, thing: Made) -> Iterator[Once]:
        """What a call of the project's function gives, if it does so on every way."""
        module = self._project.module(thing.function.module)
        if module is None or thing in self._open or len(self._open) >= _DEEPEST:
            return
        function = module.facts.functions[thing.function.index]
        if function.flags & {"generator", "async"} or self._is_wrapped(thing.function):
            return
        values = self._project.travel.values
        returned = [
            Ref(thing.function.module, thing.function.index, effect.args[0])
            for block in function.blocks
            for effect in block.effects
            if effect.kind == "return"
        ]
        self._open.append(thing)
        with values.within(thing.bindings or values.bindings):
            ways = [self._walk(target, None, True) for target in returned]
        self._open.pop()
        if ways and all(ways):
            once = ways[0][0]
            step = Step(module.path, once.at, f"`{function.name}()` returns what this gives")
            yield Once(at, once.row, once.sure and thing.sure, (step, *once.steps))

    def _is_wrapped(self, ref: FunctionRef) -> bool:
        """Whether a decorator is known to give something else, or what an earlier call gave."""
        project = self._project
        module = project.module(ref.module)
        assert module is not None, "a function that was just followed is loaded"
        function = module.facts.functions[ref.index]
        for decorator in function.decorators:
            described = project.travel.values.describe(Ref(ref.module, function.parent, decorator))
            for thing in described:
                row = isinstance(thing, Api) and project.catalogue.match("wrapper", thing.path)
                if row and row.keys["result"] != "same":
                    return True
        return False


def _is_fixed(row: Row, call: Value) -> bool:
    """Whether an argument fixes the answer: `time.gmtime(0)` is always the same."""
    fixing = row.keys.get("fixed_by")
    if fixing is None or len(call.args) == 1:
        return False
    given = [word or position for position, word in enumerate(call.text.split(","))]
    return any(argument in fixing or argument in ("*", "**") for argument in given)
