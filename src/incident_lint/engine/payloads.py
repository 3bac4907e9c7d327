"""Structured text that is put together by hand: which of its values stand inside its syntax?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple, TypeAlias

from .definitions import Ref
from .formatted import Piece

Syntax: TypeAlias = Literal["json", "query", "header"]
_HOLE = "\0"
_JSON = re.compile(r'\s*(\{\s*"|\[\s*[{"])')
_FORM = re.compile(r"[\w.%\[\]-]+=[^\s<>{}]*")
_STRUCTURED = re.compile(r'[;="<>,]|^Basic .*:')
_END_OF_HEADERS = re.compile(r"\r?\n\r?\n")


class Hole(NamedTuple):
    """A value inside structured text: in what syntax, the expression that puts it there, and
    whether it stands between quotation marks."""

    value: Ref
    syntax: Syntax
    where: Ref
    quoted: bool


def holes(pieces: Sequence[Piece], kind: str) -> Iterator[Hole]:
    """The values that stand where the syntax of a text of this kind can be broken."""
    text = "".join(piece.text if piece.value is None else _HOLE for piece in pieces)
    if kind == "body":
        if _JSON.match(text):
            yield from _in(pieces, "json", 0, len(text))
        elif _FORM.fullmatch(text):
            yield from _in(pieces, "query", text.index("=") + 1, len(text))
    elif kind == "query":
        yield from _in(pieces, "query", 0, len(text))
    elif kind == "url":
        start, fragment = text.find("?"), text.find("#")
        if start >= 0 and not 0 <= fragment < start:
            yield from _in(pieces, "query", start, fragment if fragment >= 0 else len(text))
    elif kind == "header":
        if _JSON.match(text):
            yield from _in(pieces, "json", 0, len(text))
        elif _STRUCTURED.search(text):
            yield from _in(pieces, "header", 0, len(text))
    elif kind == "mail":
        end = _END_OF_HEADERS.search(text)
        yield from _in(pieces, "header", 0, end.start() if end else 0)


def _in(pieces: Sequence[Piece], syntax: Syntax, start: int, end: int) -> Iterator[Hole]:
    place, quoted = 0, False
    for piece in pieces:
        if piece.value is None:
            place += len(piece.text)
            quoted ^= piece.text.replace('\\"', "").count('"') % 2 == 1
            continue
        if start <= place < end:
            yield Hole(piece.value, syntax, piece.where, quoted)
        place += len(_HOLE)
