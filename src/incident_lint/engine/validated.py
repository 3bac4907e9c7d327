"""Has anybody looked into a text before it is used: by a pattern, a look-up, a function?

Whether that look lets only harmless text through cannot be told, nor is a call that ends the
request known to (`abort(404)`): a test of the text that comes before it is used is enough. Its
length, its type and whether there is any are no tests of it.
"""

from __future__ import annotations

import re

from ..model.facts import Function
from .guards import same

_TELLS_NOTHING = frozenset(
    {"len", "isinstance", "bool", "str", "repr", "print", "hasattr", "callable", "type", "id"}
)
_TESTS = frozenset({"isalnum", "isalpha", "isdecimal", "isdigit", "isidentifier", "isnumeric"})
_WORDS = re.compile(r"valid|check|verify|ensure|assert|sanit|allow", re.IGNORECASE)
_SAME = frozenset({"display", "refine", "phi", "await"})
_DEEPEST = 8


def may_be_validated(function: Function, value: int, place: int) -> bool:
    """Whether the function may have made sure of a text (`value`) before another of its values
    (`place`) is made."""
    subjects = _roots(function, value)
    conditions = {
        edge.condition
        for block in function.blocks
        for edge in block.edges
        if edge.condition is not None and edge.condition < place
    }
    if any(_tests(function, condition, subjects, 0) for condition in conditions):
        return True
    return any(
        effect.kind == "discard"
        and effect.args[0] < place
        and _is_asked(function, effect.args[0], subjects)
        for block in function.blocks
        for effect in block.effects
    )


def _roots(function: Function, value: int) -> list[int]:
    """What a text is, behind what is known of it, and what it is read from."""
    found, todo = [value], [value]
    while todo:
        made = function.values[todo.pop()]
        inner = made.args[:1] if made.op in ("display", "refine", "await") else ()
        inner = made.args if made.op == "phi" else inner
        for part in inner:
            if part not in found:
                found.append(part)
                todo.append(part)
    return [each for each in found if function.values[each].op not in _SAME]


def _tests(function: Function, value: int, subjects: list[int], depth: int) -> bool:
    """Whether a condition comes from a call that was given one of the texts."""
    made = function.values[value]
    if depth > _DEEPEST:
        return False
    if made.op == "call":
        called = function.values[made.args[0]]
        if called.op == "attr":
            if called.text in _TESTS and _is_one(function, called.args[0], subjects):
                return True
        elif called.op == "builtin" and called.text in _TELLS_NOTHING:
            return False
        if any(_is_one(function, given, subjects) for given in made.args[1:]):
            return True
        return called.op == "attr" and _tests(function, called.args[0], subjects, depth + 1)
    if made.op in ("not", "refine", "await", "compare", "attr", "item", "elem", "phi"):
        return any(_tests(function, part, subjects, depth + 1) for part in made.args)
    return False


def _is_asked(function: Function, value: int, subjects: list[int]) -> bool:
    """`validate(text)`: a call that raises or ends the request, or so it is called."""
    while function.values[value].op == "await":
        value = function.values[value].args[0]
    made = function.values[value]
    if made.op != "call":
        return False
    name = function.values[made.args[0]].text.rpartition(":")[2]
    given = any(_is_one(function, each, subjects) for each in made.args[1:])
    return given and _WORDS.search(name) is not None


def _is_one(function: Function, value: int, subjects: list[int]) -> bool:
    roots = _roots(function, value)
    return any(same(function, root, subject) for root in roots for subject in subjects)
