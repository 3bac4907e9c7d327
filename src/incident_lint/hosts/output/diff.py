"""Unified diffs in the bytes of the files, so that `patch` can apply them."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from .text import one_line


def render(path: str, before: bytes, after: bytes) -> Iterator[bytes]:
    """The lines of a diff, with their ends; `path` is the file as findings name it."""
    name = one_line(path).encode("utf-8", "backslashreplace")
    lines = difflib.diff_bytes(
        difflib.unified_diff, _lines(before), _lines(after), name, name, lineterm=b"\n"
    )
    for line in lines:
        yield line
        if not line.endswith(b"\n"):
            yield b"\n\\ No newline at end of file\n"


def _lines(data: bytes) -> list[bytes]:
    """Lines as `patch` counts them: a form feed or a lone carriage return ends none."""
    *lines, last = data.split(b"\n")
    return [line + b"\n" for line in lines] + ([last] if last else [])
