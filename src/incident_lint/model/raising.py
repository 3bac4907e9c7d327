"""Exceptions in the graph: every place inside `try` that can raise leads to its handler.

At a handler a variable may be whatever it was at one of those places. To gather this from the
variables' states would be quadratic in a long `try`; so the graph keeps a log of changes there,
and a handler reads, at each place that raises, what was logged since the last one.
"""

from __future__ import annotations

from .ssa import Graph

_BEFORE = -1
"""Stands for what a variable was before its `try`."""


class Handler:
    """Where an exception goes from inside one `try`: the block, and what variables may be there.

    `reached` says that something can raise; `position` is how much of the log has been read.
    """

    def __init__(self, target: int, position: int) -> None:
        self.target = target
        self.position = position
        self.reached = False
        self.found: dict[str, dict[int | None, None]] = {}


class Raising(Graph):
    """A graph with handlers, the innermost last."""

    def __init__(self) -> None:
        super().__init__()
        self.handlers: list[Handler] = []
        self._open = 0

    def open_handler(self) -> Handler:
        """Begin a `try`, whose frame the caller has pushed; `close_handler` ends it."""
        if self.log is None:
            self.log = []
        self._open += 1
        handler = Handler(self.new_block(), len(self.log))
        self.handlers.append(handler)
        return handler

    def close_handler(self) -> None:
        """What follows is outside of what the innermost handler guards."""
        self.handlers.pop()
        self._open -= 1
        if not self._open:
            self.log = None

    def may_raise(self) -> None:
        """Something that can raise has happened: inside `try`, the block ends here."""
        if self.handlers and not self.dead:
            self.raise_to(self.handlers[-1])
            self.follow()

    def raise_to(self, handler: Handler) -> None:
        """From the end of the current block an exception may go to a handler."""
        self.blocks[self.here].on_raise = handler.target
        self.note(handler)

    def note(self, handler: Handler) -> None:
        """Something raises here: variables may be at the handler what they are now."""
        log, found = self.log or [], handler.found
        if handler.position < len(log):
            variables = self.variables
            for name in dict.fromkeys(log[handler.position :]):
                states = found.get(name)
                if states is None:
                    states = found[name] = {_BEFORE: None} if handler.reached else {}
                states[variables.get(name)] = None
            handler.position = len(log)
        handler.reached = True

    def catch(self, handler: Handler) -> None:
        """Continue where the exceptions of a `try` arrive; its frame has been popped."""
        self.go(handler.target)
        for name, states in handler.found.items():
            before = self.variables.get(name)
            joined = self.join([before if state == _BEFORE else state for state in states])
            if joined != before:
                self.write(name, joined)
