"""The flake8 plugin: findings as flake8 wants them, nothing else.

Configuration is `[tool.incident-lint]` of the nearest pyproject.toml, as in every host; flake8's
own options select, ignore and silence on top of it.
"""

from __future__ import annotations

import argparse
import ast
from collections.abc import Iterator, Sequence

from .. import __version__
from ..knowledge import rules
from .embedded import check, one_line, start


class Plugin:
    """What flake8 makes for each file. It is asked for the tree only so that flake8 takes it for
    a checker of whole files: other plugins share that tree and may have changed it."""

    name = "incident-lint"
    version = __version__

    def __init__(
        self, tree: ast.AST, filename: str, lines: Sequence[str], options: argparse.Namespace
    ) -> None:
        self._filename = filename
        self._lines = lines
        self._options = options

    @classmethod
    def parse_options(cls, options: argparse.Namespace) -> None:
        """Called by flake8 once for each run, in each process that does not inherit it."""
        start()

    def run(self) -> Iterator[tuple[int, int, str, type[Plugin]]]:
        """(1-based line, 0-based column in code points, "CODE message", type) for each finding.

        Those that only `# noqa` hides are among them: flake8 hides them itself, unless it was
        told not to. Never raises an Exception.
        """
        checked = check(
            self._filename,
            "".join(self._lines),
            also=_named_in_full(self._options),
            named=self._options.filenames,
        )
        for finding in checked.given_back("noqa"):
            text = f"{finding.code} {one_line(finding.message)}"
            yield finding.span.line, finding.span.column - 1, text, type(self)


def _named_in_full(options: argparse.Namespace) -> tuple[str, ...]:
    """The codes that flake8's own select and extend-select name in full.

    A prefix such as `--select=INC`, or an `ignore` that replaces flake8's default one, must not
    switch on what is off.
    """
    words = (*(options.select or ()), *(options.extend_select or ()))
    return tuple(word for word in words if word in rules.codes())
