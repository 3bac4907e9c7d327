"""Which settings hold for a file: `[tool.incident-lint]` of the nearest pyproject.toml.

The nearest pyproject.toml that has such a table wins for a file, whatever host asks; tables
further up are not merged in. What a command line says comes on top.
"""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path
from typing import NamedTuple

from . import globs
from .globs import Pattern
from .lowest import Version, lower_bound
from .select import Layer, names, resolve
from .table import CACHE_FOLDER, ConfigError, Table, read

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PYPROJECT = "pyproject.toml"
ROOT_MARKS = (PYPROJECT, ".git", ".hg", "setup.py", "setup.cfg")
DEFAULT_PYTHON = (3, 10)
TEST_CODE = ("test_*.py", "*_test.py", "conftest.py", "tests", "test")


class Overrides(NamedTuple):
    """What a command line says on top of every configuration; None: nothing."""

    selection: Layer = Layer()
    min_confidence: str | None = None
    exclude: tuple[Pattern, ...] | None = None
    extend_exclude: tuple[Pattern, ...] = ()
    force_exclude: bool = False
    unsafe_fixes: bool | None = None
    cache_dir: Path | None = None
    no_cache: bool = False


class Settings(NamedTuple):
    """What holds for the files of one folder; all paths are absolute.

    `root` is the project's folder: that of the configuration, else the nearest one with a
    pyproject.toml, setup file or repository, else None. `cache_dir` is None if nothing is to be
    kept between runs.
    """

    root: Path | None
    layers: tuple[Layer, ...]
    per_file_ignores: tuple[tuple[Pattern, tuple[str, ...]], ...]
    test_select: tuple[str, ...]
    min_confidence: str
    exclude: tuple[Pattern, ...]
    force_exclude: bool
    src: tuple[Path, ...]
    catalogue: tuple[Path, ...]
    output_format: str
    unsafe_fixes: bool
    cache_dir: Path | None

    def codes(self, path: Path, also: tuple[str, ...] = ()) -> frozenset[str]:
        """The codes wanted for one file, given by its absolute path.

        `also` are selectors that a host adds on top, as with `extend-select`; `per-file-ignores`
        and the rule for test code still hold.
        """
        codes = _resolved((*self.layers, Layer(extend_select=also)))
        for pattern, selectors in self.per_file_ignores:
            if globs.covers([pattern], path, pattern.base):
                codes -= _named(selectors)
        if self.is_test_code(path):
            codes &= _named((*self.test_select, "INC0"))
        return codes

    def is_test_code(self, path: Path) -> bool:
        """Whether a file is test code by its own name, or that of a folder in the project."""
        top = self.root or path.parent
        return globs.covers([Pattern(top, text) for text in TEST_CODE], path, top)

    def excluded(self, path: Path, below: Path) -> bool:
        """Whether a pattern excludes a path or a folder on the way to it, `below` excluded.

        `below` is the folder that the user named: naming it beats excluding it, and everything
        above it, unless `force-exclude` is on.
        """
        return globs.covers(self.exclude, path, Path(path.anchor) if self.force_exclude else below)


NO_OVERRIDES = Overrides()


def settings_for(path: Path | str, overrides: Overrides = NO_OVERRIDES) -> Settings:
    """The settings of a file (relative to the working directory or absolute; need not exist).

    Answers are kept until `forget`. Raises ConfigError if the file's configuration is broken.
    """
    return _settings_in(absolute(path).parent, overrides)


def lowest_python(path: Path | str) -> Version:
    """The lowest Python that a file's project supports: what the nearest pyproject.toml with a
    lower bound in `project.requires-python` says, else the lowest that we run on.

    Answers are kept until `forget`.
    """
    return _lowest_python_in(absolute(path).parent)


def check_nearest(path: Path | str) -> None:
    """Raise ConfigError if the nearest pyproject.toml of a path that a user named is no TOML.

    Deeper ones are read more leniently: test data of other tools holds broken files, which say
    nothing to us unless our name is in them.
    """
    folder = absolute(path)
    for parent in (folder, *folder.parents):
        file = parent / PYPROJECT
        if os.path.lexists(file):
            _load(file, strict=True)
            return


