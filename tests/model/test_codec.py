"""Facts survive the way through bytes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incident_lint.model.codec import decode, encode
from incident_lint.model.facts import (
    Block,
    Class,
    Edge,
    Effect,
    Facts,
    Function,
    Param,
    Value,
)
from incident_lint.model.lower import lower
from incident_lint.model.source import Source, Span

_number = st.integers(-1, 5000)
_text = st.text(max_size=6)
_span = st.builds(Span, _number, _number, _number, _number)
_numbers = st.lists(_number, max_size=3).map(tuple)
_maybe = st.none() | _number
_pairs = st.lists(st.tuples(_number, _number), max_size=2).map(tuple)


def _tuples(of: st.SearchStrategy[object], most: int = 3) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(of, max_size=most).map(tuple)


def _named(of: st.SearchStrategy[object]) -> st.SearchStrategy[dict[str, object]]:
    return st.dictionaries(_text, of, max_size=2)


_value = st.builds(Value, _text, _numbers, _text, st.none() | _span, _number)
_effect = st.builds(Effect, _text, _numbers, _text, _span, _number)
_edge = st.builds(Edge, _number, _maybe, st.booleans())
_block = st.builds(Block, _tuples(_effect), _tuples(_edge), _maybe)
_function = st.builds(
    Function,
    name=_text,
    qualname=_text,
    at=_span,
    parent=_number,
    owner=_number,
    params=_tuples(st.builds(Param, _text, _text, _maybe, _maybe, _span, st.none() | _span)),
    decorators=_numbers,
    returns=_maybe,
    flags=st.frozensets(_text, max_size=2),
    values=_tuples(_value),
    blocks=_tuples(_block),
    captures=_named(_number),
    binds=_named(_numbers),
    bound_at=_named(_pairs),
)
_class = st.builds(
    Class,
    name=_text,
    qualname=_text,
    at=_span,
    parent=_number,
    bases=_numbers,
    keywords=_named(_number),
    decorators=_numbers,
    body=_named(_numbers),
    methods=_named(_numbers),
    fields=_named(_pairs),
    annotations=_named(_number),
)
_facts = st.builds(
    Facts,
    module=_text,
    is_package=st.booleans(),
    functions=_tuples(_function),
    classes=_tuples(_class, 2),
    stars=_tuples(_text),
    exports=st.none() | _tuples(_text),
    dynamic_exports=st.booleans(),
    rebound=_named(_pairs),
    typing_only=st.frozensets(_text, max_size=2),
    imports=_tuples(st.tuples(_text, _span)),
)


@settings(max_examples=60)
@given(_facts)
def test_any_facts_come_back(facts: Facts) -> None:
    back = decode(encode(facts))
    assert back == facts
    assert type(back.functions) is type(facts.functions)


def test_what_comes_back_has_the_types_of_facts() -> None:
    text = "class C(B):\n    x: int = 1\n    def f(self, a=[]):\n        self.y = a\n"
    facts = lower(Source("m.py", text), "m", False)
    back = decode(encode(facts))
    assert back == facts
    _same_types(back, facts)


def _same_types(left: object, right: object) -> None:
    assert type(left) is type(right)
    if isinstance(left, dict) and isinstance(right, dict):
        left, right = tuple(left.values()), tuple(right.values())
    if isinstance(left, tuple) and isinstance(right, tuple):
        for a, b in zip(left, right, strict=True):
            _same_types(a, b)


@pytest.mark.parametrize("wrong", [b"", b"{}", b"[]", b'{"columns": 1}', b'"facts"', b"\xff\n"])
def test_anything_else_is_an_error_that_can_be_caught(wrong: bytes) -> None:
    with pytest.raises((KeyError, IndexError, TypeError, ValueError)):
        decode(wrong)


def test_facts_that_end_early_are_an_error_that_can_be_caught() -> None:
    whole = encode(lower(Source("m.py", "def f(a):\n    return a + 300\n"), "m", False))
    for length in range(len(whole)):
        with pytest.raises((KeyError, IndexError, TypeError, ValueError)):
            decode(whole[:length])
