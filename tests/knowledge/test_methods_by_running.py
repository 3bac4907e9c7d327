"""Python is the judge: rows about methods are tried on the real containers, empty and filled."""

from __future__ import annotations

import contextlib
import gc
import inspect
import io
import queue
import weakref
from typing import Any

import pytest
from real_containers import MAKE, NEW, THING, Thing, arguments

from incident_lint.knowledge.catalogue import Catalogue, Row
from incident_lint.knowledge.paths import Path, parse

ROLES = ("mutates", "reads", "copies")


# What cannot be tried this way, and why.
UNTRIED = {
    "queue.Queue().join()": "waits for other threads",
    "collections.Counter().fromkeys()": "Python refuses to",
    "collections.ChainMap().new_child()": "holds the maps, not the chain",
    "array.array().fromunicode()": "only for arrays of characters",
    "array.array().tounicode()": "only for arrays of characters",
    "array.array().fromfile()": "needs a file",
    "array.array().tofile()": "needs a file",
}


CATALOGUE = Catalogue.load()


def path_of(kind: str, method: str) -> Path:
    (path,) = parse(f"{kind}().{method}()")
    return path


def rows_of(kind: str, method: str) -> dict[str, Row]:
    path = path_of(kind, method)
    found = {role: CATALOGUE.match(role, path) for role in ROLES}
    return {role: row for role, row in found.items() if row}


def methods(kind: str) -> list[str]:
    return [
        name
        for name in dir(MAKE[kind][0])
        if (not name.startswith("_") or name in SPECIAL) and callable(getattr(MAKE[kind][0], name))
    ]


def contents(receiver: Any) -> Any:
    if isinstance(receiver, queue.Queue):
        return list(receiver.queue)
    if isinstance(receiver, queue.SimpleQueue):
        held = []
        while not receiver.empty():
            held.append(receiver.get())
        for element in held:
            receiver.put(element)
        return held
    if hasattr(receiver, "items"):
        return list(receiver.items())
    if isinstance(receiver, set | frozenset | weakref.WeakSet):
        return sorted(receiver, key=id)
    return list(receiver) if hasattr(receiver, "__iter__") else receiver


def flat(values: Any) -> list[Any]:
    """The leaves of nested containers."""
    if isinstance(values, list | tuple | set | frozenset):
        return [leaf for value in values for leaf in flat(value)]
    if isinstance(values, dict):
        return flat(list(values.items()))
    return [values]


SPECIAL = {
    *("__setitem__", "__delitem__", "__iadd__", "__imul__", "__missing__"),
    *("__iand__", "__ior__", "__isub__", "__ixor__"),
}
FULLY_KNOWN = (
    *("list", "dict", "set", "frozenset", "tuple", "range", "str", "bytes", "bytearray"),
    *("collections.deque", "collections.OrderedDict", "collections.defaultdict"),
    "collections.Counter",
)
CASES = [
    (kind, method)
    for kind in MAKE
    for method in methods(kind)
    if f"{kind}().{method}()" not in UNTRIED and rows_of(kind, method)
]
# Those that give a new object to a method, and those of receivers that hold one.
STORING = [case for case in CASES if NEW in flat(arguments(*case)) and "mutates" in rows_of(*case)]
HOLDING = [case for case in CASES if THING in flat([contents(MAKE[case[0]][2]())])]


@pytest.mark.parametrize("kind", FULLY_KNOWN)
def test_a_row_speaks_of_every_public_method(kind: str) -> None:
    public = [name for name in methods(kind) if not name.startswith("_")]
    assert [name for name in public if not rows_of(kind, name)] == []


@pytest.mark.parametrize(("kind", "method"), CASES)
def test_rows_say_whether_a_method_changes_its_object(kind: str, method: str) -> None:
    found = rows_of(kind, method)
    _, empty, filled = MAKE[kind]
    mutates = found.get("mutates")
    assert changes(filled(), kind, method) == (mutates is not None)
    needs_content = mutates is not None and mutates.keys.get("needs_content", False)
    assert changes(empty(), kind, method) == (mutates is not None and not needs_content)


@pytest.mark.parametrize(("kind", "method"), STORING)
def test_rows_say_what_an_object_holds_on_to(kind: str, method: str) -> None:
    row = rows_of(kind, method)["mutates"]
    given = arguments(kind, method)
    receiver = MAKE[kind][2]()
    getattr(receiver, method)(*given)
    stored = [given[position] for position in row.keys.get("stores", []) if position != "**"]
    for position in row.keys.get("stores_elements_of", []):
        stored += flat([given[0 if position == "*" else position]])
    held = NEW in flat([contents(receiver)])
    assert held == (NEW in stored)


@pytest.mark.parametrize(("kind", "method"), HOLDING)
def test_rows_say_what_a_method_gives(kind: str, method: str) -> None:
    receiver, given = MAKE[kind][2](), arguments(kind, method)
    elements = flat([contents(receiver)])
    rows = rows_of(kind, method)
    result = getattr(receiver, method)(*given)
    returned = {word for row in rows.values() for word in row.keys.get("returns", [])}
    gives = {row.keys.get("result") for row in rows.values()}
    assert (result is receiver) == ("receiver" in returned)
    assert not isinstance(result, Thing) or "element" in gives or given.index(result) in returned
    assert ("view" in gives) == ("copies" not in rows and reaches(result, receiver))
    if "copies" in rows and "of" not in rows["copies"].keys:
        assert set(flat([contents(result)])) <= {*elements, *flat(given)}


@pytest.mark.parametrize("kind", ["dict", "collections.OrderedDict", "collections.UserDict"])
@pytest.mark.parametrize("method", ["get", "pop", "setdefault"])
def test_rows_say_which_argument_may_come_back(kind: str, method: str) -> None:
    assert getattr(MAKE[kind][1](), method)("missing", NEW) is NEW
    assert [row.keys["returns"] for row in rows_of(kind, method).values()] == [[1]]


def changes(receiver: Any, kind: str, method: str) -> bool:
    before = state(receiver)
    # It may look for what is not there; whether something happened all the same we see then.
    with contextlib.suppress(LookupError, ValueError, TypeError, queue.Empty):
        getattr(receiver, method)(*arguments(kind, method))
    return bool(state(receiver) != before)


def state(receiver: Any) -> Any:
    """Everything of an object that a method might change."""
    if isinstance(receiver, io.StringIO | io.BytesIO):
        return receiver.closed or (receiver.getvalue(), receiver.tell())
    if isinstance(receiver, queue.Queue):
        return list(receiver.queue), receiver.unfinished_tasks
    if isinstance(receiver, queue.SimpleQueue):
        return receiver.qsize()
    return contents(receiver)


def reaches(result: Any, held: Any) -> bool:
    """Whether an object keeps another one alive."""
    seen, todo = {id(result)}, [result]
    while todo:
        for referent in gc.get_referents(todo.pop()):
            if referent is held:
                return True
            if id(referent) not in seen and not inspect.isclass(referent) and len(seen) < 200:
                seen.add(id(referent))
                todo.append(referent)
    return False
