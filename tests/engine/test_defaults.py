"""Which classes' objects are mutable defaults: not those that are frozen, by whatever spelling."""

from pathlib import Path

import pytest

from incident_lint.engine.defaults import Defaults
from incident_lint.engine.definitions import FunctionRef
from incident_lint.engine.project import Project
from incident_lint.model.source import Source

_FROZEN = {
    "a dataclass": "@dataclasses.dataclass(frozen=True)\nclass C:\n    x: int = 0",
    "a subclass of one": (
        "@dataclasses.dataclass(frozen=True)\nclass B:\n    x: int = 0\nclass C(B): pass"
    ),
    "attrs": "@attrs.frozen\nclass C:\n    x: int = 0",
    "attrs, called": "@attrs.frozen(slots=True)\nclass C:\n    x: int = 0",
    "attrs, told so": "@attrs.define(frozen=True)\nclass C:\n    x: int = 0",
    "attrs, annotated": "@attr.dataclass(frozen=True)\nclass C:\n    x: int = 0",
    "a base that is told so": (
        "class C(msgspec.Struct, frozen=True):\n    def m(self):\n        self.x = 1"
    ),
    "an enumeration": "class C(enum.Enum):\n    def m(self):\n        self.x = 1",
}


def _nouns(folder: Path, code: str) -> list[str]:
    text = f"import attr, attrs, dataclasses, enum, msgspec\n{code}\ndef f(p=C()): pass\n"
    project = Project(cwd=folder)
    module = project.add(Source("a.py", text))
    (index,) = [i for i, f in enumerate(module.facts.functions) if f.name == "f"]
    param = module.facts.functions[index].params[0]
    return [
        default.noun for default in Defaults(project).of(FunctionRef(module.name, index), param)
    ]


@pytest.mark.parametrize("code", _FROZEN.values(), ids=_FROZEN)
def test_what_is_frozen_is_no_mutable_default(tmp_path: Path, code: str) -> None:
    assert _nouns(tmp_path, code) == []


@pytest.mark.parametrize("code", _FROZEN.values(), ids=_FROZEN)
def test_the_same_without_freezing_is_one(tmp_path: Path, code: str) -> None:
    thawed = code.replace("(frozen=True)", "()").replace(", frozen=True", "")
    thawed = thawed.replace("attrs.frozen", "attrs.define").replace("enum.Enum", "object")
    assert thawed != code
    assert _nouns(tmp_path, thawed) == ["`C` object"]
