"""The text of a constant, from its `repr` in facts, which cut long ones short."""

from __future__ import annotations

from ast import literal_eval

from ..model.facts import Value


def text_of(value: Value) -> str | None:
    """The text that a value is; None if it is no string, or one so long that facts cut it."""
    if value.op != "const" or value.text[:1] not in ("'", '"'):
        return None
    try:
        return str(literal_eval(value.text))
    except (SyntaxError, ValueError):
        return None
