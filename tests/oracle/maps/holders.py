"""Who keeps a container for as long as the process lives, or only for one request."""

from __future__ import annotations

from .parts import Holder

_CLASS = "class Store$n:\n    def __init__(self):\n        self.kept = $k\n"
_ADD = "    def add(self, value):\n        ACT\n    IDLE\n"

HOLDERS = (
    Holder("module", "KEPT$n", "KEPT$n = $k", declare="global"),
    Holder("annotated", "KEPT$n", "KEPT$n: object = $k", declare="global"),
    Holder(
        "function",
        "KEPT$n",
        "KEPT$n = $k\ndef touch$n(value):\n    ACT",
        "touch$n($v)",
        "value",
        "global",
    ),
    Holder(
        "helper",
        "KEPT$n",
        "KEPT$n = $k\ndef touch$n(value):\n    ACT",
        "touch$n($v)",
        "value",
        "global",
        "touch$n",
    ),
    Holder("imported", "KEPT$n", "KEPT$n = $k", helper="KEPT$n"),
    Holder("of a module", "helpers.KEPT$n", "KEPT$n = $k", helper="helpers"),
    Holder(
        "getter", "kept$n()", "_KEPT$n = $k\ndef kept$n():\n    return _KEPT$n", helper="kept$n"
    ),
    Holder("class", "Store$n.kept", "class Store$n:\n    kept = $k"),
    Holder(
        "through self",
        "self.kept",
        "class Store$n:\n    kept = $k\n    def add(self, value):\n        ACT",
        "Store$n().add($v)",
        "value",
    ),
    Holder(
        "through cls",
        "cls.kept",
        "class Store$n:\n    kept = $k\n    @classmethod\n    def add(cls, value):\n        ACT",
        "Store$n.add($v)",
        "value",
    ),
    Holder("one", "self.kept", _CLASS + _ADD + "store$n = Store$n()", "store$n.add($v)", "value"),
    Holder("one far away", "store$n.kept", _CLASS + "store$n = Store$n()", helper="store$n"),
    Holder(
        "imported one",
        "self.kept",
        _CLASS + _ADD + "store$n = Store$n()",
        "store$n.add($v)",
        "value",
        helper="store$n",
    ),
    Holder(
        "in a method of it",
        "self.kept",
        _CLASS
        + "    def add(self, value):\n        self._add(value)\n"
        + "    def _add(self, value):\n        ACT\nstore$n = Store$n()",
        "store$n.add($v)",
        "value",
    ),
    Holder(
        "of a base",
        "self.kept",
        _CLASS + "class Shop$n(Store$n):\n" + _ADD + "shop$n = Shop$n()",
        "shop$n.add($v)",
        "value",
    ),
    Holder(
        "dataclass",
        "self.kept",
        "@dataclass\nclass Store$n:\n    kept: object = field(default_factory=lambda: $k)\n"
        + _ADD
        + "store$n = Store$n()",
        "store$n.add($v)",
        "value",
    ),
    Holder(
        "property",
        "store$n.kept",
        "class Store$n:\n    def __init__(self):\n        self._kept = $k\n"
        "    @property\n    def kept(self):\n        return self._kept\nstore$n = Store$n()",
    ),
    Holder(
        "part of one",
        "self.kept",
        _CLASS
        + _ADD
        + "class Service$n:\n    def __init__(self):\n        self.store = Store$n()\n"
        + "service$n = Service$n()",
        "service$n.store.add($v)",
        "value",
    ),
    Holder(
        "one in a dict",
        "self.kept",
        _CLASS + _ADD + "STORES$n = {'first': Store$n()}",
        "STORES$n['first'].add($v)",
        "value",
    ),
    Holder(
        "made when needed",
        "self.kept",
        _CLASS
        + _ADD
        + "_store$n = None\ndef store$n():\n    global _store$n\n    if _store$n is None:\n"
        + "        _store$n = Store$n()\n    return _store$n",
        "store$n().add($v)",
        "value",
    ),
    Holder(
        "made when needed and far away",
        "self.kept",
        _CLASS
        + _ADD
        + "_store$n = None\ndef store$n():\n    global _store$n\n    if not _store$n:\n"
        + "        _store$n = Store$n()\n    return _store$n",
        "store$n().add($v)",
        "value",
        helper="store$n",
    ),
    Holder(
        "instance of its class",
        "self.kept",
        "class Store$n:\n    _one = None\n    def __init__(self):\n        self.kept = $k\n"
        "    @classmethod\n    def one(cls):\n        if cls._one is None:\n"
        "            cls._one = cls()\n        return cls._one\n" + _ADD,
        "Store$n.one().add($v)",
        "value",
    ),
    Holder(
        "cached factory",
        "self.kept",
        _CLASS + _ADD + "@lru_cache\ndef store$n():\n    return Store$n()",
        "store$n().add($v)",
        "value",
    ),
    Holder(
        "decorator",
        "kept",
        "def counted$n(function):\n    kept = $k\n    def wrapper(value):\n        ACT\n"
        "        return function(value)\n    return wrapper\n"
        "@counted$n\ndef touch$n(value):\n    return value",
        "touch$n($v)",
        "value",
        "nonlocal",
    ),
    Holder(
        "decorator with arguments",
        "kept",
        "def counted$n(limit):\n    kept = $k\n    def decorate(function):\n"
        "        @wraps(function)\n        def wrapper(*args, **kwargs):\n"
        "            value = args[0]\n"
        "            ACT\n            return function(*args, **kwargs)\n        return wrapper\n"
        "    return decorate\n@counted$n(5)\ndef touch$n(value):\n    return value",
        "touch$n($v)",
        "value",
        "nonlocal",
    ),
    Holder(
        "factory",
        "kept",
        "def make$n():\n    kept = $k\n    def touch(value):\n        ACT\n    return touch\n"
        "touch$n = make$n()",
        "touch$n($v)",
        "value",
        "nonlocal",
    ),
    Holder(
        "of a function",
        "touch$n.kept",
        "def touch$n(value):\n    ACT\ntouch$n.kept = $k",
        "touch$n($v)",
        "value",
    ),
    Holder("of the handler", "self.kept", "", entry="smtp"),
    Holder("of the application", "self.kept", "", entry="asgi"),
    Holder("local", "kept$n", "", "kept$n = $k\nACT", ends=True),
    Holder(
        "made for each",
        "self.kept",
        _CLASS + _ADD,
        "store$n = Store$n()\nstore$n.add($v)",
        "value",
        ends=True,
    ),
    Holder(
        "made by a function for each",
        "self.kept",
        _CLASS + _ADD + "def store$n():\n    return Store$n()",
        "store$n().add($v)",
        "value",
        ends=True,
    ),
)
