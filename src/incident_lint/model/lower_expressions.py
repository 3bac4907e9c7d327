"""Expressions to values: one small method for each of astroid's expression nodes."""

from __future__ import annotations

from typing import Any

from astroid import nodes

from .facts import Effect, Value
from .lower_branches import Branches
from .lower_names import EXPRESSIONS
from .source import Span
from .tree import TOO_DEEP

_new: Any = tuple.__new__
_LONGEST_CONST = 200


class Expressions(Branches):
    """The part of a function's lowering that turns expressions into values."""

    @EXPRESSIONS.lowers("")
    def x_unknown(self, node: Any) -> int:
        return self.value("unknown", (), f"{type(node).__name__} expression", self.span(node))

    @EXPRESSIONS.lowers("Const")
    def x_const(self, node: Any) -> int:
        if self.wide:
            at = self.span(node)
        else:
            at = _new(
                Span, (node.lineno, node.col_offset + 1, node.end_lineno, node.end_col_offset + 1)
            )
        values = self.values
        values.append(_new(Value, ("const", (), constant(node.value), at, self.here)))
        return len(values) - 1

    @EXPRESSIONS.lowers("Name")
    def x_name(self, node: Any) -> int:
        if node.name == TOO_DEEP:
            return self.value("unknown", (), "nested too deeply", self.span(node))
        return self.load(node.name, node)

    @EXPRESSIONS.lowers("Attribute")
    def x_attribute(self, node: Any) -> int:
        inner = (EXPRESSIONS[node.expr.__class__](self, node.expr),)
        if self.wide:
            at = self.span(node)
        else:
            at = _new(
                Span, (node.lineno, node.col_offset + 1, node.end_lineno, node.end_col_offset + 1)
            )
        values = self.values
        values.append(_new(Value, ("attr", inner, node.attrname, at, self.here)))
        return len(values) - 1

    @EXPRESSIONS.lowers("Subscript")
    def x_subscript(self, node: Any) -> int:
        inner = self.expression(node.value)
        index = self.expression(node.slice)
        value = self.value("item", (inner, index), "", self.span(node))
        self.may_raise()
        return value

    @EXPRESSIONS.lowers("Slice")
    def x_slice(self, node: Any) -> int:
        parts = tuple([self.optional(part) for part in (node.lower, node.upper, node.step)])
        return self.value("slice", parts, "", self.span(node))

    @EXPRESSIONS.lowers("Call")
    def x_call(self, node: Any) -> int:
        function = EXPRESSIONS[node.func.__class__](self, node.func)
        args, text = self.elements(node.args)
        if node.keywords:
            words = text.split(",") if args else []
            for keyword in node.keywords:
                args.append(self.expression(keyword.value))
                words.append(keyword.arg or "**")
            text = ",".join(words)
        if self.wide:
            at = self.span(node)
        else:
            at = _new(
                Span, (node.lineno, node.col_offset + 1, node.end_lineno, node.end_col_offset + 1)
            )
        values = self.values
        values.append(_new(Value, ("call", (function, *args), text, at, self.here)))
        value = len(values) - 1
        self.blocks[self.here].effects.append(_new(Effect, ("call", (value,), "", at, len(values))))
        if self.handlers:
            self.may_raise()
        return value

    def elements(self, elements: list[Any]) -> tuple[list[int], str]:
        """The values of arguments or elements, and one word for each: "*" if it is starred."""
        values: list[int] = []
        starred: list[int] = []
        for element in elements:
            if element.__class__ is nodes.Starred:
                value = self.expression(element.value)
                self.effect("iter", (value,), "star", self.span(element))
                starred.append(len(values))
                values.append(value)
            else:
                values.append(EXPRESSIONS[element.__class__](self, element))
        if not starred:
            return values, "," * (len(values) - 1)
        words = ["" for _ in values]
        for position in starred:
            words[position] = "*"
        return values, ",".join(words)

    @EXPRESSIONS.lowers("List", "Set", "Tuple")
    def x_display(self, node: Any) -> int:
        values, text = self.elements(node.elts)
        kind = type(node).__name__.lower()
        return self.value(kind, tuple(values), text if "*" in text else "", self.span(node))

    @EXPRESSIONS.lowers("Starred")
    def x_starred(self, node: Any) -> int:
        # Only as a subscript's index (`tuple[*Ts]`): elsewhere `elements` meets it first.
        return self.expression(node.value)

    @EXPRESSIONS.lowers("Dict")
    def x_dict(self, node: Any) -> int:
        args: list[int] = []
        for key, value in node.items:
            args.append(-1 if key.__class__ is nodes.DictUnpack else self.expression(key))
            args.append(self.expression(value))
        return self.value("dict", tuple(args), "", self.span(node))

    @EXPRESSIONS.lowers("BinOp")
    def x_binop(self, node: Any) -> int:
        # A chain of `+` leans left: walk it, recursion would be as deep as it is long.
        chain = [node]
        while chain[-1].left.__class__ is nodes.BinOp:
            chain.append(chain[-1].left)
        left = self.expression(chain[-1].left)
        for link in reversed(chain):
            right = self.expression(link.right)
            left = self.value("binop", (left, right), link.op, self.span(link))
        return left

    @EXPRESSIONS.lowers("UnaryOp")
    def x_unary(self, node: Any) -> int:
        operand = self.expression(node.operand)
        if node.op == "not":
            return self.value("not", (operand,), "", self.span(node))
        return self.value("unary", (operand,), node.op, self.span(node))

    @EXPRESSIONS.lowers("Compare")
    def x_compare(self, node: Any) -> int:
        left = self.expression(node.left)
        at = self.span(node)
        parts = []
        for operator, operand in node.ops:
            right = self.expression(operand)
            parts.append(self.value("compare", (left, right), operator, at))
            left = right
        return parts[0] if len(parts) == 1 else self.value("phi", tuple(parts))

    @EXPRESSIONS.lowers("JoinedStr", "TemplateStr")
    def x_joinedstr(self, node: Any) -> int:
        parts = tuple([self.expression(part) for part in node.values])
        text = "t" if type(node).__name__ == "TemplateStr" else ""
        return self.value("fmt", parts, text, self.span(node))

    @EXPRESSIONS.lowers("FormattedValue", "Interpolation")
    def x_formatted(self, node: Any) -> int:
        value = self.expression(node.value)
        text = f"!{chr(node.conversion)}" if node.conversion > 0 else ""
        spec = node.format_spec
        if spec is not None:
            for part in spec.values:
                if isinstance(part, nodes.Const):
                    text += f":{part.value}"
                else:
                    self.expression(part)
        return self.value("display", (value,), text, self.span(node))

    @EXPRESSIONS.lowers("Await")
    def x_await(self, node: Any) -> int:
        inner = self.expression(node.value)
        at = self.span(node)
        self.effect("await", (inner,), "", at)
        self.may_raise()
        return self.value("await", (inner,), "", at)

    @EXPRESSIONS.lowers("Yield")
    def x_yield(self, node: Any) -> int:
        self.flags.add("generator")
        args = () if node.value is None else (self.expression(node.value),)
        at = self.span(node)
        self.effect("yield", args or (self.optional(None),), "", at)
        self.may_raise()
        return self.value("sent", args, "", at)

    @EXPRESSIONS.lowers("YieldFrom")
    def x_yieldfrom(self, node: Any) -> int:
        self.flags.add("generator")
        inner = self.expression(node.value)
        at = self.span(node)
        self.effect("iter", (inner,), "yield from", at)
        element = self.value("elem", (inner,), "", at)
        self.effect("yield", (element,), "from", at)
        self.may_raise()
        return self.value("sent", (inner,), "from", at)


def constant(value: object) -> str:
    """The `repr` of a constant, cut if it is long: the cut text also says how long it is."""
    try:
        text = repr(value)
    except ValueError:  # Python refuses to write a huge number in decimal
        text = hex(value) if isinstance(value, int) else "..."
    if len(text) > _LONGEST_CONST:
        return f"{text[:_LONGEST_CONST]}...{len(text)}"
    return text
