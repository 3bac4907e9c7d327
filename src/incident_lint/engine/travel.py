"""Where an object goes: through aliases, containers, fields, closures, calls and modules.

One activation follows one object through one function. A *state* says that the object sits at a
place (`Where`) in a value; values and effects that use the value lead to further states, to
events, or out of the function. Calls ask for the callee's summary (`calls.py`). Summaries depend
on nothing but facts and the assumption about the object, are memoised per process and never
stored. Recursion starts from "no effect" and is repeated until nothing is added.

Deliberately not done: the order of heap writes between functions, correlated conditions, and
objects that travel inside exceptions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..model.facts import Value
from ..model.source import Span
from .activation import Entry, State
from .assume import Assumption, Shape
from .body import Bodies, EffectUse
from .calls import Calls
from .classes import FunctionRef
from .definitions import Ref
from .finding import Step
from .stores import Stores
from .summary import (
    AWAIT,
    ELEMENT,
    Event,
    Exit,
    Steps,
    Summary,
    Use,
    Where,
    closure,
    closure_in,
    is_element,
    keyed,
    meets,
)
from .things import Made, Values

if TYPE_CHECKING:
    from .project import Project

_DEEPEST = 12
_LONGEST = 4
_MOST_STATES = 4000
_MOST_ROUNDS = 4
_IN_PLACE = frozenset({"list", "set", "dict", "bytearray", "instance"})
_NEEDS_CONTENT = frozenset({"*", "-", "&"})


class Travel:
    """The question "what happens to this object?" for one project."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.bodies = Bodies(project)
        self.values = Values(project)
        self._known: dict[tuple[FunctionRef, Entry], Summary] = {}
        self._open: dict[tuple[FunctionRef, Entry], Summary] = {}
        self._hit: set[tuple[FunctionRef, Entry]] = set()

    def follow(self, function: FunctionRef, entry: Entry) -> Summary:
        """What a function does to an object that comes in by `entry`."""
        key = (function, entry)
        known = self._known.get(key)
        if known is not None:
            return known
        if key in self._open:
            self._hit.add(key)
            return self._open[key]
        if len(self._open) >= _DEEPEST:
            cut = Summary()
            cut.unknown["more than twelve calls deep"] = Step("", Span(1, 1, 1, 1), "")
            return cut
        summary = self._open[key] = Summary()
        try:
            for _ in range(_MOST_ROUNDS):
                before = summary.size
                self._hit.discard(key)
                Activation(self, function, entry, summary, top=len(self._open) == 1).run()
                if key not in self._hit or summary.size == before:
                    break
        finally:
            del self._open[key]
        self._hit.discard(key)
        if not self._hit:  # what rests on an unfinished answer is not kept
            self._known[key] = summary
        return summary

    def runs(self, function: FunctionRef) -> bool:
        """Whether a call of a function has led to the question that is being answered."""
        return any(open_ == function for open_, _ in self._open)

    def calls_itself(self, function: FunctionRef, call: int) -> bool:
        """Whether a call in a function is of that function, and of nothing else."""
        body = self.bodies.of(function)
        if body is None:
            return False
        called = Ref(function.module, function.index, body.function.values[call].args[0])
        things = self.values.describe(called)
        return all(isinstance(t, Made) and t.function == function for t in things)

    def comes_from_parameters(self, function: FunctionRef, value: int, other: str) -> bool:
        """Whether a value is made of a parameter of its function other than `other`."""
        body = self.bodies.of(function)
        if body is None:
            return False
        todo, seen = [value], {value}
        while todo:
            made = body.function.values[todo.pop()]
            if made.op == "param" and made.text != other:
                return True
            for argument in made.args:
                if argument >= 0 and argument not in seen:
                    seen.add(argument)
                    todo.append(argument)
        return False


