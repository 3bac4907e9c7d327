"""What programs are made of: where a value comes from, what is done with it, and the metric.

In a template `$v` is the value so far, `$o` the name of the next one; `$n` makes names fresh. Lines
are those of the handler's body; `above` are lines of the module, `helper` those of another module.
"""

from __future__ import annotations

from typing import NamedTuple


class Part(NamedTuple):
    """One construct. `bounds`: few values are left behind it, whatever it was given."""

    name: str
    lines: str
    above: str = ""
    helper: str = ""
    bounds: bool = False


class Entry(NamedTuple):
    """A handler: its head with `BODY` at the body's place, how it is called with an input (`$i`),
    and expressions that read outside text in it."""

    name: str
    text: str
    call: str
    reads: tuple[str, ...]


_EVENT = (
    '{"path": $i, "headers": {"host": $i}, "body": "{\\"name\\": \\"%s\\"}" % $i, '
    '"mail": "From: %s\\n\\nx" % $i}'
)

ENTRIES = (
    Entry(
        "lambda",
        "def lambda_handler(event, context):\n    BODY",
        f"app.lambda_handler({_EVENT}, None)",
        (
            'event["path"]',
            'event.get("path", "none")',
            'event["headers"]["host"]',
            'json.loads(event["body"])["name"]',
            'email.message_from_string(event["mail"])["From"]',
        ),
    ),
    Entry(
        "smtp",
        "class Inbound:\n"
        "    def handle_DATA(self, server, session, envelope):\n"
        "        BODY\n"
        "inbound = Inbound()",
        "app.inbound.handle_DATA(None, SimpleNamespace(host_name=$i, peer=($i, 1)), "
        "SimpleNamespace(mail_from=$i, rcpt_tos=[$i], content=$i.encode()))",
        (
            "envelope.mail_from",
            "envelope.rcpt_tos[0]",
            "session.host_name",
            "session.peer[0]",
            "envelope.content.decode()",
        ),
    ),
    Entry(
        "asgi",
        "class Application:\n"
        "    def __call__(self, scope, receive, send):\n"
        "        BODY\n"
        "application = Application()",
        "app.application({'path': $i, 'type': 'http', 'query_string': $i.encode()}, None, None)",
        ('scope["path"]', 'scope["query_string"].decode()'),
    ),
)

SOURCES = (
    Part("plain", "$o = $r"),
    Part("function", "$o = read$n($r)", "def read$n(value):\n    return value.strip()"),
    Part("uuid", "$o = str(uuid.uuid4())"),
    Part(
        "exception",
        "try:\n    int($r)\n    $o = 'none'\nexcept ValueError as error:\n    $o = str(error)",
    ),
    Part("clock", "$o = str(time.time_ns())"),
    Part("or", "$o = $r or 'none'"),
)

