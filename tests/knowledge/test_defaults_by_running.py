"""Python is the judge: what rows say of a default is tried on the objects that are made."""

from __future__ import annotations

import collections.abc
import importlib
import inspect
from typing import Any

import pytest

from incident_lint.knowledge.catalogue import Catalogue, Row
from incident_lint.knowledge.paths import Segment, parse

CATALOGUE = Catalogue.load()


def made(expression: str) -> Any:
    """The value of an expression, its first names imported."""
    modules = "array asyncio collections configparser csv datetime decimal email.message enum "
    modules += "fractions functools heapq http.cookies io ipaddress itertools logging operator "
    modules += "argparse pathlib queue re random struct tempfile types typing uuid weakref"
    names = {name.partition(".")[0]: importlib.import_module(name) for name in modules.split()}
    names["email"] = importlib.import_module("email")
    names["http"] = importlib.import_module("http")
    return eval(expression, names)


def row_of(role: str, expression: str) -> Row | None:
    """The row for a call, its arguments left out: `list([1])` is `list()`."""
    head, _, _ = expression.partition("(")
    (path,) = parse(head)
    return CATALOGUE.match(role, (*path, Segment("call")))


EMPTY = [
    *("list()", "dict()", "set()", "bytearray()", "collections.deque(maxlen=3)"),
    *("collections.defaultdict(list)", "collections.Counter()", "collections.OrderedDict()"),
    *("collections.UserDict()", "collections.UserList()", "collections.ChainMap()"),
    *("array.array('i')", "weakref.WeakKeyDictionary()", "weakref.WeakValueDictionary()"),
    *("weakref.WeakSet()", "http.cookies.SimpleCookie()", "email.message.EmailMessage()"),
]


@pytest.mark.parametrize("expression", EMPTY)
def test_an_object_is_empty_without_what_fills_it(expression: str) -> None:
    row = row_of("mutable-constructor", expression)
    assert row is not None
    assert len(made(expression)) == 0
    assert row.keys["empty"] in ("always", "without-arguments")
    if row.keys["empty"] == "without-arguments" and not expression.endswith("()"):
        assert 0 not in row.keys["filled_by"] or "maxlen" in expression


FULL = [
    *("list('a')", "dict(a=1)", "set('a')", "bytearray(b'a')", "collections.deque('a')"),
    *("collections.defaultdict(list, a=[])", "collections.Counter('a')", "sorted('a')"),
    *("collections.OrderedDict(a=1)", "array.array('i', [1])", "dict.fromkeys('a')", "dir()"),
    *("random.sample([1], 1)", "heapq.nlargest(1, [1])", "re.findall('a', 'a')"),
]


@pytest.mark.parametrize("expression", FULL)
def test_an_object_may_be_full_with_what_fills_it(expression: str) -> None:
    row = row_of("mutable-constructor", expression)
    assert row is not None
    assert len(made(expression)) > 0
    assert row.keys.get("empty", "never") in ("never", "without-arguments")


ITERATORS = [
    *("iter([])", "map(str, [])", "filter(None, [])", "zip([])", "enumerate([])", "reversed([])"),
    *("itertools.chain([])", "itertools.islice([], 1)", "itertools.product([])"),
    *("itertools.permutations([])", "heapq.merge([])", "re.finditer('a', '')", "csv.reader([])"),
]


@pytest.mark.parametrize("expression", ITERATORS)
def test_an_iterator_is_its_own_iterator(expression: str) -> None:
    row = row_of("mutable-constructor", expression)
    assert row is not None
    assert row.keys["iterator"]
    iterator = made(expression)
    assert iter(iterator) is iterator


def test_a_range_can_be_iterated_again() -> None:
    assert row_of("mutable-constructor", "range(3)") is None
    numbers = made("range(3)")
    assert list(numbers) == list(numbers) != []


IMMUTABLE = [
    *("object()", "int()", "float()", "str()", "bytes()", "range(3)", "frozenset()", "tuple()"),
    *("operator.itemgetter(0)", "re.compile('a')", "decimal.Decimal(1)", "fractions.Fraction(1)"),
    *(
        "pathlib.Path('a')",
        "datetime.timedelta(1)",
        "datetime.date(2023, 7, 14)",
        "uuid.UUID(int=1)",
    ),
    *("uuid.UUID(int=1)", "ipaddress.ip_address('::1')", "struct.Struct('b')"),
    *("typing.TypeVar('T')", "logging.getLogger('a')", "functools.partial(int)"),
]


@pytest.mark.parametrize("expression", IMMUTABLE)
def test_an_immutable_object_has_a_hash_and_no_method_that_changes_it(expression: str) -> None:
    assert row_of("immutable-constructor", expression) is not None
    assert row_of("mutable-constructor", expression) is None
    value = made(expression)
    hash(value)
    assert not {"append", "add", "update", "__setitem__", "__iadd__"} & set(dir(value))


def test_a_read_only_view_of_a_dict_refuses_to_be_changed() -> None:
    assert row_of("immutable-constructor", "types.MappingProxyType({})") is not None
    with pytest.raises(TypeError):
        made("types.MappingProxyType({})")["a"] = 1


def test_read_only_types_have_no_method_that_changes_them() -> None:
    said = {
        name
        for name in collections.abc.__all__
        for path in parse(f"collections.abc.{name}")
        if CATALOGUE.match("read-only-annotation", path)
    }
    assert {"Sequence", "Mapping", "Iterable", "Collection", "Set"} <= said
    for name in said:
        abstract = getattr(collections.abc, name)
        changing = {"append", "add", "__setitem__", "__delitem__", "send", "__next__", "update"}
        assert not changing & {member for member, _ in inspect.getmembers(abstract)}, name


@pytest.mark.parametrize("name", ["MutableSequence", "MutableMapping", "MutableSet", "Iterator"])
def test_types_that_change_are_no_promise(name: str) -> None:
    for path in parse(f"{{collections.abc,typing}}.{name}{{,[]}}"):
        assert CATALOGUE.match("read-only-annotation", path) is None


@pytest.mark.parametrize("text", ["typing.Sequence[]", "collections.abc.Mapping", "typing.Tuple[]"])
def test_annotations_are_known_with_and_without_parameters(text: str) -> None:
    (path,) = parse(text)
    assert CATALOGUE.match("read-only-annotation", path) is not None


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("dataclasses.dataclass()", "frozen=True"),
        ("attrs.define()", "frozen=True"),
        ("attrs.frozen", None),
        ("attr.s()", "frozen=True"),
    ],
)
def test_decorators_freeze_a_class_on_condition(text: str, when: str | None) -> None:
    (path,) = parse(text)
    row = CATALOGUE.match("frozen-decorator", path)
    assert row is not None
    assert row.keys.get("when") == when


@pytest.mark.parametrize(
    ("role", "text"),
    [
        ("marker-call", "fastapi.Depends()"),
        ("marker-call", "typer.Option()"),
        ("marker-call", "pydantic.Field()"),
        ("marker-call", "dependency_injector.wiring.Provide[]"),
        ("immutable-base", "enum.Enum"),
        ("immutable-base", "typing.NamedTuple"),
        ("stub-decorator", "typing.overload"),
        ("stub-decorator", "abc.abstractmethod"),
        ("wrapper", "property"),
        ("wrapper", "functools.lru_cache"),
        ("wrapper", "functools.lru_cache()"),
        ("wrapper", "contextlib.contextmanager"),
    ],
)
def test_what_frameworks_and_wrappers_are_known(role: str, text: str) -> None:
    (path,) = parse(text)
    assert CATALOGUE.match(role, path) is not None
