"""What belongs to one request, message or tenant, and is put where the next one finds it.

Three things have to meet: code that serves (`serving`), an object that lives with the process
(`lifetimes`, `writes`) and a value that is somebody's (`belonging`). Nothing is said of what lies
under its owner's own key, and of what somebody takes out again to work on it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Set
from typing import TYPE_CHECKING, NamedTuple

from ..model.facts import Function
from ..model.source import Span
from .along import Along, parameters_in
from .belonging import Belonging, Source, Sources, belonging
from .definitions import FunctionRef, Ref
from .finding import Step
from .fold import Fold
from .lattice import Context, Folded
from .lifetimes import Lifetimes
from .owners import NO_CALLER_SEEN, by_name, unsure
from .process_settings import Settings
from .removal import Removal
from .serving import Reached, Serving
from .slots import Kept, Known
from .writes import Write, Writes

if TYPE_CHECKING:
    from .project import Module, Project
    from .travel import Travel

_WORDS = re.compile(r"[a-z]+")
_HERE = "where it is put"
_DEEPEST = 5
_MOST_WAYS = 12
"""To one place; that many tell what they have to."""
_NAMED = frozenset({"param", "global", "free", "attr"})
_PARTS = frozenset({"fmt", "display", "tuple", "binop", "refine", "phi"})
_PLAIN = frozenset({"const", "func", "class"})
_IDENTIFYING = ("_id", "_key", "_token", "_uuid", "_hash")


class Put(NamedTuple):
    """A value that is put into what lives with the process (`kept`): what it is worth, what is
    served meanwhile, the place or the call in the asked module that leads there, why it is only
    suspected ("": it is sure), and why nobody can tell ("": somebody can)."""

    kept: Kept
    rebinds: bool
    worth: Folded[Sources]
    scope: str
    at: Span
    steps: tuple[Step, ...]
    doubt: str
    cause: str

    @property
    def leaks(self) -> bool:
        """Whether the next request finds it."""
        return bool(belonging(self.worth.element)) and not self.cause

    @property
    def rank(self) -> int:
        """How much it says: least where nothing leaks, most where it is sure to."""
        return 0 if not self.leaks else 1 if self.doubt else 2


class Tenancy:
    """Answers of "what does this function leave behind for the next one?" for one project."""

    def __init__(self, project: Project, travel: Travel) -> None:
        self._project = project
        self._values = travel.values
        self._lifetimes = Lifetimes(project, travel.values)
        self._serving = Serving(project, travel.values, self._lifetimes)
        self._writes = Writes(project, travel.values, self._lifetimes)
        self._settings = Settings(project, travel.values, self._lifetimes)
        self._removal = Removal(project, travel, self._lifetimes)
        self._belonging = Belonging(project)
        self._fold = Fold(project, travel.bodies, travel.values, self._belonging)
        self._along = Along(project, travel.values, self._fold)

    def puts(self, module: Module) -> Iterator[Put]:
        """What is put where while the functions of a module serve: of the ways to a place the first
        that is sure, else the first that leaks, else one of those that do not."""
        best: dict[tuple[str, Span, str], Put] = {}
        asked: Counter[tuple[str, Span, str]] = Counter()
        for index in range(1, len(module.facts.functions)):
            function = FunctionRef(module.name, index)
            for reached in self._serving.reached(function):
                for write in self._writes.of(reached.function, dict(reached.known)):
                    key = reached.function.module, write.at, write.kept.what
                    known = best.get(key)
                    if asked[key] >= _MOST_WAYS or (known and known.leaks and not known.doubt):
                        continue
                    asked[key] += 1
                    put = self._judged(function, reached, write)
                    if put is not None and (known is None or put.rank > known.rank):
                        best[key] = put
        yield from best.values()

    def reached(self, function: FunctionRef) -> Iterator[FunctionRef]:
        """The functions that run when a function serves."""
        return (reached.function for reached in self._serving.reached(function))

    def unseen(self, function: FunctionRef) -> Iterator[Put]:
        """The same of a function that only code which is not seen could call while it serves: what
        it reads of the current request, or what its own parameters are called, has to say whose
        the value is."""
        facts = self._values.function(function)
        home = self._project.module(function.module)
        if home is None or self._serving.is_command(function):
            return
        named = self._belonging.named(facts)
        for write in self._writes.of(function, {}):
            told = self._told_by_name(facts, named, write) or self._told_by_value(write)
            if told is not None and not self._is_reported_as_other(function, write, {}):
                worth, doubt = told
                steps = (*worth.steps, Step(home.path, write.at, _HERE))
                yield Put(write.kept, write.rebinds, worth, "request", write.at, steps, doubt, "")

    def _told_by_name(
        self, facts: Function, named: Set[str], write: Write
    ) -> tuple[Folded[Sources], str] | None:
        """What a parameter is worth that is put there, if it is called what belongs to somebody."""
        used = parameters_in(facts, [value.value for value in write.values]) & named
        keyed = parameters_in(facts, [key.value for key in write.keys])
        return by_name(min(used)) if used and not keyed else None

    def _told_by_value(self, write: Write) -> tuple[Folded[Sources], str] | None:
        """What a value is worth that is read of the current request by the function itself."""
        worth = self._worth(write.values, write, ())
        mine = belonging(worth.element)
        if not any(source.sure for source in mine) or self._is_under_own_key(write, mine, ()):
            return None
        return worth, NO_CALLER_SEEN

    def _is_reported_as_other(self, ref: FunctionRef, write: Write, known: Known) -> bool:
        """Whether INC304, INC305 or INC306 speaks of a place: one cause is one finding."""
        if self._settings.speaks_of(ref, write.use, known):
            return True
        return self._project.travel.kept_answers.is_reported(ref, write)

    def _judged(self, function: FunctionRef, reached: Reached, write: Write) -> Put | None:
        facts = self._values.function(reached.function)
        plain = all(facts.values[value.value].op in _PLAIN for value in write.values)
        if plain or any(self._identifies(key) for key in write.keys):
            return None  # what the value is need not be asked
        wanted = [value.value for value in (*write.values, *write.keys)]
        context = self._along.context(reached, parameters_in(facts, wanted))
        worth = self._worth(write.values, write, context)
        mine = belonging(worth.element)
        cause = worth.cause if not mine else ""
        if mine and self._is_under_own_key(write, mine, context):
            return None
        if mine and self._is_reported_as_other(reached.function, write, dict(reached.known)):
            return None
        home = reached.function.module
        at, steps = self._along.place(function, reached, home, write.at, _HERE)
        doubt = self._doubt(reached, write, mine, context) if mine else ""
        if mine and (self._removal.is_drained(write, reached) or self._remembers(reached, write)):
            return None
        return Put(
            write.kept,
            write.rebinds,
            worth,
            reached.entry.scope,
            at,
            (*worth.steps, *steps),
            doubt,
            cause,
        )

    def _worth(
        self, values: tuple[Ref, ...], write: Write, context: Context[Sources]
    ) -> Folded[Sources]:
        return self._fold.join([self._fold.fold_at(v, write.use, context) for v in values])

    def _is_under_own_key(self, write: Write, mine: Sources, context: Context[Sources]) -> bool:
        """Whether the next request does not find it unless it has the same key: the key says who
        is served, or all of which the value is made, or is another one each time."""
        for key in write.keys:
            found = self._fold.fold_at(key, write.use, context).element
            if any(source.kind in ("who", "own") for source in found):
                return True
            if found and {source.origin for source in mine} <= {source.origin for source in found}:
                return True
            if any(source.kind == "unknown" for source in found) and not belonging(found):
                return True  # nobody can tell what it is kept under
        return False

    def _identifies(self, key: Ref, depth: int = 0) -> bool:
        """Whether a key is called what identifies somebody, or something that is his."""
        made = self._project.names.value(key)
        if made is None or made.op == "const" or depth > _DEEPEST:
            return False
        catalogue = self._project.catalogue
        known = catalogue.names("tenant-name") | catalogue.names("identifying-name")
        names = {made.text.rpartition(":")[2].lower()} if made.op in _NAMED else set()
        if made.op == "item":
            names.add((self._project.names.constant(key.at(made.args[1])) or "").lower())
        if any(name in known or name.endswith(_IDENTIFYING) for name in names):
            return True
        parts = made.args if made.op in _PARTS else ()
        return any(self._identifies(key.at(part), depth + 1) for part in parts if part >= 0)

    def _is_configuration(self, write: Write) -> bool:
        """Whether what is written to is called what holds settings, which somebody may change."""
        words = _WORDS.findall(write.kept.what.lower())
        return any(word in self._project.catalogue.names("settings-name") for word in words)

    def _remembers(self, reached: Reached, write: Write) -> bool:
        """Whether a variable is what the next call compares its own value with, or is bound beside
        one: the last answer of a function, and what it was asked."""
        if write.into is not None or isinstance(write.use, int):
            return False
        function = self._values.function(reached.function)
        pairs = [value.args for value in function.values if value.op == "compare"]
        asked = {
            (_plain(function, one), function.values[other].text)
            for pair in pairs
            for one, other in (pair, pair[::-1])
        }
        effects = function.blocks[write.use.block].effects
        return any(
            effect.kind in ("bindfree", "bindglobal")
            and (_plain(function, effect.args[0]), effect.text) in asked
            for effect in effects
        )

    def _doubt(
        self, reached: Reached, write: Write, mine: Sources, context: Context[Sources]
    ) -> str:
        """Why a put is only suspected."""
        doubt = unsure(reached, mine)
        if doubt:
            return doubt
        if write.kept.slot.inside and not write.keys:
            return "it lies in an entry of a container, under a key that is not seen"
        if self._is_configuration(write):
            return "by its name it holds settings for everybody"
        for key in write.keys:
            found = belonging(self._fold.fold_at(key, write.use, context).element)
            if found and not any(_is_another(source, found) for source in mine if source.sure):
                return "it lies under a key that came with it"
        return self._removal.afterwards(write, reached.function)


def _is_another(source: Source, key: Sources) -> bool:
    """Whether a value has more in it than a key says, and is not what the key is a part of."""
    whole = source.label.strip("`")
    return all(
        other.home != source.home or not other.label.strip("`").startswith(whole) for other in key
    )


def _plain(function: Function, value: int) -> int:
    """A value, whatever conditions say of it."""
    while function.values[value].op == "refine":
        value = function.values[value].args[0]
    return value
