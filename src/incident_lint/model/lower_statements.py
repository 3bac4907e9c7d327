"""Statements that are neither assignments nor decide the way: what remains of them."""

from __future__ import annotations

from typing import Any

from astroid import nodes

from .lower_names import STATEMENTS, Names


class Statements(Names):
    """The part of a function's lowering that handles the simplest statements."""

    @STATEMENTS.lowers("Expr")
    def s_expr(self, node: Any) -> None:
        if isinstance(node.value, nodes.GeneratorExp):
            self.expression(node.value.generators[0].iter)  # nobody iterates it: it never runs
            return
        value = self.expression(node.value)
        self.effect("discard", (value,), "", self.span(node))

    @STATEMENTS.lowers("Pass", "Global", "Nonlocal", "")
    def s_nothing(self, node: Any) -> None:
        """Nothing happens; `global` and `nonlocal` are known before their function is lowered."""
