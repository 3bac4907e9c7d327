"""`why FILE:LINE` tells what a line was taken for."""

from __future__ import annotations

from pathlib import Path

import pytest

from incident_lint.hosts import cli

TEXT = """\
import collections
import json
import acme
from helpers import add, gone


class Box:
    def put(self, x=[]):
        x.append(1)


def f(made=collections.OrderedDict(), *, b=[]):  # noqa: INC102
    add(b, 1)
    Box().put()
    return acme.Client().charge(made), json.loads(b), gone.x


def g(thing):
    thing.go()
    thing = [
        1,
    ]
"""


class Why:
    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.capsys = capsys

    def __call__(self, place: str) -> tuple[int, str, str]:
        status = cli.main(["why", place])
        return status, *self.capsys.readouterr()

    def line(self, containing: str) -> str:
        number = next(n for n, text in enumerate(TEXT.splitlines(), 1) if containing in text)
        status, out, err = self(f"a.py:{number}")
        assert (status, err) == (0, "")
        return out


@pytest.fixture
def why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Why:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.py").write_text(TEXT)
    (tmp_path / "helpers.py").write_text("def add(b, a):\n    b.append(a)\n")
    (tmp_path / "acme.toml").write_text(
        '[[api]]\nrole = "reads"\npaths = ["acme.Client().charge()"]\n'
    )
    (tmp_path / "pyproject.toml").write_text('[tool.incident-lint]\ncatalogue = ["acme.toml"]\n')
    return Why(capsys)


def test_an_api_path_with_its_rows_and_their_files(why: Why) -> None:
    out = why.line("made=")
    assert "\n  12: collections.OrderedDict()\n    collections.OrderedDict()\n" in out
    assert "mutable-constructor" in out
    assert "rules/shared_defaults/" in out


def test_a_row_of_the_user(why: Why) -> None:
    assert "reads: acme.Client().charge() in acme.toml:3" in why.line("acme.Client()")


def test_a_path_that_no_row_knows(why: Why) -> None:
    out = why.line("import json")
    assert "json\n      no row speaks of it" in out


def test_a_project_function_and_class(why: Why) -> None:
    assert "calls function helpers.add (helpers.py:1)" in why.line("add(b, 1)")
    assert "calls function a.Box.put (a.py:8)" in why.line("Box().put()")


def test_what_is_not_known_has_a_cause(why: Why) -> None:
    assert "thing.go()\n    don't know: a parameter without annotation" in why.line("thing.go()")
    assert "gone.x\n    don't know: `helpers` does not define `gone`" in why.line("gone.x")


def test_an_expression_of_many_lines(why: Why) -> None:
    assert "13: [ ...\n    list()" in why.line("thing = [")


def test_findings_are_told_whatever_hides_them(why: Why) -> None:
    out = why.line("made=")
    assert "INC102 mutable-default (proved, hidden by a comment (noqa))" in out
    assert "INC101 mutable-default-leaks (proved)" in out
    assert "helpers.py:2:5: " in out


@pytest.mark.parametrize("line", ["5", "999"])
def test_a_line_with_nothing(why: Why, line: str) -> None:
    status, out, err = why(f"a.py:{line}")
    assert (status, err) == (0, "")
    assert "nothing here" in out


def test_a_file_that_cannot_be_told_about_is_one_line(why: Why) -> None:
    Path("bad.py").write_text("x = 1\n(\n")
    for name, word in (("bad.py", "bad.py:2"), ("gone.py", "no such file")):
        status, out, err = why(f"{name}:1")
        assert (status, out) == (2, "")
        assert err.startswith("incident-lint: ")
        assert err.count("\n") == 1
        assert word in err
