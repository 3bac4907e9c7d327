"""Rows around the body: defaults, ways to write the parameter, kinds of function."""

from __future__ import annotations

from .rows import Default, Param, Place

_RECORDER = """class $H1:
    def __init__(self):
        self.entries = []
        self.count = 0

    def add(self, entry):
        self.entries.append(entry)

    def size(self):
        return len(self.entries)
"""
_BASE = """class $H2:
    def __init__(self):
        self.entries = []
        self.count = 0

    def add(self, entry):
        self.entries.append(entry)
        self.count += 1
"""
_HEIR = """class $H1($H2):
    def size(self):
        return len(self.entries)
"""

DEFAULTS = (
    Default("default.list", "[]", "list"),
    Default("default.list_filled", '["b", "c", "a", "d"]', "list", filled=True),
    Default("default.list_call", "list()", "list"),
    Default("default.list_generic", "list[str]()", "list"),
    Default("default.listcomp", '[letter for letter in "dabc"]', "list", filled=True),
    Default(
        "default.list_multiline",
        '[\n    "d",\n    "b",\n    "a",\n    "c",\n]',
        "list",
        filled=True,
    ),
    Default("default.dict", "{}", "dict"),
    Default("default.dict_filled", '{"a": "1", "b": "2"}', "dict", filled=True),
    Default("default.dict_call", "dict()", "dict"),
    Default("default.dict_keywords", 'dict(a="1")', "dict", filled=True),
    Default("default.dictcomp", '{letter: letter for letter in "ab"}', "dict", filled=True),
    Default(
        "default.ordered", "OrderedDict()", "dict", imports=("from collections import OrderedDict",)
    ),
    Default(
        "default.defaultdict",
        "defaultdict(str)",
        "dict",
        imports=("from collections import defaultdict",),
        gives="missing",
    ),
    Default("default.set", "set()", "set"),
    Default("default.set_filled", '{"a", "b"}', "set", filled=True),
    Default("default.setcomp", '{letter for letter in "ab"}', "set", filled=True),
    Default("default.bytes", "bytearray()", "bytes"),
    Default("default.bytes_filled", 'bytearray(b"ba")', "bytes", filled=True),
    Default("default.deque", "deque()", "deque", imports=("from collections import deque",)),
    Default(
        "default.deque_filled",
        'collections.deque(["b", "a"])',
        "deque",
        filled=True,
        imports=("import collections",),
    ),
    Default("default.instance", "$H1()", "object", support=(_RECORDER,)),
    Default("default.instance_inherited", "$H1()", "object", support=(_BASE, _HEIR)),
    Default(
        "default.factory", "$h1()", "list", opaque=True, support=("def $h1():\n    return []\n",)
    ),
    Default(
        "default.factory_filled",
        '$h1("a")',
        "dict",
        opaque=True,
        filled=True,
        support=("def $h1(letter):\n    made = {}\n    made[letter] = letter\n    return made\n",),
    ),
    Default("default.iterator", 'iter(["a", "b"])', "iter", filled=True),
    Default("default.genexp", '(letter for letter in "ab")', "iter", filled=True),
    Default("default.map", 'map(str.upper, ["a", "b"])', "iter", filled=True),
    Default("default.filter", 'filter(None, ["a", "", "b"])', "iter", filled=True),
    Default("default.in_tuple", '([], "x")', "list", opaque=True, reach="$v[0]"),
    Default("default.in_dict", '{"to": [], "cc": []}', "list", opaque=True, reach='$v["to"]'),
    Default("default.in_list", "[{}]", "dict", opaque=True, reach="$v[0]"),
    Default("default.conditional", "[] if __debug__ else None", "list"),
    Default(
        "default.named",
        "STANDARD",
        "list",
        filled=True,
        judge="changed",
        opaque=True,
        gives="shared",
        before='STANDARD = ["d", "b", "a", "c"]',
    ),
    Default(
        "default.named_dict",
        "STANDARD",
        "dict",
        filled=True,
        judge="changed",
        opaque=True,
        gives="shared",
        before='STANDARD = {"a": "1"}',
    ),
    Default(
        "default.named_class_level",
        "STANDARD",
        "dict",
        filled=True,
        judge="changed",
        opaque=True,
        gives="shared",
        within='STANDARD = {"a": "1"}',
    ),
    Default(
        "default.named_imported",
        "$K1",
        "list",
        filled=True,
        judge="changed",
        opaque=True,
        gives="shared",
        support=('$K1 = ["d", "b", "a", "c"]\n',),
    ),
    Default(
        "default.named_instance",
        "SHARED",
        "object",
        judge="never",
        support=(_RECORDER,),
        before="SHARED = $H1()",
    ),
    Default("default.tuple", '("a", "b")', "frozen", filled=True, judge="never"),
    Default("default.empty_tuple", "()", "frozen", judge="never"),
    Default("default.frozenset", "frozenset()", "frozen", judge="never"),
    Default(
        "default.proxy",
        "MappingProxyType({})",
        "frozen",
        judge="never",
        imports=("from types import MappingProxyType",),
    ),
    Default(
        "default.namedtuple",
        "$H1(1, 2)",
        "frozen",
        filled=True,
        judge="never",
        support=(
            "from typing import NamedTuple\n\n\n"
            "class $H1(NamedTuple):\n    low: int\n    high: int\n",
        ),
    ),
)

