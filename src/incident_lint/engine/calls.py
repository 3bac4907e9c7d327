"""Calls: the object is an argument, the receiver, or what a called closure sees."""

from __future__ import annotations

from collections.abc import Iterable

from ..knowledge.paths import CALL, Segment, parse, render
from ..model.facts import Function, Value
from ..model.source import Span
from .activation import Entry, State
from .classes import FunctionRef
from .row_effects import RowEffects, shape_path
from .summary import (
    AWAIT,
    ELEMENT,
    Event,
    Steps,
    Stored,
    Summary,
    Where,
    behind,
    closure_in,
)
from .things import Api, ClassThing, Instance, Made, Thing, Things


class Calls(RowEffects):
    """The part of an activation that follows the object into what is called."""

    def call(self, state: State, call: int, position: int, steps: Steps, sure: bool) -> None:
        """The object's value is the function (`position` 0) or an argument of a call."""
        made = self.function.values[call]
        if position == 0:
            self._called(state, call, made, steps, sure)
            return
        word = made.text.split(",")[position - 1] if made.text else ""
        if word == "*" or word == "**":
            self.use(state, "spread", None)
            if state.where[:1] != (ELEMENT,) and not self.shape.inner:
                if self.shape.iterator and not state.where:
                    return  # the `iter` effect has told it
                return
        else:
            self.use(state, "passed", call)
        for thing in self.describe(made.args[0]):
            self._passed(state, call, position, word, thing, steps, sure)

    def _passed(
        self,
        state: State,
        call: int,
        position: int,
        word: str,
        thing: Thing,
        steps: Steps,
        sure: bool,
    ) -> None:
        made = self.function.values[call]
        label = closure_in(state.where)
        if label is not None:
            self._closure_passed(label, state, call, thing, steps, sure)
        if isinstance(thing, Api):
            if word not in ("*", "**"):
                argument: int | str = word or position - 1
                self.by_rows(state, call, thing.path, argument, steps, sure)
            return
        name = self.spell(made.args[0])
        target = self.target(thing)
        if target is None:
            if isinstance(thing, ClassThing) and not self._takes_nothing(thing):
                self._into_fields(state, call, position, word, thing, steps, sure)
            elif label is None and not self._stored_by_name(state, call, position, word, steps):
                self.lose(f"passed to `{name}()`, which cannot be followed", made.at)
            return
        function = self.callee(target.function)
        if function is None:
            return
        parameters = self._parameters(function, target.bound, made, position, word, state.where)
        for parameter, where in parameters:
            step = self.step(made.at, f"passed to `{name}()` as `{parameter}`")
            entry = Entry(parameter, False, where, state.part, self.shape)
            self.into(target, call, entry, (*steps, step), sure)

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
        if "stub" in function.flags and function.name != "__init__":
            self.lose(f"passed to `{function.name}()`, whose body is elsewhere", None)
            return None
        return function

    def _takes_nothing(self, thing: ClassThing) -> bool:
        return not self.project.classes.facts(thing.ref).annotations

    def _into_fields(
        self,
        state: State,
        call: int,
        position: int,
        word: str,
        thing: ClassThing,
        steps: Steps,
        sure: bool,
    ) -> None:
        """A class without `__init__` that declares its fields (dataclass, NamedTuple ...)."""
        names = [
            name
            for entry in reversed(self.project.classes.order(thing.ref).classes)
            for name in self.project.classes.facts(entry).annotations
        ]
        fields = list(dict.fromkeys(names))
        name = word if word else fields[position - 1] if position <= len(fields) else ""
        if name in fields:
            step = self.step(self.function.values[call].at, f"kept as `.{name}` of a new object")
            self.push(call, (f".{name}", *state.where), state.part, (*steps, step), sure)

    def _parameters(
        self,
        function: Function,
        bound: bool,
        made: Value,
        position: int,
        word: str,
        where: Where,
    ) -> list[tuple[str, Where]]:
        """The parameters that an argument becomes, and where the object then sits in them."""
        named = [p for p in function.params if p.kind not in ("*", "**")]
        positional = [p for p in named if p.kind != "keyword-only"][bound:]
        rest = next((p.name for p in function.params if p.kind == "*"), None)
        others = next((p.name for p in function.params if p.kind == "**"), None)
        words = made.text.split(",") if made.text else [""] * (len(made.args) - 1)
        if word == "*":
            first = sum(1 for w in words[: position - 1] if w == "")
            found = [(p.name, where[1:]) for p in positional[first:] if where]
            return [*found, (rest, where)] if rest else found
        if word == "**":
            found = [(p.name, where[1:]) for p in named if where]
            return [*found, (others, where)] if others else found
        if word:
            if any(p.name == word and p.kind != "positional-only" for p in named):
                return [(word, where)]
            return [(others, (ELEMENT, *where))] if others else []
        if "*" in words[: position - 1]:
            return [(rest, (ELEMENT, *where))] if rest else []
        if position <= len(positional):
            return [(positional[position - 1].name, where)]
        return [(rest, (ELEMENT, *where))] if rest else []

    def into(self, target: Made, call: int, entry: Entry, steps: Steps, sure: bool) -> None:
        """Ask what a project function does to the object, and take the answer over."""
        function = self.callee(target.function)
        if function is None or not self._runs(function, call):
            return
        made = self.function.values[call]
        constants = self._constants(target, made, entry.name)
        entry = entry._replace(constants=constants, bindings=target.bindings)
        summary = self.travel.follow(target.function, entry)
        self.take_over(summary, target, call, steps, sure and target.sure)

    def _runs(self, function: Function, call: int) -> bool:
        """A generator that nobody iterates and a coroutine that nobody awaits did not run."""
        if not function.flags & {"generator", "async"}:
            return True
        if self.body.users(call):
            return True
        return any(
            use.effect.kind not in ("discard", "call") for use in self.body.effects(call)
        )

    def take_over(
        self, summary: Summary, target: Made, call: int, steps: Steps, sure: bool
    ) -> None:
        """What a callee does to the object is done by this function."""
        function = self.callee(target.function)
        if function is None:
            return
        made = self.function.values[call]
        for event in summary.events.values():
            self.summary.event(
                Event(event.kind, event.how, (*steps, *event.steps), sure and event.sure)
            )
        for cause, step in summary.unknown.items():
            self.summary.unknown.setdefault(cause, step if step.path else self.step(made.at, cause))
        for left in summary.exits.values():
            where = left.where
            if "async" in function.flags and "generator" not in function.flags:
                where = (AWAIT, *where)
            self.push(call, where, left.part, (*steps, *left.steps), sure and left.sure)
        for stored in summary.stores.values():
            if stored.parameter.startswith("nonlocal:"):
                self._into_variable(stored, steps, sure)
                continue
            for argument, before in self.arguments_for(call, target, stored.parameter):
                where = (*before, *stored.where)
                inner = (*steps, *stored.steps)
                if argument == call:
                    self.push(call, where, False, inner, sure and stored.sure)
                else:
                    self.store(argument, where, False, inner, sure and stored.sure, made.at)

    def _into_variable(self, stored: Stored, steps: Steps, sure: bool) -> None:
        """A function inside has put the object into a variable: of this function, or outside."""
        _, owner, name = stored.parameter.split(":")
        found = (*steps, *stored.steps)
        if int(owner) != self.ref.index:
            key = (stored.parameter, stored.where)
            kept = Stored(stored.parameter, stored.where, found, sure and stored.sure)
            self.summary.stores.setdefault(key, kept)
            return
        for index, value in enumerate(self.function.values):
            if value.op == "cell" and value.text == name:
                self.push(index, stored.where, False, found, sure and stored.sure)
        if stored.where:
            at = found[-1].span if found else None
            for bound in self.function.binds.get(name, ()):
                self.store(bound, stored.where, False, found, sure and stored.sure, at)

    def _stored_by_name(
        self, state: State, call: int, position: int, word: str, steps: Steps
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
            if row is not None and argument in row.keys.get("stores", ()):
                self.store(
                    function.args[0], (ELEMENT, *state.where), state.part, steps, False, made.at
                )
                return True
        return False

    # what happens without a call in the text

    def read_property(
        self, state: State, user: int, name: str, steps: Steps, sure: bool
    ) -> None:
        """`value.name` runs a property's getter, which sees the object in `value`."""
        if not state.where and (state.part or self.shape.of is None):
            return
        for thing in self._holders(state):
            if not isinstance(thing, Instance):
                continue
            for value in self.project.classes.attribute(thing.ref, name).values:
                for getter in self.travel.values.describe(value, ()):
                    if isinstance(getter, Made):
                        if self.project.classes.kind(getter.function) == "property":
                            at = self.function.values[user].at
                            self._implicit(getter, state, user, at, name, steps, sure)

    def entered(
        self, state: State, manager: int, at: Span, steps: Steps, sure: bool
    ) -> None:
        """`with value:` runs `__enter__` and `__exit__`, or what is below `@contextmanager`."""
        if not state.where and (state.part or self.shape.of is None):
            return
        results = [
            index
            for index, position in self.body.users(manager)
            if self.function.values[index].op == "enter"
        ]
        for thing in self._holders(state):
            for name in ("__enter__", "__exit__", "__aenter__", "__aexit__"):
                methods = (
                    self.project.classes.find_method(thing.ref, name).functions
                    if isinstance(thing, Instance)
                    else ()
                )
                for method in methods:
                    result = results[0] if results and name.endswith("enter__") else None
                    self._implicit(Made(method, True), state, result, at, name, steps, sure)

    def _holders(self, state: State) -> Things:
        if not state.where and self.shape.of is not None:
            return (Instance(self.shape.of),)
        return self.describe(state.value)

    def _implicit(
        self,
        target: Made,
        state: State,
        result: int | None,
        at: Span | None,
        name: str,
        steps: Steps,
        sure: bool,
    ) -> None:
        """A method runs whose only argument is the value in which the object sits."""
        function = self.callee(target.function)
        if function is None or not function.params:
            return
        step = self.step(at, f"`{name}` of it runs")
        entry = Entry(function.params[0].name, False, state.where, state.part, self.shape)
        summary = self.travel.follow(target.function, entry)
        found = (*steps, step)
        for event in summary.events.values():
            self.summary.event(
                Event(event.kind, event.how, (*found, *event.steps), sure and event.sure)
            )
        for left in summary.exits.values() if result is not None else ():
            assert result is not None
            self.push(result, left.where, left.part, (*found, *left.steps), sure and left.sure)

    def arguments_for(self, call: int, target: Made, parameter: str) -> Iterable[tuple[int, Where]]:
        """The values that become a parameter in a call, and where in it they sit; the call
        itself for the new object of a constructor."""
        function = self.callee(target.function)
        if function is None:
            return
        made = self.function.values[call]
        if target.bound and function.params and function.params[0].name == parameter:
            receiver = self.function.values[made.args[0]]
            if function.name == "__init__" and receiver.op != "attr":
                yield call, ()
            elif receiver.op == "attr":
                inner = self.function.values[receiver.args[0]]
                if function.name == "__init__" and inner.op == "call" and self._is_super(inner):
                    first = self.function.params[0].name if self.function.params else ""
                    for index, value in enumerate(self.function.values):
                        if value.op == "param" and value.text == first:
                            yield index, ()
                elif function.name == "__init__" and receiver.text != "__init__":
                    yield call, ()
                else:
                    yield receiver.args[0], ()
            return
        words = made.text.split(",") if made.text else [""] * (len(made.args) - 1)
        for position, word in enumerate(words, 1):
            if position >= len(made.args):
                break
            for name, where in self._parameters(function, target.bound, made, position, word, ()):
                if name == parameter:
                    yield made.args[position], where

    def _is_super(self, call: Value) -> bool:
        function = self.function.values[call.args[0]]
        return function.op == "builtin" and function.text == "super"

    def _constants(self, target: Made, made: Value, entry: str) -> tuple[tuple[str, str], ...]:
        """Which of the callee's parameters are constants in this call, defaults included."""
        words = made.text.split(",") if made.text else [""] * (len(made.args) - 1)
        module = self.project.module(target.function.module)
        if "*" in words or "**" in words or module is None:
            return ()
        function, bound = module.facts.functions[target.function.index], target.bound
        known: dict[str, str] = {}
        given: set[str] = {function.params[0].name} if bound and function.params else set()
        for position, word in enumerate(words[: len(made.args) - 1], 1):
            for name, where in self._parameters(function, bound, made, position, word, ()):
                given.add(name)
                shape = self.assumed.shape(made.args[position])
                if isinstance(shape, str) and not where:
                    known[name] = shape
        for param in function.params:
            if param.name not in given and param.default is not None:
                default = module.facts.functions[function.parent].values[param.default]
                if default.op == "const":
                    known[param.name] = default.text
        known.pop(entry, None)
        return tuple(sorted(known.items()))

    # receivers

    def method(self, state: State, call: int, name: str, steps: Steps, sure: bool) -> None:
        """`value.name(...)` is called, and the object sits in `value`."""
        where = state.where
        if not where:
            self.use_method(state, call, name)
        if not where and not state.part and self.shape.of is None:
            path = (*shape_path(self.shape), Segment("name", name))
            self.by_rows(state, call, path, "receiver", steps, sure)
            return
        if not where and not state.part and self.shape.of is not None:
            things: Things = (Instance(self.shape.of),)
        else:
            things = self.describe(state.value)
        for thing in things:
            self._method_of(thing, state, call, name, steps, sure)

    def _method_of(
        self, thing: Thing, state: State, call: int, name: str, steps: Steps, sure: bool
    ) -> None:
        made = self.function.values[call]
        if isinstance(thing, Api):
            self.by_rows(
                state, call, (*thing.path, Segment("name", name)), "receiver", steps, sure
            )
            return
        for member in self.travel.values.attribute(thing, name):
            if not isinstance(member, Made):
                continue
            function = self.callee(member.function)
            if function is None or not member.bound or not function.params:
                continue
            first = function.params[0].name
            step = self.step(made.at, f"`{name}()` of it is called")
            entry = Entry(first, False, state.where, state.part, self.shape)
            self.into(member, call, entry, (*steps, step), sure)

    def use_method(self, state: State, call: int, name: str) -> None:
        """Take note of `x.get(key)` and the like."""
        made = self.function.values[call]
        self.use(state, f".{name}", made.args[1] if len(made.args) > 1 else None)

    def method_handed_on(
        self, state: State, user: int, made: Value, steps: Steps, sure: bool
    ) -> None:
        """`x.append` itself is passed on or kept: whoever has it changes the object."""
        self.use(state, "handed on", None)
        path = (*shape_path(self.shape), Segment("name", made.text), CALL)
        row = self.project.catalogue.match("mutates", path)
        if row is None or (row.keys.get("needs_content") and self.stays_empty(state)):
            return
        if any(use.effect.kind == "discard" for use in self.body.effects(user)):
            return
        self.change(state, f"handed on with its `{made.text}`", made.at, steps, False)

    # closures

    def _called(self, state: State, call: int, made: Value, steps: Steps, sure: bool) -> None:
        if not state.where or closure_in(state.where[:1]) is None:
            return
        if self.function.values[state.value].op == "class" or any(
            isinstance(thing, ClassThing) for thing in self.describe(state.value)
        ):
            self.push(call, state.where, state.part, steps, sure)  # an instance sees it, too
            return
        module, index, name, free = behind(state.where[0])
        target = Made(FunctionRef(module, index))
        step = self.step(made.at, f"`{self.spell(made.args[0])}()` sees it as `{name}`")
        entry = Entry(name, free, state.where[1:], state.part, self.shape)
        self.into(target, call, entry, (*steps, step), sure)

    def _closure(self, label: str, state: State) -> Summary:
        module, index, name, free = behind(label)
        where = state.where[state.where.index(label) + 1 :]
        entry = Entry(name, free, where, state.part, self.shape)
        return self.travel.follow(FunctionRef(module, index), entry)

    def closure_leaves(
        self, label: str, state: State, how: str, at: Span | None, steps: Steps, sure: bool
    ) -> None:
        """A function that sees the object outlives the call: does it change it, or give it out?"""
        summary = self._closure(label, state)
        step = self.step(at, f"a function that sees it is {how}")
        for event in summary.events.values():
            self.summary.event(
                Event(event.kind, event.how, (*steps, step, *event.steps), sure and event.sure)
            )
        for left in summary.exits.values():
            if not left.part:
                inside = "handed out by a function that outlives the call"
                found = (*steps, step, *left.steps)
                self.summary.event(Event("left", inside, found, sure and left.sure))

    def _closure_passed(
        self, label: str, state: State, call: int, thing: Thing, steps: Steps, sure: bool
    ) -> None:
        """A function that sees the object is passed on: only what it changes counts."""
        if isinstance(thing, Made):
            return  # followed as an argument
        summary = self._closure(label, state)
        made = self.function.values[call]
        step = self.step(made.at, f"a function that sees it is passed to `{self.spell(made.args[0])}()`")
        for event in summary.events.values():
            if event.kind == "changed":
                found = (*steps, step, *event.steps)
                self.summary.event(Event(event.kind, event.how, found, sure and event.sure))

    def spelled_kinds(self, things: Things) -> set[str]:
        """The kinds of what a value can be, as shapes name them."""
        kinds = set()
        for thing in things:
            if isinstance(thing, Api):
                kinds.add(render(thing.path).removesuffix("()"))
            elif isinstance(thing, Instance):
                kinds.add("instance")
        return kinds
