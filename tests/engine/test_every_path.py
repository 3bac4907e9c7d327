"""The literate cases of `spikes/paths/`: from which calls does a way lead past every look?

A file holds cases; `== title` begins one, `# file: path` a file of its project, `# falsy` and
`# members: ["Failed"]` change the question. Behind a tracked call stands what is found:

    #! looked                somebody looks on every way
    #! payload               a way to a use of its payload; `raised`: something raises on it;
                             `unsure`: an unknown decorator stands in the way
    #! end                   a way to the end, or to where another value takes its place
    ...; 4 is false          a step of that way: the line, and what is said there
    ...; lost: cause         somebody else may look

Python is the judge: each case without `lost` (and without `# unjudged: why`) is also executed,
over all that `flip()` and the other functions of `api` may do, and its responses tell whether
they were looked at.
"""

from __future__ import annotations

import asyncio
import re
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from incident_lint.engine.body import Bodies
from incident_lint.engine.classes import FunctionRef
from incident_lint.engine.paths import Answer, Paths, Question
from incident_lint.engine.project import Module, Project
from incident_lint.engine.values import Values
from incident_lint.model.source import Source

_FOLDER = Path(__file__).with_name("spikes") / "paths"
_PAYLOAD = frozenset({".json()", ".json_async()", ".body"})
_INSPECTION = frozenset({".ok", ".status_code", ".raise_for_status()"})
_CALLS = ("post", "post_async", "post_many", "post_or_raise")


def cases() -> Iterator[Any]:
    for file in sorted(_FOLDER.glob("*.txt")):
        for text in file.read_text("utf-8").split("\n== ")[1:]:
            title, _, body = text.partition("\n")
            yield pytest.param(body, id=f"{file.stem}: {title.strip()}")


def write(body: str, folder: Path) -> dict[tuple[str, int], str]:
    """Lay out the files of a case; what is expected, by file and line."""
    expected = {}
    for text in re.split(r"^# file: ", body, flags=re.MULTILINE)[1:]:
        name, _, code = text.partition("\n")
        path = folder / name.strip()
        path.parent.mkdir(parents=True, exist_ok=True)
        code = re.sub(r"^# (falsy|members|unjudged).*\n", "", code, flags=re.MULTILINE)
        path.write_text(code, "utf-8")
        for number, line in enumerate(code.splitlines(), 1):
            if "#! " in line:
                expected[name.strip(), number] = line.partition("#! ")[2].strip()
    return expected


def question(body: str) -> Question:
    members = re.findall(r"# members: (.+)", body)
    payload = _PAYLOAD | {name for name in members if name == "iter"}
    return Question(
        payload, _INSPECTION | {name for name in members if name != "iter"}, "# falsy" in body
    )


@pytest.mark.parametrize("body", list(cases()))
def test_case(body: str, tmp_path: Path) -> None:
    expected = write(body, tmp_path)
    assert expected
    found: dict[tuple[str, int], str] = {}
    for order in (1, -1):  # what was asked before must not matter
        project = Project(cwd=tmp_path)
        paths = Paths(project, Bodies(project), Values(project))
        for name in sorted({name for name, _ in expected})[::order]:
            file = tmp_path / name
            module = project.add(Source.from_bytes(name, file.read_bytes()))
            for line, answer in list(answers(paths, module, question(body)))[::order]:
                shown = show(answer, name, expected.get((name, line), ""))
                assert found.setdefault((name, line), shown) == shown
    assert found == expected


def answers(paths: Paths, module: Module, asked: Question) -> Iterator[tuple[int, Answer]]:
    for index, function in enumerate(module.facts.functions):
        for number, value in enumerate(function.values):
            called = function.values[value.args[0]].text if value.op == "call" else ""
            if called.rpartition(":")[2] in _CALLS:
                ref = FunctionRef(module.name, index)
                assert value.at is not None
                yield value.at.line, paths.path_without(ref, number, asked)


def show(answer: Answer, name: str, expected: str) -> str:
    """An answer as the cases write it; of the steps and causes only those that are expected."""
    way = answer.way
    if way is None and answer.causes:
        return f"lost: {'; '.join(answer.causes)}"
    if way is None:
        return "looked"
    kind = "payload" if way.end == "payload" else "end"
    shown = kind + " raised" * way.raised + " unsure" * (not way.sure)
    parts = expected.split("; ")[1:]
    steps = [
        f"{'' if step.path == name else step.path + ':'}{step.span.line} {step.message}"
        for step in way.steps
    ]
    steps += [f"lost: {cause}" for cause in answer.causes]
    return "; ".join([shown, *(part for part in steps if part in parts)])


# the judge


def executed() -> list[object]:
    """The cases of which the interpreter can be the judge."""
    return [case for case in cases() if not re.search(r"#! .*lost|# unjudged: ", case.values[0])]


