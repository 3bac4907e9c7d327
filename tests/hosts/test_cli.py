"""The command line: what is checked, printed and returned. The rules are stand-ins here: a line
with `LEAK` is an INC101, one with `READ` an INC102, one with `GUESS` a suspected INC101."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import incident_lint
from incident_lint.engine.finding import Confidence, Finding, Tally
from incident_lint.hosts import cli, work
from incident_lint.model.source import Span

SRC = Path(incident_lint.__file__).parents[1]
WORDS: tuple[tuple[str, str, Confidence], ...] = (
    ("LEAK", "INC101", "proved"),
    ("READ", "INC102", "proved"),
    ("GUESS", "INC101", "suspected"),
)


class WordFamily(NamedTuple):
    """Reports words, so that a test of the command line needs no rule."""

    name: str = "shared_defaults"
    codes: tuple[str, ...] = ("INC101", "INC102", "INC105")

    def check(self, module: Any, project: Any, tally: Tally) -> Iterator[Finding]:
        for number, line in enumerate(module.source.lines, 1):
            for word, code, confidence in WORDS:
                start = line.find(word) + 1
                if start:
                    tally.judge(self.name)
                    span = Span(number, start, number, start + len(word))
                    yield Finding(code, module.path, span, f"the word {word}", confidence)


class Run(NamedTuple):
    status: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        found = json.loads(self.out)
        assert isinstance(found, list)
        return found


class Lint:
    """Runs the command line in this process, in a folder of its own."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.capsys = capsys

    def __call__(self, *arguments: str) -> Run:
        try:
            status = cli.main(arguments)
        except SystemExit as stop:  # --help
            status = stop.code if isinstance(stop.code, int) else 2
        return Run(status, *self.capsys.readouterr())

    def json(self, *arguments: str) -> list[tuple[str, str, int]]:
        run = self("--output-format", "json", *arguments)
        assert run.err == ""
        return [(row["code"], row["path"], row["line"]) for row in run.rows]

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path


@pytest.fixture
def lint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Lint:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(work, "FAMILIES", (WordFamily(),))
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    return Lint(tmp_path, capsys)


def assert_one_line(run: Run, *words: str) -> None:
    """A wrong call: status 2, one line on stderr, nothing on stdout."""
    assert run.status == 2
    assert run.out == ""
    assert run.err.startswith("incident-lint: ")
    assert run.err.count("\n") == 1
    for word in words:
        assert word in run.err


def test_status_0_without_and_1_with_findings(lint: Lint) -> None:
    lint.write("a.py", "x = 1\n")
    assert lint("a.py").status == 0
    lint.write("a.py", "LEAK = 1\n")
    assert lint("a.py").status == 1
    assert lint("--exit-zero", "a.py").status == 0


def test_check_is_implied_and_so_is_the_working_directory(lint: Lint) -> None:
    lint.write("pkg/a.py", "LEAK = 1\n")
    expected = [("INC101", "pkg/a.py", 1)]
    assert lint.json("pkg") == expected
    assert lint.json() == expected
    run = lint("check", "pkg", "--output-format=json")
    assert [row["path"] for row in run.rows] == ["pkg/a.py"]


def test_options_may_stand_between_paths(lint: Lint) -> None:
    lint.write("a.py", "LEAK = 1\n")
    lint.write("b.py", "LEAK = 1\n")
    assert len(lint.json("a.py", "--select", "INC1", "b.py")) == 2


def test_json_is_sorted_by_path_line_column_code(lint: Lint) -> None:
    lint.write("b.py", "x = 1\nREAD = LEAK\n")
    lint.write("a.py", "LEAK = 1\n")
    assert lint.json("b.py", "a.py") == [
        ("INC101", "a.py", 1),
        ("INC102", "b.py", 2),
        ("INC101", "b.py", 2),
    ]


