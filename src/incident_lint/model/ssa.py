"""Build one function's graph: values made once, blocks of effects, and joins of variables.

Python's control flow is structured, so joins need no dominance computation: a *frame* remembers
which variables changed since a branch began, a *delta* is what they are at its end, and `merge`
makes one `phi` for each variable on which the ways disagree. The cost is proportional to the
changes, not to the number of variables.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .facts import Block, Edge, Effect, Value
from .source import Span

Delta = dict[str, int | None]
"""What changed on one way: variable -> value (None: unbound)."""


class _OpenBlock:
    __slots__ = ("edges", "effects", "on_raise")

    def __init__(self) -> None:
        self.effects: list[Effect] = []
        self.edges: list[Edge] = []
        self.on_raise: int | None = None


class Way:
    """The end of one way through the code: where it stands and what its variables are."""

    __slots__ = ("block", "delta")

    def __init__(self, block: int, delta: Delta) -> None:
        self.block = block
        self.delta = delta


class Graph:
    """A graph under construction; `here` is the current block and `dead` says that no way
    leads to it (code after `return`, which is lowered all the same)."""

    def __init__(self) -> None:
        self.values: list[Value] = []
        self.blocks: list[_OpenBlock] = [_OpenBlock()]
        self.here = 0
        self.dead = False
        self.variables: dict[str, int | None] = {}
        self.frames: list[dict[str, int | None]] = []
        self.writes = 0

    # values and effects

    def value(
        self, op: str, args: tuple[int, ...] = (), text: str = "", at: Span | None = None
    ) -> int:
        """Make a value in the current block and give its index."""
        self.values.append(Value(op, args, text, at, self.here))
        return len(self.values) - 1

    def effect(self, kind: str, args: tuple[int, ...], text: str, at: Span) -> None:
        """Let something happen in the current block."""
        self.blocks[self.here].effects.append(Effect(kind, args, text, at, len(self.values)))

    # blocks

    def new_block(self) -> int:
        """A fresh block, not yet reached."""
        self.blocks.append(_OpenBlock())
        return len(self.blocks) - 1

    def edge(self, origin: int, target: int, condition: int | None = None, on: bool = True) -> None:
        """Lead from one block to another, where `condition` is true (or false)."""
        self.blocks[origin].edges.append(Edge(target, condition, on))

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
        if self.frames:
            frame = self.frames[-1]
            if name not in frame:
                frame[name] = self.variables.get(name)
        self.variables[name] = value
        self.writes += 1

    def push(self) -> int:
        """Begin to remember changes; the result says to `delta` since when."""
        self.frames.append({})
        return len(self.frames) - 1

    def delta(self, since: int) -> Delta:
        """The variables that changed since a `push`, as they are now."""
        variables = self.variables
        return {name: variables.get(name) for frame in self.frames[since:] for name in frame}

    def pop(self) -> None:
        """Undo every change since the last `push`."""
        for name, old in self.frames.pop().items():
            self.variables[name] = old

    def way(self, since: int) -> Way:
        """The current way's end, relative to a `push`."""
        return Way(self.here, self.delta(since))

    def merge(self, deltas: Sequence[Delta]) -> None:
        """Bind each variable to what the ways make of it, in the current block."""
        names: dict[str, None] = {}
        for delta in deltas:
            names.update(dict.fromkeys(delta))
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
        found = dict.fromkeys(values)
        changed = True
        while changed and len(found) > 1:
            changed = False
            sides: dict[tuple[int, ...], str] = {}
            for index in list(found):
                if index is None or self.values[index].op != "refine":
                    continue
                refined = self.values[index]
                inner = refined.args[0]
                other = sides.setdefault(refined.args, refined.text)
                if inner in found or other != refined.text:
                    found = {
                        v: None
                        for v in found
                        if v is None
                        or self.values[v].op != "refine"
                        or self.values[v].args[0] != inner
                    }
                    found[inner] = None
                    changed = True
                    break
        return list(found)

    def join_at(self, ways: Sequence[Way]) -> None:
        """Continue where several ways meet; no way at all leaves the code after it unreached."""
        if not ways:
            self.stop()
            return
        if len(ways) == 1:
            self.go(ways[0].block)
        else:
            target = self.new_block()
            for way in ways:
                self.edge(way.block, target)
            self.go(target)
        self.merge([way.delta for way in ways])

    def finished(self) -> tuple[tuple[Value, ...], tuple[Block, ...]]:
        """The immutable graph."""
        blocks = tuple(Block(tuple(b.effects), tuple(b.edges), b.on_raise) for b in self.blocks)
        return tuple(self.values), blocks
