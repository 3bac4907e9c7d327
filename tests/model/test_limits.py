"""Input of a size and depth that nobody writes: right, or an error with a reason."""

from __future__ import annotations

import gc
import sys

import pytest

from incident_lint.model.facts import Facts
from incident_lint.model.lower import lower
from incident_lint.model.source import Source, SourceError


def facts(text: str) -> Facts:
    return lower(Source("a.py", text), "a", False)


def values(text: str) -> int:
    return sum(len(function.values) for function in facts(text).functions)


def causes(text: str) -> set[str]:
    return {v.text for f in facts(text).functions for v in f.values if v.op == "unknown"}


def in_function(*lines: str) -> str:
    return "\n    ".join(["def f(a, b):", *lines])


def nested(head: str, depth: int) -> str:
    return "".join("    " * i + head + "\n" for i in range(depth)) + "    " * depth + "x = 1\n"


def test_a_long_chain_of_operators_is_followed() -> None:
    assert values("x = " + " + ".join(["a"] * 1000)) == 1999


@pytest.mark.parametrize(
    "text",
    [
        "x = y" + ".a" * 5000,
        "x = y" + ".a()" * 3000,
        "x = y" + "[0]" * 3000,
        "x = " + "-" * 3000 + "y",
    ],
)
def test_what_is_nested_too_deeply_is_not_known_but_the_rest_is(text: str) -> None:
    try:
        found = facts(f"def g(): pass\n{text}\n")
    except SourceError as error:  # some versions of Python do not parse it
        assert "nested too deeply" in error.reason
        return
    assert {"g", "x"} <= found.functions[0].binds.keys()
    assert "nested too deeply" in causes(text)


@pytest.mark.parametrize(
    "text", ["x = " + "(" * 300 + "y" + ")" * 300, "x = 1\0", "x = " + "9" * 6000, "def f(:"]
)
def test_what_python_refuses_is_an_error_with_a_reason(text: str) -> None:
    if sys.version_info < (3, 10, 7) and text.endswith("9"):
        assert values(text)
        return
    with pytest.raises(SourceError, match=r"Python|parsed"):
        facts(text)


@pytest.mark.parametrize("head", ["def f():", "class A:", "if a:", "for b in a:", "while a:"])
def test_nested_blocks(head: str) -> None:
    assert values(nested(head, 90)) > 0
    with pytest.raises(SourceError, match="indentation"):
        facts(nested(head, 101))


def test_an_elif_chain() -> None:
    chain = [f"elif a == {i}: x = {i}" for i in range(500)]
    assert values(in_function("if b: x = -1", *chain, "return x")) < 6000


def test_ifs_one_after_the_other() -> None:
    assert values(in_function(*[f"if a == {i}: b = {i}" for i in range(2000)])) < 20_000


@pytest.mark.parametrize("operator", [" or ", " and "])
def test_a_chain_of_conditions_on_one_name(operator: str) -> None:
    assert values(in_function("x = " + operator.join(["a"] * 2000))) < 8000
    assert values(in_function("if " + operator.join(["a"] * 2000) + ": return a")) < 10_000


@pytest.mark.parametrize("end", ["except E:\n        h(x1)", "finally:\n        h(x1)"])
def test_a_long_try_grows_in_proportion(end: str) -> None:
    def size(statements: int) -> int:
        lines = [f"    x{i} = g(a)" for i in range(statements)]
        return values(in_function("try:", *lines, end))

    assert size(2000) < 2.2 * size(1000)


def test_finally_in_finally_does_not_multiply_without_end() -> None:
    lines = ["f()"]
    for _ in range(30):
        lines = ["try:", "    if b: return a()", "finally:", *(f"    {line}" for line in lines)]
    assert values(in_function(*lines)) < 50_000


def test_many_returns_share_a_long_finally() -> None:
    returns = [f"    if b: return {i}" for i in range(500)]
    final = [f"    x{i} = a()" for i in range(500)]
    assert values(in_function("try:", *returns, "finally:", *final)) < 30_000


@pytest.mark.parametrize(
    "text",
    [
        "x = {" + ",".join(f"'é{i}': {i}" for i in range(20_000)) + "}",
        "x = [" + ",".join(["a"] * 20_000) + "]",
        "x = (" + ",".join(["*a"] * 20_000) + ")",
        "f(" + ",".join(f"a{i}=1" for i in range(20_000)) + ")",
    ],
)
def test_large_displays_and_calls(text: str) -> None:
    assert values(text) >= 20_000


def test_a_number_that_python_does_not_write_in_decimal() -> None:
    value = facts("x = 0x" + "f" * 6000).functions[0].values[0]
    assert value.text.startswith("0xfff") and value.text.endswith("...6002")


def test_the_process_is_left_as_it_was() -> None:
    limit = sys.getrecursionlimit()
    for text in ("x = 1", "x = y" + ".a" * 5000):
        facts(text)
        assert gc.isenabled()
        assert sys.getrecursionlimit() == limit
    gc.disable()
    try:
        facts("x = 1")
        assert not gc.isenabled()
    finally:
        gc.enable()
