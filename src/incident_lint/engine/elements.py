"""What an element of a container is: what a display shows that was put there."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from ..knowledge.paths import ITEM
from ..model.facts import Value
from .definitions import FunctionRef, Local, Ref, Unknown
from .thing import Api, Thing, Things

if TYPE_CHECKING:
    from .values import Values

_MOST = 200
"""Containers that are looked into for one answer."""
_OF_ELEMENTS = frozenset({"list", "tuple", "set", "listcomp", "setcomp", "genexpr"})
_COPIES = frozenset({"list", "tuple", "set", "sorted", "reversed", "iter"})

_Known: TypeAlias = "dict[tuple[Ref, str], list[Ref]]"
"""What has been found in containers on the way to one answer; a loop finds itself empty."""


class Elements:
    """The part of `Values` that looks into containers.

    `how` an element is taken is "item" (`x[...]`) or "elem" (met by iteration): of a dict that is
    a value or a key.
    """

    def __init__(self, values: Values) -> None:
        self._values = values
        self._names = values.project.names

    def describe(self, ref: Ref, value: Value) -> Things:
        """What `x[...]`, or a loop's variable over `x`, is."""
        container = ref.at(value.args[0])
        found = dict.fromkeys(self._values.all_of(self._parts(container, value.op, {})))
        for thing in () if found else self._values.describe(container):
            found[_element_of(thing)] = None
        return tuple(found)

    def _parts(self, ref: Ref, how: str, known: _Known) -> list[Ref]:
        """The values that lie in a container, where a display shows them."""
        asked = (ref, how)
        if asked in known or len(known) >= _MOST:
            return known.get(asked, [])
        found = known[asked] = []
        for definition in self._names.resolve(*ref):
            made = self._names.value(definition.ref) if isinstance(definition, Local) else None
            if isinstance(definition, Local) and made is not None:
                found += self._parts_of(definition.ref, made, how, known)
        known[asked] = list(dict.fromkeys(found))
        return known[asked]

    def _parts_of(self, ref: Ref, made: Value, how: str, known: _Known) -> list[Ref]:
        if made.op in _OF_ELEMENTS:
            return self._shown(ref, made, known)
        if made.op in ("dict", "dictcomp"):
            return self._paired(ref, made, how, known)
        if made.op in ("phi", "refine"):
            alternatives = made.args if made.op == "phi" else made.args[:1]
            parts = (self._parts(ref.at(value), how, known) for value in alternatives)
            return [part for some in parts for part in some]
        if made.op in ("item", "elem"):
            outer = self._parts(ref.at(made.args[0]), made.op, known)
            return [part for inner in outer for part in self._parts(inner, how, known)]
        if made.op == "param":
            return self._default_parts(ref, made, how, known)
        if made.op == "call":
            return self._copied_parts(ref, made, how, known)
        return []

    def _shown(self, ref: Ref, made: Value, known: _Known) -> list[Ref]:
        display = made.op in ("list", "tuple", "set")
        words = made.text.split(",") if display and made.text else [""] * len(made.args)
        found: list[Ref] = []
        for word, value in zip(words, made.args, strict=True):
            part = ref.at(value)
            found += self._parts(part, "elem", known) if word == "*" else [part]
        return found

    def _paired(self, ref: Ref, made: Value, how: str, known: _Known) -> list[Ref]:
        found: list[Ref] = []
        for key, value in zip(made.args[::2], made.args[1::2], strict=True):
            if key < 0:  # `**x`
                found += self._parts(ref.at(value), how, known)
            else:
                found.append(ref.at(key if how == "elem" else value))
        return found

    def _default_parts(self, ref: Ref, value: Value, how: str, known: _Known) -> list[Ref]:
        function = self._values.function(FunctionRef(ref.module, ref.function))
        for param in function.params:
            if param.name == value.text and param.default is not None:
                return self._parts(Ref(ref.module, function.parent, param.default), how, known)
        return []

    def _copied_parts(self, ref: Ref, value: Value, how: str, known: _Known) -> list[Ref]:
        """`x.copy()`, `list(x)`, `x.values()`: what lies in them is what lies in `x`."""
        function = self._names.value(ref.at(value.args[0]))
        if function is not None and function.op == "attr" and len(value.args) == 1:
            if function.text in ("copy", "values"):
                inner = "item" if function.text == "values" else how
                return self._parts(ref.at(function.args[0]), inner, known)
        if function is not None and function.op == "builtin" and len(value.args) == 2:
            if function.text in _COPIES or function.text == "dict":
                inner = how if function.text == "dict" else "elem"
                return self._parts(ref.at(value.args[1]), inner, known)
        return []


def _element_of(thing: Thing) -> Thing:
    if isinstance(thing, Api):
        return Api((*thing.path, ITEM))
    return Unknown("an element of a container")
