"""Calls whose result says that they failed, and so has to be looked at: also through functions of
the project that give such a result back before anyone has looked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from ..knowledge.catalogue import Row
from ..knowledge.paths import CALL, Path, Segment, render
from ..model.facts import Function, Value
from .arguments import argument
from .conditions import Conditions
from .definitions import FunctionRef, Ref
from .errands import errand_of
from .finding import Step
from .makers import Makers
from .results import Question
from .rounds import Rounds
from .thing import Api, Bindings, Instance, Made
from .work import Work

if TYPE_CHECKING:
    from .paths import Paths
    from .project import Module, Project

_Asked: TypeAlias = tuple[FunctionRef, Bindings]

ROLE = "fallible-response"
_DEEPEST = 8
_MAY_FETCH = frozenset({".get()", ".request()"})
_NONE: frozenset[str] = frozenset()
_TOLD = frozenset({"attr", "item", "compare", "not", "refine", "await", "phi"})
_GIVES_BACK = frozenset({"phi", "call", "refine", "await", "enter"})
_COLLECTIONS = frozenset({"list", "tuple", "set", "collections"})


class Duty(NamedTuple):
    """What somebody has to look at: the row that says so, the library's call as a path, and the
    way to it from here (none, if it is this very call). `told`: the argument that keeps it from
    raising. `injected`: the client is an object's own that only an annotation tells of.
    `alone`: one item was sent, so how many succeeded tells all. `verdict`: what is given back is no
    result, but what it tells of its failure (`return response.ok`): whoever uses it has looked."""

    row: Row
    call: str
    steps: tuple[Step, ...]
    sure: bool
    told: str = ""
    injected: bool = False
    alone: bool = False
    verdict: bool = False

    @property
    def question(self) -> Question:
        """The row's members, as `Paths` asks for them."""
        return question_of(self.row, self.alone) if not self.verdict else Question(_NONE, _NONE)

    def may_probe(self, paths: Paths, ref: FunctionRef, call: int) -> bool:
        """Whether the library's call may have been made only to see whether it raises."""
        probes = [name for name in self.row.keys.get("probes", ()) if self.call.endswith(name)]
        return bool(probes) and paths.is_probe(ref, call, _MAY_FETCH.isdisjoint(probes))


