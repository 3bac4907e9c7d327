"""Expressions to values: one small method for each of astroid's expression nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from astroid import nodes

from .scopes import Owner, Scope
from .source import Span
from .ssa import Delta, Graph, Way
from .tree import TOO_DEEP, parse_expression

if TYPE_CHECKING:
    from .lower import _Module

_LONGEST_CONST = 200


class Handler:
    """Where an exception goes from inside one `try`: the block, and the variables there."""

    def __init__(self, target: int, since: int, final: list[nodes.NodeNG] | None) -> None:
        self.target = target
        self.since = since
        self.final = final
        self.deltas: list[Delta] = []
        self.seen_writes = -1


class Expressions(Graph):
    """The part of a function's lowering that turns expressions into values."""

    def __init__(
        self, module: _Module, index: int, scope: Scope, header: dict[str, Any] | None
    ) -> None:
        super().__init__()
        self.module = module
        self.index = index
        self.scope = scope
        self.header = header
        self.flags: set[str] = set()
        self.self_name: str | None = None
        self.binds: dict[str, list[tuple[int, int, int]]] = {}
        self.captures: dict[str, int] = {}
        self.inner_scopes: list[tuple[str, set[str]]] = []
        self.class_index = -1
        self.class_scopes: list[Scope] = []
        self.handlers: list[Handler] = []
        self.scope_count = 0

    # positions

    def span(self, node: nodes.NodeNG) -> Span:
        """The range of a node in code points."""
        line = node.lineno or 1
        end_line = node.end_lineno or line
        source = self.module.source
        if source.ascii:
            return Span(line, (node.col_offset or 0) + 1, end_line, (node.end_col_offset or 0) + 1)
        column = source.column
        return Span(
            line,
            column(line, node.col_offset or 0),
            end_line,
            column(end_line, node.end_col_offset or 0),
        )

    # names

    def key(self, name: str) -> str | None:
        """The variable of a name in a comprehension or class body here, None elsewhere."""
        for prefix, names in reversed(self.inner_scopes):
            if name in names:
                return prefix + name
        return None

    def owner(self, name: str) -> Owner:
        """The scope of a name used here, after comprehensions and class bodies."""
        module = self.module
        return self.scope.owner(name, module.names, module.has_stars)

    def load(self, name: str, at: Span | None) -> int:
        """The value of a name, here and now."""
        key = self.key(name)
        if key is not None:
            bound = self.variables.get(key)
            if bound is not None:
                return bound
        owner = self.owner(name)
        if owner.place == "local":
            if self.index == 0:
                if name in self.module.globals_rebound:
                    return self.value("global", (), name, at)
            elif name in self.module.rebinds_free:
                self.scope.captured.add(name)
                return self.value("cell", (), name, at)
            bound = self.variables.get(name)
            if bound is not None:
                return bound
            return self.value("global" if self.index == 0 else "unbound", (), name, at)
        if owner.place == "free":
            self.capture(name, owner.function)
        return self.value(owner.place, (), name, at)

    def capture(self, name: str, owner: int) -> None:
        """A name of an enclosing function is seen here, and through all functions between."""
        self.captures[name] = owner
        scope = self.scope.parent
        while scope is not None and scope.index != owner:
            self.module.done[scope.index][1].captures[name] = owner
            scope = scope.parent

    def bind(self, name: str, value: int, at: Span | None) -> None:
        """Bind a name: a variable here, in the module, or in an enclosing function."""
        key = self.key(name)
        if key is not None:
            self.write(key, value)
            if self.class_index >= 0 and key.startswith("class "):
                draft = self.module.classes[self.class_index]
                draft.body.setdefault(name, []).append(value)
            return
        declared = self.scope.declared(name) if self.index else None
        if declared is not None and at is not None:
            if declared == "global":
                self.module.rebound.setdefault(name, []).append((self.index, value))
                self.effect("bindglobal", (value,), name, at)
                return
            owner = self.owner(name)
            if owner.place == "free":
                self.capture(name, owner.function)
            self.effect("bindfree", (value,), name, at)
            return
        self.write(name, value)
        self.binds.setdefault(name, []).append((value, self.here, len(self.values)))
        if self.index == 0 and at is not None:
            self.effect("bind", (value,), name, at)

    def refined(self, node: nodes.NodeNG, condition: int, outcome: bool) -> None:
        """Remember in a branch what its condition says of the names that it tests."""
        for name in _tested(node):
            key = self.key(name) or name
            value = self.variables.get(key)
            if value is None or self.values[value].op in ("const", "func", "class", "import"):
                continue
            text = "true" if outcome else "false"
            self.write(key, self.value("refine", (value, condition), text, self.values[value].at))

    # exceptions

    def may_raise(self) -> None:
        """Something that can raise has happened: inside `try`, the block ends here."""
        if not self.handlers or self.dead:
            return
        handler = self.handlers[-1]
        if handler.seen_writes != self.writes:
            handler.seen_writes = self.writes
            handler.deltas.append(self.delta(handler.since))
        self.blocks[self.here].on_raise = handler.target
        following = self.new_block()
        self.edge(self.here, following)
        self.here = following

    # expressions

    def expression(self, node: nodes.NodeNG) -> int:
        """The value of any expression."""
        method = _METHODS.get(type(node).__name__)
        if method is None:
            return self.value("unknown", (), f"{type(node).__name__} expression", self.span(node))
        return method(self, node)

    def optional(self, node: nodes.NodeNG | None) -> int:
        """The value of an expression that may be missing (then None)."""
        return self.value("const", (), "None") if node is None else self.expression(node)

    def x_const(self, node: nodes.Const) -> int:
        text = repr(node.value)
        if len(text) > _LONGEST_CONST:
            text = f"{text[:_LONGEST_CONST]}...{len(text)}"
        return self.value("const", (), text, self.span(node))

    def x_name(self, node: nodes.Name) -> int:
        if node.name == TOO_DEEP:
            return self.value("unknown", (), "nested too deeply", self.span(node))
        return self.load(node.name, self.span(node))

    def x_attribute(self, node: nodes.Attribute) -> int:
        inner = self.expression(node.expr)
        return self.value("attr", (inner,), node.attrname, self.span(node))

    def x_subscript(self, node: nodes.Subscript) -> int:
        inner = self.expression(node.value)
        index = self.expression(node.slice)
        value = self.value("item", (inner, index), "", self.span(node))
        self.may_raise()
        return value

    def x_slice(self, node: nodes.Slice) -> int:
        parts = tuple(self.optional(part) for part in (node.lower, node.upper, node.step))
        return self.value("slice", parts, "", self.span(node))

    def x_call(self, node: nodes.Call) -> int:
        function = self.expression(node.func)
        args, words = self.elements(node.args)
        for keyword in node.keywords:
            args.append(self.expression(keyword.value))
            words.append(keyword.arg or "**")
        at = self.span(node)
        value = self.value("call", (function, *args), ",".join(words), at)
        self.effect("call", (value,), "", at)
        self.may_raise()
        return value

    def elements(self, elements: list[nodes.NodeNG]) -> tuple[list[int], list[str]]:
        """The values of arguments or elements, with "*" where one is starred."""
        values: list[int] = []
        words: list[str] = []
        for element in elements:
            if isinstance(element, nodes.Starred):
                value = self.expression(element.value)
                self.effect("iter", (value,), "star", self.span(element))
                values.append(value)
                words.append("*")
            else:
                values.append(self.expression(element))
                words.append("")
        return values, words

    def x_display(self, node: nodes.NodeNG) -> int:
        values, words = self.elements(node.elts)
        text = ",".join(words) if "*" in words else ""
        return self.value(type(node).__name__.lower(), tuple(values), text, self.span(node))

    def x_starred(self, node: nodes.Starred) -> int:
        # Only as a subscript's index (`tuple[*Ts]`): elsewhere `elements` meets it first.
        return self.expression(node.value)

    def x_dict(self, node: nodes.Dict) -> int:
        args: list[int] = []
        for key, value in node.items:
            if isinstance(key, nodes.DictUnpack):
                args += [-1, self.expression(value)]
            else:
                args += [self.expression(key), self.expression(value)]
        return self.value("dict", tuple(args), "", self.span(node))

    def x_binop(self, node: nodes.BinOp) -> int:
        # A chain of `+` leans left: walk it, recursion would be as deep as it is long.
        chain = [node]
        while isinstance(chain[-1].left, nodes.BinOp):
            chain.append(chain[-1].left)
        left = self.expression(chain[-1].left)
        for link in reversed(chain):
            right = self.expression(link.right)
            left = self.value("binop", (left, right), link.op, self.span(link))
        return left

    def x_unary(self, node: nodes.UnaryOp) -> int:
        operand = self.expression(node.operand)
        if node.op == "not":
            return self.value("not", (operand,), "", self.span(node))
        return self.value("unary", (operand,), node.op, self.span(node))

    def x_compare(self, node: nodes.Compare) -> int:
        left = self.expression(node.left)
        parts = []
        for operator, operand in node.ops:
            right = self.expression(operand)
            parts.append(self.value("compare", (left, right), operator, self.span(node)))
            left = right
        return parts[0] if len(parts) == 1 else self.value("phi", tuple(parts))

    def x_boolop(self, node: nodes.BoolOp) -> int:
        stops_on = node.op == "or"
        ways: list[tuple[Way, int]] = []
        since = self.push()
        for operand in node.values[:-1]:
            value = self.expression(operand)
            here = self.here
            stop, on = self.new_block(), self.new_block()
            self.edge(here, stop, value, stops_on)
            self.edge(here, on, value, not stops_on)
            self.push()
            self.here = stop
            self.refined(operand, value, stops_on)
            text = "true" if stops_on else "false"
            result = self.value("refine", (value, value), text, self.values[value].at)
            ways.append((self.way(since), result))
            self.pop()
            self.here = on
            self.refined(operand, value, not stops_on)
        value = self.expression(node.values[-1])
        ways.append((self.way(since), value))
        self.pop()
        self._meet([way for way, _ in ways])
        return self.value("phi", tuple(v for _, v in ways), "", self.span(node))

    def _meet(self, ways: list[Way]) -> None:
        """Join the ways of an expression: its deadness is that of the code around it."""
        dead = self.dead
        self.join_at(ways)
        self.dead = dead

    def x_ifexp(self, node: nodes.IfExp) -> int:
        since = self.push()
        sides = self.branch(node.test)
        ways, values = [], []
        for side, part in zip(sides, (node.body, node.orelse)):
            self.enter(side)
            values.append(self.expression(part))
            ways.append(self.way(since))
        self.pop()
        self._meet(ways)
        return self.value("phi", tuple(values), "", self.span(node))

    def enter(self, side: list[Way]) -> None:
        """Continue on one side of a branch: the frame begins again with what holds there."""
        self.pop()
        self.push()
        self._meet(side)

    def branch(self, test: nodes.NodeNG) -> tuple[list[Way], list[Way]]:
        """Lower a condition with its short circuits: the ways on which it is true, and false.

        The caller has pushed a frame, which holds what the condition itself binds; the ways are
        relative to it.
        """
        since = len(self.frames) - 1
        if isinstance(test, nodes.UnaryOp) and test.op == "not":
            on_true, on_false = self.branch(test.operand)
            return on_false, on_true
        if isinstance(test, nodes.BoolOp):
            return self._branch_boolop(test, since)
        value = self.expression(test)
        self.effect("test", (value,), "", self.span(test))
        origin = self.here
        sides = []
        for outcome in (True, False):
            block = self.new_block()
            self.edge(origin, block, value, outcome)
            self.here = block
            self.push()
            self.refined(test, value, outcome)
            sides.append([self.way(since)])
            self.pop()
        self.here = origin
        return sides[0], sides[1]

    def _branch_boolop(self, test: nodes.BoolOp, since: int) -> tuple[list[Way], list[Way]]:
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

    def x_namedexpr(self, node: nodes.NamedExpr) -> int:
        value = self.expression(node.value)
        # A walrus binds in the function around a comprehension, not in it.
        inner, self.inner_scopes = self.inner_scopes, [
            scope for scope in self.inner_scopes if scope[0].startswith("class ")
        ]
        self.bind(node.target.name, value, self.span(node.target))
        self.inner_scopes = inner
        return value

    def x_lambda(self, node: nodes.Lambda) -> int:
        return self.function(node, ())

    def function(self, node: nodes.NodeNG, decorators: tuple[int, ...]) -> int:
        """Queue a function or lambda; the value stands for it, its defaults are made here."""
        raise NotImplementedError

    def x_joinedstr(self, node: nodes.NodeNG) -> int:
        parts = tuple(self.expression(part) for part in node.values)
        text = "t" if type(node).__name__ == "TemplateStr" else ""
        return self.value("fmt", parts, text, self.span(node))

    def x_formatted(self, node: nodes.NodeNG) -> int:
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

    def x_await(self, node: nodes.Await) -> int:
        inner = self.expression(node.value)
        at = self.span(node)
        self.effect("await", (inner,), "", at)
        self.may_raise()
        return self.value("await", (inner,), "", at)

    def x_yield(self, node: nodes.Yield) -> int:
        self.flags.add("generator")
        args = () if node.value is None else (self.expression(node.value),)
        at = self.span(node)
        self.effect("yield", args or (self.optional(None),), "", at)
        self.may_raise()
        return self.value("sent", args, "", at)

    def x_yieldfrom(self, node: nodes.YieldFrom) -> int:
        self.flags.add("generator")
        inner = self.expression(node.value)
        at = self.span(node)
        self.effect("iter", (inner,), "yield from", at)
        element = self.value("elem", (inner,), "", at)
        self.effect("yield", (element,), "from", at)
        self.may_raise()
        return self.value("sent", (inner,), "from", at)

    # comprehensions: a loop in the same function, with names of their own

    def x_comprehension(self, node: nodes.NodeNG) -> int:
        kind = {"GeneratorExp": "genexpr"}.get(type(node).__name__, type(node).__name__.lower())
        self.scope_count += 1
        first = self.expression(node.generators[0].iter)
        prefix = f"{kind} {self.scope_count} "
        self.inner_scopes.append((prefix, set(node.locals)))
        since = self.push()
        outside = self.here
        parts = self._generators(node, 0, first)
        changed = {k: v for k, v in self.delta(since).items() if not k.startswith(prefix)}
        self.pop()
        after = self.new_block()
        self.edge(self.here, after)
        self.edge(outside, after)
        self.here = after
        self.merge([{}, changed])  # a walrus inside binds outside
        self.inner_scopes.pop()
        return self.value(kind, tuple(parts), "", self.span(node))

    def _generators(self, node: nodes.NodeNG, position: int, iterable: int) -> list[int]:
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
            self.push()
            on_true, _ = self.branch(condition)
            self.pop()
            self._meet(on_true)
        parts = self._generators(node, position + 1, iterable)
        self.edge(self.here, body)
        return parts

    def assign(self, target: nodes.NodeNG, value: int) -> None:
        """Bind a target to a value."""
        raise NotImplementedError

    # annotations

    def annotation(self, node: nodes.NodeNG | None) -> int | None:
        """The value of an annotation; a string stands for the expression in it."""
        if node is None:
            return None
        if isinstance(node, nodes.Const) and isinstance(node.value, str):
            inner = parse_expression(node.value)
            if inner is None:
                return self.value("unknown", (), "unreadable annotation", self.span(node))
            return self._relocated(inner, node)
        return self.expression(node)

    def _relocated(self, inner: nodes.NodeNG, outer: nodes.NodeNG) -> int:
        """Lower the expression of a string annotation: every position is that of the string."""
        at = self.span(outer)
        first = len(self.values)
        value = self.expression(inner)
        for index in range(first, len(self.values)):
            self.values[index] = self.values[index]._replace(at=at)
        block = self.blocks[self.here]
        block.effects = [e._replace(at=at) if e.after > first else e for e in block.effects]
        return value


