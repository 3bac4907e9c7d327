"""Comprehensions: a loop in the same function, with names of their own."""

from __future__ import annotations

from typing import Any

from astroid import nodes

from .lower_expressions import Expressions
from .lower_names import EXPRESSIONS
from .lower_targets import Targets
from .ssa import Way

_KINDS = {
    "DictComp": "dictcomp",
    "GeneratorExp": "genexpr",
    "ListComp": "listcomp",
    "SetComp": "setcomp",
}


class Comprehensions(Targets, Expressions):
    """The part of a function's lowering that handles comprehensions and `:=`."""

    @EXPRESSIONS.lowers(*_KINDS)
    def x_comprehension(self, node: Any) -> int:
        kind = _KINDS[type(node).__name__]
        self.scope_count += 1
        first = self.expression(node.generators[0].iter)
        prefix = f"{kind} {self.scope_count} "
        self.inner_scopes.append((prefix, set(node.locals)))
        since = self.push()
        outside = self.here
        refused: list[Way] = []
        parts = self._generators(node, 0, first, refused)
        ways = [*refused, self.way(since)]
        self.pop()
        after = self.new_block()
        self.edge(outside, after)
        for block, _ in ways:
            self.edge(block, after)
        self.here = after
        # A walrus inside binds outside.
        changed = [{k: v for k, v in d.items() if not k.startswith(prefix)} for _, d in ways]
        if any(changed):
            self.merge([{}, *changed])
        self.inner_scopes.pop()
        whole = len(node.generators) == 1 and not node.generators[0].ifs
        return self.value(kind, tuple(parts), str(first) if whole else "", self.span(node))

    def _generators(self, node: Any, position: int, iterable: int, refused: list[Way]) -> list[int]:
        """The element's parts, inside the loops from `position` on; `refused` takes the ways on
        which a condition is false, relative to the comprehension's frame."""
        if position == len(node.generators):
            if isinstance(node, nodes.DictComp):
                return [self.expression(node.key), self.expression(node.value)]
            return [self.expression(node.elt)]
        generator = node.generators[position]
        if position:
            iterable = self.expression(generator.iter)
        at = self.span(generator.iter)
        text = "async" if generator.is_async else "for"
        self.effect("iter", (iterable,), text, at)
        self.may_raise()
        body = self.new_block()
        self.edge(self.here, body, self.value("more", (iterable,), "", at), True)
        self.here = body
        self.assign(generator.target, self.value("elem", (iterable,), "", at))
        for condition in generator.ifs:
            since = self.push()
            on_true, on_false = self.branch(condition)
            self.pop()
            for block, delta in on_false:
                self.edge(block, body)
                refused.append((block, {**self.delta(since - 1), **delta}))
            self.meet(on_true)
        parts = self._generators(node, position + 1, iterable, refused)
        self.edge(self.here, body)
        return parts

    @EXPRESSIONS.lowers("NamedExpr")
    def x_namedexpr(self, node: Any) -> int:
        value = self.expression(node.value)
        # A walrus binds in the function around a comprehension, not in it.
        inner = self.inner_scopes
        self.inner_scopes = [scope for scope in inner if scope[0].startswith("class ")]
        self.bind(node.target.name, value, self.span(node.target))
        self.inner_scopes = inner
        return value
