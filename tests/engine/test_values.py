"""What the argument of `show(...)` is: what annotations, decorators and calls make of values."""

from pathlib import Path
from typing import Any

import pytest

from incident_lint.engine.definitions import Ref
from incident_lint.engine.names import Names
from incident_lint.engine.project import Module, Project
from incident_lint.engine.thing import Api, ClassThing, Instance, Made, Thing, Things
from incident_lint.engine.values import Values
from incident_lint.knowledge.paths import render
from incident_lint.model.source import Source

_BEFORE = """
from __future__ import annotations
from typing import Annotated, ClassVar, Optional, Self, Type, Union, cast
import contextlib, httpx
class Box:
    held: Optional[Box]
    kind: ClassVar[type[Box]]
    def fill(self) -> Self: ...
    @property
    def inner(self): return Box()
    @classmethod
    def make(cls): return cls()
class Crate(Box):
    def up(self): return super().fill
def give(): return Box()
def later() -> "Box | None": ...
def log(f):
    def logged(*args): return f(*args)
    return logged
@log
def wrapped(): return Box()
@contextlib.contextmanager
def opened(): yield Box()
"""
_CASES = {
    "def f(x: Optional[Box]): show(x)": "Box()",
    "def f(x: Box | None): show(x)": "Box()",
    "def f(x: Union[Box, httpx.Client]): show(x)": "Box() | httpx.Client()",
    "def f(x: Annotated[Box, 1]): show(x)": "Box()",
    "def f(x: 'Box'): show(x)": "Box()",
    "def f(x: type[Box]): show(x)": "Box",
    "def f(x: Type[Box]): show(x())": "Box()",
    "def f(x: type[httpx.Client]): show(x())": "httpx.Client()",
    "def f(x: list[Box]): show(x)": "list()",
    "show(cast(Box, 1))": "Box()",
    "show(later())": "Box()",
    "show(Box().fill())": "Box()",
    "show(Box().held)": "Box()",
    "show(Box().kind())": "Box()",
    "show(Box().inner)": "Box()",
    "show(Box.make())": "Box()",
    "show(give())": "Box()",
    "show([Box()][0])": "Box()",
    "for x in list({1: Box()}.values()): show(x)": "Box()",
    "for x in {Box: 1}: show(x)": "Box",
    "show(list({Box: 1})[0])": "Box",
    "show({**{'a': Box()}}['a'])": "Box()",
    "show([*(Box(),)][0])": "Box()",
    "show(wrapped())": "Box()",
    "with opened() as x: show(x)": "Box()",
    "show(httpx.Client().get('/'))": 'httpx.Client().get("/")',
    "show(Crate().up())": "fill",
}


@pytest.mark.parametrize("code", _CASES)
def test_values(tmp_path: Path, code: str) -> None:
    project = Project(cwd=tmp_path)
    module = project.add(Source("a.py", f"{_BEFORE}{code}\n"))
    (shown,) = [
        Ref(module.name, index, value.args[1])
        for index, function in enumerate(module.facts.functions)
        for value in function.values
        if value.op == "call" and function.values[value.args[0]].text == "show"
    ]
    things = project.travel.values.describe(shown)
    assert " | ".join(_named(thing, module) for thing in things) == _CASES[code]


def _named(thing: Thing, module: Module) -> str:
    if isinstance(thing, (ClassThing, Instance)):
        name = module.facts.classes[thing.ref.index].name
        return f"{name}()" if isinstance(thing, Instance) else name
    if isinstance(thing, Made):
        return module.facts.functions[thing.function.index].name
    return render(thing.path) if isinstance(thing, Api) else str(thing)


def test_functions_that_call_each_other_in_many_ways_are_looked_into_once_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"f{number}" for number in range(14)]
    ways = "".join(f"    if x == {place}: return {name}(x)\n" for place, name in enumerate(names))
    text = "".join(f"def {name}(x):\n{ways}    return Box()\n" for name in names)
    project = Project(cwd=tmp_path)
    module = project.add(Source("a.py", f"class Box: ...\n{text}show(f0(1))\n"))
    steps = 0
    describe = Values._described

    def counted(self: Values, ref: Ref) -> Things:
        nonlocal steps
        steps += 1
        assert steps < 20_000
        return describe(self, ref)

    monkeypatch.setattr(Values, "_described", counted)
    function = module.facts.functions[0]
    call = next(i for i, value in enumerate(function.values) if value.op == "call")
    found = project.travel.values.describe(Ref(module.name, 0, call))
    assert any(isinstance(thing, Instance) for thing in found)


def test_a_field_that_methods_make_of_itself_is_looked_into_a_few_times(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    methods = "".join(
        f"    def m{number}(self): self.image = self.image.turn({number})\n" for number in range(24)
    )
    text = f"class Engine:\n    def __init__(self): self.image = open('x')\n{methods}"
    project = Project(cwd=tmp_path)
    module = project.add(Source("a.py", text))
    steps = 0
    describe = Values._described

    def counted(self: Values, ref: Ref) -> Things:
        nonlocal steps
        steps += 1
        assert steps < 2_000
        return describe(self, ref)

    monkeypatch.setattr(Values, "_described", counted)
    index, function = next(
        (index, function)
        for index, function in enumerate(module.facts.functions)
        if function.name == "m7"
    )
    call = next(i for i, value in enumerate(function.values) if value.op == "call")
    assert project.travel.values.describe(Ref(module.name, index, call))


def test_containers_that_may_be_many_others_are_looked_into_once_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = "".join(f"    if x == {n}:\n        rows = rows[0]\n" for n in range(30))
    text = f"class Box: ...\ndef f(x):\n    rows = [[[Box()]]]\n{opened}    show(rows[0])\n"
    project = Project(cwd=tmp_path)
    module = project.add(Source("a.py", text))
    steps = 0
    resolve = Names.resolve

    def counted(self: Names, *place: Any) -> Any:
        nonlocal steps
        steps += 1
        assert steps < 20_000
        return resolve(self, *place)

    monkeypatch.setattr(Names, "resolve", counted)
    function = module.facts.functions[1]
    shown = next(v.args[1] for v in function.values if v.op == "call" and len(v.args) == 2)
    found = project.travel.values.describe(Ref(module.name, 1, shown))
    assert any(isinstance(thing, Instance) for thing in found)
