"""Is there a way from a call to a use of its payload, or to the function's end, on which nobody
has looked whether it failed?

Project functions that are handed the result are asked the same question; recursion starts from "no
way" and goes on until nothing new is found.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from ..model.facts import Facts
from ..model.source import Span
from . import escapes
from .definitions import FunctionRef
from .finding import Step
from .handed import Handed
from .inside import Inside, called_inside
from .path_search import Answer, Search, Way
from .results import Question, Result
from .rounds import Rounds
from .vocabulary import Vocabulary, vocabulary
from .ways import Ways

if TYPE_CHECKING:
    from .body import Bodies
    from .project import Project
    from .values import Values

__all__ = ["Answer", "Paths", "Question", "Way"]

_DEEPEST = 20
_MOST_GRAPHS = 500
_NOWHERE = Step("", Span(1, 1, 1, 1), "")

_Graph: TypeAlias = tuple[Ways, Mapping[int, str], Mapping[int, tuple[Inside, ...]]]
_Asked: TypeAlias = tuple[FunctionRef, int, Question]


class Paths:
    """Answers about ways for one project; they are kept, facts are not."""

    def __init__(self, project: Project, bodies: Bodies, values: Values) -> None:
        self._project = project
        self._bodies = bodies
        self._values = values
        self._handed = Handed(project, values, self.path_without)
        self._graphs: dict[FunctionRef, _Graph] = {}
        self._rounds: Rounds[_Asked, Answer] = Rounds(
            self._walk,
            Answer,
            lambda old, new: old.kinds != new.kinds,
            lambda: Answer(causes={"handed on through too many functions": _NOWHERE}),
            _DEEPEST,
        )

    @cached_property
    def words(self) -> Vocabulary:
        """Names of calls and exceptions of libraries, from rows."""
        return vocabulary(self._project.catalogue)

    def path_without(self, ref: FunctionRef, call: int, question: Question) -> Answer:
        """Follow the result of a call (or, as `call`, a parameter's value) through a function."""
        return self._rounds.ask((ref, call, question))

    def runs_as_script(self, ref: FunctionRef, value: int) -> bool:
        """Whether a value is made only where its module is run, and not imported."""
        ways = self._graph(ref)
        if ref.index or ways is None:
            return False
        made = ways[0].function.values
        for condition, outcome in ways[0].conditions(ways[0].place[value]):
            texts = {made[side].text for side in made[condition].args}
            if outcome and "__name__" in texts and "'__main__'" in texts:
                return True
        return False

    def ways(self, ref: FunctionRef) -> Ways | None:
        """All ways through a function; None if it cannot be read."""
        graph = self._graph(ref)
        return None if graph is None else graph[0]

    def hangs_on_argument(self, ref: FunctionRef, value: int) -> bool:
        """Whether a value is only made if an argument of its function says so."""
        ways = self.ways(ref)
        if ways is None:
            return False
        return any(
            ways.is_of_argument(condition) for condition, _ in ways.conditions(ways.place[value])
        )

    def raising_changes_nothing(self, ref: FunctionRef, call: int) -> bool:
        """Whether an exception of a call whose result is dropped would be dropped as well."""
        graph = self._graph(ref)
        return graph is not None and escapes.raising_changes_nothing(graph[0], call)

    def raising_is_hardly_told(self, ref: FunctionRef, call: int) -> bool:
        """The same, but for a record that only somebody sees who debugs, or for one kind of
        exception only."""
        ways = self.ways(ref)
        return ways is not None and (
            escapes.raising_changes_nothing(ways, call, debugs=True)
            or escapes.raising_changes_nothing(ways, call, also=self.words.refusals)
        )

    def is_probe(self, ref: FunctionRef, call: int, only_asks: bool) -> bool:
        """Whether a call may have been made to see whether it raises: one that can do nothing else
        in any `try`, another where an exception is answered by a result."""
        ways = self.ways(ref)
        if ways is None:
            return False
        place = ways.place[call]
        return escapes.is_handled(ways, place) if only_asks else escapes.is_answered(ways, place)

    def kept(self, ref: FunctionRef) -> Mapping[int, str]:
        """The values of a function that others may see although it does nothing with them, and
        why."""
        graph = self._graph(ref)
        return {} if graph is None else {**dict.fromkeys(graph[2], "called inside"), **graph[1]}

    def _graph(self, ref: FunctionRef) -> _Graph | None:
        """The ways of a function, what others may see of its values, and which of them functions
        inside it see; kept."""
        module = self._project.module(ref.module)
        body = self._bodies.of(ref)
        if module is None or body is None:
            return None
        known = self._graphs.get(ref)
        if known is None or known[0].function is not body.function:
            if len(self._graphs) >= _MOST_GRAPHS:
                self._graphs.clear()
            inside = called_inside(module.facts, ref.index)
            kept = _kept(module.facts, ref.index)
            seen = {value: cause for value, cause in kept.items() if value not in inside}
            known = self._graphs[ref] = Ways(body.function), seen, inside
        return known

    def _walk(self, asked: _Asked) -> Answer:
        ref, call, question = asked
        module = self._project.module(ref.module)
        body = self._bodies.of(ref)
        graph = self._graph(ref)
        if module is None or body is None or graph is None:
            return Answer(causes={"the module cannot be read": _NOWHERE})
        ways, kept, inside = graph
        result = Result(body, call, question, kept, inside)
        return Search(module, ref, result, ways, self.words, self._handed).run()


def _kept(facts: Facts, index: int) -> dict[int, str]:
    """The values of a function that others may see because a name is bound to them."""
    function = facts.functions[index]
    read = {
        value.text
        for other in facts.functions[1:]
        for value in (other.values if not index else ())
        if value.op == "global"
    }
    found = {
        value: f"`{name}` is seen by another function"
        for name, values in function.binds.items()
        for value in values
        if index or name in read
    }
    for each in facts.classes:
        if each.parent == index:
            for name, values in each.body.items():
                found.update(dict.fromkeys(values, f"`{name}` is an attribute of a class"))
    return found
