"""Stores: the object is put into another one; which one is asked backwards."""

from __future__ import annotations

from ..model.facts import Value
from ..model.source import Span
from .activation import Ground, State, Trace
from .classes import FunctionRef
from .summary import ELEMENT, Stored, Where, keyed
from .thing import Api, Made

_FRESH = frozenset({"list", "tuple", "set", "dict", "listcomp", "setcomp", "dictcomp", "genexpr"})
_FRESH |= {"func", "class", "exc", "binop", "decorated"}
_OF_MODULE = frozenset({"global", "from", "import", "builtin"})


class Stores(Ground):
    """The part of an activation that answers "into what is it stored?"."""

    def store(
        self,
        target: int,
        where: Where,
        part: bool,
        trace: Trace,
        at: Span | None,
    ) -> None:
        """The object is put at `where` into the value `target`, whatever else that is called."""
        text = self.spell(target) + "".join(
            "[...]" if label == ELEMENT else label for label in where[:1]
        )
        step = self.step(at, f"stored in `{text}`")
        seen: set[tuple[int, Where]] = set()
        todo = [(target, where)]
        while todo:
            value, place = todo.pop()
            if (value, place) in seen or len(place) > 6:
                continue
            seen.add((value, place))
            made = self.function.values[value]
            op = made.op
            if op == "phi":
                todo += [(v, place) for v in made.args]
            elif op in ("refine", "aug", "await", "enter"):
                todo.append((made.args[0], place))
            elif op == "attr":
                todo.append((made.args[0], (f".{made.text}", *place)))
            elif op in ("item", "elem"):
                key = self.key_of(made.args[1]) if op == "item" else made.text or None
                todo.append((made.args[0], (keyed(key), *place)))
            elif op == "cell":
                todo += [(v, place) for v in self.function.binds.get(made.text, ())]
            elif op == "param":
                self._into_parameter(value, place, part, trace.then(step), text)
            elif op in _OF_MODULE or self._is_class_of(made):
                how = f"stored in `{text}`, which outlives the call"
                self.leave(State(value, place, part), how, at, trace)
            elif op == "free":
                self.into_enclosing(made.text, place, part, trace.then(step), at)
            elif op == "call":
                todo += self._into_result(value, place, part, trace.then(step), at)
            elif op in _FRESH:
                self._into_fresh(value, place, part, trace.then(step), at)
            else:
                self.lose("stored in an object that cannot be followed", at)

    def _is_class_of(self, made: Value) -> bool:
        """`type(self)`, which outlives every call."""
        if made.op != "call" or len(made.args) != 2:
            return False
        function = self.function.values[made.args[0]]
        return function.op == "builtin" and function.text == "type"

    def _into_fresh(
        self, value: int, place: Where, part: bool, trace: Trace, at: Span | None
    ) -> None:
        self.push(value, place, part, trace._replace(since=self._place_of(at)))

    def _place_of(self, at: Span | None) -> tuple[int, int]:
        """Where in the function a statement of this span happens."""
        for index, block in enumerate(self.function.blocks):
            for effect in block.effects:
                if effect.at == at:
                    return index, effect.after
        return 0, 0

    def _into_parameter(
        self, value: int, place: Where, part: bool, trace: Trace, text: str
    ) -> None:
        name = self.function.values[value].text
        if name == self.entry.name and not self.entry.free and not place[1:] and self.top:
            return  # into itself
        if self.top:
            how = f"stored in `{text}`, which outlives the call"
            before = trace._replace(steps=trace.steps[:-1])
            self.leave(State(value, place, part), how, trace.steps[-1].span, before)
            if place[0].startswith(".") and not part:
                self.summary.kept.add((name, place))
            return
        self.summary.store(Stored(name, place, part, trace.steps, trace.sure))
        since = self._place_of(trace.steps[-1].span)
        self.push(value, place, part, trace._replace(since=since))

    def into_enclosing(
        self, name: str, where: Where, part: bool, trace: Trace, at: Span | None
    ) -> None:
        """The object comes into a variable of an enclosing function: of a call that still runs,
        which then has it, or of one that is over, as in what a decorator has made."""
        owner = self.function.captures.get(name, -1)
        if not self.travel.runs(FunctionRef(self.ref.module, owner)):
            how = f"stored in `{name}` of an enclosing function, which outlives the call"
            self.leave(State(0, where, part), how, at, trace)
        else:
            variable = f"nonlocal:{owner}:{name}"
            self.summary.store(Stored(variable, where, part, trace.steps, trace.sure))

    def _into_result(
        self, value: int, place: Where, part: bool, trace: Trace, at: Span | None
    ) -> list[tuple[int, Where]]:
        """A call's result: something that an argument holds, or something new."""
        made = self.function.values[value]
        deeper: list[tuple[int, Where]] = []
        fresh = False
        for thing in self.describe(made.args[0]):
            if isinstance(thing, Made):
                roots = self.roots(thing.function)
                for name, inner in roots:
                    for argument, before in self.arguments_for(value, thing, name):
                        deeper.append((argument, (*before, *inner, *place)))
                fresh = fresh or not roots
            elif isinstance(thing, Api):
                deeper += self.row_roots(value, thing.path, place)
                fresh = True
            else:
                fresh = True
        if fresh:
            self._into_fresh(value, place, part, trace, at)
        return deeper

    def roots(self, ref: FunctionRef) -> list[tuple[str, Where]]:
        """What a function gives back that a parameter holds: a getter's field, for example."""
        body = self.travel.bodies.of(ref)
        if body is None or body.function.flags & {"generator", "async"}:
            return []
        found: list[tuple[str, Where]] = []
        todo: list[tuple[int, Where]] = [
            (effect.args[0], ())
            for block in body.function.blocks
            for effect in block.effects
            if effect.kind == "return"
        ]
        seen = set(todo)
        while todo:
            value, place = todo.pop()
            made = body.function.values[value]
            further: list[tuple[int, Where]] = []
            if made.op == "phi":
                further = [(v, place) for v in made.args]
            elif made.op == "refine":
                further = [(made.args[0], place)]
            elif made.op == "attr":
                further = [(made.args[0], (f".{made.text}", *place))]
            elif made.op == "item":
                further = [(made.args[0], (ELEMENT, *place))]
            elif made.op == "param":
                found.append((made.text, place))
            for entry in further:
                if entry not in seen and len(entry[1]) < 4:
                    seen.add(entry)
                    todo.append(entry)
        return found

    def spell(self, value: int) -> str:
        """A value as its author wrote it, near enough for a message."""
        made = self.function.values[value]
        if made.op == "attr":
            return f"{self.spell(made.args[0])}.{made.text}"
        if made.op in ("item", "elem"):
            return f"{self.spell(made.args[0])}[...]"
        if made.op in ("refine", "aug", "await", "enter"):
            return self.spell(made.args[0])
        if made.op == "call":
            return f"{self.spell(made.args[0])}()"
        if made.op in ("param", "free", "global", "builtin", "cell"):
            return made.text
        if made.op == "from":
            return made.text.rpartition(":")[2]
        if made.op == "import":
            return made.text
        for name, values in self.function.binds.items():
            if value in values:
                return name
        return {"func": "the function", "class": "the class", "const": made.text}.get(
            made.op, "an object"
        )
