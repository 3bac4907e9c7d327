"""Build one function's graph: values made once, blocks of effects, and joins of variables.

Python's control flow is structured, so joins need no dominance computation: a *frame* remembers
which variables changed since a branch began, a *delta* is what they are at its end, and `merge`
makes one `phi` for each variable on which the ways disagree. The cost is proportional to the
changes, not to the number of variables.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from heapq import heapify, heappop, heappush
from typing import Any

from .facts import Block, Edge, Effect, Value
from .source import Span

Delta = dict[str, "int | None"]
"""What changed on one way: variable -> value (None: unbound)."""

Way = tuple[int, Delta]
"""The end of one way through the code: the block where it stands, and its variables."""

# A named tuple's own constructor is interpreted, and there are tens of thousands to make.
_new: Any = tuple.__new__


class _OpenBlock:
    __slots__ = ("edges", "effects", "on_raise")

    def __init__(self) -> None:
        self.effects: list[Effect] = []
        self.edges: list[Edge] = []
        self.on_raise: int | None = None


class Graph:
    """A graph under construction; `here` is the current block and `dead` says that no way
    leads to it (code after `return`, which is lowered all the same)."""

    def __init__(self) -> None:
        self.values: list[Value] = []
        self.blocks: list[_OpenBlock] = [_OpenBlock()]
        self.here = 0
        self.dead = False
        self.variables: Delta = {}
        self.frames: list[Delta] = []
        self.log: list[str] | None = None
        """Inside `try`: the variables that changed, in order (see `raising`)."""

    # values and effects

    def value(
        self, op: str, args: tuple[int, ...] = (), text: str = "", at: Span | None = None
    ) -> int:
        """Make a value in the current block and give its index."""
        values = self.values
        values.append(_new(Value, (op, args, text, at, self.here)))
        return len(values) - 1

    def effect(self, kind: str, args: tuple[int, ...], text: str, at: Span) -> None:
        """Let something happen in the current block."""
        happened = _new(Effect, (kind, args, text, at, len(self.values)))
        self.blocks[self.here].effects.append(happened)

    # blocks

    def new_block(self) -> int:
        """A fresh block, not yet reached."""
        self.blocks.append(_OpenBlock())
        return len(self.blocks) - 1

    def edge(self, origin: int, target: int, condition: int | None = None, on: bool = True) -> None:
        """Lead from one block to another, where `condition` is true (or false)."""
        self.blocks[origin].edges.append(_new(Edge, (target, condition, on)))

    def follow(self) -> None:
        """Go on in a block of its own."""
        following = self.new_block()
        self.edge(self.here, following)
        self.here = following

    def go(self, block: int) -> None:
        """Continue in a block."""
        self.here = block
        self.dead = False

    def stop(self) -> None:
        """The current way ends (return, raise, break): what follows is not reached."""
        self.here = self.new_block()
        self.dead = True

    # variables

    def write(self, name: str, value: int | None) -> None:
        """Bind a variable on the current way."""
        variables = self.variables
        if self.frames:
            frame = self.frames[-1]
            if name not in frame:
                frame[name] = variables.get(name)
            if self.log is not None:
                self.log.append(name)
        variables[name] = value

    def push(self) -> int:
        """Begin to remember changes; the result says to `delta` since when."""
        self.frames.append({})
        return len(self.frames) - 1

    def delta(self, since: int) -> Delta:
        """The variables that changed since a `push`, as they are now."""
        variables, frames = self.variables, self.frames
        if since == len(frames) - 1:
            frame = frames[since]
            return {name: variables[name] for name in frame} if frame else {}
        return {name: variables[name] for frame in frames[since:] for name in frame}

    def pop(self) -> None:
        """Undo every change since the last `push`."""
        frame = self.frames.pop()
        if frame:
            self.variables.update(frame)
            if self.log is not None:
                self.log.extend(frame)

    def way(self, since: int) -> Way:
        """The current way's end, relative to a `push`."""
        return self.here, self.delta(since)

    def merge(self, deltas: Sequence[Delta]) -> None:
        """Bind each variable to what the ways make of it, in the current block."""
        names: Delta = {}
        for delta in deltas:
            if delta:
                names.update(delta)
        variables = self.variables
        for name in names:
            before = variables.get(name)
            joined = self.join([delta.get(name, before) for delta in deltas])
            if joined != before:
                self.write(name, joined)

    def join(self, values: Iterable[int | None]) -> int | None:
        """One value for several: themselves if equal, what they refine if all of it, else phi."""
        distinct = list(dict.fromkeys(values))
        if len(distinct) > 1:
            distinct = self._unrefine(distinct)
        if len(distinct) == 1:
            return distinct[0]
        alternatives = [self.value("unbound") if v is None else v for v in distinct]
        return self.value("phi", tuple(alternatives))

    def _unrefine(self, values: list[int | None]) -> list[int | None]:
        """Both sides of one condition together are the value itself again."""
        made = self.values
        sides: dict[int, list[int]] = {}
        for value in values:
            if value is not None and made[value].op == "refine":
                sides.setdefault(made[value].args[0], []).append(value)
        if not sides:
            return values
        found = dict.fromkeys(values)
        # From the latest: what is one again may itself be a side of an earlier one.
        todo = [-inner for inner in sides]
        heapify(todo)
        while todo:
            inner = -heappop(todo)
            known = {(made[side].args, made[side].text) for side in sides[inner]}
            if inner not in found and len(known) == len({args for args, _ in known}):
                continue
            for side in sides[inner]:
                del found[side]
            found[inner] = None
            if made[inner].op == "refine":
                outer = made[inner].args[0]
                if outer not in sides:
                    sides[outer] = []
                    heappush(todo, -outer)
                if inner not in sides[outer]:
                    sides[outer].append(inner)
        return list(found)

    def join_at(self, ways: Sequence[Way]) -> None:
        """Continue where several ways meet; no way at all leaves the code after it unreached."""
        if not ways:
            self.stop()
            return
        if len(ways) == 1:
            block, delta = ways[0]
            self.here = block
            self.dead = False
            for name, value in delta.items():
                if self.variables.get(name) != value:
                    self.write(name, value)
            return
        target = self.new_block()
        for block, _ in ways:
            self.edge(block, target)
        self.here = target
        self.dead = False
        self.merge([delta for _, delta in ways])

    def finished(self) -> tuple[tuple[Value, ...], tuple[Block, ...]]:
        """The immutable graph."""
        blocks = [
            _new(Block, (tuple(block.effects), tuple(block.edges), block.on_raise))
            for block in self.blocks
        ]
        return tuple(self.values), tuple(blocks)
