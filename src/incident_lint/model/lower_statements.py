"""Statements to blocks and effects: one small method for each of astroid's statement nodes."""

from __future__ import annotations

from typing import Any

from astroid import nodes

from .facts import Param
from .lower_expressions import Expressions, Handler
from .lower_patterns import Patterns
from .source import Span
from .ssa import Way

_CATCH_ALL = ("Exception", "BaseException")
_MOST_FINAL_COPIES = 3


class _Loop:
    """Where `break` and `continue` go, and how many handlers stand between."""

    def __init__(self, since: int, handlers: int) -> None:
        self.since = since
        self.handlers = handlers
        self.breaks: list[Way] = []
        self.continues: list[Way] = []


class Statements(Patterns, Expressions):
    """The part of a function's lowering that handles statements."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.loops: list[_Loop] = []
        self.typing_depth = 0

    def block(self, body: list[nodes.NodeNG]) -> None:
        """Lower statements one after the other, also those that no way leads to."""
        for node in body:
            method = _METHODS.get(type(node).__name__)
            if method is not None:
                method(self, node)

    # simple statements

    def s_expr(self, node: nodes.Expr) -> None:
        if isinstance(node.value, nodes.GeneratorExp):
            self.expression(node.value.generators[0].iter)  # nobody iterates it: it never runs
            return
        value = self.expression(node.value)
        self.effect("discard", (value,), "", self.span(node))

    def s_assign(self, node: nodes.Assign) -> None:
        value = self.expression(node.value)
        for target in node.targets:
            self.assign(target, value)

    def s_annassign(self, node: nodes.AnnAssign) -> None:
        annotation = self.annotation(node.annotation)
        if self.class_index >= 0 and isinstance(node.target, nodes.AssignName):
            draft = self.module.classes[self.class_index]
            if annotation is not None:
                draft.annotations[node.target.name] = annotation
        if node.value is not None:
            self.assign(node.target, self.expression(node.value))
        elif not isinstance(node.target, nodes.AssignName):
            self.expression(node.target.expr if hasattr(node.target, "expr") else node.target.value)

    def s_augassign(self, node: nodes.AugAssign) -> None:
        target, at = node.target, self.span(node)
        obj = index = -1
        if isinstance(target, nodes.AssignName):
            old = self.load(target.name, self.span(target))
        elif isinstance(target, nodes.AssignAttr):
            obj = self.expression(target.expr)
            old = self.value("attr", (obj,), target.attrname, self.span(target))
        else:
            obj, index = self.expression(target.value), self.expression(target.slice)
            old = self.value("item", (obj, index), "", self.span(target))
            self.may_raise()
        operand = self.expression(node.value)
        value = self.value("aug", (old, operand), node.op.removesuffix("="), at)
        self.effect("aug", (value,), node.op.removesuffix("="), at)
        if isinstance(target, nodes.AssignName):
            self.bind(target.name, value, self.span(target))
        elif index < 0:
            self.set_attribute(obj, target.attrname, value, self.span(target))
        else:
            self.effect("setitem", (obj, index, value), "", self.span(target))
            self.may_raise()

    def assign(self, target: nodes.NodeNG, value: int) -> None:
        """Bind one target of an assignment, a loop, a `with` or a comprehension."""
        at = self.span(target)
        if isinstance(target, nodes.AssignName):
            self.bind(target.name, value, at)
        elif isinstance(target, nodes.AssignAttr):
            self.set_attribute(self.expression(target.expr), target.attrname, value, at)
        elif isinstance(target, nodes.Subscript):
            obj, index = self.expression(target.value), self.expression(target.slice)
            self.effect("setitem", (obj, index, value), "", at)
            self.may_raise()
        elif isinstance(target, nodes.Starred):
            self.assign(target.value, value)
        elif isinstance(target, (nodes.Tuple, nodes.List)):
            self._unpack(target.elts, value, at)

    def _unpack(self, targets: list[nodes.NodeNG], value: int, at: Span) -> None:
        known = self.values[value]
        starred = any(isinstance(target, nodes.Starred) for target in targets)
        if known.op in ("tuple", "list") and not known.text and not starred:
            if len(known.args) == len(targets):
                for target, part in zip(targets, known.args):
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

    def s_delete(self, node: nodes.Delete) -> None:
        for target in node.targets:
            self._delete(target)

    def _delete(self, target: nodes.NodeNG) -> None:
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

    def s_import(self, node: nodes.Import) -> None:
        at = self.span(node)
        for name, alias in node.names:
            self.module.imports.append((name, at))
            bound = alias or name.partition(".")[0]
            value = self.value("import", (), name if alias else bound, at)
            self._bind_import(bound, value, at)
        self.may_raise()

    def s_importfrom(self, node: nodes.ImportFrom) -> None:
        at = self.span(node)
        origin = self._absolute(node.modname, node.level)
        self.module.imports.append((origin or "." * (node.level or 0) + node.modname, at))
        for name, alias in node.names:
            if name == "*":
                if origin is not None:
                    self.module.stars.append(origin)
                continue
            if origin is None:
                value = self.value("unknown", (), "relative import above the top package", at)
            else:
                value = self.value("from", (), f"{origin}:{name}", at)
            self._bind_import(alias or name, value, at)
        self.may_raise()

    def _absolute(self, name: str, level: int | None) -> str | None:
        if not level:
            return name
        parts = self.module.module.split(".")
        drop = level - 1 if self.module.is_package else level
        if drop >= len(parts) and not (drop == len(parts) and name):
            return None
        base = parts[: len(parts) - drop]
        return ".".join([*base, name] if name else base)

    def _bind_import(self, name: str, value: int, at: Span) -> None:
        names = self.module.typing_names if self.typing_depth else self.module.runtime_names
        names.add(name)
        self.bind(name, value, at)

    def s_return(self, node: nodes.Return) -> None:
        value = self.optional(node.value)
        self._final(0)
        self.effect("return", (value,), "", self.span(node))
        self.stop()

    def s_raise(self, node: nodes.Raise) -> None:
        args = tuple(self.expression(part) for part in (node.exc, node.cause) if part is not None)
        self._raise(args, self.span(node))

    def _raise(self, args: tuple[int, ...], at: Span) -> None:
        self.effect("raise", args, "", at)
        if self.handlers and not self.dead:
            handler = self.handlers[-1]
            handler.deltas.append(self.delta(handler.since))
            self.blocks[self.here].on_raise = handler.target
        self.stop()

    def s_assert(self, node: nodes.Assert) -> None:
        self.push()
        on_true, on_false = self.branch(node.test)
        self.enter(on_false)
        args = () if node.fail is None else (self.expression(node.fail),)
        self._raise(args, self.span(node))
        self.pop()
        self.join_at(on_true)

    def s_break(self, node: nodes.Break) -> None:
        self._leave_loop(lambda loop: loop.breaks)

    def s_continue(self, node: nodes.Continue) -> None:
        self._leave_loop(lambda loop: loop.continues)

    def _leave_loop(self, ways: Any) -> None:
        if self.loops:
            loop = self.loops[-1]
            self._final(loop.handlers)
            if not self.dead:
                ways(loop).append(self.way(loop.since))
        self.stop()

    # compound statements

    def s_if(self, node: nodes.If) -> None:
        typing_only = _is_type_checking(node.test)
        since = self.push()
        sides = self.branch(node.test)
        dead = self.dead
        ways: list[Way] = []
        for position, (side, body) in enumerate(zip(sides, (node.body, node.orelse))):
            self.pop()
            self.push()
            self.join_at(side)
            self.dead = dead or self.dead
            self.typing_depth += typing_only and not position
            self.block(body)
            self.typing_depth -= typing_only and not position
            if not self.dead:
                ways.append(self.way(since))
        self.pop()
        self.join_at(ways)

    def _begin_loop(self, node: nodes.NodeNG) -> tuple[int, dict[str, int]]:
        """A header block whose phi values stand for what the loop rebinds."""
        header = self.new_block()
        self.edge(self.here, header)
        self.here = header
        phis: dict[str, int] = {}
        for name in sorted(self._rebound_in(node)):
            before = self.variables.get(name)
            first = self.value("unbound") if before is None else before
            phis[name] = self.value("phi", (first,))
            self.write(name, phis[name])
        return header, phis

    def _rebound_in(self, node: nodes.NodeNG) -> set[str]:
        if self.class_index >= 0:
            prefix = self.inner_scopes[-1][0]
            return {prefix + name for name in self.class_scopes[-1].assigned_in(node)}
        return self.scope.assigned_in(node) & self.scope.names

    def _end_loop(self, header: int, phis: dict[str, int], ways: list[Way]) -> None:
        for way in ways:
            self.edge(way.block, header)
        for name, phi in phis.items():
            entry = self.values[phi].args[0]
            alternatives = [entry]
            for way in ways:
                value = way.delta.get(name, phi)
                alternatives.append(self.value("unbound") if value is None else value)
            distinct = tuple(v for v in dict.fromkeys(alternatives) if v != phi)
            self.values[phi] = self.values[phi]._replace(args=distinct)

    def s_while(self, node: nodes.While) -> None:
        outer = self.push()
        header, phis = self._begin_loop(node)
        since = self.push()
        loop = _Loop(outer, len(self.handlers))
        on_true, on_false = self.branch(node.test)
        if isinstance(node.test, nodes.Const) and node.test.value:
            on_false = []
        self._loop_body(node, loop, on_true, since)
        self._finish_loop(node, loop, header, phis, on_false)

    def s_for(self, node: nodes.For) -> None:
        iterable = self.expression(node.iter)
        at = self.span(node.iter)
        text = "async" if isinstance(node, nodes.AsyncFor) else "for"
        self.effect("iter", (iterable,), text, at)
        outer = self.push()
        header, phis = self._begin_loop(node)
        since = self.push()
        self.may_raise()
        loop = _Loop(outer, len(self.handlers))
        turn = self.here
        body = self.new_block()
        self.edge(turn, body, self.value("more", (iterable,), "", at), True)
        exhausted = [Way(turn, {})]
        self.here = body
        self.assign(node.target, self.value("elem", (iterable,), "", at))
        self._loop_body(node, loop, None, since)
        self._finish_loop(node, loop, header, phis, exhausted)

    def _loop_body(
        self, node: nodes.NodeNG, loop: _Loop, side: list[Way] | None, since: int
    ) -> None:
        dead = self.dead
        if side is not None:
            self.pop()
            self.push()
            self.join_at(side)
            self.dead = dead or self.dead
        self.loops.append(loop)
        self.block(node.body)
        self.loops.pop()
        if not self.dead:
            loop.continues.append(self.way(loop.since))
        self.pop()
        self.dead = dead

    def _finish_loop(
        self,
        node: nodes.NodeNG,
        loop: _Loop,
        header: int,
        phis: dict[str, int],
        finished: list[Way],
    ) -> None:
        """Close the loop, run its `else` where it was not left by `break`, and go on."""
        dead = self.dead
        self._end_loop(header, phis, loop.continues)
        self.join_at(finished)
        if node.orelse:
            self.block(node.orelse)
        ways = [] if self.dead else [self.way(loop.since)]
        self.pop()
        self.join_at(ways + loop.breaks)
        self.dead = dead or self.dead

    def s_with(self, node: nodes.With) -> None:
        entered = []
        text = "async" if isinstance(node, nodes.AsyncWith) else ""
        for context, target in node.items:
            manager = self.expression(context)
            at = self.span(context)
            self.effect("enter", (manager,), text, at)
            self.may_raise()
            entered.append((manager, at))
            if target is not None:
                self.assign(target, self.value("enter", (manager,), text, at))
        self.block(node.body)
        for manager, at in reversed(entered):
            self.effect("exit", (manager,), text, at)

    def s_try(self, node: nodes.Try) -> None:
        since = self.push()
        final = self._open_final(node, since)
        ways = self._guarded(node, since)
        if final is None:
            self.pop()
            self.join_at(ways)
            return
        self.handlers.pop()
        dead = self.dead
        self.pop()
        self.push()
        if final.deltas:
            # What an exception that nobody caught does: the final body, and on it goes.
            self.go(final.target)
            self.merge(final.deltas)
            self.block(node.finalbody)
            if not self.dead:
                self._raise((), self.span(node))
        self.pop()
        self.dead = dead
        self.join_at(ways)
        if not self.dead:
            self.block(node.finalbody)

    def _open_final(self, node: nodes.Try, since: int) -> Handler | None:
        if not node.finalbody:
            return None
        final = Handler(self.new_block(), since, node.finalbody)
        self.handlers.append(final)
        return final

    def _guarded(self, node: nodes.Try, since: int) -> list[Way]:
        """The body, `else` and handlers of a `try`: the ways on which it ends normally."""
        ways: list[Way] = []
        handler = Handler(self.new_block(), since, None)
        if node.handlers:
            handler.deltas.append(self.delta(since))
            self.blocks[self.here].on_raise = handler.target
            following = self.new_block()
            self.edge(self.here, following)
            self.here = following
            self.handlers.append(handler)
        dead = self.dead
        self.block(node.body)
        if node.handlers:
            if not self.dead:
                handler.seen_writes = -1
                self.may_raise()
            self.handlers.pop()
        self.block(node.orelse)
        if not self.dead:
            ways.append(self.way(since))
        for index, clause in enumerate(node.handlers):
            self.pop()
            self.push()
            self.go(handler.target)
            self.dead = dead
            self.merge(handler.deltas)
            if not index:
                self._uncaught(node.handlers)
            self._clause(clause, handler.target)
            if not self.dead:
                ways.append(self.way(since))
        return ways

    def _uncaught(self, clauses: list[nodes.NodeNG]) -> None:
        """An exception of which no clause speaks goes on to the `try` around this one."""
        for clause in clauses:
            names = [clause.type, *getattr(clause.type, "elts", ())]
            if clause.type is None or any(getattr(n, "name", "") in _CATCH_ALL for n in names):
                return
        if self.handlers and not self.dead:
            outer = self.handlers[-1]
            outer.deltas.append(self.delta(outer.since))
            self.blocks[self.here].on_raise = outer.target

    def _clause(self, clause: nodes.ExceptHandler, origin: int) -> None:
        block = self.new_block()
        self.edge(origin, block)
        self.here = block
        caught = () if clause.type is None else (self.expression(clause.type),)
        at = self.span(clause)
        value = self.value("exc", caught, "", at)
        self.effect("except", (value,), "", at)
        if clause.name is not None:
            self.bind(clause.name.name, value, self.span(clause.name))
        self.block(clause.body)
        if clause.name is not None and not self.dead:
            self.write(self.key(clause.name.name) or clause.name.name, None)

    def _final(self, outermost: int) -> None:
        """Run the `finally` bodies that a jump passes, from the innermost outwards."""
        handlers = self.handlers
        copies = 0
        for position in range(len(handlers) - 1, outermost - 1, -1):
            final = handlers[position].final
            if final is None or self.dead or copies >= _MOST_FINAL_COPIES:
                continue
            copies += 1
            self.handlers = handlers[:position]
            loops, self.loops = self.loops, []
            self.block(final)
            self.loops = loops
        self.handlers = handlers

    def s_match(self, node: nodes.Match) -> None:
        subject = self.expression(node.subject)
        since = self.push()
        ways: list[Way] = []
        dead = self.dead
        for case in node.cases:
            on_true, on_false = self.case(node.subject, subject, case)
            self.pop()
            self.push()
            self.join_at(on_true)
            self.dead = dead or self.dead
            self.block(case.body)
            if not self.dead:
                ways.append(self.way(since))
            self.pop()
            self.push()
            self.join_at(on_false)
            self.dead = dead or self.dead
        if not self.dead:
            ways.append(self.way(since))
        self.pop()
        self.join_at(ways)

    # definitions

    def s_functiondef(self, node: nodes.FunctionDef) -> None:
        decorators = self.decorators_of(node)
        value = self.function(node, decorators)
        index = int(self.values[value].text)
        if self.class_index >= 0:
            draft = self.module.classes[self.class_index]
            draft.methods.setdefault(node.name, []).append(index)
        at = self.span(node)
        for decorator in reversed(decorators):
            value = self.value("decorated", (decorator, value), "", at)
        self.bind(node.name, value, at)

    def decorators_of(self, node: nodes.NodeNG) -> tuple[int, ...]:
        if node.decorators is None:
            return ()
        return tuple(self.expression(decorator) for decorator in node.decorators.nodes)

    def function(self, node: nodes.NodeNG, decorators: tuple[int, ...]) -> int:
        at = self.span(node)
        is_lambda = not isinstance(node, nodes.FunctionDef)
        scopes = len(self.inner_scopes)
        parameters = getattr(node, "type_params", None) or ()
        if parameters:
            self.type_parameters(parameters)
        name = "<lambda>" if is_lambda else node.name
        flags = {"lambda"} if is_lambda else set()
        if isinstance(node, nodes.AsyncFunctionDef):
            flags.add("async")
        if not is_lambda and _is_stub(node.body):
            flags.add("stub")
            if any(isinstance(statement, nodes.Raise) for statement in node.body):
                flags.add("abstract")
        header = {
            "name": name,
            "qualname": self.qualname_of(name),
            "at": at,
            "parent": self.index,
            "owner": self.class_index,
            "params": self._params(node.args),
            "decorators": decorators,
            "returns": None if is_lambda else self.annotation(node.returns),
            "flags": frozenset(flags),
        }
        del self.inner_scopes[scopes:]
        index = self.module.new_function(node, header, self.scope)
        return self.value("func", (), str(index), at)

    def type_parameters(self, parameters: Any) -> None:
        """Open a scope with the names of PEP 695 type parameters; the caller closes it."""
        self.scope_count += 1
        prefix = f"types {self.scope_count} "
        names = {parameter.name.name for parameter in parameters}
        self.inner_scopes.append((prefix, names))
        for name in names:
            self.write(prefix + name, self.value("unknown", (), "type parameter"))

    def qualname_of(self, name: str) -> str:
        if self.class_index >= 0:
            return f"{self.module.classes[self.class_index].qualname}.{name}"
        if self.header is None:
            return name
        return f"{self.header['qualname']}.<locals>.{name}"

    def _params(self, args: nodes.Arguments) -> tuple[Param, ...]:
        positional = [*args.posonlyargs, *(args.args or ())]
        annotations = [*args.posonlyargs_annotations, *args.annotations]
        annotations += [None] * (len(positional) - len(annotations))
        gap = len(positional) - len(args.defaults or ())
        found = []
        for place, (node, annotation) in enumerate(zip(positional, annotations)):
            kind = "positional-only" if place < len(args.posonlyargs) else "positional"
            default = args.defaults[place - gap] if place >= gap else None
            found.append(self._param(node, kind, default, annotation))
        if args.vararg:
            found.append(self._variadic(args.vararg_node, "*", args.varargannotation))
        for node, default, annotation in zip(
            args.kwonlyargs, args.kw_defaults or (), args.kwonlyargs_annotations
        ):
            found.append(self._param(node, "keyword-only", default, annotation))
        if args.kwarg:
            found.append(self._variadic(args.kwarg_node, "**", args.kwargannotation))
        return tuple(found)

    def _param(self, node: Any, kind: str, default: Any, annotation: Any) -> Param:
        value = made = None
        if default is not None:
            value, made = self.expression(default), self.span(default)
        return Param(node.name, kind, value, self.annotation(annotation), self.span(node), made)

    def _variadic(self, node: Any, kind: str, annotation: Any) -> Param:
        return Param(node.name, kind, None, self.annotation(annotation), self.span(node))

    def s_classdef(self, node: nodes.ClassDef) -> None:
        self.module.lower_class(self, node)

    def s_typealias(self, node: nodes.TypeAlias) -> None:
        scopes = len(self.inner_scopes)
        if node.type_params:
            self.type_parameters(node.type_params)
        value = self.expression(node.value)
        del self.inner_scopes[scopes:]
        self.bind(node.name.name, value, self.span(node.name))


def _is_stub(body: list[nodes.NodeNG]) -> bool:
    """A body that does nothing: empty but for a docstring, `...`, `pass`, NotImplementedError."""
    for node in body:
        if isinstance(node, nodes.Raise) and node.exc is not None:
            raised = node.exc.func if isinstance(node.exc, nodes.Call) else node.exc
            if getattr(raised, "name", "") == "NotImplementedError":
                continue
        if isinstance(node, nodes.Expr) and isinstance(node.value, nodes.Const):
            continue
        if not isinstance(node, nodes.Pass):
            return False
    return True


def _is_type_checking(test: nodes.NodeNG) -> bool:
    return "TYPE_CHECKING" in (getattr(test, "name", ""), getattr(test, "attrname", ""))


_METHODS: dict[str, Any] = {
    "AnnAssign": Statements.s_annassign,
    "Assert": Statements.s_assert,
    "Assign": Statements.s_assign,
    "AsyncFor": Statements.s_for,
    "AsyncFunctionDef": Statements.s_functiondef,
    "AsyncWith": Statements.s_with,
    "AugAssign": Statements.s_augassign,
    "Break": Statements.s_break,
    "ClassDef": Statements.s_classdef,
    "Continue": Statements.s_continue,
    "Delete": Statements.s_delete,
    "Expr": Statements.s_expr,
    "For": Statements.s_for,
    "FunctionDef": Statements.s_functiondef,
    "If": Statements.s_if,
    "Import": Statements.s_import,
    "ImportFrom": Statements.s_importfrom,
    "Match": Statements.s_match,
    "Raise": Statements.s_raise,
    "Return": Statements.s_return,
    "Try": Statements.s_try,
    "TryStar": Statements.s_try,
    "TypeAlias": Statements.s_typealias,
    "While": Statements.s_while,
    "With": Statements.s_with,
}
