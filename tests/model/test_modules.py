"""What a module says of itself as a whole: annotations, imports, names for type checkers."""

from __future__ import annotations

import lowered
import pytest

from incident_lint.model.facts import Facts, Function
from incident_lint.model.lower import lower
from incident_lint.model.source import Source


def facts(text: str, module: str = "pkg.mod", is_package: bool = False) -> Facts:
    return lower(Source("a.py", text), module, is_package)


def shown(found: Facts, function: Function, value: int | None) -> str:
    assert value is not None
    return lowered.Shown(found, function).value(value)


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        ("int", "int"),
        ("'int'", "int"),
        ("'list[int]'", "list[int]"),
        ("list['int']", "list[int]"),
        ("dict[str, 'list[\"int\"]']", "dict[(str, list[int])]"),
        ("'int' | None", "int | None"),
        ("Callable[['int'], 'str']", "Callable[([int], str)]"),
        ("Literal['int']", "Literal['int']"),
        ("typing.Literal['int', 'a b']", "typing.Literal[('int', 'a b')]"),
        ("Annotated['int', 'text']", "Annotated[(int, 'text')]"),
        ("list['a b']", "list[<unknown unreadable annotation>]"),
    ],
)
def test_annotations(annotation: str, expected: str) -> None:
    found = facts(f"class A:\n    x: {annotation}\ndef f(p: {annotation}): ...\n")
    body = found.functions[0]
    for value in (found.classes[0].annotations["x"], found.functions[1].params[0].annotation):
        assert shown(found, body, value) == expected


def test_a_string_annotation_is_where_the_string_is() -> None:
    found = facts("def f(p: 'list[int]'): ...\n")
    annotation = found.functions[1].params[0].annotation
    assert annotation is not None
    assert {v.at for v in found.functions[0].values[: annotation + 1]} == {(1, 10, 1, 21)}


@pytest.mark.parametrize(
    ("text", "stars", "imported"),
    [
        ("from a.b import *", ("a.b",), "a.b"),
        ("from . import *", ("pkg",), "pkg"),
        ("from .c import *", ("pkg.c",), "pkg.c"),
        ("from .. import *", ("..",), ".."),
        ("from ...c import *", ("...c",), "...c"),
    ],
)
def test_star_imports(text: str, stars: tuple[str, ...], imported: str) -> None:
    found = facts(text)
    assert found.stars == stars
    assert [name for name, _ in found.imports] == [imported]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("if TYPE_CHECKING:\n    from a import b, c as d\n    E = 1", {"b", "d", "E"}),
        ("if typing.TYPE_CHECKING:\n    import a.b\nelse:\n    a = None", set()),
        ("if not TYPE_CHECKING:\n    x = 1\nelse:\n    import y", {"y"}),
        (
            "if TYPE_CHECKING:\n    def f():\n        import a\n    class B:\n        c = 1",
            {"f", "B"},
        ),
        ("def f():\n    if TYPE_CHECKING:\n        import a", set()),
        ("class A:\n    if TYPE_CHECKING:\n        import a", set()),
        ("if TYPE_CHECKING:\n    import a\ntry:\n    a = 1\nexcept E: pass", set()),
    ],
)
def test_names_for_type_checkers_only(text: str, names: set[str]) -> None:
    assert facts(text).typing_only == names


@pytest.mark.parametrize(
    ("text", "exports", "dynamic"),
    [
        ("x = 1", None, False),
        ("__all__ = []", (), False),
        ("__all__ = ['a', 'b']\n__all__ += ('c',)", ("a", "b", "c"), False),
        ("__all__ = ['a']\n__all__.extend(['b'])\n__all__.append('c')", ("a", "b", "c"), False),
        ("__all__ = ['a']\n__all__ = ['b']", ("b",), False),
        ("__all__: list[str] = ['a']", ("a",), False),
        ("__all__ = a.__all__", None, True),
        ("__all__ = ['a', b]", None, True),
        ("__all__ = ['a']\n__all__.remove('a')", None, True),
        ("__all__ = ['a']\n__all__.extend(b)", None, True),
    ],
)
def test_exports(text: str, exports: tuple[str, ...] | None, dynamic: bool) -> None:
    found = facts(text)
    assert (found.exports, found.dynamic_exports) == (exports, dynamic)


def test_a_closure_sees_what_is_bound_before_it() -> None:
    found = facts("def f(a):\n    b = a\n    def g(): return a, b\n    b = 2\n    return g\n")
    outer, inner = found.functions[1:]
    assert inner.captures == {"a": 1, "b": 1}
    assert [shown(found, outer, v) for v in outer.binds["b"]] == ["a", "2"]
    made = next(i for i, value in enumerate(outer.values) if value.op == "func")
    places = outer.bound_at["b"]
    assert len(places) == 2 and places[0][1] <= made < places[1][1]
    assert outer.bound_at["a"] == ((0, 1),)


def test_columns_count_characters() -> None:
    found = facts("é = 'ü'; x = f('日本', é)\ny = 1\n")
    calls = [v.at for v in found.functions[0].values if v.op == "call"]
    assert calls == [(1, 14, 1, 24)]
