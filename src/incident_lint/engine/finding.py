"""What a check says: a finding, the steps that lead to it, and what was looked at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Literal, NamedTuple

from ..model.source import Span

Confidence = Literal["proved", "suspected"]


class Step(NamedTuple):
    """One stop on the way of a value; `path` is the file as the host names it."""

    path: str
    span: Span
    message: str


class Cure(NamedTuple):
    """Which rewriting ends a finding, by the name that `fixes` knows it by.

    `caution` says why the code may rely on what the rewriting changes; "" where it surely does
    not, and the fix is safe. `text` is what the rewriting puts into the code, where a row says so.
    """

    name: str
    caution: str = ""
    text: str = ""


class Finding(NamedTuple):
    """One finding, as every host shows it; it has no severity, the hosts decide that.

    `otherwise` is what remains to be said where nobody wants to hear a suspicion; `cure` is None
    where only a person can tell what to write instead.
    """

    code: str
    path: str
    span: Span
    message: str
    confidence: Confidence = "proved"
    trail: tuple[Step, ...] = ()
    otherwise: Finding | None = None
    cure: Cure | None = None


class Tally:
    """What one run recognised and judged, so that "0 findings" is not read as "safe".

    `seen` counts recognised things by a plural name ("functions with mutable defaults"), `judged`
    counts sites per family, `undecided` those that ended in "don't know", `unknown` counts per
    family the causes, of which one site may have several. All are plain counters, so that
    parallel runs can be added up.
    """

    def __init__(self) -> None:
        self.seen: Counter[str] = Counter()
        self.judged: Counter[str] = Counter()
        self.undecided: Counter[str] = Counter()
        self.unknown: dict[str, Counter[str]] = {}
        self._places: dict[tuple[str, str, str, Span], frozenset[str]] = {}
        """Family, plural name, path and span of what several files lead to -> its causes."""

    def judge(self, family: str, causes: Iterable[str] = ()) -> None:
        """Count one site of a family, and the distinct causes why it ended in "don't know"."""
        self.judged[family] += 1
        distinct = sorted(set(causes))
        self.undecided[family] += bool(distinct)
        for cause in distinct:
            self.unknown.setdefault(family, Counter())[cause] += 1

    def judge_at(self, family: str, seen: str, step: Step, causes: Iterable[str] = ()) -> None:
        """Count a recognised site that several files may lead to: once, with the causes of all.
        `step` is where it lies."""
        place, causes = (family, seen, step.path, step.span), frozenset(causes)
        known = self._places.get(place)
        self._places[place] = causes | (known or frozenset())
        if known is None:
            self.seen[seen] += 1
            self.judged[family] += 1
        self.undecided[family] += bool(causes) and not known
        for cause in causes - (known or frozenset()):
            self.unknown.setdefault(family, Counter())[cause] += 1

    def add(self, other: Tally) -> None:
        """Add the counts of another run, for example of another process."""
        self.seen.update(other.seen)
        self.judged.update(other.judged)
        self.undecided.update(other.undecided)
        for family, causes in other.unknown.items():
            self.unknown.setdefault(family, Counter()).update(causes)
        for place, found in other._places.items():
            known = self._places.get(place)
            self._places[place] = found | (known or frozenset())
            if known is not None:
                family, seen = place[:2]
                self.seen[seen] -= 1
                self.judged[family] -= 1
                self.undecided[family] -= bool(found and known)
                self.unknown.setdefault(family, Counter()).subtract(found & known)
