"""The keys of `[tool.incident-lint]`: one table of TOML, read into checked values.

Every error is one line that names the file, the key and, for an unknown word, the nearest known
one.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from . import globs
from .globs import Pattern
from .select import names, nearest, unknown

OUTPUT_FORMATS = ("full", "concise", "json")
CONFIDENCES = ("proved", "suspected")
TEST_SELECT = ("INC1", "INC206")
CACHE_FOLDER = ".incident_lint_cache"
EXCLUDE = (
    ".bzr",
    ".direnv",
    ".eggs",
    ".git",
    ".hg",
    ".ipynb_checkpoints",
    CACHE_FOLDER,
    ".mypy_cache",
    ".nox",
    ".pytest_cache",
    ".ruff_cache",
    ".svn",
    ".tox",
    ".venv",
    "__pycache__",
    "__pypackages__",
    "node_modules",
    "site-packages",
    "venv",
)
"""Folders that hold nobody's own source. `build` and `dist` are not among them: packages are
called so too, and git usually ignores the others."""

_EXCLUDE = tuple(Pattern(Path(os.sep), name) for name in EXCLUDE)


class ConfigError(Exception):
    """A configuration that cannot be used: one line that says where and why."""


class Table(NamedTuple):
    """The checked values; paths are absolute, absent keys have their defaults."""

    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    per_file_ignores: tuple[tuple[Pattern, tuple[str, ...]], ...] = ()
    test_select: tuple[str, ...] = TEST_SELECT
    min_confidence: str = "proved"
    exclude: tuple[Pattern, ...] = _EXCLUDE
    extend_exclude: tuple[Pattern, ...] = ()
    force_exclude: bool = False
    src: tuple[Path, ...] = ()
    catalogue: tuple[Path, ...] = ()
    output_format: str = "full"
    unsafe_fixes: bool = False
    cache_dir: Path | None = None
    no_cache: bool = False


def read(values: object, folder: Path, where: str) -> Table:
    """Check the table of a configuration in `folder`; `where` names its file in errors.

    Raises ConfigError at the first key or value that is not understood.
    """
    if not isinstance(values, Mapping):
        raise ConfigError(f"{where}: [tool.incident-lint] must be a table")
    fields: dict[str, object] = {}
    for key, value in values.items():
        reader = _READERS.get(key)
        if reader is None:
            raise ConfigError(f"{where}: {unknown('key', key, nearest(key, _READERS))}")
        try:
            fields[key.replace("-", "_")] = reader(value, folder)
        except ValueError as error:
            raise ConfigError(f"{where}: {key}: {error}") from None
    return Table()._replace(**fields)  # type: ignore[arg-type]


def _strings(value: object, _: Path) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValueError("must be a list of strings")
    return tuple(value)


def _selectors(value: object, folder: Path) -> tuple[str, ...]:
    """Selectors, each of them known (UnknownSelector is a ValueError)."""
    words = _strings(value, folder)
    for word in words:
        names(word)
    return words


def _patterns(value: object, folder: Path) -> tuple[Pattern, ...]:
    return tuple(_pattern(text, folder) for text in _strings(value, folder))


def _pattern(text: str, folder: Path) -> Pattern:
    try:
        globs.check(text)
    except ValueError as error:
        raise ValueError(f"pattern '{text}' cannot be used: {error}") from None
    return Pattern(folder, text)


def _per_file(value: object, folder: Path) -> tuple[tuple[Pattern, tuple[str, ...]], ...]:
    if not isinstance(value, Mapping):
        raise ValueError("must be a table of a pattern to a list of codes")
    return tuple(
        (_pattern(text, folder), _selectors(words, folder)) for text, words in value.items()
    )


def _folders(value: object, folder: Path) -> tuple[Path, ...]:
    return tuple(_path(text, folder) for text in _strings(value, folder))


def _files(value: object, folder: Path) -> tuple[Path, ...]:
    paths = _folders(value, folder)
    for path in paths:
        if not path.is_file():
            raise ValueError(f"no such file: {path}")
    return paths


def _path(value: object, folder: Path) -> Path:
    if not isinstance(value, str) or not value:
        raise ValueError("must be a path")
    return Path(os.path.normpath(folder / value))


def _boolean(value: object, _: Path) -> bool:
    if not isinstance(value, bool):
        raise ValueError("must be true or false")
    return value


def _one_of(known: tuple[str, ...]) -> Callable[[object, Path], str]:
    def read_choice(value: object, _: Path) -> str:
        if value not in known:
            hint = nearest(str(value), known)
            raise ValueError(f"{unknown('value', str(value), hint)}, expected {' or '.join(known)}")
        return str(value)

    return read_choice


_READERS: Mapping[str, Callable[[object, Path], object]] = {
    "select": _selectors,
    "ignore": _selectors,
    "extend-select": _selectors,
    "per-file-ignores": _per_file,
    "test-select": _selectors,
    "min-confidence": _one_of(CONFIDENCES),
    "exclude": _patterns,
    "extend-exclude": _patterns,
    "force-exclude": _boolean,
    "src": _folders,
    "catalogue": _files,
    "output-format": _one_of(OUTPUT_FORMATS),
    "unsafe-fixes": _boolean,
    "cache-dir": _path,
    "no-cache": _boolean,
}
