"""The flake8 plugin, with a rule that needs no engine; whole runs are in test_equality.py."""

from __future__ import annotations

import argparse
import ast
import subprocess
import sys
from pathlib import Path

import pytest

from incident_lint.hosts import embedded
from incident_lint.hosts.flake8 import Plugin

pytestmark = pytest.mark.usefixtures("fake_rule")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "pyproject.toml").write_text("[tool.incident-lint]\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def configure(folder: Path, text: str) -> None:
    (folder / "pyproject.toml").write_text(f"[tool.incident-lint]\n{text}\n")


def run(
    text: str,
    name: str = "a.py",
    select: list[str] | None = None,
    extend_select: list[str] | None = None,
    filenames: tuple[str, ...] = (),
) -> list[tuple[int, int, str]]:
    options = argparse.Namespace(
        select=select, extend_select=extend_select, filenames=list(filenames or (name,))
    )
    plugin = Plugin(ast.Module([], []), name, text.splitlines(keepends=True), options)
    return [(line, column, message) for line, column, message, _ in plugin.run()]


def codes(*args: object, **kwargs: object) -> list[str]:
    return [message.split()[0] for _, _, message in run(*args, **kwargs)]  # type: ignore[arg-type]


def test_a_finding_is_one_line_at_a_column_of_characters() -> None:
    assert run("a = 1\né = []\n") == [(2, 4, "INC102 first second")]


def test_the_lines_count_and_not_the_file(folder: Path) -> None:
    (folder / "a.py").write_text("leak = []\n")
    assert codes("x = []\n") == ["INC102"]


def test_text_from_stdin_has_no_file() -> None:
    assert codes("x = []\n", name="stdin") == ["INC102"]


class TestSelection:
    def test_off_by_default(self) -> None:
        assert codes("cache = []\n") == []

    @pytest.mark.parametrize("select", [["INC"], ["INC1"], ["INC10"], ["I"]])
    def test_a_prefix_does_not_switch_on(self, select: list[str]) -> None:
        assert codes("cache = []\n", select=select) == []
        assert codes("cache = []\n", extend_select=select) == []

    def test_a_full_code_does(self) -> None:
        assert codes("cache = []\n", select=["E501", "INC105"]) == ["INC105"]
        assert codes("cache = []\n", extend_select=["INC105"]) == ["INC105"]

    def test_the_configuration_does(self, folder: Path) -> None:
        configure(folder, 'extend-select = ["default-as-cache"]')
        assert codes("cache = []\n") == ["INC105"]

    def test_the_configuration_narrows(self, folder: Path) -> None:
        configure(folder, 'select = ["INC101"]')
        assert codes("x = []\nleak = []\n") == ["INC101"]

    def test_suspected_is_hidden_by_default(self) -> None:
        assert codes("maybe = []\n") == []

    def test_confidence(self, folder: Path) -> None:
        configure(folder, 'min-confidence = "suspected"')
        assert codes("maybe = []\n") == ["INC102"]

    def test_excluded_below_a_named_folder_but_not_if_named(self, folder: Path) -> None:
        configure(folder, 'extend-exclude = ["generated"]')
        assert codes("x = []\n", name="./generated/a.py", filenames=(".",)) == []
        assert codes("x = []\n", name="generated/a.py", filenames=("generated",)) == ["INC102"]
        assert codes("x = []\n", name="generated/a.py") == ["INC102"]


class TestComments:
    def test_what_noqa_hides_is_left_to_flake8(self) -> None:
        assert codes("x = []  # noqa: INC102\n") == ["INC102"]

    @pytest.mark.parametrize(
        "comment",
        [
            "# incident-lint: ignore[INC102]",
            "# pylint: disable=mutable-default",
            "# incident-lint: ignore[INC102]  # noqa",
        ],
    )
    def test_what_others_hide_is_hidden(self, comment: str) -> None:
        assert codes(f"x = []  {comment}\n") == []

    def test_an_unused_one_is_told(self) -> None:
        assert codes("x = 1  # incident-lint: ignore[INC102]\n") == ["INC001"]


class TestFaults:
    def test_of_a_rule(self) -> None:
        ((line, column, message),) = run("x = []\nboom\n")
        assert (line, column) == (1, 0)
        assert message.startswith("INC002 internal error while looking for shared")
        assert "RuntimeError: two lines" in message

    @pytest.mark.parametrize("error", [RecursionError, MemoryError, ValueError])
    def test_of_the_engine(self, error: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(*_: object) -> None:
            raise error

        monkeypatch.setattr(embedded, "project_for", fail)
        ((_, _, message),) = run("x = []\n")
        assert message.startswith("INC002 internal error")
        assert error.__name__ in message

    def test_of_the_configuration(self, folder: Path) -> None:
        configure(folder, 'selct = ["INC101"]')
        ((_, _, message),) = run("x = []\n")
        assert message.startswith("INC002 cannot check: pyproject.toml: unknown key 'selct'")
        assert "did you mean 'select'" in message

    def test_of_the_catalogue(self, folder: Path) -> None:
        (folder / "rows.toml").write_text("[[api]]\nrole = 'no-such-role'\n")
        configure(folder, 'catalogue = ["rows.toml"]')
        ((_, _, message),) = run("x = []\n")
        assert message.startswith("INC002 cannot check: ")
        assert "rows.toml" in message


def test_nothing_heavy_is_imported_with_the_plugin() -> None:
    program = "import sys, incident_lint.hosts.flake8; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout.split()
    assert "incident_lint.hosts.flake8" in loaded
    assert not {"libcst", "pygls", "astroid", "pylint"} & set(loaded)


CACHE_AND_NOQA = """\
def size(key, _cache={}):
    if key not in _cache:
        _cache[key] = len(key)
    return _cache[key]


def count(names=[]):  # noqa: INC102
    return len(names)
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--select=INC"], []),
        (["--ignore=E501"], []),
        (["--extend-select=INC105"], ["INC105"]),
        (["--disable-noqa"], ["INC102"]),
    ],
)
def test_options_of_flake8_itself(folder: Path, options: list[str], expected: list[str]) -> None:
    (folder / "a.py").write_text(CACHE_AND_NOQA)
    command = [sys.executable, "-m", "flake8", "--isolated", "--format=%(code)s", *options, "a.py"]
    output = subprocess.run(command, capture_output=True, text=True).stdout
    assert output.split() == expected
