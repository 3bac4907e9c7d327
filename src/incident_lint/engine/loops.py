"""The loops of a function: what belongs to a turn, and which ways lead on inside and between turns.

A place is a block and how many values were made before it, as in `body`. In facts, what follows a
`for` goes on in the block in which the loop asks for its next turn; so blocks are cut there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple, TypeAlias

from ..model.facts import Block, Function
from .body import Body
from .guards import bare, same

Place: TypeAlias = tuple[int, int]
_Node: TypeAlias = tuple[int, int]
"""A block, and which piece of it."""

_Known: TypeAlias = tuple[tuple[int, bool], ...]
_Way: TypeAlias = tuple[_Node, "int | None", bool]

_MOST_STEPS = 3000
_RAISING = frozenset({"call", "raise", "await", "iter", "enter"})


class Loop(NamedTuple):
    """A loop: the block in which each turn begins, what belongs to a turn, the value that asks for
    the next turn of a `for` (None: a `while`), and the values that stand for what a turn leaves."""

    header: int
    nodes: frozenset[_Node]
    more: int | None
    phis: tuple[int, ...]

    @property
    def start(self) -> Place:
        """Where a turn begins."""
        return self.header, 0


class Flow:
    """The ways through one function."""

    def __init__(self, body: Body) -> None:
        self.function: Function = body.function
        self._cuts = [_cuts(self.function, block) for block in self.function.blocks]
        self.loops = tuple(self._loops())
        """All loops but those of comprehensions, in the order in which they are written."""

    def holds(self, loop: Loop, value: int) -> bool:
        """Whether a value is made in the turns of a loop."""
        return self.is_in(loop, (self.function.values[value].block, value))

    def is_in(self, loop: Loop, place: Place) -> bool:
        """Whether a place is in the turns of a loop."""
        return self._node(place) in loop.nodes

    def is_inside(self, inner: Loop, outer: Loop) -> bool:
        """Whether a loop is in another."""
        return inner.nodes < outer.nodes

    def elements(self, loop: Loop) -> frozenset[int]:
        """What a turn of a `for` takes."""
        if loop.more is None:
            return frozenset()
        values = self.function.values
        iterated = values[loop.more].args[0]
        return frozenset(
            number
            for number, value in enumerate(values)
            if value.op == "elem"
            and not value.text
            and value.args[0] == iterated
            and self.holds(loop, number)
        )

    def leads(self, first: Place, then: Place, killers: Collection[Place] = ()) -> bool:
        """Whether a way leads from one place on to another, around a loop if need be, that passes
        none of the `killers`; by exceptions none does."""
        goal, barred = self._node(then), {self._node(place) for place in killers if not place[1]}
        seen: set[_Node] = set()
        todo = [(self._node(first), first[1])]
        while todo:
            node, at = todo.pop()
            passed = [k for k in killers if k[1] > at and self._node(k) == node]
            stop = min((k for _, k in passed), default=None)
            if node == goal and at < then[1]:
                if stop is None or stop > then[1]:
                    return True
                continue
            for target in self._following(node) if stop is None else ():
                if target == goal and not then[1]:
                    return True
                if target not in seen and target not in barred:
                    seen.add(target)
                    todo.append((target, 0))
        return False

    def spared(self, loop: Loop, then: Place, setters: Collection[Place]) -> bool:
        """Whether a turn can come to a place without passing any of the `setters`, where conditions
        that ask the same are answered the same. Where there are too many ways, it cannot."""
        goal = self._node(then)
        begin = self._node(loop.start)
        seen: set[tuple[_Node, _Known]] = set()
        todo: list[tuple[_Node, _Known]] = [(begin, ())]
        for _ in range(_MOST_STEPS):
            if not todo:
                break
            node, known = todo.pop()
            stop = min((k for b, k in setters if self._node((b, k)) == node), default=None)
            if node == goal and (stop is None or stop > then[1]):
                return True
            found = self.function.blocks[node[0]]
            ways = self._ways(node) if stop is None else []
            if found.on_raise is not None and _raises_before(found, stop):
                ways.append(((found.on_raise, 0), None, True))
            for target, condition, outcome in ways:
                after = _also(self.function, known, condition, outcome)
                if after is None or target == begin or target not in loop.nodes:
                    continue
                if (target, after) not in seen:
                    seen.add((target, after))
                    todo.append((target, after))
        return False

    def behind(self, loop: Loop) -> frozenset[_Node]:
        """What is outside of a loop, and a turn leads to by no exception."""
        seen = {self._node(loop.start)}
        todo = list(seen)
        while todo:
            for target in self._following(todo.pop()):
                if target not in seen:
                    seen.add(target)
                    todo.append(target)
        return frozenset(seen) - loop.nodes

    def is_behind(self, nodes: frozenset[_Node], place: Place) -> bool:
        """Whether a place is among what `behind` gave."""
        return self._node(place) in nodes

    def _node(self, place: Place) -> _Node:
        block, at = place
        return block, sum(cut < at for cut in self._cuts[block])

    def _ways(self, node: _Node) -> list[_Way]:
        """What a piece of a block leads to, by no exception, and when."""
        block, piece = node
        cuts, edges = self._cuts[block], self.function.blocks[block].edges
        if piece < len(cuts):
            inside = [
                ((e.block, 0), e.condition, True) for e in edges if e.condition == cuts[piece]
            ]
            return [*inside, ((block, piece + 1), cuts[piece], False)]
        return [((e.block, 0), e.condition, e.outcome) for e in edges if e.condition not in cuts]

    def _following(self, node: _Node) -> list[_Node]:
        found = self.function.blocks[node[0]]
        targets = [target for target, _, _ in self._ways(node)]
        if found.on_raise is not None and any(e.kind == "raise" for e in found.effects):
            targets.append((found.on_raise, 0))
        return targets

    def _every(self, node: _Node) -> list[_Node]:
        found = self.function.blocks[node[0]]
        targets = [target for target, _, _ in self._ways(node)]
        return targets if found.on_raise is None else [*targets, (found.on_raise, 0)]

    def _loops(self) -> Iterator[Loop]:
        backs: dict[_Node, list[_Node]] = {}
        before: dict[_Node, list[_Node]] = {}
        for origin, target, is_back in self._edges():
            before.setdefault(target, []).append(origin)
            if is_back:
                backs.setdefault(target, []).append(origin)
        for header in sorted(backs):
            nodes = {header, *backs[header]}
            todo = [node for node in backs[header] if node != header]
            while todo:
                for node in before.get(todo.pop(), ()):
                    if node not in nodes:
                        nodes.add(node)
                        todo.append(node)
            values = [(n, v) for n, v in enumerate(self.function.values) if v.block == header[0]]
            if not values or values[0][1].op != "elem":  # else of a comprehension
                phis = tuple(n for n, v in values if v.op == "phi" and v.at is None)
                yield Loop(header[0], frozenset(nodes), self._more(header[0]), phis)

    def _edges(self) -> Iterator[tuple[_Node, _Node, bool]]:
        """The edges between what can be reached, and whether one leads back to where a turn of some
        loop begins."""
        start = self._node((0, 0))
        on_way, done = {start}, set()
        todo = [(start, iter(self._every(start)))]
        while todo:
            node, targets = todo[-1]
            target = next(targets, None)
            if target is None:
                todo.pop()
                on_way.discard(node)
                done.add(node)
                continue
            yield node, target, target in on_way
            if target not in on_way and target not in done:
                on_way.add(target)
                todo.append((target, iter(self._every(target))))

    def _more(self, header: int) -> int | None:
        """The condition of a `for`; inside `try` a block of its own asks for it."""
        facts = self.function.blocks[header]
        if facts.on_raise is not None and not facts.effects and len(facts.edges) == 1:
            header = facts.edges[0].block
        values = self.function.values
        made = [n for n, v in enumerate(values) if v.block == header and v.at is not None]
        cuts = self._cuts[header]
        return cuts[0] if cuts and (not made or min(made) > cuts[0]) else None


def has_loop(function: Function) -> bool:
    """Whether a function may have a loop."""
    return any(
        edge.block <= number for number, block in enumerate(function.blocks) for edge in block.edges
    )


def _cuts(function: Function, block: Block) -> list[int]:
    """The conditions of loops that are entered from the middle of a block, in order."""
    asked = {edge.condition for edge in block.edges if edge.condition is not None}
    return sorted(value for value in asked if function.values[value].op == "more")


def _raises_before(block: Block, after: int | None) -> bool:
    """Whether something in a block may raise before a value is made there: where that is what a
    call gives, the call itself."""
    last = block.effects[-1] if block.effects else None
    if last is None or last.kind not in _RAISING:
        return False
    return after is None or after >= (last.args[0] if last.kind == "call" else last.after)


def _also(function: Function, known: _Known, condition: int | None, outcome: bool) -> _Known | None:
    """What is known of conditions behind one more; None: it contradicts what is known."""
    if condition is None or function.values[condition].op == "more":
        return known
    while function.values[bare(function, condition)].op == "not":
        condition = function.values[bare(function, condition)].args[0]
        outcome = not outcome
    condition = bare(function, condition)
    if function.values[condition].op == "const":
        return None if (function.values[condition].text == "True") is not outcome else known
    for other, truth in known:
        if _alike(function, other, condition):
            return known if truth is outcome else None
    return tuple(sorted((*known, (condition, outcome))))


def _alike(function: Function, one: int, other: int) -> bool:
    """Whether two conditions ask the same: as they are written, of the same values."""
    one, other = bare(function, one), bare(function, other)
    if same(function, one, other):
        return True
    first, second = function.values[one], function.values[other]
    if first.op != second.op or first.text != second.text or len(first.args) != len(second.args):
        return False
    if first.op not in ("compare", "call", "attr", "item", "not"):
        return False
    return all(_alike(function, *pair) for pair in zip(first.args, second.args, strict=True))
