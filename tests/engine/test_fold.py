"""The literate cases of `spikes/boundedness/`: how many values can a label take?

A file holds cases; `== title` begins one, `# file: path` a file of its project. Behind a call of
`label` stands what its argument is: `bounded`, `unbounded`, or `unknown: cause`.

Python is the judge: each case with a `main` is also executed 200 times, with other outside values
each time; a bounded label saw at most 12 values, an unbounded one at least 40.
"""

from __future__ import annotations

import asyncio
import re
import sys
import types
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest

from incident_lint.engine.body import Bodies
from incident_lint.engine.definitions import Ref
from incident_lint.engine.fold import Fold, Folded, Lattice
from incident_lint.engine.project import Project
from incident_lint.engine.values import Values
from incident_lint.knowledge.paths import Path as ApiPath
from incident_lint.knowledge.paths import render
from incident_lint.model.source import Source

_FOLDER = Path(__file__).with_name("spikes") / "boundedness"
_OUTSIDE = ("api.outside()", "api.outside_async()", "api.number()", "api.request")
_FEW = ("api.request.method",)
_KEEPS = re.compile(r"(str|int|repr|hash|len|abs|format|sorted|min|max)\(\)|str\(\)\.\w+\(\)")
_NAMES = ("bounded", "unknown", "unbounded")


class Boundedness(Lattice[int]):
    """0: a handful of values; 1: nobody can tell; 2: as many as outsiders like."""

    bottom = finite = 0
    unknown = 1

    def join(self, one: int, other: int) -> int:
        return max(one, other)

    def constant(self, text: str) -> int:
        return 0

    def operation(self, op: str, text: str, parts: Sequence[int]) -> int:
        return max(parts, default=0)

    def library(self, path: ApiPath, parts: Sequence[int], ref: Ref) -> int | None:
        text = render(path)
        if text in _FEW:
            return 0
        if text.startswith(_OUTSIDE):
            return 2
        return max(parts, default=0) if _KEEPS.fullmatch(text) else None


def cases() -> Iterator[Any]:
    for file in sorted(_FOLDER.glob("*.txt")):
        for text in file.read_text("utf-8").split("\n== ")[1:]:
            title, _, body = text.partition("\n")
            yield pytest.param(body, id=f"{file.stem}: {title.strip()}")


def write(body: str, folder: Path) -> dict[int, str]:
    """Lay out the files of a case; what is expected in `app.py`, by line."""
    expected = {}
    for text in re.split(r"^# file: ", body, flags=re.MULTILINE)[1:]:
        name, _, code = text.partition("\n")
        (folder / name.strip()).write_text(code, "utf-8")
        for number, line in enumerate(code.splitlines(), 1):
            if "#! " in line:
                expected[number] = line.partition("#! ")[2].strip()
    return expected


@pytest.mark.parametrize("body", list(cases()))
def test_case(body: str, tmp_path: Path) -> None:
    expected = write(body, tmp_path)
    assert expected
    for order in (1, -1):  # what was asked before must not matter
        project = Project(cwd=tmp_path)
        fold = Fold(project, Bodies(project), Values(project), Boundedness())
        module = project.add(Source.from_bytes("app.py", (tmp_path / "app.py").read_bytes()))
        found = {}
        labels = [
            (value.at, Ref(module.name, index, value.args[1]), call)
            for index, function in enumerate(module.facts.functions)
            for call, value in enumerate(function.values)
            if value.op == "call" and function.values[value.args[0]].text == "label"
        ]
        for at, ref, call in labels[::order]:
            assert at is not None
            found[at.line] = show(fold.fold_at(ref, call))
        assert found == expected


def show(folded: Folded[int]) -> str:
    name = _NAMES[folded.element]
    return f"{name}: {folded.cause}" if name == "unknown" else name


def test_the_steps_lead_from_the_outside_to_the_label(tmp_path: Path) -> None:
    (tmp_path / "names.py").write_text("def name(text):\n    return f'mail.{text}'\n", "utf-8")
    code = (
        "from api import label, request\n"
        "from names import name\n"
        "def send(kind):\n"
        "    label(name(kind))\n"
        "send('mail')\n"
        "send(request.path)\n"
    )
    project = Project(cwd=tmp_path)
    fold = Fold(project, Bodies(project), Values(project), Boundedness())
    module = project.add(Source(str(tmp_path / "app.py"), code))
    send = module.facts.functions[1]
    (label,) = [v.args[1] for v in send.values if v.op == "call" and len(v.args) == 2][1:]
    found = fold.fold(Ref(module.name, 1, label))
    assert [(Path(step.path).name, step.span.line, step.message) for step in found.steps] == [
        ("app.py", 6, "`api.request.path`"),
        ("app.py", 6, "passed as `kind`"),
        ("app.py", 4, "`name()` gives it"),
    ]


# the judge


@pytest.mark.parametrize("body", [case for case in cases() if "def main" in case.values[0]])
def test_python_agrees(body: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = write(body, tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setitem(sys.modules, "api", types.ModuleType("api"))
    before = set(sys.modules)
    seen: dict[int, set[str]] = defaultdict(set)
    world = _world(seen)
    sys.modules["api"].__dict__.update(world)
    space: dict[str, Any] = {"__name__": "app"}
    exec(compile((tmp_path / "app.py").read_text("utf-8"), "app.py", "exec"), space)
    for _ in range(200):
        world["request"].renew()
        try:
            result = space["main"]()
            if asyncio.iscoroutine(result):
                asyncio.run(_awaited(result))
        except (KeyError, ValueError, AssertionError):
            continue
    for name in set(sys.modules) - before:
        del sys.modules[name]
    assert seen
    for line, values in seen.items():
        if expected[line] == "bounded":
            assert len(values) <= 12, line
        elif expected[line] == "unbounded":
            assert len(values) >= 40, line


def _world(seen: dict[int, set[str]]) -> dict[str, Any]:
    """What the cases import; an outside value is a new one each time, or one the cases know."""
    chance = Random(0)

    def outside() -> str:
        if chance.random() < 0.3:
            return f"path-{chance.randrange(4)}"
        return f"path-{chance.randrange(10**6)}" + "-" * chance.choice((0, chance.randrange(500)))

    async def outside_async() -> str:
        return outside()

    class Request:
        method = "GET"

        def renew(self) -> None:
            self.path = f"/{chance.choice((chance.randrange(4), chance.randrange(10**6)))}"

        @property
        def args(self) -> Any:
            return _Anything(outside)

    def label(value: object) -> None:
        seen[sys._getframe(1).f_lineno].add(str(value))

    return {
        "outside": outside,
        "outside_async": outside_async,
        "number": lambda: chance.randrange(10**6),
        "request": Request(),
        "label": label,
        "allowed": {"path-1"},
        "classify": lambda text: text[:2],
        "traced": lambda function: function,
    }


class _Anything(dict[str, str]):
    """A mapping that has every key, as an outsider's may."""

    def __init__(self, make: Any) -> None:
        super().__init__()
        self.make = make

    def __contains__(self, key: object) -> bool:
        return True

    def __missing__(self, key: str) -> str:
        return str(self.make())

    def get(self, key: str, default: Any = None) -> Any:
        return self[key]


async def _awaited(coroutine: Any) -> Any:
    return await coroutine
