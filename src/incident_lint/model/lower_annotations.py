"""Annotations: expressions in which a string stands for the expression in it."""

from __future__ import annotations

from typing import Any

from astroid import nodes

from .lower_names import STATEMENTS
from .lower_targets import Targets
from .tree import parse_expression


class Annotations(Targets):
    """The part of a function's lowering that reads annotations."""

    @STATEMENTS.lowers("AnnAssign")
    def s_annassign(self, node: Any) -> None:
        annotation = self.annotation(node.annotation)
        target = node.target
        if isinstance(target, nodes.AssignName):
            if self.class_index >= 0 and annotation is not None:
                self.module.classes[self.class_index].annotations[target.name] = annotation
            if node.value is not None:
                self.assign(target, self.expression(node.value))
        elif node.value is not None:
            self.assign(target, self.expression(node.value))
        else:
            self.expression(target.expr if hasattr(target, "expr") else target.value)

    def annotation(self, node: Any) -> int | None:
        """The value of an annotation, if there is one."""
        if node is None:
            return None
        if isinstance(node, nodes.Const) and isinstance(node.value, str):
            inner = parse_expression(node.value)
            if inner is None:
                return self.value("unknown", (), "unreadable annotation", self.span(node))
            return self._relocated(inner, node)
        if isinstance(node, nodes.Subscript):
            return self._subscript(node)
        if isinstance(node, (nodes.Tuple, nodes.List)):
            return self._parts(node, node.elts)
        if isinstance(node, nodes.BinOp) and node.op == "|":
            args = (self._inner(node.left), self._inner(node.right))
            return self.value("binop", args, node.op, self.span(node))
        return self.expression(node)

    def _inner(self, node: Any) -> int:
        value = self.annotation(node)
        assert value is not None
        return value

    def _parts(self, node: Any, elements: list[Any]) -> int:
        if any(isinstance(element, nodes.Starred) for element in elements):
            return self.expression(node)
        values = tuple([self._inner(element) for element in elements])
        return self.value(type(node).__name__.lower(), values, "", self.span(node))

    def _subscript(self, node: Any) -> int:
        outer, index = node.value, node.slice
        name = getattr(outer, "name", "") or getattr(outer, "attrname", "")
        if name == "Literal":
            return self.expression(node)
        value = self.expression(outer)
        if name == "Annotated" and isinstance(index, nodes.Tuple) and index.elts:
            # Only the first is a type; the rest is whatever its reader makes of it.
            parts = [self._inner(index.elts[0])]
            parts += [self.expression(element) for element in index.elts[1:]]
            inside = self.value("tuple", tuple(parts), "", self.span(index))
        else:
            inside = self._inner(index)
        return self.value("item", (value, inside), "", self.span(node))

    def _relocated(self, inner: Any, outer: Any) -> int:
        """Lower the expression of a string: every position is that of the string."""
        at = self.span(outer)
        first = len(self.values)
        value = self._inner(inner)
        for index in range(first, len(self.values)):
            self.values[index] = self.values[index]._replace(at=at)
        block = self.blocks[self.here]
        block.effects = [e._replace(at=at) if e.after > first else e for e in block.effects]
        return value
