"""Selectors: codes, prefixes, symbols and ALL, and which of several decides."""

from __future__ import annotations

import pytest

from incident_lint.engine.finding import Finding
from incident_lint.hosts.select import Layer, UnknownSelector, names, resolve, selects, shown
from incident_lint.knowledge import rules
from incident_lint.model.source import Span

ON = frozenset(code for code, rule in rules.codes().items() if rule.default_on)


def test_without_a_selection_what_is_on_by_default_is_on() -> None:
    assert resolve([]) == ON


def test_a_prefix_selects_what_is_on_below_it() -> None:
    assert {"INC101", "INC102"} <= selects("INC1")
    assert "INC105" not in selects("INC1")


@pytest.mark.parametrize("selector", ["INC105", "default-as-cache", "ALL"])
def test_a_code_a_symbol_and_all_select_what_is_off(selector: str) -> None:
    assert "INC105" in selects(selector)


def test_a_prefix_ignores_what_is_off_too() -> None:
    assert "INC105" in names("INC1")


@pytest.mark.parametrize(
    ("word", "hint"),
    [("INC999", "INC"), ("inc101", "INC101"), ("mutable-defaults", "mutable-default"), ("", None)],
)
def test_an_unknown_word_names_the_nearest(word: str, hint: str | None) -> None:
    with pytest.raises(UnknownSelector) as caught:
        names(word)
    assert hint is None or hint in str(caught.value)


@pytest.mark.parametrize(
    ("layers", "code", "is_on"),
    [
        ([Layer(select=("INC102",))], "INC101", False),
        ([Layer(ignore=("INC1",))], "INC101", False),
        ([Layer(select=("INC101",), ignore=("INC1",))], "INC101", True),
        ([Layer(select=("INC1",), ignore=("INC101",))], "INC101", False),
        ([Layer(select=("INC101",), ignore=("INC101",))], "INC101", False),
        ([Layer(select=("mutable-default-leaks",), ignore=("INC10",))], "INC101", True),
        ([Layer(select=("ALL",), ignore=("INC1",))], "INC101", False),
        ([Layer(select=("ALL",), ignore=("INC1",))], "INC404", True),
        ([Layer(extend_select=("INC105",))], "INC105", True),
        ([Layer(extend_select=("INC105",))], "INC101", True),
        ([Layer(ignore=("INC101",)), Layer(select=("INC1",))], "INC101", True),
        ([Layer(ignore=("INC101",)), Layer(extend_select=("INC1",))], "INC101", True),
        ([Layer(select=("INC101",)), Layer(ignore=("INC1",))], "INC101", False),
        ([Layer(select=("INC105",)), Layer(select=("INC102",))], "INC105", False),
    ],
)
def test_the_longest_selector_of_the_last_layer_decides(
    layers: list[Layer], code: str, is_on: bool
) -> None:
    assert (code in resolve(layers)) is is_on


def test_a_narrow_selection_still_says_that_a_file_cannot_be_checked() -> None:
    assert "INC002" in resolve([Layer(select=("INC101",))])
    assert "INC002" not in resolve([Layer(select=("INC101",), ignore=("INC002",))])


@pytest.mark.parametrize(
    ("confidence", "least", "expected"),
    [
        ("proved", "proved", True),
        ("suspected", "proved", False),
        ("suspected", "suspected", True),
        ("proved", "suspected", True),
    ],
)
def test_confidence(confidence: str, least: str, expected: bool) -> None:
    finding = Finding("INC101", "a.py", Span(1, 1, 1, 2), "m", confidence)  # type: ignore[arg-type]
    assert bool(shown([finding], frozenset({"INC101"}), least)) is expected
    assert not shown([finding], frozenset({"INC102"}), least)


def test_for_a_suspicion_nobody_wants_what_is_proved_is_shown() -> None:
    proved = Finding("INC102", "a.py", Span(1, 1, 1, 2), "only read")
    suspected = Finding("INC101", "a.py", Span(1, 1, 1, 2), "may leak", "suspected", (), proved)
    both = frozenset({"INC101", "INC102"})
    assert shown([suspected], both, "suspected") == (suspected,)
    assert shown([suspected], both, "proved") == (proved,)
    assert shown([suspected], frozenset({"INC101"}), "proved") == ()
