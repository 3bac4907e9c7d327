"""Arguments for functions of the standard library, by the API path that calls them."""

from __future__ import annotations

import dataclasses
import importlib
import io
import logging
import sqlite3
import string
import sys
from collections.abc import Callable
from typing import Any

from real_containers import NEW, OTHER, THING


class Items(list[Any]):
    """A list that can be weakly referenced."""


class Table(dict[Any, Any]):
    """A dict that can be weakly referenced."""


@dataclasses.dataclass
class Plain:
    field: Any


class Bytes(bytearray):
    """A bytearray that can be weakly referenced."""


def items() -> tuple[Any, ...]:
    return (Items([3, 1, 2]),)


def words() -> tuple[Any, ...]:
    return (Items(["b", "a"]),)


def things() -> tuple[Any, ...]:
    return (Items([OTHER, THING]),)


def table() -> tuple[Any, ...]:
    return (Table(a=1),)


def raw() -> tuple[Any, ...]:
    return (Bytes(b"abcd"),)


def then(make: Callable[[], tuple[Any, ...]], *more: Any) -> Callable[[], tuple[Any, ...]]:
    return lambda: make() + more


def after(*first: Any, make: Callable[[], tuple[Any, ...]] = items) -> Callable[[], Any]:
    return lambda: first + make()


# What to call a function with, if not with a list of numbers.
ARGUMENTS: dict[str, Callable[[], tuple[Any, ...]]] = {
    "str.join()": after(",", make=words),
    "bytes.join()": lambda: (b",", Items([b"a"])),
    "bytearray.join()": lambda: (bytearray(b","), Items([b"a"])),
    "str.format()": after("{}"),
    "str.format_map()": after("{a}", make=table),
    "str.maketrans()": lambda: ({"a": "b"},),
    "any()": lambda: (Items([0, 0]),),
    "typing.assert_type()": then(items, list),
    "dict.get()": lambda: (Table(a=THING), "a"),
    "dict.items()": table,
    "dict.keys()": table,
    "dict.values()": table,
    "dict.copy()": table,
    "dict()": table,
    "dict.fromkeys()": words,
    "list.copy()": things,
    "set.copy()": lambda: ({THING},),
    "bytes()": raw,
    "bytearray()": raw,
    "isinstance()": then(items, list),
    "issubclass()": lambda: (Items, list),
    "hasattr()": then(items, "append"),
    "getattr()": then(items, "missing", 0),
    "hash()": lambda: ((THING,),),
    "min()": things,
    "max()": things,
    "memoryview()": raw,
    "map()": after(str),
    "filter()": after(None),
    "typing.cast()": after(list),
    "operator.getitem()": then(things, 0),
    "operator.contains()": then(items, 3),
    "operator.countOf()": then(items, 3),
    "operator.indexOf()": then(items, 3),
    "operator.length_hint()": items,
    "operator.not_()": items,
    "operator.truth()": items,
    "random.choice()": things,
    "random.sample()": then(things, 1),
    "random.choices()": things,
    "heapq.nlargest()": after(1, make=things),
    "heapq.nsmallest()": after(1, make=things),
    "fnmatch.filter()": then(words, "*"),
    "itertools.compress()": then(items, [1, 1, 1]),
    "itertools.islice()": then(items, 2),
    "itertools.batched()": then(items, 2),
    "itertools.combinations()": then(items, 2),
    "itertools.combinations_with_replacement()": then(items, 2),
    "itertools.dropwhile()": after(bool),
    "itertools.filterfalse()": after(bool),
    "itertools.starmap()": lambda: (max, Items([(1, 2)])),
    "itertools.takewhile()": after(bool),
    "itertools.chain.from_iterable()": lambda: (Items([[1]]),),
    "types.MappingProxyType()": table,
    "math.dist()": then(items, (1, 2, 3)),
    "math.sumprod()": then(items, (1, 2, 3)),
    "json.dump()": then(items, io.StringIO()),
    "pickle.dump()": then(items, io.BytesIO()),
    "marshal.dump()": lambda: ([1], io.BytesIO()),
    "marshal.dumps()": lambda: ([1],),
    "plistlib.dump()": then(words, io.BytesIO()),
    "os.path.commonpath()": words,
    "os.path.commonprefix()": words,
    "shlex.join()": words,
    "subprocess.run()": lambda: (Items([sys.executable, "-c", ""]),),
    "subprocess.call()": lambda: (Items([sys.executable, "-c", ""]),),
    "subprocess.check_call()": lambda: (Items([sys.executable, "-c", ""]),),
    "subprocess.check_output()": lambda: (Items([sys.executable, "-c", ""]),),
    "subprocess.list2cmdline()": words,
    "urllib.parse.urlencode()": table,
    "urllib.parse.urlunsplit()": lambda: (Items(["http", "example", "/", "", ""]),),
    "urllib.parse.urlunparse()": lambda: (Items(["http", "example", "/", "", "", ""]),),
    "base64.b64encode()": raw,
    "base64.urlsafe_b64encode()": raw,
    "binascii.hexlify()": raw,
    "zlib.compress()": raw,
    "zlib.crc32()": raw,
    "struct.pack()": after("0i0s", make=raw),
    "struct.unpack()": after("i", make=raw),
    "struct.unpack_from()": after("i", make=raw),
    "string.Template().substitute()": table,
    "string.Template().safe_substitute()": table,
    "csv.writer().writerow()": words,
    "csv.writer().writerows()": lambda: (Items([["a"]]),),
    "csv.DictWriter().writerow()": table,
    "csv.DictWriter().writerows()": lambda: (Items([{"a": 1}]),),
    "difflib.get_close_matches()": after("a", make=words),
    "email.utils.formataddr()": words,
    "email.utils.getaddresses()": words,
    "inspect.signature()": lambda: (quiet,),
    "sqlite3.connect().execute()": lambda: ("select ?", Items([1])),
    "sqlite3.connect().executemany()": lambda: ("insert into t values (?)", Items([(1,)])),
    "dataclasses.fields()": lambda: (Plain(1),),
    "dataclasses.replace()": lambda: (Plain(THING),),
    "dataclasses.asdict()": lambda: (Plain([1]),),
    "dataclasses.astuple()": lambda: (Plain([1]),),
    "copy.copy()": things,
    "copy.replace()": lambda: (Plain(THING),),
    "json.loads()": lambda: ("[[1]]",),
    "ast.literal_eval()": lambda: ("[[1]]",),
    "plistlib.loads()": lambda: (b'<plist version="1.0"><array/></plist>',),
    "tomllib.loads()": lambda: ("a = []",),
    "pickle.loads()": lambda: (b"]q\0.",),
    "marshal.loads()": lambda: (b"[\0\0\0\0",),
}
for name in ("lt", "le", "eq", "ne", "ge", "gt", "is_", "is_not"):
    ARGUMENTS[f"operator.{name}()"] = then(items, [1])
