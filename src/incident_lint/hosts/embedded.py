"""Check one file on behalf of a host that brings its own text, selection and output.

Used by flake8 and pylint: whatever goes wrong becomes a finding, never an exception, because an
exception would end the host's whole run.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import NamedTuple

from ..checks import FAMILIES
from ..engine.finding import Finding
from ..engine.run import check_source, fault, unreadable
from ..engine.suppress import Kind, Suppressed
from ..knowledge.catalogue import CatalogueError
from ..model.source import Source, SourceError, Span
from . import config, work
from .config import Settings, absolute, settings_for
from .select import shown
from .table import ConfigError
from .work import project_for, relative


class Checked(NamedTuple):
    """The findings that the settings want: those left alone, and those that comments hide."""

    findings: tuple[Finding, ...]
    suppressed: tuple[Suppressed, ...]

    def given_back(self, kind: Kind) -> list[Finding]:
        """What a host gets that reads comments of `kind` itself: everything but what a comment
        of another kind hides, since the host knows nothing of those."""
        hidden = [item.finding for item in self.suppressed if item.kinds == {kind}]
        return sorted((*self.findings, *hidden), key=lambda f: (f.span, f.code))


NOTHING = Checked((), ())


def check(
    name: str,
    text: str | bytes,
    *,
    also: tuple[str, ...] = (),
    named: Sequence[str] | None = None,
) -> Checked:
    """Check the text that a host holds of the file it calls `name`; the file is not opened.

    `also` are codes that the host's own options ask for on top of the configuration, `named` the
    files and folders the user named: what lies below a named folder and is excluded by the
    configuration is left alone. None: not known, so that every file counts as found below the
    project's folder. Never raises an Exception.
    """
    path = absolute(name)
    try:
        settings = settings_for(path)
        if settings.excluded(path, _below(path, settings, named)):
            return NOTHING
        source = _source(relative(path), text)
        codes = settings.codes(path, also)
        report = check_source(source, project_for(settings), FAMILIES, codes)
    except SourceError as error:
        return Checked(unreadable(name, error).findings, ())
    except (ConfigError, CatalogueError) as error:
        return unchecked(name, str(error))
    except Exception as error:
        return Checked(fault(name, "preparing to check this file", error).findings, ())
    return Checked(
        shown(report.findings, codes, settings.min_confidence),
        tuple(
            suppressed._replace(finding=finding)
            for suppressed in report.suppressed
            for finding in shown((suppressed.finding,), codes, settings.min_confidence)
        ),
    )


def start() -> None:
    """To be called when a host starts a run: editors run flake8 and pylint again and again in
    one process, and files and configuration change in between."""
    config.forget()
    work.forget()


def unchecked(name: str, reason: str, line: int = 1) -> Checked:
    """What a host shows of a file that could not be checked: one INC002 on a 1-based line."""
    finding = Finding("INC002", name, Span(line, 1, line, 1), f"cannot check: {reason}")
    return Checked((finding,), ())


def one_line(message: str) -> str:
    """A message as hosts that print one line per finding need it."""
    return " ".join(message.split())


def _source(shown_as: str, text: str | bytes) -> Source:
    if isinstance(text, bytes):
        return Source.from_bytes(shown_as, text)
    return Source(shown_as, text)


def _below(path: Path, settings: Settings, named: Collection[str] | None) -> Path:
    """The folder below which configured excludes count for a file."""
    if named is None:
        return settings.root or path
    over = [found for found in map(absolute, named) if found == path or found in path.parents]
    return max(over, key=lambda found: len(found.parts), default=path)
