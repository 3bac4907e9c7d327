"""INC201 to INC205: a call failed without raising, and nobody has looked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ...engine.best_effort import is_best_effort
from ...engine.definitions import FunctionRef, Ref
from ...engine.duties import Duty, calls
from ...engine.escapes import repeated
from ...engine.finding import Confidence, Finding, Step, Tally
from ...engine.paths import Way
from ...engine.project import Module, Project
from ...engine.thing import Api, Made, Things
from ...knowledge.paths import CALL
from .cures import cure_of

_FAMILY = "unchecked_responses"
_UNSEEN = {"status": "INC202", "partial": "INC203", "handle": "INC204"}
_SCRIPTS = frozenset({"scripts", "bin"})
_CLEAN_UP = frozenset({"__exit__", "__aexit__", "__del__"})
_CLOSES = frozenset({"close", "aclose", "shutdown", "disconnect", "tearDown", "teardown"})
"""Methods after which nobody wants anything of their object: what is left undone there is
suspected."""
_CLEANS = re.compile(r"(^|_)clean_?up$")


def check(module: Module, project: Project, tally: Tally) -> Iterator[Finding]:
    """Judge every call of a module whose result may tell of a failure."""
    duties = project.travel.duties
    at_the_end: frozenset[int] | None = None
    for index, function in enumerate(module.facts.functions):
        if function.name in _CLEAN_UP:
            continue
        cleaning = repeated(function)
        for value, made in calls(function):
            found = duties.of(Ref(module.name, index, value))
            if found and made.at not in cleaning:
                if at_the_end is None:
                    at_the_end = _run_at_the_end(module, project)
                if index in at_the_end:
                    break
                tally.seen["calls that may fail unseen"] += 1
                place = _Place(module, project, FunctionRef(module.name, index), value)
                yield from place.judge(found[0], tally)


class _Place(NamedTuple):
    """One call that somebody has to look at."""

    module: Module
    project: Project
    ref: FunctionRef
    value: int

    def judge(self, duty: Duty, tally: Tally) -> Iterator[Finding]:
        """The finding of the call, if there is one."""
        body = self.project.travel.bodies.of(self.ref)
        assert body is not None
        if body.is_dropped_on_purpose(self.value):
            tally.judge(_FAMILY)
            return
        shape = duty.row.keys["shape"]
        waits = "await" in duty.question.inspection
        paths = self.project.travel.paths
        if body.is_dropped(self.value, paths.kept(self.ref), waits):
            tally.judge(_FAMILY)
            if duty.question.starts or paths.raising_changes_nothing(self.ref, self.value):
                return
            code = "INC204" if shape == "handle" else "INC201"
            if duty.may_probe(paths, self.ref, self.value):
                duty = duty._replace(sure=False)
            if paths.raising_is_hardly_told(self.ref, self.value):
                duty = duty._replace(sure=False)
            what = "what is told of it" if duty.verdict else "the result"
            found = self._finding(code, duty, f"and {what} is dropped", None)
            yield found._replace(cure=cure_of(body, self.value, duty, False))
            return
        if duty.verdict or not duty.question.inspection:
            tally.judge(_FAMILY)
            if duty.told:
                found = self._finding("INC205", duty, "and nothing tells", None)
                yield found._replace(cure=cure_of(body, self.value, duty, False))
            return
        answer = self.project.travel.paths.path_without(self.ref, self.value, duty.question)
        causes: Iterable[str] = answer.causes
        if answer.returned is not None and duty.injected:
            causes = ["returned, and its client is made elsewhere"]
        elif answer.way is not None or answer.returned is not None:
            causes = ()
        tally.judge(_FAMILY, causes)
        if answer.way is not None:
            how = _how(answer.way, self.module.path)
            if shape == "handle" and answer.looked:  # never waited for is what the code says
                duty = duty._replace(sure=False)
            found = self._finding(_UNSEEN[shape], duty, how, answer.way)
            yield found._replace(cure=cure_of(body, self.value, duty, answer.may_matter))

    def _finding(self, code: str, duty: Duty, how: str, way: Way | None) -> Finding:
        at = self.project.travel.values.function(self.ref).values[self.value].at
        assert at is not None
        keys = duty.row.keys
        sure = duty.sure and (way is None or (way.sure and not way.raised))
        if duty.told:
            code, how = "INC205", f"as `{duty.told}` tells it to, {how}"
        if code == "INC202" and self._in_script():
            sure = False
        name = self.project.travel.values.function(self.ref).name
        if code == "INC204" and (name in _CLOSES or _CLEANS.search(name)):
            sure = False
        if is_best_effort(self.project, self.ref, self.value, keys.get("work")):
            sure = False
        cure = "look at what this call returns" if duty.verdict else keys["cure"]
        message = f"`{duty.call}` may hide {keys['hides']}, {how}: {cure}"
        steps: tuple[Step, ...] = (*duty.steps, *(way.steps if way is not None else ()))
        confidence: Confidence = "proved" if sure else "suspected"
        return Finding(code, self.module.path, at, message, confidence, steps)

    def _in_script(self) -> bool:
        """Whether a person is likely to watch it run."""
        *folders, _ = self.module.name.split(".")  # below the source root, where it is known
        if _SCRIPTS.intersection(folders[:1] or self.module.path.split("/")[-2:-1]):
            return True
        return self.project.travel.paths.runs_as_script(self.ref, self.value)


def _how(way: Way, path: str) -> str:
    """What happens on a way, as far as the file under check shows it."""
    turns = [step for step in way.steps if step.message.startswith("is ") and step.path == path]
    on = f"on the path through line {turns[-1].span.line} " if turns else ""
    if way.used is not None and way.used.path == path and not turns:
        return f"and line {way.used.span.line} uses it, but nobody looks"
    return f"and {on}nobody looks"


def _run_at_the_end(module: Module, project: Project) -> frozenset[int]:
    """The functions of a module that are registered to clean up when the process ends."""
    describe = project.travel.values.describe
    found: set[int] = set()
    for index, function in enumerate(module.facts.functions):
        decorators = (Ref(module.name, function.parent, each) for each in function.decorators)
        if any(_registers(project, describe(decorator)) for decorator in decorators):
            found.add(index)
        for _, made in calls(function):
            if _registers(project, describe(Ref(module.name, index, made.args[0]))):
                for given in made.args[1:]:
                    found.update(
                        thing.function.index
                        for thing in describe(Ref(module.name, index, given))
                        if isinstance(thing, Made) and thing.function.module == module.name
                    )
    return frozenset(found)


def _registers(project: Project, things: Things) -> bool:
    paths = ((*thing.path, CALL) for thing in things if isinstance(thing, Api))
    return any(project.catalogue.match("runs-at-the-end", path) is not None for path in paths)