def forget() -> None:
    """Read every configuration anew from here on."""
    _settings_in.cache_clear()
    _lowest_python_in.cache_clear()
    _table_of.cache_clear()


def absolute(path: Path | str) -> Path:
    """An absolute path without `..`, links not followed (they may be what the user excludes)."""
    return Path(os.path.abspath(path))


@cache
def _settings_in(folder: Path, overrides: Overrides) -> Settings:
    config = _nearest_config(folder)
    table = Table() if config is None else _table_of(config) or Table()
    root = _project_root(folder) if config is None else config.parent
    return _merged(root, table, overrides)


@cache
def _lowest_python_in(folder: Path) -> Version:
    for parent in (folder, *folder.parents):
        try:
            project = _load(parent / PYPROJECT, strict=False).get("project")
        except ConfigError:  # further up than the configuration that holds here
            continue
        said = project.get("requires-python") if isinstance(project, dict) else None
        bound = lower_bound(said) if isinstance(said, str) else None
        if bound is not None:
            return bound
    return DEFAULT_PYTHON


def _merged(root: Path | None, table: Table, overrides: Overrides) -> Settings:
    configured = Layer(table.select, table.extend_select, table.ignore)
    exclude = table.exclude if overrides.exclude is None else overrides.exclude
    unsafe = table.unsafe_fixes if overrides.unsafe_fixes is None else overrides.unsafe_fixes
    cache_dir = overrides.cache_dir or table.cache_dir or (root and root / CACHE_FOLDER)
    return Settings(
        root=root,
        layers=(configured, overrides.selection),
        per_file_ignores=table.per_file_ignores,
        test_select=table.test_select,
        min_confidence=overrides.min_confidence or table.min_confidence,
        exclude=(*exclude, *table.extend_exclude, *overrides.extend_exclude),
        force_exclude=overrides.force_exclude or table.force_exclude,
        src=table.src,
        catalogue=table.catalogue,
        output_format=table.output_format,
        unsafe_fixes=unsafe,
        cache_dir=None if overrides.no_cache or table.no_cache else cache_dir,
    )


def _nearest_config(folder: Path) -> Path | None:
    """The nearest pyproject.toml, going up, with a table for us."""
    for parent in (folder, *folder.parents):
        if _table_of(parent / PYPROJECT) is not None:
            return parent / PYPROJECT
    return None


def _project_root(folder: Path) -> Path | None:
    for parent in (folder, *folder.parents):
        if any(os.path.lexists(parent / mark) for mark in ROOT_MARKS):
            return parent
    return None


@cache
def _table_of(file: Path) -> Table | None:
    tool = _load(file, strict=False).get("tool")
    if not isinstance(tool, dict):
        return None
    for key in tool:
        if key != "incident-lint" and key.lower().replace("_", "-") == "incident-lint":
            raise ConfigError(f"{_shown(file)}: [tool.{key}] must be called [tool.incident-lint]")
    if "incident-lint" not in tool:
        return None
    return read(tool["incident-lint"], file.parent, _shown(file))


def _load(file: Path, *, strict: bool) -> dict[str, object]:
    """The content of a TOML file; {} if there is none, or if it is broken and not about us."""
    data = b""
    try:
        data = file.read_bytes()
        return tomllib.loads(data.decode("utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        reason = error.strerror or type(error).__name__
    except (ValueError, RecursionError) as error:
        reason = " ".join(str(error).split())
    if strict or b"incident-lint" in data:
        raise ConfigError(f"{_shown(file)}: cannot be read: {reason}")
    return {}


def _shown(file: Path) -> str:
    """A file as people name it: relative to the working directory if it is below."""
    try:
        return file.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(file)


@cache
def _resolved(layers: tuple[Layer, ...]) -> frozenset[str]:
    return resolve(layers)


@cache
def _named(selectors: tuple[str, ...]) -> frozenset[str]:
    return frozenset().union(*(names(selector) for selector in selectors))
