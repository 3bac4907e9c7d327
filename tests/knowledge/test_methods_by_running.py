"""Python is the judge: rows about methods are tried on the real containers, empty and filled."""

from __future__ import annotations

import array
import collections
import gc
import inspect
import io
import queue
import weakref
from collections.abc import Callable
from typing import Any

import pytest

from incident_lint.knowledge.catalogue import Catalogue, Row
from incident_lint.knowledge.paths import Path, parse

ROLES = ("mutates", "reads", "copies")


class Thing:
    """Something that can be an element and a key, is ordered and can be weakly referenced."""

    made = 0

    def __init__(self) -> None:
        Thing.made += 1
        self.number = Thing.made

    def __lt__(self, other: Thing) -> bool:
        return self.number < other.number


THING, OTHER, NEW = Thing(), Thing(), Thing()


def queue_of(*elements: object) -> queue.Queue[Any]:
    made: queue.Queue[Any] = queue.Queue()
    for element in elements:
        made.put(element)
    return made


def simple_queue_of(*elements: object) -> queue.SimpleQueue[Any]:
    made: queue.SimpleQueue[Any] = queue.SimpleQueue()
    for element in elements:
        made.put(element)
    return made


# Each constructor of the rows: the class, an empty instance, a filled one.
MAKE: dict[str, tuple[type, Callable[[], Any], Callable[[], Any]]] = {
    "list": (list, list, lambda: [OTHER, THING]),
    "dict": (dict, dict, lambda: {"a": THING, "b": OTHER}),
    "set": (set, set, lambda: {THING, OTHER}),
    "frozenset": (frozenset, frozenset, lambda: frozenset({THING})),
    "tuple": (tuple, tuple, lambda: (THING, OTHER)),
    "range": (range, lambda: range(0), lambda: range(3)),
    "str": (str, str, lambda: "ab c"),
    "bytes": (bytes, bytes, lambda: b"ab c"),
    "bytearray": (bytearray, bytearray, lambda: bytearray(b"cab")),
    "collections.deque": (
        collections.deque,
        collections.deque,
        lambda: collections.deque([THING, OTHER, OTHER]),
    ),
    "collections.OrderedDict": (
        collections.OrderedDict,
        collections.OrderedDict,
        lambda: collections.OrderedDict(a=THING, b=OTHER),
    ),
    "collections.defaultdict": (
        collections.defaultdict,
        lambda: collections.defaultdict(list),
        lambda: collections.defaultdict(list, a=THING, b=OTHER),
    ),
    "collections.Counter": (
        collections.Counter,
        collections.Counter,
        lambda: collections.Counter({"a": 2, "b": 1}),
    ),
    "collections.UserDict": (
        collections.UserDict,
        collections.UserDict,
        lambda: collections.UserDict(a=THING, b=OTHER),
    ),
    "collections.UserList": (
        collections.UserList,
        collections.UserList,
        lambda: collections.UserList([OTHER, THING]),
    ),
    "collections.ChainMap": (
        collections.ChainMap,
        collections.ChainMap,
        lambda: collections.ChainMap({"a": THING, "b": OTHER}),
    ),
    "weakref.WeakValueDictionary": (
        weakref.WeakValueDictionary,
        weakref.WeakValueDictionary,
        lambda: weakref.WeakValueDictionary({"a": THING, "b": OTHER}),
    ),
    "weakref.WeakSet": (weakref.WeakSet, weakref.WeakSet, lambda: weakref.WeakSet([THING, OTHER])),
    "array.array": (array.array, lambda: array.array("i"), lambda: array.array("i", [97, 1])),
    "queue.Queue": (queue.Queue, queue_of, lambda: queue_of(THING)),
    "queue.SimpleQueue": (queue.SimpleQueue, simple_queue_of, lambda: simple_queue_of(THING)),
    "io.StringIO": (io.StringIO, io.StringIO, lambda: io.StringIO("ab c")),
    "io.BytesIO": (io.BytesIO, io.BytesIO, lambda: io.BytesIO(b"ab c")),
}

TEXTS = ("str", "bytes", "bytearray")


def arguments(kind: str, method: str) -> tuple[Any, ...]:
    """What to call a method with, so that it does what it is for."""
    if kind in ("array.array", "bytearray") and method in ELEMENTS_AS_NUMBERS:
        return ELEMENTS_AS_NUMBERS[method]
    if kind in TEXTS:
        return ()
    if kind.startswith("io."):
        return STREAM_ARGUMENTS[kind].get(method, ())
    if kind == "collections.Counter" and method in COUNTER_ARGUMENTS:
        return COUNTER_ARGUMENTS[method]
    if "Dict" in kind or "dict" in kind or kind in ("collections.Counter", "collections.ChainMap"):
        return MAPPING_ARGUMENTS.get(method, ())
    if "et" in kind.rpartition(".")[2]:
        return SET_ARGUMENTS.get(method, ())
    if kind == "range":
        return (1,)
    return SEQUENCE_ARGUMENTS.get(method, ())


