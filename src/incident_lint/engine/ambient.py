"""What does a value depend on that nobody handed over: the current request, user, tenant, language?

Parameters are handed over, so they are none of it. Unlike `belonging`, what a call makes of such a
value depends on it, whatever the call does, and so does a truth about it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..knowledge.catalogue import Row
from ..knowledge.paths import Path, render
from ..model.facts import Param
from .belonging import NOBODYS, UNKNOWN, Source, Sources
from .definitions import FunctionRef, Ref
from .lattice import Lattice

if TYPE_CHECKING:
    from .project import Project

ROLE = "ambient"
_WORDS = re.compile(r"[a-z]+")
_READS = frozenset({"attr", "item", "call", "refine"})
_NAMED = frozenset({"attr", "global", "from", "free", "import"})


class Ambient(Lattice[Sources]):
    """What a value is made of is all that its parts are made of."""

    bottom = finite = NOBODYS
    unknown = UNKNOWN

    def __init__(self, project: Project) -> None:
        self._project = project

    def join(self, one: Sources, other: Sources) -> Sources:
        return one | other

    def constant(self, text: str) -> Sources:
        return NOBODYS

    def operation(self, op: str, text: str, parts: Sequence[Sources]) -> Sources:
        return frozenset().union(*parts)

    def instance(self, parts: Sequence[Sources]) -> Sources | None:
        return frozenset().union(*parts)

    def library(self, path: Path, parts: Sequence[Sources], ref: Ref) -> Sources | None:
        for length in range(len(path), 0, -1):
            row = self._project.catalogue.match(ROLE, path[:length])
            if row is not None:
                sure = self._is_sure(row, ref, path[length:])
                return frozenset({Source(f"`{render(path)}`", "who", sure)})
        return frozenset().union(*parts)

    def parameter(self, ref: FunctionRef, param: Param) -> Sources | None:
        return NOBODYS

    def _is_sure(self, row: Row, ref: Ref, rest: Path) -> bool:
        """Whether it surely belongs to one request; of what may hold anything, names tell."""
        if not row.keys.get("unsure"):
            return True
        names = [step.text for step in rest if step.kind == "name"]
        made = self._project.names.value(ref)
        while made is not None:
            if made.op in _NAMED:
                names.append(made.text.rpartition(":")[2])
            elif made.op == "item":
                names.append(self._project.names.constant(ref.at(made.args[1])) or "")
            if made.op not in _READS:
                break
            ref = ref.at(made.args[0])
            made = self._project.names.value(ref)
        words = {word for name in names for word in _WORDS.findall(name.lower())}
        return bool(words & self._project.catalogue.names("ambient-name"))
