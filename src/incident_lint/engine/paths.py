"""Is there a way from a call to a use of its payload, or to the function's end, on which nobody
has looked whether it failed?

Project functions that are handed the result are asked the same question; recursion starts from "no
way" and goes on until nothing new is found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..model.facts import Facts
from ..model.source import Span
from .definitions import FunctionRef
from .finding import Step
from .handed import Handed
from .path_search import Answer, Search, Way
from .results import Question, Result

if TYPE_CHECKING:
    from .body import Bodies
    from .project import Project
    from .things import Values

__all__ = ["Answer", "Paths", "Question", "Way"]

_DEEPEST = 12
_NOWHERE = Step("", Span(1, 1, 1, 1), "")


class Paths:
    """Answers about ways for one project; they are kept, facts are not."""

    def __init__(self, project: Project, bodies: Bodies, values: Values) -> None:
        self._project = project
        self._bodies = bodies
        self._handed = Handed(project, values, self.path_without)
        self._known: dict[tuple[FunctionRef, int, Question], Answer] = {}
        self._open: dict[tuple[FunctionRef, int, Question], Answer] = {}
        self._met: set[tuple[FunctionRef, int, Question]] = set()

    def path_without(self, ref: FunctionRef, call: int, question: Question) -> Answer:
        """Follow the result of a call (or, as `call`, a parameter's value) through a function."""
        key = ref, call, question
        known = self._known.get(key)
        if known is not None:
            return known
        if key in self._open:
            self._met.add(key)
            return self._open[key]
        if len(self._open) >= _DEEPEST:
            self._met.add(key)
            return Answer(causes={"handed on through more than twelve functions": _NOWHERE})
        self._open[key] = Answer()
        try:
            answer = self._fixed(key)
        finally:
            del self._open[key]
            self._met.discard(key)
        if not self._met:
            self._known[key] = answer
        return answer

    def _fixed(self, key: tuple[FunctionRef, int, Question]) -> Answer:
        """The answer, asked again while a recursive call of the function changes it."""
        while True:
            answer = self._walk(*key)
            if key not in self._met or answer.kinds == self._open[key].kinds:
                return answer
            self._open[key] = answer

    def _walk(self, ref: FunctionRef, call: int, question: Question) -> Answer:
        module = self._project.module(ref.module)
        body = self._bodies.of(ref)
        if module is None or body is None:
            return Answer(causes={"the module cannot be read": _NOWHERE})
        kept = _kept(module.facts, ref.index)
        result = Result(body, call, question, kept)
        return Search(module, ref, result, self._handed).run()


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


