"""The text of one file, and ranges in it: the only place where columns are converted."""

from __future__ import annotations

import codecs
import io
import re
import tokenize
from bisect import bisect_left, bisect_right
from typing import NamedTuple

_LINE_END = re.compile(r"\r\n|\r|\n")
_NO_START = re.compile(rb"[\x80-\xbf]")


class Span(NamedTuple):
    """A range of text.

    Lines and columns are 1-based, columns count code points, and the end is exclusive: the text
    `ab` at the start of a file is `Span(1, 1, 1, 3)`.
    """

    line: int
    column: int
    end_line: int
    end_column: int

    def is_within(self, outer: Span) -> bool:
        """Whether this range lies in another one, or is it."""
        return outer[:2] <= self[:2] and self[2:] <= outer[2:]


class SourceError(Exception):
    """A file that cannot be read as Python source; `line` is 1-based and says where."""

    def __init__(self, reason: str, line: int = 1) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


class Source:
    """The decoded text of one file.

    `path` is what the host calls the file: it is shown and never opened from here. `ascii` says
    that bytes and code points are the same everywhere in it. `encoding` is Python's name for how
    the file's bytes say the text, a byte order mark included (`utf-8-sig`).
    """

    def __init__(self, path: str, text: str, encoding: str = "utf-8") -> None:
        self.path = path
        self.text = text
        self.encoding = encoding
        self.ascii = text.isascii()
        self._lines: list[str] | None = None
        self._starts: list[int] | None = None
        self._wide: dict[int, list[int]] | None = None

    @classmethod
    def from_bytes(cls, path: str, data: bytes) -> Source:
        """Decode a file as Python itself would: byte order mark, PEP 263 cookie, UTF-8.

        Raises SourceError if the cookie is unknown, the bytes do not decode or there is a NUL.
        """
        nul = data.find(b"\0")
        if nul >= 0:  # asked first, since what Python says of one differs between its versions
            raise SourceError("contains a NUL character", data.count(b"\n", 0, nul) + 1)
        try:
            encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        except (SyntaxError, UnicodeDecodeError) as error:
            raise SourceError(f"cannot be decoded: {error}") from None
        written_as = encoding
        if data.startswith(codecs.BOM_UTF8):
            data, encoding = data[len(codecs.BOM_UTF8) :], "utf-8"
            written_as = "utf-8-sig"
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            raise SourceError(
                f"cannot be decoded as {encoding}: byte 0x{data[error.start]:02x} ({error.reason})",
                line,
            ) from None
        except LookupError:
            raise SourceError(f"has an unknown encoding: {encoding}") from None
        return cls(path, text, written_as)

    @property
    def lines(self) -> list[str]:
        """The lines without their ends, split as Python splits them (not at form feeds)."""
        if self._lines is None:
            self._lines = _LINE_END.split(self.text)
        return self._lines

    def offset(self, line: int, column: int) -> int:
        """The index into `text` of a place given as 1-based line and 1-based column."""
        return self._line_starts[line - 1] + column - 1

    def place(self, offset: int) -> tuple[int, int]:
        """The 1-based line and 1-based column of an index into `text`."""
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    @property
    def _line_starts(self) -> list[int]:
        if self._starts is None:
            self._starts = [0, *(match.end() for match in _LINE_END.finditer(self.text))]
        return self._starts

    @property
    def wide(self) -> dict[int, list[int]]:
        """The lines in which bytes and code points differ: their 1-based numbers, with the byte
        offset of every byte that begins no code point."""
        if self._wide is None:
            self._wide = {}
            for number, line in enumerate([] if self.ascii else self.lines, 1):
                if not line.isascii():
                    data = line.encode("utf-8", "surrogatepass")
                    self._wide[number] = [match.start() for match in _NO_START.finditer(data)]
        return self._wide

    def column(self, line: int, byte_offset: int) -> int:
        """A 1-based column in code points from a 1-based line and a 0-based UTF-8 byte offset.

        `ast` and astroid count bytes; everything beyond this method counts code points.
        """
        inside = self.wide.get(line)
        if inside is None:
            return byte_offset + 1
        return byte_offset + 1 - bisect_left(inside, byte_offset)
