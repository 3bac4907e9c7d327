"""Variables of a context or a thread that are set while serving, and stay set: INC307.

Where threads are reused, what one request puts into a context variable or a thread-local is there
for the next one on that thread. Whether it is taken back is a must-question: another function of
the modules on the way that resets a variable of that name may run in time.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from ..knowledge.catalogue import Row
from ..knowledge.paths import CALL, parse
from ..model.facts import Effect, Function, Value
from ..model.source import Span
from .along import Along, parameters_in
from .belonging import Belonging, belonging
from .body import Body
from .definitions import FunctionRef, Ref
from .finding import Step
from .fold import Fold
from .lifetimes import Lifetimes
from .loops import Flow, Place
from .serving import Reached, Serving
from .thing import Api, Instance

if TYPE_CHECKING:
    from .project import Project
    from .travel import Travel

_SET, _RESET, _OWN = "context-set", "context-reset", "own-context"
_RAISING = frozenset({"call", "raise", "await"})
NEITHER = "neither"
"""How a function is left where one way sets a variable, one resets it, and one does neither."""

_MOST = 20
_EMPTY = frozenset({"list", "dict", "set", "tuple"})


class Setting(NamedTuple):
    """A place where a variable is set: its name, what it is, whether a task has one of its own, and
    the value that it gets (None: none of the function)."""

    name: str
    what: str
    of_task: bool
    at: Span
    place: Place
    value: int | None


class Left(NamedTuple):
    """A variable that is set while serving, and how it stays: where the set is, in which file, the
    steps that lead there, and whether all was seen. `ends`: "": nothing resets it, NEITHER, or how
    the function is left before the reset."""

    setting: Setting
    path: str
    steps: tuple[Step, ...]
    ends: str
    sure: bool


class Contexts:
    """Answers of "what stays set after this function has served?" for one project."""

    def __init__(self, project: Project, travel: Travel) -> None:
        self._project = project
        self._travel = travel
        self._serving = Serving(project, travel.values, Lifetimes(project, travel.values))
        self._fold = Fold(project, travel.bodies, travel.values, Belonging(project))
        self._along = Along(project, travel.values, self._fold)
        self._resets: dict[str, frozenset[tuple[int, str]]] = {}

    def left(self, function: FunctionRef) -> Iterator[tuple[FunctionRef, Span, Left | None]]:
        """The places at which a function that serves sets what is somebody's, itself or in what it
        calls, in which function, and what stays set (None: it is reset)."""
        for reached in self._serving.reached(function):
            facts = self._travel.values.function(reached.function)
            for setting in self._settings(reached.function, facts):
                if setting.of_task and self._has_own_context(function, reached):
                    continue
                if self._is_somebodys(reached, setting.value):
                    left = self._judged(function, reached, setting)
                    yield reached.function, setting.at, left

    def _is_somebodys(self, reached: Reached, value: int | None) -> bool:
        """Whether a value is of what is served."""
        if value is None:
            return False
        ref = Ref(reached.function.module, reached.function.index, value)
        facts = self._travel.values.function(reached.function)
        context = self._along.context(reached, parameters_in(facts, [value]))
        return bool(belonging(self._fold.fold(ref, context).element))

    def _judged(self, function: FunctionRef, reached: Reached, setting: Setting) -> Left | None:
        modules = {function.module, reached.function.module, *self._homes(reached, setting)}
        own = reached.function.index
        elsewhere = {
            name
            for module in modules
            for index, name in self._reset_in(module)
            if (module, index) != (reached.function.module, own)
        }
        if setting.name in elsewhere:
            return None
        body = self._travel.bodies.of(reached.function)
        module = self._project.module(reached.function.module)
        assert body is not None and module is not None, "what was just followed is loaded"
        resets = set(self._reset_places(reached.function, body.function, setting.name))
        ends = ""
        if resets:
            flow = Flow(body)
            if any(flow.leads(setting.place, reset) for reset in resets):
                ends = _way_out(body, setting.place, resets)
            elif _way_out(body, (0, -1), {setting.place, *resets}, False):
                ends = NEITHER
            if not ends:
                return None
        if self._is_set_each_time(reached, body, setting):
            return None
        sure = reached.entry.sure and all(call.made.sure for call in reached.calls)
        return Left(setting, module.path, tuple(self._steps(reached)), ends, sure)

    def _steps(self, reached: Reached) -> Iterator[Step]:
        for call in reached.calls:
            module = self._project.module(call.at.module)
            value = self._project.names.value(call.at)
            if module is not None and value is not None and value.at is not None:
                name = self._travel.values.function(call.made.function).name
                yield Step(module.path, value.at, f"`{name}()` is called while serving")

    def _has_own_context(self, function: FunctionRef, reached: Reached) -> bool:
        """Whether what serves runs in a context that is thrown away afterwards."""
        if "async" in self._travel.values.function(function).flags:
            return True
        rows = self._project.catalogue.names(_OWN)
        return any(segment.text in rows for segment in reached.entry.row.pattern[:1])

    def _is_set_each_time(self, reached: Reached, body: Body, setting: Setting) -> bool:
        """Whether each request begins with setting it anew: in a hook that runs for all of them."""
        names = {segment.text for segment in reached.entry.row.pattern}
        if reached.calls or not names & self._project.catalogue.names("runs-for-all"):
            return False
        return not _way_out(body, (0, -1), {setting.place}, False)

    # what is set

    def _settings(self, ref: FunctionRef, function: Function) -> Iterator[Setting]:
        for number, value in enumerate(function.values):
            if value.op == "call" and value.at is not None:
                row = self._row(ref, value, _SET)
                if row is not None:
                    name, what = self._named(function, value, row)
                    given = value.args[1] if len(value.args) > 1 else None
                    if given is not None and _was_there(function, given, name):
                        continue
                    of_task = bool(row.keys.get("of_task"))
                    yield Setting(name, what, of_task, value.at, (value.block, number), given)
        for number, block in enumerate(function.blocks):
            for effect in block.effects:
                if effect.kind != "setattr" or _takes_back(function, effect):
                    continue
                row = self._of_object(ref, effect.args[0])
                if row is not None:
                    what = f"`{_spelled(function, effect.args[0])}.{effect.text}`"
                    place = number, effect.after
                    of_task = bool(row.keys.get("of_task"))
                    yield Setting(effect.text, what, of_task, effect.at, place, effect.args[1])

    def _row(self, ref: FunctionRef, call: Value, role: str) -> Row | None:
        names = self._project.catalogue.names(role)
        called = self._travel.values.function(ref).values[call.args[0]]
        if called.text.rpartition(":")[2] not in names:
            return None
        for thing in self._travel.values.describe(Ref(ref.module, ref.index, call.args[0])):
            if isinstance(thing, Api):
                row = self._project.catalogue.match(role, (*thing.path, CALL))
                if row is not None:
                    return row
        return None

    def _of_object(self, ref: FunctionRef, value: int) -> Row | None:
        """The row of an object whose attributes are another thread's in another thread."""
        for thing in self._travel.values.describe(Ref(ref.module, ref.index, value)):
            paths = [thing.path] if isinstance(thing, Api) else []
            if isinstance(thing, Instance):
                order = self._project.classes.order(thing.ref)
                paths = [(*parse(base)[0], CALL) for base in order.external]
            for path in paths:
                row = self._project.catalogue.match(_SET, path)
                if row is not None and row.keys.get("attributes"):
                    return row
        return None

    def _named(self, function: Function, call: Value, row: Row) -> tuple[str, str]:
        """By which name resets know what a call sets, and what the code calls it."""
        called = function.values[call.args[0]]
        if "group" in row.keys:
            owner = _spelled(function, called.args[0]) + "." if called.op == "attr" else ""
            text = f"{owner}{called.text.rpartition(':')[2]}()"
            return str(row.keys["group"]), f"what `{text}` sets"
        name = _spelled(function, called.args[0]) if called.op == "attr" else ""
        return name, f"`{name}`"

    # what is reset

    def _homes(self, reached: Reached, setting: Setting) -> Iterator[str]:
        """The modules on the way, and the one that makes the variable."""
        for call in reached.calls:
            yield call.at.module
        ref = reached.function
        for number, value in enumerate(self._travel.values.function(ref).values):
            if value.op in ("global", "from", "attr") and value.text.endswith(setting.name):
                for found in self._project.names.resolve(ref.module, ref.index, number):
                    home = getattr(getattr(found, "ref", None), "module", None)
                    if home is not None:
                        yield home

    def _reset_in(self, module: str) -> frozenset[tuple[int, str]]:
        """The functions of a module that reset something, and what."""
        known = self._resets.get(module)
        if known is None:
            loaded = self._project.module(module)
            functions = loaded.facts.functions if loaded is not None else ()
            known = frozenset(
                (index, name)
                for index, function in enumerate(functions)
                for name, _ in self._every_reset(FunctionRef(module, index), function)
                if index
            )
            self._resets[module] = known
        return known

    def _reset_places(self, ref: FunctionRef, function: Function, name: str) -> Iterator[Place]:
        yield from (place for each, place in self._every_reset(ref, function) if each == name)

    def _every_reset(self, ref: FunctionRef, function: Function) -> Iterator[tuple[str, Place]]:
        for number, value in enumerate(function.values):
            if value.op == "call" and value.at is not None:
                row = self._row(ref, value, _RESET)
                if row is not None:
                    yield self._named(function, value, row)[0], (value.block, number)
                elif self._sets_nothing(ref, function, value):
                    called = function.values[value.args[0]]
                    yield _spelled(function, called.args[0]), (value.block, number)
        for number, block in enumerate(function.blocks):
            for effect in block.effects:
                if effect.kind == "delattr" or _takes_back(function, effect):
                    yield effect.text, (number, effect.after)

    def _sets_nothing(self, ref: FunctionRef, function: Function, call: Value) -> bool:
        """`var.set(None)` and `var.set(before)` take back what was there."""
        called = function.values[call.args[0]]
        if called.op != "attr" or len(call.args) != 2:
            return False
        before = _was_there(function, call.args[1], _spelled(function, called.args[0]))
        if not before and not _is_empty(function, call.args[1]):
            return False
        return self._row(ref, call, _SET) is not None


