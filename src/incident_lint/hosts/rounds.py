"""Fixes in many files: round after round over all of them, and only then written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from . import write
from .mending import Mended
from .output.text import one_line
from .work import Buffers, Outcome, Task, check_files, forget, relative

ROUNDS = 10
"""A fix can make one in a file that imports it possible; it never takes more than a few rounds."""

Changes = Mapping[Path, Mended]
"""What is to stand in files instead of what they hold, sorted by path."""


def mend(files: Sequence[Path], task: Task, jobs: int = 1) -> tuple[Outcome, Changes]:
    """Fix what can be fixed until no file changes any more: what is then left, and the changes.

    In one round every file is checked against the texts of the round before, so neither the
    order of files nor the number of processes matters. Raises what `check_files` raises.
    """
    changes: dict[Path, Mended] = {}
    buffers = task.buffers
    for _ in range(ROUNDS):
        outcome = check_files(files, task._replace(buffers=buffers, mend=True), jobs)
        new = {path: made for path, made in outcome.mended.items() if made.before != made.after}
        if not new:
            return outcome, dict(sorted(changes.items()))
        for path, made in new.items():
            changes[path] = changes[path].then(made) if path in changes else made
        forget()  # the projects of this round are large, and not asked again
        buffers = Buffers(task.buffers.data | {path: made.after for path, made in changes.items()})
    outcome = check_files(files, task._replace(buffers=buffers), jobs)
    return outcome, dict(sorted(changes.items()))


def save(changes: Changes) -> tuple[Changes, list[str]]:
    """Write changed files: those that were written, and a line for each that was not."""
    written: dict[Path, Mended] = {}
    refused: list[str] = []
    for path, made in changes.items():
        try:
            write.replace(path, made.before, made.after)
        except write.NotWritten as error:
            refused.append(f"{one_line(relative(path))}: not fixed: {error}")
        else:
            written[path] = made
    return written, refused
