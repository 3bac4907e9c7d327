"""The command `check`: which files are meant, what is printed and written, the exit status."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, TextIO

from ..engine.finding import Finding
from ..knowledge import rules
from ..knowledge.catalogue import CatalogueError
from . import arguments, config, discover, mending, rounds, work
from .arguments import UsageError
from .output import concise, diff, full, summary
from .output import json as as_json
from .rounds import Changes
from .status import CLEAN, FAILED, FOUND, complain
from .table import ConfigError
from .work import Buffers, Outcome, Task

STDIN = "-"
STDIN_NAME = "stdin"
FEW_FILES = 8
"""Up to here, starting processes costs more than it saves."""


class _Asked(NamedTuple):
    """A call: its options, what is to be done, the style, and the text that `-` stands for."""

    options: argparse.Namespace
    task: Task
    style: str
    stdin: bytes | None

    @property
    def mends(self) -> bool:
        return bool(self.options.fix or self.options.fix_only or self.options.diff)

    @property
    def out(self) -> TextIO:
        """Where findings go: a fixed text from stdin has stdout for itself."""
        return sys.stdout if self.stdin is None or not self.mends else sys.stderr


class _Result(NamedTuple):
    """What is left, what was (or would be) changed, and lines about what went wrong in fixing."""

    outcome: Outcome
    changes: Changes
    troubles: tuple[str, ...] = ()
    unwritten: bool = False

    @property
    def fixed(self) -> int:
        return sum(made.fixed for made in self.changes.values())


def run(options: argparse.Namespace) -> int:
    """Check, and fix if asked to; the exit status. Raises UsageError and ConfigError."""
    asked = _asked(options)
    try:
        result = _result(asked, _files(asked))
    except discover.MissingPath as error:
        raise UsageError(f"no such file or folder: {error}") from None
    except CatalogueError as error:
        raise ConfigError(str(error)) from None
    _note_undelivered(options)
    for line in result.troubles:
        complain(line)
    if options.diff:
        _print_diff(asked, result)
    else:
        if asked.stdin is not None and asked.mends:
            _print_text(asked.stdin, result.changes)
        _print(asked, result)
    if result.outcome.failed:
        complain("a fault of incident-lint left code unchecked: please report the INC002")
    return _status(options, result)


def _asked(options: argparse.Namespace) -> _Asked:
    overrides = arguments.overrides(options)
    paths = options.paths or ["."]
    if STDIN in paths and len(paths) > 1:
        raise UsageError("- cannot be given together with paths")
    if options.stdin_filename and paths != [STDIN]:
        raise UsageError("--stdin-filename needs - as the only path")
    for path in paths:
        config.check_nearest(path if path != STDIN else options.stdin_filename or STDIN_NAME)
    style = options.output_format or config.settings_for("x", overrides).output_format
    task = Task(overrides, propose=style == "json" and not options.diff)
    if paths != [STDIN]:
        return _Asked(options, task, style, None)
    stdin = sys.stdin.buffer.read()
    return _Asked(options, task._replace(buffers=Buffers({_name(options): stdin})), style, stdin)


def _name(options: argparse.Namespace) -> Path:
    """The absolute path that stands for what is read from stdin."""
    return config.absolute(options.stdin_filename or STDIN_NAME)


def _files(asked: _Asked) -> list[Path]:
    overrides = asked.task.overrides
    if asked.stdin is None:
        paths = asked.options.paths or ["."]
        return discover.find(paths, lambda path: config.settings_for(path, overrides))
    path = _name(asked.options)
    return [] if config.settings_for(path, overrides).excluded(path, below=path) else [path]


def _result(asked: _Asked, files: list[Path]) -> _Result:
    work.forget()
    jobs = asked.options.jobs or (_processors() if len(files) > FEW_FILES else 1)
    if not asked.mends:
        return _Result(work.check_files(files, asked.task, jobs), {})
    outcome, changes = rounds.mend(files, asked.task, jobs)
    troubles = tuple(note for made in outcome.mended.values() for note in made.notes)
    if asked.options.diff or asked.stdin is not None:
        return _Result(outcome, changes, troubles)
    written, refused = rounds.save(changes)
    if refused:  # what is left was found in texts that are not on the disk
        work.forget()
        outcome = work.check_files(files, asked.task, jobs)
    return _Result(outcome, written, (*troubles, *refused), bool(refused))


def _status(options: argparse.Namespace, result: _Result) -> int:
    if result.outcome.failed or result.unwritten:
        return FAILED
    wrong = bool(result.outcome.findings) and not options.fix_only and not options.diff
    if options.diff or options.exit_non_zero_on_fix:
        wrong = wrong or bool(result.changes)
    return FOUND if wrong and not options.exit_zero else CLEAN


def _print_diff(asked: _Asked, result: _Result) -> None:
    sys.stdout.flush()
    for path, made in result.changes.items():
        for line in diff.render(work.relative(path), made.before, made.after):
            sys.stdout.buffer.write(line)
    _, hidden = _fixable(asked, result.outcome)
    print(
        summary.fixed("would fix", result.fixed, len(result.changes), hidden),
        file=sys.stderr,
    )


def _print_text(stdin: bytes, changes: Changes) -> None:
    """What was read from stdin, fixed; unchanged if nothing is fixed, as editors put it back."""
    sys.stdout.flush()
    for made in [*changes.values()] or [mending.Mended(stdin, stdin)]:
        sys.stdout.buffer.write(made.after)
    sys.stdout.buffer.flush()


def _print(asked: _Asked, result: _Result) -> None:
    """Findings, then what people want to know about the run; machines get the findings only."""
    options, outcome, out = asked.options, result.outcome, asked.out
    now, hidden = _fixable(asked, outcome)
    if options.fix_only:
        files = len(result.changes)
        print(summary.fixed("fixed", result.fixed, files, hidden), file=sys.stderr)
        return
    if asked.style == "json":
        print(as_json.render(outcome.findings, outcome.fixes), file=out)
        if options.statistics:
            print(*_statistics(outcome), sep="\n", file=sys.stderr)
        return
    if asked.style == "concise":
        for line in concise.render(outcome.findings, now):
            print(line, file=out)
    else:
        _print_full(asked, result, now)
    if options.statistics:
        print(*_statistics(outcome), sep="\n", file=out)
    last = summary.last_line(len(outcome.findings), outcome.suppressed, outcome.tally, result.fixed)
    print(last, *filter(None, [summary.fixable(len(now), hidden)]), sep="\n", file=out)


def _print_full(asked: _Asked, result: _Result, fixable: frozenset[Finding]) -> None:
    data = asked.task.buffers.data | {path: made.after for path, made in result.changes.items()}
    buffers = Buffers(data)

    @lru_cache(maxsize=64)
    def lines(path: str) -> list[str]:
        return work.lines_of(path, buffers)

    ranked = full.ranked(result.outcome.findings)
    shown = ranked if asked.options.all else ranked[: full.LIMIT]
    style = full.COLOURED if _in_colour(asked.out) else full.PLAIN
    for text in full.render(shown, lines, style, fixable):
        print(text, file=asked.out)
    if len(shown) < len(ranked):
        print(
            f"{len(ranked) - len(shown)} more are not shown (--all shows them); by code:",
            *summary.by_code(ranked),
            "",
            sep="\n",
            file=asked.out,
        )


def _fixable(asked: _Asked, outcome: Outcome) -> tuple[frozenset[Finding], int]:
    """The findings that `--fix` would fix, and how many more unsafe fixes would. What is left
    after fixing cannot be fixed."""
    now: set[Finding] = set()
    hidden = 0
    for finding in outcome.findings:
        settings = config.settings_for(finding.path, asked.task.overrides)
        if not asked.mends and mending.fixable(finding, settings.unsafe_fixes):
            now.add(finding)
        hidden += mending.hidden(finding, settings.unsafe_fixes)
    return frozenset(now), hidden


def _statistics(outcome: Outcome) -> Iterator[str]:
    yield from summary.by_code(outcome.findings)
    yield from summary.judged(outcome.tally)


def _note_undelivered(options: argparse.Namespace) -> None:
    """Say so where a rule was asked for by its full name that this version does not check."""
    symbols = {rule.symbol: code for code, rule in rules.codes().items()}
    for word in (*(options.select or ()), *options.extend_select):
        code = symbols.get(word, word)
        if code in rules.codes() and code not in rules.DELIVERED:
            complain(f"note: this version does not check {word} yet")


def _in_colour(out: TextIO) -> bool:
    """A terminal that wants colours; `NO_COLOR` beats `FORCE_COLOR`."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return bool(os.environ.get("FORCE_COLOR")) or out.isatty()


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
