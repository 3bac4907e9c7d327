"""The pylint plugin, with a rule that needs no engine; whole runs are in test_equality.py."""

from __future__ import annotations

from pathlib import Path

import pytest
from pylint.lint import PyLinter, Run
from pylint.message import Message
from pylint.reporters import CollectingReporter

from incident_lint.hosts import embedded
from incident_lint.hosts.pylint import IncidentLintChecker
from incident_lint.knowledge import rules

pytestmark = pytest.mark.usefixtures("fake_rule")

OURS = "--disable=all", "--enable=W7601,W7602,W7611,R7612"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "pyproject.toml").write_text("[tool.incident-lint]\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def configure(folder: Path, text: str) -> None:
    (folder / "pyproject.toml").write_text(f"[tool.incident-lint]\n{text}\n")


def run(text: str, *options: str) -> list[Message]:
    Path("a.py").write_text(text, encoding="utf-8")
    reporter = CollectingReporter()
    fixed = ["--rcfile=", "--persistent=n", "--load-plugins=incident_lint.pylint"]
    Run([*fixed, *options, "a.py"], reporter=reporter, exit=False)
    return reporter.messages


def symbols(text: str, *options: str) -> list[str]:
    return [message.symbol for message in run(text, *options)]


def test_a_finding_is_a_message_with_its_whole_place() -> None:
    (message,) = run("a = 1\né = []\n", *OURS)
    assert (message.msg_id, message.symbol, message.msg) == (
        "R7612",
        "mutable-default",
        "first second",
    )
    place = (message.line, message.column, message.end_line, message.end_column)
    assert place == (2, 4, 2, 6)
    assert message.confidence.name == "HIGH"


def test_every_code_has_a_message_that_pylint_takes() -> None:
    checker = IncidentLintChecker(PyLinter())
    checker.check_consistency()
    assert {message.symbol for message in checker.messages} == {
        code.symbol for code in rules.codes().values()
    }
    others = PyLinter()
    others.load_default_plugins()
    assert not [message for message in others.msgs_store.messages if message.msgid[1:3] == "76"]


class TestSelection:
    def test_off_by_default(self) -> None:
        assert "default-as-cache" not in symbols("cache = []\n")

    @pytest.mark.parametrize("name", ["default-as-cache", "R7615", "incident-lint"])
    def test_enabled(self, name: str) -> None:
        assert symbols("cache = []\n", "--disable=all", f"--enable={name}") == ["default-as-cache"]

    def test_the_configuration_switches_on(self, folder: Path) -> None:
        configure(folder, 'extend-select = ["INC105"]')
        assert "default-as-cache" in symbols("cache = []\n")

    def test_what_the_user_disables_stays_off(self, folder: Path) -> None:
        configure(folder, 'extend-select = ["INC105"]')
        assert "default-as-cache" not in symbols("cache = []\n", "--disable=default-as-cache")
        assert symbols("cache = []\n", "--disable=all", "--enable=unused-import") == []

    def test_the_configuration_narrows(self, folder: Path) -> None:
        configure(folder, 'ignore = ["INC102"]')
        assert symbols("x = []\nleak = []\n", *OURS) == ["mutable-default-leaks"]

    def test_confidence(self, folder: Path) -> None:
        configure(folder, 'min-confidence = "suspected"')
        (message,) = run("maybe = []\n", *OURS)
        assert message.confidence.name == "INFERENCE"
        assert run("maybe = []\n", *OURS, "--confidence=HIGH") == []

    def test_suspected_is_hidden_by_default(self) -> None:
        assert run("maybe = []\n", *OURS) == []


class TestComments:
    useless = (*OURS, "--enable=useless-suppression")

    def test_a_comment_of_pylint_is_of_use(self) -> None:
        assert symbols("x = []  # pylint: disable=mutable-default\n", *self.useless) == []

    def test_a_useless_one_is_told_by_pylint(self) -> None:
        text = "x = 1  # pylint: disable=mutable-default\n"
        assert symbols(text, *self.useless) == ["useless-suppression"]

    @pytest.mark.parametrize("comment", ["# noqa: INC102", "# incident-lint: ignore[INC102]"])
    def test_the_comments_of_others_hide(self, comment: str) -> None:
        assert symbols(f"x = []  {comment}\n", *OURS) == []

    def test_an_unused_one_of_ours_is_told(self) -> None:
        text = "x = 1  # incident-lint: ignore[INC102]\n"
        assert symbols(text, *OURS) == ["unused-suppression"]


class TestFaults:
    def test_of_a_rule(self) -> None:
        (message,) = run("x = []\nboom = 1\n", *OURS)
        assert message.symbol == "cannot-check"
        assert "RuntimeError: two lines" in message.msg

    def test_of_the_engine(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(*_: object) -> None:
            raise RecursionError

        monkeypatch.setattr(embedded, "project_for", fail)
        (message,) = run("x = []\n", *OURS)
        assert "RecursionError" in message.msg

    def test_of_the_configuration(self, folder: Path) -> None:
        configure(folder, 'selct = ["INC101"]')
        (message,) = run("x = []\n", *OURS)
        assert message.symbol == "cannot-check"
        assert "did you mean 'select'" in message.msg


def test_other_encodings(folder: Path) -> None:
    (folder / "b.py").write_bytes("# coding: latin-1\né = []\n".encode("latin-1"))
    reporter = CollectingReporter()
    options = ["--rcfile=", "--load-plugins=incident_lint.pylint", *OURS, "b.py"]
    Run(options, reporter=reporter, exit=False)
    assert [(message.symbol, message.column) for message in reporter.messages] == [
        ("mutable-default", 4)
    ]
