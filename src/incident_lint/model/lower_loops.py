"""Loops: values that stand for what a turn leaves to the next, and the ways out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from astroid import nodes

from .lower_branches import Branches
from .lower_names import STATEMENTS
from .lower_targets import Targets
from .ssa import Way


class Loop:
    """Where `break` and `continue` go; `inside` is the number of `finally` and `with` around it."""

    def __init__(self, since: int, inside: int) -> None:
        self.since = since
        self.inside = inside
        self.breaks: list[Way] = []
        self.continues: list[Way] = []


class Loops(Targets, Branches):
    """The part of a function's lowering that handles loops; the innermost is the last."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.loops: list[Loop] = []
        self.leaving: list[Callable[[], None]] = []
        """What happens on the way out of each `finally` and `with` around here."""

    def leave(self, inside: int) -> None:
        """Let happen what a jump passes, from the innermost `finally` or `with` outwards."""
        leaving, loops = self.leaving, self.loops
        for position in range(len(leaving) - 1, inside - 1, -1):
            self.leaving = leaving[:position]
            self.loops = [loop for loop in loops if loop.inside <= position]
            leaving[position]()
        self.leaving, self.loops = leaving, loops

    @STATEMENTS.lowers("Break")
    def s_break(self, node: Any) -> None:
        self._jump("breaks")

    @STATEMENTS.lowers("Continue")
    def s_continue(self, node: Any) -> None:
        self._jump("continues")

    def _jump(self, kind: str) -> None:
        if self.loops:
            loop = self.loops[-1]
            self.leave(loop.inside)
            if not self.dead:
                getattr(loop, kind).append(self.way(loop.since))
        self.stop()

    @STATEMENTS.lowers("While")
    def s_while(self, node: Any) -> None:
        outer = self.push()
        header, phis = self._begin_loop(node)
        self.push()
        loop = Loop(outer, len(self.leaving))
        on_true, on_false = self.branch(node.test)
        if isinstance(node.test, nodes.Const) and node.test.value:
            on_false = []
        dead = self.dead
        self.begin(on_true, dead)
        self._finish_loop(node, loop, (header, phis, on_false), dead)

    @STATEMENTS.lowers("For", "AsyncFor")
    def s_for(self, node: Any) -> None:
        iterable = self.expression(node.iter)
        at = self.span(node.iter)
        text = "async" if isinstance(node, nodes.AsyncFor) else "for"
        self.effect("iter", (iterable,), text, at)
        outer = self.push()
        header, phis = self._begin_loop(node)
        self.push()
        self.may_raise()
        loop = Loop(outer, len(self.leaving))
        turn = self.here
        self.here = self.new_block()
        self.edge(turn, self.here, self.value("more", (iterable,), "", at), True)
        exhausted: list[Way] = [(turn, {})]
        dead = self.dead
        self.assign(node.target, self.value("elem", (iterable,), "", at))
        self._finish_loop(node, loop, (header, phis, exhausted), dead)

    def _begin_loop(self, node: Any) -> tuple[int, dict[str, int]]:
        """A header block whose phi values stand for what the loop rebinds."""
        self.follow()
        header = self.here
        phis: dict[str, int] = {}
        for name in sorted(self._rebound_in(node)):
            before = self.variables.get(name)
            first = self.value("unbound") if before is None else before
            phis[name] = self.value("phi", (first,))
            self.write(name, phis[name])
        return header, phis

    def _rebound_in(self, node: Any) -> set[str]:
        if self.class_index >= 0:
            prefix = self.inner_scopes[-1][0]
            return {prefix + name for name in self.class_scopes[-1].assigned_in(node)}
        return self.scope.assigned_in(node) & self.scope.names

    def _finish_loop(
        self, node: Any, loop: Loop, opened: tuple[int, dict[str, int], list[Way]], dead: bool
    ) -> None:
        """Lower the body where its first turn begins, close the loop, run its `else` where it was
        not left by `break`, and go on. `opened`: header, its phi values, the ways on which the
        loop ends by itself."""
        header, phis, finished = opened
        self.loops.append(loop)
        self.block(node.body)
        self.loops.pop()
        if not self.dead:
            loop.continues.append(self.way(loop.since))
        self.pop()
        self._end_loop(header, phis, loop.continues)
        self.join_at(finished)
        self.dead = dead or self.dead
        if node.orelse:
            self.block(node.orelse)
        ways = [] if self.dead else [self.way(loop.since)]
        self.pop()
        self.join_at(ways + loop.breaks)
        self.dead = dead or self.dead

    def _end_loop(self, header: int, phis: dict[str, int], ways: list[Way]) -> None:
        for block, _ in ways:
            self.edge(block, header)
        for name, phi in phis.items():
            alternatives = [self.values[phi].args[0]]
            for _, delta in ways:
                value = delta.get(name, phi)
                alternatives.append(self.value("unbound") if value is None else value)
            distinct = tuple([v for v in dict.fromkeys(alternatives) if v != phi])
            self.values[phi] = self.values[phi]._replace(args=distinct)
