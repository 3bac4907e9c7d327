"""Is what was put somewhere taken out again: by whoever works on it, or behind the same use?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..model.facts import Effect, Function
from .body import Body
from .definitions import FunctionRef, Ref
from .lifetimes import Lifetimes
from .serving import Reached
from .shrinking import EVICTS, Shrinking
from .slots import Slot
from .writes import Write

if TYPE_CHECKING:
    from .project import Project
    from .travel import Travel

_VARIABLES = frozenset({"bindglobal", "bindfree"})


class Removal:
    """Answers about what is put into objects that live with the process."""

    def __init__(self, project: Project, travel: Travel, lifetimes: Lifetimes) -> None:
        self._project = project
        self._travel = travel
        self._lifetimes = lifetimes
        self._shrinking = Shrinking(project, travel.bodies, travel.values, lifetimes)

    def is_drained(self, write: Write, reached: Reached) -> bool:
        """Whether entries that have no key are taken out by somebody, as from a queue."""
        if not write.is_entry or write.keys:
            return False
        way = [FunctionRef(call.at.module, call.at.function) for call in reached.calls]
        return self._shrinking.takes_out(write.kept.slot, [*way, reached.function])

    def afterwards(self, write: Write, ref: FunctionRef) -> str:
        """What the function itself does on every way behind the place ("": nothing)."""
        body = self._travel.bodies.of(ref)
        if body is None:
            return ""
        function = body.function
        start = _place(function, write)
        gone = list(self._taken(ref, function, write))
        if not gone:
            return ""
        if any(place[0] == start[0] and place[1] > start[1] for place in gone):
            return _THERE
        blocks = {block for block, _ in gone if block != start[0]}
        return "" if _gets_out(body, start[0], blocks) else _THERE

    def _taken(
        self, ref: FunctionRef, function: Function, write: Write
    ) -> Iterator[tuple[int, int]]:
        """Where a function takes out what is kept, or puts nobody's in its place."""
        for number, block in enumerate(function.blocks):
            for effect in block.effects:
                if self._takes(ref, function, effect, write):
                    yield number, effect.after

    def _takes(self, ref: FunctionRef, function: Function, effect: Effect, write: Write) -> bool:
        kept = write.kept.slot.outermost
        if effect.kind in _VARIABLES:
            plain = function.values[effect.args[-1]].op == "const"
            return plain and effect.text == kept.name and write.into is None
        if effect.kind in ("setattr", "delattr"):
            if effect.text != kept.name:
                return False
            if effect.kind == "delattr":
                return True
            if function.values[effect.args[1]].op != "const":
                return False
            holder = Ref(ref.module, ref.index, effect.args[0])
            return self._lifetimes.slots.owner(holder, effect.text) in (kept, None)
        if effect.kind == "delitem":
            return self._is_kept(Ref(ref.module, ref.index, effect.args[0]), kept)
        if effect.kind == "call":
            call = function.values[effect.args[0]]
            called = function.values[call.args[0]] if call.op == "call" else None
            if called is not None and called.op == "attr":
                if called.text in self._project.catalogue.last_names(EVICTS):
                    return self._is_kept(Ref(ref.module, ref.index, called.args[0]), kept)
        return False

    def _is_kept(self, container: Ref, slot: Slot) -> bool:
        found = self._lifetimes.slot(container)
        return found is not None and found.outermost == slot.outermost


_THERE = "it is taken out again below, though another thread may be served before that"


def _place(function: Function, write: Write) -> tuple[int, int]:
    if isinstance(write.use, int):
        return function.values[write.use].block, write.use
    effect = function.blocks[write.use.block].effects[write.use.effect]
    return write.use.block, effect.after


def _gets_out(body: Body, start: int, without: set[int]) -> bool:
    """Whether a way leads from a block to the function's end around some others."""
    seen, todo = {start}, [start]
    while todo:
        number = todo.pop()
        block = body.function.blocks[number]
        after = body.successors(number)
        if not after and not any(effect.kind == "raise" for effect in block.effects):
            return True
        fresh = [each for each in after if each not in seen and each not in without]
        seen.update(fresh)
        todo += fresh
    return False
