"""Where an object goes: through aliases, containers, fields, closures, calls and modules.

One activation follows one object through one function. A *state* says that the object sits at a
place (`Where`) in a value; values and effects that use the value lead to further states, to
events, or out of the function. Calls ask for the callee's summary (`calls.py`). Summaries depend
on nothing but facts and the assumption about the object, are memoised per process and never
stored. Recursion starts from "no effect" and is repeated until nothing is added.

Deliberately not done: the order of heap writes between functions, conditions that depend on each
other, and objects that travel inside exceptions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from ..model.facts import Facts, Function
from ..model.source import Span
from .activation import Entry
from .body import Bodies
from .definitions import FunctionRef, Ref
from .finding import Step
from .flow import Activation
from .shape import Shape
from .summary import Event, Summary, Where
from .thing import Made
from .values import Values

if TYPE_CHECKING:
    from .contexts import Contexts
    from .duties import Duties
    from .kept_answers import KeptAnswers
    from .maps import Maps
    from .paths import Paths
    from .placed import Placed
    from .project import Project
    from .series import Series
    from .set_while_serving import SetWhileServing
    from .stale import StaleValues
    from .tenancy import Tenancy
    from .throttles import Throttles

_DEEPEST = 12
_MOST_ROUNDS = 4
_MOST_CALLS = 1500
_Key: TypeAlias = tuple[FunctionRef, Entry]


class Travel:
    """The question "what happens to this object?" for one project."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.bodies = Bodies(project)
        self.values = Values(project)
        self._known: dict[_Key, Summary] = {}
        self._open: dict[_Key, Summary] = {}
        self._unfinished: dict[_Key, tuple[Summary, frozenset[_Key]]] = {}
        self._hit: set[_Key] = set()
        self._spent = 0

    @cached_property
    def paths(self) -> Paths:
        """Answers about ways; its modules are imported at the first question."""
        from .paths import Paths

        return Paths(self.project, self.bodies, self.values)

    @cached_property
    def duties(self) -> Duties:
        """Answers about who has to look at a result."""
        from .duties import Duties

        return Duties(self.project, self.paths)

    @cached_property
    def placed(self) -> Placed:
        """Answers about values in structured text."""
        from .placed import Placed

        return Placed(self.project)

    @cached_property
    def series(self) -> Series:
        """Answers about metrics and how many series they get."""
        from .series import Series

        return Series(self.project, self)

    @cached_property
    def tenancy(self) -> Tenancy:
        """Answers about what one request leaves for the next."""
        from .tenancy import Tenancy

        return Tenancy(self.project, self)

    @cached_property
    def kept_answers(self) -> KeptAnswers:
        """Answers about caches whose key misses whom an answer is for."""
        from .kept_answers import KeptAnswers

        return KeptAnswers(self.project, self)

    @cached_property
    def set_while_serving(self) -> SetWhileServing:
        """Answers about settings of the process and of shared clients."""
        from .set_while_serving import SetWhileServing

        return SetWhileServing(self.project, self)

    @cached_property
    def throttles(self) -> Throttles:
        """Answers about the keys of rate limits."""
        from .throttles import Throttles

        return Throttles(self.project, self)

    @cached_property
    def maps(self) -> Maps:
        """Answers about containers that live with the process."""
        from .maps import Maps

        return Maps(self.project, self)

    @cached_property
    def stale(self) -> StaleValues:
        """Answers about what a turn of a loop leaves to the next."""
        from .stale import StaleValues

        return StaleValues(self.project, self)

    @cached_property
    def contexts(self) -> Contexts:
        """Answers about variables of contexts and threads."""
        from .contexts import Contexts

        return Contexts(self.project, self)

    def follow(self, function: FunctionRef, entry: Entry) -> Summary:
        """What a function does to an object that comes in by `entry`."""
        key = (function, entry)
        known = self._known.get(key)
        if known is not None:
            return known
        if key in self._open:
            self._hit.add(key)
            return self._open[key]
        unfinished = self._unfinished.get(key)
        if unfinished is not None:
            self._hit |= unfinished[1]
            return unfinished[0]
        if not self._open:
            self._spent = 0
        if len(self._open) >= _DEEPEST or self._spent >= _MOST_CALLS:
            deep = len(self._open) >= _DEEPEST
            return _cut("more than twelve calls deep" if deep else "more calls than are followed")
        summary, rests_on = self._rounds(key)
        if rests_on:
            self._unfinished[key] = summary, frozenset(rests_on)
        else:
            self._known[key] = summary
        return summary

    def _rounds(self, key: _Key) -> tuple[Summary, set[_Key]]:
        """Follow until recursion adds nothing; also gives the unfinished answers it rests on."""
        around, summary = self._hit, Summary()
        self._open[key] = summary
        try:
            for _ in range(_MOST_ROUNDS):
                before = summary.size
                self._hit = set()
                self._spent += 1
                Activation(self, *key, summary, top=len(self._open) == 1).run()
                if key not in self._hit or summary.size == before:
                    break
                self._forget(key)
        finally:
            del self._open[key]
            rests_on = self._hit - {key}
            self._hit = around | rests_on
        self._finish(key)
        return summary, rests_on

    def _forget(self, key: _Key) -> None:
        """A new round begins: what rests on the old one is asked again."""
        for other, (_, rests_on) in list(self._unfinished.items()):
            if key in rests_on:
                del self._unfinished[other]

    def _finish(self, key: _Key) -> None:
        """An answer is complete: so is what rested on it alone."""
        for other, (summary, rests_on) in list(self._unfinished.items()):
            if key in rests_on:
                if len(rests_on) == 1:
                    self._known[other] = summary
                    del self._unfinished[other]
                else:
                    self._unfinished[other] = summary, rests_on - {key}

    def changed_in_class(
        self, function: FunctionRef, kept: Iterable[tuple[str, Where]], shape: Shape
    ) -> Event | None:
        """The change that a method of a function's class makes to an object that the function
        keeps in attributes of its own object; None: none does."""
        module = self.project.module(function.module)
        if module is None:
            return None
        keeper = module.facts.functions[function.index]
        if keeper.owner < 0:
            return None
        for name, where in sorted(kept):
            if keeper.params[0].name != name:
                continue
            for method, summary in self.in_methods(function.module, keeper.owner, where, shape):
                change = summary.worst("changed")
                if change is not None:
                    how = f"stored in `{name}{where[0]}` and {change.how} in `{method.name}()`"
                    return change._replace(how=how)
        return None

    def in_methods(
        self, module: str, owner: int, where: Where, shape: Shape
    ) -> Iterator[tuple[Function, Summary]]:
        """What each method of a class does to an object that is kept at `where` in the class's
        objects, in an attribute."""
        found = self.project.module(module)
        for index in _methods(found.facts, owner) if found is not None else ():
            assert found is not None
            method = found.facts.functions[index]
            read = any(v.op == "attr" and f".{v.text}" == where[0] for v in method.values)
            if read and method.params:
                entry = Entry(method.params[0].name, False, where, False, shape)
                yield method, self.follow(FunctionRef(module, index), entry)

    def runs(self, function: FunctionRef) -> bool:
        """Whether a call of a function has led to the question that is being answered."""
        return any(open_ == function for open_, _ in self._open)

    def calls_itself(self, function: FunctionRef, call: int) -> bool:
        """Whether a call in a function is of that function, and of nothing else."""
        body = self.bodies.of(function)
        if body is None:
            return False
        called = Ref(function.module, function.index, body.function.values[call].args[0])
        things = self.values.describe(called)
        return all(isinstance(t, Made) and t.function == function for t in things)

    def comes_from_parameters(self, function: FunctionRef, value: int, other: str) -> bool:
        """Whether a value is made of a parameter of its function other than `other`."""
        body = self.bodies.of(function)
        if body is None:
            return False
        todo, seen = [value], {value}
        while todo:
            made = body.function.values[todo.pop()]
            if made.op == "param" and made.text != other:
                return True
            for argument in made.args:
                if argument >= 0 and argument not in seen:
                    seen.add(argument)
                    todo.append(argument)
        return False


def _methods(facts: Facts, owner: int) -> list[int]:
    return sorted(index for each in facts.classes[owner].methods.values() for index in each)


def _cut(cause: str) -> Summary:
    """An answer that says only that nobody looked."""
    summary = Summary()
    summary.unknown[cause] = Step("", Span(1, 1, 1, 1), "")
    return summary
