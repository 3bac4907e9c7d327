"""Check many files: in this process or in several, with the same result in either case.

Files go out in chunks of neighbours, because neighbours import the same modules. Every process
has its own projects; what they share is the store of facts on disk.
"""

from __future__ import annotations

import gc
import os
import signal
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
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
from . import mending
from .config import Overrides, Settings, absolute, lowest_python, settings_for
from .mending import Fixes, Mended
from .select import shown

CHUNK = 32
"""Files handed to a process at once: enough to share what their imports need, few enough to
keep all processes busy to the end."""


class Buffers:
    """Texts that count instead of what files hold, as bytes by absolute path: what an editor
    pipes, or what fixing made. Compared by identity."""

    def __init__(self, data: Mapping[Path, bytes] | None = None) -> None:
        self.data = dict(data or {})

    def texts(self) -> dict[Path, str]:
        """The texts for a project; of what cannot be decoded, the file under check tells why."""
        texts: dict[Path, str] = {}
        for path, data in self.data.items():
            with suppress(SourceError):
                texts[path] = Source.from_bytes(relative(path), data).text
        return texts


NO_BUFFERS = Buffers()


class Task(NamedTuple):
    """What is to be done with each file: beside checking it, `mend` it where there are fixes
    (nothing is written), and `propose` fixes for what is left."""

    overrides: Overrides
    buffers: Buffers = NO_BUFFERS
    mend: bool = False
    propose: bool = False


class Checked(NamedTuple):
    """What became of one file; where it was to be mended, the report is of the text before."""

    path: Path
    report: Report
    mended: Mended | None = None
    fixes: Fixes | None = None


class Outcome(NamedTuple):
    """The wanted findings of all files, sorted by path, line, column and code; how many comments
    suppressed; what was seen; whether a fault of ours left a file unchecked; what mending made of
    files, sorted; and the fixes that were asked for, by the path in a file's findings."""

    findings: tuple[Finding, ...]
    suppressed: int
    tally: Tally
    failed: bool
    mended: Mapping[Path, Mended]
    fixes: Mapping[str, Fixes]


