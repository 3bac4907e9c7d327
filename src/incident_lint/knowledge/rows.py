"""Rows: "these API paths play this role", read from TOML and checked against the roles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from . import paths, toml
from .roles import Role, nearest, problem
from .toml import CatalogueError


class Row(NamedTuple):
    """One path of one `[[api]]` table. `keys` are the role's own; `source` is where it was
    learned; `line` is the 1-based line of the path, or of its table; `users` tells a user's row,
    which wins, from a shipped one."""

    role: str
    pattern: paths.Path
    keys: Mapping[str, Any]
    source: str
    file: str
    line: int
    users: bool

    @property
    def text(self) -> str:
        """The pattern as a row would write it."""
        return paths.render(self.pattern)


_TABLE = re.compile(r"^[ \t]*\[\[[ \t]*api[ \t]*\]\]", re.MULTILINE)
_SHARED = frozenset({"role", "paths", "source"})
_ROOT = frozenset({"api", "source", "only"})
_ONLY = re.compile(r"^only = \[(.*)\]$", re.MULTILINE)


def only(path: Path) -> tuple[str, ...]:
    """The first names that all paths of a file begin with, if its line `only = [...]` says so:
    nobody else needs to read it. Raises CatalogueError."""
    said = _ONLY.search(toml.text(path))
    return tuple(re.findall(r'"(\w+)"', said[1])) if said else ()


def load(path: Path, roles: Mapping[str, Role], users: bool) -> Iterator[Row]:
    """The rows of one file; `source` at its top holds for every table that names none.

    Raises CatalogueError, which names the file, the line and the nearest known word.
    """
    file, content = str(path), toml.text(path)
    contents = toml.parse(file, content)
    for key in contents:
        if key not in _ROOT:
            raise CatalogueError(file, f"unknown key `{key}`: {nearest(key, _ROOT)}")
    tables = contents.get("api", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise CatalogueError(file, "rows are written as `[[api]]` tables")
    starts = [match.start() for match in _TABLE.finditer(content)]
    for number, table in enumerate(tables):
        start = starts[number] if len(starts) == len(tables) else 0
        place = _Place(file, content, start)
        for row in _rows(place, {"source": contents.get("source"), **table}, roles, users):
            if row.pattern[0].text not in contents.get("only", (row.pattern[0].text,)):
                raise CatalogueError(file, f"`{row.text}` is not what `only` says", row.line)
            yield row


class _Place(NamedTuple):
    file: str
    text: str
    start: int

    def line(self, quoted: str = "") -> int:
        """The line of a string of the table, else of the table's head."""
        written = [self.text.find(f"{mark}{quoted}{mark}", self.start) for mark in "\"'"]
        start = min((at for at in written if quoted and at >= 0), default=self.start)
        return self.text.count("\n", 0, start) + 1

    def error(self, reason: str, quoted: str = "") -> CatalogueError:
        return CatalogueError(self.file, reason, self.line(quoted))


def _rows(
    place: _Place, table: dict[str, Any], roles: Mapping[str, Role], users: bool
) -> Iterator[Row]:
    name = table.get("role")
    if not isinstance(name, str):
        raise place.error("a row needs a `role`")
    if name not in roles:
        raise place.error(f"unknown role `{name}`: {nearest(name, roles)}", name)
    keys = MappingProxyType({key: table[key] for key in table if key not in _SHARED})
    _check_keys(place, roles[name], keys)
    source = table["source"]
    if not isinstance(source, str) and not (users and source is None):
        raise place.error("a row needs a `source`: where it was learned")
    for text in _paths(place, table.get("paths")):
        try:
            patterns = paths.parse(text)
        except paths.PathError as error:
            raise place.error(str(error), text) from None
        line = place.line(text)
        for pattern in patterns:
            yield Row(name, pattern, keys, source or "", place.file, line, users)


def _paths(place: _Place, value: Any) -> list[str]:
    if isinstance(value, list) and value and all(isinstance(text, str) for text in value):
        return value
    raise place.error("a row needs `paths`: a list of API paths")


def _check_keys(place: _Place, role: Role, keys: Mapping[str, Any]) -> None:
    for key, value in keys.items():
        if key not in role.keys:
            known = nearest(key, {*role.keys, *_SHARED})
            raise place.error(f"role `{role.name}` has no key `{key}`: {known}")
        wanted = problem(role.keys[key], value)
        if wanted:
            raise place.error(f"`{key}` of role `{role.name}` must be {wanted}")
    for key, declared in role.keys.items():
        if declared.required and key not in keys:
            raise place.error(f"role `{role.name}` needs the key `{key}`")
