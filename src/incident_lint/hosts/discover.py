"""Which files a command line means: git's list where there is a repository, else a walk.

A named file is checked whatever it is called and whatever excludes it. Below a named folder only
`.py`, `.pyi` and `.pyw` count, without what git ignores and what `exclude` names. A folder called
`x.py` and a link that leads nowhere are listed too: whoever reads them says why they cannot be
checked.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from .config import Settings, absolute

SUFFIXES = (".py", ".pyi", ".pyw")


class MissingPath(Exception):
    """A path on the command line that does not exist."""


def find(paths: Iterable[str], settings: Callable[[Path], Settings]) -> list[Path]:
    """The files that paths name, absolute, sorted, each once.

    `settings` gives the settings of a file. Raises MissingPath, and what `settings` raises.
    """
    found: dict[Path, None] = {}
    for name in paths:
        path = absolute(name)
        if not name or not os.path.lexists(path):
            raise MissingPath(name or '""')
        if path.is_dir():
            found.update(dict.fromkeys(_below(path, settings)))
        elif not settings(path).excluded(path, below=path):
            found[path] = None
    return sorted(found)


def _below(top: Path, settings: Callable[[Path], Settings]) -> Iterator[Path]:
    """The Python files below a named folder, `top` itself if it is called like one."""
    if top.suffix in SUFFIXES:
        yield top
    listed = _git_files(top)
    files = _walk(top, top, settings) if listed is None else _with_odd_folders(top, listed)
    for path in files:
        if path.suffix not in SUFFIXES and not (path.is_dir() and not path.is_symlink()):
            continue
        if settings(path).excluded(path, below=top):
            continue
        if path.suffix in SUFFIXES:
            yield path
        elif listed is not None:
            yield from _walk(path, top, settings)


def _git_files(folder: Path) -> list[Path] | None:
    """Tracked files, and untracked ones that are not ignored, as git lists them.

    None where there is no git or no repository, or where the folder itself is ignored: then it
    was named on purpose. A repository in the repository is listed as a folder.
    """
    if _git(folder, "check-ignore", "-q", ".") is not None:
        return None
    listed = _git(folder, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    if listed is None:
        return None
    names = {os.fsdecode(name) for name in listed.split(b"\0") if name}
    return [path for path in (folder / name for name in names) if os.path.lexists(path)]


def _git(folder: Path, *arguments: str) -> bytes | None:
    """The output of a git command run in a folder, None if it fails. Git's own environment (set
    in hooks, relative to another folder) is left out."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX")
    }
    try:
        done = subprocess.run(
            ["git", *arguments], cwd=folder, env=environment, capture_output=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout


def _with_odd_folders(top: Path, files: Iterable[Path]) -> Iterator[Path]:
    """The files, and the folders above them that are called like a Python file."""
    seen: set[Path] = set()
    for path in files:
        yield path
        for parent in path.parents:
            if parent == top or parent in seen:
                break
            seen.add(parent)
            if parent.suffix in SUFFIXES:
                yield parent


def _walk(folder: Path, top: Path, settings: Callable[[Path], Settings]) -> Iterator[Path]:
    """Every file below a folder, and folders called like a Python file; links to folders and
    virtual environments are not entered, nor is what is excluded."""
    for name, folders, files in os.walk(folder):
        here = Path(name)
        for child in sorted(folders):
            path = here / child
            if path.suffix in SUFFIXES:
                yield path
            if (path / "pyvenv.cfg").is_file() or settings(path).excluded(path, below=top):
                folders.remove(child)
        yield from (here / file for file in files)
