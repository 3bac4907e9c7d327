"""`match` patterns: the condition of a case, and the values that its names take."""

from __future__ import annotations

from typing import Any

from astroid import nodes

from .lower_expressions import Expressions
from .ssa import Way


class Patterns(Expressions):
    """The part of a function's lowering that handles `match`."""

    def case(
        self, expression: nodes.NodeNG, subject: int, case: nodes.MatchCase
    ) -> tuple[list[Way], list[Way]]:
        """Bind a case's captures: the ways on which it is taken, and those on which it is not.

        The caller has pushed a frame; the condition is a `matches` value of the subject and, if
        the pattern is made of constants alone, of these.
        """
        since = len(self.frames) - 1
        at = self.span(case.pattern)
        constants = self._constants(case.pattern)
        text = "constants" if constants else case.pattern.as_string()
        condition = self.value("matches", (subject, *constants), text, at)
        self.effect("test", (condition,), "", at)
        origin = self.here
        taken, other = self.new_block(), self.new_block()
        irrefutable = isinstance(case.pattern, nodes.MatchAs) and case.pattern.pattern is None
        self.edge(origin, taken, condition, True)
        self.push()
        self.here = other
        self.refined(expression, condition, False)
        on_false = [] if irrefutable else [self.way(since)]
        self.pop()
        if not irrefutable:
            self.edge(origin, other, condition, False)
        self.here = taken
        self.refined(expression, condition, True)
        whole = self.value("refine", (subject, condition), "true", self.values[subject].at)
        self._capture(case.pattern, whole)
        if case.guard is None:
            return [self.way(since)], on_false
        on_true, refused = self.branch(case.guard)
        return on_true, on_false + refused

    def _constants(self, pattern: nodes.NodeNG) -> tuple[int, ...]:
        """The values of a pattern made of constants and alternatives of them, else nothing."""
        parts = pattern.patterns if isinstance(pattern, nodes.MatchOr) else [pattern]
        found = []
        for part in parts:
            if isinstance(part, nodes.MatchValue):
                found.append(self.expression(part.value))
            elif isinstance(part, nodes.MatchSingleton):
                found.append(self.value("const", (), repr(part.value), self.span(part)))
            else:
                return ()
        return tuple(found)

    def _capture(self, pattern: nodes.NodeNG, value: int) -> None:
        """Bind the names of a pattern that `value` has matched."""
        at = self.span(pattern)
        if isinstance(pattern, nodes.MatchAs):
            if pattern.pattern is not None:
                self._capture(pattern.pattern, value)
            if pattern.name is not None:
                self.bind(pattern.name.name, value, at)
        elif isinstance(pattern, nodes.MatchOr):
            self._alternatives(pattern, value)
        elif isinstance(pattern, nodes.MatchSequence):
            self._sequence(pattern, value)
        elif isinstance(pattern, nodes.MatchMapping):
            for key, part in zip(pattern.keys, pattern.patterns):
                item = self.value("item", (value, self.expression(key)), "", at)
                self._capture(part, item)
            if pattern.rest is not None:
                rest = self.value("unknown", (), "the rest of a mapping pattern", at)
                self.bind(pattern.rest.name, rest, at)
        elif isinstance(pattern, nodes.MatchClass):
            of_class = self.expression(pattern.cls)
            for position, part in enumerate(pattern.patterns):
                piece = self.value("part", (value, of_class), str(position), at)
                self._capture(part, piece)
            for name, part in zip(pattern.kwd_attrs, pattern.kwd_patterns):
                self._capture(part, self.value("attr", (value,), name, at))

    def _sequence(self, pattern: nodes.MatchSequence, value: int) -> None:
        after_star = False
        for position, part in enumerate(pattern.patterns):
            at = self.span(part)
            if isinstance(part, nodes.MatchStar):
                after_star = True
                if part.name is not None:
                    self.bind(part.name.name, self.value("elem", (value,), "*", at), at)
                continue
            text = "" if after_star else str(position)
            self._capture(part, self.value("elem", (value,), text, at))

    def _alternatives(self, pattern: nodes.MatchOr, value: int) -> None:
        """Each alternative binds the same names: join what they take."""
        deltas: list[Any] = []
        for part in pattern.patterns:
            since = self.push()
            self._capture(part, value)
            deltas.append(self.delta(since))
            self.pop()
        self.merge(deltas)