@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited")
@pytest.mark.parametrize("body", executed())
def test_python_agrees(body: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = write(body, tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    before = set(sys.modules)
    bad: set[int] = set()
    made: set[int] = set()
    tapes: list[list[bool]] = [[]]
    while tapes:
        world = World(tapes.pop(), body)
        sys.modules["api"] = world.module
        for name in set(sys.modules) - before - {"api"}:
            del sys.modules[name]
        monkeypatch.setitem(sys.modules, "api", world.module)
        if not world.run(tmp_path / "app.py"):
            continue
        made |= {response.line for response in world.responses}
        bad |= {r.line for r in world.responses if not r.looked}
        for length in range(len(world.given), min(len(world.tape), 9)):
            tapes.append([*world.tape[:length], not world.tape[length]])
    for name in set(sys.modules) - before:
        del sys.modules[name]
    assert made == {line for _, line in expected}
    assert bad == {line for (_, line), text in expected.items() if text != "looked"}


class Response:
    """A result that knows whether its failure member was read, and whether its payload was used
    before that."""

    def __init__(self, world: World, line: int) -> None:
        self.__dict__.update(world=world, line=line, looked=False, early=False)

    def __getattr__(self, name: str) -> Any:
        if name in ("ok", "status_code", "raise_for_status"):
            return getattr(self, f"look_{name}")()
        if name in ("json", "body", "json_async"):
            payload = Payload(self)
            if name == "json_async":
                return lambda: _soon(payload)
            return payload if name == "body" else lambda: payload
        return None

    def look_ok(self) -> bool:
        self.__dict__["looked"] = True
        went_well: bool = self.world.flip()
        return went_well

    def look_status_code(self) -> int:
        return 200 if self.look_ok() else 500

    def look_raise_for_status(self) -> Any:
        def raise_for_status() -> None:
            if not self.look_ok():
                raise OSError("failed")

        return raise_for_status

    def __bool__(self) -> bool:
        return self.look_ok() if self.world.falsy else True

    def __getitem__(self, key: str) -> object:
        if key == "Failed":
            self.look_ok()
        return ()

    def get(self, key: str, default: object = None) -> object:
        return self[key]

    def __contains__(self, key: str) -> bool:
        return bool(self[key]) or self.world.flip()

    def __iter__(self) -> Iterator[object]:
        Payload(self).used()
        return iter(())

    def __enter__(self) -> Response:
        return self

    def __exit__(self, *args: object) -> None: ...

    def __repr__(self) -> str:
        return "<Response>"


class Payload:
    def __init__(self, response: Response) -> None:
        self.response = response

    def used(self) -> None:
        if not self.response.looked:
            self.response.__dict__["early"] = True

    def __getitem__(self, key: str) -> None:
        self.used()


async def _soon(value: object) -> object:
    return value


class World:
    """The module `api` for one run: all that is open in it is decided by a tape."""

    def __init__(self, given: list[bool], body: str) -> None:
        self.given = given
        self.tape: list[bool] = list(given)
        self.position = 0
        self.falsy = "# falsy" in body
        self.responses: list[Response] = []
        self.module = types.ModuleType("api")
        for name in ("flip", "risky", "use", "few", *_CALLS):
            setattr(self.module, name, getattr(self, name))
        self.module.__dict__.update(Response=Response, lock=_Lock, later=lambda f: f)

    def flip(self) -> bool:
        if self.position == len(self.tape):
            self.tape.append(True)
        self.position += 1
        if self.position > 40:
            raise _EndlessLoop
        return self.tape[self.position - 1]

    def risky(self) -> None:
        if not self.flip():
            raise OSError("risky")

    def few(self) -> list[int]:
        return [1] * self.flip()

    def use(self, *values: object) -> None:
        for value in values:
            if isinstance(value, Payload):
                value.used()

    def post(self, *args: object) -> Response:
        line = sys._getframe(1).f_lineno
        if sys._getframe(1).f_code.co_name == "post_or_raise":
            line = sys._getframe(2).f_lineno
        self.responses.append(Response(self, line))
        return self.responses[-1]

    post_many = post

    def post_or_raise(self) -> Response:
        self.risky()
        return self.post()

    def post_async(self) -> Any:
        line = sys._getframe(1).f_lineno
        self.responses.append(Response(self, line))
        return _soon(self.responses[-1])

    def run(self, file: Path) -> bool:
        """Execute a case; whether it ended without an exception."""
        space: dict[str, Any] = {"__name__": "app"}
        try:
            exec(compile(file.read_text("utf-8"), str(file), "exec"), space)
            main = space.get("main")
            result = main() if main is not None else None
            if asyncio.iscoroutine(result):
                result = asyncio.run(_awaited(result))
        except (OSError, RuntimeError, AssertionError, _EndlessLoop):
            return self.excused()
        self.use(*(result if isinstance(result, list) else [result]))
        return True

    def excused(self) -> bool:
        """An exception tells the caller: nothing that is alive then was overlooked."""
        for response in self.responses:
            response.__dict__["looked"] = True
        return True


class _EndlessLoop(Exception):
    pass


async def _awaited(coroutine: Any) -> Any:
    return await coroutine


class _Lock:
    def __enter__(self) -> None: ...

    def __exit__(self, *args: object) -> None: ...
