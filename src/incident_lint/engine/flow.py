"""One object in one function: which values hold it, and what uses them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..knowledge.paths import CALL, Segment, render
from ..model.facts import Value
from ..model.source import Span
from .activation import Entry, State, Trace
from .assume import Assumption, Shape
from .body import EffectUse
from .calls import Calls
from .closures import Closures
from .constructors import constructor
from .definitions import FunctionRef
from .finding import Step
from .implicit import Implicit
from .row_effects import shape_path
from .stores import Stores
from .summary import (
    AWAIT,
    ELEMENT,
    Event,
    Exit,
    Summary,
    Use,
    Where,
    closure_in,
    is_element,
    keyed,
    meets,
)
from .things import Api, ClassThing, Instance, Things

if TYPE_CHECKING:
    from .travel import Travel

_LONGEST = 5
_MOST_STATES = 3000
_PLAIN = frozenset({"list", "dict", "set", "bytearray", "tuple"})
_IN_PLACE = frozenset({"list", "set", "dict", "bytearray", "instance", "collections.deque"})
_IN_PLACE |= {"collections.OrderedDict", "collections.defaultdict", "collections.Counter"}
_IN_PLACE |= {"collections.UserList", "collections.UserDict", "array.array"}
_IMMUTABLE = frozenset({"str", "bytes", "int", "float", "bool", "NoneType", "complex"})
_NEEDS_CONTENT = frozenset({"*", "-", "&"})
_TESTS = frozenset({"compare", "not", "refine", "more", "matches"})


class Activation(Stores, Calls, Closures, Implicit):
    """One object in one function."""

    def __init__(
        self, travel: Travel, function: FunctionRef, entry: Entry, summary: Summary, *, top: bool
    ) -> None:
        self.travel = travel
        self.project = travel.project
        self.ref = function
        self.entry = entry
        self.shape = entry.shape
        self.summary = summary
        self.top = top
        self.seen: dict[State, bool] = {}
        self.todo: list[tuple[State, Trace]] = []

    def run(self) -> None:
        """Follow the object until there is nowhere left to go."""
        module = self.project.module(self.ref.module)
        body = self.travel.bodies.of(self.ref)
        if module is None or body is None:
            return
        self.path = module.path
        self.facts = module.facts
        self.body = body
        self.function = body.function
        starts = self._starts()
        constants = dict(self.entry.constants)
        known: dict[int, Shape | str] = {}
        for index, value in enumerate(self.function.values):
            if value.op == "param" and value.text in constants:
                known[index] = constants[value.text]
        if not self.entry.where and not self.entry.part:
            known.update(dict.fromkeys(starts, self.shape))
        self.assumed = Assumption(self.function, known)
        piece = self.shape if self.entry.part else None
        trace = Trace((), True, self.assumed, piece=piece)
        for start in starts:
            self.push(start, self.entry.where, self.entry.part, trace)
        if self.entry.free:
            owner = self.function.captures.get(self.entry.name, -1)
            self.hand_inwards(owner, self.entry.name, trace)
        while self.todo and len(self.seen) < _MOST_STATES:
            self._visit(*self.todo.pop())

    def _starts(self) -> list[int]:
        ops = ("free",) if self.entry.free else ("param",)
        return [
            index
            for index, value in enumerate(self.function.values)
            if value.op in ops and value.text == self.entry.name
        ]

    # states

    def push(self, value: int, where: Where, part: bool, trace: Trace) -> None:
        """The object sits there now: to be looked at, unless it is known already."""
        if len(where) > _LONGEST:
            self.lose("nested more than five deep", self.function.values[value].at)
            return
        if self.function.values[value].block not in trace.assumed.blocks:
            return
        state = State(value, where, part)
        old = self.seen.get(state)
        if old is None or (trace.sure and not old):
            self.seen[state] = trace.sure
            self.todo.append((state, trace))

    def _visit(self, state: State, trace: Trace) -> None:
        trace = self._assuming(state, trace)
        values, blocks = self.function.values, trace.assumed.blocks
        if values[state.value].block not in blocks:
            return
        later = trace._replace(since=None)
        for user, position in self.body.users(state.value):
            made = values[user]
            if made.block not in blocks:
                continue
            if made.op in ("phi", "refine"):
                self._alias(state, user, position, trace)
            elif made.op not in ("item", "attr") or self.still_there(state, (made.block, user), trace):
                self._value(state, user, made, position, later)
        for use in self.body.effects(state.value):
            if use.block in blocks and (
                trace.since is None
                or self.body.follows(trace.since, (use.block, use.effect.after), set())
            ):
                self._effect(state, use, later)
        self.capture(state, trace)

    def _assuming(self, state: State, trace: Trace) -> Trace:
        """On the ways where this value is the object, conditions on it are known."""
        if state.where or trace.assumed.knows(state.value):
            return trace
        same = self._read_again(state.value)
        if not any(self._is_tested(value) for value in same):
            return trace
        return trace._replace(assumed=trace.assumed.also(same, self.piece(state, trace)))

    def _read_again(self, value: int) -> list[int]:
        """The value, and others that read the same attribute or item of the same value, if
        nothing here writes it."""
        made = self.function.values[value]
        if made.op not in ("attr", "item"):
            return [value]
        key = None if made.op == "attr" else self.key_of(made.args[1])
        if made.op == "item" and key is None:
            return [value]
        for use in self.body.effects(made.args[0]):
            if use.effect.kind in ("setitem", "setattr") and not use.position:
                return [value]
        found = []
        for user, position in self.body.users(made.args[0]):
            other = self.function.values[user]
            if position == 0 and other.op == made.op and other.text == made.text:
                if made.op == "attr" or self.key_of(other.args[1]) == key:
                    found.append(user)
        return found

    def _is_tested(self, value: int) -> bool:
        return any(self._is_test(user) for user, _ in self.body.users(value)) or any(
            use.effect.kind == "test" for use in self.body.effects(value)
        )

    def _is_test(self, user: int) -> bool:
        made = self.function.values[user]
        return made.op in _TESTS or (
            made.op == "call" and self.function.values[made.args[0]].op == "builtin"
        )

    def still_there(self, state: State, place: tuple[int, int], trace: Trace) -> bool:
        """Whether the object, put into a container or attribute, is there when it is read."""
        if trace.since is not None and not self.body.follows(trace.since, place, set()):
            return False
        origin = self.function.values[state.value]
        begin = trace.since or (origin.block, state.value)
        killers = []
        for use in self.body.effects(state.value) if state.where else ():
            effect = use.effect
            if use.position or effect.kind not in ("setitem", "setattr"):
                continue
            label = f".{effect.text}"
            if effect.kind == "setitem":
                key = self.key_of(effect.args[1])
                label = "" if key is None else keyed(key)
            written = (use.block, effect.after)
            if label == state.where[0] and written > begin:
                killers.append(written)
        return not killers or self.body.reaches(begin, place, killers, set())

    def _alias(self, state: State, user: int, position: int, trace: Trace) -> None:
        made = self.function.values[user]
        if made.op == "refine":
            if position:
                return
            itself = not state.where and not state.part
            if itself and not trace.assumed.admits(user, self.shape):
                return
        self.push(user, state.where, state.part, trace)

    # values that use the object's value

    def _value(self, state: State, user: int, made: Value, position: int, trace: Trace) -> None:
        where, part = state.where, state.part
        op = made.op
        if op == "call":
            if position:
                self.call(state, user, position, trace)
            else:
                self.called(state, user, trace)
        elif op == "attr":
            self.attribute(state, user, made, trace)
        elif op in ("item", "elem") and position == 0:
            self._element(state, user, made, trace)
        elif op in ("list", "tuple", "set", "dict"):
            self._display(state, user, made, position, trace)
        elif op in ("listcomp", "setcomp", "dictcomp", "genexpr"):
            self.push(user, (ELEMENT, *where), part, trace)
        elif op == "aug":
            self._augmented(state, user, made, position, trace)
        elif op == "binop":
            self._spread(state, user, trace)
        elif op == "await":
            if where[:1] == (AWAIT,):
                self.push(user, where[1:], part, trace)
        elif op == "decorated" and position == 1:
            self.push(user, where, part, trace)
        elif op == "enter":
            self._enter(state, user, trace)
        elif op == "part" and position == 0:
            self._matched(state, user, made, trace)
        elif op == "compare" and position == 1 and made.text in ("in", "not in"):
            self.use(state, "contains", made.args[0])
            if self.shape.iterator and not where and not part:
                self.change(state, f"used up by `{made.text}`", made.at, trace)
        elif op in ("compare", "not"):
            self.use(state, "test", None)
        elif op not in ("more", "matches"):
            self.use(state, op, None)

    def use(self, state: State, kind: str, key: int | None) -> None:
        """Take note of how the object itself is used."""
        if not state.where and not state.part:
            self.summary.uses.add(Use(kind, key))

    def _enter(self, state: State, user: int, trace: Trace) -> None:
        """What `with` binds: of `@contextmanager` what is yielded, of a file itself."""
        if state.where and (state.where[0] == AWAIT or is_element(state.where[0])):
            self.push(user, state.where[1:], state.part, trace)
        elif not state.where and self.shape.iterator:
            self.push(user, (), state.part, trace)

    def _matched(self, state: State, user: int, made: Value, trace: Trace) -> None:
        """A positional part of a class pattern: a declared field, or the object itself."""
        position = int(made.text)
        for thing in self.describe(made.args[1]):
            if isinstance(thing, ClassThing):
                fields = constructor(self.project, thing.ref)
                names = [f.field for f in fields.fields] if fields is not None else []
                if names[position : position + 1] == [state.where[0][1:]] if state.where else False:
                    self.push(user, state.where[1:], state.part, trace)
            elif isinstance(thing, Api) and render(thing.path) in _PLAIN:
                self.push(user, state.where, state.part, trace)

    def attribute(self, state: State, user: int, made: Value, trace: Trace) -> None:
        """`value.name` is read; `made.text` is the name."""
        where, part = state.where, state.part
        if where[:1] == (f".{made.text}",):
            self.push(user, where[1:], part, trace)
            return
        self.read_property(state, user, made.text, trace)
        called = False
        for call, position in self.body.users(user):
            if self.function.values[call].op == "call" and position == 0:
                called = True
                if self.function.values[call].block in trace.assumed.blocks:
                    self.method(state, call, made.text, trace)
        if where:
            return
        if part or self._is_field(made.text, called):
            piece = self.piece(state, trace)
            things: Things = ()
            if piece.of is not None:
                things = self.travel.values.attribute(Instance(piece.of), made.text)
            self.push_piece(user, (), trace, things)
        elif not called or len(self.body.users(user)) > 1 or self.body.effects(user):
            self.method_handed_on(state, user, made, trace)

    def _is_field(self, name: str, called: bool) -> bool:
        """Whether an attribute of the object is a piece of it, and no method."""
        if self.shape.of is None:
            path = (*shape_path(self.shape), Segment("name", name), CALL)
            return (
                self.shape.kind not in _PLAIN
                and not called
                and not self.project.catalogue.matches(path)
            )
        return not self.project.classes.find_method(self.shape.of, name).functions

    def _element(self, state: State, user: int, made: Value, trace: Trace) -> None:
        where, part = state.where, state.part
        is_slice = made.op == "item" and self.function.values[made.args[1]].op == "slice"
        if where:
            key = self.key_of(made.args[1]) if made.op == "item" else made.text or None
            if is_element(where[0]) and (is_slice or made.text == "*"):
                self.push(user, (ELEMENT, *where[1:]), part, trace)
            elif meets(where[0], key):
                self.push(user, where[1:], part, trace)
            return
        if made.op == "item":
            self.use(state, "item", made.args[1])
            self.subscript(state, user, trace)
        else:
            self.use(state, "iterated", None)
        copied = is_slice or made.text == "*"
        if self.has_pieces(state) and not (copied and part):
            self.push_piece(user, (ELEMENT,) if copied else (), trace)

    def has_pieces(self, state: State) -> bool:
        """Whether an element of the object can be changed; of a piece of it, nobody can tell."""
        return state.part or self.shape.inner

    def push_piece(self, value: int, where: Where, trace: Trace, things: Things = ()) -> None:
        """A piece of the object sits there now; `things` is what it is known to be."""
        whole = trace.piece is None and self.shape.kind == "tuple"
        piece = self._described(things or (() if where else self.describe(value)))
        self.push(value, where, True, trace._replace(piece=piece._replace(whole=whole)))

    def _described(self, things: Things) -> Shape:
        """What is known of a piece, by what it can be."""
        for thing in things:
            if isinstance(thing, Instance):
                return Shape("instance", None, True, of=thing.ref)
            if isinstance(thing, Api) and thing.path[-1].kind == "call":
                kind = render(thing.path[:-1])
                if kind not in _IMMUTABLE:  # of several alternatives, the one that can change
                    return Shape(kind, None, True)
        return Shape("object", None, True)

    def _display(
        self, state: State, user: int, made: Value, position: int, trace: Trace
    ) -> None:
        words = made.text.split(",") if made.text and made.op != "dict" else []
        if words[position : position + 1] == ["*"] or (
            made.op == "dict" and made.args[position - 1] == -1
        ):
            self._spread(state, user, trace)
        elif made.op != "dict" or position % 2:
            self.use(state, "in a display", None)
            key: str | None = str(position)
            if made.op == "dict":
                key = self.key_of(made.args[position - 1])
            elif words or made.op == "set":
                key = None
            self.push(user, (keyed(key), *state.where), state.part, trace)

    def _spread(self, state: State, user: int, trace: Trace) -> None:
        """The elements of the value, not itself, come into a new one."""
        self.use(state, "spread", None)
        if state.where and is_element(state.where[0]):
            self.push(user, (ELEMENT, *state.where[1:]), state.part, trace)
        elif not state.where and self.has_pieces(state) and not state.part:
            self.push_piece(user, (ELEMENT,), trace)

    def _augmented(
        self, state: State, user: int, made: Value, position: int, trace: Trace
    ) -> None:
        if position == 1:
            if state.where and is_element(state.where[0]):
                self.store(made.args[0], state.where, state.part, trace, made.at)
            return
        if state.where:
            self.push(user, state.where, state.part, trace)
            return
        if self.piece(state, trace).kind not in _IN_PLACE:
            return
        if not (made.text in _NEEDS_CONTENT and self.stays_empty(state)):
            self.change(state, f"changed by `{made.text}=`", made.at, trace)
        self.push(user, (), state.part, trace)

    def piece(self, state: State, trace: Trace) -> Shape:
        """What is known of the object itself, or of a piece of it."""
        if not state.part:
            return self.shape
        known = trace.piece or Shape("object", None, True)
        if known.kind == "object" and not state.where:
            known = self._described(self.describe(state.value))._replace(whole=known.whole)
        return known

    def stays_empty(self, state: State) -> bool:
        """Whether there is nothing in the object that a change could take away."""
        return not state.part and self.shape.empty is True

    # effects that use the object's value

    def _effect(self, state: State, use: EffectUse, trace: Trace) -> None:
        effect, kind = use.effect, use.effect.kind
        itself = not state.where
        if kind in ("setattr", "delattr") and use.position == 0:
            if itself and (state.part or self.shape.kind not in _PLAIN):
                verb = "given a new" if kind == "setattr" else "robbed of its"
                self.change(state, f"{verb} `{effect.text}`", effect.at, trace)
        elif kind == "setattr":
            where = (f".{effect.text}", *state.where)
            self.store(effect.args[0], where, state.part, trace, effect.at)
        elif kind in ("setitem", "delitem") and use.position == 0:
            if itself:
                self._item_changed(state, use, trace)
        elif kind == "setitem" and use.position == 2:
            where = (keyed(self.key_of(effect.args[1])), *state.where)
            self.store(effect.args[0], where, state.part, trace, effect.at)
        elif kind == "iter" and itself and not state.part and self.shape.iterator:
            self.change(state, "used up here", effect.at, trace)
        elif kind in ("return", "yield"):
            self._given_back(state, use, trace)
        elif kind == "bindglobal":
            self.leave(state, f"stored in the module's `{effect.text}`", effect.at, trace)
        elif kind == "bindfree":
            self.into_enclosing(effect.text, state.where, state.part, trace, effect.at)
        elif kind == "enter":
            self.entered(state, effect.args[0], effect.at, trace)
        elif kind == "iter":
            self.use(state, "iterated", None)

    def _item_changed(self, state: State, use: EffectUse, trace: Trace) -> None:
        effect = use.effect
        if effect.kind == "delitem":
            self.use(state, "deleted", effect.args[1])
            if not self.stays_empty(state):
                self.change(state, "changed by `del` of an item", effect.at, trace)
            return
        self.use(state, "setitem", effect.args[1])
        index = self.function.values[effect.args[1]]
        if self.stays_empty(state) and self.shape.kind == "list" and index.op != "slice":
            return  # an IndexError, not a change
        self.change(state, "changed by item assignment", effect.at, trace)

    def _given_back(self, state: State, use: EffectUse, trace: Trace) -> None:
        effect = use.effect
        self.use(state, effect.kind, None)
        if self.top:
            word = "returned" if effect.kind == "return" else "yielded"
            if state.where:
                word += " inside another object"
            self.leave(state, word, effect.at, trace)
            return
        where = state.where if effect.kind == "return" else (ELEMENT, *state.where)
        step = self.step(effect.at, f"{effect.kind}ed to the caller")
        key = (where, state.part)
        old = self.summary.exits.get(key)
        if old is None or (trace.sure and not old.sure):
            self.summary.exits[key] = Exit(where, state.part, (*trace.steps, step), trace.sure)

    # what is said of it

    def step(self, at: Span | None, message: str) -> Step:
        """A stop on the way, in this file."""
        return Step(self.path, at or self.function.at, message)

    def change(self, state: State, how: str, at: Span | None, trace: Trace) -> None:
        """The object, or a piece of it, is changed here."""
        step = self.step(at, f"a part of it is {how}" if state.part else how)
        self.summary.event(Event("changed", how, (*trace.steps, step), trace.sure))

    def leave(self, state: State, how: str, at: Span | None, trace: Trace) -> None:
        """The object can be reached after the call; a piece of it that leaves is not it."""
        label = closure_in(state.where)
        if label is not None:
            self.closure_leaves(label, state, how, at, trace)
        elif not state.part or (trace.piece is not None and trace.piece.whole):
            steps = (*trace.steps, self.step(at, how))
            self.summary.event(Event("left", how, steps, trace.sure))

    def lose(self, cause: str, at: Span | None) -> None:
        """The object goes where nobody can follow."""
        self.summary.unknown.setdefault(cause, self.step(at, cause))
