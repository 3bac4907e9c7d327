"""Which argument of a call becomes which parameter, and the other way round."""

from __future__ import annotations

from collections.abc import Iterable

from ..model.facts import Function, Param, Value
from .activation import Ground
from .summary import ELEMENT, Where, is_element, keyed
from .thing import Bindings, Made


def words_of(call: Value) -> list[str]:
    """How each argument is given: "" by position, its keyword, "*" or "**"."""
    return call.text.split(",") if call.text else [""] * (len(call.args) - 1)


def words_of_display(display: Value) -> list[str]:
    """How each element of a list, tuple or set display is written: "" or "*"."""
    return display.text.split(",") if display.text else [""] * len(display.args)


def argument(call: Value, which: int | str) -> int | None:
    """The value of an argument of a call, by its position from 0 or its keyword; None: there is
    none, or it hides behind a star."""
    words = words_of(call)
    if isinstance(which, int):
        if which < len(words) and not any(words[: which + 1]):
            return call.args[which + 1] if which + 1 < len(call.args) else None
        return None
    return call.args[words.index(which) + 1] if which in words else None


def parameters(
    function: Function, bound: int, words: list[str], position: int, where: Where
) -> list[tuple[str, Where]]:
    """The parameters that argument `position` (from 1) becomes, and where the object that sits
    at `where` in the argument then sits in them."""
    named = [p for p in function.params if p.kind not in ("*", "**")]
    positional = [p for p in named if p.kind != "keyword-only"][bound:]
    rest = next((p.name for p in function.params if p.kind == "*"), None)
    others = next((p.name for p in function.params if p.kind == "**"), None)
    word = words[position - 1]
    before = words[: position - 1]
    if word == "*":
        return _spread(positional, rest, sum(w == "" for w in before), where)
    if word == "**":
        return _spread_keywords(named, others, where)
    if word:
        if any(p.name == word and p.kind != "positional-only" for p in named):
            return [(word, where)]
        return [(others, (keyed(repr(word)), *where))] if others else []
    if "*" in before:
        return [(rest, (ELEMENT, *where))] if rest else []
    if position <= len(positional):
        return [(positional[position - 1].name, where)]
    index = position - 1 - len(positional)
    return [(rest, (keyed(str(index)), *where))] if rest else []


def _spread(
    positional: list[Param], rest: str | None, first: int, where: Where
) -> list[tuple[str, Where]]:
    """`f(*x)`: the element under a known index becomes one parameter, any other one of all."""
    if not where or not is_element(where[0]):
        return [(rest, where)] if rest else []
    index = where[0][1:-1]
    if index.isdigit():
        place = first + int(index)
        if place < len(positional):
            return [(positional[place].name, where[1:])]
        label = keyed(str(place - len(positional)))
        return [(rest, (label, *where[1:]))] if rest else []
    found = [(p.name, where[1:]) for p in positional[first:]]
    return [*found, (rest, (ELEMENT, *where[1:]))] if rest else found


def _spread_keywords(
    named: list[Param], others: str | None, where: Where
) -> list[tuple[str, Where]]:
    """`f(**x)`: what lies under a known key becomes the parameter of that name."""
    if not where or not is_element(where[0]):
        return [(others, where)] if others else []
    key = where[0][2:-2]
    found = [(p.name, where[1:]) for p in named if key in ("", p.name)]
    if (key and found) or not others:
        return found
    return [*found, (others, where)]


class Arguments(Ground):
    """The part of an activation that binds arguments."""

    def arguments_for(self, call: int, target: Made, parameter: str) -> Iterable[tuple[int, Where]]:
        """The values that become a parameter in a call, and where in it they sit; the call
        itself for the new object of a constructor."""
        function = self.callee(target.function)
        if function is None:
            return
        made = self.function.values[call]
        if target.bound and function.params and function.params[0].name == parameter:
            yield from self._receivers(call, function)
            return
        words = words_of(made)
        for position in range(1, min(len(words), len(made.args) - 1) + 1):
            for name, where in parameters(function, target.bound, words, position, ()):
                if name == parameter:
                    yield made.args[position], where

    def _receivers(self, call: int, function: Function) -> Iterable[tuple[int, Where]]:
        """What a method is called on."""
        receiver = self.function.values[self.function.values[call].args[0]]
        if function.name == "__init__" and (receiver.op != "attr" or receiver.text != "__init__"):
            yield call, ()
        elif receiver.op == "attr":
            inner = self.function.values[receiver.args[0]]
            if inner.op == "call" and self._is_super(inner):
                first = self.function.params[0].name if self.function.params else ""
                for index, value in enumerate(self.function.values):
                    if value.op == "param" and value.text == first:
                        yield index, ()
            else:
                yield receiver.args[0], ()

    def _is_super(self, call: Value) -> bool:
        function = self.function.values[call.args[0]]
        return function.op == "builtin" and function.text == "super"

    def context(
        self, target: Made, call: int, entry: str
    ) -> tuple[tuple[tuple[str, str], ...], Bindings]:
        """What is known of the callee's other parameters in this call: constants (defaults
        included), and which of them are functions that the callee calls."""
        made = self.function.values[call]
        words = words_of(made)
        module = self.project.module(target.function.module)
        if "*" in words or "**" in words or module is None:
            return (), target.bindings
        function, bound = module.facts.functions[target.function.index], target.bound
        body = self.travel.bodies.of(target.function)
        called = body.called if body is not None else frozenset()
        known: dict[str, str] = {}
        bindings = list(target.bindings)
        given: set[str] = {function.params[0].name} if bound and function.params else set()
        for position in range(1, min(len(words), len(made.args) - 1) + 1):
            for name, where in parameters(function, bound, words, position, ()):
                given.add(name)
                shape = self.assumed.shape(made.args[position])
                if isinstance(shape, str) and not where:
                    known[name] = shape
                if name in called and name != entry and not where:
                    things = self.describe(made.args[position])
                    if len(things) == 1 and isinstance(things[0], Made):
                        bindings.append((target.function, name, things[0]))
        for param in function.params:
            if param.name not in given and param.default is not None:
                default = module.facts.functions[function.parent].values[param.default]
                if default.op == "const":
                    known[param.name] = default.text
        known.pop(entry, None)
        return tuple(sorted(known.items())), tuple(bindings)