class Activation(Stores, Calls):
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
        self.seen: dict[State, tuple[Steps, bool]] = {}
        self.todo: list[tuple[State, tuple[int, int] | None]] = []

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
        for start in starts:
            self.push(start, self.entry.where, self.entry.part, (), True)
        if self.entry.free:
            self._hand_inwards(self.function.captures.get(self.entry.name, -1), self.entry.name)
        while self.todo and len(self.seen) < _MOST_STATES:
            state, since = self.todo.pop()
            self._visit(state, since)

    def _starts(self) -> list[int]:
        ops = ("free",) if self.entry.free else ("param",)
        return [
            index
            for index, value in enumerate(self.function.values)
            if value.op in ops and value.text == self.entry.name
        ]

    # states

    def push(
        self,
        value: int,
        where: Where,
        part: bool,
        steps: Steps,
        sure: bool,
        since: tuple[int, int] | None = None,
    ) -> None:
        """The object sits there now: to be looked at, unless it is known already."""
        if len(where) > _LONGEST:
            self.lose("nested more than four deep", self.function.values[value].at)
            return
        if self.function.values[value].block not in self.assumed.blocks:
            return
        state = State(value, where, part)
        old = self.seen.get(state)
        if old is None or (sure and not old[1]):
            self.seen[state] = (steps, sure)
            self.todo.append((state, since))

    def _visit(self, state: State, since: tuple[int, int] | None) -> None:
        steps, sure = self.seen[state]
        values = self.function.values
        for user, position in self.body.users(state.value):
            made = values[user]
            if made.block not in self.assumed.blocks:
                continue
            if made.op in ("phi", "refine"):
                self._alias(state, user, position, steps, sure, since)
            elif since is None or self.body.follows(since, (made.block, user), set()):
                self._value(state, user, made, position, steps, sure)
        for use in self.body.effects(state.value):
            if use.block not in self.assumed.blocks:
                continue
            if since is None or self.body.follows(since, (use.block, use.effect.after), set()):
                self._effect(state, use, steps, sure)
        self._capture(state, steps, sure)

    def _alias(
        self,
        state: State,
        user: int,
        position: int,
        steps: Steps,
        sure: bool,
        since: tuple[int, int] | None,
    ) -> None:
        made = self.function.values[user]
        if made.op == "refine":
            if position:
                return
            itself = not state.where and not state.part
            if itself and not self.assumed.admits(user, self.shape):
                return
        self.push(user, state.where, state.part, steps, sure, since)

    # values that use the object's value

    def _value(
        self, state: State, user: int, made: Value, position: int, steps: Steps, sure: bool
    ) -> None:
        where, part = state.where, state.part
        op = made.op
        if op == "call":
            self.call(state, user, position, steps, sure)
        elif op == "attr":
            self._attribute(state, user, made, steps, sure)
        elif op in ("item", "elem") and position == 0:
            self._element(state, user, made, steps, sure)
        elif op in ("list", "tuple", "set", "dict"):
            self._display(state, user, made, position, steps, sure)
        elif op in ("listcomp", "setcomp", "dictcomp", "genexpr"):
            self.push(user, (ELEMENT, *where), part, steps, sure)
        elif op == "aug":
            self._augmented(state, user, made, position, steps, sure)
        elif op == "binop":
            self._spread(state, user, steps, sure)
        elif op == "await":
            if where[:1] == (AWAIT,):
                self.push(user, where[1:], part, steps, sure)
        elif op == "decorated" and position == 1:
            self.push(user, where, part, steps, sure)
        elif op == "enter" and (self.shape.iterator or where[:1] == (AWAIT,)):
            self.push(user, where[1:], part, steps, sure)
        elif op == "compare" and position == 1 and made.text in ("in", "not in"):
            self.use(state, "contains", made.args[0])
            if self.shape.iterator and not where and not part:
                self.change(state, f"used up by `{made.text}`", made.at, steps, sure)
        elif op in ("compare", "not"):
            self.use(state, "test", None)
        elif op not in ("more", "matches"):
            self.use(state, op, None)

    def use(self, state: State, kind: str, key: int | None) -> None:
        if not state.where and not state.part:
            self.summary.uses.add(Use(kind, key))

    def _attribute(self, state: State, user: int, made: Value, steps: Steps, sure: bool) -> None:
        where, part = state.where, state.part
        if where[:1] == (f".{made.text}",):
            self.push(user, where[1:], part, steps, sure)
            return
        self.read_property(state, user, made.text, steps, sure)
        called = False
        for call, position in self.body.users(user):
            if self.function.values[call].op == "call" and position == 0:
                called = True
                if self.function.values[call].block in self.assumed.blocks:
                    self.method(state, call, made.text, steps, sure)
        if where:
            return
        if part or self._is_field(made.text, called):
            self.push(user, (), True, steps, sure)
        elif not called or len(self.body.users(user)) > 1 or self.body.effects(user):
            self.method_handed_on(state, user, made, steps, sure)

    def _is_field(self, name: str, called: bool) -> bool:
        """Whether an attribute of the object is a piece of it, and no method."""
        if self.shape.of is None:
            return self.shape.kind not in _PLAIN and not called
        return not self.project.classes.find_method(self.shape.of, name).functions

    def key_of(self, index: int) -> str | None:
        """The constant that an index or key is; None: it may be any."""
        made = self.function.values[index]
        return made.text if made.op == "const" else None

    def _element(self, state: State, user: int, made: Value, steps: Steps, sure: bool) -> None:
        where, part = state.where, state.part
        if where:
            if made.text == "*" and is_element(where[0]):
                self.push(user, (ELEMENT, *where[1:]), part, steps, sure)
                return
            key = self.key_of(made.args[1]) if made.op == "item" else made.text or None
            if meets(where[0], key):
                self.push(user, where[1:], part, steps, sure)
            elif is_element(where[0]) and self._is_slice(made):
                self.push(user, (ELEMENT, *where[1:]), part, steps, sure)
            return
        if made.op == "item":
            self.use(state, "item", made.args[1])
            self.subscript(state, user, steps, sure)
        else:
            self.use(state, "iterated", None)
        if part or self.shape.inner:
            self.push(user, (ELEMENT,) if made.text == "*" else (), True, steps, sure)

    def _display(
        self, state: State, user: int, made: Value, position: int, steps: Steps, sure: bool
    ) -> None:
        starred = (
            made.args[position - 1] == -1
            if made.op == "dict"
            else made.text != "" and made.text.split(",")[position] == "*"
        )
        if starred:
            self._spread(state, user, steps, sure)
        elif made.op != "dict" or position % 2:
            self.use(state, "in a display", None)
            key = str(position)
            if made.op == "dict":
                key = self.key_of(made.args[position - 1]) or ""
            elif made.text or made.op == "set":
                key = ""
            self.push(user, (keyed(key or None), *state.where), state.part, steps, sure)

    def _is_slice(self, made: Value) -> bool:
        return made.op == "item" and self.function.values[made.args[1]].op == "slice"

    def _spread(self, state: State, user: int, steps: Steps, sure: bool) -> None:
        """The elements of the value, not itself, come into a new one."""
        self.use(state, "spread", None)
        if state.where and is_element(state.where[0]):
            self.push(user, (ELEMENT, *state.where[1:]), state.part, steps, sure)
        elif not state.where and (state.part or self.shape.inner):
            self.push(user, (ELEMENT,), True, steps, sure)

    def _augmented(
        self, state: State, user: int, made: Value, position: int, steps: Steps, sure: bool
    ) -> None:
        if position == 1:
            if state.where and is_element(state.where[0]):
                self.store(made.args[0], state.where, state.part, steps, sure, made.at)
            return
        if state.where:
            self.push(user, state.where, state.part, steps, sure)
            return
        kinds = self.kinds(state)
        if not kinds & _IN_PLACE:
            return
        if not (made.text in _NEEDS_CONTENT and self.stays_empty(state)):
            self.change(state, f"changed by `{made.text}=`", made.at, steps, sure)
        self.push(user, (), state.part, steps, sure)

    def kinds(self, state: State) -> set[str]:
        """The classes an object can have: what is assumed of it, or what its piece is."""
        if not state.part:
            return {self.shape.kind}
        return self.spelled_kinds(self.describe(state.value))

    def stays_empty(self, state: State) -> bool:
        """Whether there is nothing in the object that a change could take away."""
        return not state.part and self.shape.empty is True

    # effects that use the object's value

    def _effect(self, state: State, use: EffectUse, steps: Steps, sure: bool) -> None:
        effect, kind = use.effect, use.effect.kind
        itself = not state.where
        if kind in ("setattr", "delattr") and use.position == 0:
            if itself and (state.part or self.shape.kind not in _PLAIN):
                self.change(state, f"given a new `.{effect.text}`", effect.at, steps, sure)
        elif kind == "setattr":
            self.store(
                effect.args[0], (f".{effect.text}", *state.where), state.part, steps, sure, effect.at
            )
        elif kind in ("setitem", "delitem") and use.position == 0:
            if itself:
                self._item_changed(state, use, steps, sure)
        elif kind == "setitem" and use.position == 2:
            label = keyed(self.key_of(effect.args[1]))
            self.store(effect.args[0], (label, *state.where), state.part, steps, sure, effect.at)
        elif kind == "iter" and itself and not state.part and self.shape.iterator:
            self.change(state, "used up here", effect.at, steps, sure)
        elif kind in ("return", "yield"):
            self._given_back(state, use, steps, sure)
        elif kind == "bindglobal":
            self.leave(state, f"stored in the module's `{effect.text}`", effect.at, steps, sure)
        elif kind == "bindfree":
            self.into_enclosing(effect.text, state.where, state.part, steps, sure, effect.at)
        elif kind == "enter":
            self.entered(state, effect.args[0], effect.at, steps, sure)
        elif kind == "iter":
            self.use(state, "iterated", None)

    def _item_changed(self, state: State, use: EffectUse, steps: Steps, sure: bool) -> None:
        effect = use.effect
        if effect.kind == "delitem":
            self.use(state, "deleted", effect.args[1])
            if not self.stays_empty(state):
                self.change(state, "changed by `del` of an item", effect.at, steps, sure)
            return
        self.use(state, "setitem", effect.args[1])
        index = self.function.values[effect.args[1]]
        if self.stays_empty(state) and self.shape.kind == "list" and index.op != "slice":
            return  # an IndexError, not a change
        self.change(state, "changed by item assignment", effect.at, steps, sure)

    def _given_back(self, state: State, use: EffectUse, steps: Steps, sure: bool) -> None:
        effect = use.effect
        self.use(state, effect.kind, None)
        if self.top:
            word = "returned" if effect.kind == "return" else "yielded"
            if state.where:
                word += " inside another object"
            self.leave(state, word, effect.at, steps, sure)
            return
        where = state.where
        if effect.kind == "yield":
            where = (ELEMENT, *where)
        step = self.step(effect.at, f"{effect.kind}ed to the caller")
        key = (where, state.part)
        old = self.summary.exits.get(key)
        if old is None or (sure and not old.sure):
            self.summary.exits[key] = Exit(where, state.part, (*steps, step), sure)

    # closures

    def _capture(self, state: State, steps: Steps, sure: bool) -> None:
        """Functions made here see a variable that holds the object."""
        for name, bound in self.function.binds.items():
            for position, value in enumerate(bound):
                if value == state.value and self.ref.index:
                    self._captured(state, name, position, steps, sure)

    def _captured(
        self, state: State, name: str, position: int, steps: Steps, sure: bool
    ) -> None:
        for child in self.travel.bodies.capturing(self.ref, self.ref.index, name):
            for index, value in enumerate(self.function.values):
                if value.op == "func" and value.text == str(child):
                    if self._reaches(name, position, (value.block, index)):
                        self.use(state, "captured", None)
                        where = (closure(self.ref.module, child, name), *state.where)
                        self.push(index, where, state.part, steps, sure)
                        self._method_made(child, where, state.part, steps, sure)

    def _method_made(
        self, child: int, where: Where, part: bool, steps: Steps, sure: bool
    ) -> None:
        """A class made here has a method that sees the object: so do the class's instances."""
        owner = self.facts.functions[child].owner
        for index, value in enumerate(self.function.values):
            if owner >= 0 and value.op == "class" and value.text == str(owner):
                self.push(index, where, part, steps, sure)

    def _reaches(self, name: str, position: int, made: tuple[int, int]) -> bool:
        """Whether a binding of a name is what a closure made there sees, then or later."""
        places = self.function.bound_at[name]
        bound = places[position]
        if self.body.follows(made, bound, set()):
            return True
        killers = [place for place in places if place != bound]
        for block, after in killers:
            if block == bound[0] and after > bound[1]:
                if block != made[0] or after <= made[1]:
                    return False
            elif block == made[0] and after <= made[1] and block != bound[0]:
                return False
        blocks = {block for block, _ in killers} - {bound[0], made[0]}
        return self.body.follows(bound, made, blocks)

    def _hand_inwards(self, owner: int, name: str) -> None:
        """A closure inside this closure sees the same variable."""
        for child in self.travel.bodies.capturing(self.ref, owner, name):
            for index, value in enumerate(self.function.values):
                if value.op == "func" and value.text == str(child):
                    label = closure(self.ref.module, child, name)
                    self.push(index, (label, *self.entry.where), self.entry.part, (), True)

    # what is said of it

    def step(self, at: Span | None, message: str) -> Step:
        """A stop on the way, in this file."""
        return Step(self.path, at or self.function.at, message)

    def change(self, state: State, how: str, at: Span | None, steps: Steps, sure: bool) -> None:
        """The object, or a piece of it, is changed here."""
        text = how.replace("`.", "`") if how.startswith("given") else how
        step = self.step(at, f"{'a part of it is ' if state.part else ''}{text}")
        self.summary.event(Event("changed", how, (*steps, step), sure))

    def leave(self, state: State, how: str, at: Span | None, steps: Steps, sure: bool) -> None:
        """The object can be reached after the call; a piece of it that leaves is not it."""
        label = closure_in(state.where)
        if label is not None:
            self.closure_leaves(label, state, how, at, steps, sure)
        elif not state.part or self.shape.kind == "tuple":
            self.summary.event(Event("left", how, (*steps, self.step(at, how)), sure))

    def lose(self, cause: str, at: Span | None) -> None:
        """The object goes where nobody can follow."""
        self.summary.unknown.setdefault(cause, self.step(at, cause))


_PLAIN = frozenset({"list", "dict", "set", "bytearray", "tuple"})
