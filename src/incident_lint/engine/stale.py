"""What a turn of a loop leaves to the next one, and sends with it: INC308.

In the value graph a loop's head has a join for each variable that a turn may bind. Where what is
sent may be that join, a way of the turn leads there that does not bind it; an object that is made
before the loop is there in every turn. What the author means to carry on is read off the code: it
is asked about, used after the loop, emptied once it is sent, or bound in one turn to be sent in
another.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from ..model.facts import Function
from ..model.source import Span
from .body import Body
from .definitions import FunctionRef
from .finding import Step
from .keeping import Keeping
from .kept_objects import Write
from .loops import Flow, Loop, Place, has_loop
from .makings import Makings
from .sends import Leaving, Sends
from .served import Served, Serves

if TYPE_CHECKING:
    from .project import Module, Project
    from .travel import Travel


class Stale(NamedTuple):
    """A value of one turn that a later one sends: where, what that call is, which argument of it
    (-1: what it is called on), where the value is set, what a turn serves, whether it `grows`, or
    is a `part` of an object, whether all is sure, and the steps inside what is called."""

    at: Span
    call: str
    position: int
    set_at: Span
    served: Served
    grows: bool
    part: bool
    sure: bool
    steps: tuple[Step, ...]


class _Turn(NamedTuple):
    """A loop of a function, and what its turns serve."""

    loop: Loop
    served: Served


class _Use(NamedTuple):
    """A call in a turn that sends something."""

    number: int
    at: Span
    place: Place
    sent: list[Leaving]


class StaleValues:
    """Answers of "what does a later turn send of an earlier one?" for one project."""

    def __init__(self, project: Project, travel: Travel) -> None:
        self._project = project
        self._travel = travel
        self._makings = Makings(project, travel)
        self._sends = Sends(project, travel, self._makings)
        self._serves = Serves(project, travel)

    def of(self, module: Module, index: int) -> Iterator[list[Stale]]:
        """The loops of one function that serve somebody in each turn, and the stale values of each:
        one for each call that sends such."""
        ref = FunctionRef(module.name, index)
        function = module.facts.functions[index]
        if not has_loop(function):
            return
        body = self._travel.bodies.of(ref)
        assert body is not None, "the function under check is loaded"
        flow = Flow(body)
        for loop in flow.loops:
            served = self._serves.by(module, ref, flow, loop)
            if served is not None:
                yield list(self._in_turn(ref, body, flow, _Turn(loop, served)))

    def _in_turn(self, ref: FunctionRef, body: Body, flow: Flow, turn: _Turn) -> Iterator[Stale]:
        function = body.function
        keeping = Keeping(self._project, self._travel, self._makings, ref, body, flow, turn.loop)
        uses = [
            _Use(number, value.at, (value.block, number), sent)
            for number, value in enumerate(function.values)
            if value.op == "call" and value.at is not None and flow.holds(turn.loop, number)
            if (sent := self._sends.of(ref, function, number))
        ]
        for use in uses:
            found = [
                *self._variables(ref, body, turn, keeping, use),
                *self._objects(ref, body, turn, keeping, use, uses),
            ]
            if found:
                yield min(found, key=lambda each: (not each.sure, each.set_at))

    # variables that are bound on some ways only

    def _variables(
        self, ref: FunctionRef, body: Body, turn: _Turn, keeping: Keeping, use: _Use
    ) -> Iterator[Stale]:
        phis = set(turn.loop.phis)
        for leaving in use.sent:
            parts = self._makings.parts(ref, body, [leaving.value], keeping.heads)
            for phi in sorted(phis & parts.keys()):
                setter = self._set_in_turn(ref, body, turn, keeping, use, phi)
                if setter is None:
                    continue
                number, grows = setter
                if grows and not self._mixes(ref, body, turn, keeping, use, phi):
                    continue
                sure = parts[phi] and leaving.sure and turn.served.sure
                at = body.function.values[number].at
                if at is not None:
                    position = _position(body.function, use.number, leaving.value)
                    yield Stale(
                        use.at,
                        leaving.what,
                        position,
                        at,
                        turn.served,
                        grows,
                        False,
                        sure,
                        leaving.steps,
                    )

    def _set_in_turn(
        self, ref: FunctionRef, body: Body, turn: _Turn, keeping: Keeping, use: _Use, phi: int
    ) -> tuple[int, bool] | None:
        """The value of its own that a turn leaves in a variable, and whether it grows there; None:
        it leaves none, or the author means it to."""
        function = body.function
        leaves = keeping.leaves(phi)
        own = [leaf for leaf in leaves if leaf != phi and leaf not in turn.loop.phis]
        bound = {(function.values[leaf].block, leaf) for leaf in own}
        found: tuple[int, bool] | None = None
        for leaf in own:
            parts = self._makings.parts(ref, body, [leaf], {*keeping.stops})
            if not turn.served.items & parts.keys() or function.values[leaf].at is None:
                continue
            grows = phi in parts
            if grows and not keeping.is_text(leaf):
                return None
            place = function.values[leaf].block, leaf
            if not keeping.flow.leads(place, use.place, {turn.loop.start}):
                continue  # bound in one turn to be sent in others
            if not keeping.flow.leads(place, turn.loop.start, bound):
                continue  # another one is bound before the turn ends
            if found is None or leaf < found[0]:
                found = leaf, grows
        if found is None or keeping.is_meant(phi, own):
            return None
        if found[1]:
            resets = {place for place in bound if not self._grows(ref, body, keeping, phi, place)}
            same = [self._makings.aliases(body, each) for each in (phi, *own)]
            resets |= keeping.resets_of(set().union(*same), own) - bound
            kept = keeping.flow.leads(use.place, turn.loop.start, resets)
            return (
                found if kept and keeping.flow.leads(turn.loop.start, use.place, resets) else None
            )
        return found if keeping.flow.spared(turn.loop, use.place, keeping.widened(bound)) else None

    def _grows(
        self, ref: FunctionRef, body: Body, keeping: Keeping, phi: int, place: Place
    ) -> bool:
        return phi in self._makings.parts(ref, body, [place[1]], keeping.stops)

    # objects that are made before the loop

    def _objects(
        self,
        ref: FunctionRef,
        body: Body,
        turn: _Turn,
        keeping: Keeping,
        use: _Use,
        uses: list[_Use],
    ) -> Iterator[Stale]:
        for leaving in use.sent:
            parts = self._makings.parts(ref, body, [leaving.value], keeping.heads)
            for made, aliases in sorted(keeping.objects.items()):
                held = [parts[alias] for alias in aliases & parts.keys()]
                if not held or keeping.is_looked_up(made):
                    continue
                read = keeping.attributes_read(made, parts)
                for write in keeping.writes(made):
                    if read and write.label not in read:
                        continue
                    own = self._makings.parts(ref, body, write.given, keeping.stops)
                    begin = {turn.loop.start}
                    if not turn.served.items & own.keys():
                        continue
                    if not keeping.flow.leads(write.place, use.place, begin):
                        continue
                    if not self._remains(body, turn, keeping, use, made, write):
                        continue
                    alone = not self._mixes(ref, body, turn, keeping, use, made)
                    if alone and not write.of_message and not write.label:
                        continue
                    sure = any(held) and leaving.sure and turn.served.sure and write.sure
                    position = _position(body.function, use.number, leaving.value)
                    yield Stale(
                        use.at,
                        leaving.what,
                        position,
                        write.at,
                        turn.served,
                        not write.label,
                        True,
                        sure,
                        leaving.steps,
                    )
                    break

    def _remains(
        self, body: Body, turn: _Turn, keeping: Keeping, use: _Use, made: int, write: Write
    ) -> bool:
        """Whether what was written into an object is there when a later turn sends it."""
        loop = turn.loop
        resets = keeping.resets(made)
        if write.label:
            resets |= {w.place for w in keeping.writes(made) if w.label == write.label}
            kept = keeping.flow.leads(write.place, loop.start, resets)
            return kept and keeping.flow.spared(loop, use.place, keeping.widened(resets))
        kept = keeping.flow.leads(use.place, loop.start, resets)
        return kept and keeping.flow.leads(loop.start, use.place, resets)

    def _mixes(
        self, ref: FunctionRef, body: Body, turn: _Turn, keeping: Keeping, use: _Use, kept: int
    ) -> bool:
        """Whether something else that goes with it is of the turn itself: so it is for somebody."""
        function = body.function
        call = function.values[use.number]
        called = function.values[call.args[0]]
        starts = [*call.args[1:], *([called.args[0]] if called.op == "attr" else [])]
        parts = self._makings.parts(ref, body, starts, {*keeping.stops, kept, *keeping.objects})
        return bool(turn.served.items & parts.keys())


def _position(function: Function, call: int, value: int) -> int:
    """Which argument of a call a value is, from 0; -1: what it is called on."""
    args = function.values[call].args[1:]
    return args.index(value) if value in args else -1
