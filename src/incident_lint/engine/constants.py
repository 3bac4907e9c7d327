"""The text of a constant, from its `repr` in facts, which cut long ones short."""

from __future__ import annotations

from ast import literal_eval

from ..model.facts import Value


def text_of(value: Value) -> str | None:
    """The text that a value is; None if it is no string nor bytes, or one so long that facts cut
    it."""
    if value.op != "const" or value.text.removeprefix("b")[:1] not in ("'", '"'):
        return None
    try:
        found = literal_eval(value.text)
        return found.decode("latin-1") if isinstance(found, bytes) else str(found)
    except (SyntaxError, ValueError):
        return None