for name in ("bisect", "bisect_left", "bisect_right"):
    ARGUMENTS[f"bisect.{name}()"] = then(items, 2)
for name in ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "blake2b", "blake2s"):
    ARGUMENTS[f"hashlib.{name}()"] = raw
for name in ("debug", "info", "warning", "error", "exception", "critical"):
    ARGUMENTS[f"logging.Logger().{name}()"] = after("%s")
    ARGUMENTS[f"logging.LoggerAdapter().{name}()"] = after("%s")
    ARGUMENTS[f"logging.{name}()"] = after("%s")
for name in ("logging.", "logging.Logger().", "logging.LoggerAdapter()."):
    ARGUMENTS[f"{name}log()"] = after(40, "%s")

# What cannot be tried this way, and why.
UNTRIED = {
    **dict.fromkeys(
        [
            "int()",
            "float()",
            "complex()",
            "abs()",
            "round()",
            "divmod()",
            "pow()",
            "ord()",
            "chr()",
            "bin()",
            "oct()",
            "hex()",
            "range()",
            "bytes.fromhex()",
            "bytearray.fromhex()",
        ],
        "takes nothing that can change",
    ),
    **dict.fromkeys(["slice()"], "holds what it is given, and nobody hands out a slice"),
    **dict.fromkeys(
        [f"{m}.load()" for m in ("json", "pickle", "marshal", "plistlib", "tomllib")],
        "as loads, from a file",
    ),
    **dict.fromkeys(
        ["asyncio.create_subprocess_exec()", "asyncio.create_subprocess_shell()"], "as subprocess"
    ),
    **dict.fromkeys(
        [f"asyncio.{name}()" for name in ("wait_for", "shield", "create_task", "ensure_future")],
        "takes what can be awaited, in a running loop",
    ),
    "subprocess.Popen()": "as subprocess.run",
    "warnings.warn()": "takes text or a class",
    "typing.reveal_type()": "writes to the terminal",
    "logging.warn()": "deprecated name of warning",
    "logging.fatal()": "other name of critical",
    "logging.Logger().warn()": "deprecated name of warning",
    "logging.LoggerAdapter().warn()": "deprecated name of warning",
    "sqlite3.connect().cursor().execute()": "as the connection's",
    "sqlite3.connect().cursor().executemany()": "as the connection's",
}
NEWER = {"itertools.batched()", "math.sumprod()", "copy.replace()"}
# The result keeps the list it was given, as `args`, for people to read.
REMEMBERS = {"subprocess.run()"}
INSTANCES: dict[str, Callable[[], Any]] = {
    "logging.Logger()": lambda: quiet(logging.Logger("tried")),
    "logging.LoggerAdapter()": lambda: logging.LoggerAdapter(quiet(logging.Logger("tried")), {}),
    "string.Template()": lambda: string.Template("$a"),
    "csv.writer()": lambda: importlib.import_module("csv").writer(io.StringIO()),
    "csv.DictWriter()": lambda: importlib.import_module("csv").DictWriter(io.StringIO(), ["a"]),
    "json.JSONEncoder()": lambda: importlib.import_module("json").JSONEncoder(),
    "sqlite3.connect()": lambda: with_table(sqlite3.connect(":memory:")),
}


