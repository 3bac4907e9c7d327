"""What the tests of a module put in the place of calls whose failure only their result tells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from ..knowledge.catalogue import Row
from ..knowledge.paths import CALL, Path, Segment, parse, render
from ..model.facts import Effect, Function, Value
from ..model.source import Span
from .arguments import argument, words_of
from .definitions import External, Local, Ref
from .doubles import Doubles
from .duties import ROLE, calls
from .finding import Step
from .targets import Targets
from .thing import Api, Made, Thing, Things
from .told import Chain, Telling, Told

if TYPE_CHECKING:
    from .project import Module, Project

_ENTERING = frozenset({"__enter__", "__aenter__"})
ANY = "*"
"""The method of a request that is not named."""


class Call(NamedTuple):
    """A call whose result may tell of a failure: its path, its row, and the way to it."""

    path: Path
    row: Row
    sure: bool = True
    steps: tuple[Step, ...] = ()

    @property
    def text(self) -> str:
        return render(self.path)

    @property
    def key(self) -> tuple[str, str]:
        """By which stand-ins of one call know each other: the library and the call's last name,
        since `requests.post` and `Session().post` are answered by the same thing."""
        names = [segment.text for segment in self.path if segment.kind == "name"]
        return names[0], names[-1]


class StandIn(NamedTuple):
    """One of a test: where, for which call, and whether that can only succeed with it."""

    at: Span
    call: Call
    only_succeeds: bool


class StandIns:
    """The stand-ins of one module. `judged`: the values by which they were told that they fail or
    do not, once all are found."""

    def __init__(self, module: Module, project: Project) -> None:
        self._module = module
        self._project = project
        self._values = project.travel.values
        self._targets = Targets(project)
        self._telling = Telling(module, project)
        self._handed: dict[Ref | None, list[Ref]] | None = None
        self.judged: set[Ref] = set()

    def found(self) -> Iterator[StandIn]:
        """Every stand-in of a call that is known, in no order."""
        for number, function in enumerate(self._module.facts.functions):
            for index, made in calls(function):
                ref = Ref(self._module.name, number, index)
                for path in self._paths(ref._replace(value=made.args[0])):
                    yield from self._by_row(ref, made, (*path, CALL))
            for block in function.blocks:
                for effect in block.effects:
                    if effect.kind == "setattr":
                        owner = Ref(self._module.name, number, effect.args[0])
                        yield from self._assigned(owner, effect)

    def _assigned(self, owner: Ref, effect: Effect) -> Iterator[StandIn]:
        """`client.post = Mock(...)`, but not what puts the library's own back."""
        given = owner._replace(value=effect.args[1])
        for thing in self._values.describe(given):
            if isinstance(thing, Api) and self._match("mock-object", thing.path) is None:
                return
        things = self._targets.members(self._values.describe(owner), effect.text)
        for call in {call.path: call for call in self._calls(things, Told())}.values():
            doubles = self._doubles(call)
            later = self._telling.told(self._telling.attributes(effect.text), place=effect.text)
            good = doubles.replacement(given, effect.text) and doubles.told(later)
            yield StandIn(effect.at, call, good)

    def _doubles(self, call: Call) -> Doubles:
        return Doubles(self._project, self._telling, call.row, self.judged)

    def _by_row(self, ref: Ref, made: Value, path: Path) -> Iterator[StandIn]:
        assert made.at is not None
        row = self._match("replaces", path)
        if row is not None:
            for call, good in self._replaced(ref, made, row):
                yield StandIn(made.at, call, good)
        row = self._match("answers", path)
        if row is not None:
            answered = self._answered(ref, made, row, path)
            if answered is not None:
                doubles = self._doubles(answered)
                good = "fails" not in row.keys and doubles.answer(ref, made)
                good = good and doubles.told(self._telling.told([ref]))
                yield StandIn(made.at, answered, good)

    # what is called

    def _paths(self, ref: Ref) -> list[Path]:
        """The API paths of a value; a parameter of a test may be known by its name alone."""
        things = self._values.describe(ref)
        found = [thing.path for thing in things if isinstance(thing, Api)]
        if found:
            return found
        value = self._project.names.value(ref)
        if value is not None and value.op == "attr":
            below = self._paths(ref._replace(value=value.args[0]))
            return [(*path, Segment("name", value.text)) for path in below]
        if value is not None and value.op == "param":
            return [
                row.pattern
                for row in self._project.catalogue.of_role("test-fixture")
                if row.keys["name"] == value.text
            ] or self._given_by_decorator(ref)
        return []

    def _given_by_decorator(self, ref: Ref) -> list[Path]:
        """`@requests_mock.Mocker()` gives the test below it what it is itself."""
        function = self._module.facts.functions[ref.function]
        found: list[Path] = []
        for decorator in function.decorators if ref.module == self._module.name else ():
            for thing in self._values.describe(Ref(ref.module, function.parent, decorator)):
                if isinstance(thing, Api) and thing.path[-1] == CALL and len(thing.path) > 1:
                    found.append(thing.path)
        return found if len(found) == 1 else []

    def _match(self, role: str, path: Path) -> Row | None:
        return self._project.catalogue.match(role, path)

    # another thing in the place of a call

    def _replaced(self, ref: Ref, made: Value, row: Row) -> Iterator[tuple[Call, bool]]:
        """The calls that a `patch` or `setattr` replaces, and whether what it puts there can only
        succeed."""
        target = argument(made, 0)
        if target is None:
            return
        text = self._project.names.constant(ref._replace(value=target))
        if text is not None:
            things, behind = self._targets.named(text, self._module.name), 1
        else:
            things, behind = self._member(ref, made, target), 2
        given = argument(made, row.keys["new"])
        new = argument(made, behind) if given is None else given
        told = self._told(ref, made, row, behind) if new is None else Told()
        for call in {call.path: call for call in self._calls(things, told)}.values():
            if new is not None:
                yield call, self._doubles(call).replacement(ref._replace(value=new))
            elif not told.unused:
                yield call, self._doubles(call).told(told)

    def _member(self, ref: Ref, made: Value, target: int) -> Things:
        """What the attribute is that the second argument names."""
        named = argument(made, 1)
        name = None if named is None else self._project.names.constant(ref._replace(value=named))
        if name is None:
            return ()
        return self._targets.members(self._values.describe(ref._replace(value=target)), name)

    def _told(self, ref: Ref, made: Value, row: Row, behind: int) -> Told:
        """What the mock object is told that a `patch` makes: by keywords, and where it has a
        name."""
        told = self._telling.told([ref, *self._handed_over(ref)])
        for setting in self._telling.keywords(ref, made):
            if setting is None:
                told.lost = True
            else:
                told.settings.append(setting)
        if row.keys.get("hands_over") is None:
            told.lost = True  # something is put there that cannot be seen
        return told

    def _handed_over(self, ref: Ref) -> list[Ref]:
        """The parameters by which functions below a decorator get its mock object."""
        if self._handed is None:
            self._handed = defaultdict(list)
            for number, function in enumerate(self._module.facts.functions):
                order = self._order(function)[: len(function.params)]
                for position, made in enumerate(order):
                    if made not in order[:position]:
                        name = function.params[position].name
                        at = Ref(self._module.name, number, 0)
                        self._handed[made].extend(_parameter(at, function, name))
        return self._handed.get(ref, [])

    def _order(self, function: Function) -> list[Ref | None]:
        """The calls whose mock objects a function gets, parameter by parameter: those of its own
        decorators from the innermost on, then those of a test case; None is `self`."""
        module, classes = self._module.name, self._module.facts.classes
        handed = [Ref(module, function.parent, value) for value in function.decorators]
        if function.owner >= 0 and function.name.startswith("test"):
            owner = classes[function.owner]
            handed = [*(Ref(module, owner.parent, each) for each in owner.decorators), *handed]
        order = [made for each in reversed(handed) for made in self._handing(each)]
        return [None, *order] if function.owner >= 0 else [*order]

    def _handing(self, decorator: Ref) -> Iterator[Ref]:
        """The call that a decorator is, if it hands a mock object to what is below it."""
        for definition in self._project.names.resolve(*decorator):
            at = definition.ref if isinstance(definition, Local) else decorator
            made = self._project.names.value(at)
            if made is not None and made.op == "call":
                for path in self._paths(at._replace(value=made.args[0])):
                    row = self._match("replaces", (*path, CALL))
                    if row is not None and "hands_over" in row.keys:
                        behind = 2 if path[-1].text == "object" else 1
                        if argument(made, behind) is None and row.keys["new"] not in words_of(made):
                            yield at

    # which call it is

    def _calls(self, things: Things, told: Told) -> Iterator[Call]:
        """The calls that the replaced thing is, or that are made below it: a test that replaces
        `requests` shows by `requests.post.return_value` what is called."""
        direct = [call for thing in things for call in self._catalogued(thing)]
        yield from direct
        for chain in sorted(told.chains) if not direct else ():
            below = things
            for name in _without_entering(chain):
                if name == "return_value":
                    below = self._targets.called(below)
                else:
                    below = self._targets.members(below, name)
                found = [call for thing in below for call in self._catalogued(thing)]
                yield from found
                if found:
                    break

    def _catalogued(self, thing: Thing) -> Iterator[Call]:
        """The call of a thing, if its result may tell of a failure."""
        if isinstance(thing, Api) and thing.path[-1].kind == "name":
            *before, last = thing.path
            for path in ((*thing.path, CALL), (*before, CALL, last, CALL)):
                row = self._match(ROLE, path)
                if row is not None:
                    yield from _fallible(path, row)
                    return
        elif isinstance(thing, Made):
            for duty in self._project.travel.duties.given_back(thing.function):
                sure = duty.sure and thing.sure
                if duty.verdict:
                    continue
                yield Call(parse(duty.call)[0], duty.row, sure, duty.steps)

    # answers to requests

    def _answered(self, ref: Ref, made: Value, row: Row, path: Path) -> Call | None:
        """The request that is answered."""
        library = parse(row.keys["for"])[0]
        verb = path[-2].text
        if "verb" in row.keys:
            given = argument(made, row.keys["verb"])
            given = argument(made, "method") if given is None else given
            verb = ANY if given is None else self._verb(ref._replace(value=given))
        asked = "get" if verb == ANY else verb
        fallible = self._match(ROLE, (*library, Segment("name", asked), CALL))
        if fallible is None:
            return None
        return Call((*library, Segment("name", verb), CALL), fallible)

    def _verb(self, ref: Ref) -> str:
        """`responses.POST`, `"POST"`: the method of a request."""
        text = self._project.names.constant(ref)
        if text is not None:
            return text.lower()
        found = self._project.names.resolve(*ref)
        if len(found) == 1 and isinstance(found[0], External):
            return found[0].dotted.rpartition(".")[2].lower()
        return ANY


def _fallible(path: Path, row: Row) -> Iterable[Call]:
    """The call of a row, unless only its arguments could tell whether it fails unseen."""
    if not any(key in row.keys for key in ("best_effort", "silenced_if", "needs_many", "work")):
        yield Call(path, row, not row.keys.get("unverified"))


def _parameter(ref: Ref, function: Function, name: str) -> Iterator[Ref]:
    for index, value in enumerate(function.values):
        if value.op == "param" and value.text == name:
            yield ref._replace(value=index)


def _without_entering(chain: Chain) -> Iterator[str]:
    """A chain as if `with` gave the client itself, which clients do."""
    entered = False
    for name in chain:
        if not (entered and name == "return_value") and name not in _ENTERING:
            yield name
        entered = name in _ENTERING
