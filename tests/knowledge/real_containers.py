"""Real containers of the standard library, empty and filled, and arguments for their methods."""

from __future__ import annotations

import array
import collections
import io
import queue
import weakref
from collections.abc import Callable
from typing import Any


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
