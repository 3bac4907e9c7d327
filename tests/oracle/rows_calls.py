"""Rows that carry the default through calls, classes and their fields."""

from __future__ import annotations

from .rows import ANY, Row

_SAME = "def $h1(values):\n    return values\n"
_WRAPS = """from functools import wraps


def $h2(function):
    @wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)

    return wrapper
"""
_WRAPS_FACTORY = """from functools import wraps


def $h2(label):
    def decorate(function):
        @wraps(function)
        def wrapper(*args, **kwargs):
            return function(*args, **kwargs)

        return wrapper

    return decorate
"""
_HOLDER = "class $H1:\n    def __init__(self, values):\n        self.held = values\n"

CALLS = (
    Row("call.identity", "$n = $h1($v)", kinds=ANY, support=(_SAME,)),
    Row("call.keyword", "$n = $h1(values=$v)", support=(_SAME,)),
    Row("call.variadic", "$n = $h1(0, $v)", support=("def $h1(*groups):\n    return groups[1]\n",)),
    Row(
        "call.keywords",
        "$n = $h1(first=$v)",
        support=('def $h1(**groups):\n    return groups["first"]\n',),
    ),
    Row(
        "call.star",
        "$a = ($v, 1)\n$n = $h1(*$a)",
        support=("def $h1(values, size):\n    return values if size else None\n",),
    ),
    Row("call.double_star", '$a = {"values": $v}\n$n = $h1(**$a)', support=(_SAME,)),
    Row(
        "call.forward",
        "$n = $h2($v, strict=True)",
        support=(
            "def $h1(values, strict=False):\n    return values if strict else None\n",
            "def $h2(*args, **kwargs):\n    return $h1(*args, **kwargs)\n",
        ),
    ),
    Row(
        "call.two_hops",
        "$n = $h2($v)",
        kinds=ANY,
        support=(_SAME, "def $h2(given):\n    return $h1(given)\n"),
    ),
    Row(
        "call.three_hops",
        "$n = $h3($v)",
        support=(
            _SAME,
            "def $h2(given):\n    result = $h1(given)\n    return result\n",
            "def $h3(given):\n    return $h2(given=given)\n",
        ),
    ),
    Row(
        "call.branches",
        "$n = $h1($v, $flag)",
        support=("def $h1(values, strict):\n    if strict:\n        return $new\n    return values\n",),
    ),
    Row("call.returns_tuple", "$n, $a = $h1($v)", support=("def $h1(values):\n    return values, 1\n",)),
    Row(
        "call.returns_dict",
        "$a = $h1($v)",
        '$a["held"]',
        support=('def $h1(values):\n    return {"held": values}\n',),
    ),
    Row("call.partial", "$n = partial($h1, $v)()", support=(_SAME,), imports=("from functools import partial",)),
    Row(
        "call.partial_keyword",
        "$a = functools.partial($h1, values=$v)\n$n = $a()",
        support=(_SAME,),
        imports=("import functools",),
    ),
    Row(
        "call.decorated",
        "$n = $h1($v)",
        support=(_WRAPS, "@$h2\ndef $h1(values):\n    return values\n"),
    ),
    Row(
        "call.decorated_factory",
        "$n = $h1($v)",
        support=(_WRAPS_FACTORY, '@$h2("x")\ndef $h1(values):\n    return values\n'),
    ),
    Row(
        "call.recursive",
        "$n = $h1($v, 2)",
        support=(
            "def $h1(values, depth):\n    if depth:\n        return $h1(values, depth - 1)\n    return values\n",
        ),
    ),
    Row("call.generator", "for $n in $h1($v):", support=("def $h1(values):\n    yield values\n",)),
    Row("call.generator_next", "$n = next($h1($v))", support=("def $h1(values):\n    yield values\n",)),
    Row(
        "call.yield_from",
        "for $n in $h2($v):",
        support=(
            "def $h1(values):\n    yield values\n",
            "def $h2(values):\n    yield from $h1(values)\n",
        ),
    ),
    Row(
        "call.await",
        "$n = await $h1($v)",
        needs="await",
        support=("async def $h1(values):\n    return values\n",),
    ),
    Row(
        "call.async_for",
        "async for $n in $h1($v):",
        needs="await",
        support=("async def $h1(values):\n    yield values\n",),
    ),
    Row("call.local", "def $a(values):\n    return values\n\n$n = $a($v)"),
    Row(
        "call.higher_order",
        "$n = $h2($h1, $v)",
        support=(_SAME, "def $h2(function, given):\n    return function(given)\n"),
    ),
    Row(
        "call.dispatch",
        '$n = $K2["same"]($v)',
        support=(_SAME, '$K2 = {"same": $h1}\n'),
    ),
    Row("call.conditional", "$a = $h1 if $flag else list\n$n = $a($v)", kinds="list", support=(_SAME,)),
    Row("call.lambda", "$n = $h1($v)", support=("$h1 = lambda values: values\n",)),
    Row(
        "call.positional_only",
        "$n = $h1($v, extra=1)",
        support=("def $h1(values, /, *, extra):\n    return values\n",),
    ),
    Row("call.optional", "$n = $h1(values=$v)", support=("def $h1(name=None, values=()):\n    return values\n",)),
    Row("call.cast", "$n = cast(object, $v)", imports=("from typing import cast",)),
    Row(
        "call.method",
        "$n = $H1().pick($v)",
        support=("class $H1:\n    def pick(self, values):\n        return values\n",),
    ),
    Row(
        "call.static",
        "$n = $H1.pick($v)",
        support=("class $H1:\n    @staticmethod\n    def pick(values):\n        return values\n",),
    ),
    Row(
        "call.callable",
        "$a = $H1()\n$n = $a($v)",
        support=("class $H1:\n    def __call__(self, values):\n        return values\n",),
    ),
    Row(
        "call.own_method",
        "$n = self._pick($v)",
        needs="method",
        method="def _pick(self, values):\n    return values\n",
    ),
    Row(
        "call.base_method",
        "$n = self.pick_from($v)",
        needs="method",
        base="class $B:\n    def pick_from(self, values):\n        return values\n",
    ),
    Row(
        "call.super_method",
        "$n = super().hold($v)",
        needs="method",
        method="def hold(self, values):\n    return None\n",
        base="class $B:\n    def hold(self, values):\n        return values\n",
    ),
)