SEQUENCE_ARGUMENTS: dict[str, tuple[Any, ...]] = {
    "append": (NEW,),
    "appendleft": (NEW,),
    "insert": (0, NEW),
    "extend": ([NEW],),
    "extendleft": ([NEW],),
    "remove": (THING,),
    "index": (THING,),
    "count": (THING,),
    "put": (NEW,),
    "put_nowait": (NEW,),
    "get": (False,),
    "rotate": (1,),
    "__iadd__": ([NEW],),
    "__imul__": (2,),
    "__setitem__": (0, NEW),
    "__delitem__": (0,),
}
ELEMENTS_AS_NUMBERS: dict[str, tuple[Any, ...]] = {
    "append": (97,),
    "insert": (0, 97),
    "extend": ([97],),
    "fromlist": ([97],),
    "frombytes": (b"\0\0\0\0",),
    "remove": (97,),
    "index": (97,),
    "count": (97,),
    "resize": (9,),
    "__iadd__": (b"z",),
    "__imul__": (2,),
    "__setitem__": (0, 122),
    "__delitem__": (0,),
}
MAPPING_ARGUMENTS: dict[str, tuple[Any, ...]] = {
    "setdefault": ("new", NEW),
    "update": ({"new": NEW},),
    "subtract": ({"a": 1},),
    "get": ("a", NEW),
    "pop": ("a", NEW),
    "move_to_end": ("a",),
    "fromkeys": (["k"], NEW),
    "new_child": ({"k": NEW},),
    "__setitem__": ("new", NEW),
    "__delitem__": ("a",),
    "__ior__": ({"new": NEW},),
    "__getitem__": ("new",),
    "__missing__": ("new",),
}
COUNTER_ARGUMENTS: dict[str, tuple[Any, ...]] = dict.fromkeys(("update", "__ior__"), ({"new": 1},))
SET_ARGUMENTS: dict[str, tuple[Any, ...]] = {
    "add": (NEW,),
    "discard": (THING,),
    "remove": (THING,),
    **dict.fromkeys(
        [
            "difference",
            "difference_update",
            "intersection",
            "intersection_update",
            "isdisjoint",
            "issubset",
            "issuperset",
            "symmetric_difference",
            "symmetric_difference_update",
            "union",
            "update",
        ],
        ({THING, NEW},),
    ),
    **dict.fromkeys(("__iand__", "__ior__", "__isub__", "__ixor__"), ({THING, NEW},)),
}
STREAM_ARGUMENTS: dict[str, dict[str, tuple[Any, ...]]] = {
    "io.StringIO": {"write": ("new",), "writelines": (["new"],), "seek": (1,), "truncate": (1,)},
    "io.BytesIO": {
        "write": (b"new",),
        "writelines": ([b"new"],),
        "seek": (1,),
        "truncate": (1,),
        "readinto": (bytearray(2),),
    },
}

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


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue.load()


def path_of(kind: str, method: str) -> Path:
    (path,) = parse(f"{kind}().{method}()")
    return path


def rows_of(catalogue: Catalogue, kind: str, method: str) -> dict[str, Row]:
    path = path_of(kind, method)
    found = {role: catalogue.match(role, path) for role in ROLES}
    return {role: row for role, row in found.items() if row}


def methods(kind: str) -> list[str]:
    return [
        name
        for name in dir(MAKE[kind][0])
        if (not name.startswith("_") or name in SPECIAL) and callable(getattr(MAKE[kind][0], name))
    ]


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
    if f"{kind}().{method}()" not in UNTRIED
]


@pytest.mark.parametrize("kind", FULLY_KNOWN)
def test_a_row_speaks_of_every_public_method(catalogue: Catalogue, kind: str) -> None:
    public = [name for name in methods(kind) if not name.startswith("_")]
    assert [name for name in public if not rows_of(catalogue, kind, name)] == []


@pytest.mark.parametrize(("kind", "method"), CASES)
def test_rows_say_whether_a_method_changes_its_object(
    catalogue: Catalogue, kind: str, method: str
) -> None:
    found = rows_of(catalogue, kind, method)
    if not found:
        return
    _, empty, filled = MAKE[kind]
    mutates = found.get("mutates")
    assert changes(filled(), kind, method) == (mutates is not None)
    needs_content = mutates is not None and mutates.keys.get("needs_content", False)
    assert changes(empty(), kind, method) == (mutates is not None and not needs_content)


@pytest.mark.parametrize(("kind", "method"), CASES)
def test_rows_say_what_an_object_holds_on_to(catalogue: Catalogue, kind: str, method: str) -> None:
    row = rows_of(catalogue, kind, method).get("mutates")
    given = arguments(kind, method)
    if row is None or NEW not in flat(given):
        return
    receiver = MAKE[kind][2]()
    getattr(receiver, method)(*given)
    stored = [given[position] for position in row.keys.get("stores", []) if position != "**"]
    for position in row.keys.get("stores_elements_of", []):
        stored += flat([given[0 if position == "*" else position]])
    held = NEW in flat([contents(receiver)])
    assert held == (NEW in stored)


@pytest.mark.parametrize(("kind", "method"), CASES)
def test_rows_say_what_a_method_gives(catalogue: Catalogue, kind: str, method: str) -> None:
    receiver, given = MAKE[kind][2](), arguments(kind, method)
    elements = flat([contents(receiver)])
    rows = rows_of(catalogue, kind, method)
    if not rows or THING not in elements:
        return
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
def test_rows_say_which_argument_may_come_back(
    catalogue: Catalogue, kind: str, method: str
) -> None:
    assert getattr(MAKE[kind][1](), method)("missing", NEW) is NEW
    assert [row.keys["returns"] for row in rows_of(catalogue, kind, method).values()] == [[1]]


def changes(receiver: Any, kind: str, method: str) -> bool:
    before = state(receiver)
    try:
        getattr(receiver, method)(*arguments(kind, method))
    except (LookupError, ValueError, TypeError, queue.Empty, StopIteration):
        # Looked for what is not there: then nothing may have happened, as we are about to see.
        pass
    return state(receiver) != before


def state(receiver: Any) -> Any:
    """Everything of an object that a method might change."""
    if isinstance(receiver, io.StringIO | io.BytesIO):
        return receiver.closed or (receiver.getvalue(), receiver.tell())
    if isinstance(receiver, queue.Queue):
        return list(receiver.queue), receiver.unfinished_tasks
    if isinstance(receiver, queue.SimpleQueue):
        return receiver.qsize()
    return contents(receiver)


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
