"""The options of the command line, parsed and checked; a wrong call is one line and status 2."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NoReturn

from . import globs
from .config import Overrides
from .globs import Pattern
from .select import Layer, names, nearest, unknown
from .table import CONFIDENCES, OUTPUT_FORMATS

COMMANDS = {
    "check": "check files and folders (also without the word)",
    "explain": "print the page of a rule",
    "rules": "list the rules",
    "why": "print what was recognised on a line, and what was not",
}


class UsageError(Exception):
    """A wrong call: one line for the user."""


class _Parser(argparse.ArgumentParser):
    """Errors are raised, and an unknown option names the nearest known one."""

    def error(self, message: str) -> NoReturn:
        words = re.fullmatch(r"unrecognized arguments: (\S+).*", message)
        if words:
            word = words[1].partition("=")[0]
            known = (text for action in self._actions for text in action.option_strings)
            what = "option" if word.startswith("-") else "argument"
            message = unknown(what, word, nearest(word, known) if what == "option" else None)
        raise UsageError(message)


def command_of(arguments: Sequence[str]) -> tuple[str, list[str]]:
    """The command and its own arguments: `check` where none is named."""
    if arguments and arguments[0] in COMMANDS:
        return arguments[0], list(arguments[1:])
    return "check", list(arguments)


def parse(command: str, arguments: Sequence[str]) -> argparse.Namespace:
    """The options of one command. Raises UsageError; prints help and exits for `--help`."""
    parser = _PARSERS[command]()
    return parser.parse_intermixed_args(arguments)


def overrides(options: argparse.Namespace) -> Overrides:
    """What the options of `check` say on top of the configuration."""
    here = Path.cwd()

    def patterns(words: Iterable[str]) -> tuple[Pattern, ...]:
        return tuple(Pattern(here, word) for word in words)

    return Overrides(
        selection=Layer(options.select, options.extend_select, options.ignore),
        min_confidence=options.min_confidence,
        exclude=None if options.exclude is None else patterns(options.exclude),
        extend_exclude=patterns(options.extend_exclude),
        force_exclude=options.force_exclude,
        unsafe_fixes=options.unsafe_fixes,
        cache_dir=options.cache_dir and Path(os.path.abspath(options.cache_dir)),
        no_cache=options.no_cache,
    )


def _check_parser() -> argparse.ArgumentParser:
    commands = "\n".join(f"  {name:9}{text}" for name, text in COMMANDS.items())
    parser = _Parser(
        prog="incident-lint",
        usage="incident-lint [check] [options] [path ...]",
        description="Find the bug classes behind published outages.",
        epilog=f"commands:\n{commands}\n\nStatus: 0 no finding, 1 findings, 2 a wrong call, "
        "a broken configuration\nor a fault that left files unchecked or unwritten.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("paths", nargs="*", metavar="path", help="files and folders, or - (default: .)")
    add("--version", action="store_true", help="print the version")
    _add_selection(parser)
    _add_fixes(parser)
    add("--output-format", choices=OUTPUT_FORMATS, help="default: full")
    add("--all", action="store_true", help="with full: show every finding, not only the worst 20")
    add("--statistics", action="store_true", help="add counts by code, and what was judged")
    add("--exit-zero", action="store_true", help="status 0 even if there are findings")
    add("--stdin-filename", metavar="NAME", help="the name of the text that - reads")
    add("--jobs", type=_jobs, metavar="N", help="processes (default: one per processor)")
    add("--exclude", type=_patterns, metavar="GLOBS", help="leave these out instead of the default")
    add("--extend-exclude", type=_patterns, default=(), metavar="GLOBS", help="leave these out too")
    add("--force-exclude", action="store_true", help="exclude even what is named as a path")
    add("--cache-dir", metavar="PATH", help="where facts are kept between runs")
    add("--no-cache", action="store_true", help="keep nothing between runs")
    return parser


def _add_selection(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    what = "codes, prefixes, symbols or ALL, with commas"
    add("--select", type=_selectors, metavar="CODES", help=f"only these: {what}")
    add("--extend-select", type=_selectors, default=(), metavar="CODES", help="these too")
    add("--ignore", type=_selectors, default=(), metavar="CODES", help="all but these")
    add("--min-confidence", choices=CONFIDENCES, help="default: proved")


def _add_fixes(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--fix", action="store_true", help="fix what can safely be fixed, and report the rest")
    add("--diff", action="store_true", help="show what --fix would change; status 1 if it would")
    add(
        "--unsafe-fixes",
        action=argparse.BooleanOptionalAction,
        help="fix also what the code may rely on",
    )
    add("--fix-only", action="store_true", help="fix, and report nothing else")
    add("--exit-non-zero-on-fix", action="store_true", help="status 1 if anything was fixed")


def _explain_parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="incident-lint explain", description=COMMANDS["explain"])
    parser.add_argument("code", help="a code or a symbol, such as INC101 or mutable-default")
    return parser


def _rules_parser() -> argparse.ArgumentParser:
    return _Parser(prog="incident-lint rules", description=COMMANDS["rules"])


def _why_parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="incident-lint why", description=COMMANDS["why"])
    parser.add_argument("place", metavar="FILE:LINE", type=_place, help="a line of a file")
    return parser


_PARSERS: dict[str, Callable[[], argparse.ArgumentParser]] = {
    "check": _check_parser,
    "explain": _explain_parser,
    "rules": _rules_parser,
    "why": _why_parser,
}


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for word in re.split(r"[,\s]+", text) if word)


def _selectors(text: str) -> tuple[str, ...]:
    words = _words(text)
    for word in words:
        try:
            names(word)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None
    return words


def _patterns(text: str) -> tuple[str, ...]:
    words = tuple(word.strip() for word in text.split(",") if word.strip())
    for word in words:
        try:
            globs.check(word)
        except ValueError as error:
            raise argparse.ArgumentTypeError(f"'{word}' cannot be used: {error}") from None
    return words


def _jobs(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is no number of processes")
    return int(text)


def _place(text: str) -> tuple[str, int]:
    file, _, line = text.rpartition(":")
    if not file or not line.isdecimal() or int(line) < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is not FILE:LINE")
    return file, int(line)
