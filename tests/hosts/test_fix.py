"""Fixing from the command line: what is written, printed and returned. Rules and rewritings are
stand-ins: the word LEAK is fixed safely, MAYBE unsafely, STUCK says that it can be and cannot."""

from __future__ import annotations

import io
import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from incident_lint.engine import fixing
from incident_lint.engine.finding import Cure, Finding, Tally
from incident_lint.engine.fixing import Edit, Fix, Target
from incident_lint.hosts import cli, work, write
from incident_lint.hosts.lowest import lower_bound
from incident_lint.model.source import Source, Span

CURES = {
    "LEAK": Cure("word"),
    "MAYBE": Cure("word", "somebody may read it"),
    "STUCK": Cure("word"),
    "ALIVE": Cure("word"),
    "PLAIN": None,
}


class Words(NamedTuple):
    """Reports each word once in a line; in a file that imports `base`, also that one's LEAK."""

    name: str = "shared_defaults"
    codes: tuple[str, ...] = ("INC101",)

    def check(self, module: Any, project: Any, tally: Tally) -> Iterator[Finding]:
        for number, line in enumerate(module.source.lines, 1):
            for word, cure in CURES.items():
                start = line.find(word) + 1
                if start:
                    span = Span(number, start, number, start + len(word))
                    guess = "suspected" if "guess" in line else "proved"
                    yield Finding("INC101", module.path, span, f"a {word}", guess, cure=cure)  # type: ignore[arg-type]
        if "import base" in module.source.text:
            base = project.load("base", module)
            if "LEAK" in base.source.text:
                cure = Cure("word") if "# too" in module.source.text else None
                yield Finding("INC101", module.path, Span(1, 1, 1, 12), "LEAK in base", cure=cure)


def propose(
    source: Source, findings: Sequence[Finding], target: Target, rewriters: object
) -> dict[tuple[str, Span], Fix]:
    """A word becomes `fixed`, and says the lowest Python; ALIVE becomes what is found again."""
    new = {"a ALIVE": "ALIVE ", "a STUCK": None}
    texts = [(f, new.get(f.message, f"fixed_{target.python[1]}")) for f in findings if f.cure]
    return {
        (f.code, f.span): Fix("unsafe" if f.cure and f.cure.caution else "safe", (Edit(f.span, t),))
        for f, t in texts
        if t is not None
    }


class Run(NamedTuple):
    status: int
    out: str
    err: str