def quiet(logger: logging.Logger) -> logging.Logger:
    logger.addHandler(logging.NullHandler())
    return logger


def with_table(connection: sqlite3.Connection) -> sqlite3.Connection:
    connection.execute("create table t (a)")
    return connection


class Box:
    """An object with attributes."""


def changing(
    full: Callable[[], Any], *more: Any, position: int = 0, empty: Callable[[], Any] | None = None
) -> Callable[..., tuple[Any, tuple[Any, ...]]]:
    def make(filled: bool) -> tuple[Any, tuple[Any, ...]]:
        container = full() if filled else (empty or type(full()))()
        return container, (*more[:position], container, *more[position:])

    return make


def numbers() -> Any:
    return [3, 1, 2]


def box() -> Box:
    made = Box()
    made.__dict__["a"] = 1
    return made


CHANGING: dict[str, Callable[..., tuple[Any, tuple[Any, ...]]]] = {
    "list.append()": changing(numbers, NEW),
    "list.insert()": changing(numbers, 0, NEW),
    "list.extend()": changing(numbers, [NEW]),
    "list.__setitem__()": changing(numbers, 0, NEW),
    "list.pop()": changing(numbers),
    "list.remove()": changing(numbers, 1),
    "list.clear()": changing(numbers),
    "list.sort()": changing(numbers),
    "list.reverse()": changing(numbers),
    "list.__delitem__()": changing(numbers, 0),
    "dict.__setitem__()": changing(lambda: {"a": 1}, "b", NEW),
    "dict.update()": changing(lambda: {"a": 1}, {"b": NEW}),
    "dict.setdefault()": changing(lambda: {"a": 1}, "b", NEW),
    "dict.pop()": changing(lambda: {"a": 1}, "a", None),
    "dict.popitem()": changing(lambda: {"a": 1}),
    "dict.clear()": changing(lambda: {"a": 1}),
    "dict.__delitem__()": changing(lambda: {"a": 1}, "a"),
    "set.add()": changing(lambda: {1}, NEW),
    "set.update()": changing(lambda: {1}, [NEW]),
    "set.pop()": changing(lambda: {1}),
    "set.remove()": changing(lambda: {1}, 1),
    "set.discard()": changing(lambda: {1}, 1),
    "set.clear()": changing(lambda: {1}),
    "setattr()": changing(box, "b", NEW, empty=Box),
    "delattr()": changing(box, "a", empty=Box),
    "next()": changing(lambda: iter([1, 2]), empty=lambda: iter([1])),
    "heapq.heappush()": changing(numbers, 0),
    "heapq.heappop()": changing(numbers),
    "heapq.heapify()": changing(numbers),
    "heapq.heapreplace()": changing(numbers, 9),
    "heapq.heappushpop()": changing(numbers, 9),
    "random.shuffle()": changing(lambda: list(range(9))),
    "bisect.insort()": changing(lambda: [1, 3], 2),
    "bisect.insort_left()": changing(lambda: [1, 3], 2),
    "bisect.insort_right()": changing(lambda: [1, 3], 2),
    "operator.setitem()": changing(lambda: {"a": 1}, "b", NEW),
    "operator.delitem()": changing(lambda: {"a": 1}, "a"),
    "operator.iadd()": changing(numbers, [1]),
    "operator.iconcat()": changing(numbers, [1]),
    "operator.ior()": changing(lambda: {1}, {2}),
    "operator.ixor()": changing(lambda: {1}, {2}),
    "operator.iand()": changing(lambda: {1}, {2}),
    "operator.isub()": changing(lambda: {1}, {1}),
    "operator.imul()": changing(numbers, 2),
    "struct.pack_into()": changing(lambda: bytearray(2), "b", 0, 7, position=1),
    "struct.Struct().pack_into()": changing(lambda: bytearray(2), 0, 7),
}
