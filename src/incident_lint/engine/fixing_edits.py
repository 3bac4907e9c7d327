"""Small text edits: how a fix is handed out, and how several are made in one text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

from ..model.source import Source, Span

Safety = Literal["safe", "unsafe"]


class Edit(NamedTuple):
    """Put `text` in place of what stands in `span` (1-based code points, exclusive end; an empty
    span inserts)."""

    span: Span
    text: str


class Fix(NamedTuple):
    """What ends one finding: edits that do not overlap, sorted. `unsafe` says that the code may
    rely on what they change."""

    safety: Safety
    edits: tuple[Edit, ...]


class Change(NamedTuple):
    """An edit by offsets into the text that it is made in."""

    start: int
    end: int
    text: str


class Edited(NamedTuple):
    """A text after some fixes. `fixes` were made, `changes` are their edits, sorted."""

    text: str
    fixes: tuple[Fix, ...]
    changes: tuple[Change, ...]

    def moved(self, offset: int) -> int:
        """Where the character that stood at an offset stands now; a replaced one: where its
        replacement begins."""
        shift = 0
        for start, end, text in self.changes:
            if start > offset or (start == offset and end > start):
                break
            if offset < end:
                return start + shift
            shift += len(text) - (end - start)
        return offset + shift


def edit(source: Source, fixes: Iterable[Fix]) -> Edited:
    """Make fixes in order; one that overlaps an earlier one is left out, for another round.

    Two fixes may share an edit (an import that both need), and may insert at one place: then what
    comes first in the order stands first.
    """
    made: list[Fix] = []
    changes: list[Change] = []
    for fix in fixes:
        wanted = [
            Change(source.offset(*span[:2]), source.offset(*span[2:]), text)
            for span, text in fix.edits
        ]
        new = [change for change in wanted if change not in changes]
        if not any(_overlap(one, other) for one in new for other in changes):
            made.append(fix)
            changes += new
    changes.sort(key=lambda change: change[:2])  # stable: what inserts at one place keeps its order
    pieces: list[str] = []
    last = 0
    for start, end, text in changes:
        pieces += [source.text[last:start], text]
        last = end
    return Edited("".join([*pieces, source.text[last:]]), tuple(made), tuple(changes))


def apply(source: Source, fixes: Iterable[Fix]) -> tuple[str, int]:
    """The text after some fixes, and how many were made: what overlaps waits for another round."""
    edited = edit(source, fixes)
    return edited.text, len(edited.fixes)


def _overlap(one: Change, other: Change) -> bool:
    return one.start < other.end and other.start < one.end
