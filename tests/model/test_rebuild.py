"""The quick rebuilder makes astroid's own tree, for all that the cases know of the language."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from astroid import nodes
from test_lowering import CASES_READ, Case

from incident_lint.model import rebuild

READABLE = [case for case in CASES_READ if sys.version_info >= case.since]


def links(node: Any) -> Iterator[tuple[str, str]]:
    """Every node of a tree with its parent, by class."""
    for child in node.get_children():
        yield type(child).__name__, type(child.parent).__name__
        yield from links(child)


def scopes(module: nodes.Module) -> list[tuple[str, dict[str, list[int]]]]:
    """The names of every scope with the lines that bind them."""
    return [
        (type(node).__name__, {name: [one.lineno for one in node.locals[name]] for name in node})
        for node in [module, *module.nodes_of_class(nodes.LocalsDictNodeNG)]
    ]


@pytest.mark.parametrize("case", READABLE, ids=lambda case: f"{case.file}: {case.title}")
def test_makes_what_astroid_makes(case: Case) -> None:
    quick, *others = rebuild._Quick().module(ast.parse(case.code))
    own, *expected = rebuild._Own().module(ast.parse(case.code))
    assert rebuild.same(quick, own)
    assert list(links(quick)) == list(links(own))
    assert scopes(quick) == scopes(own)
    assert quick.as_string() == own.as_string()
    assert len(others[0]) == len(expected[0]) and others[1] == expected[1]


def test_is_used_with_this_astroid() -> None:
    assert rebuild._agree()


def test_an_astroid_that_makes_other_nodes_is_left_to_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Call(nodes.Call):
        def postinit(self, *args: Any, **keywords: Any) -> None:
            super().postinit(*args, **keywords)
            self.news = 1

    monkeypatch.setattr(nodes, "Call", Call)
    rebuild._agree.cache_clear()
    try:
        module, _, _ = rebuild.rebuild(ast.parse("f(x)"))
        assert module.body[0].value.news == 1
    finally:
        rebuild._agree.cache_clear()


@pytest.mark.parametrize(
    ("left", "right"), [("a", "b"), ("a", "a()"), ("f(a)", "f(a, b)"), ("a", "(a)"), ("1", "1.0")]
)
def test_sees_a_difference(left: str, right: str) -> None:
    one, other = (rebuild._Own().module(ast.parse(text))[0] for text in (left, right))
    assert not rebuild.same(one, other)
