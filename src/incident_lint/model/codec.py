"""Facts to plain data that JSON can carry, and back.

A module has tens of thousands of values and few distinct texts. So texts are kept once each in a
table, and values, effects, edges and blocks of all functions lie in columns of numbers, written and
read without a Python-level step per value. A column is packed into the smallest integers that hold
it, in base64: JSON's own lists of numbers take several times as long. Spans and arguments are
distinct nearly all: to look for those that are not takes longer than to write them all.
"""

from __future__ import annotations

import struct
from base64 import b64decode, b64encode
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import chain, count, islice
from typing import Any, TypeVar

from .facts import Block, Class, Edge, Effect, Facts, Function, Param, Value
from .source import Span

_T = TypeVar("_T")

_NOTHING = -2
"""Stands for None in a column; no number in facts is below -1."""

_NOWHERE = (_NOTHING,) * 4

_FLAGS, _VALUES, _BLOCKS = map(Function._fields.index, ("flags", "values", "blocks"))

_SIZES = (("b", 1 << 7), ("h", 1 << 15), ("i", 1 << 31))
"""Formats of `struct`, and the number that is too large for them."""


class _Texts(defaultdict[str, int]):
    """Numbers distinct texts in the order of their first use."""

    def __init__(self) -> None:
        super().__init__(count().__next__)

    def column(self, texts: Iterable[str]) -> str:
        """The numbers of texts."""
        numbers = list(map(self.__getitem__, texts))
        return _pack(numbers, len(self))


def encode(facts: Facts) -> dict[str, Any]:
    """The facts as lists, numbers and texts; `decode(encode(facts)) == facts`."""
    blocks = list(chain.from_iterable([function.blocks for function in facts.functions]))
    effects, edges, on_raise = _columns(blocks, 3)
    values = list(chain.from_iterable([function.values for function in facts.functions]))
    target, condition, outcome = _columns(chain.from_iterable(edges), 3)
    texts = _Texts()
    return {
        "module": facts.module,
        "is_package": facts.is_package,
        "values": _events(values, texts),
        "effects": _events(list(chain.from_iterable(effects)), texts),
        "edges": [_pack(target), _pack_maybe(condition), _pack(outcome)],
        "blocks": [
            _pack(list(map(len, effects))),
            _pack(list(map(len, edges))),
            _pack_maybe(on_raise),
        ],
        "functions": [_function_row(function) for function in facts.functions],
        "classes": [list(a_class) for a_class in facts.classes],
        "stars": facts.stars,
        "exports": facts.exports,
        "dynamic_exports": facts.dynamic_exports,
        "rebound": facts.rebound,
        "typing_only": sorted(facts.typing_only),
        "imports": facts.imports,
        "texts": list(texts),
    }


def _events(rows: Sequence[Value] | Sequence[Effect], texts: _Texts) -> list[str]:
    """The columns of values or effects, which have the same kinds of fields."""
    kind, args, text, at, number = _columns(rows, 5)
    return [
        texts.column(kind),
        _pack(list(map(len, args))),
        _pack(list(chain.from_iterable(args))),
        texts.column(text),
        _pack(list(chain.from_iterable([span or _NOWHERE for span in at]))),
        _pack(number),
    ]


def decode(plain: dict[str, Any]) -> Facts:
    """Facts from what `encode` made, also after JSON has turned tuples into lists.

    Raises KeyError, IndexError, TypeError or ValueError if `plain` is anything else.
    """
    texts = plain["texts"]
    values = _rows(Value, *_fields(plain["values"], texts))
    effects = _rows(Effect, *_fields(plain["effects"], texts))
    n_effects, n_edges, on_raise = map(_unpack, plain["blocks"])
    target, condition, outcome = map(_unpack, plain["edges"])
    edges = _rows(Edge, target, _maybe(condition), map(bool, outcome))
    blocks = _rows(Block, _cut(effects, n_effects), _cut(edges, n_edges), _maybe(on_raise))
    return Facts(
        module=plain["module"],
        is_package=plain["is_package"],
        functions=tuple(_functions(plain["functions"], values, blocks)),
        classes=tuple(_class(row) for row in plain["classes"]),
        stars=tuple(plain["stars"]),
        exports=None if plain["exports"] is None else tuple(plain["exports"]),
        dynamic_exports=plain["dynamic_exports"],
        rebound={name: _tuples(pairs) for name, pairs in plain["rebound"].items()},
        typing_only=frozenset(plain["typing_only"]),
        imports=tuple((module, Span(*span)) for module, span in plain["imports"]),
    )


