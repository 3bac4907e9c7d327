"""Check many files: in this process or in several, with the same result in either case.

Files go out in chunks of neighbours, because neighbours import the same modules. Every process
has its own projects; what they share is the store of facts on disk.
"""

from __future__ import annotations

import gc
import os
import signal
import stat
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from ..checks import FAMILIES
from ..engine.finding import Finding, Tally
from ..engine.project import Project
from ..engine.run import Report, check_source, fault, unreadable
from ..engine.store import Store
from ..knowledge.catalogue import Catalogue
from ..model.source import Source, SourceError
from .config import Overrides, Settings, absolute, settings_for
from .select import shown

CHUNK = 32
"""Files handed to a process at once: enough to share what their imports need, few enough to
keep all processes busy to the end."""


class Outcome(NamedTuple):
    """The wanted findings of all files, sorted by path, line, column and code; how many comments
    suppressed; what was seen; and whether a fault of ours left a file unchecked."""

    findings: tuple[Finding, ...]
    suppressed: int
    tally: Tally
    failed: bool


def check_files(files: Sequence[Path], overrides: Overrides, jobs: int = 1) -> Outcome:
    """Check files, given by absolute paths, in up to `jobs` processes.

    Raises ConfigError and CatalogueError, before any work, if a file's settings are broken.
    """
    for settings in {settings_for(file, overrides) for file in files}:
        _catalogue(settings.catalogue)
    size = max(1, min(CHUNK, -(-len(files) // (4 * jobs))))
    chunks = [files[start : start + size] for start in range(0, len(files), size)]
    if jobs > 1 and len(chunks) > 1:
        return _outcome(_in_processes(chunks, overrides, min(jobs, len(chunks))))
    return _outcome(_check_chunk(files, overrides))


def check_text(name: str, data: bytes, overrides: Overrides) -> Outcome:
    """Check a text under a file's name; what the file holds, if it exists, does not matter."""
    path = absolute(name)
    shown_as = relative(path)
    settings = settings_for(path, overrides)
    try:
        source = Source.from_bytes(shown_as, data)
    except SourceError as error:
        return _outcome([_wanted(unreadable(shown_as, error), path, settings)])
    project = Project(
        src=settings.src,
        store=_store(settings.cache_dir),
        catalogue=_catalogue(settings.catalogue),
        overlays={path: source.text},
    )
    report = check_source(source, project, FAMILIES, settings.codes(path))
    return _outcome([_wanted(report, path, settings)])


def read(path: Path) -> Source:
    """The text of a file. Raises SourceError if it cannot be read; never waits for a pipe."""
    try:
        mode = os.stat(path).st_mode
        if stat.S_ISDIR(mode):
            raise SourceError("cannot be read: it is a folder")
        if not stat.S_ISREG(mode):
            raise SourceError("cannot be read: it is no regular file")
        data = path.read_bytes()
    except FileNotFoundError:
        reason = "the link leads nowhere" if path.is_symlink() else "no such file"
        raise SourceError(f"cannot be read: {reason}") from None
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror or type(error).__name__}") from None
    return Source.from_bytes(relative(path), data)


def lines_of(shown_as: str, data: bytes | None = None) -> list[str]:
    """The lines of a file (or of `data`) for an excerpt; [] if they cannot be had."""
    try:
        path = absolute(shown_as)
        source = read(path) if data is None else Source.from_bytes(shown_as, data)
    except SourceError:
        return []
    return source.lines


def relative(path: Path) -> str:
    """A path as findings name it: relative to the working directory, with `/`."""
    try:
        return Path(os.path.relpath(path)).as_posix()
    except ValueError:  # another drive
        return path.as_posix()


def _check_chunk(files: Sequence[Path], overrides: Overrides) -> list[Report]:
    # Facts are many small tuples without cycles: at Python's own threshold the cyclic collector
    # takes a third of the time, walking them.
    gc.set_threshold(1_000_000)
    return [_check_file(file, overrides) for file in files]


def _check_file(path: Path, overrides: Overrides) -> Report:
    settings = settings_for(path, overrides)
    try:
        report = check_source(read(path), project_for(settings), FAMILIES, settings.codes(path))
    except SourceError as error:
        report = unreadable(relative(path), error)
    except Exception as error:
        report = fault(relative(path), "preparing to check this file", error)
    return _wanted(report, path, settings)


def _wanted(report: Report, path: Path, settings: Settings) -> Report:
    codes = settings.codes(path)
    return report._replace(findings=shown(report.findings, codes, settings.min_confidence))


def project_for(settings: Settings) -> Project:
    """The project for files with these settings: one per process for all that resolve alike.

    Raises CatalogueError if a catalogue file of the user is broken.
    """
    return _project(settings.src, settings.catalogue, settings.cache_dir, Path.cwd())


def forget() -> None:
    """Look at the disk anew from here on; results of earlier runs are not used again."""
    _project.cache_clear()
    _catalogue.cache_clear()


@lru_cache(maxsize=8)
def _project(
    src: tuple[Path, ...], catalogue: tuple[Path, ...], cache: Path | None, cwd: Path
) -> Project:
    return Project(src=src, store=_store(cache), catalogue=_catalogue(catalogue), cwd=cwd)


def _store(folder: Path | None) -> Store | None:
    return Store(folder) if folder else None


@lru_cache(maxsize=8)
def _catalogue(files: tuple[Path, ...]) -> Catalogue | None:
    """The catalogue with the user's files; None, and so loaded when first asked, without any."""
    return Catalogue.load(files) if files else None


def _in_processes(
    chunks: Sequence[Sequence[Path]], overrides: Overrides, jobs: int
) -> Iterator[Report]:
    """The reports of all chunks, in any order. If a process dies, the files of unfinished chunks
    are checked one by one, so that only the one that kills its process is lost."""
    from concurrent.futures import ProcessPoolExecutor, as_completed
    from concurrent.futures.process import BrokenProcessPool

    unfinished: list[Path] = []
    with ProcessPoolExecutor(jobs, initializer=_ignore_interrupt) as pool:
        futures = {pool.submit(_check_chunk, chunk, overrides): chunk for chunk in chunks}
        try:
            for future in as_completed(futures):
                try:
                    yield from future.result()
                except BrokenProcessPool:
                    unfinished += futures[future]
        except KeyboardInterrupt:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    for path in unfinished:
        with ProcessPoolExecutor(1) as pool:
            try:
                yield from pool.submit(_check_chunk, [path], overrides).result()
            except BrokenProcessPool as error:
                yield fault(relative(path), "checking this file", error)


def _ignore_interrupt() -> None:
    """Leave Ctrl-C to the parent: it says one line, where each process would say a traceback."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _outcome(reports: Iterable[Report]) -> Outcome:
    findings: list[Finding] = []
    tally = Tally()
    suppressed, failed = 0, False
    for report in reports:
        findings += report.findings
        suppressed += len(report.suppressed)
        tally.add(report.tally)
        failed = failed or report.failed
    findings.sort(key=lambda f: (f.path, f.span.line, f.span.column, f.code, f.message))
    return Outcome(tuple(findings), suppressed, tally, failed)
