"""Python is the judge: rows about functions of the standard library are tried on real arguments."""

from __future__ import annotations

import contextlib
import copy
import functools
import gc
import importlib
import io
import itertools
import logging
import operator
import random
import struct
import weakref
from collections.abc import Callable
from typing import Any

import pytest
from real_arguments import (
    ARGUMENTS,
    CHANGING,
    INSTANCES,
    NEWER,
    REMEMBERS,
    UNTRIED,
    Box,
    Bytes,
    Items,
    Table,
    items,
    things,
)
from real_containers import NEW, OTHER, THING

from incident_lint.knowledge import roles, rows, rules
from incident_lint.knowledge.rows import Row


def test_every_function_that_a_row_speaks_of_exists_or_is_newer_than_this_python() -> None:
    tried = [row.text for row in function_rows("reads", "copies") if row.text not in UNTRIED]
    missing = {text for text in tried if resolve(text) is None}
    assert missing <= NEWER | {"typing.assert_type()", "typing.reveal_type()", "tomllib.loads()"}


@functools.cache
def function_rows(*wanted: str) -> list[Row]:
    known = roles.load(rules.folder())
    found = []
    for file in ("builtins.toml", "standard_library.toml"):
        for row in rows.load(rules.folder() / "common" / file, known, users=False):
            own = row.pattern[0].text not in CONTAINERS or row.pattern[1].kind == "name"
            own = own or len(row.pattern) == 2
            if row.role in wanted and own and not row.text.startswith(OTHERS):
                found.append(row)
    return found


CONTAINERS = ("list", "dict", "set", "frozenset", "tuple", "range", "str", "bytes", "bytearray")
OTHERS = ("random.Random()", "random.SystemRandom()", "smtplib.", "typing_extensions.")


def resolve(text: str) -> Callable[..., Any] | None:
    """The function that a path calls, if this Python has it."""
    for instance, make in INSTANCES.items():
        if text.startswith(instance + "."):
            return getattr(make(), text[len(instance) + 1 : -2], None)
    name = text.removesuffix("()")
    module, _, attribute = name.rpartition(".")
    while True:
        try:
            found = importlib.import_module(module or "builtins")
            function: Callable[..., Any] = operator.attrgetter(attribute)(found)
            return function
        except AttributeError:
            return None
        except ModuleNotFoundError:
            module, _, last = module.rpartition(".")
            attribute = f"{last}.{attribute}"


def trials(role: str, wanted: Callable[[Row], bool] = lambda row: True) -> list[Any]:
    return [
        pytest.param(row, id=row.text)
        for row in function_rows(role)
        if row.text not in UNTRIED and resolve(row.text) is not None and wanted(row)
    ]


def arguments(row: Row) -> tuple[Any, ...]:
    return ARGUMENTS.get(row.text, things if row.role == "copies" else items)()


def is_told_by_weak_reference(row: Row) -> bool:
    return isinstance(tracked(row, arguments(row)), Items | Table | Bytes)


def consumes(row: Row) -> bool:
    iterable = tracked(row, arguments(row))
    return row.keys.get("consumes", False) and not isinstance(iterable, dict | bytearray)


def gives_an_element(row: Row) -> bool:
    return row.keys.get("result") == "element" and row.text != "getattr()"


def tracked(row: Row, given: tuple[Any, ...]) -> Any:
    """The argument that the row is about: the last one that can change."""
    kinds = (list, dict, bytearray, set, tuple)
    return next((one for one in reversed(given) if isinstance(one, kinds)), given[0])


def call(row: Row, given: tuple[Any, ...]) -> Any:
    function = resolve(row.text)
    assert function is not None
    logging.getLogger().handlers[:] = [logging.NullHandler()]
    with contextlib.redirect_stdout(io.StringIO()):
        return function(*given)


@pytest.mark.parametrize("row", [*trials("reads"), *trials("copies")])
def test_a_function_that_reads_changes_nothing(row: Row) -> None:
    given = arguments(row)
    before = copy.copy(tracked(row, given))
    call(row, given)
    assert same(tracked(row, given), before)


