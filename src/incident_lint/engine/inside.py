"""Functions inside a function that see one of its values, and are only ever called there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple

from ..model.facts import Facts
from .body import Body

_LATER = frozenset({"async", "generator"})


class Inside(NamedTuple):
    """A call of such a function: where it is called, its index, and its value for the one seen."""

    call: int
    function: int
    seen_as: int


def called_inside(facts: Facts, index: int) -> Mapping[int, tuple[Inside, ...]]:
    """The values of a function that only such functions see, with the calls by which they do."""
    function = facts.functions[index]
    body: Body | None = None
    found: dict[int, tuple[Inside, ...]] = {}
    for name, values in function.binds.items() if index else ():
        if len(values) == 1:
            body = body or Body(function)
            calls = _calls(facts, body, index, name)
            if calls is not None:
                found[values[0]] = calls
    return found


def _calls(facts: Facts, body: Body, index: int, name: str) -> tuple[Inside, ...] | None:
    """The calls of the functions that see a name; None if one may be called elsewhere, or later,
    or rebinds it."""
    made: dict[str, list[int]] = defaultdict(list)
    for number, value in enumerate(body.function.values):
        if value.op == "func":
            made[value.text].append(number)
    bound = {value for values in body.function.binds.values() for value in values}
    found: list[Inside] = []
    for each, inner in enumerate(facts.functions):
        if inner.captures.get(name) != index:
            continue
        seen = [n for n, v in enumerate(inner.values) if v.op == "free" and v.text == name]
        rebinds = any(e.kind == "bindfree" for block in inner.blocks for e in block.effects)
        functions = made[str(each)]
        if inner.parent != index or inner.flags & _LATER or rebinds or not seen:
            return None
        if len(functions) != 1 or functions[0] in bound or body.effects(functions[0]):
            return None
        for call, position in body.users(functions[0]):
            if position or body.function.values[call].op != "call":
                return None
            found.append(Inside(call, each, seen[0]))
    return tuple(found)
