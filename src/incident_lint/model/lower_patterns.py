"""`match` patterns: the condition of a case, and the values that its names take."""

from __future__ import annotations

from typing import Any

from astroid import nodes

from .lower_branches import Branches
from .lower_names import STATEMENTS
from .ssa import Delta, Way


class Patterns(Branches):
    """The part of a function's lowering that handles `match`."""

    @STATEMENTS.lowers("Match")
    def s_match(self, node: Any) -> None:
        subject = self.expression(node.subject)
        since = self.push()
        ways: list[Way] = []
        dead = self.dead
        for case in node.cases:
            on_true, on_false = self._case(node.subject, subject, case)
            self.begin(on_true, dead)
            self.block(case.body)
            if not self.dead:
                ways.append(self.way(since))
            self.begin(on_false, dead)
        if not self.dead:
            ways.append(self.way(since))
        self.pop()
        self.join_at(ways)

    def _case(self, expression: Any, subject: int, case: Any) -> tuple[list[Way], list[Way]]:
        """Bind a case's captures: the ways on which it is taken, and those on which it is not.

        The condition is a `matches` value of the subject and, if the pattern is made of constants
        alone, of these.
        """
        pattern = case.pattern
        at = self.span(pattern)
        constants = self._constants(pattern)
        text = "constants" if constants else pattern.as_string()
        condition = self.value("matches", (subject, *constants), text, at)
        self.effect("test", (condition,), "", at)
        on_true, on_false = self.sides(condition, self.tested(expression))
        if isinstance(pattern, nodes.MatchAs) and pattern.pattern is None:
            self.blocks[self.here].edges.pop()
            on_false = []
        self.enter(on_true)
        whole = self.refine(subject, condition, True)
        self._capture(pattern, whole)
        if case.guard is None:
            return [self.way(len(self.frames) - 1)], on_false
        on_true, refused = self.branch(case.guard)
        return on_true, on_false + refused

    def _constants(self, pattern: Any) -> tuple[int, ...]:
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

    def _capture(self, pattern: Any, value: int) -> None:
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
            for key, part in zip(pattern.keys, pattern.patterns, strict=True):
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
            for name, part in zip(pattern.kwd_attrs, pattern.kwd_patterns, strict=True):
                self._capture(part, self.value("attr", (value,), name, at))

    def _sequence(self, pattern: Any, value: int) -> None:
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

    def _alternatives(self, pattern: Any, value: int) -> None:
        """Each alternative binds the same names: join what they take."""
        deltas: list[Delta] = []
        for part in pattern.patterns:
            since = self.push()
            self._capture(part, value)
            deltas.append(self.delta(since))
            self.pop()
        self.merge(deltas)
