"""Targets: what an assignment, a loop, `with`, `del` and `x += y` bind or change."""

from __future__ import annotations

from typing import Any

from astroid import nodes

from .lower_names import STATEMENTS, Names
from .source import Span

_new: Any = tuple.__new__


class Targets(Names):
    """The part of a function's lowering that binds targets."""

    def assign(self, target: Any, value: int) -> None:
        """Bind one target of an assignment, a loop, a `with` or a comprehension."""
        kind = target.__class__
        if kind is nodes.AssignName:
            if self.wide:
                at = self.span(target)
            else:
                line, end = target.lineno, target.end_lineno
                at = _new(Span, (line, target.col_offset + 1, end, target.end_col_offset + 1))
            self.bind(target.name, value, at)
        elif kind is nodes.AssignAttr:
            obj = self.expression(target.expr)
            self.set_attribute(obj, target.attrname, value, self.span(target))
        elif kind is nodes.Subscript:
            obj, index = self.expression(target.value), self.expression(target.slice)
            self.effect("setitem", (obj, index, value), "", self.span(target))
            self.may_raise()
        elif kind is nodes.Starred:
            self.assign(target.value, value)
        elif kind is nodes.Tuple or kind is nodes.List:
            self._unpack(target.elts, value, self.span(target))

    def _unpack(self, targets: list[Any], value: int, at: Span) -> None:
        known = self.values[value]
        starred = any(isinstance(target, nodes.Starred) for target in targets)
        if (
            known.op in ("tuple", "list")
            and not known.text
            and not starred
            and len(known.args) == len(targets)
        ):
            for target, part in zip(targets, known.args, strict=True):
                self.assign(target, part)
            return
        self.effect("iter", (value,), "unpack", at)
        self.may_raise()
        after_star = False
        for position, target in enumerate(targets):
            text = "" if after_star else str(position)
            if isinstance(target, nodes.Starred):
                text, after_star = "*", True
            self.assign(target, self.value("elem", (value,), text, self.span(target)))

    def set_attribute(self, obj: int, name: str, value: int, at: Span) -> None:
        """`obj.name = value`; on a method's first parameter it is a field of the class."""
        self.effect("setattr", (obj, value), name, at)
        owner = self._self_class(obj)
        if owner >= 0:
            self.module.classes[owner].fields.setdefault(name, []).append((self.index, value))

    def _self_class(self, obj: int) -> int:
        value = self.values[obj]
        while value.op == "refine":
            value = self.values[value.args[0]]
        header = self.header
        if value.op == "param" and header is not None and value.text == self.self_name:
            return int(header["owner"])
        return -1

    @STATEMENTS.lowers("Assign")
    def s_assign(self, node: Any) -> None:
        value = self.expression(node.value)
        for target in node.targets:
            self.assign(target, value)

    @STATEMENTS.lowers("AugAssign")
    def s_augassign(self, node: Any) -> None:
        target, at = node.target, self.span(node)
        obj = index = -1
        if isinstance(target, nodes.AssignName):
            old = self.load(target.name, target)
        elif isinstance(target, nodes.AssignAttr):
            obj = self.expression(target.expr)
            old = self.value("attr", (obj,), target.attrname, self.span(target))
        else:
            obj, index = self.expression(target.value), self.expression(target.slice)
            old = self.value("item", (obj, index), "", self.span(target))
            self.may_raise()
        operand = self.expression(node.value)
        operator = node.op.removesuffix("=")
        value = self.value("aug", (old, operand), operator, at)
        self.effect("aug", (value,), operator, at)
        if isinstance(target, nodes.AssignName):
            self.bind(target.name, value, self.span(target))
        elif index < 0:
            self.set_attribute(obj, target.attrname, value, self.span(target))
        else:
            self.effect("setitem", (obj, index, value), "", self.span(target))
            self.may_raise()

    @STATEMENTS.lowers("Delete")
    def s_delete(self, node: Any) -> None:
        for target in node.targets:
            self._delete(target)

    def _delete(self, target: Any) -> None:
        at = self.span(target)
        if isinstance(target, nodes.DelName):
            key = self.key(target.name) or target.name
            if self.variables.get(key) is not None:
                self.write(key, None)
        elif isinstance(target, nodes.DelAttr):
            self.effect("delattr", (self.expression(target.expr),), target.attrname, at)
        elif isinstance(target, nodes.Subscript):
            obj, index = self.expression(target.value), self.expression(target.slice)
            self.effect("delitem", (obj, index), "", at)
            self.may_raise()
        elif isinstance(target, (nodes.Tuple, nodes.List)):
            for element in target.elts:
                self._delete(element)
