"""Python is the judge: what rows say is evaluated once is called twice."""

from __future__ import annotations

import builtins
import functools
import importlib
import sys
from itertools import islice, repeat
from typing import Any

import pytest

from incident_lint.knowledge import roles, rows, rules
from incident_lint.knowledge.catalogue import Catalogue, Row
from incident_lint.knowledge.paths import CALL, parse

CATALOGUE = Catalogue.load()
MODULES = "datetime email.utils http.client os random secrets smtplib tempfile threading time uuid"
PYTHON = sys.stdlib_module_names | set(dir(builtins))
NOT_EVERYWHERE = {
    *("uuid.uuid6", "uuid.uuid7", "random.binomialvariate"),  # newer than the lowest Python
    *("os.getrandom", "time.clock_gettime", "time.clock_gettime_ns", "tempfile.mktemp"),
}


def made(expression: str) -> Any:
    """The value of an expression, its first names imported."""
    names = {
        module.partition(".")[0]: importlib.import_module(module) for module in MODULES.split()
    }
    for root in ("email", "http"):
        names[root] = importlib.import_module(root)
    return eval(expression, names)


def row_of(expression: str) -> Row | None:
    start = expression.find(").") + 1  # of an object that is made just for this
    (path,) = parse(expression[:start] + expression[start:].partition("(")[0])
    return CATALOGUE.match("evaluated-once", (*path, CALL))


CHANGING = [
    *("time.time()", "time.time_ns()", "time.monotonic_ns()", "time.perf_counter_ns()"),
    *("time.process_time_ns()", "datetime.datetime.now()", "datetime.datetime.today()"),
    *("random.random()", "random.uniform(0, 1)", "random.randint(0, 9)", "random.choice('ab')"),
    *("random.choices('ab', k=9)", "random.sample('abcdef', 3)", "random.getrandbits(8)"),
    *("random.randbytes(4)", "random.gauss(0, 1)", "random.SystemRandom().random()"),
    *("secrets.token_hex()", "secrets.token_urlsafe()", "secrets.randbelow(9)", "os.urandom(4)"),
    *("uuid.uuid1()", "uuid.uuid4()", "email.utils.make_msgid()"),
]


@pytest.mark.parametrize("expression", CHANGING)
def test_another_call_gives_something_else(expression: str) -> None:
    row = row_of(expression)
    assert row is not None
    assert "held" not in row.keys
    first = made(expression)
    assert any(made(one) != first for one in islice(repeat(expression), 5000))


HELD = [
    *("threading.Thread()", "threading.Timer(1, print)", "smtplib.SMTP()"),
    *("http.client.HTTPConnection('localhost')", "tempfile.SpooledTemporaryFile()"),
]


@pytest.mark.parametrize("expression", HELD)
def test_another_call_gives_an_object_of_its_own(expression: str) -> None:
    assert row_of(expression) is not None
    assert made(expression) is not made(expression)


FIXED = [
    *("time.localtime(0)", "time.gmtime(0)", "time.ctime(0)", "time.asctime(time.gmtime(0))"),
    *("time.strftime('%Y', time.gmtime(0))", "email.utils.formatdate(0)"),
]


@pytest.mark.parametrize("expression", FIXED)
def test_an_argument_that_fixes_the_answer_does(expression: str) -> None:
    row = row_of(expression)
    assert row is not None
    position = 1 if "strftime" in expression else 0
    assert position in row.keys["fixed_by"]
    assert made(expression) == made(expression)


@pytest.mark.parametrize(
    "text",
    [
        *("uuid.uuid3()", "uuid.uuid5()", "uuid.UUID()", "uuid.getnode()", "object()"),
        *("datetime.datetime.fromtimestamp()", "datetime.datetime()", "datetime.date()"),
        *("random.seed()", "random.shuffle()", "threading.Lock()", "tempfile.gettempdir()"),
    ],
)
def test_what_is_the_same_each_time_or_shared_on_purpose_is_not_named(text: str) -> None:
    assert row_of(text) is None


def dotted(row: Row) -> str:
    """The names that a pattern starts with, up to the first call."""
    names = []
    for segment in row.pattern:
        if segment.kind != "name":
            break
        names.append(segment.text)
    return ".".join(names)


def names_of_python() -> list[str]:
    known = roles.load(rules.folder())
    files = sorted((rules.folder() / "shared_defaults").glob("evaluated_once*.toml"))
    found = {dotted(row) for file in files for row in rows.load(file, known, users=False)}
    return sorted(name for name in found - NOT_EVERYWHERE if name.partition(".")[0] in PYTHON)


@pytest.mark.parametrize("name", names_of_python())
def test_every_name_of_the_standard_library_exists(name: str) -> None:
    parts = name.split(".")
    if hasattr(builtins, name):
        return
    for length in range(len(parts), 0, -1):
        try:
            module = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        assert callable(functools.reduce(getattr, parts[length:], module))
        return
    pytest.fail(f"no module for {name}")
