"""Where a file's imports start, what a file is called, and which file a dotted name is.

Only the place of files decides: never the working directory and never `sys.path`. Folders are
listed once and kept, so a question that was asked before costs no system call.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

_SUFFIX = re.compile(r"\.pyi?$|\.pyw$")
_NO_FILE = re.compile(r"<.*>|-|stdin|")


class Place(NamedTuple):
    """A dotted name on disk. `path` is the file, or the folder of a namespace package."""

    path: str
    kind: str
    """"package", "module" or "namespace"."""


class Roots:
    """Source roots, for the files of one run.

    `src` are the configured roots (absolute). `unsaved` are absolute paths of files that an
    editor holds: they count as present even if the disk does not have them.
    """

    def __init__(self, src: Sequence[Path] = (), unsaved: Iterable[str] = ()) -> None:
        self._src = tuple(os.path.normpath(folder) for folder in src)
        self._unsaved: dict[str, set[str]] = {}
        self._listings: dict[str, frozenset[str]] = {}
        self._tops: dict[str, str | None] = {}
        self._projects: dict[str, str | None] = {}
        self._searches: dict[str, tuple[str, ...]] = {}
        self._places: dict[tuple[str, str], Place | None] = {}
        for path in unsaved:
            self.include(path)

    def include(self, path: str) -> bool:
        """Count the file at this absolute path as present; whether it was not before."""
        folder, name = os.path.split(path)
        if name in self._entries(folder):
            return False
        while name and name not in self._unsaved.setdefault(folder, set()):
            self._unsaved[folder].add(name)
            folder, name = os.path.split(folder)
        for kept in (self._listings, self._tops, self._projects, self._searches, self._places):
            kept.clear()
        return True

    def root(self, path: str) -> str:
        """The source root of an absolute path: the parent of the uppermost package it lies in;
        else the innermost configured root, `src/` or project folder around it; else its folder."""
        folder = os.path.dirname(path)
        top = self._top_package(folder)
        if top is not None:
            return os.path.dirname(top)
        inside = [root for root in self._src if _is_below(folder, root)]
        if inside:
            return max(inside, key=len)
        project = self._project(folder)
        if project is None:
            return folder
        source = os.path.join(project, "src")
        return source if _is_below(folder, source) else project

    def search(self, path: str) -> tuple[str, ...]:
        """The roots in which the imports of the file at `path` are looked up, in order."""
        folder = os.path.dirname(path)
        found = self._searches.get(folder)
        if found is None:
            roots = [self.root(path), *self._src]
            project = self._project(folder)
            if project is not None:
                roots += [os.path.join(project, "src"), project]
            found = self._searches[folder] = tuple(dict.fromkeys(roots))
        return found

    def name(self, path: str) -> tuple[str, bool]:
        """The dotted name of a file below its root, and whether it is a package.

        Names are made of the path's parts as they are (`my-script`), except for dots.
        """
        root = self.root(path)
        stem = _SUFFIX.sub("", os.path.basename(path))
        parts = os.path.relpath(os.path.dirname(path), root).split(os.sep)
        parts = [part.replace(".", "_") for part in parts if part != os.curdir]
        if stem == "__init__" and parts:
            return ".".join(parts), True
        return ".".join([*parts, stem.replace(".", "_")]), False

    def find(self, dotted: str, roots: Sequence[str]) -> Place | None:
        """The first root's file or folder of that full name; a file beats a folder of any root.

        As in Python, a regular package or a module found for a first part hides later roots.
        """
        namespace = None
        for root in roots:
            place = self._place(root, dotted)
            if place is not None:
                if place.kind != "namespace":
                    return place
                namespace = namespace or place
            elif self._hides(root, dotted):
                break
        return namespace

    def _hides(self, root: str, dotted: str) -> bool:
        first = self._place(root, dotted.partition(".")[0])
        return first is not None and first.kind != "namespace"

    def _place(self, root: str, dotted: str) -> Place | None:
        key = root, dotted
        if key not in self._places:
            parent, _, name = dotted.rpartition(".")
            holder = self._place(root, parent) if parent else Place(root, "namespace")
            found = None
            if holder is not None and holder.kind != "module" and name:
                folder = holder.path
                if holder.kind == "package":
                    folder = os.path.dirname(folder)
                found = self._in_folder(folder, name)
            self._places[key] = found
        return self._places[key]

    def _in_folder(self, folder: str, name: str) -> Place | None:
        entries = self._entries(folder)
        if name in entries:
            package = os.path.join(folder, name)
            for init in ("__init__.py", "__init__.pyi"):
                if init in self._entries(package):
                    return Place(os.path.join(package, init), "package")
        for suffix in (".py", ".pyi"):
            if name + suffix in entries:
                path = os.path.join(folder, name + suffix)
                if not os.path.isdir(path):
                    return Place(path, "module")
        if name in entries and name.isidentifier():
            path = os.path.join(folder, name)
            if path in self._unsaved or os.path.isdir(path):
                return Place(path, "namespace")
        return None

    def _entries(self, folder: str) -> frozenset[str]:
        found = self._listings.get(folder)
        if found is None:
            try:
                names = os.listdir(folder)
            except (OSError, ValueError):
                names = []
            found = frozenset(names).union(self._unsaved.get(folder, ()))
            self._listings[folder] = found
        return found

    def _top_package(self, folder: str) -> str | None:
        """The uppermost folder that is reached by going up while there is `__init__.py`."""
        if folder not in self._tops:
            top = None
            above = os.path.dirname(folder)
            if above != folder and "__init__.py" in self._entries(folder):
                top = self._top_package(above) or folder
            self._tops[folder] = top
        return self._tops[folder]

    def _project(self, folder: str) -> str | None:
        """The nearest folder, from here upward, that has a pyproject.toml."""
        if folder not in self._projects:
            above = os.path.dirname(folder)
            if "pyproject.toml" in self._entries(folder):
                self._projects[folder] = folder
            else:
                self._projects[folder] = None if above == folder else self._project(above)
        return self._projects[folder]


def is_file_name(name: str) -> bool:
    """Whether what a host calls a file names one; `-` and `<stdin>` do not."""
    return _NO_FILE.fullmatch(name) is None


def _is_below(folder: str, root: str) -> bool:
    return folder == root or folder.startswith(root.rstrip(os.sep) + os.sep)
