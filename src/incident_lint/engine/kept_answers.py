"""Functions whose answers are kept by their arguments, though they depend on more than these: on
the current request, user, tenant or language."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from ..model.facts import Function, Value
from ..model.source import Span
from .ambient import Ambient
from .arguments import argument
from .belonging import Sources, belonging
from .caches import Cache, caches
from .callers import Callers
from .definitions import FunctionRef, Ref
from .finding import Step
from .fold import Fold
from .lattice import Folded
from .lifetimes import Lifetimes
from .slots import Slot
from .thing import Made
from .writes import Write, Writes

if TYPE_CHECKING:
    from .project import Project
    from .travel import Travel

_TRUTHS = frozenset({"compare", "not", "refine"})
_LOOKS_UP = frozenset({"get", "setdefault"})
_REQUEST = "request"


class Answers(NamedTuple):
    """The answers of a function that are kept (`what`), what they depend on that is not part of
    the key, where that is told, and why it is only suspected ("": it is sure)."""

    what: str
    depends: str
    at: Span
    steps: tuple[Step, ...]
    doubt: str


class KeptAnswers:
    """Answers of "what does the key of this cache miss?" for one project."""

    def __init__(self, project: Project, travel: Travel) -> None:
        self._project = project
        self._values = travel.values
        self._callers = Callers(project, travel.values)
        self._lifetimes = Lifetimes(project, travel.values)
        self._writes = Writes(project, travel.values, self._lifetimes)
        self._fold = Fold(project, travel.bodies, travel.values, Ambient(project))

    def cached(self, ref: FunctionRef) -> Iterator[tuple[Cache, Answers | None]]:
        """The decorators of a function that keep its answers, with what their key misses (None:
        nothing is seen)."""
        function = self._values.function(ref)
        if not function.decorators or self._is_of_an_object(ref):
            return
        for cache in caches(self._project, self._values, ref):
            yield cache, self._missed(ref, function, cache)

    def remembered(self, ref: FunctionRef) -> Iterator[Answers]:
        """The same of answers that a function itself puts into a container and looks up there; what
        serves by itself has no answers to keep: what it leaves behind is INC301's."""
        function = self._values.function(ref)
        if self._values.entry_points.of(ref):
            return
        if not any(
            effect.kind == "setitem" for block in function.blocks for effect in block.effects
        ):
            return
        for write in self._writes.of(ref, {}):
            if write.keys and self._is_looked_up(ref, function, write.kept.slot):
                answers = self._missed_by_hand(ref, write)
                if answers is not None:
                    yield answers

    def is_reported(self, ref: FunctionRef, write: Write) -> bool:
        """Whether a place where something is put is one of these: INC306 speaks of it."""
        return any(answers.at == write.at for answers in self.remembered(ref))

    def _is_of_an_object(self, ref: FunctionRef) -> bool:
        """Whether a function is a method: its object is part of the key."""
        function = self._values.function(ref)
        return function.owner >= 0 and self._project.classes.kind(ref) == "method"

    # decorators

    def _missed(self, ref: FunctionRef, function: Function, cache: Cache) -> Answers | None:
        home = self._project.module(ref.module)
        if home is None or "generator" in function.flags or self._is_told(function):
            return None
        worth = self._fold.join([self._fold.fold(one) for one in self._callers.returned(ref)])
        doubt = ""
        mine = self._left(belonging(worth.element), cache)
        if not mine:
            worth = self._decided(ref, function)
            mine = self._left(belonging(worth.element), cache)
            doubt = "it only decides what is returned"
        if not mine or self._has_own_key(cache):
            return None
        if not any(source.sure for source in mine):
            doubt = "whether it is the same for everybody, its name does not say"
        steps = (*worth.steps, Step(home.path, cache.at, "where its answers are kept"))
        return Answers(f"`{function.name}()`", _shown(mine), cache.at, steps, doubt)

    def _is_told(self, function: Function) -> bool:
        """Whether a parameter, which is part of the key, is called what it depends on: a function
        that is handed the locale may look up texts in it."""
        names = self._project.catalogue.names("ambient-name")
        return any(names & set(param.name.lower().split("_")) for param in function.params)

    def _decided(self, ref: FunctionRef, function: Function) -> Folded[Sources]:
        """What the conditions of a function depend on."""
        found = {
            edge.condition
            for block in function.blocks
            for edge in block.edges
            if edge.condition is not None
        }
        operands: list[Ref] = []
        for condition in sorted(found):
            todo = [condition]
            while todo:
                value = todo.pop()
                made = function.values[value]
                if made.op in _TRUTHS:
                    todo += made.args
                else:
                    operands.append(Ref(ref.module, ref.index, value))
        return self._fold.join([self._fold.fold(one) for one in operands])

    def _left(self, mine: Sources, cache: Cache) -> Sources:
        """What is not part of the key by itself, such as a view's path."""
        covers = cache.row.keys.get("covers", ())
        return frozenset(
            source
            for source in mine
            if not any(f".{_REQUEST}{member}" in source.label for member in covers)
        )

    def _has_own_key(self, cache: Cache) -> bool:
        """Whether the decorator is told what its key is made of: nobody can tell that there is
        something missing, unless it is a constant."""
        made = self._project.names.value(cache.made)
        if made is None or made.op != "call":
            return False
        for which in cache.row.keys.get("keyed_by", ()):
            given = argument(made, which)
            value = None if given is None else self._project.names.value(cache.made.at(given))
            if value is not None and (value.op != "const" or value.text == "True"):
                if not self._is_plain_key(cache.made.at(given or 0)):
                    return True
        return False

    def _is_plain_key(self, ref: Ref) -> bool:
        """Whether a key is made by a function of the project that reads nothing of the request."""
        made = [thing for thing in self._values.describe(ref) if isinstance(thing, Made)]
        return bool(made) and not any(
            belonging(self._fold.fold(one).element)
            for thing in made
            for one in self._callers.returned(thing.function)
        )

    # by hand

    def _missed_by_hand(self, ref: FunctionRef, write: Write) -> Answers | None:
        home = self._project.module(ref.module)
        worth = self._fold.join([self._fold.fold_at(one, write.use) for one in write.values])
        mine = belonging(worth.element)
        if not mine or home is None or self._is_keyed(write):
            return None
        doubt = ""
        if not any(source.sure for source in mine):
            doubt = "whether it is the same for everybody, its name does not say"
        steps = (*worth.steps, Step(home.path, write.at, "where the answer is kept"))
        name = self._values.function(ref).name
        return Answers(f"`{name}()`", _shown(mine), write.at, steps, doubt)

    def _is_keyed(self, write: Write) -> bool:
        """Whether a key depends on the request, too, or is called what identifies somebody."""
        words = self._project.catalogue.names("ambient-name")
        for key in write.keys:
            if belonging(self._fold.fold_at(key, write.use).element):
                return True
            made = self._project.names.value(key)
            if made is not None and made.op in ("param", "attr", "global"):
                if words & set(made.text.lower().split("_")):
                    return True
        return False

    def _is_looked_up(self, ref: FunctionRef, function: Function, slot: Slot) -> bool:
        """Whether a function reads entries of a container, or asks whether there is one."""
        for value in function.values:
            container = _container(function, value)
            if container is not None:
                kept = self._lifetimes.of(Ref(ref.module, ref.index, container), {})
                if kept is not None and kept.slot.outermost == slot.outermost:
                    return True
        return False


def _container(function: Function, value: Value) -> int | None:
    """The container that a value is looked up in."""
    if value.op == "item":
        return value.args[0]
    if value.op == "compare" and value.text in ("in", "not in"):
        return value.args[1]
    if value.op == "call":
        called = function.values[value.args[0]]
        if called.op == "attr" and called.text in _LOOKS_UP:
            return called.args[0]
    return None


def _shown(mine: Sources) -> str:
    sure = [source for source in mine if source.sure] or list(mine)
    return min(source.label for source in sure)
