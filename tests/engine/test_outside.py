"""`engine/outside.py` and `engine/entry_points.py`: values that somebody outside may choose.

What `spikes/outside` expects of each argument of `show()` is written beside it.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from incident_lint.engine.definitions import Ref
from incident_lint.engine.outside import question
from incident_lint.engine.project import Module, Project
from incident_lint.model.facts import Value
from incident_lint.model.source import Source

_FOLDER = Path(__file__).with_name("spikes") / "outside"


def cases(folder: Path) -> Iterator[Any]:
    """The cases of a folder of spikes."""
    for file in sorted(folder.glob("*.txt")):
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


def shown(module: Module) -> Iterator[tuple[Value, Ref, int]]:
    """The calls of `show`, what they are given, and their numbers."""
    for index, function in enumerate(module.facts.functions):
        for call, value in enumerate(function.values):
            if value.op == "call" and function.values[value.args[0]].text == "show":
                if function.values[value.args[0]].op == "builtin":
                    yield value, Ref(module.name, index, value.args[1]), call


@pytest.mark.parametrize("body", list(cases(_FOLDER)))
def test_case(body: str, tmp_path: Path) -> None:
    expected = write(body, tmp_path)
    assert expected
    for order in (1, -1):  # what was asked before must not matter
        project = Project(cwd=tmp_path)
        module = project.add(Source.from_bytes("app.py", (tmp_path / "app.py").read_bytes()))
        asked = question(project)
        encoded = question(project, "query")
        found = {}
        for value, ref, call in list(shown(module))[::order]:
            assert value.at is not None
            fold = encoded if "UUID" in body else asked
            found[value.at.line] = fold.fold_at(ref, call).element.name.lower()
        assert found == expected
