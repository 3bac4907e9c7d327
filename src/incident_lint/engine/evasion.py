"""Can a sender make another one of this for each request? The lattice of INC405.

It is the one of INC401 with other eyes: what has been verified, and where a request really comes
from, is as good as an entity; the clock is part of every window, and a path is what is protected.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..knowledge.paths import CALL, Path, Segment
from ..model.facts import Value
from .cardinality import BOUNDED, DOUBTFUL, ENTITY, UNBOUNDED, Cardinality
from .definitions import FunctionRef, Ref
from .guards import Guards
from .kinds import Kinds
from .origins import origin

ROLE = "verified-value"
_MAKES_TEXT = frozenset({"fmt", "binop", "tuple", "list"})
WORD = "request-word"
_SEPARATORS = re.compile(r"\W+")
_TRUST = re.compile(r"(?i)trust|prox")
_READS = frozenset({"attr", "item", "call", "refine", "await"})
_DEEPEST = 10
_WORTH = {
    "bounded-value": BOUNDED,
    "entity-value": ENTITY,
    "outside-value": UNBOUNDED,
    "unbounded-value": BOUNDED,
}


class Evasion(Cardinality):
    """A key that is made of something verified beside what is chosen is doubtful: it may be meant
    to be finer than the one, and to be limited by another limit as well."""

    worth = _WORTH

    def operation(self, op: str, text: str, parts: Sequence[int]) -> int:
        worst = super().operation(op, text, parts)
        return DOUBTFUL if op in _MAKES_TEXT and worst == UNBOUNDED and ENTITY in parts else worst

    def library(self, path: Path, parts: Sequence[int], ref: Ref) -> int | None:
        if origin(self._catalogue, path, (ROLE,)) is not None:
            return ENTITY
        if path[-1] != CALL and not parts and self._catalogue.match(ROLE, (*path, CALL)):
            return ENTITY  # the function itself, to be called for the key
        found = super().library(path, parts, ref)
        if found is None and path[-1] != CALL and not parts:
            found = super().library((*path, CALL), parts, ref)
        return found if found is None or found < DOUBTFUL else self._read(path, found, ref)

    def _read(self, path: Path, found: int, ref: Ref) -> int:
        """What is read from a request, by the name under which it is."""
        words = {word for segment in path for word in segment.constants}
        is_last = False
        for made, place in self._chain(ref):
            index = self._project.names.value(place.at(made.args[-1])) if made.args else None
            if made.op == "item" and index is not None:
                is_last = is_last or index.op == "unary" or index.text.startswith("-")
            for part in made.args[1:] if made.op in ("item", "call") else ():
                words.add(self._project.names.constant(place.at(part)) or "")
        told = {tells for word in words for tells in self._tells(word)}
        if "verified" in told:
            return ENTITY
        if "client" in words and any("scope" in segment.text.lower() for segment in path):
            return ENTITY
        if "place" in self._tells(path[-1].text):
            return BOUNDED
        if self._is_trusted(ref):
            return ENTITY
        if "forwarded" in told:
            return ENTITY if is_last else found
        return DOUBTFUL if "proxy" in told else found

    def _tells(self, word: str) -> Iterator[str]:
        """What rows say of a word, and of its last parts: `X-My-Api-Key` is an API key."""
        parts = _SEPARATORS.sub("_", word).lower().split("_")
        for start in range(len(parts)):
            row = self._catalogue.match(WORD, (Segment("name", "_".join(parts[start:])),))
            if row is not None:
                yield str(row.keys["tells"])

    def _chain(self, ref: Ref) -> Iterator[tuple[Value, Ref]]:
        """How a value is read, from the outside in: `headers.get("a").split(",")[0]`."""
        for _ in range(_DEEPEST):
            made = self._project.names.value(ref)
            if made is None or made.op not in _READS:
                return
            yield made, ref
            ref = ref.at(made.args[0])

    def _method(self, ref: FunctionRef) -> int:
        return BOUNDED

    def _is_trusted(self, ref: Ref) -> bool:
        """Whether something is read where a condition speaks of trust or of proxies."""
        values = self._project.travel.values
        guards = Guards(self._project, values, Kinds(self._project, values))
        function = values.function(FunctionRef(ref.module, ref.function))
        todo = [condition for condition, _ in guards.around(ref, ref.value)]
        for condition in todo:
            made = function.values[condition]
            if made.op != "const" and _TRUST.search(made.text):
                return True
            todo += [part for part in made.args if part >= 0 and part not in todo]
        return False