@pytest.mark.parametrize("row", trials("reads", is_told_by_weak_reference))
def test_a_function_that_reads_keeps_nothing_but_in_a_view(row: Row) -> None:
    given = arguments(row)
    reference = weakref.ref(tracked(row, given))
    result = call(row, given)
    del given
    is_view = row.keys.get("result") == "view" or ("returns" in row.keys and result is reference())
    assert (reference() is not None) == (is_view or row.text in REMEMBERS)
    del result
    if reference():
        gc.collect()
    assert reference() is None


@pytest.mark.parametrize("row", [*trials("reads", consumes), *trials("copies", consumes)])
def test_what_consumes_leaves_nothing_in_an_iterator(row: Row) -> None:
    given = arguments(row)
    iterator = iter(tracked(row, given))
    call(row, tuple(iterator if one is tracked(row, given) else one for one in given))
    assert next(iterator, NEW) is NEW


@pytest.mark.parametrize("row", trials("copies"))
def test_a_copy_is_new_and_holds_the_elements_unless_it_is_deep(row: Row) -> None:
    given = arguments(row)
    result = call(row, given)
    assert result is not tracked(row, given)
    if tracked(row, given) == [OTHER, THING]:
        leaves = [leaf for one in result for leaf in (one if isinstance(one, tuple) else [one])]
        held = [leaf for leaf in leaves if leaf is OTHER or leaf is THING]
        assert bool(held) != row.keys.get("deep", False)


@pytest.mark.parametrize("row", trials("reads", gives_an_element))
def test_an_element_is_what_was_in_the_argument(row: Row) -> None:
    assert call(row, ARGUMENTS[row.text]()) in (THING, OTHER)


def same(left: Any, right: Any) -> bool:
    return bool(left is right or left == right)


def test_sums_minima_and_casts_may_give_an_argument_itself() -> None:
    start = Items()
    assert sum([], start) is start
    assert min([], default=start) is start
    assert max(start, [], key=len) is start
    assert dict.get({}, "missing", start) is start


def changing_rows() -> list[Row]:
    return [row for row in function_rows("mutates") if row.text != "anext()"]


def test_an_empty_argument_is_left_alone_by_what_needs_content() -> None:
    for row in changing_rows():
        empty, given = CHANGING[row.text](filled=False)
        assert changes(row, empty, given) == (not row.keys.get("needs_content", False)), row.text


def test_what_changes_its_argument_does() -> None:
    for row in changing_rows():
        filled, given = CHANGING[row.text](filled=True)
        assert changes(row, filled, given), row.text
        position = row.keys["argument"]
        assert given[position] is filled, row.text
        for stored in row.keys.get("stores", []):
            if stored != "**" and not isinstance(given[stored], int):
                assert any(one is given[stored] for one in held(filled)), row.text


def held(container: Any) -> list[Any]:
    if isinstance(container, dict):
        return list(container.values())
    return list(container) if hasattr(container, "__iter__") else list(vars(container).values())


def changes(row: Row, container: Any, given: tuple[Any, ...]) -> bool:
    before = state(container)
    with contextlib.suppress(LookupError, ValueError, TypeError, struct.error, AttributeError):
        resolve_mutator(row.text)(*given)
    return bool(state(container) != before)


def resolve_mutator(text: str) -> Callable[..., Any]:
    if text.startswith("struct.Struct()"):
        return struct.Struct("b").pack_into
    if text == "random.shuffle()":
        return random.Random(1).shuffle
    function = resolve(text)
    assert function is not None, text
    return function


def state(container: Any) -> Any:
    if hasattr(container, "__length_hint__"):
        return container.__length_hint__()
    return list(vars(container).items()) if isinstance(container, Box) else copy.copy(container)


def test_every_mutating_function_is_tried() -> None:
    assert {row.text for row in changing_rows()} == set(CHANGING)


def test_infinite_iterators_are_never_used_up() -> None:
    for endless in (itertools.count(), itertools.cycle([1]), itertools.repeat(1)):
        assert len(list(itertools.islice(endless, 1000))) == 1000
        assert next(endless, NEW) is not NEW