def test_paths_are_relative_to_the_working_directory(
    lint: Lint, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = lint.write("pkg/a.py", "LEAK = 1\n")
    assert lint.json(str(path)) == [("INC101", "pkg/a.py", 1)]
    lint.write("other/x", "")
    monkeypatch.chdir(lint.folder / "other")
    assert lint.json(str(path)) == [("INC101", "../pkg/a.py", 1)]


def test_concise(lint: Lint) -> None:
    lint.write("a.py", "x = LEAK\n")
    first, last = lint("--output-format", "concise", "a.py").out.splitlines()
    assert first == "a.py:1:5: INC101 mutable-default-leaks: the word LEAK"
    assert last.startswith("1 finding in 1 file; recognised: ")


def test_full_shows_at_most_20_and_then_counts_by_code(lint: Lint) -> None:
    lint.write("a.py", "READ = 1\n" * 15 + "LEAK = 1\n" * 10)
    out = lint("a.py").out
    assert out.count(": INC1") == 20
    assert out.index(": INC101") < out.index(": INC102")
    assert "5 more are not shown" in out
    assert "15 INC102" in out
    assert out.splitlines()[-1].startswith("25 findings in 1 file; ")
    everything = lint("--all", "a.py").out
    assert everything.count(": INC1") == 25
    assert "not shown" not in everything


@pytest.mark.parametrize("style", ["concise", "json"])
def test_concise_and_json_show_all(lint: Lint, style: str) -> None:
    lint.write("a.py", "LEAK = 1\n" * 25)
    assert lint("--output-format", style, "a.py").out.count("INC101") == 25


def test_colours_are_for_terminals_and_no_color_wins(
    lint: Lint, monkeypatch: pytest.MonkeyPatch
) -> None:
    lint.write("a.py", "LEAK = 1\n")
    assert "\x1b" not in lint("a.py").out
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b" in lint("a.py").out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in lint("a.py").out


def test_selection(lint: Lint) -> None:
    lint.write("a.py", "LEAK = 1\nREAD = 1\n")
    assert [row[0] for row in lint.json("--select", "INC102", "a.py")] == ["INC102"]
    assert [row[0] for row in lint.json("--ignore", "mutable-default", "a.py")] == ["INC101"]
    assert lint.json("--select=INC1", "--ignore=INC101,INC102", "a.py") == []


def test_min_confidence(lint: Lint) -> None:
    lint.write("a.py", "GUESS = 1\n")
    assert lint.json("a.py") == []
    assert lint.json("--min-confidence", "suspected", "a.py") == [("INC101", "a.py", 1)]


def test_suppressed_findings_are_absent_but_counted(lint: Lint) -> None:
    lint.write("a.py", "LEAK = 1  # incident-lint: ignore[INC101] a test\n")
    assert lint.json("a.py") == []
    assert "0 findings (1 suppressed) in 1 file; " in lint("a.py").out


def test_an_unused_suppression_alone_is_status_1(lint: Lint) -> None:
    lint.write("a.py", "x = 1  # incident-lint: ignore[INC101] a test\n")
    assert lint.json("a.py") == [("INC001", "a.py", 1)]
    assert lint("a.py").status == 1


def test_statistics(lint: Lint) -> None:
    lint.write("a.py", "LEAK = 1\nREAD = 1\nREAD = 1\n")
    out = lint("--statistics", "a.py").out
    assert "2 INC102 mutable-default" in out
    assert "shared defaults: 3 sites judged" in out
    run = lint("--statistics", "--output-format", "json", "a.py")
    assert len(run.rows) == 3
    assert "shared defaults: 3 sites judged" in run.err


def test_configuration_of_the_nearest_pyproject(lint: Lint) -> None:
    lint.write("pyproject.toml", '[tool.incident-lint]\nignore = ["INC102"]\n')
    lint.write("pkg/pyproject.toml", '[tool.incident-lint]\nignore = ["INC101"]\n')
    lint.write("a.py", "LEAK = READ\n")
    lint.write("pkg/b.py", "LEAK = READ\n")
    assert lint.json() == [("INC101", "a.py", 1), ("INC102", "pkg/b.py", 1)]


def test_output_format_from_the_configuration(lint: Lint) -> None:
    lint.write("pyproject.toml", '[tool.incident-lint]\noutput-format = "concise"\n')
    lint.write("a.py", "LEAK = 1\n")
    assert lint("a.py").out.startswith("a.py:1:1: INC101 ")
    assert lint("--output-format", "json", "a.py").rows


def test_excludes(lint: Lint) -> None:
    lint.write("a.py", "LEAK = 1\n")
    lint.write("venv/b.py", "LEAK = 1\n")
    lint.write("old/c.py", "LEAK = 1\n")

    def paths(*arguments: str) -> list[str]:
        return [row[1] for row in lint.json(*arguments)]

    assert paths() == ["a.py", "old/c.py"]
    assert paths("--exclude", "old") == ["a.py", "venv/b.py"]
    assert paths("--extend-exclude", "old,x") == ["a.py"]
    assert paths("--extend-exclude", "old", "old") == ["old/c.py"]
    assert paths("--extend-exclude", "old", "--force-exclude", "old", "old/c.py") == []


class Stdin:
    def __init__(self, text: str) -> None:
        self.buffer = io.BytesIO(text.encode())


def test_a_buffer_is_read_from_stdin(lint: Lint, monkeypatch: pytest.MonkeyPatch) -> None:
    lint.write("pkg/a.py", "x = 1\n")
    monkeypatch.setattr(sys, "stdin", Stdin("LEAK = 1\n"))
    assert lint.json("--stdin-filename", "pkg/a.py", "-") == [("INC101", "pkg/a.py", 1)]
    monkeypatch.setattr(sys, "stdin", Stdin("y = LEAK\n"))
    out = lint("--stdin-filename", "pkg/a.py", "-").out
    assert "1 | y = LEAK" in out


def test_a_buffer_has_the_settings_of_its_name(lint: Lint, monkeypatch: pytest.MonkeyPatch) -> None:
    lint.write("pkg/pyproject.toml", '[tool.incident-lint]\nignore = ["INC101"]\n')
    for name, count in (("pkg/new.py", 0), ("new.py", 1)):
        monkeypatch.setattr(sys, "stdin", Stdin("LEAK = 1\n"))
        assert len(lint.json("--stdin-filename", name, "-")) == count
    monkeypatch.setattr(sys, "stdin", Stdin("LEAK = 1\n"))
    assert lint.json("-") == [("INC101", "stdin", 1)]
    monkeypatch.setattr(sys, "stdin", Stdin("LEAK = 1\n"))
    assert lint.json("--force-exclude", "--exclude=pkg", "--stdin-filename=pkg/a.py", "-") == []


@pytest.mark.usefixtures("forked")
def test_jobs_do_not_change_the_result(lint: Lint) -> None:
    for number in range(20):
        lint.write(f"m{number}.py", "LEAK = 1\n" * (number % 3))
    alone = lint("--output-format", "json", "--jobs", "1")
    assert len(alone.rows) == 19
    assert lint("--output-format", "json", "--jobs", "2") == alone
    assert lint("--output-format", "concise", "--jobs", "2") == lint(
        "--output-format", "concise", "--jobs", "1"
    )


@pytest.mark.usefixtures("forked")
def test_a_process_that_dies_costs_its_file_only(
    lint: Lint, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Deadly(WordFamily):
        def check(self, module: Any, project: Any, tally: Tally) -> Iterator[Finding]:
            if "DIE" in module.source.text:
                os._exit(9)
            return super().check(module, project, tally)

    monkeypatch.setattr(work, "FAMILIES", (Deadly(),))
    for number in range(8):
        lint.write(f"m{number}.py", "DIE = 1\n" if number == 3 else "LEAK = 1\n")
    run = lint("--output-format", "json", "--jobs", "2")
    assert [row["code"] for row in run.rows] == ["INC101"] * 3 + ["INC002"] + ["INC101"] * 4
    assert run.status == 2
    assert run.err.count("\n") == 1


def test_a_fault_of_ours_is_status_2_and_the_others_are_still_checked(
    lint: Lint, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Faulty(WordFamily):
        def check(self, module: Any, project: Any, tally: Tally) -> Iterator[Finding]:
            if module.path == "a.py":
                raise KeyError("x")
            return super().check(module, project, tally)

    monkeypatch.setattr(work, "FAMILIES", (Faulty(),))
    lint.write("a.py", "LEAK = 1\n")
    lint.write("b.py", "LEAK = 1\n")
    run = lint("--output-format", "json", "--exit-zero")
    assert [(row["code"], row["path"]) for row in run.rows] == [
        ("INC002", "a.py"),
        ("INC101", "b.py"),
    ]
    assert run.status == 2


def test_a_missing_path_is_a_wrong_call(lint: Lint) -> None:
    assert_one_line(lint("gone.py"), "gone.py")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--selct", "INC1"), ("--selct", "--select")),
        (("--select", "INC999"), ("INC999",)),
        (("--select", "mutable-defalt"), ("mutable-defalt", "mutable-default")),
        (("--min-confidence", "prooved"), ("prooved", "proved")),
        (("--output-format", "xml"), ("xml", "json")),
        (("--jobs", "many"), ("many",)),
        (("--jobs", "0"), ("0",)),
        (("--exclude", "[z-a]"), ("[z-a]",)),
        (("--select",), ("--select",)),
        (("-", "a.py"), ("-",)),
        (("--stdin-filename", "a.py"), ("--stdin-filename",)),
        (("explain", "INC9"), ("INC9",)),
        (("explain", "mutable-defalt"), ("mutable-defalt", "mutable-default")),
        (("explain",), ("code",)),
        (("rules", "x"), ("x",)),
        (("why", "a.py"), ("a.py", "FILE:LINE")),
    ],
)
def test_a_wrong_call_is_one_line(
    lint: Lint, arguments: tuple[str, ...], words: tuple[str, ...]
) -> None:
    assert_one_line(lint(*arguments), *words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[tool.incident-lint\n", ("pyproject.toml",)),
        ("no toml at all =\n", ("pyproject.toml",)),
        ("[tool.incident-lint]\nselct = []\n", ("pyproject.toml", "selct", "select")),
        ('[tool.incident-lint]\nselect = ["INC9"]\n', ("pyproject.toml", "select", "INC9")),
        ('[tool.incident-lint]\ncatalogue = ["x.toml"]\n', ("pyproject.toml", "x.toml")),
    ],
)
def test_a_broken_configuration_is_one_line(lint: Lint, text: str, words: tuple[str, ...]) -> None:
    lint.write("pyproject.toml", text)
    lint.write("a.py", "LEAK = 1\n")
    assert_one_line(lint("a.py"), *words)


def test_a_broken_catalogue_is_one_line(lint: Lint) -> None:
    lint.write("pyproject.toml", '[tool.incident-lint]\ncatalogue = ["acme.toml"]\n')
    lint.write("acme.toml", '[[api]]\nrole = "mutable-constructr"\npaths = ["a.b"]\n')
    lint.write("a.py", "LEAK = 1\n")
    assert_one_line(lint("a.py"), "acme.toml", "mutable-constructor")


def test_a_rule_of_a_later_version_is_noted(lint: Lint) -> None:
    lint.write("a.py", "x = 1\n")
    run = lint("--select", "INC602", "a.py")
    assert run.status == 0
    assert "INC602" in run.err


def test_explain_prints_the_page_of_a_code_or_symbol(lint: Lint) -> None:
    run = lint("explain", "INC101")
    assert run.status == 0
    assert "mutable-default-leaks" in run.out
    assert lint("explain", "mutable-default-leaks") == run


def test_rules_lists_every_code(lint: Lint) -> None:
    out = lint("rules").out
    for code in ("INC001", "INC101", "INC105", "INC603"):
        assert out.count(f"  {code} ") == 1


def test_help(lint: Lint) -> None:
    run = lint("--help")
    assert run.status == 0
    assert "explain" in run.out
    assert "--min-confidence" in run.out


@pytest.mark.parametrize("arguments", [["--version"], ["explain", "INC101"], ["rules"]])
def test_nothing_heavy_is_imported_without_a_file_to_check(arguments: list[str]) -> None:
    code = (
        "import sys\n"
        "from incident_lint.hosts.cli import main\n"
        f"status = main({arguments!r})\n"
        "heavy = {'astroid', 'libcst', 'flake8', 'pylint', 'multiprocessing'}\n"
        "sys.exit(status or ', '.join(heavy & set(sys.modules)) or 0)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(SRC)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip()


def test_the_module_can_be_run_and_a_reader_that_leaves_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\n")
    process = subprocess.Popen(
        [sys.executable, "-m", "incident_lint", "rules"],
        env={**os.environ, "PYTHONPATH": str(SRC)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout and process.stderr
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    process.wait()
