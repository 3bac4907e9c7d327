"""The command line. Nothing heavy is imported before a file is checked."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

from .. import __version__
from ..knowledge import rules
from ..model.source import SourceError
from . import arguments, config
from .arguments import UsageError
from .select import nearest, unknown
from .status import CLEAN, FAILED, complain
from .table import ConfigError


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
        return complain(str(error))
    except KeyboardInterrupt:
        return complain("interrupted")
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
    from . import check

    return check.run(options)


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
