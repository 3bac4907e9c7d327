"""What is derived from one function's graph: who uses a value, and which way leads where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from ..model.facts import Effect, Facts, Function
from .classes import FunctionRef

if TYPE_CHECKING:
    from .project import Project


class EffectUse(NamedTuple):
    """An effect that names a value: as which of its arguments, and in which block."""

    effect: Effect
    position: int
    block: int


class Body:
    """The reverse of one function's facts; made once per question, never stored."""

    def __init__(self, function: Function) -> None:
        self.function = function
        users: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for index, value in enumerate(function.values):
            for position, argument in enumerate(value.args):
                if argument >= 0:
                    users[argument].append((index, position))
        effects: dict[int, list[EffectUse]] = defaultdict(list)
        for block_index, block in enumerate(function.blocks):
            for effect in block.effects:
                for position, argument in enumerate(effect.args):
                    effects[argument].append(EffectUse(effect, position, block_index))
        self._reachable: dict[int, set[int]] = {}
        self._users = users
        self._effects = effects

    def users(self, value: int) -> list[tuple[int, int]]:
        """The (value, argument position) pairs that use a value."""
        return self._users.get(value, [])

    def effects(self, value: int) -> list[EffectUse]:
        """The effects that use a value."""
        return self._effects.get(value, [])

    def is_dropped(self, value: int, kept: Container[int] = (), waits: bool = False) -> bool:
        """Whether nobody gets a call's result: it stands alone, or in a name that is not read.
        `kept` are values that others may see; `waits`: to await it is all that one does with it."""
        todo, seen = [value], {value}
        while todo:
            current = todo.pop()
            kinds = {use.effect.kind for use in self.effects(current)}
            if current in kept or not kinds <= {"discard", "call", "await", "enter", "exit"}:
                return False
            if waits and "await" in kinds:
                return False
            for user, _ in self.users(current):
                if self.function.values[user].op not in ("await", "enter", "refine", "phi"):
                    return False
                if user not in seen:
                    seen.add(user)
                    todo.append(user)
        return True

    def is_dropped_on_purpose(self, value: int) -> bool:
        """Whether the result of a call is bound to `_`."""
        awaited = [
            user for user, _ in self.users(value) if self.function.values[user].op == "await"
        ]
        return any(
            use.effect.kind == "discard" and use.effect.text == "_"
            for each in (value, *awaited)
            for use in self.effects(each)
        )

    @cached_property
    def conditions(self) -> frozenset[int | None]:
        """The values on which it depends where a block leads."""
        return frozenset(e.condition for block in self.function.blocks for e in block.edges)

    @cached_property
    def called(self) -> frozenset[str]:
        """The parameters that this function, or one inside it that sees them, may call."""
        found = set()
        for value in self.function.values:
            for argument in value.args[:1] if value.op == "call" else ():
                function = self.function.values[argument]
                while function.op == "refine":
                    function = self.function.values[function.args[0]]
                if function.op == "param":
                    found.add(function.text)
        return frozenset(found)

    def reaches(
        self,
        first: tuple[int, int],
        then: tuple[int, int],
        killers: list[tuple[int, int]],
        without: set[int],
    ) -> bool:
        """Whether a way leads from one place to another that passes none of the `killers`."""
        for block, after in killers:
            if block == first[0] and after > first[1]:
                if block != then[0] or after <= then[1]:
                    return False
            elif block == then[0] and after <= then[1] and block != first[0]:
                return False
        blocks = {block for block, _ in killers} - {first[0], then[0]}
        return self.follows(first, then, blocks | without)

    def successors(self, block: int) -> list[int]:
        """The blocks that may follow a block, by an exception too."""
        found = self.function.blocks[block]
        after = [edge.block for edge in found.edges]
        return after if found.on_raise is None else [*after, found.on_raise]

    def follows(self, first: tuple[int, int], then: tuple[int, int], without: set[int]) -> bool:
        """Whether a way leads from one place to another without entering the blocks `without`.

        A place is a block and how many values were made before it.
        """
        if first[0] == then[0] and first[1] <= then[1]:
            return True
        if not without:
            return then[0] in self.reachable(first[0])
        seen: set[int] = set()
        todo = self.successors(first[0])
        while todo:
            block = todo.pop()
            if block == then[0]:
                return True
            if block not in seen and block not in without:
                seen.add(block)
                todo.extend(self.successors(block))
        return False

    def reachable(self, block: int) -> set[int]:
        """The blocks that may come after a block (itself only if a loop leads back)."""
        known = self._reachable.get(block)
        if known is None:
            known = self._reachable[block] = set()
            todo = self.successors(block)
            while todo:
                following = todo.pop()
                if following not in known:
                    known.add(following)
                    todo.extend(self.successors(following))
        return known


class Bodies:
    """The bodies of one project's functions, a bounded number of them."""

    _MOST = 2000

    def __init__(self, project: Project) -> None:
        self._project = project
        self._known: dict[FunctionRef, Body] = {}
        self._defaults: dict[str, tuple[Facts, dict[tuple[int, int], list[tuple[int, str]]]]] = {}
        self._captured: dict[str, tuple[Facts, dict[tuple[int, int, str], list[int]]]] = {}

    def of(self, ref: FunctionRef) -> Body | None:
        """The body of a function; None if its module can no longer be loaded."""
        module = self._project.module(ref.module)
        if module is None:
            return None
        function = module.facts.functions[ref.index]
        known = self._known.get(ref)
        if known is not None and known.function is function:
            return known
        if len(self._known) >= self._MOST:
            self._known.clear()
        made = self._known[ref] = Body(function)
        return made

    def defaults(self, ref: FunctionRef, value: int) -> list[tuple[int, str]]:
        """The (function, parameter) pairs made in a function whose default is a value of it."""
        module = self._project.module(ref.module)
        if module is None:
            return []
        facts, found = self._defaults.get(ref.module, (None, {}))
        if facts is not module.facts:
            found = defaultdict(list)
            for index, function in enumerate(module.facts.functions):
                for param in function.params:
                    if param.default is not None and function.parent > 0:
                        found[function.parent, param.default].append((index, param.name))
            self._defaults[ref.module] = (module.facts, dict(found))
        return found.get((ref.index, value), [])

    def capturing(self, ref: FunctionRef, owner: int, name: str) -> list[int]:
        """The functions made directly in a function that see the variable `name` of the function
        `owner`, themselves or in a function inside them."""
        module = self._project.module(ref.module)
        if module is None:
            return []
        facts, captured = self._captured.get(ref.module, (None, {}))
        if facts is not module.facts:
            captured = _captured(module.facts)
            self._captured[ref.module] = (module.facts, captured)
        return captured.get((ref.index, owner, name), [])


def _captured(facts: Facts) -> dict[tuple[int, int, str], list[int]]:
    """(function, owner, name) -> the functions made in it through which the name is seen."""
    found: dict[tuple[int, int, str], list[int]] = defaultdict(list)
    for index, function in enumerate(facts.functions):
        for name, owner in function.captures.items():
            child = index
            while child != owner and child > 0:
                parent = facts.functions[child].parent
                if child not in found[parent, owner, name]:
                    found[parent, owner, name].append(child)
                child = parent
    return dict(found)
