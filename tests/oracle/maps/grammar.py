"""How a container gains an entry, and what is done besides."""

from __future__ import annotations

from collections.abc import Sequence

from .holders import HOLDERS
from .parts import Beside, Holder, Write

WRITES = (
    Write("item", "dict", "{}", "$c[$v] = 1"),
    Write("time", "dict", "dict()", "$c[$v] = time.time()"),
    Write("ordered", "dict", "OrderedDict()", "$c[$v] = len($c)"),
    Write("setdefault", "dict", "{}", "$c.setdefault($v, 0)"),
    Write("update", "dict", "{}", "$c.update({$v: 1})"),
    Write("or", "dict", "{}", "$c |= {$v: 1}", attribute=True),
    Write("counter", "dict", "Counter()", "$c[$v] += 1"),
    Write("counter update", "dict", "Counter()", "$c.update([$v])"),
    Write("defaultdict", "dict", "defaultdict(int)", "$c[$v] += 1"),
    Write("defaultdict of lists", "dict", "defaultdict(list)", "$c[$v].append(1)"),
    Write("defaultdict read", "dict", "defaultdict(int)", "if $c[$v] > 5:\n    pass"),
    Write("inner", "dict", '{"all": {}}', '$c["all"][$v] = 1', inner='$c["all"]'),
    Write("inner default", "dict", "{}", '$c.setdefault("all", {})[$v] = 1', inner='$c["all"]'),
    Write("tuple", "dict", "{}", '$c["a", $v] = 1'),
    Write("unless there", "dict", "{}", "if $v not in $c:\n    $c[$v] = 1"),
    Write("try", "dict", "{}", "try:\n    $c[$v] += 1\nexcept KeyError:\n    $c[$v] = 1"),
    Write("get", "dict", "{}", "$c[$v] = $c.get($v, 0) + 1"),
    Write(
        "age",
        "dict",
        "{}",
        "found$n = $c.get($v)\nif found$n is None or found$n < time.time() - 60:\n"
        "    $c[$v] = time.time()",
    ),
    Write("pruned", "dict", "{}", "$c[$v] = [t for t in $c.get($v, ()) if t > 5] + [6]"),
    Write("under lock", "dict", "{}", "with LOCK:\n    $c[$v] = 1"),
    Write("alias", "dict", "{}", "table$n = $c\ntable$n[$v] = 1"),
    Write("passed", "dict", "{}", "put$n($c, $v)", "def put$n(table, key):\n    table[key] = key"),
    Write(
        "passed away",
        "dict",
        "{}",
        "put$n($v, table=$c)",
        "",
        "def put$n(key, table):\n    table.setdefault(key, []).append(1)",
    ),
    Write(
        "own dict",
        "dict",
        "Table$n()",
        "$c[$v] = 1",
        "class Table$n(dict):\n    pass",
    ),
    Write(
        "own method",
        "dict",
        "Table$n()",
        "$c.put($v)",
        "class Table$n(dict):\n    def put(self, key):\n        self[key] = 1",
    ),
    Write(
        "own limit",
        "dict",
        "Table$n()",
        "$c[$v] = 1",
        "class Table$n(OrderedDict):\n    def __setitem__(self, key, value):\n"
        "        super().__setitem__(key, value)\n        while len(self) > 20:\n"
        "            self.popitem(last=False)",
        small=True,
    ),
    Write(
        "weak",
        "dict",
        "weakref.WeakValueDictionary()",
        "thing$n = Thing$n()\n$c[$v] = thing$n",
        "class Thing$n:\n    pass",
        small=True,
    ),
    Write("if there", "dict", "{}", "if $v in $c:\n    $c[$v] += 1", small=True),
    Write("if room", "dict", "{}", "if len($c) < 20:\n    $c[$v] = 1", small=True),
    Write("add", "set", "set()", "$c.add($v)"),
    Write("set update", "set", "set()", "$c.update([$v])"),
    Write("set or", "set", "set()", "$c |= {$v}", attribute=True),
    Write("add pair", "set", "set()", '$c.add(("a", $v))'),
    Write("append", "list", "[]", "$c.append($v)"),
    Write("append dict", "list", "[]", '$c.append({"name": $v, "at": 1})'),
    Write("insert", "list", "[]", "$c.insert(0, $v)"),
    Write("extend", "list", "[]", "$c.extend([$v, $v + '.'])"),
    Write("plus", "list", "[]", "$c += [$v]", attribute=True),
    Write("deque", "deque", "deque()", "$c.append($v)"),
    Write("deque left", "deque", "deque()", "$c.appendleft($v)"),
    Write("heap", "list", "[]", "heapq.heappush($c, $v)"),
    Write("limited deque", "deque", "deque(maxlen=20)", "$c.append($v)", small=True),
    Write("limited deque 2", "deque", "deque([], 20)", "$c.append($v)", small=True),
)

