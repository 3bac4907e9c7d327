"""Who calls a function in its own file, with what; and what it gives back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from ..model.facts import Facts, Function, Param, Value
from .arguments import words_of
from .definitions import ClassRef, FunctionRef, Ref
from .thing import ClassThing, Made

if TYPE_CHECKING:
    from .project import Project
    from .values import Values

_MOST_MODULES = 8
_MOST_FUNCTIONS = 500


class Passed(NamedTuple):
    """What one call passes as a parameter: a value, or (None) a `cause` why nobody can tell;
    `call` is None for a default."""

    value: Ref | None
    call: Ref | None
    cause: str = ""


class Callers:
    """Finds callers; what was found of a module is kept as long as its facts are the same."""

    def __init__(self, project: Project, values: Values) -> None:
        self._project = project
        self._values = values
        self._calls: dict[str, tuple[Facts, dict[str, list[Ref]]]] = {}
        self._returned: dict[FunctionRef, tuple[Function, tuple[Ref, ...]]] = {}

    def passed(self, ref: FunctionRef, function: Function, param: Param) -> Iterator[Passed]:
        """What the calls of a function in its own file pass as one of its parameters."""
        for call, made in self._of(ref, function):
            value = self._project.names.value(call)
            if value is None:
                continue
            for candidate, argument in arguments(function, made.bound, value):
                if candidate.name != param.name:
                    continue
                if argument is not None:
                    yield Passed(call._replace(value=argument), call)
                elif param.default is not None:
                    yield Passed(Ref(ref.module, function.parent, param.default), None)
                else:
                    yield Passed(None, call, f"what `{param.name}` collects")

    def making(self, module: str, owner: ClassRef) -> Iterator[tuple[Ref, Value]]:
        """The calls in a module that make an object of a class, known there by its name."""
        name = self._project.classes.facts(owner).name
        for call in self._named(module).get(name, ()):
            value = self._project.names.value(call)
            things = self._values.describe(call._replace(value=value.args[0])) if value else ()
            if value is not None and ClassThing(owner) in things:
                yield call, value

    def yielded(self, ref: FunctionRef) -> tuple[Ref, ...]:
        """The values that a generator yields."""
        module = self._project.module(ref.module)
        function = module.facts.functions[ref.index] if module is not None else None
        return tuple(
            Ref(ref.module, ref.index, effect.args[0])
            for block in (function.blocks if function is not None else ())
            for effect in block.effects
            if effect.kind == "yield" and effect.args
        )

    def _of(self, ref: FunctionRef, function: Function) -> Iterator[tuple[Ref, Made]]:
        names = {function.name}
        module = self._project.module(ref.module)
        if module is not None and function.name == "__init__" and function.owner >= 0:
            names = {module.facts.classes[function.owner].name, "__init__", "cls"}
        for name in sorted(names):
            for call in self._named(ref.module).get(name, ()):
                value = self._project.names.value(call)
                things = self._values.describe(call._replace(value=value.args[0])) if value else ()
                for thing in things:
                    if isinstance(thing, ClassThing):
                        methods = self._project.classes.find_method(thing.ref, "__init__")
                        thing = Made(methods.functions[0], True) if methods.functions else thing
                    if isinstance(thing, Made) and thing.function == ref:
                        yield call, thing

    def _named(self, module: str) -> dict[str, list[Ref]]:
        """The calls of a module by the last name of what they call."""
        found = self._project.module(module)
        if found is None:
            return {}
        facts, calls = self._calls.get(module, (None, {}))
        if facts is not found.facts:
            calls = defaultdict(list)
            for index, function in enumerate(found.facts.functions):
                for number, value in enumerate(function.values):
                    if value.op == "call":
                        name = function.values[value.args[0]].text.rpartition(":")[2]
                        called = function.values[value.args[0]]
                        if called.op == "class":
                            name = found.facts.classes[int(called.text)].name
                        elif called.op == "func":
                            name = found.facts.functions[int(called.text)].name
                        calls[name].append(Ref(module, index, number))
            if len(self._calls) >= _MOST_MODULES:
                self._calls.clear()  # what is kept holds on to facts
            self._calls[module] = (found.facts, calls)
        return calls

    def returned(self, ref: FunctionRef) -> tuple[Ref, ...]:
        """The values that a function returns, on ways that can be gone."""
        module = self._project.module(ref.module)
        if module is None:
            return ()
        function = module.facts.functions[ref.index]
        known, values = self._returned.get(ref, (None, ()))
        if known is not function:
            values = tuple(Ref(ref.module, ref.index, value) for value in _returned(function))
            if len(self._returned) >= _MOST_FUNCTIONS:
                self._returned.clear()
            self._returned[ref] = (function, values)
        return values


def _returned(function: Function) -> Iterator[int]:
    seen, todo = {0}, [0]
    for block in todo:
        found = function.blocks[block]
        after = [edge.block for edge in found.edges]
        for target in after if found.on_raise is None else [*after, found.on_raise]:
            if target not in seen:
                seen.add(target)
                todo.append(target)
        for effect in found.effects:
            if effect.kind == "return":
                yield effect.args[0]


def arguments(function: Function, bound: int, call: Value) -> Iterator[tuple[Param, int | None]]:
    """For each parameter of a callee the argument that it alone becomes; None where a default
    or several arguments do. What is `bound` already (a receiver) is left out."""
    words = words_of(call)
    places = [p for p in function.params if p.kind in ("positional", "positional-only")]
    free = (p.name for p in places[bound:])
    given = dict(zip(free, _positional(words, call), strict=False))
    pairs = zip(words, call.args[1:], strict=True)
    names = {word: value for word, value in pairs if word not in ("", "*", "**")}
    for param in function.params:
        if param in places[:bound]:
            continue
        if param.kind in ("*", "**"):
            yield param, None
        elif param.kind != "positional-only" and param.name in names:
            yield param, names[param.name]
        else:
            yield param, given.get(param.name)


def collected(function: Function, bound: int, call: Value, param: Param) -> list[int] | None:
    """The arguments that a `*` or `**` parameter of a callee collects; None: not all are seen."""
    words = words_of(call)
    if "*" in words or "**" in words:
        return None
    if param.kind == "*":
        places = [p for p in function.params if p.kind in ("positional", "positional-only")]
        free = max(len(places) - bound, 0)
        return [v for word, v in zip(words, call.args[1:], strict=True) if not word][free:]
    names = {p.name for p in function.params if p.kind in ("positional", "keyword-only")}
    pairs = zip(words, call.args[1:], strict=True)
    return [value for word, value in pairs if word and word not in names]


def _positional(words: list[str], call: Value) -> Iterator[int]:
    for word, value in zip(words, call.args[1:], strict=True):
        if word == "*":
            return
        if word == "":
            yield value
