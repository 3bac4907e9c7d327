"""Conditions: short circuits, and what is known on either side."""

from __future__ import annotations

from typing import Any

from astroid import nodes

from .lower_names import EXPRESSIONS, STATEMENTS, Names
from .ssa import Delta, Way


class Branches(Names):
    """The part of a function's lowering that decides between ways."""

    def branch(self, test: Any) -> tuple[list[Way], list[Way]]:
        """Lower a condition with its short circuits: the ways on which it is true, and false.

        The caller has pushed a frame, which holds what the condition itself binds; the ways are
        relative to it.
        """
        kind = test.__class__
        if kind is nodes.UnaryOp and test.op == "not":
            on_true, on_false = self.branch(test.operand)
            return on_false, on_true
        if kind is nodes.BoolOp:
            return self._branch_boolop(test)
        value = self.expression(test)
        self.effect("test", (value,), "", self.span(test))
        return self.sides(value, self.tested(test))

    def sides(self, condition: int, tested: list[tuple[str, int]]) -> tuple[list[Way], list[Way]]:
        """Lead to two new blocks, where the condition is true and false of what it tests."""
        origin = self.here
        own = self.delta(len(self.frames) - 1)
        on_true, on_false = self.new_block(), self.new_block()
        self.edge(origin, on_true, condition, True)
        self.edge(origin, on_false, condition, False)
        if not tested:
            return [(on_true, own)], [(on_false, own)]
        sides = []
        for block, outcome in ((on_true, True), (on_false, False)):
            self.here = block
            delta: Delta = dict(own)
            for key, value in tested:
                delta[key] = self.refine(value, condition, outcome)
            sides.append([(block, delta)])
        self.here = origin
        return sides[0], sides[1]

    def _branch_boolop(self, test: Any) -> tuple[list[Way], list[Way]]:
        decided: list[Way] = []
        going: list[Way] = []
        stops_on = test.op == "or"
        for position, operand in enumerate(test.values):
            if position:
                self.enter(going)
            on_true, on_false = self.branch(operand)
            stop, going = (on_true, on_false) if stops_on else (on_false, on_true)
            decided += stop
        return (decided, going) if stops_on else (going, decided)

    def enter(self, side: list[Way]) -> None:
        """Continue on one side of a branch in an expression: the frame begins again with what
        holds there, and it is as dead as the code around it."""
        self.pop()
        self.push()
        self.meet(side)

    def meet(self, ways: list[Way]) -> None:
        """Join the ways of an expression: its deadness is that of the code around it."""
        dead = self.dead
        self.join_at(ways)
        self.dead = dead

    def begin(self, side: list[Way], dead: bool) -> None:
        """Start on one of the ways of a statement in a fresh frame; `dead` if all of it is."""
        self.pop()
        self.push()
        self.join_at(side)
        if dead:
            self.dead = True

    @STATEMENTS.lowers("If")
    def s_if(self, node: Any) -> None:
        in_body, in_orelse = _checks_types(node.test)
        since = self.push()
        on_true, on_false = self.branch(node.test)
        dead = self.dead
        ways: list[Way] = []
        self.begin(on_true, dead)
        self.typing_depth += in_body
        self.block(node.body)
        self.typing_depth -= in_body
        if not self.dead:
            ways.append(self.way(since))
        self.begin(on_false, dead)
        if node.orelse:
            self.typing_depth += in_orelse
            self.block(node.orelse)
            self.typing_depth -= in_orelse
        if not self.dead:
            ways.append(self.way(since))
        self.pop()
        self.join_at(ways)

    @EXPRESSIONS.lowers("IfExp")
    def x_ifexp(self, node: Any) -> int:
        since = self.push()
        ways, values = [], []
        for side, part in zip(self.branch(node.test), (node.body, node.orelse), strict=True):
            self.enter(side)
            values.append(self.expression(part))
            ways.append(self.way(since))
        self.pop()
        self.meet(ways)
        return self.value("phi", tuple(values), "", self.span(node))

    @EXPRESSIONS.lowers("BoolOp")
    def x_boolop(self, node: Any) -> int:
        stops_on = node.op == "or"
        since = self.push()
        ways: list[Way] = []
        values: list[int] = []
        for operand in node.values[:-1]:
            value = self.expression(operand)
            outcomes = self.sides(value, self.tested(operand))
            stop, going = outcomes if stops_on else outcomes[::-1]
            self.enter(stop)
            values.append(self.refine(value, value, stops_on))
            ways.append(self.way(since))
            self.enter(going)
        values.append(self.expression(node.values[-1]))
        ways.append(self.way(since))
        self.pop()
        self.meet(ways)
        return self.value("phi", tuple(values), "", self.span(node))


def _checks_types(test: Any) -> tuple[bool, bool]:
    """Is the body, and is the `else`, of an `if` read by type checkers only?"""
    negated = isinstance(test, nodes.UnaryOp) and test.op == "not"
    if negated:
        test = test.operand
    found = "TYPE_CHECKING" in (getattr(test, "name", ""), getattr(test, "attrname", ""))
    return found and not negated, found and negated
