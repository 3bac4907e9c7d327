"""Names by which questions about ways know what libraries call and raise: from rows, since what
is called or caught mostly cannot be followed to its library, only read."""

from __future__ import annotations

from typing import NamedTuple

from ..knowledge.catalogue import Catalogue


class Vocabulary(NamedTuple):
    """Last names: calls that only make a payload readable, exceptions that reading an answer
    raises which is none, and exceptions that tell of a refusal."""

    readers: frozenset[str]
    unreadable: frozenset[str]
    refusals: frozenset[str]


def vocabulary(catalogue: Catalogue) -> Vocabulary:
    """The names that the catalogue's rows give."""
    return Vocabulary(
        catalogue.names("reads-answer"),
        catalogue.names("unreadable-answer"),
        catalogue.names("refusal"),
    )
