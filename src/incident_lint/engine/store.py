"""Facts on disk, shared by all processes that check the same tree.

One file per key, and the key is a digest of all that facts depend on: nothing in the store can be
stale, only unused. An entry begins with a digest of itself, so half of one counts as none.
Entries are data (JSON and columns of numbers), never code. Whatever is wrong with the folder or
with an entry is silently the same as having no store, since facts can always be made again.
"""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

from .. import __version__, model
from ..model.codec import decode, encode
from ..model.facts import FORMAT, Facts

_DAY = 24 * 60 * 60
_KEPT = 30 * _DAY
_SWEPT_EVERY = 7 * _DAY
_TAG = (
    "Signature: 8a477f597d28d172789f06886806bc55\n"
    "# This folder is a cache of incident-lint. It can be deleted at any time.\n"
)


def key(text: str, module: str, is_package: bool) -> str:
    """The name under which the facts of a module's text are kept: 64 hexadecimal digits."""
    digest = sha256(text.encode("utf-8", "surrogatepass"))
    digest.update(f"\0{module}\0{is_package}\0{_versions()}".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


class Store:
    """A cache folder; it is made when the first entry is written.

    Entries that nobody read for 30 days are deleted; a week passes between two looks for them.
    """

    def __init__(self, folder: Path) -> None:
        self._root = os.fspath(folder)
        self._folder = os.path.join(self._root, "facts")
        self._folders: set[str] = set()
        self._prepared = False
        self._writable = True

    def get(self, key: str) -> Facts | None:
        """The facts of a key, or None: not there, damaged or unreadable."""
        path = self._path(key)
        try:
            with open(path, "rb") as file:
                digest, _, body = file.read().partition(b"\n")
                age = time.time() - os.fstat(file.fileno()).st_mtime
            if digest.decode("ascii") != sha256(body).hexdigest():
                return None
            with _collector_paused():
                facts = decode(body)
        except (OSError, ValueError, KeyError, IndexError, TypeError, RecursionError):
            return None
        if age > _DAY:
            with suppress(OSError):
                os.utime(path)
        return facts

    def put(self, key: str, facts: Facts) -> None:
        """Keep facts; readers see all of the entry or none. After a failure nothing is written."""
        if not self._writable:
            return
        try:
            self._prepare()
            body = encode(facts)
            path = self._path(key)
            folder = os.path.dirname(path)
            if folder not in self._folders:
                os.makedirs(folder, exist_ok=True)
                self._folders.add(folder)
            # Written in place: to who reads half of it, its digest says so, and whoever else
            # writes it writes the same.
            with open(path, "wb") as file:
                file.write(sha256(body).hexdigest().encode("ascii") + b"\n" + body)
        except OSError:
            self._writable = False

    def _path(self, key: str) -> str:
        return os.path.join(self._folder, key[:1], key[1:] + ".facts")

    def _prepare(self) -> None:
        if self._prepared:
            return
        os.makedirs(self._folder, exist_ok=True)
        for name, text in (("CACHEDIR.TAG", _TAG), (".gitignore", "*\n")):
            with suppress(FileExistsError), open(os.path.join(self._root, name), "x") as file:
                file.write(text)
        self._sweep()
        self._prepared = True

    def _sweep(self) -> None:
        """Delete what has not been read for long; the time of the last look is a file's own."""
        mark, now = os.path.join(self._root, "swept"), time.time()
        try:
            if now - os.stat(mark).st_mtime < _SWEPT_EVERY:
                return
        except FileNotFoundError:
            pass
        with open(mark, "w"):
            os.utime(mark)
        for folder, _, names in os.walk(self._folder):
            for name in names:
                path = os.path.join(folder, name)
                with suppress(OSError):
                    if now - os.stat(path).st_mtime > _KEPT:
                        os.unlink(path)


@lru_cache(maxsize=1)
def _versions() -> str:
    """All that shapes facts beside the text. The lowering's own files are among it, so that a
    changed checkout of this tool never reads the facts of yesterday's lowering."""
    digest = sha256()
    for file in sorted(Path(model.__path__[0]).glob("*.py")):
        digest.update(file.read_bytes())
    python = ".".join(map(str, sys.version_info[:2]))
    parts = FORMAT, __version__, _astroid_version(), python, sys.byteorder, digest.hexdigest()
    return " ".join(map(str, parts))


def _astroid_version() -> str:
    """Read beside its code: to import astroid, or to ask `importlib.metadata`, would cost a warm
    run more than all else it does here."""
    with suppress(ImportError, OSError, TypeError, ValueError):
        spec = find_spec("astroid")
        origin = spec and spec.origin
        return Path(origin or "").with_name("__pkginfo__.py").read_text("utf-8")
    return "unknown"


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Facts are many small tuples without cycles: the cyclic collector would only walk them."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