PARAMS = (
    Param("param.positional", "$p=$d"),
    Param("param.keyword_only", "*, $p=$d"),
    Param("param.after_args", "*rest, $p=$d"),
    Param("param.positional_only", "$p=$d, /"),
    Param("param.annotated", "$p: $k = $d"),
    Param("param.optional", "$p: $k | None = $d"),
    Param("param.keyword_annotated", "*, $p: $k = $d"),
    Param("param.read_only", "$p: $s = $d", only_changed=True),
)

_WRAPPER = """from functools import wraps


def $h1(function):
    @wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)

    return wrapper
"""
_DECORATOR_FACTORY = """import functools


def $h1(label):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            if not label:
                return None
            return function(*args, **kwargs)

        return wrapper

    return decorate
"""
_OPEN = "class $C$bases:\n$within    def __init__(self):\n$init\n\n"

PLACES = (
    Place("place.function", "def $f($params):\n$body", "plain"),
    Place("place.async", "async def $f($params):\n$body", "plain await"),
    Place("place.generator", "def $f($params):\n$body\n    yield $ready", "yield sync"),
    Place(
        "place.async_generator", "async def $f($params):\n$body\n    yield $ready", "yield await"
    ),
    Place("place.method", _OPEN + "    def $f(self, $params):\n$body", "plain method", "$C()"),
    Place(
        "place.async_method",
        _OPEN + "    async def $f(self, $params):\n$body",
        "plain method await",
        "$C()",
    ),
    Place(
        "place.generator_method",
        _OPEN + "    def $f(self, $params):\n$body\n        yield $ready",
        "method yield sync",
        "$C()",
    ),
    Place(
        "place.init",
        "class $C$bases:\n$within    def __init__(self, $params):\n$init\n$body\n\n"
        "    def sizes(self):\n        return len(self.parts)",
        "method init",
        entry="$C",
    ),
    Place(
        "place.classmethod",
        "class $C$bases:\n$within    parts = []\n\n"
        "    @classmethod\n    def $f(cls, $params):\n$body",
        "plain",
        "$C",
    ),
    Place(
        "place.staticmethod",
        "class $C$bases:\n$within    parts = ()\n\n    @staticmethod\n    def $f($params):\n$body",
        "plain",
        "$C()",
    ),
    Place(
        "place.call",
        _OPEN + "    def __call__(self, $params):\n$body",
        "plain method",
        "$C()",
        "__call__",
    ),
    Place(
        "place.override",
        _OPEN + "    def $f(self, $params):\n$body",
        "plain method",
        "$C()",
        base="class $B:\n    def $f(self, *args, **kwargs):\n        raise NotImplementedError\n",
    ),
    Place(
        "place.nested",
        "def $f($plain):\n    def inner($params):\n$body\n\n    return inner($pass)",
        "plain",
    ),
    Place("place.lambda", "$f = lambda $params: $body", "expression"),
    Place("place.decorated", "@$h1\ndef $f($params):\n$body", "plain", support=(_WRAPPER,)),
    Place(
        "place.decorated_factory",
        '@$h1("x")\ndef $f($params):\n$body',
        "plain",
        support=(_DECORATOR_FACTORY,),
    ),
    Place(
        "place.context_manager",
        "@contextmanager\ndef $f($params):\n$body\n    yield $ready",
        "once",
        imports=("from contextlib import contextmanager",),
    ),
)