class Duties:
    """Answers of "who has to look at the result of this call?" for one project."""

    def __init__(self, project: Project, paths: Paths) -> None:
        self._project = project
        self._paths = paths
        self._values = project.travel.values
        self._makers = Makers(project, self._values)
        self._work = Work(project, paths)
        self._conditions = Conditions(project, paths, self._makers)
        self._functions: Rounds[_Asked, tuple[Duty, ...]] = Rounds(
            self._returned, tuple, lambda old, new: len(new) > len(old), tuple, _DEEPEST
        )

    def of(self, ref: Ref, bindings: Bindings | None = None) -> tuple[Duty, ...]:
        """The duties of whoever has the result of a call; `bindings` are what the names of the
        function around it are, if it is a decorator's."""
        made = self._project.names.value(ref)
        if made is None or made.op != "call":
            return ()
        found: dict[str, Duty] = {}
        for thing in self._values.describe(ref._replace(value=made.args[0]), bindings):
            if isinstance(thing, Api):
                for duty in self._by_library(ref, made, thing.path):
                    found.setdefault(duty.call, duty)
            elif isinstance(thing, Made):
                for duty in self._functions.ask((thing.function, thing.bindings)):
                    sure = duty.sure and thing.sure
                    found.setdefault(duty.call, duty._replace(sure=sure))
        return tuple(found.values())

    def given_back(self, function: FunctionRef) -> tuple[Duty, ...]:
        """The duties of whoever calls a function of the project."""
        return self._functions.ask((function, ()))

    def _row(self, path: Path) -> Row | None:
        return self._project.catalogue.match(ROLE, (*path, CALL))

    def _by_library(self, ref: Ref, made: Value, path: Path) -> Iterator[Duty]:
        row = self._row(path)
        if row is None or row.keys.get("best_effort"):
            return
        question, told = question_of(row), ""
        if "silenced_if" in row.keys:
            quiet = (
                text
                for text in row.keys["silenced_if"]
                if self._conditions.holds(ref, made, text, question)
            )
            told = next(quiet, "")
            if not told:
                return
        if any(
            self._conditions.holds(ref, made, text, question) is not False
            for text in row.keys.get("unless", ())
        ):
            return
        if "needs_many" in row.keys and not self._many(ref, made, row.keys["needs_many"]):
            return
        if any(
            self._conditions.sets(ref, made, name[1:]) for name in row.keys.get("configured_by", ())
        ):
            return
        errand = "command" in row.keys and errand_of(self._project, ref, made, row.keys["command"])
        if errand and not errand.keys.get("doubtful"):
            return
        changed = self._overriding(ref, made, path)
        if changed and not all(self._functions.ask((function, ())) for function in changed):
            return  # the library's methods call each other: whoever changed one has looked there
        may_fail: bool | None = True
        if "work" in row.keys:
            may_fail = self._work.may_fail(ref, made, row.keys["work"])
            if may_fail is False:
                return
        raises = [
            self._conditions.holds(ref, made, text, question)
            for text in row.keys.get("raises_if", ())
        ]
        if not any(truth is True for truth in raises):
            sure = None not in raises and not row.keys.get("unverified")
            sure = sure and not row.keys.get("doubtful")
            injected = self._is_injected(ref, made)
            alone = row.keys["shape"] == "partial" and self._is_alone(ref, made)
            meant = any(
                self._conditions.holds(ref, made, text, question)
                for text in row.keys.get("meant_if", ())
            )
            sure = sure and not (injected or meant or errand) and may_fail is True
            yield Duty(row, render(path) + "()", (), sure, told, injected, alone)

    def _returned(self, asked: _Asked) -> tuple[Duty, ...]:
        """What a function of the project gives back, and nobody in it has looked at."""
        ref, bindings = asked
        module = self._project.module(ref.module)
        if module is None or "generator" in module.facts.functions[ref.index].flags:
            return ()
        found: list[Duty] = []
        function = module.facts.functions[ref.index]
        for value in _given_back(function):
            made = function.values[value]
            for duty in self.of(Ref(ref.module, ref.index, value), bindings or None):
                if duty.injected:
                    continue  # whoever made that client may well have made one that raises
                answer = self._paths.path_without(ref, value, duty.question)
                if answer.returned is not None and made.at is not None:
                    text = f"`{duty.call}` is called, and its result returned as it is"
                    step = Step(
                        module.path, made.at, text if not duty.steps else "returned as it is"
                    )
                    # Where it looks only at times, it may well be told to look always.
                    sure = duty.sure and answer.returned.sure and not answer.looked
                    if duty.row.keys["shape"] == "handle":
                        sure = sure and not self._paths.hangs_on_argument(ref, value)
                    found.append(duty._replace(steps=(step, *duty.steps), sure=sure))
        return tuple(found) or tuple(self._verdicts(ref, module, bindings))

    def _verdicts(self, ref: FunctionRef, module: Module, bindings: Bindings) -> Iterator[Duty]:
        """What a function tells its caller of the failure of a call, and nobody else."""
        function = module.facts.functions[ref.index]
        for value in _told_back(function):
            made = function.values[value]
            for duty in self.of(Ref(ref.module, ref.index, value), bindings or None):
                if made.at is None or duty.injected or duty.verdict:
                    continue
                if duty.question.inspection:
                    told = self._paths.path_without(ref, value, duty.question).verdict
                    tells = told is not None and told.sure
                else:
                    tells = bool(duty.row.keys.get("truthy_on_failure"))
                if tells:
                    text = f"`{duty.call}` is called, and what tells of its failure is returned"
                    step = Step(module.path, made.at, text)
                    yield duty._replace(steps=(step, *duty.steps), verdict=True)

    # conditions

    def _many(self, ref: Ref, made: Value, which: int | str) -> bool:
        """Whether an argument is seen to hold several items, or is some list."""
        given = argument(made, which)
        value = None if given is None else self._project.names.value(ref._replace(value=given))
        if value is None or given is None:
            return False
        if value.op in ("list", "tuple", "set"):
            return len(value.args) > 1 or "*" in value.text
        things = self._values.describe(ref._replace(value=given))
        names = {thing.path[0].text for thing in things if isinstance(thing, Api)}
        return bool(names) and names <= _COLLECTIONS

    def _overriding(self, ref: Ref, made: Value, path: Path) -> list[FunctionRef]:
        """The methods by which a project's class that derives from a library's changes what its
        calls do: `send` of a client is behind `get`."""
        function = self._project.names.value(ref._replace(value=made.args[0]))
        if function is None or function.op != "attr":
            return []
        classes = self._project.classes
        return [
            method
            for thing in self._values.describe(ref._replace(value=function.args[0]))
            if isinstance(thing, Instance)
            for each in classes.order(thing.ref).classes
            for name in classes.facts(each).methods
            if self._row((*path[:-1], Segment("name", name)))
            for method in classes.find_method(thing.ref, name).functions
        ]

    def _is_injected(self, ref: Ref, made: Value) -> bool:
        """Whether the client of a call is kept by an object that was given it, and none of the
        calls that made it is in sight."""
        function = self._project.names.value(ref._replace(value=made.args[0]))
        if function is None or function.op != "attr":
            return False
        client = ref._replace(value=function.args[0])
        kept = self._project.names.value(client)
        if kept is None or kept.op != "attr" or self._makers.of(client):
            return False
        owners = self._values.describe(ref._replace(value=kept.args[0]))
        return any(isinstance(owner, Instance) for owner in owners)

    def _is_alone(self, ref: Ref, made: Value) -> bool:
        """Whether one item is sent: a list with one element is written in the call."""
        sent = [self._project.names.value(ref._replace(value=value)) for value in made.args[1:]]
        lists = [value for value in sent if value is not None and value.op in ("list", "tuple")]
        return bool(lists) and all(len(v.args) == 1 and "*" not in v.text for v in lists)


