"""`try`: exceptions into handlers, and `finally` on each way out."""

from __future__ import annotations

from functools import partial
from typing import Any

from astroid import nodes

from .lower_loops import Loops
from .lower_names import STATEMENTS
from .raising import Handler
from .source import Span
from .ssa import Way

_CATCH_ALL = ("Exception", "BaseException")
_MOST_COPIED = 5000
"""Lines of `finally` bodies that are lowered more than once in one function."""


class Tries(Loops):
    """The part of a function's lowering that handles `try`, `with` and what ends a way."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._copied = 0

    @STATEMENTS.lowers("Return")
    def s_return(self, node: Any) -> None:
        value = self.optional(node.value)
        if self.leaving:
            self.leave(0)
        self.effect("return", (value,), "", self.span(node))
        self.stop()

    @STATEMENTS.lowers("With", "AsyncWith")
    def s_with(self, node: Any) -> None:
        kind = "async" if isinstance(node, nodes.AsyncWith) else ""
        outside = len(self.leaving)
        suppressing = False
        for context, target in node.items:
            manager = self.expression(context)
            at = self.span(context)
            self.effect("enter", (manager,), kind, at)
            self.may_raise()
            self.leaving.append(partial(self.effect, "exit", (manager,), kind, at))
            suppressing = suppressing or _suppresses(context)
            if target is not None:
                self.assign(target, self.value("enter", (manager,), kind, at))
        if suppressing:
            self._suppressed(node)
        else:
            self.block(node.body)
        inside, self.leaving = self.leaving, self.leaving[:outside]
        for leave in reversed(inside[outside:]):
            leave()

    def _suppressed(self, node: Any) -> None:
        """A body after whose exceptions it goes on: `try` with `except ...: pass`."""
        since = self.push()
        dead = self.dead
        handler = self.open_handler()
        self.block(node.body)
        self.may_raise()
        self.close_handler()
        ways = [] if self.dead else [self.way(since)]
        self.pop()
        self.push()
        if handler.reached:
            self.catch(handler)
            ways.append(self.way(since))
        self.pop()
        self.join_at(ways)
        self.dead = dead or self.dead

    @STATEMENTS.lowers("Raise")
    def s_raise(self, node: Any) -> None:
        args = tuple([self.expression(part) for part in (node.exc, node.cause) if part is not None])
        self._raise(args, self.span(node))

    @STATEMENTS.lowers("Assert")
    def s_assert(self, node: Any) -> None:
        self.push()
        on_true, on_false = self.branch(node.test)
        dead = self.dead
        self.enter(on_false)
        args = () if node.fail is None else (self.expression(node.fail),)
        self._raise(args, self.span(node))
        self.pop()
        self.join_at(on_true)
        self.dead = dead

    def _raise(self, args: tuple[int, ...], at: Span) -> None:
        self.effect("raise", args, "", at)
        if self.handlers and not self.dead:
            self.raise_to(self.handlers[-1])
        self.stop()

    @STATEMENTS.lowers("Try", "TryStar")
    def s_try(self, node: Any) -> None:
        since = self.push()
        if not node.finalbody:
            ways = self._guarded(node, since)
            self.pop()
            self.join_at(ways)
            return
        final = self.open_handler()
        around = self.handlers[:-1]
        self.leaving.append(lambda: self._copy(node.finalbody, around))
        ways = self._guarded(node, since)
        self.leaving.pop()
        self.close_handler()
        self.pop()
        if final.reached and (self._has_room(node.finalbody) or not ways):
            self._uncaught(node, final)
        self.join_at(ways)
        if not self.dead:
            self.block(node.finalbody)

    def _uncaught(self, node: Any, final: Handler) -> None:
        """What an exception that nobody caught does: the final body, and on it goes."""
        self.push()
        self.catch(final)
        self.block(node.finalbody)
        if not self.dead:
            self._raise((), self.span(node))
        self.pop()

    def _copy(self, body: list[Any], handlers: list[Handler]) -> None:
        """A jump runs a `finally` body, inside the handlers that are around its `try`."""
        if not self.dead and self._has_room(body):
            here, self.handlers = self.handlers, handlers
            self.block(body)
            self.handlers = here

    def _has_room(self, body: list[Any]) -> bool:
        """May a `finally` body be lowered once more? Nested ones would multiply without end."""
        self._copied += int(body[-1].end_lineno) - int(body[0].lineno) + 1
        return self._copied <= _MOST_COPIED

    def _guarded(self, node: Any, since: int) -> list[Way]:
        """The body, `else` and handlers of a `try`: the ways on which it ends normally."""
        dead = self.dead
        if not node.handlers:
            self.block(node.body)
            return [] if self.dead else [self.way(since)]
        handler = self.open_handler()
        if not dead:
            made = bool(self.values) and self.values[-1].block == self.here
            if made or self.blocks[self.here].effects:
                self.follow()  # what happened before the `try` is none of its business
            self.raise_to(handler)
        self.follow()
        self.block(node.body)
        self.may_raise()
        self.close_handler()
        self.block(node.orelse)
        ways = [] if self.dead else [self.way(since)]
        for position, clause in enumerate(node.handlers):
            self.pop()
            self.push()
            self.catch(handler)
            self.dead = dead
            if not position and not dead and self.handlers and _lets_pass(node.handlers):
                self.raise_to(self.handlers[-1])
            self._clause(clause, handler.target)
            if not self.dead:
                ways.append(self.way(since))
        return ways

    def _clause(self, clause: Any, origin: int) -> None:
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


def _lets_pass(clauses: list[Any]) -> bool:
    """May an exception be none of those that the clauses name?"""
    for clause in clauses:
        if clause.type is None:
            return False
        names = [clause.type, *getattr(clause.type, "elts", ())]
        if any(getattr(name, "name", "") in _CATCH_ALL for name in names):
            return False
    return True


def _suppresses(context: Any) -> bool:
    """Is this `suppress(...)`, which the language's own documents explain as `except: pass`?"""
    function = getattr(context, "func", None)
    return "suppress" in (getattr(function, "name", ""), getattr(function, "attrname", ""))