_SLOTS = (
    'class $H1:\n    __slots__ = ("held",)\n\n    def __init__(self, values):\n        self.held = values\n'
)

FIELDS = (
    Row("field.init", "$n = $H1($v).held", kinds=ANY, support=(_HOLDER,)),
    Row("field.object", "$a = $H1($v)", "$a.held", kinds=ANY, support=(_HOLDER,)),
    Row("field.keyword", "$a = $H1(values=$v)\n$n = $a.held", support=(_HOLDER,)),
    Row("field.slots", "$n = $H1($v).held", support=(_SLOTS,)),
    Row(
        "field.base_init",
        "$n = $H2($v).held",
        support=(
            _HOLDER,
            "class $H2($H1):\n    def __init__(self, given):\n        super().__init__(given)\n        self.ready = True\n",
        ),
    ),
    Row(
        "field.old_super",
        "$n = $H2($v).held",
        support=(
            _HOLDER,
            "class $H2($H1):\n    def __init__(self, given):\n        $H1.__init__(self, given)\n",
        ),
    ),
    Row("field.inherited", "$n = $H2($v).held", support=(_HOLDER, "class $H2($H1):\n    label = None\n")),
    Row(
        "field.mixin",
        "$n = $H3($v).take()",
        support=(
            _HOLDER,
            "class $H2:\n    def take(self):\n        return self.held\n",
            "class $H3($H2, $H1):\n    pass\n",
        ),
    ),
    Row(
        "field.property",
        "$n = $H1($v).shown",
        support=(_HOLDER + "\n    @property\n    def shown(self):\n        return self.held\n",),
    ),
    Row(
        "field.cached_property",
        "$a = $H1($v)\n$n = $a.shown",
        support=(
            "from functools import cached_property\n\n\n"
            + _HOLDER
            + "\n    @cached_property\n    def shown(self):\n        return self.held\n",
        ),
    ),
    Row(
        "field.getter",
        "$n = $H1($v).take()",
        support=(_HOLDER + "\n    def take(self):\n        return self.held\n",),
    ),
    Row(
        "field.setter",
        "$a = $H1([])\n$a.put($v)",
        "$a.held",
        support=(_HOLDER + "\n    def put(self, values):\n        self.held = values\n",),
    ),
    Row(
        "field.classmethod",
        "$n = $H1.of($v).held",
        support=(_HOLDER + "\n    @classmethod\n    def of(cls, values):\n        return cls(values)\n",),
    ),
    Row(
        "field.fluent",
        "$n = $H1().put($v).held",
        support=(
            "class $H1:\n    held = None\n\n    def put(self, values):\n        self.held = values\n        return self\n",
        ),
    ),
    Row("field.set_outside", "$a = $H1(None)\n$a.held = $v", "$a.held", support=(_HOLDER,)),
    Row("field.setattr", '$a = $H1(None)\nsetattr($a, "held", $v)', "$a.held", support=(_HOLDER,)),
    Row("field.getattr", '$n = getattr($H1($v), "held")', support=(_HOLDER,)),
    Row("field.of_field", "$n = $H2($H1($v)).inner.held", support=(
        _HOLDER,
        "class $H2:\n    def __init__(self, inner):\n        self.inner = inner\n",
    )),
    Row(
        "field.made_inside",
        "$n = $H2($v).inner.held",
        support=(
            _HOLDER,
            "class $H2:\n    def __init__(self, values):\n        self.inner = $H1(values)\n",
        ),
    ),
    Row(
        "field.dataclass",
        "$n = $H1($v, 1).held",
        support=(
            "from dataclasses import dataclass\n\n\n@dataclass\nclass $H1:\n    held: object\n    size: int = 0\n",
        ),
    ),
    Row(
        "field.dataclass_keyword",
        "$n = $H1(held=$v).held",
        support=(
            "import dataclasses\n\n\n@dataclasses.dataclass(frozen=True)\nclass $H1:\n    size: int = 0\n    held: object = None\n",
        ),
    ),
    Row(
        "field.namedtuple",
        "$n = $H1($v, 1).held",
        support=("from typing import NamedTuple\n\n\nclass $H1(NamedTuple):\n    held: object\n    size: int\n",),
    ),
    Row(
        "field.namedtuple_unpack",
        "$a, $n = $H1(1, $v)",
        support=("from typing import NamedTuple\n\n\nclass $H1(NamedTuple):\n    size: int\n    held: object\n",),
    ),
    Row("field.factory", "$n = $h1($v).held", support=(_HOLDER, "def $h1(given):\n    return $H1(given)\n")),
    Row(
        "decoy.other_field",
        "$a = $H1($v, $new)",
        "$a.spare",
        support=(
            "class $H1:\n    def __init__(self, values, spare):\n        self.held = values\n        self.spare = spare\n",
        ),
    ),
    Row("decoy.other_argument", "$n = $h1($v, $new)", support=("def $h1(values, spare):\n    return spare\n",)),
    Row("decoy.helper_drops", "$n = $h1($v)", support=("def $h1(values):\n    if not values:\n        return $new\n    return $new\n",)),
    Row("decoy.local_holder", "$a = $H1($v)\n$a.label = $item", "$v", support=(_HOLDER,)),
    Row(
        "with.context_manager",
        "with $h1($v) as $n:",
        support=(
            "from contextlib import contextmanager\n\n\n@contextmanager\ndef $h1(values):\n    yield values\n",
        ),
    ),
    Row(
        "with.finally",
        "with $h1($v) as $n:",
        support=(
            "import contextlib\n\n\n@contextlib.contextmanager\ndef $h1(values):\n"
            "    try:\n        yield values\n    finally:\n        len(str(values))\n",
        ),
    ),
    Row(
        "with.class",
        "with $H1($v) as $n:",
        support=(
            _HOLDER
            + "\n    def __enter__(self):\n        return self.held\n\n    def __exit__(self, *error):\n        return None\n",
        ),
    ),
    Row(
        "with.self",
        "with $H1($v) as $a:",
        "$a.held",
        support=(
            _HOLDER
            + "\n    def __enter__(self):\n        return self\n\n    def __exit__(self, *error):\n        return None\n",
        ),
    ),
    Row(
        "with.async",
        "async with $H1($v) as $n:",
        needs="await",
        support=(
            _HOLDER
            + "\n    async def __aenter__(self):\n        return self.held\n\n    async def __aexit__(self, *error):\n        return None\n",
        ),
    ),
)
