"""The quick rebuilder makes astroid's own tree, for all that the cases know of the language."""

from __future__ import annotations

import ast
import gc
import sys
import weakref
from collections.abc import Iterator
from typing import Any

import pytest
from astroid import nodes
from test_lowering import CASES_READ, Case

from incident_lint.model import rebuild
from incident_lint.model.rebuild_own import Own
from incident_lint.model.rebuild_quick import Quick

READABLE = [case for case in CASES_READ if sys.version_info >= case.since]


def links(node: Any) -> Iterator[tuple[str, str]]:
    """Every node of a tree with its parent, by class."""
    for child in node.get_children():
        yield type(child).__name__, type(child.parent).__name__
        yield from links(child)


def scopes(module: nodes.Module) -> list[dict[str, list[Any]]]:
    """The names of every scope with the lines that bind them."""
    return [
        {name: [one.lineno for one in found] for name, found in node.locals.items()}
        for node in module.nodes_of_class(nodes.LocalsDictNodeNG)
    ]


@pytest.mark.parametrize("case", READABLE, ids=lambda case: f"{case.file}: {case.title}")
def test_makes_what_astroid_makes(case: Case) -> None:
    quick_tree = Quick().module(ast.parse(case.code))
    own_tree = Own().module(ast.parse(case.code))
    quick, own = quick_tree.module, own_tree.module
    assert rebuild.same(quick, own)
    assert list(links(quick)) == list(links(own))
    assert scopes(quick) == scopes(own)
    assert quick.as_string() == own.as_string()
    assert len(quick_tree.declarations) == len(own_tree.declarations)
    assert quick_tree.has_stars == own_tree.has_stars


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
        module = rebuild.rebuild(ast.parse("f(x)")).module
        assert module.body[0].value.news == 1
    finally:
        rebuild._agree.cache_clear()


@pytest.mark.parametrize(
    ("left", "right"), [("a", "b"), ("a", "a()"), ("f(a)", "f(a, b)"), ("a", "(a)"), ("1", "1.0")]
)
def test_sees_a_difference(left: str, right: str) -> None:
    one, other = (Own().module(ast.parse(text)).module for text in (left, right))
    assert not rebuild.same(one, other)


@pytest.mark.parametrize("kind", [Quick, Own])
def test_a_released_tree_is_gone_without_the_collector(kind: type[Own]) -> None:
    text = """
@d
class A(b, metaclass=c):
    def f(self, *a, k: int = 1, **kw) -> "x":
        try:
            global g
            for g, [h, *i] in a + b + c: pass
        except (E, F) as e: return lambda q, *r: q
        with a as b.c: del b[1:2], a
        match a:
            case [1, *x] | {"k": x, **y} | C(z=x): (w := x)
        return [{p: f"{q}", **r} for p in a if p < 1]
"""
    last_class = ("ClassDef", "Decorators", "Name")
    tree = kind().module(ast.parse(text))
    left = [weakref.ref(node) for node in tree.module.nodes_of_class(nodes.NodeNG)]
    gc.collect()
    gc.disable()
    try:
        tree.release()
        del tree
        # astroid remembers the last class that it made; nothing of its body or around it.
        assert {type(one()).__name__ for one in left} <= {"NoneType", *last_class}
    finally:
        gc.enable()
