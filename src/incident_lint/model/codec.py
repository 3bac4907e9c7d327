"""Facts to bytes, and back.

A module has tens of thousands of values and few distinct texts. So texts are kept once each in a
table, and values, effects, edges and blocks of all functions lie in columns of numbers, written and
read without a Python-level step per value. A line of JSON has all that is no number, and the types
and lengths of the columns; after it they follow as they lie in memory, in the smallest integers
that hold them. JSON's own lists of numbers take several times as long. Spans and arguments are
distinct nearly all: to look for those that are not takes longer than to write them all.
"""

from __future__ import annotations

import json
from array import array
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

_EVENT = 6
"""The number of columns that values take, and effects."""


class _Texts(defaultdict[str, int]):
    """Numbers distinct texts in the order of their first use."""

    def __init__(self) -> None:
        super().__init__(count().__next__)

    def column(self, texts: Iterable[str]) -> array[int]:
        """The numbers of texts."""
        return _pack(list(map(self.__getitem__, texts)))


def encode(facts: Facts) -> bytes:
    """The facts as bytes that a machine of the same byte order can read: `decode(encode(facts))`
    equals `facts`."""
    blocks = list(chain.from_iterable([function.blocks for function in facts.functions]))
    effects, edges, on_raise = _columns(blocks, 3)
    values = list(chain.from_iterable([function.values for function in facts.functions]))
    target, condition, outcome = _columns(chain.from_iterable(edges), 3)
    texts = _Texts()
    columns = [
        *_events(values, texts),
        *_events(list(chain.from_iterable(effects)), texts),
        _pack(target),
        _pack_maybe(condition),
        _pack(outcome),
        _pack(list(map(len, effects))),
        _pack(list(map(len, edges))),
        _pack_maybe(on_raise),
    ]
    plain = {
        "module": facts.module,
        "is_package": facts.is_package,
        "functions": [_function_row(function) for function in facts.functions],
        "classes": [list(a_class) for a_class in facts.classes],
        "stars": facts.stars,
        "exports": facts.exports,
        "dynamic_exports": facts.dynamic_exports,
        "rebound": facts.rebound,
        "typing_only": sorted(facts.typing_only),
        "imports": facts.imports,
        "texts": list(texts),
        "columns": [(column.typecode, len(column)) for column in columns],
    }
    head = json.dumps(plain, separators=(",", ":")).encode("ascii")
    return b"".join([head, b"\n", *columns])


def _events(rows: Sequence[Value] | Sequence[Effect], texts: _Texts) -> Iterator[array[int]]:
    """The columns of values or effects, which have the same kinds of fields."""
    kind, args, text, at, number = _columns(rows, 5)
    yield texts.column(kind)
    yield _pack(list(map(len, args)))
    yield _pack(list(chain.from_iterable(args)))
    yield texts.column(text)
    yield _pack(list(chain.from_iterable([span or _NOWHERE for span in at])))
    yield _pack(number)


def decode(data: bytes) -> Facts:
    """Facts from what `encode` made.

    Raises KeyError, IndexError, TypeError, ValueError or RecursionError if it is anything else.
    """
    head, _, rest = data.partition(b"\n")
    plain = json.loads(head)
    texts = plain["texts"]
    columns = _unpack(plain["columns"], rest)
    values = _rows(Value, *_fields(columns, texts))
    effects = _rows(Effect, *_fields(columns, texts))
    target, condition, outcome, n_effects, n_edges, on_raise = columns
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


def _fields(columns: Iterator[array[int]], texts: list[str]) -> Iterator[Iterable[Any]]:
    """The reverse of `_events`."""
    kind, lengths, args, text, at, number = islice(columns, _EVENT)
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


def _pack(numbers: list[int]) -> array[int]:
    """A column; None must be replaced before. Raises OverflowError for what no source can have."""
    for code in "bh":
        try:
            return array(code, numbers)
        except OverflowError:
            pass
    return array("i", numbers)


def _pack_maybe(numbers: Iterable[int | None]) -> array[int]:
    return _pack([_NOTHING if number is None else number for number in numbers])


def _unpack(types: Iterable[tuple[str, int]], data: bytes) -> Iterator[array[int]]:
    start = 0
    for code, length in types:
        column = array(code)
        end = start + length * column.itemsize
        column.frombytes(data[start:end])
        if len(column) != length:
            raise ValueError("a column is too short")
        yield column
        start = end


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
