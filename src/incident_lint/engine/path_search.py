"""One search for ways through one function.

Its states are a point of the function, and who holds the result there. What has been looked at is
not followed further, so the cost grows with the function, not with the number of its ways.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Literal

from ..model.source import Span
from .definitions import FunctionRef, Ref
from .handed import Handed, Target
from .path_decided import NOT_READ, READ, USED, Decided
from .path_trail import Answer, State, Way
from .results import Event, Result
from .vocabulary import Vocabulary
from .ways import Item, Point, Turn, Ways

if TYPE_CHECKING:
    from .project import Module

__all__ = ["Answer", "Search", "Way"]

_STATES = 40
"""States per point of a function; more would be a path set."""
_RETURNED = "returned: its caller may look"


class Search(Decided):
    """One search through one function."""

    def __init__(
        self,
        module: Module,
        ref: FunctionRef,
        result: Result,
        ways: Ways,
        words: Vocabulary,
        handed: Handed,
    ) -> None:
        super().__init__(module, ref, result, ways, words)
        self.answer = Answer()
        self.handed = handed
        self.hinted: set[State] = set()

    def run(self) -> Answer:
        """Search, the sure ways without exceptions first."""
        if self.start_place not in self.ways.reached:
            return self.answer
        first = State(self.start_place, frozenset((self.result.start,)), NOT_READ, self.given)
        self.before[first] = None
        todo, later = deque([first]), deque[State]()
        most = _STATES * len(self.ways.points)
        while todo or later:
            state = todo.popleft() if todo else later.popleft()
            for turn, following in self._after(state, state is first):
                if following in self.before:
                    continue
                if len(self.before) >= most:
                    self._lose("too many ways", self.function.at)
                    return self.answer
                self.before[following] = (state, turn)
                for marked in (self.unsure, self.raised, self.hinted):
                    if state in marked:
                        marked.add(following)
                if turn.raised:
                    self.raised.add(following)
                if self._is_doubtful(turn, state) or self._is_minded(turn, state, following):
                    self.unsure.add(following)
                behind = following in self.raised or following in self.unsure
                (later if behind else todo).append(following)
        return self.answer

    # one point

    def _after(self, state: State, first: bool) -> list[tuple[Turn, State]]:
        """Run a point; the states that may follow while nobody has looked."""
        point = self.ways.points[state.point]
        items: tuple[Item, ...] = point.items
        if first and not self.result.from_outside:
            at = next(n for n, item in enumerate(items) if item.value == self.result.start)
            items = items[at:]
        held, read = state.held, state.read
        self.use = ()
        at_last = held
        for number, item in enumerate(items):
            if number == len(items) - 1:
                at_last = held
            again = not self.result.from_outside and not (first and not number)
            if item.value == self.result.start and again:
                held, read = held - {item.value}, NOT_READ
                if not held:
                    self._end("again", state, self.function.values[item.value].at, read)
                    return []
            for event in self.result.events.get(item, ()):
                going = self._event(event, held, read, state)
                if going is None:
                    return []
                held, read = going
        if not point.turns:
            self._function_ends(point, state, read)
            return []
        now = state._replace(held=held, read=read)
        found = []
        for turn in point.turns:
            if turn.raised:
                if not self.ways.can_raise(items[1:] if first else items):
                    continue
                following = self._follow(turn, self._raising(point, now, at_last))
            else:
                following = self._follow(turn, now, state)
            if following is not None:
                if self.use and following not in self.before:
                    self.uses.setdefault(following, self.use)
                found.append((turn, following))
        return found

    def _raising(self, point: Point, now: State, before: frozenset[int]) -> State:
        """The call that raises gives no result, nor does what waits for or enters it."""
        effect = self.ways.last_effect(point)
        if effect is None or not effect.args or effect.kind not in ("call", "await", "enter"):
            return now
        holder = self.result.holder.get(effect.args[0])
        return now if holder is None else now._replace(held=before - {holder})

    def _follow(self, turn: Turn, now: State, origin: State | None = None) -> State | None:
        """The state behind a turn; None if it is not taken, or if somebody looks in its
        condition."""
        known = now.known
        if turn.condition is not None:
            truth = self._truth(turn.condition, now)
            value, flipped = self._bare(turn.condition)
            if self.result.question.falsy and self.result.holder.get(value) in now.held:
                return None
            if truth is not None and truth is not turn.outcome:
                return None
            refused = self.refusals.at(now.point, turn.condition) == "raises"
            if refused and (now.read != NOT_READ or self.result.hints):
                self.answer.looked = True
                return None
            if value in self.asked:
                known |= {(value, turn.outcome is not flipped)}
            if turn.outcome and self.ways.has_elements(value):
                known |= {(~value, True)}  # it has had its first turn
        made = {item.value for item in self.ways.points[turn.point].items}
        joined = self._joined(turn, now)
        known = frozenset(pair for pair in known if pair[0] not in made) | joined
        held = set(now.held)
        for phi in self.ways.joins(turn.point):
            if phi not in self.result.holder:
                continue
            if phi not in self.arriving:
                self.arriving[phi] = self.ways.arriving(phi)
            coming = self.arriving[phi].get((now.point, turn.raised), ())
            held.discard(phi)
            if any(self.result.holder.get(value) in now.held for value in coming):
                held.add(phi)
        if not held:
            if origin is not None:
                at = self.function.values[self.result.start].at
                self._end("again", origin, at, now.read)
            return None
        return State(turn.point, frozenset(held), now.read, known)

    # events

    def _event(
        self, event: Event, held: frozenset[int], read: int, state: State
    ) -> tuple[frozenset[int], int] | None:
        """Who holds the result behind an event, and what was done with the payload; None where
        the way ends because somebody looks, or may look."""
        if event.kind in ("used", "given"):
            if read == NOT_READ:
                return held, read
            step = self.step(event.at, "used before anyone has looked")
            if read == READ:
                self.use = (step,)
            if event.kind == "given":
                self._keep("given", self.way("payload", state, event.at, step.message))
            return held, USED
        if event.kind == "shown" and read != NOT_READ and self._is_asked(event):
            self.unsure.add(state)
        if event.holder not in held:
            return held, read
        if event.kind == "look" or (event.kind == "told" and self._minds(event)):
            self.answer.looked = True
            return None
        if event.kind == "told":
            return held, read
        if event.kind == "verdict":
            self.answer.looked = True
            self._keep("verdict", self.way("end", state, event.at, "its status is returned"))
            return None
        if event.kind == "hint":
            self.hinted.add(state)
            return held, read
        if event.kind == "lost":
            self._lose(event.text, event.at)
            return None
        if event.kind == "returned":
            self._lose(_RETURNED, event.at)
            self._keep("returned", self.way("end", state, event.at, "returned"))
            return None
        if event.kind == "read":
            return held, max(read, READ)
        return self._passed(event, held, read, state)

    def _passed(
        self, event: Event, held: frozenset[int], read: int, state: State
    ) -> tuple[frozenset[int], int] | None:
        """The result is an argument: what does the callee do with it?"""
        call = event.value
        stays = False
        for target in self._targets(event):
            if target.kind == "lost":
                self._lose(target.text, event.at)
            elif target.kind == "looked":
                self.answer.looked = True
            elif target.kind in ("kept", "same"):
                stays = True
                held |= {call} if target.kind == "same" else frozenset()
            elif target.kind == "function":
                inner = self._inner(target, event, state)
                ways = (inner.end, inner.payload, inner.returned, inner.given)
                stays |= any(way is not None for way in ways)
                if inner.returned is not None:
                    held |= {call}
                if inner.given is not None:
                    self.result.gives_payload(call, event.holder)
                    read = max(read, READ)
                if inner.payload is not None:
                    if read != USED:
                        step = self.step(event.at, f"passed to {target.text}")
                        self.use = (step, *inner.payload.until_used)
                    read = USED
        return (held, read) if stays else None

    def _targets(self, event: Event) -> list[Target]:
        """Who gets the result at a call, as an argument or as a name of this function."""
        if event.by is not None:
            inner = self.module.facts.functions[event.by.function]
            ref = FunctionRef(self.ref.module, event.by.function)
            return [Target("function", f"`{inner.name}()`", ref, event.by.seen_as)]
        where = Ref(self.ref.module, self.ref.index, event.value)
        return self.handed.to(where, self.function, event.position, self.result.question)

    def _is_asked(self, event: Event) -> bool:
        """Whether the payload is an argument of a function that asks it for a failure."""
        where = Ref(self.ref.module, self.ref.index, event.value)
        return self.handed.is_asked(where, event.position, self.result.question)

    def _minds(self, event: Event) -> bool:
        """Whether something may depend on a failure member that is an argument."""
        where = Ref(self.ref.module, self.ref.index, event.value)
        return self.handed.minds(where, event.position, self.result.question)

    def _inner(self, target: Target, event: Event, state: State) -> Answer:
        """What the callee answers."""
        assert target.function is not None
        question = self.result.question
        inner = self.handed.ask(target.function, target.parameter, question)
        self.answer.looked |= inner.looked
        ways = [way for way in (inner.payload, inner.end) if way is not None]
        # What it gives back may well tell what it has seen, on the ways on which it has looked.
        verdict = inner.looked and event.value in self.decisive
        if verdict or not target.sure or (ways and not any(way.sure for way in ways)):
            self.unsure.add(state)
        for cause, step in inner.causes.items():
            if cause != _RETURNED:
                found = step if step.path else self.step(event.at, cause)
                self.answer.causes.setdefault(cause, found)
        return inner

    # ways

    def _function_ends(self, point: Point, state: State, read: int) -> None:
        last = self.ways.last_effect(point)
        if last is None or last.kind != "raise":  # an exception tells the caller that it failed
            at = last.at if last is not None and last.kind == "return" else None
            self._end("end", state, at, read)

    def _end(self, end: Literal["end", "again"], state: State, at: Span | None, read: int) -> None:
        if self.result.question.starts and read == NOT_READ:
            return
        text = "the function ends" if end == "end" else "another value takes its place"
        way = self.way(end, state, at, f"{text}, and nobody has looked")
        if state in self.hinted and way.used is None:
            way = way._replace(sure=False)
        self._keep("end" if way.used is None else "payload", way)

    def _keep(self, name: str, way: Way) -> None:
        if self.result.may_be_empty:
            way = way._replace(sure=False)
        if getattr(self.answer, name) is None:
            setattr(self.answer, name, way)

    def _lose(self, cause: str, at: Span | None) -> None:
        self.answer.causes.setdefault(cause, self.step(at, cause))
