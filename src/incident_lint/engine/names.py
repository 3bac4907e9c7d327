"""How a name becomes definitions, across modules (case by case: tests/engine/names).

Results of whole questions are kept; parts of them are not, or an answer would depend on what was
asked before. Only names, references and answers are held here, never facts.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..model.facts import Facts, Value
from .constants import text_of
from .definitions import (
    Definition,
    Definitions,
    External,
    Local,
    ModuleDef,
    Namespace,
    Ref,
    Unknown,
)
from .walk import Place, Walk

if TYPE_CHECKING:
    from .project import Project

_MOST_ANSWERS = 100_000
_FOLLOWED = {"import", "from", "global", "builtin", "free", "cell", "attr", "call", "phi"}
_FOLLOWED |= {"refine", "unknown", "unbound"}
_LEADING = _FOLLOWED | {"class", "decorated"}
"""Operations whose result may have attributes that names know."""
_NOTHING = Facts("", False, (), (), (), None, False, {}, frozenset(), ())


class Names:
    """Answers about the names of one project; holds no facts, only answers."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._answers: dict[tuple[object, ...], Definitions] = {}
        self._definers: dict[tuple[str, str], tuple[tuple[str, ...], str | None]] = {}
        self._nonlocals: dict[str, dict[tuple[int, str], list[tuple[int, int]]]] = {}
        self._rebound: dict[str, dict[str, tuple[int, ...]]] = {}
        self._asked: set[Ref] = set()

    def bindings(self, module: str, name: str, *, typing: bool = False) -> Definitions:
        """What a module-level name is, as an importer sees it: all its bindings.

        `typing` admits what is bound only under `TYPE_CHECKING`, for annotations.
        """
        start = Place("member", module, 0, 0, name)
        return self._answer((module, name, typing), start, typing)

    def resolve(
        self, module: str, function: int, value: int, *, typing: bool = False
    ) -> Definitions:
        """What a value is, followed through names, imports and attributes of modules and
        classes; through no object."""
        found = self._project.module(module)
        if found is None:
            return (Unknown("the module cannot be read"),)
        ref = Ref(module, function, value)
        op, _, text, _, _ = found.facts.functions[function].values[value]
        if op not in _FOLLOWED:
            return (Local(ref),)
        if op == "attr" and self._is_of_object(found.facts.functions[function].values, value):
            return (Local(ref),)
        if op == "global" and function:  # one answer for all uses of the name
            start = Place("name", module, 0, 0, text)
            return self._answer(("name", module, text, typing), start, typing)
        return self._answer((ref, typing), Place("value", *ref, ""), typing)

    def _is_of_object(self, values: Sequence[Value], index: int) -> bool:
        """Whether a chain of attributes begins at something that names lead no further from: no
        walk is needed to find that out."""
        while values[index].op == "attr":
            index = values[index].args[0]
        return values[index].op not in _LEADING

    def member(self, definition: Definition, name: str, *, typing: bool = False) -> Definitions:
        """What `definition.name` is; of an object that is no module or class: unknown."""
        key = (definition, name, typing)
        known = self._answers.get(key)
        if known is None:
            walk = Walk(self, self._project, typing)
            walk.take(definition, ((name, None),), 0)
            known = self._keep(key, walk.run())
        return known

    def _answer(self, key: tuple[object, ...], start: Place, typing: bool) -> Definitions:
        known = self._answers.get(key)
        if known is None:
            walk = Walk(self, self._project, typing)
            walk.go(start, (), 0)
            known = self._keep(key, walk.run())
        return known

    def _keep(self, key: tuple[object, ...], answer: Definitions) -> Definitions:
        if len(self._answers) >= _MOST_ANSWERS:
            self._answers.clear()
        self._answers[key] = answer
        return answer

    def starred(self, module: str, name: str) -> tuple[tuple[str, ...], str | None]:
        """Where the star imports of a module find a name, and why that may not be all."""
        key = module, name
        if key not in self._definers:
            self._definers[key] = self._find_starred(module, name)
        return self._definers[key]

    def _find_starred(self, module: str, name: str) -> tuple[tuple[str, ...], str | None]:
        definers: list[str] = []
        cause = None
        todo, seen = deque([module]), {module}
        while todo:
            importer = todo.popleft()
            for target in self._facts(importer).stars:
                place = self._project.find(target, importer)
                if place is None:
                    cause = cause or "star import of a library"
                    continue
                if place.kind == "namespace":
                    continue
                origin = self._project.name_at(place)
                facts = self._facts(origin)
                if origin in seen:
                    continue
                seen.add(origin)
                if self._project.module(origin) is None:
                    cause = cause or "star import of a module that cannot be read"
                elif facts.dynamic_exports:
                    cause = cause or "star import of a module whose `__all__` is computed"
                elif name in facts.exports if facts.exports is not None else name[:1] != "_":
                    if _binds(facts, name) or self._is_submodule(origin, facts, name):
                        definers.append(origin)
                    else:
                        todo.append(origin)
        return tuple(definers), cause

    def _is_submodule(self, module: str, facts: Facts, name: str) -> bool:
        return facts.exports is not None and self.submodule(module, facts, name) is not None

    def submodule(self, module: str, facts: Facts, name: str) -> Definition | None:
        """The module `name` inside a package, if there is one."""
        if not facts.is_package:
            return None
        return self.module_of(f"{facts.module}.{name}", module)

    def module_of(self, dotted: str, importer: str) -> ModuleDef | Namespace | None:
        """The project's module or folder of an absolute name, None for a library's."""
        place = self._project.find(dotted, importer)
        if place is None:
            return None
        if place.kind == "namespace":
            return Namespace(dotted, importer)
        return ModuleDef(self._project.name_at(place))

    def constant(self, ref: Ref) -> str | None:
        """The text that a value surely is, if it is a string constant."""
        value = self.value(ref)
        return None if value is None else text_of(value)

    def value(self, ref: Ref) -> Value | None:
        """The value that a reference means; None if its module cannot be loaded."""
        module = self._project.module(ref.module)
        return module and module.facts.functions[ref.function].values[ref.value]

    def bound(self, module: str, facts: Facts, name: str) -> list[tuple[int, int]]:
        """Every (function, value) that a module's name may be bound to once it is imported."""
        values = facts.functions[0].binds.get(name, ())
        elsewhere = facts.rebound.get(name, ())
        if len(values) > 1 and not elsewhere:
            if module not in self._rebound:
                self._rebound[module] = _rebound(facts)
            values = self._rebound[module].get(name, values)
        return [*((0, value) for value in values), *elsewhere]

    def free(self, module: str, owner: int, name: str) -> list[tuple[int, int]]:
        """Every (function, value) bound to a local of function `owner` that closures see."""
        facts = self._facts(module)
        bound = [(owner, value) for value in facts.functions[owner].binds.get(name, ())]
        if module not in self._nonlocals:
            self._nonlocals[module] = _nonlocals(facts)
        return bound + self._nonlocals[module].get((owner, name), [])

    def called(self, function: Ref) -> str | None:
        """The library function that a call's function is, for the few that names follow."""
        value = self.value(function)
        if value is None or function in self._asked:
            return None
        if value.op == "builtin":
            return value.text
        if value.op == "attr" and value.text != "import_module":
            return None
        if value.op not in ("attr", "from", "global", "free"):
            return None
        self._asked.add(function)
        try:
            answer = self.resolve(*function)
        finally:
            self._asked.discard(function)
        return answer[0].dotted if len(answer) == 1 and isinstance(answer[0], External) else None

    def _facts(self, module: str) -> Facts:
        found = self._project.module(module)
        return found.facts if found is not None else _NOTHING


def _binds(facts: Facts, name: str) -> bool:
    return name in facts.functions[0].binds or name in facts.rebound


def _rebound(facts: Facts) -> dict[str, tuple[int, ...]]:
    """For names that the module body binds several times: the last value of each block.

    What is bound after it in the same block replaces a value for certain; branches do not.
    """
    body = facts.functions[0]
    last: dict[str, dict[int, int]] = {}
    for index, block in enumerate(body.blocks):
        for effect in block.effects:
            if effect.kind == "bind" and len(body.binds.get(effect.text, ())) > 1:
                last.setdefault(effect.text, {})[index] = effect.args[0]
    return {name: tuple(dict.fromkeys(values.values())) for name, values in last.items()}


def _nonlocals(facts: Facts) -> dict[tuple[int, str], list[tuple[int, int]]]:
    """(owning function, name) -> every (function, value) that `nonlocal` binds to it."""
    found: dict[tuple[int, str], list[tuple[int, int]]] = {}
    for index, function in enumerate(facts.functions):
        for block in function.blocks if function.captures else ():
            for effect in block.effects:
                owner = function.captures.get(effect.text)
                if effect.kind == "bindfree" and owner is not None:
                    found.setdefault((owner, effect.text), []).append((index, effect.args[0]))
    return found
