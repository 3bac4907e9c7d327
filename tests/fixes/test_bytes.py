"""Bytes outside the edits are untouched: line ends, encodings, marks, odd white space."""

from __future__ import annotations

import codecs

import literate
import pytest
from hypothesis import given
from hypothesis import strategies as st

from incident_lint.engine.fixing import Target, propose
from incident_lint.fixes import REWRITERS
from incident_lint.model.source import Source

PIECES = [
    [
        "x = 1",
        "\u00fc = '\u00e4\u4e2d\U0001f600'",
        "# \u00e9",
        "",
        "\f",
        "y = '''\u00e9",
        "z'''",
        "\f# \u00e4",
    ],
    ["def f(a: '\u00fc' = {'\u00e9': '\u4e2d'}, b=[]): return a, b  # \u00e9"],
    [
        "class \u00c9:",
        "\tdef f(self, a: list=[ ] ) :",
        "\t\t'\u00e4 doc'",
        "\t\t",
        "\t\treturn a  ",
    ],
    ["async def g(", "    a,", "    b = [ # \u00e4", "      1,", "    ],", "):", "\f  pass"],
]
"""Lines that go together; between the ones and the others every line end may stand."""


@st.composite
def texts(draw: st.DrawFn) -> str:
    chosen = draw(st.lists(st.sampled_from(PIECES[0][:5]), max_size=3).map(lambda one: [one]))
    pieces = [*chosen, *draw(st.permutations(PIECES))]
    lines = [line for piece in pieces for line in piece]
    ends = [draw(st.sampled_from(["\n", "\r\n", "\r"])) for _ in lines]
    if draw(st.booleans()):
        ends = [ends[0]] * len(ends)
    text = "".join(line + end for line, end in zip(lines, ends, strict=True))
    return text if draw(st.booleans()) else text.rstrip("\r\n")


def untouched(source: Source) -> tuple[list[str], str]:
    """What stands between the edits of all fixes, and the text after them."""
    fixes = propose(source, literate.findings(source), Target((3, 10)), REWRITERS)
    edits = sorted({edit for fix in fixes.values() for edit in fix.edits})
    between, last = [], 0
    for span, _ in edits:
        between.append(source.text[last : source.offset(*span[:2])])
        last = source.offset(*span[2:])
    assert fixes
    return [*between, source.text[last:]], literate.fixed(source.text).text


@given(texts())
def test_what_is_between_the_edits_stays_as_it_is(text: str) -> None:
    between, after = untouched(Source("case.py", text))
    place = 0
    for piece in between:
        place = after.index(piece, place) + len(piece)
    assert literate.fixed(after).text == after
    assert (
        sum(
            finding.code in ("INC101", "INC102")
            for finding in literate.findings(Source("case.py", after))
        )
        == 0
    )


@given(st.sampled_from(["\n", "\r\n", "\r"]), st.booleans())
def test_new_lines_end_as_the_others_do(end: str, last: bool) -> None:
    lines = ["'''Doc.'''", "def f(a=[]):", "    '''Doc.'''"]
    text = end.join(lines) + (end if last else "")
    after = [
        "'''Doc.'''",
        "def f(a=None):",
        "    '''Doc.'''",
        "    if a is None:",
        "        a = []",
    ]
    assert literate.fixed(text).text == end.join(after) + (end if last else "")


@given(st.sampled_from(["\n", "\r\n", "\r"]), st.booleans())
def test_a_statement_below_another_ends_as_that_does(end: str, last: bool) -> None:
    lines = ["import requests", "def f(é):", "\té = requests.get(é)  # é", "\tprint(é.text)"]
    after = [*lines[:3], "\té.raise_for_status()", lines[3]]
    ending = end if last else ""
    assert literate.fixed(end.join(lines) + ending).text == end.join(after) + ending


@pytest.mark.parametrize(
    "data",
    [
        codecs.BOM_UTF8 + "def f(é=[]):\n    return é\n".encode(),
        "# -*- coding: latin-1 -*-\ndef f(é=[]):\n    return é\n".encode("latin-1"),
    ],
    ids=["mark", "latin-1"],
)
def test_columns_are_those_of_the_decoded_text(data: bytes) -> None:
    source = Source.from_bytes("case.py", data)
    after = source.text.replace("=[]):\n", "=None):\n    if é is None:\n        é = []\n")
    assert literate.fixed(source.text).text == after