def question_of(row: Row, alone: bool = False) -> Question:
    """What a row says of the result, as `Paths` asks for it."""
    keys = row.keys
    return Question(
        frozenset(keys.get("payload", ())),
        frozenset(keys.get("inspection", ())),
        bool(keys.get("falsy_on_failure")),
        alone,
        bool(keys.get("starts")),
        frozenset(keys.get("hints", ())),
        bool(keys.get("empty_on_failure")),
    )


def calls(function: Function) -> list[tuple[int, Value]]:
    """The calls of a function, by number."""
    return [(number, value) for number, value in enumerate(function.values) if value.op == "call"]


def _told_back(function: Function) -> list[int]:
    """The calls of whose result something may be told by what the function returns."""
    todo = [
        effect.args[0]
        for block in function.blocks
        for effect in block.effects
        if effect.kind == "return" and function.values[effect.args[0]].op in _TOLD
    ]
    seen = set(todo)
    while todo:
        made = function.values[todo.pop()]
        for value in made.args if made.op in _TOLD else ():
            if value >= 0 and value not in seen:
                seen.add(value)
                todo.append(value)
    return sorted(value for value in seen if function.values[value].op == "call")


def _given_back(function: Function) -> list[int]:
    """The calls whose result may be what the function returns: it, a part of a join, or what a
    call was given that may give it back."""
    todo = [
        effect.args[0]
        for block in function.blocks
        for effect in block.effects
        if effect.kind == "return"
    ]
    seen = set(todo)
    while todo:
        made = function.values[todo.pop()]
        through = made.args if made.op in ("phi", "call") else made.args[:1]
        for value in through if made.op in _GIVES_BACK else ():
            if value not in seen:
                seen.add(value)
                todo.append(value)
    return sorted(value for value in seen if function.values[value].op == "call")
