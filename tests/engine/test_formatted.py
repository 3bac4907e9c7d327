"""`engine/formatted.py` and `engine/payloads.py`: texts that are put together, and their holes."""

from pathlib import Path

import pytest
import test_outside

from incident_lint.engine.definitions import Ref
from incident_lint.engine.formatted import Formatted, Piece
from incident_lint.engine.payloads import holes
from incident_lint.engine.project import Project
from incident_lint.model.source import Source

_FOLDER = Path(__file__).with_name("spikes") / "formatted"


@pytest.mark.parametrize("body", list(test_outside.cases(_FOLDER)))
def test_case(body: str, tmp_path: Path) -> None:
    expected = test_outside.write(body, tmp_path)
    assert expected
    project = Project(cwd=tmp_path)
    formatted = Formatted(project)
    module = project.add(Source.from_bytes("app.py", (tmp_path / "app.py").read_bytes()))
    found = {}
    for value, ref, _ in test_outside.shown(module):
        assert value.at is not None
        texts = [formatted.pieces(source) for source in formatted.sources(ref)]
        (pieces,) = [pieces for pieces in texts if pieces] or [[]]
        found[value.at.line] = "".join("*" if piece.value else piece.text for piece in pieces)
    assert found == expected


def pieces(text: str) -> list[Piece]:
    """`*` is a value; its number is that of its place among them."""
    parts, found = text.split("*"), []
    for number, part in enumerate(parts):
        if number:
            found.append(Piece("", Ref("", 0, number), Ref("", 0, 0)))
        found.append(Piece(part, None, Ref("", 0, 0)))
    return found


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("body", '{"a": "*", "b": *}', ["json 1 quoted", "json 2"]),
        ("body", ' [{"a": "\\"*"}]', ["json 1 quoted"]),
        ("body", "a=*&b=*", ["query 1", "query 2"]),
        ("body", "hello *", []),
        ("body", "<a b='*'/>", []),
        ("body", "*", []),
        ("query", "a=*", ["query 1"]),
        ("query", "*", ["query 1"]),
        ("url", "https://*/x?a=*#*", ["query 2"]),
        ("url", "https://*/x", []),
        ("url", "*?a=1", []),
        ("url", "*#x?a=*", []),
        ("header", "Bearer *", []),
        ("header", "Basic *:*", ["header 1", "header 2"]),
        ("header", 'attachment; filename="*"', ["header 1 quoted"]),
        ("header", '{"a": "*"}', ["json 1 quoted"]),
        ("mail", "Subject: *\n\nHello *", ["header 1"]),
        ("mail", "From: *\r\nTo: *\r\n\r\n*", ["header 1", "header 2"]),
        ("mail", "Hello *", []),
        ("headers", "*", []),
    ],
)
def test_which_values_can_break_out(kind: str, text: str, expected: list[str]) -> None:
    found = [
        f"{hole.syntax} {hole.value.value}{' quoted' * hole.quoted}"
        for hole in holes(pieces(text), kind)
    ]
    assert found == expected