class Lint:
    """Runs the command line in this process, in a folder of its own."""

    def __init__(self, folder: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
        self.folder = folder
        self.capfd = capfdbinary
        self.patch = pytest.MonkeyPatch()

    def __call__(self, *arguments: str, stdin: bytes | None = None) -> Run:
        if stdin is not None:
            self.patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        status = cli.main(arguments)
        out, err = self.capfd.readouterr()
        return Run(status, out.decode(), err.decode())

    def write(self, name: str, text: str | bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path


@pytest.fixture
def lint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> Iterator[Lint]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(work, "FAMILIES", (Words(),))
    monkeypatch.setattr(fixing, "propose", propose)
    runner = Lint(tmp_path, capfdbinary)
    yield runner
    runner.patch.undo()


class TestFix:
    def test_writes_what_is_safe_and_reports_the_rest(self, lint: Lint) -> None:
        path = lint.write("a.py", "x = LEAK\ny = PLAIN\nz = MAYBE\n")
        run = lint("--fix", "--output-format=concise", "a.py")
        assert path.read_text() == "x = fixed_10\ny = PLAIN\nz = MAYBE\n"
        *found, last, hidden = run.out.splitlines()
        assert [line.partition(": ")[0] for line in found] == ["a.py:2:5", "a.py:3:5"]
        assert last.startswith("2 findings (1 fixed) in 1 file; ")
        assert hidden == "no fixes available (1 hidden fix can be enabled with --unsafe-fixes)"
        assert (run.status, run.err) == (1, "")

    def test_status_0_if_nothing_is_left(self, lint: Lint) -> None:
        lint.write("a.py", "x = LEAK\n")
        assert lint("--fix", "a.py").status == 0
        lint.write("a.py", "x = LEAK\n")
        assert lint("--fix", "--exit-non-zero-on-fix", "a.py").status == 1
        assert lint("--fix", "--exit-non-zero-on-fix", "a.py").status == 0

    def test_only_fixes(self, lint: Lint) -> None:
        path = lint.write("a.py", "x = LEAK\ny = PLAIN\n")
        assert lint("--fix-only", "a.py") == (0, "", "fixed 1 finding in 1 file\n")
        assert path.read_text() == "x = fixed_10\ny = PLAIN\n"

    def test_unsafe_fixes(self, lint: Lint) -> None:
        path = lint.write("a.py", "x = MAYBE\n")
        assert lint("--fix", "--unsafe-fixes", "a.py").status == 0
        assert path.read_text() == "x = fixed_10\n"

    def test_unsafe_fixes_of_the_configuration(self, lint: Lint) -> None:
        lint.write("pyproject.toml", "[tool.incident-lint]\nunsafe-fixes = true\n")
        path = lint.write("a.py", "x = MAYBE\n")
        assert lint("--fix", "--no-unsafe-fixes", "a.py").status == 1
        assert lint("--fix", "a.py").status == 0
        assert path.read_text() == "x = fixed_10\n"

    @pytest.mark.parametrize(
        ("text", "options"),
        [
            ("x = LEAK  # incident-lint: ignore[INC101] on purpose\n", ()),
            ("x = LEAK  # noqa: INC101\n", ()),
            ("x = LEAK  # pylint: disable=mutable-default-leaks\n", ()),
            ("x = LEAK  # guess\n", ()),
            ("x = LEAK\n", ("--ignore=INC101",)),
            ("x = LEAK\n", ("--exclude=a.py", "--force-exclude")),
        ],
    )
    def test_leaves_alone_what_it_would_not_report(
        self, lint: Lint, text: str, options: tuple[str, ...]
    ) -> None:
        path = lint.write("a.py", text)
        assert lint("--fix", *options, "a.py").status == 0
        assert path.read_text() == text

    def test_what_cannot_be_fixed_is_reported(self, lint: Lint) -> None:
        lint.write("a.py", "x = STUCK\n")
        run = lint("--fix", "--output-format=concise", "a.py")
        assert run.status == 1
        assert "[*]" not in run.out
        assert "hidden" not in run.out

    def test_a_fix_that_does_not_work_is_dropped_and_said_to_be(self, lint: Lint) -> None:
        path = lint.write("a.py", "x = LEAK\ny = ALIVE\n")
        run = lint("--fix", "a.py")
        assert path.read_text() == "x = fixed_10\ny = ALIVE\n"
        assert run.status == 1
        (line,) = run.err.splitlines()
        assert line.startswith("incident-lint: a.py:2:5: INC101 not fixed: ")

    def test_a_fault_in_a_fix_costs_its_file_only(
        self, lint: Lint, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def faulty(source: Source, *rest: Any) -> dict[tuple[str, Span], Fix]:
            if source.path == "a.py":
                raise RuntimeError("two\nlines")
            return propose(source, *rest)

        monkeypatch.setattr(fixing, "propose", faulty)
        left, right = lint.write("a.py", "x = LEAK\n"), lint.write("b.py", "x = LEAK\n")
        run = lint("--fix", "--output-format=concise", ".")
        assert (left.read_text(), right.read_text()) == ("x = LEAK\n", "x = fixed_10\n")
        assert run.err.count("\n") == 1
        assert "a.py: not fixed: RuntimeError: two lines" in run.err
        assert run.out.startswith("a.py:1:5: ")

    def test_a_file_that_imports_a_fixed_one_sees_its_new_text(self, lint: Lint) -> None:
        lint.write("pyproject.toml", "")
        lint.write("above.py", "import base\n")
        lint.write("base.py", "x = LEAK\n")
        lint.write("user.py", "import base\n")
        assert lint("--output-format=concise", ".").out.count(": INC101") == 3
        run = lint("--fix", "--output-format=concise", ".")
        assert run.out.startswith("0 findings (1 fixed) in 3 files; ")

    @pytest.mark.usefixtures("forked")
    def test_jobs_do_not_change_the_result(self, lint: Lint) -> None:
        def tree(folder: str) -> list[Path]:
            texts = ["import base  # too\n", "x = LEAK\n", "y = MAYBE\nz = LEAK\n", "PLAIN = 1\n"]
            paths = [lint.write(f"{folder}/m{n}.py", texts[n % 4]) for n in range(12)]
            return [*paths, lint.write(f"{folder}/base.py", "LEAK\n")]

        runs, results = [], []
        for jobs in ("1", "2"):
            paths = tree(jobs)
            runs.append(lint("--fix", f"--jobs={jobs}", "--output-format=concise", jobs))
            results.append([path.read_text() for path in paths])
        assert results[0] == results[1]
        assert runs[0].out.replace("1/m", "2/m") == runs[1].out
        assert "(10 fixed)" in runs[0].out

    def test_json_has_the_fixes_of_what_is_left(self, lint: Lint) -> None:
        lint.write("a.py", "x = LEAK\ny = MAYBE\nz = PLAIN\n")
        edit = {"line": 2, "column": 5, "end_line": 2, "end_column": 10, "text": "fixed_10"}
        rows = json.loads(lint("--fix", "--output-format=json", "a.py").out)
        assert [row["fix"] for row in rows] == [{"safety": "unsafe", "edits": [edit]}, None]


class TestWriting:
    @pytest.mark.parametrize(
        "data",
        [
            b"\xef\xbb\xbfx = LEAK\n",
            b"x = LEAK\r\ny = 1\n\x0cz = 2\r",
            b"# coding: latin-1\n\xe9 = 1\nx = LEAK",
            b"# coding: shift_jis\nx = LEAK  # \x83\x5c\n",
        ],
    )
    def test_keeps_all_other_bytes(self, lint: Lint, data: bytes) -> None:
        path = lint.write("a.py", data)
        assert lint("--fix", "a.py").status == 0
        assert path.read_bytes() == data.replace(b"LEAK", b"fixed_10")

    def test_leaves_a_file_alone_that_it_could_not_write_back(self, lint: Lint) -> None:
        data = b"# coding: utf-7\nx = LEAK  # +AOk-\n"  # Python spells it +AOk
        path = lint.write("a.py", data)
        run = lint("--fix", "a.py")
        assert path.read_bytes() == data
        assert run.err.count("\n") == 1
        assert "a.py: not fixed: as utf-7, " in run.err

    def test_keeps_permissions_and_links(self, lint: Lint) -> None:
        path = lint.write("real/a.py", "x = LEAK\n")
        path.chmod(0o751)
        link = lint.folder / "link.py"
        link.symlink_to("real/a.py")
        assert lint("--fix", "link.py").status == 0
        assert link.is_symlink()
        assert path.read_text() == "x = fixed_10\n"
        assert stat.S_IMODE(path.stat().st_mode) == 0o751
        assert os.listdir(path.parent) == ["a.py"]

    def test_a_file_and_a_link_to_it_are_fixed_once(self, lint: Lint) -> None:
        path = lint.write("a.py", "x = LEAK\n")
        (lint.folder / "b.py").symlink_to("a.py")
        run = lint("--fix", "a.py", "b.py")
        assert (run.status, run.err) == (0, "")
        assert path.read_text() == "x = fixed_10\n"

    def test_a_file_that_must_not_be_written_costs_itself_only(self, lint: Lint) -> None:
        left, right = lint.write("a.py", "x = LEAK\n"), lint.write("b.py", "x = LEAK\n")
        left.chmod(0o444)
        run = lint("--fix", "--output-format=concise", ".")
        assert (left.read_text(), right.read_text()) == ("x = LEAK\n", "x = fixed_10\n")
        assert (run.status, run.err) == (2, "incident-lint: a.py: not fixed: it is read-only\n")
        assert run.out.startswith("a.py:1:5: ")
        assert "1 finding (1 fixed) in 2 files" in run.out

    def test_a_file_that_changed_or_went_is_left_alone(self, tmp_path: Path) -> None:
        path = tmp_path / "a.py"
        path.write_bytes(b"other")
        with pytest.raises(write.NotWritten, match="changed"):
            write.replace(path, b"before", b"after")
        assert path.read_bytes() == b"other"
        with pytest.raises(write.NotWritten, match="no longer there"):
            write.replace(tmp_path / "gone.py", b"before", b"after")
        assert os.listdir(tmp_path) == ["a.py"]

    def test_a_write_that_fails_leaves_nothing_behind(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        path = tmp_path / "a.py"
        path.write_bytes(b"before")
        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(write.NotWritten, match="No space left on device"):
            write.replace(path, b"before", b"after")
        assert (os.listdir(tmp_path), path.read_bytes()) == (["a.py"], b"before")


class TestDiff:
    def test_shows_what_fix_would_do_and_writes_nothing(self, lint: Lint) -> None:
        texts = {"a.py": "é = LEAK\r\ny = MAYBE\r\n", "b.py": "x\n" * 9 + "x = LEAK", "c.py": ""}
        paths = [lint.write(name, text) for name, text in texts.items()]
        run = lint("--diff", ".")
        assert [path.read_bytes().decode() for path in paths] == list(texts.values())
        assert run.status == 1
        hidden = "(1 hidden fix can be enabled with --unsafe-fixes)"
        assert run.err == f"would fix 2 findings in 2 files {hidden}\n"
        subprocess.run(["git", "apply", "-p0"], input=run.out.encode(), check=True)
        patched = [path.read_bytes().decode() for path in paths]
        assert patched == [text.replace("LEAK", "fixed_10") for text in texts.values()]
        assert lint("--diff", ".") == (0, "", f"would fix 0 findings in 0 files {hidden}\n")

    def test_with_unsafe_fixes(self, lint: Lint) -> None:
        lint.write("a.py", "x = MAYBE\n")
        assert lint("--diff", "a.py").status == 0
        assert "+x = fixed_10\n" in lint("--diff", "--unsafe-fixes", "a.py").out

    def test_wins_over_fix(self, lint: Lint) -> None:
        path = lint.write("a.py", "x = LEAK\n")
        assert lint("--fix", "--diff", "a.py").out.startswith("--- a.py\n+++ a.py\n")
        assert path.read_text() == "x = LEAK\n"


class TestStdin:
    def test_the_fixed_text_is_all_of_stdout(self, lint: Lint) -> None:
        path = lint.write("a.py", "old\n")
        name = ("--stdin-filename=a.py", "-")
        text = "x = LEAK\r\ny = PLAIN"
        run = lint("--fix", "--output-format=full", *name, stdin=text.encode())
        assert (run.status, run.out) == (1, "x = fixed_10\r\ny = PLAIN")
        assert "2 | y = PLAIN" in run.err
        assert path.read_text() == "old\n"

    @pytest.mark.parametrize("text", [b"x = 1\n", b"x = (LEAK\n", b"\xff = LEAK\n", b""])
    def test_what_cannot_be_fixed_comes_back(self, lint: Lint, text: bytes) -> None:
        lint.patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text)))
        cli.main(["--fix", "-"])
        assert lint.capfd.readouterr().out == text

    def test_what_is_excluded_comes_back(self, lint: Lint) -> None:
        name = ("--stdin-filename=a.py", "--exclude=a.py", "--force-exclude", "-")
        assert lint("--fix", *name, stdin=b"x = LEAK\n")[:2] == (0, "x = LEAK\n")

    def test_diff(self, lint: Lint) -> None:
        run = lint("--diff", "--stdin-filename=a.py", "-", stdin=b"x = LEAK\n")
        assert run.status == 1
        assert run.out == "--- a.py\n+++ a.py\n@@ -1 +1 @@\n-x = LEAK\n+x = fixed_10\n"


class TestCheck:
    """Without --fix nothing is written, but what could be fixed is said."""

    @pytest.mark.parametrize("style", ["concise", "full"])
    def test_marks_and_counts_what_is_fixable(self, lint: Lint, style: str) -> None:
        path = lint.write("a.py", "x = LEAK\ny = MAYBE\nz = PLAIN\n")
        out = lint(f"--output-format={style}", "a.py").out
        assert "a.py:1:5: INC101 mutable-default-leaks [*]: a LEAK\n" in out
        assert out.count("[*]") == 2
        assert out.endswith(
            "\n[*] 1 fixable with --fix (1 hidden fix can be enabled with --unsafe-fixes)\n"
        )
        out = lint(f"--output-format={style}", "--unsafe-fixes", "a.py").out
        assert out.endswith("\n[*] 2 fixable with --fix\n")
        assert "LEAK" in path.read_text()

    def test_says_why_a_fix_is_unsafe(self, lint: Lint) -> None:
        lint.write("a.py", "x = LEAK\ny = MAYBE\n")
        out = lint("a.py").out
        assert out.count("  = fix with --unsafe-fixes only: somebody may read it\n") == 1

    def test_json_has_fixes(self, lint: Lint) -> None:
        lint.write("a.py", "x = LEAK\nz = PLAIN\n")
        edit = {"line": 1, "column": 5, "end_line": 1, "end_column": 9, "text": "fixed_10"}
        rows = json.loads(lint("--output-format=json", "a.py").out)
        assert [row["fix"] for row in rows] == [{"safety": "safe", "edits": [edit]}, None]

    @pytest.mark.parametrize(
        "command",
        [
            ("incident_lint.hosts.cli", "--no-cache", "--output-format=concise"),
            ("incident_lint.hosts.cli", "--no-cache", "--output-format=full"),
            ("flake8.main.cli", "--isolated", "--select=INC"),
        ],
    )
    def test_no_libcst_is_imported(self, tmp_path: Path, command: tuple[str, ...]) -> None:
        (tmp_path / "a.py").write_text("def f(x=[]):\n    x.append(1)\n")
        code = (
            f"import sys; from {command[0]} import main\n"
            f"main({[*command[1:], 'a.py']})\n"
            "print(sorted(name for name in sys.modules if name.startswith('libcst')))"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True
        )
        assert "INC101" in done.stdout
        assert done.stdout.endswith("\n[]\n")


class TestLowestPython:
    @pytest.mark.parametrize(
        ("said", "version"),
        [
            (">=3.9", (3, 9)),
            (" >= 3.11.2, <4", (3, 11)),
            ("<4,>=3.8,!=3.9.*,>=3.10", (3, 10)),
            (">3.8", (3, 8)),
            ("~=3.12", (3, 12)),
            ("==3.13.*", (3, 13)),
            (">=3", (3, 0)),
            ("<4", None),
            ("nonsense", None),
            ("", None),
        ],
    )
    def test_is_the_highest_lower_bound(self, said: str, version: tuple[int, int] | None) -> None:
        assert lower_bound(said) == version

    @pytest.mark.parametrize(
        ("text", "minor"),
        [
            ("[project]\nrequires-python = '>=3.8'\n", 8),
            ("[project]\nrequires-python = 3\n", 12),
            ("project = 1\n", 12),
            ("[tool.other]\n", 12),
        ],
    )
    def test_comes_from_the_nearest_project_that_says_one(
        self, lint: Lint, text: str, minor: int
    ) -> None:
        lint.write("pyproject.toml", "[project]\nrequires-python = '>=3.12'\n")
        lint.write("inner/pyproject.toml", text)
        path = lint.write("inner/a.py", "x = LEAK\n")
        assert lint("--fix", "inner").status == 0
        assert path.read_text() == f"x = fixed_{minor}\n"
