"""The catalogue: which role an API path plays, by the shipped rows and the user's own.

Matching is asked for every value of every file, nearly always in vain: answers are remembered, and
a path whose last name no row of the role speaks of is done with before anything is compared.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from operator import attrgetter
from pathlib import Path as File
from types import MappingProxyType
from typing import NamedTuple

from . import paths, roles, rows, rules
from .paths import Path, Segment
from .roles import Role
from .rows import Row
from .toml import CatalogueError

__all__ = ["Catalogue", "CatalogueError", "Role", "Row"]

_NOT_ROWS = frozenset({"rule.toml", "roles.toml"})
_MAX_RENAMINGS = 8
_MAX_REMEMBERED = 20_000


class _Rank(NamedTuple):
    """Of several rows that fit, the highest wins: the user's; the one about the path itself
    rather than about what it is the same as; the most precise; the one written last."""

    users: bool
    nearness: int
    constants: int
    without_star: bool
    order: int


class _Entry(NamedTuple):
    row: Row
    rank: _Rank


_by_rank = attrgetter("rank")

_Key = tuple[str, str]
_Index = dict[_Key, list[_Entry]]


class Catalogue:
    """Rows, ready to be asked. What it answers never changes; made by `load`."""

    def __init__(
        self,
        all_rows: Iterable[Row],
        known: Mapping[str, Role],
        later: Mapping[str, tuple[File, ...]] = MappingProxyType({}),
    ) -> None:
        """`later`: files that are read when a path begins with a name, or is the same as one."""
        self.roles = known
        self._later = dict(later)
        self._read: set[File] = set()
        self._count = 0
        self._index: dict[str, _Index] = {}
        self._same: dict[str, list[tuple[Row, Path]]] = {}
        self._same_heads: set[str] = set()
        self._same_names: set[str] = set()
        self._names: dict[str, set[str]] = {}
        self._remembered: dict[tuple[str, Path], _Entry | None] = {}
        self._add_all(all_rows)

    @classmethod
    def load(cls, extra: Sequence[File] = ()) -> Catalogue:
        """The shipped rows and those of `extra` files, which win; of two of these, the later.

        Raises CatalogueError.
        """
        shipped, known, later = _shipped()
        found = list(shipped)
        for path in extra:
            found += rows.load(path, known, users=True)
        return cls(found, known, later)

    def match(self, role: str, path: Path) -> Row | None:
        """The row that says that a path plays a role; None: no row does, or one of role `none`
        switches the path off."""
        entry = self._best(role, path)
        if entry is None:
            return None
        off = self._best("none", path)
        return None if off and off.rank > entry.rank else entry.row

    def matches(self, path: Path) -> list[Row]:
        """The winning row of every role that a path plays, and the one that switches it off."""
        self._read_later(path)
        found = [self.match(role, path) for role in list(self._index) if role != "none"]
        off = self._best("none", path)
        return [row for row in found if row] + ([off.row] if off else [])

    def last_names(self, role: str) -> Collection[str]:
        """The last names of the paths of a role, to leave out at once what cannot match. Only for
        roles of which no row is read later."""
        return self._names.get(role, ())

    def of_role(self, role: str) -> Iterator[Row]:
        """Every row of a role, in no order. Only for roles of which no row is read later."""
        for entries in self._index.get(role, {}).values():
            yield from (entry.row for entry in entries)

    def names(self, role: str) -> frozenset[str]:
        """The last names of all paths of a role. Only for roles of which no row is read later."""
        return frozenset(self._names.get(role, ()))

    def forms(self, path: Path) -> Iterator[Path]:
        """A path, then what it is the same as, by rows of role `same-as`, nearest first.

        A subscripted class is the class: `list[int]()` is `list()`.
        """
        yield path
        seen = {path}
        plain = _without_parameters(path)
        for _ in range(_MAX_RENAMINGS):
            renamed = plain if plain not in seen else self._rename(plain)
            if renamed is None or renamed in seen:
                return
            yield renamed
            seen.add(renamed)
            plain = renamed

    def _add_all(self, all_rows: Iterable[Row]) -> None:
        grown: dict[int, list[_Entry]] = {}
        for row in all_rows:
            self._count += 1
            if row.role == "same-as":
                self._add_same(row)
            else:
                entries = self._add(row, self._count)
                grown[id(entries)] = entries
        for entries in grown.values():
            if len(entries) > 1:
                entries.sort(key=_by_rank, reverse=True)

    def _read_later(self, path: Path) -> None:
        """Read the files that are about a path."""
        for file in self._later.pop(path[0].text, ()) if path else ():
            if file not in self._read:
                self._read.add(file)
                self._add_all(rows.load(file, self.roles, users=False))

    def _add(self, row: Row, order: int) -> list[_Entry]:
        """Put a row into the index; the entries of its key, to be sorted."""
        constants = sum([len(segment.constants) for segment in row.pattern])
        key = _key(row.pattern)
        rank = _Rank(row.users, 0, constants, key[0] != paths.ANY_NAME, order)
        self._names.setdefault(row.role, set()).add(key[0])
        entries = self._index.setdefault(row.role, {}).setdefault(key, [])
        entries.append(_Entry(row, rank))
        return entries

    def _add_same(self, row: Row) -> None:
        if any(segment.text == paths.ANY_NAME for segment in row.pattern):
            raise CatalogueError(row.file, f"`{row.text}` cannot have `*` here", row.line)
        (target,) = paths.parse(row.keys["as"])
        # The last row written wins, and users' rows come last.
        self._same.setdefault(_spelling(row.pattern), []).insert(0, (row, target))
        self._same_heads.add(row.pattern[0].text)
        files = self._later.get(target[0].text, ())
        if files:
            name = row.pattern[0].text
            self._later[name] = tuple(dict.fromkeys((*self._later.get(name, ()), *files)))
        self._same_names.add(_key(row.pattern)[0])

    def _best(self, role: str, path: Path) -> _Entry | None:
        if not path:
            return None
        if path[0].text in self._later:
            self._read_later(path)
        names = self._names.get(role)
        if names is None:
            return None
        # A renaming either leaves the last name alone or is about that very name.
        name = _last_name(path)
        if name not in names and name not in self._same_names and paths.ANY_NAME not in names:
            return None
        asked = role, path
        if asked not in self._remembered:
            if len(self._remembered) >= _MAX_REMEMBERED:
                self._remembered.clear()
            self._remembered[asked] = self._search(self._index[role], path)
        return self._remembered[asked]

    def _search(self, index: _Index, path: Path) -> _Entry | None:
        best: _Entry | None = None
        for distance, form in enumerate(self.forms(path)):
            name, tail = _key(form)
            for key in ((name, tail), (paths.ANY_NAME, tail)):
                for entry in index.get(key, ()):
                    if paths.fits(entry.row.pattern, form):
                        rank = entry.rank._replace(nearness=-distance)
                        if best is None or rank > best.rank:
                            best = _Entry(entry.row, rank)
                        break
        return best

    def _rename(self, path: Path) -> Path | None:
        """The path with the longest beginning replaced that is the same as something.

        `sorted()` gives a `list()`, but to call the one is not to call the other: what a pattern
        that ends in a call says is only for what is done to its result.
        """
        if path[0].text not in self._same_heads:
            return None
        for length in range(len(path), 0, -1):
            start = path[:length]
            for row, target in self._same.get(_spelling(start), ()):
                is_name = row.pattern[-1].kind == "name"
                if (is_name or length < len(path)) and paths.fits(row.pattern, start):
                    return target + path[length:]
        return None


@lru_cache(maxsize=1)
def _shipped() -> tuple[tuple[Row, ...], Mapping[str, Role], Mapping[str, tuple[File, ...]]]:
    """The rows that everybody needs, the roles, and the files of rows for later."""
    folder = rules.folder()
    known = roles.load(folder)
    found: list[Row] = []
    later: dict[str, tuple[File, ...]] = {}
    for path in sorted(path for path in folder.glob("*/*.toml") if path.name not in _NOT_ROWS):
        only = rows.only(path)
        later.update({name: (*later.get(name, ()), path) for name in only})
        found += rows.load(path, known, users=False) if not only else ()
    return tuple(found), known, later


def _key(path: Path) -> _Key:
    """The last name of a path and what is done to it, as a key of the index."""
    tail = ""
    for segment in reversed(path):
        if segment.kind == "name":
            return segment.text, tail
        tail += segment.kind
    return "", tail


def _last_name(path: Path) -> str:
    for segment in reversed(path):
        if segment.kind == "name":
            return segment.text
    return ""


def _spelling(path: Path) -> str:
    """A path without its constants."""
    return ".".join(segment.text or f"<{segment.kind}>" for segment in path)


def _without_parameters(path: Path) -> Path:
    """`list[int]()` as `list()`: a subscript between a name and its call."""
    if not any(segment.kind == "item" for segment in path):
        return path
    kept: list[Segment] = []
    for position, segment in enumerate(path):
        around = path[position - 1 : position + 2]
        if position and [near.kind for near in around] == ["name", "item", "call"]:
            continue
        kept.append(segment)
    return tuple(kept)
