"""What is put where: `$c` is the container, `$v` the tenant's value, `$n` makes names fresh."""

from __future__ import annotations

from typing import NamedTuple

from ..cardinality import grammar as values
from ..cardinality.grammar import Part

_LOST = frozenset({"hash", "base64", "int", "length", "sub", "pattern"})
KEEPS = (
    *(part for part in values.KEEPS if part.name not in _LOST),
    Part("in a dict", '$o = {"owner": $v, "state": "new"}'),
    Part("in a list", '$o = ["new", $v]'),
    Part("in a tuple", "$o = (time.time(), $v)"),
    Part(
        "in an object",
        "$o = Mail$n($v)",
        "class Mail$n:\n    def __init__(self, owner):\n        self.owner = owner",
    ),
    Part("in a dataclass", "$o = Note$n($v)", "@dataclass\nclass Note$n:\n    owner: str"),
    Part("in a function", "$o = lambda: $v"),
    Part("as json", '$o = json.dumps({"owner": $v})'),
    Part("built", "$o = build$n($v)", "", "def build$n(owner):\n    return {'owner': owner}"),
)
TEXT_KEEPS = tuple(part for part in values.KEEPS if part.name not in _LOST)

NOBODYS = (
    Part("length", "$o = len($v)"),
    Part("truth", "$o = bool($v)"),
    Part("compared", '$o = $v == "alpha"'),
    Part("type", "$o = type($v).__name__"),
    Part("instance", "$o = isinstance($v, str)"),
    Part("constant", '$o = "long" if len($v) > 50 else "short"'),
    Part("clock", "$o = time.time()"),
    Part("known", '$o = KNOWN["alpha"]'),
    Part("function", "$o = state$n($v)", "def state$n(text):\n    return 'on' if text else 'off'"),
    Part("in known", "$o = $v in KNOWN"),
    Part("not", "$o = not $v"),
)


class Put(NamedTuple):
    """How something is put into a container of a kind. `attribute`: `$c` must be assignable;
    `rebinds`: it takes the container's place; `clean`: the next request does not find it."""

    name: str
    kind: str
    make: str
    lines: str
    above: str = ""
    helper: str = ""
    attribute: bool = False
    rebinds: bool = False
    clean: bool = False


PUTS = (
    Put("item", "dict", "{}", '$c["last"] = $v'),
    Put("ordered", "dict", "OrderedDict()", '$c["last"] = $v'),
    Put("item of a display", "dict", '{"last": None}', '$c["last"] = {"mail": $v}'),
    Put("update", "dict", "{}", '$c.update({"last": $v})'),
    Put("update keyword", "dict", "dict()", "$c.update(last=$v)"),
    Put("setdefault", "dict", "{}", '$c.setdefault("last", $v)'),
    Put("or", "dict", "{}", '$c |= {"last": $v}', attribute=True),
    Put("inner", "dict", '{"all": {}}', '$c["all"]["last"] = $v'),
    Put("inner list", "dict", '{"all": []}', '$c["all"].append($v)'),
    Put("inner default", "dict", "{}", '$c.setdefault("all", []).append($v)'),
    Put("defaultdict", "dict", "defaultdict(list)", '$c["all"].append($v)'),
    Put("under lock", "dict", "{}", 'with LOCK:\n    $c["last"] = $v'),
    Put("try", "dict", "{}", 'try:\n    $c["last"] = $v\nexcept KeyError:\n    pass'),
    Put("unless there", "dict", "{}", 'if "last" not in $c:\n    $c["last"] = $v'),
    Put("alias", "dict", "{}", 'table$n = $c\ntable$n["last"] = $v'),
    Put(
        "passed",
        "dict",
        "{}",
        "put$n($c, $v)",
        'def put$n(table, value):\n    table["last"] = value',
    ),
    Put(
        "passed away",
        "dict",
        "{}",
        "put$n($v, table=$c)",
        "",
        'def put$n(value, table):\n    table.setdefault("all", []).append(value)',
    ),
    Put("own dict", "dict", "Table$n()", '$c["last"] = $v', "class Table$n(dict):\n    pass"),
    Put(
        "own method",
        "dict",
        "Table$n()",
        "$c.put($v)",
        'class Table$n(dict):\n    def put(self, value):\n        self["last"] = value',
    ),
    Put("append", "list", "[]", "$c.append($v)"),
    Put("append dict", "list", "[]", '$c.append({"mail": $v, "at": 1})'),
    Put("insert", "list", "[]", "$c.insert(0, $v)"),
    Put("extend", "list", "[]", "$c.extend([$v, 'more'])"),
    Put("plus", "list", "[]", "$c += [$v]", attribute=True),
    Put("first", "list", '["none"]', "$c[0] = $v"),
    Put("deque", "deque", "deque()", "$c.append($v)"),
    Put("deque left", "deque", "deque(maxlen=9)", "$c.appendleft($v)"),
    Put("bound", "dict", "{}", "$c = $v", attribute=True, rebinds=True),
    Put("bound dict", "dict", "{}", '$c = {"mail": $v}', attribute=True, rebinds=True),
    Put("bound larger", "list", "[]", "$c = [*$c, $v]", attribute=True, rebinds=True),
    Put("under itself", "dict", "{}", '$c[$v] = {"of": $v}', clean=True),
    Put("under a pair", "dict", "{}", '$c["mail", $v] = $v', clean=True),
    Put("under a number", "dict", "{}", "$c[str(uuid.uuid4())] = $v", clean=True),
    Put("added", "set", "set()", "$c.add($v)", clean=True),
    Put("counted", "dict", '{"all": 0}', '$c["all"] += 1', clean=True),
    Put("memo", "dict", "{}", "if $v not in $c:\n    $c[$v] = len($v)", clean=True),
    Put("deleted", "dict", "{}", '$c["last"] = $v\ndel $c["last"]', clean=True),
    Put(
        "finally",
        "dict",
        "{}",
        '$c["last"] = $v\ntry:\n    len($c)\nfinally:\n    $c.pop("last")',
        clean=True,
    ),
    Put("popped", "list", "[]", "$c.append($v)\n$c.pop()", clean=True),
    Put("cleared", "deque", "deque()", "$c.append($v)\n$c.clear()", clean=True),
    Put("a copy", "dict", "{}", 'copy$n = $c.copy()\ncopy$n["last"] = $v', clean=True),
    Put("another", "dict", "{}", 'other$n = {}\nother$n["last"] = $v', clean=True),
    Put("read", "dict", "{}", 'if $c.get("last") == $v:\n    pass', clean=True),
)


def constructs() -> frozenset[str]:
    """The names of all constructs, by their kind."""
    kinds = {"put": PUTS, "nobodys": NOBODYS}
    return frozenset(f"{kind}.{part.name}" for kind, parts in kinds.items() for part in parts)