KEEPS = (
    Part("lower", "$o = $v.lower()"),
    Part("fstring", '$o = f"a.{$v}"'),
    Part("plus", '$o = "a." + $v'),
    Part("percent", '$o = "a.%s" % $v'),
    Part("format", '$o = "a.{}".format($v)'),
    Part("join", '$o = ".".join(["a", $v])'),
    Part("slice", "$o = $v[:60]"),
    Part("hash", "$o = hashlib.sha256($v.encode()).hexdigest()"),
    Part("sub", '$o = re.sub(r"[xyz]+", "_", $v)'),
    Part("pattern", "$o = PATTERN$n.sub('_', $v)", 'PATTERN$n = re.compile("[xyz]+")'),
    Part("replace", '$o = $v.replace("/", ".")'),
    Part("quote", "$o = urllib.parse.quote($v)"),
    Part("base64", "$o = base64.b64encode($v.encode()).decode()"),
    Part("split", '$o = $v.split("#")[0]'),
    Part("partition", '$o, _, _ = $v.partition("#")'),
    Part("dict", '$o = {"kind": "mail", "name": $v}["name"]'),
    Part("dict filled", 'd$n = {}\nd$n["name"] = $v\n$o = d$n["name"]'),
    Part(
        "dict copy", 'd$n = {"name": "none"}\nc$n = d$n.copy()\nc$n["name"] = $v\n$o = c$n["name"]'
    ),
    Part("list", "$o = ['none', $v][-1]"),
    Part("appended", "l$n = []\nl$n.append($v)\n$o = l$n[0]"),
    Part("unpacked", "$o, other$n = ($v, 'other')"),
    Part("loop", "for $o in [$v]:\n    pass"),
    Part("comprehension", "$o = [part for part in [$v]][0]"),
    Part(
        "object",
        "$o = Box$n($v).value",
        "class Box$n:\n    def __init__(self, value):\n        self.value = value",
    ),
    Part(
        "dataclass",
        "$o = Data$n('a', $v).name",
        "@dataclass\nclass Data$n:\n    kind: str\n    name: str",
    ),
    Part(
        "property",
        "$o = View$n($v).name",
        "class View$n:\n    def __init__(self, value):\n        self._value = value\n"
        "    @property\n    def name(self):\n        return self._value.lower()",
    ),
    Part(
        "method",
        "$o = Namer$n().name($v)",
        "class Base$n:\n    def name(self, value):\n        return f'b.{value}'\n"
        "class Namer$n(Base$n):\n    pass",
    ),
    Part(
        "static",
        "$o = Tool$n.name($v)",
        "class Tool$n:\n    @staticmethod\n    def name(value):\n        return value + '.'",
    ),
    Part(
        "helper",
        "$o = name$n($v)",
        "",
        "def name$n(value, prefix='h'):\n    return f'{prefix}.{value}'",
    ),
    Part(
        "helper keyword",
        "$o = named$n(value=$v)",
        "",
        "def named$n(*, value):\n    text = value.strip()\n    return text",
    ),
    Part("closure", "def inner$n():\n    return $v\n$o = inner$n()"),
    Part("lambda", "$o = (lambda text: text.upper())($v)"),
    Part("conditional", "$o = $v if len($v) > 3 else 'short'"),
    Part("branch", "$o = 'none'\nif len($v) > 3:\n    $o = $v"),
    Part("walrus", "if ($o := $v):\n    pass"),
    Part("falls back", "$o = KNOWN.get($v, $v)"),
    Part("guards another", "other$n = 'alpha'\n$o = $v if other$n in KNOWN else 'other'"),
    Part("wrong side", "$o = $v if $v not in KNOWN else 'known'"),
    Part("default", "$o = $v or 'none'"),
    Part("int", "$o = str(int.from_bytes($v.encode(), 'big'))"),
    Part("try", "try:\n    $o = $v.strip()\nexcept AttributeError:\n    $o = 'none'"),
    Part(
        "with",
        "with held$n($v) as $o:\n    pass",
        "@contextmanager\ndef held$n(value):\n    yield value",
    ),
    Part("length", "$o = str(len($v) * 1000 + int($v.encode().hex(), 16))"),
)

