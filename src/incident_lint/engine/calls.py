"""Calls: the object is an argument of one, or the receiver of a method."""

from __future__ import annotations

from ..knowledge.paths import CALL, Segment, parse
from ..model.facts import Function, Value
from .activation import Entry, State, Trace
from .arguments import Arguments, parameters, words_of
from .constructors import constructor
from .definitions import FunctionRef
from .row_effects import RowEffects, among, shape_path
from .summary import (
    AWAIT,
    ELEMENT,
    Stored,
    Summary,
    Where,
    behind,
    closure_in,
    is_element,
)
from .thing import Api, ClassThing, Instance, Made, Thing, Things

_CALLS_IT = frozenset({"map", "filter", "sorted", "min", "max"})


class Calls(Arguments, RowEffects):
    """The part of an activation that follows the object into what is called."""

    def call(self, state: State, call: int, position: int, trace: Trace) -> None:
        """The object's value is an argument (from 1) of a call."""
        made = self.function.values[call]
        word = words_of(made)[position - 1]
        if word in ("*", "**"):
            self.use(state, "spread", None)
            if not (state.where and is_element(state.where[0])) and not self.shape.inner:
                return  # a copy of its elements; the `iter` effect tells of an iterator
        else:
            self.use(state, "passed", call)
        for thing in self.describe(made.args[0]):
            self._passed(state, call, position, word, thing, trace)

    def _passed(
        self, state: State, call: int, position: int, word: str, thing: Thing, trace: Trace
    ) -> None:
        made = self.function.values[call]
        label = closure_in(state.where)
        if label is not None and not isinstance(thing, Made):
            self.closure_passed(label, state, call, trace)
        if isinstance(thing, Api):
            if thing.path[0].text == "NoneType":
                return  # what a variable holds before it is set is not called
            if word not in ("*", "**"):
                self.by_rows(state, call, thing.path, word or position - 1, trace)
            return
        target = self.target(thing)
        if target is None:
            if isinstance(thing, ClassThing) and self._into_fields(
                state, call, position, thing, trace
            ):
                return
            if label is None and not self._stored_by_name(state, call, position, word, trace):
                name = self.spell(made.args[0])
                self.lose(f"passed to `{name}()`, which cannot be followed", made.at)
            return
        function = self.callee(target.function)
        if function is None:
            name = self.spell(made.args[0])
            self.lose(f"passed to `{name}()`, whose body is elsewhere", made.at)
            return
        found = parameters(function, target.bound, words_of(made), position, state.where)
        for parameter, where in found:
            name = self.spell(made.args[0])
            step = self.step(made.at, f"passed to `{name}()` as `{parameter}`")
            entry = Entry(parameter, False, where, state.part, self.piece(state, trace))
            self.into(target, call, entry, trace.then(step))

    def target(self, thing: Thing) -> Made | None:
        """The project function that runs when something is called."""
        if isinstance(thing, Made):
            return thing
        if isinstance(thing, ClassThing):
            methods = self.project.classes.find_method(thing.ref, "__init__").functions
            return Made(methods[0], True) if methods else None
        if isinstance(thing, Instance):
            methods = self.project.classes.find_method(thing.ref, "__call__").functions
            return Made(methods[0], True, bindings=thing.bindings) if methods else None
        return None

    def callee(self, ref: FunctionRef) -> Function | None:
        """A function of the project, unless what it does is not in its body."""
        module = self.project.module(ref.module)
        if module is None:
            return None
        function = module.facts.functions[ref.index]
        is_stub = "stub" in function.flags and function.name != "__init__"
        return None if is_stub else function

    def _into_fields(
        self, state: State, call: int, position: int, thing: ClassThing, trace: Trace
    ) -> bool:
        """A class that declares its constructor's parameters (dataclass, NamedTuple ...)."""
        made = constructor(self.project, thing.ref)
        if made is None or not made.fields:
            return False
        word = words_of(self.function.values[call])[position - 1]
        positional = [field for field in made.fields if not field.keyword_only]
        for place, field in enumerate(made.fields):
            if word == field.name or (not word and positional[position - 1 :][:1] == [field]):
                at = self.function.values[call].at
                found = trace.then(self.step(at, f"kept as `.{field.field}` of a new object"))
                self.push(call, (f".{field.field}", *state.where), state.part, found)
                if made.style == "namedtuple":
                    self.push(call, (f"[{place}]", *state.where), state.part, found)
        return True

    def into(self, target: Made, call: int, entry: Entry, trace: Trace, given: Where = ()) -> None:
        """Ask what a project function does to the object, and take the answer over; `given` is
        where in the call's result lies what the function gives back."""
        function = self.callee(target.function)
        if function is None or not self._runs(function, call):
            return
        constants, bindings = self.context(target, call, entry.name)
        entry = entry._replace(constants=constants, bindings=bindings)
        summary = self.travel.follow(target.function, entry)
        self.take_over(summary, target, call, trace.then(sure=target.sure), given)

    def _runs(self, function: Function, call: int) -> bool:
        """A generator that nobody iterates and a coroutine that nobody awaits did not run."""
        if not function.flags & {"generator", "async"}:
            return True
        todo, seen = [call], {call}
        while todo:
            value = todo.pop()
            uses = self.body.effects(value)
            if any(use.effect.kind not in ("discard", "call") for use in uses):
                return True
            for user, _ in self.body.users(value):
                made = self.function.values[user]
                if made.op in ("phi", "refine"):
                    if user not in seen:
                        seen.add(user)
                        todo.append(user)
                elif made.op != "attr" or made.text != "close":
                    return True
        return False

    def take_over(
        self, summary: Summary, target: Made, call: int, trace: Trace, given: Where = ()
    ) -> None:
        """What a callee does to the object is done by this function."""
        function = self.callee(target.function)
        if function is None:
            return
        made = self.function.values[call]
        self.take_events(summary, trace)
        self.summary.refilled |= summary.refilled
        # A function that calls itself adds to what is read here.
        for cause, step in list(summary.unknown.items()):
            self.summary.unknown.setdefault(cause, step if step.path else self.step(made.at, cause))
        for left in list(summary.exits.values()):
            where = left.where
            if "async" in function.flags and "generator" not in function.flags:
                where = (AWAIT, *where)
            found = trace.then(*left.steps, sure=left.sure)
            self.push(call, (*given, *where), left.part, found)
        for stored in list(summary.stores.values()):
            found = trace.then(*stored.steps, sure=stored.sure)
            if stored.parameter.startswith("nonlocal:"):
                self._into_variable(stored, found)
                continue
            for argument, before in self.arguments_for(call, target, stored.parameter):
                where = (*before, *stored.where)
                if argument == call:
                    self.push(call, where, stored.part, found)
                else:
                    self.store(argument, where, stored.part, found, made.at)

    def _into_variable(self, stored: Stored, trace: Trace) -> None:
        """A function inside has put the object into a variable: of this function, or outside."""
        _, owner, name = stored.parameter.split(":")
        if int(owner) != self.ref.index:
            self.summary.store(stored._replace(steps=trace.steps, sure=trace.sure))
            return
        for index, value in enumerate(self.function.values):
            if value.op == "cell" and value.text == name:
                self.push(index, stored.where, stored.part, trace)
        if stored.where:
            at = trace.steps[-1].span if trace.steps else None
            for bound in self.function.binds.get(name, ()):
                self.store(bound, stored.where, stored.part, trace, at)

    def _stored_by_name(
        self, state: State, call: int, position: int, word: str, trace: Trace
    ) -> bool:
        """`unknown.append(x)`: all that speaks for a container is the method's name."""
        made = self.function.values[call]
        function = self.function.values[made.args[0]]
        if function.op != "attr" or word in ("*", "**"):
            return False
        argument: int | str = word or position - 1
        for kind in ("list", "dict", "set"):
            path = (*parse(kind)[0], CALL, Segment("name", function.text), CALL)
            row = self.project.catalogue.match("mutates", path)
            if row is not None and among(argument, row.keys.get("stores", ())):
                where = (ELEMENT, *state.where)
                self.store(function.args[0], where, state.part, trace.then(sure=False), made.at)
                return True
        return False

    # receivers

    def method(self, state: State, call: int, name: str, trace: Trace) -> None:
        """`value.name(...)` is called, and the object sits in `value`."""
        made = self.function.values[call]
        if not state.where:
            self.use(state, f".{name}", made.args[1] if len(made.args) > 1 else None)
        for thing in self.holders(state, trace):
            if isinstance(thing, Api):
                path = (*thing.path, Segment("name", name))
                self.by_rows(state, call, path, "receiver", trace)
            else:
                self._method_of(thing, state, call, name, trace)

    def holders(self, state: State, trace: Trace) -> Things:
        """What the value is, in which the object sits."""
        if not state.where:
            shape = self.piece(state, trace)
            known: Thing = Api(shape_path(shape))
            return (Instance(shape.of) if shape.of is not None else known,)
        return tuple(t for t in self.describe(state.value) if isinstance(t, (Api, Instance)))

    def _method_of(self, thing: Thing, state: State, call: int, name: str, trace: Trace) -> None:
        made = self.function.values[call]
        members = self.travel.values.attribute(thing, name)
        for member in members:
            if isinstance(member, Api):  # of a base in a library
                if self.project.catalogue.matches((*member.path, CALL)):
                    self.by_rows(state, call, member.path, "receiver", trace)
                continue
            function = self.callee(member.function) if isinstance(member, Made) else None
            if not isinstance(member, Made) or function is None:
                continue
            if not member.bound or not function.params:
                continue
            step = self.step(made.at, f"`{name}()` of it is called")
            if self.sees(member.function, state.where):
                _, _, variable, free = behind(state.where[0])
                entry = Entry(variable, free, state.where[1:], state.part, self.piece(state, trace))
                self.into(member, call, entry, trace.then(step))
                continue
            first = function.params[0].name
            entry = Entry(first, False, state.where, state.part, self.piece(state, trace))
            self.into(member, call, entry, trace.then(step))

    def sees(self, function: FunctionRef, where: Where) -> bool:
        """Whether it is this function, a method of a class made here, that sees the object."""
        if closure_in(where[:1]) is None:
            return False
        module, index, _, _ = behind(where[0])
        return function == FunctionRef(module, index)

    def method_handed_on(self, state: State, user: int, made: Value, trace: Trace) -> None:
        """`x.append` itself is passed on or kept: whoever has it changes the object."""
        self.use(state, "handed on", None)
        path = (*shape_path(self.shape), Segment("name", made.text), CALL)
        row = self.project.catalogue.match("mutates", path)
        if row is None or (row.keys.get("needs_content") and self.stays_empty(state)):
            return
        uses = self.body.effects(user)
        if any(use.effect.kind == "discard" for use in uses):
            return
        how = f"handed on with its `{made.text}`"
        if any(use.effect.kind in ("return", "yield") for use in uses):
            self.leave(state, f"returned with its `{made.text}`", made.at, trace)
            return
        called = any(
            self._calls_arguments(call) for call, position in self.body.users(user) if position
        )
        self.change(state, how, made.at, trace.then(sure=called))

    def _calls_arguments(self, call: int) -> bool:
        """Whether a call is of something that calls the function that it is given."""
        made = self.function.values[call]
        if made.op != "call":
            return False
        function = self.function.values[made.args[0]]
        return function.op == "builtin" and function.text in _CALLS_IT
