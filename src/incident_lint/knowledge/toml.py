"""Reading TOML, with errors that name file and line."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


class CatalogueError(Exception):
    """A rules or rows file that cannot be used; its text is one line: file, line, reason."""

    def __init__(self, file: str, reason: str, line: int | None = None) -> None:
        super().__init__(f"{file}:{line}: {reason}" if line else f"{file}: {reason}")
        self.file = file
        self.reason = reason
        self.line = line


def read(path: Path) -> dict[str, Any]:
    """The contents of a TOML file. Raises CatalogueError."""
    return parse(str(path), text(path))


def text(path: Path) -> str:
    """The text of a UTF-8 file. Raises CatalogueError."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise CatalogueError(str(path), f"cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise CatalogueError(str(path), "is not UTF-8, as TOML must be") from None


def parse(file: str, content: str) -> dict[str, Any]:
    """The contents of a TOML text that was read from `file`. Raises CatalogueError."""
    try:
        return tomllib.loads(content)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        # Before Python 3.14 the line is told in the message alone.
        place = re.search(r"\(at line (\d+),", str(error))
        reason = str(error).partition(" (at ")[0] or "is nested too deeply"
        raise CatalogueError(file, reason, int(place[1]) if place else None) from None
