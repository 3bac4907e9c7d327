"""What rows say is shared is the same object in Python, and what they leave out is not."""

import argparse
import itertools
from collections import Counter, OrderedDict, UserDict, defaultdict
from contextvars import ContextVar, copy_context
from typing import NamedTuple

import pytest

from incident_lint.knowledge.catalogue import Catalogue
from incident_lint.knowledge.paths import parse

ROLE = "shared-element"


NEW: list = []


class Row(NamedTuple):
    sender: str
    recipients: list = NEW


VAR: ContextVar[list] = ContextVar("var", default=NEW)

SHARED = {
    "dict.fromkeys()": lambda: dict.fromkeys("ab", NEW).values(),
    "dict().fromkeys()": lambda: {}.fromkeys("ab", NEW).values(),
    "collections.OrderedDict.fromkeys()": lambda: OrderedDict.fromkeys("ab", NEW).values(),
    "collections.defaultdict.fromkeys()": lambda: defaultdict.fromkeys("ab", NEW).values(),
    "collections.UserDict.fromkeys()": lambda: UserDict.fromkeys("ab", NEW).values(),
    "itertools.repeat()": lambda: list(itertools.repeat(NEW, 2)),
    "contextvars.ContextVar()": lambda: [copy_context().run(VAR.get) for _ in "ab"],
}
"""API path -> what makes the slots of one object of it."""

WITHOUT_A_ROW = {
    "repetition": lambda: [NEW] * 2,
    "repetition in place": lambda: [NEW].__imul__(2),
    "repetition of a tuple": lambda: (NEW,) * 2,
    "a named tuple's field": lambda: [Row("a").recipients, Row("b").recipients],
}


@pytest.mark.parametrize("path", SHARED)
def test_a_row_is_about_one_object(path: str) -> None:
    assert Catalogue.load().match(ROLE, parse(path)[0]) is not None
    first, second = SHARED[path]()
    assert first is second


@pytest.mark.parametrize("made", WITHOUT_A_ROW.values(), ids=WITHOUT_A_ROW)
def test_what_the_engine_knows_is_one_object(made) -> None:
    first, second = made()
    assert first is second


def test_a_counter_has_no_fromkeys_of_its_own() -> None:
    with pytest.raises(NotImplementedError):
        Counter.fromkeys("ab", NEW)


@pytest.mark.parametrize("action", ["append", "extend"])
def test_argparse_copies_before_it_appends(action: str) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("-t", action=action, default=["a"])
    assert [parser.parse_args(["-t", "b"]).t for _ in range(2)] == [["a", "b"]] * 2
    assert parser.parse_args([]).t == ["a"]


@pytest.mark.parametrize("name", ["ib", "attrib", "field"])
def test_attrs_shares_a_default(name: str) -> None:
    attr = pytest.importorskip("attr", reason="attrs is no dependency of ours")
    made = attr.make_class("Made", {"tags": getattr(attr, name)(default=[])})
    assert Catalogue.load().match(ROLE, parse(f"attr.{name}()")[0]) is not None
    assert made().tags is made().tags
    converted = attr.make_class("Made", {"tags": getattr(attr, name)(default=[], converter=list)})
    assert converted().tags is not converted().tags
