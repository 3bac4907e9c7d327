"""The pylint plugin: one checker named `incident-lint` (load-plugins = incident_lint.pylint).

Configuration is `[tool.incident-lint]` of the nearest pyproject.toml, as in every host; pylint's
own options enable, disable and silence on top of it.
"""

from __future__ import annotations

from astroid import nodes
from pylint.checkers import BaseChecker
from pylint.interfaces import HIGH, INFERENCE
from pylint.lint import PyLinter

from ..engine.finding import Finding
from ..knowledge import rules
from .config import settings_for
from .embedded import Checked, check, one_line, start, unchecked
from .select import resolve
from .table import ConfigError

_CONFIDENCES = {"proved": HIGH, "suspected": INFERENCE}


class IncidentLintChecker(BaseChecker):
    """Runs the engine on each module's text. pylint's tree is not used: other plugins transform
    it, and facts come from our own."""

    name = "incident-lint"

    def __init__(self, linter: PyLinter) -> None:
        configured = _configured()
        self.msgs = {
            code.pylint_id: (
                "%s",
                code.symbol,
                _help(code),
                {"default_enabled": code.default_on or code.code in configured},
            )
            for code in rules.codes().values()
        }
        self._off = {
            code.code: code.pylint_id
            for code in rules.codes().values()
            if not code.default_on and code.code not in configured
        }
        super().__init__(linter)

    def visit_module(self, node: nodes.Module) -> None:
        """Report the findings of one module; called by pylint, never raises an Exception."""
        if not any(map(self.linter.is_message_enabled, self.msgs)):
            return
        checked = self._check(node)
        for finding in checked.given_back("pylint"):
            self._report(finding, node)

    def _check(self, node: nodes.Module) -> Checked:
        also = tuple(
            code for code, msgid in self._off.items() if self.linter.is_message_enabled(msgid)
        )
        name: str = node.file or node.name
        try:
            return check(name, _text(node), also=also)
        except OSError as error:
            return unchecked(name, error.strerror or type(error).__name__)

    def _report(self, finding: Finding, node: nodes.Module) -> None:
        span = finding.span
        self.add_message(
            rules.codes()[finding.code].symbol,
            line=span.line,
            node=node,
            args=(one_line(finding.message),),
            confidence=_CONFIDENCES[finding.confidence],
            col_offset=span.column - 1,
            end_lineno=span.end_line,
            end_col_offset=span.end_column - 1,
        )


def register(linter: PyLinter) -> None:
    """What pylint calls when it loads the plugin, once for each run and process."""
    start()
    linter.register_checker(IncidentLintChecker(linter))


def _configured() -> frozenset[str]:
    """The codes that the configuration of the working directory wants, so that pylint's own
    `enable` and `disable`, read later, still have the last word; what only a configuration
    further down switches on stays off. A broken one is reported with each file."""
    try:
        return resolve(settings_for("pyproject.toml").layers)
    except ConfigError:
        return frozenset()


def _text(node: nodes.Module) -> str | bytes:
    """The text that pylint parsed. What it read from stdin is UTF-8 here, whatever encoding the
    text itself declares. Raises OSError if the file has gone meanwhile."""
    with node.stream() as stream:  # type: ignore[no-untyped-call]
        data: bytes = stream.read()
    return data if node.file_bytes is None else data.decode("utf-8").removeprefix("\ufeff")


def _help(code: rules.Code) -> str:
    """pylint's help on a message: one sentence."""
    sentence = code.summary[:1].upper() + code.summary[1:] + "."
    return sentence if code.code in rules.DELIVERED else sentence + " Not checked yet."