def _fields(columns: Sequence[str], texts: list[str]) -> Iterator[Iterable[Any]]:
    """The reverse of `_events`."""
    kind, lengths, args, text, at, number = map(_unpack, columns)
    yield map(texts.__getitem__, kind)
    yield _cut(iter(args), lengths)
    yield map(texts.__getitem__, text)
    yield _spans(at)
    yield number


def _rows(kind: type[_T], *columns: Iterable[object]) -> Iterator[_T]:
    """Named tuples from columns; `tuple.__new__` skips the generated, interpreted constructor."""
    return map(partial(tuple.__new__, kind), zip(*columns, strict=True))  # type: ignore[type-var]


def _columns(rows: Iterable[tuple[Any, ...]], width: int) -> list[list[Any]]:
    """The fields of rows, each as a list; `zip(*rows)` would make an iterator for every row."""
    fields = list(chain.from_iterable(rows))
    return [fields[number::width] for number in range(width)]


def _pack(numbers: Sequence[int], limit: int = 0) -> str:
    """A column as text: the format, then the numbers in little-endian order.

    `limit` is above all numbers, if it is known; else they are looked at. None is far below 0.
    """
    limit = limit or max(numbers, default=0) + 1
    code = next(code for code, above in _SIZES if limit <= above)
    return code + b64encode(struct.pack(f"<{len(numbers)}{code}", *numbers)).decode("ascii")


def _pack_maybe(numbers: Iterable[int | None]) -> str:
    return _pack([_NOTHING if number is None else number for number in numbers])


def _unpack(text: str) -> tuple[int, ...]:
    data = b64decode(text[1:])
    return struct.unpack(f"<{len(data) // struct.calcsize('<' + text[0])}{text[0]}", data)


def _maybe(numbers: Iterable[int]) -> Iterator[int | None]:
    return (None if number == _NOTHING else number for number in numbers)


def _spans(numbers: Iterable[int]) -> list[Span | None]:
    fields = [iter(numbers)] * 4
    return [None if span.line == _NOTHING else span for span in _rows(Span, *fields)]


def _cut(rows: Iterator[_T], lengths: Iterable[int]) -> Iterator[tuple[_T, ...]]:
    return (tuple(islice(rows, length)) if length else () for length in lengths)


def _tuples(rows: Iterable[Iterable[Any]]) -> Any:
    return tuple(map(tuple, rows))


def _function_row(function: Function) -> list[Any]:
    row: list[Any] = list(function)
    row[_FLAGS] = sorted(function.flags)
    row[_VALUES] = len(function.values)
    row[_BLOCKS] = len(function.blocks)
    return row


def _functions(
    rows: list[list[Any]], values: Iterator[Value], blocks: Iterator[Block]
) -> Iterator[Function]:
    for row in rows:
        plain = dict(zip(Function._fields, row, strict=True))
        plain["at"] = Span(*plain["at"])
        plain["params"] = tuple(_param(param) for param in plain["params"])
        plain["decorators"] = tuple(plain["decorators"])
        plain["flags"] = frozenset(plain["flags"])
        plain["values"] = tuple(islice(values, plain["values"]))
        plain["blocks"] = tuple(islice(blocks, plain["blocks"]))
        plain["binds"] = {name: tuple(bound) for name, bound in plain["binds"].items()}
        plain["bound_at"] = {name: _tuples(places) for name, places in plain["bound_at"].items()}
        yield Function(**plain)


def _param(row: list[Any]) -> Param:
    name, kind, default, annotation, at, default_at = row
    made = default_at and Span(*default_at)
    return Param(name, kind, default, annotation, Span(*at), made)


def _class(row: list[Any]) -> Class:
    plain = dict(zip(Class._fields, row, strict=True))
    plain["at"] = Span(*plain["at"])
    plain["bases"] = tuple(plain["bases"])
    plain["decorators"] = tuple(plain["decorators"])
    for by_name in ("body", "methods"):
        plain[by_name] = {name: tuple(found) for name, found in plain[by_name].items()}
    plain["fields"] = {name: _tuples(pairs) for name, pairs in plain["fields"].items()}
    return Class(**plain)