BOUNDS = (
    Part("in", "$o = $v if $v in KNOWN else 'other'", bounds=True),
    Part("not in", "$o = 'other' if $v not in KNOWN else $v", bounds=True),
    Part("lookup", "$o = KNOWN.get($v, 'other')", bounds=True),
    Part("lookup plain", "$o = KNOWN['alpha' if $v else 'beta']", bounds=True),
    Part("replaced", "$o = $v\nif $o not in KNOWN:\n    $o = 'other'", bounds=True),
    Part("return", "if $v not in KNOWN:\n    return\n$o = $v", bounds=True),
    Part(
        "raise", "if $v not in ('alpha', 'beta'):\n    raise ValueError($v)\n$o = $v", bounds=True
    ),
    Part("assert", "assert $v in KNOWN\n$o = $v", bounds=True),
    Part("compared", "$o = str($v == 'alpha')", bounds=True),
    Part("truth", "$o = str(bool($v))", bounds=True),
    Part("type", "$o = type($v).__name__", bounds=True),
    Part("length class", "$o = 'long' if len($v) > 9 else 'short'", bounds=True),
    Part("remainder", "$o = str(hash($v) % 8)", bounds=True),
    Part("checksum", "$o = str(zlib.crc32($v.encode()) % 4)", bounds=True),
    Part("clamped", "$o = str(max(0, min(len($v), 3)))", bounds=True),
    Part("bisect", "$o = str(bisect.bisect((4, 8, 40), len($v)))", bounds=True),
    Part(
        "enum",
        "try:\n    $o = Kind$n($v).value\nexcept ValueError:\n    $o = 'other'",
        "class Kind$n(enum.Enum):\n    ALPHA = 'alpha'\n    BETA = 'beta'",
        bounds=True,
    ),
    Part(
        "match",
        "match $v:\n    case 'alpha' | 'beta':\n        $o = $v\n    case _:\n        $o = 'other'",
        bounds=True,
    ),
    Part(
        "category",
        "$o = category$n($v)",
        "def category$n(value):\n    if value.startswith('a'):\n        return 'a'\n"
        "    return 'other'",
        bounds=True,
    ),
    Part(
        "predicate",
        "$o = $v if is_known$n($v) else 'other'",
        "",
        "def is_known$n(value):\n    return value in ('alpha', 'beta')",
        bounds=True,
    ),
    Part("starts", "$o = 'a' if $v.startswith('a') else 'b'", bounds=True),
    Part(
        "helper bounds",
        "$o = bounded$n($v)",
        "",
        "SAFE$n = {'alpha': 'a'}\ndef bounded$n(value):\n    return SAFE$n.get(value, 'other')",
        bounds=True,
    ),
    Part("constant", "$o = 'constant'", bounds=True),
)

SINKS = (
    Part("positional", "SERIES.labels($v).inc()"),
    Part("keyword", "SERIES.labels(label=$v).inc()"),
    Part("spread", "SERIES.labels(**{'label': $v}).inc()"),
    Part("starred", "SERIES.labels(*[$v]).inc()"),
    Part("child", "child = SERIES.labels($v)\nchild.inc(2)"),
    Part("histogram", "TIMES.labels($v).observe(len($v))"),
    Part("in a dict", "ALL['series'].labels($v).inc()"),
    Part("labels kept", "labels = {'label': $v}\nSERIES.labels(**labels).inc()"),
    Part("function", "emit$n($v)", "def emit$n(value):\n    SERIES.labels(value).inc()"),
    Part(
        "helper",
        "record$n($v)",
        "",
        "FAR$n = Counter('far$n', 'Far.', ['label'])\n"
        "def record$n(value):\n    FAR$n.labels(value).inc()",
    ),
    Part(
        "left",
        "with Timed$n($v):\n    pass",
        "class Timed$n:\n    def __init__(self, value):\n        self.value = value\n"
        "    def __enter__(self):\n        return self\n"
        "    def __exit__(self, *error):\n        TIMES.labels(self.value).observe(1)",
    ),
    Part("after it", "SERIES.labels($v).inc()\nif $v not in KNOWN:\n    return"),
    Part("timed", "with TIMES.labels($v).time():\n    pass"),
)

HARMLESS = (
    Part("measured", "TIMES.labels('a').observe(len($v))"),
    Part("exemplar", "SERIES.labels('a').inc(exemplar={'x': $v[:20]})"),
    Part("logged", "logging.getLogger('oracle').debug('seen %s', $v)"),
    Part("kept back", "other$n = f'{$v}!'\nSERIES.labels('b').inc(len(other$n))"),
)


def constructs() -> frozenset[str]:
    """The names of all constructs, by their kind."""
    kinds = {"source": SOURCES, "keeps": KEEPS, "bounds": BOUNDS, "sink": SINKS, "beside": HARMLESS}
    named = {f"{kind}.{part.name}" for kind, parts in kinds.items() for part in parts}
    return frozenset(named | {f"entry.{entry.name}" for entry in ENTRIES})
