"""What the catalogue's rows say that a library call does to an object."""

from __future__ import annotations

from collections.abc import Iterable

from ..knowledge.catalogue import Row
from ..knowledge.paths import CALL, ITEM, Path, Segment, parse, render
from .activation import Entry, Ground, State, Trace
from .arguments import argument as argument_of
from .constants import text_of
from .shape import Shape
from .summary import ELEMENT, Where, is_element, keyed, partial
from .thing import Made


class RowEffects(Ground):
    """The part of an activation that follows the object into calls that only rows speak of."""

    def by_rows(
        self, state: State, call: int, path: Path, argument: int | str, trace: Trace
    ) -> None:
        """The object's value is an argument (a position from 0, a keyword, "receiver")."""
        if self._own_calls(state, call, path, argument, trace):
            return
        called = (*path, CALL)
        catalogue = self.project.catalogue
        row = catalogue.match("mutates", called)
        if row is not None:
            if _is(row.keys["argument"], argument):
                self._changed(state, call, row, path, trace)
            else:
                self._kept(state, call, row, path, argument, trace)
            self._given(state, call, row, argument, trace)
            return
        row = catalogue.match("copies", called)
        if row is not None:
            self._copied(state, call, row, path, argument, trace)
            return
        row = catalogue.match("reads", called) or catalogue.match("mutable-constructor", called)
        row = row or catalogue.match("immutable-constructor", called)
        if row is not None:
            self._consumed(state, call, row, path, trace)
            self._given(state, call, row, argument, trace)
            if among(argument, row.keys.get("stores", ())):
                self.push(call, (ELEMENT, *state.where), state.part, trace)
            return
        if argument != "receiver" or not state.where:
            name = render(path)
            self.lose(
                f"passed to `{name}()`, of which no row speaks"
                if argument != "receiver"
                else f"its `{path[-1].text}()` is called, of which no row speaks",
                self.function.values[call].at,
            )

    def subscript(self, state: State, user: int, trace: Trace) -> None:
        """`x[key]` of a class for which reading an item changes it (`defaultdict`)."""
        if state.part or self.shape.of is not None:
            return
        row = self.project.catalogue.match("mutates", (*shape_path(self.shape), ITEM))
        if row is not None and not (row.keys.get("needs_content") and self.stays_empty(state)):
            at = self.function.values[user].at
            self.change(state, "given a new item by reading one", at, trace)

    def row_roots(self, call: int, path: Path, place: Where) -> list[tuple[int, Where]]:
        """The arguments of a library call of which its result is a part, or which it is."""
        called = (*path, CALL)
        for role in ("mutates", "reads"):
            row = self.project.catalogue.match(role, called)
            if row is None:
                continue
            found = []
            for argument in row.keys.get("returns", ()):
                value = self.argument(call, argument)
                if value is not None:
                    found.append((value, place))
            if row.keys.get("result") in ("element", "view"):
                value = self.argument(call, self._subject(row))
                if value is not None:
                    found.append((value, (ELEMENT, *place)))
            return found
        return []

    def argument(self, call: int, argument: int | str) -> int | None:
        """The value of an argument of a call."""
        made = self.function.values[call]
        if argument == "receiver":
            function = self.function.values[made.args[0]]
            return function.args[0] if function.op == "attr" else None
        return argument_of(made, argument)

    def _subject(self, row: Row) -> int | str:
        """The argument of whose elements a row's `result` speaks."""
        if "argument" in row.keys:
            subject = row.keys["argument"]
        elif "of" in row.keys:
            subject = row.keys["of"]
        else:
            kinds = [segment.kind for segment in row.pattern]
            subject = "receiver" if "call" in kinds[:-1] or "item" in kinds else 0
        assert isinstance(subject, (int, str))
        return subject

    def _changed(self, state: State, call: int, row: Row, path: Path, trace: Trace) -> None:
        if state.where and path[-1].text == "update":
            self.summary.refilled.add(ELEMENT)
        if state.where or (row.keys.get("needs_content") and self.stays_empty(state)):
            return
        made = self.function.values[call]
        self.change(state, f"changed by `{path[-1].text}()`", made.at, trace)

    def _kept(
        self, state: State, call: int, row: Row, path: Path, argument: int | str, trace: Trace
    ) -> None:
        """Another argument than the changed one: it may be stored in that one."""
        self._consumed(state, call, row, path, trace)
        target = self.argument(call, row.keys["argument"])
        if target is None:
            return
        at = self.function.values[call].at
        if among(argument, row.keys.get("stores", ())):
            label = keyed(repr(argument)) if isinstance(argument, str) else ELEMENT
            self.store(target, (label, *state.where), state.part, trace, at)
        elif among(argument, row.keys.get("stores_elements_of", ())):
            if state.where and is_element(state.where[0]):
                where = (ELEMENT, *state.where[1:])
                self.store(target, where, state.part, trace, at)

    def _given(self, state: State, call: int, row: Row, argument: int | str, trace: Trace) -> None:
        """What the call gives: the argument itself, one of its elements, a view of them."""
        result = row.keys.get("result", "new")
        alone = len(self.function.values[call].args) == 2 and _is(self._subject(row), argument)
        if among(argument, row.keys.get("returns", ())) and not (alone and result != "new"):
            self.push(call, state.where, state.part, trace)  # `min(a, b)`, but not `min(a)`
        if result == "new" or not _is(self._subject(row), argument):
            return
        if state.where and is_element(state.where[0]):
            where = state.where[1:] if result == "element" else (ELEMENT, *state.where[1:])
            self.push(call, where, state.part, trace)
        elif result == "view" and self.shape.iterator and not state.where:
            self.push(call, (), state.part, trace)  # who goes through it uses both up
        elif not state.where and self.has_pieces(state):
            self.push_piece(call, () if result == "element" else (ELEMENT,), trace)

    def _copied(
        self, state: State, call: int, row: Row, path: Path, argument: int | str, trace: Trace
    ) -> None:
        self._consumed(state, call, row, path, trace)
        if among(argument, row.keys.get("stores", ())):
            self.push(call, (ELEMENT, *state.where), state.part, trace)
        if row.keys.get("deep"):
            return
        if state.where:
            if is_element(state.where[0]) or path[-1].text == "copy":
                self.push(call, state.where, state.part, trace)
        elif self.has_pieces(state) and not state.part:
            self.push_piece(call, (ELEMENT,), trace)

    def _consumed(self, state: State, call: int, row: Row, path: Path, trace: Trace) -> None:
        """An iterator that is gone through is used up."""
        if row.keys.get("consumes") and self.shape.iterator:
            if not state.where and not state.part:
                at = self.function.values[call].at
                self.change(state, f"used up by `{path[-1].text}()`", at, trace)

    def _own_calls(
        self, state: State, call: int, path: Path, argument: int | str, trace: Trace
    ) -> bool:
        """Calls of Python's own whose meaning no row can say: attributes by name, `partial`."""
        name = ".".join(segment.text for segment in path)
        if name == "setattr" and argument == 2:
            target, attribute = self.argument(call, 0), self._name(call)
            if target is not None and attribute is not None:
                at = self.function.values[call].at
                where = (f".{attribute}", *state.where)
                self.store(target, where, state.part, trace, at)
                return True
        elif name == "getattr" and argument == 0:
            attribute = self._name(call)
            if attribute is not None:
                made = self.function.values[call]
                self.attribute(state, call, made._replace(text=attribute), trace)
            return True
        elif name in ("functools.partial", "functools.partialmethod") and argument != 0:
            if not self._partial(state, call, argument, trace):
                self.push(call, (".args", *state.where), state.part, trace)
            return True
        elif name == "dict" and isinstance(argument, str):
            self.push(call, (f"['{argument}']", *state.where), state.part, trace)
            return True
        elif name == "types.SimpleNamespace" and isinstance(argument, str):
            self.push(call, (f".{argument}", *state.where), state.part, trace)
            return True
        elif name in ("map", "filter") and argument != 0:
            return self._mapped(state, call, trace)
        elif name in ("enumerate", "zip", "itertools.zip_longest", "itertools.product"):
            if state.where and is_element(state.where[0]):
                where = (ELEMENT, ELEMENT, *state.where[1:])
                self.push(call, where, state.part, trace)
                return True
        elif path[-1].text == "items" and argument == "receiver":
            if state.where and is_element(state.where[0]):
                where = (ELEMENT, "[1]", *state.where[1:])
                self.push(call, where, state.part, trace)
                return True
        return False

    def _mapped(self, state: State, call: int, trace: Trace) -> bool:
        """`map(f, xs)` calls `f` with the elements of `xs`."""
        function = self.argument(call, 0)
        if function is None or not state.where or not is_element(state.where[0]):
            return False
        for thing in self.describe(function):
            target = self.callee(thing.function) if isinstance(thing, Made) else None
            if isinstance(thing, Made) and target is not None and target.params[thing.bound :]:
                name = target.params[thing.bound].name
                step = self.step(self.function.values[call].at, f"passed to `{target.name}()`")
                entry = Entry(name, False, state.where[1:], state.part, self.shape)
                self.into(thing, call, entry, trace.then(step), (ELEMENT,))
        return False

    def _name(self, call: int) -> str | None:
        value = self.argument(call, 1)
        return None if value is None else text_of(self.function.values[value])

    def _partial(self, state: State, call: int, argument: int | str, trace: Trace) -> bool:
        """`partial(f, x)` sees the object as the parameter that it becomes."""
        target = self.argument(call, 0)
        if target is None:
            return False
        followed = False
        for thing in self.describe(target):
            module = self.project.module(thing.function.module) if isinstance(thing, Made) else None
            if not isinstance(thing, Made) or module is None:
                continue
            params = module.facts.functions[thing.function.index].params
            name = argument
            if isinstance(argument, int):
                positional = [p.name for p in params if p.kind.startswith("positional")]
                position = argument - 1 + thing.bound
                name = positional[position] if position < len(positional) else ""
            if name:
                label = partial(thing.function.module, thing.function.index, str(name))
                self.push(call, (label, *state.where), state.part, trace.then(sure=thing.sure))
                followed = True
        return followed


def shape_path(shape: Shape) -> Path:
    """The API path of an object of this shape."""
    if shape.kind == "instance":
        return (Segment("name", "object"), CALL)
    return (*parse(shape.kind)[0], CALL)


def among(argument: int | str, wanted: Iterable[int | str]) -> bool:
    """Whether an argument is one of those that a row names."""
    return any(_is(one, argument) for one in wanted)


def _is(wanted: int | str, argument: int | str) -> bool:
    """Whether a row's argument is the one in question; "*" is every positional one."""
    if wanted == "*":
        return isinstance(argument, int)
    if wanted == "**":
        return isinstance(argument, str) and argument != "receiver"
    return wanted == argument