def check_files(files: Sequence[Path], task: Task, jobs: int = 1) -> Outcome:
    """Check files, given by absolute paths, in up to `jobs` processes.

    Raises ConfigError and CatalogueError, before any work, if a file's settings are broken.
    """
    for settings in {settings_for(file, task.overrides) for file in files}:
        _catalogue(settings.catalogue)
    size = max(1, min(CHUNK, -(-len(files) // (4 * jobs))))
    chunks = [files[start : start + size] for start in range(0, len(files), size)]
    if jobs > 1 and len(chunks) > 1:
        return _outcome(_in_processes(chunks, task, min(jobs, len(chunks))))
    return _outcome(_check_chunk(files, task))


def read(path: Path) -> Source:
    """The text of a file. Raises SourceError if it cannot be read; never waits for a pipe."""
    return Source.from_bytes(relative(path), _bytes(path))


def lines_of(shown_as: str, buffers: Buffers = NO_BUFFERS) -> list[str]:
    """The lines of a file for an excerpt; [] if they cannot be had."""
    path = absolute(shown_as)
    try:
        return Source.from_bytes(shown_as, _bytes(path, buffers)).lines
    except SourceError:
        return []


def relative(path: Path) -> str:
    """A path as findings name it: relative to the working directory, with `/`."""
    try:
        return Path(os.path.relpath(path)).as_posix()
    except ValueError:  # another drive
        return path.as_posix()


def project_for(settings: Settings, buffers: Buffers = NO_BUFFERS) -> Project:
    """The project for files with these settings: one per process for all that resolve alike.

    Raises CatalogueError if a catalogue file of the user is broken.
    """
    return _project(settings.src, settings.catalogue, settings.cache_dir, Path.cwd(), buffers)


def forget() -> None:
    """Look at the disk anew from here on; results of earlier runs are not used again."""
    _project.cache_clear()
    _catalogue.cache_clear()


def _bytes(path: Path, buffers: Buffers = NO_BUFFERS) -> bytes:
    if path in buffers.data:
        return buffers.data[path]
    try:
        mode = os.stat(path).st_mode
        if stat.S_ISDIR(mode):
            raise SourceError("cannot be read: it is a folder")
        if not stat.S_ISREG(mode):
            raise SourceError("cannot be read: it is no regular file")
        return path.read_bytes()
    except FileNotFoundError:
        reason = "the link leads nowhere" if path.is_symlink() else "no such file"
        raise SourceError(f"cannot be read: {reason}") from None
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror or type(error).__name__}") from None


def _check_chunk(files: Sequence[Path], task: Task) -> list[Checked]:
    # Facts are many small tuples without cycles: at Python's own threshold the cyclic collector
    # takes a third of the time, walking them.
    gc.set_threshold(10_000_000)
    return [_check_file(file, task) for file in files]


def _check_file(path: Path, task: Task) -> Checked:
    settings = settings_for(path, task.overrides)
    codes = settings.codes(path)

    def check(source: Source) -> Report:
        return _wanted(check_source(source, project, FAMILIES, codes), codes, settings)

    try:
        data = _bytes(path, task.buffers)
        source = Source.from_bytes(relative(path), data)
        project = project_for(settings, task.buffers)
        report = check(source)
    except SourceError as error:
        return Checked(path, _wanted(unreadable(relative(path), error), codes, settings))
    except Exception as error:
        report = fault(relative(path), "preparing to check this file", error)
        return Checked(path, _wanted(report, codes, settings))
    mended, unsafe = None, settings.unsafe_fixes
    if task.mend and any(mending.fixable(finding, unsafe) for finding in report.findings):
        mended = mending.mend(
            source, data, lambda text: check(text).findings, lowest_python(path), unsafe
        )
        project.add(source)  # for the other files: in one round, all see the same texts
    fixes = None
    if task.propose and any(finding.cure for finding in report.findings):
        fixes = mending.propose(source, report.findings, lowest_python(path))
    return Checked(path, report, mended, fixes)


def _wanted(report: Report, codes: frozenset[str], settings: Settings) -> Report:
    return report._replace(findings=shown(report.findings, codes, settings.min_confidence))


@lru_cache(maxsize=8)
def _project(
    src: tuple[Path, ...],
    catalogue: tuple[Path, ...],
    cache: Path | None,
    cwd: Path,
    buffers: Buffers,
) -> Project:
    rows, overlays = _catalogue(catalogue), buffers.texts()
    return Project(src=src, store=_store(cache), catalogue=rows, cwd=cwd, overlays=overlays)


def _store(folder: Path | None) -> Store | None:
    return Store(folder) if folder else None


@lru_cache(maxsize=8)
def _catalogue(files: tuple[Path, ...]) -> Catalogue | None:
    """The catalogue with the user's files; None, and so loaded when first asked, without any."""
    return Catalogue.load(files) if files else None


def _in_processes(chunks: Sequence[Sequence[Path]], task: Task, jobs: int) -> Iterator[Checked]:
    """What becomes of all chunks, in any order. If a process dies, the files of unfinished chunks
    are checked one by one, so that only the one that kills its process is lost."""
    from concurrent.futures import ProcessPoolExecutor, as_completed
    from concurrent.futures.process import BrokenProcessPool

    unfinished: list[Path] = []
    with ProcessPoolExecutor(jobs, initializer=_begin, initargs=(task,)) as pool:
        futures = {pool.submit(_check_given, chunk): chunk for chunk in chunks}
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
        with ProcessPoolExecutor(1, initializer=_begin, initargs=(task,)) as pool:
            try:
                yield from pool.submit(_check_given, [path]).result()
            except BrokenProcessPool as error:
                yield Checked(path, fault(relative(path), "checking this file", error))


_task: Task
"""In a process of `_in_processes`: what is to be done, given once, since it can be large."""


def _begin(task: Task) -> None:
    """Leave Ctrl-C to the parent: it says one line, where each process would say a traceback."""
    global _task
    _task = task
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _check_given(files: Sequence[Path]) -> list[Checked]:
    return _check_chunk(files, _task)


def _outcome(results: Iterable[Checked]) -> Outcome:
    findings: list[Finding] = []
    tally = Tally()
    suppressed, failed = 0, False
    mended: dict[Path, Mended] = {}
    fixes: dict[str, Fixes] = {}
    for path, report, made, proposed in results:
        findings += report.findings
        suppressed += len(report.suppressed)
        tally.add(report.tally)
        failed = failed or report.failed
        if made is not None:
            mended[path] = made
        if proposed:
            fixes[report.path] = proposed
    findings.sort(key=lambda f: (f.path, f.span.line, f.span.column, f.code, f.message))
    return Outcome(tuple(findings), suppressed, tally, failed, dict(sorted(mended.items())), fixes)
