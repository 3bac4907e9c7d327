"""What is set for the whole process, or in a client that everybody uses, for one request."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from ..model.source import Span
from .along import Along, parameters_in
from .belonging import NOBODYS, Belonging, Sources, belonging
from .definitions import FunctionRef, Ref
from .finding import Step
from .fold import Fold
from .lattice import Context, Folded
from .lifetimes import Lifetimes
from .owners import NO_CALLER_SEEN, by_name, unsure
from .process_settings import Setting, Settings
from .serving import Reached, Serving

if TYPE_CHECKING:
    from .project import Project
    from .travel import Travel

_HERE = "where it is set"


class Set(NamedTuple):
    """A setting that is set while something is served: what it is set to, what is served, the
    place or the call in the asked module that leads there, whether the function puts the old value
    back, why it is only suspected ("": it is sure), and why nobody can tell ("": somebody can)."""

    setting: Setting
    worth: Folded[Sources]
    scope: str
    at: Span
    steps: tuple[Step, ...]
    restored: bool
    doubt: str
    cause: str

    @property
    def matters(self) -> bool:
        """Whether somebody else is served with it."""
        return bool(belonging(self.worth.element)) or bool(self.setting.row.keys.get("whatever"))


class SetWhileServing:
    """Answers of "what does this function set for others, too?" for one project."""

    def __init__(self, project: Project, travel: Travel) -> None:
        self._project = project
        self._values = travel.values
        lifetimes = Lifetimes(project, travel.values)
        self._serving = Serving(project, travel.values, lifetimes)
        self._settings = Settings(project, travel.values, lifetimes)
        self._belonging = Belonging(project)
        self._fold = Fold(project, travel.bodies, travel.values, self._belonging)
        self._along = Along(project, travel.values, self._fold)

    def sets(self, function: FunctionRef) -> Iterator[Set]:
        """What is set while a function serves; nothing, if it does not serve."""
        for reached in self._serving.reached(function):
            found = list(self._settings.of(reached.function, dict(reached.known)))
            for setting in found:
                if not self._is_own(setting):
                    yield self._judged(function, reached, setting, found)

    def reached(self, function: FunctionRef) -> Iterator[FunctionRef]:
        """The functions that run when a function serves."""
        return (reached.function for reached in self._serving.reached(function))

    def unseen(self, function: FunctionRef) -> Iterator[Set]:
        """The same of a function that only code which is not seen could call while it serves: what
        it reads of the current request, or what its own parameters are called, has to say whose
        the value is."""
        facts = self._values.function(function)
        named = self._belonging.named(facts)
        home = self._project.module(function.module)
        if home is None or self._values.entry_points.of(function):
            return
        if self._serving.is_command(function):
            return
        found = list(self._settings.of(function, {}))
        for setting in found:
            used = parameters_in(facts, [value.value for value in setting.values]) & named
            worth, doubt = (
                by_name(min(used)) if used else (self._worth(setting, ()), NO_CALLER_SEEN)
            )
            somebodys = any(used or source.sure for source in belonging(worth.element))
            if somebodys and not self._is_own(setting):
                steps = (*worth.steps, Step(home.path, setting.at, _HERE))
                restored = self._is_restored(function, setting, found)
                yield Set(setting, worth, "request", setting.at, steps, restored, doubt, "")

    def _judged(
        self, function: FunctionRef, reached: Reached, setting: Setting, found: list[Setting]
    ) -> Set:
        facts = self._values.function(reached.function)
        wanted = parameters_in(facts, [value.value for value in setting.values])
        context = self._along.context(reached, wanted)
        worth = self._worth(setting, context)
        mine = belonging(worth.element)
        home = reached.function.module
        at, steps = self._along.place(function, reached, home, setting.at, _HERE)
        restored = self._is_restored(reached.function, setting, found)
        cause = "" if mine else worth.cause
        doubt = self._doubt(reached, mine)
        if not doubt and setting.row.keys.get("unsure"):
            doubt = "it may be meant for everybody"
        steps = (*worth.steps, *steps) if mine else steps
        return Set(setting, worth, reached.entry.scope, at, steps, restored, doubt, cause)

    def _worth(self, setting: Setting, context: Context[Sources]) -> Folded[Sources]:
        if not setting.values:
            return Folded(NOBODYS)
        return self._fold.join(
            [self._fold.fold_at(value, setting.use, context) for value in setting.values]
        )

    def _is_own(self, setting: Setting) -> bool:
        """Whether a client is found under a key, as one for each owner is."""
        into = setting.into if setting.is_of_client else None
        while into is not None:
            made = self._project.names.value(into)
            if made is None or not made.args:
                return False
            if made.op == "item" and not self._is_constant(into.at(made.args[1])):
                return True
            if made.op == "call":
                return any(not self._is_constant(into.at(each)) for each in made.args[1:])
            into = into.at(made.args[0])
        return False

    def _is_constant(self, ref: Ref) -> bool:
        made = self._project.names.value(ref)
        return made is not None and made.op == "const"

    def _is_restored(self, ref: FunctionRef, setting: Setting, found: list[Setting]) -> bool:
        """Whether a function sets the same again, or takes it away, further below."""
        facts = self._values.function(ref)
        below = (each for each in found if each.at.line > setting.at.line)
        if setting.is_told_apart and any(each.what == setting.what for each in below):
            return True
        for block in facts.blocks:
            for effect in block.effects:
                if effect.kind in ("delitem", "delattr") and effect.at.line > setting.at.line:
                    if self._is_same(ref, effect.args[0], setting):
                        return True
        return False

    def _is_same(self, ref: FunctionRef, value: int, setting: Setting) -> bool:
        if setting.into is None:
            return False
        one = self._values.describe(Ref(ref.module, ref.index, value))
        return one == self._values.describe(setting.into)

    def _doubt(self, reached: Reached, mine: Sources) -> str:
        """Why a setting is only suspected."""
        if not mine:
            return "it is set to the same each time, though others are served meanwhile"
        return unsure(reached, mine)
