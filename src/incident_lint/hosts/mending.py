"""Fixes for one file: made in its text, or only proposed. Nothing is written here.

libcst is behind the engine's fixes and the rewriters, so both are imported once a finding can be
fixed, and not before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from ..engine.finding import Finding
from ..model.source import Source, Span
from .lowest import Version
from .output.text import one_line

if TYPE_CHECKING:
    from ..engine.fixing import Fix

Fixes: TypeAlias = "Mapping[tuple[str, Span], Fix]"
"""Fixes of one file's findings, by code and span."""

_REPORT = "please report this"


class Mended(NamedTuple):
    """What fixing made of a file that held `before`: the same bytes if nothing could be fixed.

    `fixed` counts fixes; `notes` are lines about fixes that failed, our bugs.
    """

    before: bytes
    after: bytes
    fixed: int = 0
    notes: tuple[str, ...] = ()

    def then(self, later: Mended) -> Mended:
        """Both together, where `later` began with what this one made."""
        return Mended(self.before, later.after, self.fixed + later.fixed, later.notes)


def fixable(finding: Finding, unsafe: bool) -> bool:
    """Whether a finding names a cure that may be used: `unsafe` ones count only if wanted."""
    return finding.cure is not None and (unsafe or not finding.cure.caution)


def hidden(finding: Finding, unsafe: bool) -> bool:
    """Whether a finding could be fixed if unsafe fixes were wanted."""
    return not unsafe and finding.cure is not None and bool(finding.cure.caution)


def mend(
    source: Source,
    data: bytes,
    check: Callable[[Source], Sequence[Finding]],
    python: Version,
    unsafe: bool,
) -> Mended:
    """Fix what `check` finds in a file that holds `data`, decoded as `source`. Raises nothing."""
    from ..engine.fixing import Target, stabilise
    from ..fixes import REWRITERS

    name = one_line(source.path)
    try:
        if source.text.encode(source.encoding) != data:
            return Mended(data, data, notes=(f"{name}: not fixed: {_odd(source)}",))
        fixed = stabilise(source, check, Target(python), unsafe, REWRITERS)
        after = fixed.text.encode(source.encoding)
    except UnicodeEncodeError:
        return Mended(data, data, notes=(f"{name}: not fixed: {_odd(source)}",))
    except Exception as error:
        return Mended(data, data, notes=(f"{name}: not fixed: {_fault(error)}; {_REPORT}",))
    return Mended(data, after, fixed.applied.total(), tuple(map(_dropped, fixed.dropped)))


def propose(source: Source, findings: Sequence[Finding], python: Version) -> Fixes:
    """A fix, safe or not, for each finding that has one; {} if that fails."""
    from ..engine.fixing import Target, propose
    from ..fixes import REWRITERS

    try:
        return propose(source, findings, Target(python), REWRITERS)
    except Exception:  # a finding without its fix is better than none
        return {}


def _dropped(finding: Finding) -> str:
    place = f"{one_line(finding.path)}:{finding.span.line}:{finding.span.column}"
    return f"{place}: {finding.code} not fixed: its fix would not have ended it; {_REPORT}"


def _odd(source: Source) -> str:
    return f"as {source.encoding}, its text cannot be written back byte for byte"


def _fault(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:80]
