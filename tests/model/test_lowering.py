"""What is known of values and effects, in literate cases grouped by construct (`cases/*.md`).

A case is a title and a block of Python. `reveal(x)  # text` says what is known of `x` there, and
a comment `# does: text` what happens on a line, both in the notation of `lowered.py`; a line that
cannot be reached says `# never`. A block that needs a newer Python says so: ```python 3.12.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import NamedTuple

import lowered
import pytest
from astroid import nodes

from incident_lint.model.lower import lower
from incident_lint.model.source import Source
from incident_lint.model.tree import parse

CASES = Path(__file__).parent / "cases"
_CASE = re.compile(
    r"^## (?P<title>[^\n]+)\n[^#]*?```python(?P<since>[ \d.]*)\n(?P<code>.*?)^```", re.M | re.S
)


class Case(NamedTuple):
    file: str
    title: str
    since: tuple[int, ...]
    code: str


def cases() -> list[Case]:
    return [
        Case(
            path.stem,
            case["title"],
            tuple(map(int, re.findall(r"\d+", case["since"]))),
            case["code"],
        )
        for path in sorted(CASES.glob("*.md"))
        for case in _CASE.finditer(path.read_text("utf-8"))
    ]


CASES_READ = cases()


def said(code: str) -> tuple[dict[int, str], dict[int, str], set[int]]:
    """By line: what is revealed, what happens, and the lines that nothing reaches."""
    known: dict[int, str] = {}
    does: dict[int, str] = {}
    never: set[int] = set()
    for number, line in enumerate(code.splitlines(), 1):
        before, _, comment = line.partition("  # ")
        if comment == "never":
            never.add(number)
        elif comment.startswith("does: "):
            does[number] = comment.removeprefix("does: ")
        elif "reveal(" in before:
            known[number] = comment
    return known, does, never


@pytest.mark.parametrize("case", CASES_READ, ids=lambda case: f"{case.file}: {case.title}")
def test_case(case: Case) -> None:
    if sys.version_info < case.since:
        pytest.skip(f"needs the syntax of Python {case.since}")
    facts = lower(Source("case.py", case.code), "case", False)
    known, does, never = said(case.code)
    assert known or does or never
    revealed, happening = lowered.reveals(facts), lowered.happenings(facts)
    assert revealed == known
    assert {line: happening.get(line, "nothing") for line in does} == does
    assert never & (revealed.keys() | happening.keys()) == set()


NEWER = {
    "TypeAlias": (3, 12),
    "TypeVar": (3, 12),
    "TypeVarTuple": (3, 12),
    "ParamSpec": (3, 12),
    "TemplateStr": (3, 14),
    "Interpolation": (3, 14),
    "TryStar": (3, 11),
}
"""Nodes of syntax that older versions cannot read."""

NOT_IN_TEXT = {
    *("NodeNG", "BaseContainer", "LocalsDictNodeNG", "ComprehensionScope", "Pattern"),  # bases
    *("EmptyNode", "EvaluatedObject", "Unknown", "const_factory"),  # made by inference only
}
DONT_KNOW = {
    "type parameter": "stands for whatever the caller means",
    "nested too deeply": "an expression that recursion could not follow",
    "unreadable annotation": "a string that holds no expression",
    "the rest of a mapping pattern": "a dict that Python makes, of entries that are not listed",
    "relative import above the top package": "names nothing: Python raises",
}
"""What the lowering says "don't know" about, each with its reason; six at most."""


def test_no_form_of_the_language_is_forgotten() -> None:
    """Every node that a text can have occurs in a case, so none is lowered by accident."""
    met = {
        type(node).__name__
        for case in CASES_READ
        if sys.version_info >= case.since
        for node in parse(Source("case.py", case.code)).module.nodes_of_class(nodes.NodeNG)
    }
    every = {one.__name__ for one in nodes.ALL_NODE_CLASSES}
    too_new = {name for name, since in NEWER.items() if sys.version_info < since}
    assert every - met - too_new - NOT_IN_TEXT == set()


def test_dont_know_has_a_listed_reason() -> None:
    chain = "x = y" + ".a" * 3000
    texts = [case.code for case in CASES_READ if sys.version_info >= case.since]
    causes = {
        value.text
        for text in [*texts, chain]
        for function in lower(Source("case.py", text), "case", False).functions
        for value in function.values
        if value.op == "unknown"
    }
    too_new = {"type parameter"} if sys.version_info < (3, 12) else set()
    assert causes | too_new == DONT_KNOW.keys()
    assert len(DONT_KNOW) <= 6


def test_every_case_is_read() -> None:
    for path in CASES.glob("*.md"):
        titles = re.findall(r"^## (.+)", path.read_text("utf-8"), re.M)
        assert titles == [case.title for case in CASES_READ if case.file == path.stem]
