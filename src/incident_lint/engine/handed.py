"""Who gets an argument: a function of the project and which parameter, or code nobody can see."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from ..knowledge.paths import CALL, Path, render
from ..model.facts import Function, Value
from .arguments import parameters, words_of
from .constants import text_of
from .definitions import FunctionRef, Ref
from .looks import deeds, looks_inside
from .refusals import Refusals
from .results import Question
from .thing import Api, ClassThing, Instance, Made, Thing

if TYPE_CHECKING:
    from .path_search import Answer
    from .project import Project
    from .values import Values

_DEEPEST = 8

Ask: TypeAlias = "Callable[[FunctionRef, int, Question], Answer]"


class Target(NamedTuple):
    """What becomes of an argument. function: it is a `parameter` (a value) of `function` ·
    kept: nobody does anything with it · same: the call gives it back · looked · lost: code that
    cannot be followed has it (`text` says which)."""

    kind: Literal["function", "kept", "same", "looked", "lost"]
    text: str = ""
    function: FunctionRef | None = None
    parameter: int = -1
    sure: bool = True


class Handed:
    """Finds who gets an argument; `ask` says what a function does with a parameter."""

    def __init__(self, project: Project, values: Values, ask: Ask) -> None:
        self.ask = ask
        self._project = project
        self._values = values

    def to(self, call: Ref, function: Function, position: int, question: Question) -> list[Target]:
        """All that may get the argument at a position (1 is the first) of a call."""
        made = function.values[call.value]
        word = made.text.split(",")[position - 1] if made.text else ""
        spelled = f"`{_spelled(function, made.args[0])}()`"
        if word in ("*", "**"):
            return [Target("lost", f"unpacked into {spelled}")]
        things = self._values.describe(call._replace(value=made.args[0]))
        return [self._target(thing, call, function, position, question) for thing in things]

    def minds(self, call: Ref, position: int, question: Question, depth: int = 0) -> bool:
        """Whether anything but a log may depend on a value that is an argument of a call."""
        body = self._project.travel.bodies.of(FunctionRef(call.module, call.function))
        if body is None or depth > _DEEPEST:
            return True
        for target in self.to(call, body.function, position, question):
            if target.kind == "kept":
                continue
            if target.function is None or not target.sure:
                return True
            inside = self._project.travel.bodies.of(target.function)
            if inside is None:
                return True
            for deed in deeds(inside, target.parameter):
                if not deed.position:
                    return True
                there = Ref(target.function.module, target.function.index, deed.call)
                if self.minds(there, deed.position, question, depth + 1):
                    return True
        return False

    def is_asked(self, call: Ref, position: int, question: Question) -> bool:
        """Whether a function of the project asks a payload, an argument of a call, whether it tells
        of a failure, or refuses one that has not what it wants."""
        body = self._project.travel.bodies.of(FunctionRef(call.module, call.function))
        targets = [] if body is None else self.to(call, body.function, position, question)
        for target in targets:
            inside = self._project.travel.bodies.of(target.function) if target.function else None
            ways = self._project.travel.paths.ways(target.function) if target.function else None
            if inside is None or ways is None:
                continue
            for value, _ in looks_inside(inside, target.parameter):
                if not _tells_its_type(inside.function, value):
                    return True
            refusals = Refusals(inside, ways, self._project.travel.paths.words, (target.parameter,))
            if refusals.any_raises():
                return True
        return False

    def _target(
        self, thing: Thing, call: Ref, function: Function, position: int, question: Question
    ) -> Target:
        made = function.values[call.value]
        spelled = f"`{_spelled(function, made.args[0])}()`"
        if isinstance(thing, Api):
            return self._library(thing.path, function, made, position, question)
        target = self._called(thing)
        if target is None:
            return Target("lost", f"passed to {spelled}, which cannot be followed")
        module = self._project.module(target.function.module)
        if module is None:
            return Target("lost", f"passed to {spelled}, which cannot be read")
        callee = module.facts.functions[target.function.index]
        if "stub" in callee.flags:
            return Target("lost", f"passed to {spelled}, whose body is elsewhere")
        if callee.flags & {"async", "generator"}:
            ran = _runs(function, call.value)
            if ran is not True or "generator" in callee.flags:
                text = f"passed to {spelled}, which runs later"
                return Target("kept") if ran is False else Target("lost", text)
        name = _parameter(callee, target.bound, made, position)
        found = (n for n, v in enumerate(callee.values) if v.op == "param" and v.text == name)
        value = next(found, None)
        if value is None:
            return Target("lost", f"passed to {spelled} with others")
        return Target("function", f"{spelled} as `{name}`", target.function, value, target.sure)

    def _called(self, thing: Thing) -> Made | None:
        """The project function that runs when something is called."""
        if isinstance(thing, Made):
            return thing
        if isinstance(thing, (ClassThing, Instance)):
            name = "__init__" if isinstance(thing, ClassThing) else "__call__"
            methods = self._project.classes.find_method(thing.ref, name)
            if len(methods.functions) == 1:
                return Made(methods.functions[0], True)
        return None

    def _library(
        self, path: Path, function: Function, made: Value, position: int, question: Question
    ) -> Target:
        name, match = render(path), self._project.catalogue.match
        if name == "bool":
            return Target("looked" if question.falsy else "kept")
        if name == "getattr" and len(made.args) > 2:
            member = text_of(function.values[made.args[2]])
            if member is not None:
                return Target("looked" if f".{member}" in question.inspection else "kept")
        if "iter" in question.inspection and any(
            row is not None and row.keys.get("consumes")
            for row in (match("copies", (*path, CALL)), match("reads", (*path, CALL)))
        ):
            return Target("looked")
        row = match("reads", (*path, CALL))
        if row is not None and words_of(made)[position - 1] == "":
            if position - 1 in row.keys.get("returns", ()):
                return Target("same")
        if match("copies", (*path, CALL)) is not None:
            return Target("same")
        if row is not None and len(path) == 1 and not row.keys:
            return Target("kept")  # Python's own, which give no part of it and tell nobody else
        return Target("lost", f"passed to `{name}()`, which cannot be followed")


def _tells_its_type(function: Function, value: int) -> bool:
    """`isinstance(document, dict)`: in a helper, it only says how to read it."""
    made = function.values[value]
    return made.op == "call" and function.values[made.args[0]].op == "builtin"


def _parameter(callee: Function, bound: int, made: Value, position: int) -> str | None:
    """The parameter that an argument of a call becomes, if it alone does."""
    found = parameters(callee, bound, words_of(made), position, ())
    return next((name for name, where in found if not where), None)


def _runs(function: Function, call: int) -> bool | None:
    """Whether a coroutine or generator that a call gives runs here; None: somewhere else, maybe."""
    effects = [e for block in function.blocks for e in block.effects if call in e.args]
    if any(effect.kind in ("await", "iter") for effect in effects):
        return True
    used = any(call in value.args for value in function.values)
    return None if used or any(e.kind not in ("call", "discard") for e in effects) else False


def _spelled(function: Function, value: int) -> str:
    made = function.values[value]
    if made.op == "attr":
        return f"{_spelled(function, made.args[0])}.{made.text}"
    if made.op == "refine":
        return _spelled(function, made.args[0])
    if made.op in ("global", "builtin", "free", "cell", "param", "import"):
        return made.text
    if made.op == "from":
        return made.text.rpartition(":")[2]
    return "..."
