"""The table of constructs that generated programs are made of.

`constructs/*.txt` are written as `../rows.py` describes; `$v` is the response that is followed.
There are more placeholders, all of the kind of call that the program is about:

| placeholder | becomes |
| --- | --- |
| `$call` | the call; `$made` makes a client, and `$calling` is what to append to one |
| `$bad`, `$good` | a condition that is true if it failed, or if it did not |
| `$member`, `$state`, `$number` | what tells of the failure: any such, the plainest, a number |
| `$enforce` | the method that raises if it failed |
| `$payload`, `$idle` | what was asked for; what has nothing to do with it |
| `$bad_n`, `$payload_found` ... | the same of another value: `$n`, `$a`, `$call`, or that name |
| `$bad_state_a` | a condition on what `$state` gave |
| `$given` | the parameter of a helper that gets the response |
| `$error` | the exception that the call raises if it fails as a whole |
| `$results` | an argument, a list |
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import NamedTuple

from ..grammar import IMPORTS, LAYOUTS
from ..rows import Row, read_rows

GROUPS = {
    "any": "http sqs kinesis dynamo process",
    "batch": "sqs kinesis dynamo",
    "served": "http sqs kinesis dynamo",
    "coded": "http process",
}
"""Names for several kinds: answers to batches; made by a client; what can raise by itself."""
ROWS = read_rows(Path(__file__).with_name("constructs"), GROUPS, "any")


class Kind(NamedTuple):
    """What templates need to know about a kind of call. `bad` and the like are alternatives;
    `direct` is the call without a client; `{v}` is the response, `{s}` what `state` gave."""

    made: str
    imports: str
    calling: tuple[str, ...]
    direct: tuple[str, ...]
    error: tuple[str, str]
    bad: tuple[str, ...]
    good: tuple[str, ...]
    member: tuple[str, ...]
    state: str
    number: str
    bad_state: str
    payload: tuple[str, ...]
    idle: tuple[str, ...]
    enforce: str = ""


_HTTP = Kind(
    "requests.Session()",
    "import requests",
    (
        '.get("https://example.com/items", timeout=10)',
        '.post("https://example.com/items", json={"id": 1}, timeout=10)',
        '.request("PUT", "https://example.com/items/1", timeout=5)',
    ),
    (
        'requests.get("https://example.com/items", timeout=10)',
        'requests.post("https://example.com/items", json={"id": 1}, timeout=10)',
        'requests.request("PUT", "https://example.com/items/1", timeout=5)',
    ),
    ("requests.RequestException", "import requests"),
    (
        "not {v}.ok",
        "not {v}",
        "{v}.status_code != 200",
        "{v}.status_code >= 400",
        "{v}.status_code not in (200, 201)",
        "{v}.status_code // 100 != 2",
        "not 200 <= {v}.status_code < 300",
        '{v}.reason != "OK"',
    ),
    ("{v}.ok", "{v}.status_code == 200", "{v}.status_code < 400", "200 <= {v}.status_code < 300"),
    ("{v}.status_code", "{v}.ok", "{v}.reason"),
    "{v}.status_code",
    "{v}.ok",
    "{s} >= 400",
    ('{v}.json()["items"]', "{v}.json()", '{v}.json().get("name")', "{v}.text", "{v}.content"),
    ('{v}.headers.get("Content-Type")', "{v}.url", "{v}.elapsed"),
    "{v}.raise_for_status()",
)
_SENT = '[{"Id": "a", "MessageBody": "one"}, {"Id": "b", "MessageBody": "two"}]'
_SQS = Kind(
    'boto3.client("sqs")',
    "import boto3",
    (f'.send_message_batch(QueueUrl="q", Entries={_SENT})',),
    (),
    ("ClientError", "from botocore.exceptions import ClientError"),
    (
        '{v}["Failed"]',
        '{v}.get("Failed")',
        '"Failed" in {v}',
        'len({v}.get("Failed", [])) > 0',
        'bool({v}.get("Failed"))',
    ),
    ('not {v}.get("Failed")', '"Failed" not in {v}', 'len({v}["Failed"]) == 0'),
    ('{v}.get("Failed")', '{v}["Failed"]', 'len({v}.get("Failed", []))'),
    '{v}.get("Failed", [])',
    'len({v}["Failed"])',
    "{s}",
    ('{v}["Successful"]', '{v}.get("Successful", [])', 'len({v}["Successful"])'),
    ('{v}["ResponseMetadata"]', '{v}["ResponseMetadata"]["HTTPStatusCode"]'),
)
_KINESIS = Kind(
    'boto3.client("kinesis")',
    "import boto3",
    ('.put_records(StreamName="s", Records=[{"Data": b"1"}, {"Data": b"2"}])',),
    (),
    ("ClientError", "from botocore.exceptions import ClientError"),
    (
        '{v}["FailedRecordCount"]',
        '{v}["FailedRecordCount"] > 0',
        '{v}.get("FailedRecordCount", 0) != 0',
    ),
    ('not {v}["FailedRecordCount"]', '{v}.get("FailedRecordCount") == 0'),
    ('{v}["FailedRecordCount"]', '{v}.get("FailedRecordCount", 0)'),
    '{v}["FailedRecordCount"]',
    '{v}["FailedRecordCount"]',
    "{s} > 0",
    ('{v}["EncryptionType"]', '{v}.get("EncryptionType")'),
    ('{v}["ResponseMetadata"]', '{v}["ResponseMetadata"]["RequestId"]'),
)
_DYNAMO = Kind(
    'boto3.client("dynamodb")',
    "import boto3",
    ('.batch_write_item(RequestItems={"table": [{"PutRequest": {}}]})',),
    (),
    ("ClientError", "from botocore.exceptions import ClientError"),
    (
        '{v}["UnprocessedItems"]',
        '{v}.get("UnprocessedItems")',
        'len({v}["UnprocessedItems"]) > 0',
    ),
    ('not {v}["UnprocessedItems"]', 'not {v}.get("UnprocessedItems", {{}})'),
    ('{v}["UnprocessedItems"]', '{v}.get("UnprocessedItems")', 'len({v}["UnprocessedItems"])'),
    '{v}["UnprocessedItems"]',
    'len({v}["UnprocessedItems"])',
    "{s}",
    ('{v}["ConsumedCapacity"]', '{v}.get("ItemCollectionMetrics")'),
    ('{v}["ResponseMetadata"]', '{v}["ResponseMetadata"]["HTTPStatusCode"]'),
)
_PROCESS = Kind(
    "",
    "import subprocess",
    (),
    (
        'subprocess.run(["backup", "--all"])',
        'subprocess.run(["backup"], capture_output=True, text=True, timeout=60)',
        'subprocess.run("backup", shell=True, check=False)',
    ),
    ("OSError", ""),
    ("{v}.returncode", "{v}.returncode != 0", "{v}.returncode > 0"),
    ("{v}.returncode == 0", "not {v}.returncode"),
    ("{v}.returncode",),
    "{v}.returncode",
    "{v}.returncode",
    "{s} != 0",
    ("{v}.stdout", "{v}.stdout.strip()", "{v}.stdout.splitlines()"),
    ("{v}.args", "{v}.args[0]"),
    "{v}.check_returncode()",
)
KINDS = {
    "http": _HTTP,
    "sqs": _SQS,
    "kinesis": _KINESIS,
    "dynamo": _DYNAMO,
    "process": _PROCESS,
}


class Client(NamedTuple):
    """Where the client of a call comes from: `expr` is its expression in the function, `support`
    a definition at module level, `init` a line of the class's `__init__`, `method` and `base` as
    in rows, `before` a line of the function's beginning, which may open a block. `everywhere`: it
    can be used outside of the function as well. `param`: its annotation as a parameter."""

    name: str
    expr: str
    support: str = ""
    init: str = ""
    method: str = ""
    base: str = ""
    before: str = ""
    param: str = ""
    kinds: str = "any"
    needs: str = ""
    everywhere: bool = False


CLIENTS = (
    Client("client.direct", "", kinds="coded", everywhere=True),
    Client("client.new", "$made", kinds="served", everywhere=True),
    Client("client.constant", "$K1", support="$K1 = $made\n", kinds="served", everywhere=True),
    Client(
        "client.factory",
        "$h1()",
        support="def $h1():\n    return $made\n",
        kinds="served",
        everywhere=True,
    ),
    Client(
        "client.factory_configured",
        "$h1()",
        support="def $h1():\n    made = $made\n    made.headers = {}\n    return made\n",
        kinds="http",
        everywhere=True,
    ),
    Client(
        "client.factory_cached",
        "$h1()",
        support="import functools\n\n\n@functools.lru_cache\ndef $h1():\n    return $made\n",
        kinds="served",
        everywhere=True,
    ),
    Client(
        "client.boto_session",
        "$K1",
        support='import boto3\n\n\n$K1 = boto3.Session().client("$service")\n',
        kinds="batch",
        everywhere=True,
    ),
    Client("client.local", "connection", before="connection = $made", kinds="served"),
    Client("client.with", "connection", before="with $made as connection:", kinds="http"),
    Client("client.field", "self.connection", init="self.connection = $made", needs="method"),
    Client(
        "client.property",
        "self.connection",
        method="@property\ndef connection(self):\n    return $made",
        needs="method",
    ),
    Client(
        "client.lazy",
        "self.connection",
        init="self._connection = None",
        method=(
            "@property\ndef connection(self):\n    if self._connection is None:\n"
            "        self._connection = $made\n    return self._connection"
        ),
        needs="method",
    ),
    Client(
        "client.base_field",
        "self.connection",
        base="class $B:\n    def __init__(self):\n        self.connection = $made",
        needs="method",
    ),
    Client("client.param", "connection", param="requests.Session", kinds="http"),
)


class Place(NamedTuple):
    """What kind of function it is, and how it is called; `gives` are the words rows may need."""

    name: str
    text: str
    gives: str = ""
    receiver: str = ""
    entry: str = "$f"
    depth: int = 4


_CLASS = "class $C$bases:\n$init"
PLACES = (
    Place("place.function", "def $f($params):\n$body"),
    Place("place.async", "async def $f($params):\n$body", "await"),
    Place(
        "place.nested",
        "def $f($params):\n    def inner():\n$body\n\n    return inner()",
        depth=8,
    ),
    Place("place.method", _CLASS + "    def $f($self):\n$body", "method", "$C()", depth=8),
    Place(
        "place.async_method",
        _CLASS + "    async def $f($self):\n$body",
        "method await",
        "$C()",
        depth=8,
    ),
    Place(
        "place.call",
        _CLASS + "    def __call__($self):\n$body",
        "method",
        "$C()",
        "__call__",
        depth=8,
    ),
    Place(
        "place.static",
        "class $C:\n    @staticmethod\n    def $f($params):\n$body",
        "",
        "$C()",
        depth=8,
    ),
    Place(
        "place.called",
        "def $f($params):\n$body\n\n\ndef $caller($params):\n    $f($pass)\n    return True",
        "called",
        "",
        "$caller",
    ),
)


def fits(kinds: str, kind: str) -> bool:
    """Whether something for these kinds, or groups of kinds, is for this one."""
    return kind in GROUPS.get(kinds, kinds).split()


@functools.cache
def usable(group: str, kind: str, words: frozenset[str]) -> tuple[Row, ...]:
    """The rows of a group for a kind of call, in a place that gives these words."""
    return tuple(
        row for row in ROWS if row.group == group and kind in row.kinds and row.needs <= words
    )


@functools.cache
def constructs() -> tuple[str, ...]:
    """The names of all constructs, in table order."""
    tables: tuple[tuple[Client | Place | Row, ...], ...] = (CLIENTS, PLACES, ROWS)
    kinds = (f"kind.{kind}" for kind in KINDS)
    return (*kinds, *(row.name for table in tables for row in table), *LAYOUTS, *IMPORTS)
