"""Which findings are wanted: the one place that knows select, ignore, test code, confidence.

Selectors are codes (`INC101`), prefixes (`INC1`), symbols (`mutable-default`) and `ALL`. A prefix
selects what is on by default below it; a full code, a symbol or `ALL` also selects what is off.
Within one layer (the configuration; the command line) the longest selector that names a code
decides, and of equally long ones `ignore` wins; a later layer is decided after the earlier ones,
and starts anew where it has a `select` of its own.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ..engine.finding import Finding
from ..knowledge import rules

ALL = "ALL"
CANNOT_CHECK = "INC002"


class UnknownSelector(ValueError):
    """A word that names no code; `nearest` is the most similar word that does, if any is."""

    def __init__(self, word: str) -> None:
        self.word = word
        self.nearest = nearest(word, [ALL, *_symbols(), *rules.codes()])
        super().__init__(unknown("rule", word, self.nearest))


class Layer(NamedTuple):
    """The selection of one source; `select` is None where that source has none."""

    select: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word most similar to `word`, whatever its case; else one that starts with it."""
    by_lower = {item.lower(): item for item in known}
    close = difflib.get_close_matches(word.lower(), by_lower, 1)
    if close:
        return by_lower[close[0]]
    return next((item for lower, item in by_lower.items() if lower.startswith(word.lower())), None)


def unknown(what: str, word: str, hint: str | None) -> str:
    """One sentence on an unknown word, with the nearest known one."""
    return f"unknown {what} '{word}'" + (f" (did you mean '{hint}'?)" if hint else "")


def names(selector: str) -> frozenset[str]:
    """Every code that a selector covers, on or off. Raises UnknownSelector."""
    codes = rules.codes()
    symbols = _symbols()
    if selector == ALL:
        return frozenset(codes)
    if selector in symbols:
        return frozenset((symbols[selector],))
    found = frozenset(code for code in codes if selector and code.startswith(selector))
    if not found:
        raise UnknownSelector(selector)
    return found


def selects(selector: str) -> frozenset[str]:
    """The codes that a selector switches on. Raises UnknownSelector."""
    covered = names(selector)
    if selector == ALL or in_full(selector):
        return covered
    codes = rules.codes()
    return frozenset(code for code in covered if codes[code].default_on)


def in_full(selector: str) -> bool:
    """Whether a selector is one code or symbol (so that it also switches on what is off)."""
    return selector in rules.codes() or selector in _symbols()


def resolve(layers: Sequence[Layer]) -> frozenset[str]:
    """The codes that layers of selection leave on, starting from the defaults.

    INC002 stays unless it is ignored: a narrower `select` must not make an unreadable file
    look clean. Raises UnknownSelector.
    """
    chosen = {code.code for code in rules.codes().values() if code.default_on}
    for layer in layers:
        if layer.select is not None:
            chosen = {CANNOT_CHECK}
        wanted = (*(layer.select or ()), *layer.extend_select)
        steps = [(_length(word), True, word) for word in wanted]
        steps += [(_length(word), False, word) for word in layer.ignore]
        for _, adds, word in sorted(steps, key=lambda step: (step[0], not step[1])):
            if adds:
                chosen |= selects(word)
            else:
                chosen -= names(word)
    return frozenset(chosen)


def shown(
    findings: Iterable[Finding], codes: frozenset[str], min_confidence: str
) -> tuple[Finding, ...]:
    """What a host shows of findings, given the codes wanted for their file: for a suspicion that
    nobody wants to hear, what is proved of the same place."""
    visible: list[Finding] = []
    for finding in findings:
        found: Finding | None = finding
        if min_confidence != "suspected" and finding.confidence != "proved":
            found = finding.otherwise
        if found is not None and found.code in codes:
            visible.append(found)
    return tuple(visible)


def _symbols() -> dict[str, str]:
    return {code.symbol: code.code for code in rules.codes().values()}


def _length(selector: str) -> int:
    if selector == ALL:
        return 0
    return len(selector) if selector not in _symbols() else len(_symbols()[selector])