def _way_out(body: Body, first: Place, resets: set[Place], raising: bool = True) -> str:
    """How a way leaves a function that passes none of the `resets`; "": none does."""
    seen: set[int] = set()
    todo = [first]
    while todo:
        block, at = todo.pop()
        facts = body.function.blocks[block]
        stop = min((k for each, k in resets if each == block and k > at), default=None)
        for effect in facts.effects if raising and facts.on_raise is None else ():
            number = effect.args[0] if effect.kind == "call" else effect.after
            before = stop is None or number < stop
            if effect.kind in _RAISING and number > at and before:
                return "an exception"
        if stop is not None:
            continue
        if not facts.edges and facts.on_raise is None:
            return "the end"
        for target in body.successors(block) if raising else [e.block for e in facts.edges]:
            if target not in seen:
                seen.add(target)
                todo.append((target, -1))
    return ""


def _takes_back(function: Function, effect: Effect) -> bool:
    """Whether an attribute is set to nothing, or to what it was before."""
    if effect.kind != "setattr":
        return False
    value = effect.args[1]
    return _is_empty(function, value) or _was_there(function, value, effect.text)


def _was_there(function: Function, value: int, name: str) -> bool:
    """Whether a value was read from the variable itself: `var.get()`, `local.user`."""
    todo = [value]
    for each in todo:
        made = function.values[each]
        if made.op in ("phi", "refine") and len(todo) < _MOST:
            todo += made.args if made.op == "phi" else made.args[:1]
        elif made.op == "attr" and made.text == name:
            return True
        elif made.op == "call":
            called = function.values[made.args[0]]
            if (called.op, called.text) == ("attr", "get"):
                if _spelled(function, called.args[0]) == name:
                    return True
    return False


def _is_empty(function: Function, value: int) -> bool:
    made = function.values[value]
    return made.op == "const" or (made.op in _EMPTY and not made.args)


def _spelled(function: Function, value: int) -> str:
    return function.values[value].text.rpartition(":")[2]
