"""Facts to plain data that JSON can carry, and back.

A module has tens of thousands of values and few distinct texts, spans and argument tuples. So
those are kept once each in tables, and values, effects, edges and blocks of all functions lie in
columns of table indices: small to write, and read back by `map` and `zip` without a Python-level
step per value. Reading also restores sharing, which keeps loaded facts small in memory.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from functools import partial
from itertools import chain, islice
from typing import Any, TypeVar

from .facts import Block, Class, Edge, Effect, Facts, Function, Param, Value
from .source import Span

_T = TypeVar("_T")


class _Table(dict[Hashable, int]):
    """Numbers distinct things in the order of their first use."""

    def __missing__(self, thing: Hashable) -> int:
        self[thing] = number = len(self)
        return number


def encode(facts: Facts) -> dict[str, Any]:
    """The facts as lists, numbers and texts; `decode(encode(facts)) == facts`."""
    texts, spans, args = _Table(), _Table(), _Table()
    values = list(chain.from_iterable(function.values for function in facts.functions))
    blocks = list(chain.from_iterable(function.blocks for function in facts.functions))
    effects = list(chain.from_iterable(block.effects for block in blocks))
    edges = list(chain.from_iterable(block.edges for block in blocks))
    plain: dict[str, Any] = {
        "module": facts.module,
        "is_package": facts.is_package,
        "values": [
            [texts[value.op] for value in values],
            [args[value.args] for value in values],
            [texts[value.text] for value in values],
            [spans[value.at] for value in values],
            [value.block for value in values],
        ],
        "effects": [
            [texts[effect.kind] for effect in effects],
            [args[effect.args] for effect in effects],
            [texts[effect.text] for effect in effects],
            [spans[effect.at] for effect in effects],
            [effect.after for effect in effects],
        ],
        "edges": [
            [edge.block for edge in edges],
            [edge.condition for edge in edges],
            [edge.outcome for edge in edges],
        ],
        "blocks": [
            [len(block.effects) for block in blocks],
            [len(block.edges) for block in blocks],
            [block.on_raise for block in blocks],
        ],
        "functions": [_function_row(function) for function in facts.functions],
        "classes": [list(a_class) for a_class in facts.classes],
        "stars": facts.stars,
        "exports": facts.exports,
        "dynamic_exports": facts.dynamic_exports,
        "rebound": facts.rebound,
        "typing_only": sorted(facts.typing_only),
        "imports": facts.imports,
    }
    plain["texts"] = list(texts)
    plain["args"] = list(args)
    plain["spans"] = list(spans)
    return plain


def decode(plain: dict[str, Any]) -> Facts:
    """Facts from what `encode` made, also after JSON has turned tuples into lists.

    Raises KeyError, IndexError, TypeError or ValueError if `plain` is anything else.
    """
    texts, args = plain["texts"], _tuples(plain["args"])
    spans = [span and Span(*span) for span in plain["spans"]]
    op, of, text, at, block = plain["values"]
    values = _rows(
        Value, _pick(texts, op), _pick(args, of), _pick(texts, text), _pick(spans, at), block
    )
    kind, of, text, at, after = plain["effects"]
    effects = _rows(
        Effect, _pick(texts, kind), _pick(args, of), _pick(texts, text), _pick(spans, at), after
    )
    n_effects, n_edges, on_raise = plain["blocks"]
    blocks = _rows(
        Block,
        _cut(effects, n_effects),
        _cut(_rows(Edge, *plain["edges"]), n_edges),
        on_raise,
    )
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


def _rows(kind: type[_T], *columns: Iterable[object]) -> Iterator[_T]:
    """Named tuples from columns; `tuple.__new__` skips the generated, interpreted constructor."""
    return map(partial(tuple.__new__, kind), zip(*columns, strict=True))  # type: ignore[type-var]


def _pick(table: Any, indices: list[int]) -> Iterator[Any]:
    return map(table.__getitem__, indices)


def _cut(rows: Iterator[_T], lengths: Iterable[int]) -> Iterator[tuple[_T, ...]]:
    return (tuple(islice(rows, length)) if length else () for length in lengths)


def _tuples(rows: Iterable[Iterable[Any]]) -> Any:
    return tuple(map(tuple, rows))


def _function_row(function: Function) -> list[Any]:
    row: list[Any] = list(function._replace(values=(), blocks=()))
    row[Function._fields.index("flags")] = sorted(function.flags)
    row[Function._fields.index("values")] = len(function.values)
    row[Function._fields.index("blocks")] = len(function.blocks)
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
        plain["bound_at"] = {name: _tuples(places) for name, places in plain["bound_at"].items()}
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
