"""A function's graph as ways: points in order, what leads on from each, what a join takes over.

Facts keep blocks. A question about ways needs three things more, and they are made here, for one
function at a time and never stored: a block from whose middle a loop is entered becomes several
points; what a comprehension's condition refuses leads on behind the comprehension; and the
alternatives of a join are told apart by the way on which one comes.
"""

from __future__ import annotations

import ast
from collections.abc import Container
from typing import NamedTuple

from ..model.facts import Block, Effect, Function

_COMPREHENSIONS = ("listcomp", "setcomp", "dictcomp", "genexpr")
_CALM = frozenset(
    {"param", "const", "from", "global", "builtin", "free", "cell", "phi", "refine", "func"}
    | {"list", "tuple", "exc", "unbound", "unknown", "more", "matches", "sent", "enter", "await"}
)
"""Values that are made without anything that could raise (of `await`, the effect raises)."""


class Item(NamedTuple):
    """What happens at one place of a block: a value is made, or one of the block's effects (by its
    number) happens; the other is -1."""

    block: int
    value: int
    effect: int


class Turn(NamedTuple):
    """A way on: to a point, where a condition is true (or false), or because the last effect has
    `raised`."""

    point: int
    condition: int | None
    outcome: bool
    raised: bool


class Point(NamedTuple):
    """A piece of a block that runs as a whole; no turns: the function ends here."""

    block: int
    items: tuple[Item, ...]
    turns: tuple[Turn, ...]