CACHES = (
    Write("cache", "", "", "size$n($v)", "@cache\ndef size$n(value):\n    return len(value)"),
    Write(
        "lru_cache None",
        "",
        "",
        "size$n($v)",
        "@lru_cache(maxsize=None)\ndef size$n(value):\n    return len(value)",
    ),
    Write(
        "lru_cache position",
        "",
        "",
        "size$n($v, 2)",
        "@functools.lru_cache(None)\ndef size$n(value, factor):\n    return len(value) * factor",
    ),
    Write(
        "cache away",
        "",
        "",
        "size$n($v)",
        "",
        "@functools.cache\ndef size$n(value):\n    return len(value)",
    ),
    Write(
        "cached method",
        "",
        "",
        "sizes$n.of($v)",
        "class Sizes$n:\n    @lru_cache(maxsize=None)\n    def of(self, value):\n"
        "        return len(value)\nsizes$n = Sizes$n()",
    ),
    Write(
        "cached static",
        "",
        "",
        "Sizes$n.of($v)",
        "class Sizes$n:\n    @staticmethod\n    @cache\n    def of(value):\n"
        "        return len(value)",
    ),
    Write(
        "wrapped",
        "",
        "",
        "cached$n($v)",
        "def size$n(value):\n    return len(value)\ncached$n = functools.cache(size$n)",
    ),
    Write(
        "limited cache",
        "",
        "",
        "size$n($v)",
        "@lru_cache(maxsize=20)\ndef size$n(value):\n    return len(value)",
        small=True,
    ),
    Write(
        "default cache",
        "",
        "",
        "size$n($v)",
        "@lru_cache\ndef size$n(value):\n    return len(value)",
        small=True,
    ),
    Write(
        "cache of nothing",
        "",
        "",
        "size$n()",
        "@cache\ndef size$n():\n    return 5",
        small=True,
    ),
)

EVICTS = (
    Beside("pop", "dict", "$c.pop($v, None)"),
    Beside("del", "dict", "del $c[$v]"),
    Beside("popitem", "dict", "while len($c) > 20:\n    $c.popitem()"),
    Beside("clear", "dict set list deque", "if len($c) > 20:\n    $c.clear()"),
    Beside("first", "dict", "while len($c) > 20:\n    del $c[next(iter($c))]"),
    Beside("oldest", "dict", "for old$n in list($c)[:-10]:\n    del $c[old$n]"),
    Beside("swept", "dict", "for old$n in list($c):\n    $c.pop(old$n)"),
    Beside(
        "helper prunes",
        "dict",
        "prune$n($c)",
        "",
        "def prune$n(table):\n    for key in list(table)[:-10]:\n        table.pop(key)",
    ),
    Beside(
        "function prunes",
        "dict set",
        "prune$n($c)",
        "def prune$n(table):\n    if len(table) > 20:\n        table.clear()",
    ),
    Beside("full", "dict set list deque", "if len($c) > 20:\n    return", first=True),
    Beside(
        "full raises", "dict set list deque", "if len($c) >= 20:\n    raise ValueError", first=True
    ),
    Beside("emptied first", "dict set list deque", "if len($c) >= 20:\n    $c.clear()", first=True),
    Beside("renewed", "dict", "if len($c) > 20:\n    $c = {}", rebinds=True),
    Beside(
        "filtered",
        "dict",
        "$c = {key: at for key, at in $c.items() if key == 'none'}",
        rebinds=True,
    ),
    Beside("discard", "set", "$c.discard($v)"),
    Beside("remove", "list deque", "$c.remove($v)"),
    Beside("pop left", "deque", "while len($c) > 20:\n    $c.popleft()"),
    Beside("pop one", "set", "while len($c) > 20:\n    $c.pop()"),
    Beside("difference", "set", "$c.difference_update(list($c)[:-9])"),
    Beside("renewed set", "set", "if len($c) > 20:\n    $c = set()", rebinds=True),
    Beside("pop first", "list", "while len($c) > 20:\n    $c.pop(0)"),
    Beside("del slice", "list", "del $c[:-10]"),
    Beside("slice", "list", "$c[:] = $c[-10:]"),
    Beside("cut", "list", "$c = $c[-10:]", rebinds=True),
    Beside(
        "finally",
        "dict",
        "try:\n    len($v)\nfinally:\n    del $c[$v]",
    ),
)

KEEPS = (
    Beside("read", "dict", "if $c.get($v) == 9:\n    pass", small=False),
    Beside("asked", "dict set list deque", "if $v in $c:\n    pass", small=False),
    Beside("counted", "dict set list deque", 'logging.debug("%s", len($c))', small=False),
    Beside("copied", "dict set list deque", "copy$n = $c.copy()\ncopy$n.clear()", small=False),
    Beside("listed", "dict set", "all$n = list($c)\nall$n.clear()", small=False),
    Beside(
        "another",
        "dict set list deque",
        "other$n = {}\nother$n[$v] = 1\nother$n.pop($v)",
        small=False,
    ),
    Beside("loop", "dict set list deque", "for each$n in $c:\n    pass", small=False),
    Beside("written", "dict list", "text$n = json.dumps(list($c))", small=False),
    Beside("sorted", "dict set", "top$n = sorted($c)[:5]", small=False),
    Beside("largest", "dict set", "top$n = max($c)", small=False),
    Beside("inner", "dict", "list$n = list($c.values())\nlist$n.clear()", small=False),
    Beside("idle", "dict set list deque", "", idle=True, small=False),
)


def constructs() -> frozenset[str]:
    """The names of all constructs, by their kind."""
    kinds: dict[str, Sequence[Holder | Write | Beside]] = {
        "holder": HOLDERS,
        "write": WRITES,
        "cache": CACHES,
        "evicts": EVICTS,
        "keeps": KEEPS,
    }
    return frozenset(f"{kind}.{part.name}" for kind, parts in kinds.items() for part in parts)
