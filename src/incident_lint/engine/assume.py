"""What a condition is, if some values are known: which ways of a function can be gone.

The question of INC1 is not "may this list be changed?" but "may it be changed while it is still
the empty default?". A `Shape` is what is known of such an object; conditions are evaluated over
the value graph, and anything that is not surely true or false is None.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import TypeAlias

from ..model.facts import Function, Value
from .comparisons import BUILTINS, Comparisons, dotted
from .shape import Shape

Known: TypeAlias = Mapping[int, "Shape | str"]
"""What is assumed of values: a shape, or the text of a constant."""

_SAME_CONTENT = frozenset({"items", "keys", "values", "copy"})
_SAME_LENGTH = frozenset(
    {"list", "tuple", "set", "frozenset", "dict", "sorted", "enumerate", "reversed", "iter", "map"}
)


class Assumption(Comparisons):
    """Conditions of one function, evaluated under what is known of some of its values."""

    def __init__(self, function: Function, known: Known) -> None:
        self._values = function.values
        self._function = function
        self._known = known
        self._truths: dict[int, bool | None] = {}
        self._shapes: dict[int, Shape | str | None] = {}
        self._empties: dict[int, bool | None] = {}
        self.blocks = frozenset(range(len(function.blocks)))
        for _ in range(2):  # what cannot be reached bears on what conditions can be
            self.blocks = self._reachable()
            self._truths, self._shapes, self._empties = {}, {}, {}

    def knows(self, value: int) -> bool:
        """Whether something is assumed of a value."""
        return value in self._known

    def also(self, values: list[int], shape: Shape) -> Assumption:
        """The same, with more values known."""
        return Assumption(self._function, {**self._known, **dict.fromkeys(values, shape)})

    def _reachable(self) -> frozenset[int]:
        """The blocks that can be entered."""
        seen = {0}
        todo = [0]
        while todo:
            block = self._function.blocks[todo.pop()]
            targets = [] if block.on_raise is None else [block.on_raise]
            for edge in block.edges:
                if edge.condition is None or self.truth(edge.condition) in (None, edge.outcome):
                    targets.append(edge.block)
            for target in targets:
                if target not in seen:
                    seen.add(target)
                    todo.append(target)
        return frozenset(seen)

    def possible(self, value: int) -> bool:
        """Whether a value can be made at all: its block is entered, its condition holds."""
        made = self._values[value]
        if made.block not in self.blocks:
            return False
        while made.op == "refine":
            if self.truth(made.args[1]) is (made.text == "false"):
                return False
            made = self._values[made.args[0]]
        return True

    def admits(self, refined: int, known: Shape | str) -> bool:
        """Whether the object can be what a `refine` value stands for, were it that one's subject.

        It asks the condition about this very object, also where the variable may hold others.
        """
        made = self._values[refined]
        subject, condition = made.args
        assumed = {**self._known, subject: known}
        inner = Assumption.__new__(Assumption)
        inner._values, inner._function, inner._known = self._values, self._function, assumed
        inner._truths, inner._shapes, inner._empties = {}, {}, {}
        inner.blocks = self.blocks
        return inner.truth(condition) is not (made.text == "false")

    def truth(self, value: int) -> bool | None:
        """Whether a value is true."""
        if value not in self._truths:
            self._truths[value] = None  # a value that depends on itself: nobody can tell
            self._truths[value] = self._truth(value)
        return self._truths[value]

    def _truth(self, index: int) -> bool | None:
        known = self._known.get(index)
        if isinstance(known, str):
            return _constant_truth(known)
        if known is not None:
            if known.iterator:
                return True
            return None if known.empty is None else not known.empty
        value = self._values[index]
        op = value.op
        if op == "const":
            return _constant_truth(value.text)
        if op == "refine":
            inner = self.truth(value.args[0])
            if inner is None and value.args[0] == value.args[1]:
                return value.text == "true"
            return inner
        if op == "phi":
            answers = {self.truth(v) for v in value.args if self.possible(v)}
            return answers.pop() if len(answers) == 1 else None
        if op == "not":
            inner = self.truth(value.args[0])
            return None if inner is None else not inner
        if op in ("func", "class", "genexpr"):
            return True
        if op in ("list", "tuple", "set", "dict") and not value.text:
            return bool(value.args)
        if op == "more":
            empty = self.empty(value.args[0])
            return None if empty is None else not empty
        if op == "compare":
            return self._compare(value.text, *value.args)
        if op == "call":
            return self._call(index)
        if dotted(self._values, index) in _NEVER or value.text == "TYPE_CHECKING":
            return False
        if op == "matches":
            return self._matches(value.text, self.shape(value.args[0]))
        return None

    def shape(self, index: int) -> Shape | str | None:
        """What is known of a value: assumed of it, or of all that it can be."""
        if index not in self._shapes:
            self._shapes[index] = None
            self._shapes[index] = self._shape(index)
        return self._shapes[index]

    def _shape(self, index: int) -> Shape | str | None:
        known = self._known.get(index)
        if known is not None:
            return known
        value = self._values[index]
        if value.op == "const":
            return value.text
        if value.op == "refine":
            return self.shape(value.args[0])
        if value.op == "phi":
            shapes = {self.shape(v) for v in value.args if self.possible(v)}
            return shapes.pop() if len(shapes) == 1 else None
        return None

    def empty(self, index: int) -> bool | None:
        """Whether nothing would come out of a value, were it iterated."""
        if index not in self._empties:
            self._empties[index] = None
            self._empties[index] = self._empty(index)
        return self._empties[index]

    def _empty(self, index: int) -> bool | None:
        known = self.shape(index)
        if isinstance(known, Shape):
            return known.empty
        if isinstance(known, str):
            truth = _constant_truth(known)
            return None if truth is None else not truth
        value = self._values[index]
        if value.op in ("list", "tuple", "set", "dict") and not value.text:
            return not value.args
        if value.op == "phi":
            answers = {self.empty(v) for v in value.args if self.possible(v)}
            return answers.pop() if len(answers) == 1 else None
        if value.op == "refine":
            return self.empty(value.args[0])
        if value.op == "call" and value.args:
            return self._empty_call(value)
        if value.op in ("listcomp", "setcomp", "dictcomp", "genexpr") and value.args:
            made = self._values[value.args[0]].block
            return True if made not in self.blocks else None
        return None

    def _empty_call(self, value: Value) -> bool | None:
        """`x.items()`, `sorted(x)`: as empty as `x`."""
        function = self._values[value.args[0]]
        if function.op == "attr" and function.text in _SAME_CONTENT and len(value.args) == 1:
            return self.empty(function.args[0])
        if function.op == "builtin" and function.text in _SAME_LENGTH and len(value.args) > 1:
            return self.empty(value.args[-1 if function.text == "map" else 1])
        if function.op == "builtin" and len(value.args) == 1:
            return True if function.text in ("list", "tuple", "set", "frozenset", "dict") else None
        return None

    def _call(self, index: int) -> bool | None:
        value = self._values[index]
        function = self._values[value.args[0]]
        if function.op != "builtin" or len(value.args) < 2:
            empty = self.empty(index)
            return None if empty is None or function.op == "attr" else not empty
        argument = value.args[1]
        if function.text == "isinstance" and len(value.args) == 3:
            return self._isinstance(self.shape(argument), value.args[2])
        if function.text == "callable":
            known = self.shape(argument)
            return False if isinstance(known, Shape) and known.kind in BUILTINS else None
        if function.text in ("len", "bool"):
            empty = self.empty(argument) if function.text == "len" else None
            return self.truth(argument) if empty is None else not empty
        if function.text in ("any", "all"):
            empty = self.empty(argument)
            return (function.text == "all") if empty else None
        if function.text in ("list", "tuple", "set", "frozenset", "dict", "sorted"):
            empty = self.empty(argument)
            return None if empty is None else not empty
        return None


_NEVER = frozenset({"typing.TYPE_CHECKING", "typing_extensions.TYPE_CHECKING"})


def _constant_truth(text: str) -> bool | None:
    try:
        return bool(ast.literal_eval(text))
    except (SyntaxError, ValueError):
        return True if text else None  # a long string, cut