class Ways:
    """All ways through one function; point 0 is the entry."""

    def __init__(self, function: Function) -> None:
        self.function = function
        self._values: list[list[int]] = [[] for _ in function.blocks]
        for index, value in enumerate(function.values):
            self._values[value.block].append(index)
        self._loops = [self._loop_conditions(block) for block in function.blocks]
        self._pieces = [self._cut(index, block) for index, block in enumerate(function.blocks)]
        self._first: list[int] = []
        count = 0
        for pieces in self._pieces:
            self._first.append(count)
            count += len(pieces)
        behind = self._refused()
        self.points = [
            self._point(block, piece, behind)
            for block, pieces in enumerate(self._pieces)
            for piece in range(len(pieces))
        ]
        self.place = {
            item.value: index
            for index, point in enumerate(self.points)
            for item in point.items
            if item.value >= 0
        }
        """The point at which each value is made."""
        self._order = self._reached()
        self.reached = frozenset(self._order)
        self._before = self._leading()
        self._dominator = self._dominators()
        self._depth = [0] * len(self.points)
        for point in self._order[1:]:
            self._depth[point] = self._depth[self._dominator[point]] + 1

    def _cut(self, index: int, block: Block) -> list[tuple[Item, ...]]:
        """The items of a block in order, cut behind each condition of a loop's next turn."""
        order = [(value, 1, Item(index, value, -1)) for value in self._values[index]]
        order += [(e.after, 0, Item(index, -1, n)) for n, e in enumerate(block.effects)]
        order.sort(key=lambda entry: entry[:2])
        pieces: list[list[Item]] = [[]]
        for after, kind, item in order:
            while len(pieces) <= len(self._loops[index]):
                if (after, kind) <= (self._loops[index][len(pieces) - 1], 1):
                    break
                pieces.append([])
            pieces[-1].append(item)
        pieces += [[] for _ in range(len(pieces), len(self._loops[index]) + 1)]
        return [tuple(piece) for piece in pieces]

    def _loop_conditions(self, block: Block) -> list[int]:
        """The conditions of loops that are entered from the middle of a block, in order: what
        follows such a condition runs when the loop has ended."""
        asked = {edge.condition for edge in block.edges if edge.condition is not None}
        return sorted(value for value in asked if self.function.values[value].op == "more")

    def _point(self, block: int, piece: int, behind: dict[int, int]) -> Point:
        items = self._pieces[block][piece]
        facts = self.function.blocks[block]
        if piece + 1 < len(self._pieces[block]):
            more = self._loops[block][piece]
            inside = [edge for edge in facts.edges if edge.condition == more]
            turns = [Turn(self._first[edge.block], more, True, False) for edge in inside]
            if not self._leads_on_inside(block, more):
                turns.append(Turn(self._first[block] + piece + 1, more, False, False))
            return Point(block, items, tuple(turns))
        turns = [
            Turn(self._first[edge.block], edge.condition, edge.outcome, False)
            for edge in facts.edges
            if edge.condition not in self._loops[block]
        ]
        if block in behind:
            turns.append(Turn(self._first[behind[block]], None, True, False))
        if facts.on_raise is not None:
            turns.append(Turn(self._first[facts.on_raise], None, True, True))
        return Point(block, items, tuple(turns))

    def _leads_on_inside(self, block: int, more: int) -> bool:
        """Whether what follows a comprehension's loop is led to from its inside and from before
        it, not from its condition: so it is in a `try`, where its block holds nothing else."""
        facts, last = self.function.blocks[block], self._pieces[block][-1]
        loops = self._loops[block]
        alone = not last and loops[-1] == more and self.function.values[more].block == block
        return alone and all(edge.condition in loops for edge in facts.edges)

    def _refused(self) -> dict[int, int]:
        """Blocks that a comprehension's condition leads to when it is false, where facts let the
        way end: the block behind the comprehension."""
        around = [v for v in self.function.values if v.op in _COMPREHENSIONS and v.at is not None]
        found: dict[int, int] = {}
        for block in self.function.blocks if around else ():
            for edge in block.edges:
                target = self.function.blocks[edge.block]
                if edge.condition is None or target.edges or target.effects:
                    continue
                at = self.function.values[edge.condition].at
                holders = [v for v in around if at and v.at and at.is_within(v.at)]
                if holders:
                    found[edge.block] = holders[0].block
        return found

    def _reached(self) -> list[int]:
        """The points that a way leads to, each after one that leads to it (reverse postorder)."""
        done: list[int] = []
        seen = {0}
        todo = [(0, iter(self.points[0].turns))]
        while todo:
            point, turns = todo[-1]
            turn = next(turns, None)
            if turn is None:
                done.append(point)
                todo.pop()
            elif turn.point not in seen and self._possible(turn):
                seen.add(turn.point)
                todo.append((turn.point, iter(self.points[turn.point].turns)))
        return done[::-1]

    def _possible(self, turn: Turn) -> bool:
        truth = None if turn.condition is None else self.literal(turn.condition)
        return truth is None or truth is turn.outcome

    def literal(self, value: int) -> bool | None:
        """Whether a value is true, if it is a constant."""
        made = self.function.values[value]
        if made.op != "const":
            return None
        try:
            return bool(ast.literal_eval(made.text))
        except (SyntaxError, ValueError):
            return True  # a text so long that facts cut it

    def has_elements(self, more: int) -> bool:
        """Whether a value asks for the next turn of a loop over something that is not empty, as is
        written there."""
        made = self.function.values[more]
        if made.op != "more":
            return False
        iterated = self.function.values[made.args[0]]
        if iterated.op in ("list", "tuple", "set"):
            return bool(iterated.args) and "*" not in iterated.text
        if iterated.op != "call" or len(iterated.args) != 2:
            return False
        called, most = (self.function.values[value] for value in iterated.args)
        counts = called.op == "builtin" and called.text == "range"
        return counts and most.op == "const" and most.text.isdigit() and most.text != "0"

    def _leading(self) -> dict[int, list[tuple[int, Turn]]]:
        """For each point, the points and turns that lead to it."""
        found: dict[int, list[tuple[int, Turn]]] = {point: [] for point in self._order}
        for point in self._order:
            for turn in self.points[point].turns:
                if self._possible(turn):
                    found[turn.point].append((point, turn))
        return found

    def _dominators(self) -> list[int]:
        """For each point the nearest other one that lies on all ways to it (Cooper, Harvey and
        Kennedy's iteration)."""
        number = {point: place for place, point in enumerate(self._order)}
        found = [-1] * len(self.points)
        found[0] = 0
        before = self._before
        changed = True
        while changed:
            changed = False
            for point in self._order[1:]:
                known = [origin for origin, _ in before[point] if found[origin] >= 0]
                nearest = known[0]
                for origin in known[1:]:
                    while nearest != origin:
                        if number[nearest] > number[origin]:
                            nearest = found[nearest]
                        else:
                            origin = found[origin]
                if found[point] != nearest:
                    found[point] = nearest
                    changed = True
        return found

    def dominators(self, point: int) -> list[int]:
        """A point and all that lie on every way to it, from the inside out."""
        found = [point]
        while point and self._dominator[point] >= 0:
            point = self._dominator[point]
            found.append(point)
        return found

    def point_of(self, use: int | Item) -> int:
        """The point at which a value is made, or something happens."""
        if isinstance(use, int):
            return self.place[use]
        return next(n for n, point in enumerate(self.points) if use in point.items)

    def conditions(self, point: int) -> list[tuple[int, bool]]:
        """The conditions that are true (or false) on every way to a point, when it is reached."""
        found = []
        for place in self.dominators(point):
            turns = [turn for _, turn in self._before.get(place, ())]
            if len(turns) == 1 and turns[0].condition is not None:
                found.append((turns[0].condition, turns[0].outcome))
        return found

    def is_of_argument(self, condition: int) -> bool:
        """Whether a condition asks for an argument itself: `async_req`, `not async_req`,
        `kwargs.get("async_req")`, `mode == "later"`."""
        made = self.function.values[condition]
        while made.op in ("refine", "not", "compare", "call", "attr") and made.args:
            made = self.function.values[made.args[0]]
        return made.op == "param" and made.text not in ("self", "cls")

    def reachable(self, point: int) -> set[int]:
        """The points that a way leads to from behind a point."""
        seen: set[int] = set()
        todo = [point]
        while todo:
            for turn in self.points[todo.pop()].turns:
                if turn.point not in seen:
                    seen.add(turn.point)
                    todo.append(turn.point)
        return seen

    def leads_to(self, point: int, but: Container[tuple[int, int]]) -> bool:
        """Whether a way leads to a point without any of these turns (a point and its turn)."""
        seen, todo = {0}, [0]
        while todo:
            here = todo.pop()
            if here == point:
                return True
            for index, turn in enumerate(self.points[here].turns):
                if (here, index) not in but and turn.point not in seen:
                    seen.add(turn.point)
                    todo.append(turn.point)
        return False

    def last_effect(self, point: Point) -> Effect | None:
        """The effect that ends a point, if one does."""
        if not point.items or point.items[-1].effect < 0:
            return None
        return self.function.blocks[point.block].effects[point.items[-1].effect]

    def can_raise(self, items: tuple[Item, ...]) -> bool:
        """Whether an exception can come from any of these items."""
        for item in items:
            if item.value >= 0 and self.function.values[item.value].op not in _CALM:
                return True
            if item.effect >= 0:
                effect = self.function.blocks[item.block].effects[item.effect]
                if effect.kind not in ("bind", "bindfree", "bindglobal", "discard", "except"):
                    return True
        return False

    def joins(self, point: int) -> list[int]:
        """The values at the beginning of a point of which one alternative is taken."""
        found = []
        for item in self.points[point].items:
            op = self.function.values[item.value].op if item.value >= 0 else ""
            if op not in ("phi", "unbound", "more"):
                break
            if op == "phi":
                found.append(item.value)
        return found

    def arriving(self, phi: int) -> dict[tuple[int, bool], tuple[int, ...]]:
        """For each way to a join (its origin; whether something is raised there) the alternatives
        that may come by it.

        Facts do not say which comes by which. What was made last on all ways to the origin is it,
        unless some alternative would then come by none; in that case all are possible.
        """
        place = self.place[phi]
        options: dict[tuple[int, bool], list[int]] = {}
        for origin, turn in self._before.get(place, ()):
            found = self._made_before(phi, origin, turn.raised)
            options[origin, turn.raised] = sorted(found, key=self._lateness)
        newest = {way: tuple(found[-1:]) for way, found in options.items()}
        covered = {value for values in newest.values() for value in values}
        alternatives = {v for v in self.function.values[phi].args if self.place[v] in self.reached}
        if covered >= alternatives:
            return newest
        return {way: tuple(found) for way, found in options.items()}

    def _made_before(self, phi: int, origin: int, raised: bool) -> list[int]:
        failed = -1
        point = self.points[origin]
        last = self.last_effect(point)
        if raised and last is not None and last.args:
            failed = last.args[0]
        above = set(self.dominators(origin))
        return [
            value
            for value in self.function.values[phi].args
            if value != failed
            and (self.function.values[value].op == "unbound" or self.place[value] in above)
        ]

    def _lateness(self, value: int) -> tuple[int, int]:
        unbound = self.function.values[value].op == "unbound"
        return (-1, 0) if unbound else (self._depth[self.place[value]], value)
