"""The modules of a project: found, loaded when a question touches them, and let go again.

A module is known by a *name* that is unique in its project: its dotted name, or `dotted@file` for
a second file that is called so (two `conftest.py` under two roots). Everything that refers to a
module from outside (references to values, classes, functions) holds that name, never the module:
facts can be evicted and are loaded again when asked for.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..model.facts import Facts
from ..model.source import Source, SourceError
from .classes import Classes
from .names import Names
from .roots import Place, Roots, is_file_name
from .store import Store, key

if TYPE_CHECKING:
    from ..knowledge.catalogue import Catalogue
    from .travel import Travel

_ROOM = 300_000
"""How many values and effects of loaded modules are kept; with it a process stays below 250 MB."""


class Module(NamedTuple):
    """A module that can be asked about.

    `name` is unique in the project (`facts.module` is the plain dotted name), `path` is what the
    host calls the file or, for a file that was only imported, its path from the working folder;
    `file` is absolute, or "" for text that is no file.
    """

    name: str
    path: str
    facts: Facts
    source: Source
    file: str


class Project:
    """All that one run knows of the code it checks.

    `src` are the configured source roots, `overlays` the texts of unsaved buffers, `cwd` what
    relative paths of hosts are relative to. `names` and `classes` answer across modules.
    """

    def __init__(
        self,
        *,
        src: Sequence[Path] = (),
        store: Store | None = None,
        catalogue: Catalogue | None = None,
        overlays: Mapping[Path, str] | None = None,
        cwd: Path | None = None,
    ) -> None:
        self._cwd = os.path.abspath(cwd or os.curdir)
        self._src = [Path(self._absolute(folder)) for folder in src]
        self._overlays = {self._absolute(file): text for file, text in (overlays or {}).items()}
        self._roots = Roots(self._src, self._overlays)
        self._store = store
        self._catalogue = catalogue
        self._modules: OrderedDict[str, Module] = OrderedDict()
        self._room = _ROOM
        self._files: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self._stats: dict[str, tuple[int, int] | None] = {}
        self._causes: dict[str, str] = {}
        self._checked = ""
        self._latest: Module | None = None
        self.names = Names(self)
        self.classes = Classes(self)
        self._travel: Travel | None = None

    @property
    def travel(self) -> Travel:
        """Answers about where objects go; its modules are imported at the first question."""
        if self._travel is None:
            from .travel import Travel

            self._travel = Travel(self)
        return self._travel

    @property
    def catalogue(self) -> Catalogue:
        """The rows in force; the shipped ones are read at the first use if none were given."""
        if self._catalogue is None:
            from ..knowledge.catalogue import Catalogue

            self._catalogue = Catalogue.load()
        return self._catalogue

    def add(self, source: Source) -> Module:
        """The file under check, in the text the host holds, whatever the disk says.

        Raises SourceError if the text is no Python.
        """
        file = self._absolute(source.path) if is_file_name(source.path) else ""
        name = self._name(file)
        known = self._modules.get(name)
        if known is not None and known.source.text == source.text:
            module = known._replace(path=source.path, source=source)
        else:
            if self._stats.pop(name, None) is not None or known or name in self._causes:
                self._forget_answers()
            self._causes.pop(name, None)
            if file and self._roots.include(file):
                self._forget_answers()
            dotted, is_package = self._dotted(file)
            try:
                facts = self._facts(source, dotted, is_package)
            except SourceError as error:
                self._drop(name)
                self._causes[name] = error.reason
                raise
            module = Module(name, source.path, facts, source, file)
        self._checked = name
        self._keep(module)
        return module

    def load(self, dotted: str, importer: Module) -> Module | None:
        """The project module that `importer` means by an absolute dotted name.

        None: it is a library's, a namespace folder, or a file that cannot be read (see `cause`).
        """
        place = self.find(dotted, importer.name)
        if place is None or place.kind == "namespace":
            return None
        return self.module(self._name(place.path))

    def find(self, dotted: str, importer: str) -> Place | None:
        """Where a dotted name lies as seen from the module named `importer`; nothing is loaded."""
        file = self._files.get(importer, "")
        roots = self._roots.search(file) if file else tuple(map(os.fspath, self._src))
        return self._roots.find(dotted, roots)

    def name_at(self, place: Place) -> str:
        """The name, unique in this project, of the module in a file that `find` found."""
        return self._name(place.path)

    def module(self, name: str) -> Module | None:
        """The module of a name that this project gave out; None if it cannot be loaded."""
        latest = self._latest
        if latest is not None and latest.name == name:
            return latest  # nearly every question is about the module of the one before
        module = self._modules.get(name)
        if module is not None:
            self._modules.move_to_end(name)
            self._latest = module
        elif name not in self._causes and name in self._files:
            module = self._load(name)
        return module

    def cause(self, name: str) -> str | None:
        """Why the module of this name could not be loaded, if it was tried."""
        return self._causes.get(name)

    def refresh(self, overlays: Mapping[Path, str] | None = None) -> None:
        """Look at the disk again, for hosts that live long: forget what changed since."""
        self._overlays = {self._absolute(file): text for file, text in (overlays or {}).items()}
        self._roots = Roots(self._src, self._overlays)
        self._causes.clear()
        for name in list(self._modules):
            file = self._files[name]
            stat = self._stats.get(name)
            if stat is None or file in self._overlays or stat != _stat(file):
                self._drop(name)
        self._forget_answers()

    def _load(self, name: str) -> Module | None:
        file = self._files[name]
        try:
            if file in self._overlays:
                source, stat = Source(self._shown(file), self._overlays[file]), None
            else:
                stat = _stat(file)
                source = Source.from_bytes(self._shown(file), Path(file).read_bytes())
            facts = self._facts(source, *self._dotted(file))
        except SourceError as error:
            self._causes[name] = error.reason
            return None
        except OSError as error:
            self._causes[name] = error.strerror or type(error).__name__
            return None
        except Exception as error:  # a fault of ours in a file nobody asked to check
            self._causes[name] = f"internal error: {type(error).__name__}"
            return None
        self._stats[name] = stat
        module = Module(name, source.path, facts, source, file)
        self._keep(module)
        return module

    def _facts(self, source: Source, dotted: str, is_package: bool) -> Facts:
        if self._store is None:
            return _lower(source, dotted, is_package)
        under = key(source.text, dotted, is_package)
        facts = self._store.get(under)
        if facts is None:
            facts = _lower(source, dotted, is_package)
            self._store.put(under, facts)
        return facts

    def _keep(self, module: Module) -> None:
        """Make room for a module by dropping those asked for least recently."""
        self._drop(module.name)
        self._room -= _size(module.facts)
        self._modules[module.name] = module
        for name in list(self._modules) if self._room < 0 else ():
            if self._room >= 0:
                break
            if name not in (module.name, self._checked):
                self._drop(name)

    def _drop(self, name: str) -> None:
        module = self._modules.pop(name, None)
        if module is not None:
            self._latest = None
            self._room += _size(module.facts)

    def _forget_answers(self) -> None:
        self.names = Names(self)
        self.classes = Classes(self)
        self._travel = None

    def _name(self, file: str) -> str:
        """The unique name of a file; given out once, so that references stay valid."""
        name = self._names.get(file)
        if name is None:
            name, _ = self._dotted(file)
            if name in self._files:
                name = f"{name}@{file}"
            self._names[file] = name
            self._files[name] = file
        return name

    def _dotted(self, file: str) -> tuple[str, bool]:
        return self._roots.name(file) if file else ("<stdin>", False)

    def _absolute(self, path: str | Path) -> str:
        return os.path.normpath(os.path.join(self._cwd, path))

    def _shown(self, file: str) -> str:
        inside = file.startswith(self._cwd.rstrip(os.sep) + os.sep)
        return Path(os.path.relpath(file, self._cwd) if inside else file).as_posix()


def _lower(source: Source, dotted: str, is_package: bool) -> Facts:
    from ..model.lower import lower  # astroid is behind it: not before the first cold file

    return lower(source, dotted, is_package)


def _size(facts: Facts) -> int:
    return sum(
        len(function.values) + sum(len(block.effects) for block in function.blocks)
        for function in facts.functions
    )


def _stat(file: str) -> tuple[int, int] | None:
    try:
        found = os.stat(file)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
