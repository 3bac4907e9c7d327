"""The command line. Nothing heavy is imported before a file is checked."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from .. import __version__
from ..knowledge import rules
from ..model.source import SourceError
from . import arguments, config
from .arguments import UsageError
from .output import concise, full, summary
from .output import json as as_json
from .select import nearest, unknown
from .table import ConfigError

if TYPE_CHECKING:
    from .work import Outcome

CLEAN, FOUND, FAILED = 0, 1, 2
STDIN = "-"
STDIN_NAME = "stdin"
FEW_FILES = 8
"""Up to here, starting processes costs more than it saves."""


def run() -> int:
    """The command, as a process of its own: `main` with the arguments of the process.

    What is left is not searched for cycles at the very end, which would take as long as a tenth
    of a cold run.
    """
    status = main()
    gc.freeze()
    return status


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command (`argv` without the program's name); the exit status.

    0: no finding, 1: findings, 2: a wrong call, a broken configuration or a fault of ours.
    """
    config.forget()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a name may hold what the terminal cannot show
            stream.reconfigure(errors="backslashreplace")
    try:
        status = _run(sys.argv[1:] if argv is None else argv)
        sys.stdout.flush()
    except (UsageError, ConfigError) as error:
        return _complain(str(error))
    except KeyboardInterrupt:
        return _complain("interrupted")
    except BrokenPipeError:  # the reader has seen enough, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    return status


def _run(argv: Sequence[str]) -> int:
    command, rest = arguments.command_of(argv)
    options = arguments.parse(command, rest)
    if command == "explain":
        return _explain(options.code)
    if command == "rules":
        return _rules()
    if command == "why":
        return _why(*options.place)
    if options.version:
        print(f"incident-lint {__version__}")
        return CLEAN
    return _check(options)


def _explain(word: str) -> int:
    symbols = {rule.symbol: code for code, rule in rules.codes().items()}
    code = symbols.get(word, word)
    if code not in rules.codes():
        hint = nearest(word, [*symbols, *rules.codes()])
        raise UsageError(unknown("rule", word, hint))
    print(rules.page(code).rstrip())
    return CLEAN


def _rules() -> int:
    family = None
    for code, rule in rules.codes().items():
        if rule.family != family:
            family = rule.family
            story = f" ({rule.incident})" if rule.incident else ""
            print(f"{family.replace('_', ' ')}{story}")
        state = "on" if rule.default_on else "off"
        if code not in rules.DELIVERED:
            state = "later"
        print(f"  {code} {rule.symbol:28}{state:7}{rule.summary}")
    return CLEAN


def _why(file: str, line: int) -> int:
    from ..knowledge.catalogue import CatalogueError
    from . import why, work

    work.forget()
    path = config.absolute(file)
    config.check_nearest(path)
    try:
        source = work.read(path)
        project = work.project_for(config.settings_for(path))
        for text in why.tell(source, line, project):
            print(text)
    except SourceError as error:
        raise UsageError(f"{file}:{error.line}: the file {error.reason}") from None
    except CatalogueError as error:
        raise ConfigError(str(error)) from None
    return CLEAN


def _check(options: argparse.Namespace) -> int:
    overrides = arguments.overrides(options)
    paths = options.paths or ["."]
    if STDIN in paths and len(paths) > 1:
        raise UsageError("- cannot be given together with paths")
    if options.stdin_filename and paths != [STDIN]:
        raise UsageError("--stdin-filename needs - as the only path")
    for path in paths:
        config.check_nearest(path if path != STDIN else options.stdin_filename or STDIN_NAME)
    style = options.output_format or config.settings_for("x", overrides).output_format
    stdin = sys.stdin.buffer.read() if paths == [STDIN] else None
    outcome = _outcome(paths, stdin, options, overrides)
    _note_undelivered(options)
    _print(outcome, style, options, stdin)
    if outcome.failed:
        return _complain("a fault of incident-lint left code unchecked: please report the INC002")
    return FOUND if outcome.findings and not options.exit_zero else CLEAN


def _outcome(
    paths: Sequence[str],
    stdin: bytes | None,
    options: argparse.Namespace,
    overrides: config.Overrides,
) -> Outcome:
    from ..knowledge.catalogue import CatalogueError
    from . import discover, work

    work.forget()
    try:
        if stdin is not None:
            name = options.stdin_filename or STDIN_NAME
            path = config.absolute(name)
            if config.settings_for(path, overrides).excluded(path, below=path):
                return work.check_files([], overrides)
            return work.check_text(name, stdin, overrides)
        files = discover.find(paths, lambda path: config.settings_for(path, overrides))
        jobs = options.jobs or (_processors() if len(files) > FEW_FILES else 1)
        return work.check_files(files, overrides, jobs)
    except discover.MissingPath as error:
        raise UsageError(f"no such file or folder: {error}") from None
    except CatalogueError as error:
        raise ConfigError(str(error)) from None


def _print(outcome: Outcome, style: str, options: argparse.Namespace, stdin: bytes | None) -> None:
    """Findings, then what people want to know about the run; machines get the findings only."""
    if style == "json":
        print(as_json.render(outcome.findings))
        if options.statistics:
            print(*_statistics(outcome), sep="\n", file=sys.stderr)
        return
    if style == "concise":
        for line in concise.render(outcome.findings):
            print(line)
    else:
        _print_full(outcome, options, stdin)
    if options.statistics:
        print(*_statistics(outcome), sep="\n")
    print(summary.last_line(len(outcome.findings), outcome.suppressed, outcome.tally))


def _print_full(outcome: Outcome, options: argparse.Namespace, stdin: bytes | None) -> None:
    from . import work

    @lru_cache(maxsize=64)
    def lines(path: str) -> list[str]:
        return work.lines_of(path, stdin if path == stdin_name else None)

    stdin_name = work.relative(config.absolute(options.stdin_filename or STDIN_NAME))
    ranked = full.ranked(outcome.findings)
    shown = ranked if options.all else ranked[: full.LIMIT]
    for text in full.render(shown, lines, full.COLOURED if _in_colour() else full.PLAIN):
        print(text)
    if len(shown) < len(ranked):
        print(f"{len(ranked) - len(shown)} more are not shown (--all shows them); by code:")
        print(*summary.by_code(ranked), "", sep="\n")


def _statistics(outcome: Outcome) -> list[str]:
    return [*summary.by_code(outcome.findings), *summary.judged(outcome.tally)]


def _note_undelivered(options: argparse.Namespace) -> None:
    """Say so where a rule was asked for by its full name that this version does not check."""
    symbols = {rule.symbol: code for code, rule in rules.codes().items()}
    for word in (*(options.select or ()), *options.extend_select):
        code = symbols.get(word, word)
        if code in rules.codes() and code not in rules.DELIVERED:
            print(f"incident-lint: note: this version does not check {word} yet", file=sys.stderr)


def _in_colour() -> bool:
    """A terminal that wants colours; `NO_COLOR` beats `FORCE_COLOR`."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return bool(os.environ.get("FORCE_COLOR")) or sys.stdout.isatty()


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _complain(text: str) -> int:
    print(f"incident-lint: {text}", file=sys.stderr)
    return FAILED