def _tested(node: nodes.NodeNG) -> list[str]:
    """The names of which a condition says something directly."""
    if isinstance(node, nodes.Name):
        return [node.name]
    if isinstance(node, nodes.NamedExpr):
        return [node.target.name, *_tested(node.value)]
    if isinstance(node, nodes.Compare):
        operands = [node.left, *(operand for _, operand in node.ops)]
        return [name for operand in operands for name in _tested(operand)]
    if isinstance(node, nodes.Call):
        return [argument.name for argument in node.args if isinstance(argument, nodes.Name)]
    return []


_METHODS: dict[str, Any] = {
    "Attribute": Expressions.x_attribute,
    "Await": Expressions.x_await,
    "BinOp": Expressions.x_binop,
    "BoolOp": Expressions.x_boolop,
    "Call": Expressions.x_call,
    "Compare": Expressions.x_compare,
    "Const": Expressions.x_const,
    "Dict": Expressions.x_dict,
    "DictComp": Expressions.x_comprehension,
    "FormattedValue": Expressions.x_formatted,
    "GeneratorExp": Expressions.x_comprehension,
    "IfExp": Expressions.x_ifexp,
    "Interpolation": Expressions.x_formatted,
    "JoinedStr": Expressions.x_joinedstr,
    "Lambda": Expressions.x_lambda,
    "List": Expressions.x_display,
    "ListComp": Expressions.x_comprehension,
    "Name": Expressions.x_name,
    "NamedExpr": Expressions.x_namedexpr,
    "Set": Expressions.x_display,
    "SetComp": Expressions.x_comprehension,
    "Slice": Expressions.x_slice,
    "Starred": Expressions.x_starred,
    "Subscript": Expressions.x_subscript,
    "TemplateStr": Expressions.x_joinedstr,
    "Tuple": Expressions.x_display,
    "UnaryOp": Expressions.x_unary,
    "Yield": Expressions.x_yield,
    "YieldFrom": Expressions.x_yieldfrom,
}
