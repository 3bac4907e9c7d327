"""Path patterns of the configuration: `exclude`, `per-file-ignores`, test code.

A pattern without a slash names a file or folder anywhere (`venv`, `*_pb2.py`); one with a slash is
relative to the folder of the configuration that holds it (`src/vendored`, `docs/**/conf.py`). A
pattern that names a folder holds for everything below. `*` and `?` stop at slashes, `**` does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

_TOKEN = re.compile(r"(\*\*/|\*\*|\*|\?|\[[^\]/]+\])")
_MEANING = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


class Pattern(NamedTuple):
    """One pattern and the absolute folder it is relative to. Raises ValueError when first used
    if a character range in it makes no sense."""

    base: Path
    text: str

    def names(self, path: Path) -> bool:
        """Whether the pattern names exactly this absolute path (not merely a folder above)."""
        text = self.text.removeprefix("./").rstrip("/")
        if "/" not in text:
            return _compiled(text).fullmatch(path.name) is not None
        if text.startswith("/"):
            return _compiled(text).fullmatch(path.as_posix()) is not None
        try:
            relative = path.relative_to(self.base)
        except ValueError:
            return False
        return _compiled(text).fullmatch(relative.as_posix()) is not None


def covers(patterns: Iterable[Pattern], path: Path, top: Path) -> bool:
    """Whether a pattern names a path or a folder between it and `top` (which does not count)."""
    if path in (top, path.parent):
        return False
    patterns = tuple(patterns)
    return _names(patterns, path) or _covers_folder(patterns, path.parent, top)


@lru_cache(maxsize=4096)
def _covers_folder(patterns: tuple[Pattern, ...], path: Path, top: Path) -> bool:
    """As `covers`; kept, because the files of a folder ask the same."""
    return covers(patterns, path, top)


def _names(patterns: tuple[Pattern, ...], path: Path) -> bool:
    return any(pattern.names(path) for pattern in patterns)


def check(text: str) -> None:
    """Raise ValueError, with a reason, for a pattern that can never be used."""
    if not text.strip("./"):
        raise ValueError("an empty pattern")
    _compiled(text)


@cache
def _compiled(text: str) -> re.Pattern[str]:
    parts = []
    for token in _TOKEN.split(text):
        if token.startswith("[") and len(token) > 1:
            inner = token[1:-1].replace("\\", r"\\").replace("^", r"\^")
            parts.append("[" + ("^" + inner[1:] if inner.startswith("!") else inner) + "]")
        else:
            parts.append(_MEANING.get(token) or re.escape(token))
    try:
        return re.compile("".join(parts), re.DOTALL)
    except re.error as error:
        raise ValueError(str(error)) from None
