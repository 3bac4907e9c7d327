"""Input that is no Python, or hardly: right, or one INC002 with its line, never a traceback, and
the other files are still checked."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import incident_lint
from incident_lint.checks import FAMILIES
from incident_lint.engine.project import Project
from incident_lint.engine.run import check_source
from incident_lint.hosts import cli
from incident_lint.model.source import Source

SRC = Path(incident_lint.__file__).parents[1]
GOOD = "def f(a, b=[]):\n    b.append(a)\n"


class Found(NamedTuple):
    code: str
    path: str
    line: int
    message: str


class Checked:
    """Checks the folder it stands in, in this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.capsys = capsys

    def __call__(self, *arguments: str) -> list[Found]:
        status = cli.main(["--output-format=json", "--no-cache", *arguments])
        out, err = self.capsys.readouterr()
        rows: list[dict[str, Any]] = json.loads(out)
        assert err == ""
        assert status == (1 if rows else 0)
        return [Found(r["code"], r["path"], r["line"], r["message"]) for r in rows]


@pytest.fixture
def checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Checked:
    monkeypatch.chdir(tmp_path)
    Path("good.py").write_text(GOOD)
    return Checked(capsys)


def refused(found: list[Found], path: str, line: int, *words: str) -> None:
    """`path` is refused once, on that line, with these words; good.py is checked all the same."""
    assert {(row.code, row.path) for row in found} >= {("INC101", "good.py")}
    (row,) = [row for row in found if row.path == path]
    assert (row.code, row.line) == ("INC002", line)
    assert "\n" not in row.message
    for word in words:
        assert word in row.message


def accepted(found: list[Found], path: str) -> None:
    """Nothing is found in `path`; good.py is checked all the same."""
    assert [(row.code, row.path) for row in found] == [("INC101", "good.py")], path


@pytest.mark.parametrize(
    ("data", "line", "word"),
    [
        (b"x = 1\ndef f(:\n", 2, "syntax"),
        (b"print 'x'\n", 1, ""),
        (b"def f():\n\tx\n        y\n", 3, ""),
        (b"x = 1\nlambda: (yield\n", 2, ""),
        (b"x = 1\ny = '\xe9'\n", 2, "0xe9"),
        (b"x = 1\ny = 2\0\n", 2, "NUL"),
        (b"# coding: nonsense\nx = 1\n", 1, "nonsense"),
        (b"\xff\xfex\0=\0001\0\n\0", 1, ""),
        (b"\xef\xbb\xbf# coding: latin-1\nx = 1\n", 1, ""),
        (b"x = 1\nreturn return\n", 2, ""),
        (b"\x80\x04\x95", 1, ""),
    ],
)
def test_a_file_that_is_no_python(checked: Checked, data: bytes, line: int, word: str) -> None:
    Path("bad.py").write_bytes(data)
    refused(checked("."), "bad.py", line, word)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n",
        b"\xef\xbb\xbf",
        b"\xef\xbb\xbfx = 1\n",
        b"# coding: latin-1\nx = '\xe9'\n",
        b"x = 1",
        b"x = 1\r\ny = 2\rz = 3\n",
        b"\x0cx = 1\n\x0c\n\x0cdef g():\n    return 1\n",
        b"def g():\n\treturn 1\n",
        b"#",
    ],
)
def test_odd_but_right(checked: Checked, data: bytes) -> None:
    Path("odd.py").write_bytes(data)
    accepted(checked("."), "odd.py")


@pytest.mark.parametrize(
    ("before", "line", "column"),
    [
        ("", 1, 9),
        ("\ufeff", 1, 9),
        ("\x0c\n", 2, 9),
        ("x = 1\r", 2, 9),
        ("x = 1\r\n", 2, 9),
        ("'日本'; ", 1, 15),
        ("'\U0001f600'; ", 1, 14),
        ("if 1:\n\t", 2, 10),
        ("'''\x0b\x1c\u2028'''\n", 2, 9),
    ],
)
def test_lines_and_columns(
    checked: Checked, capsys: pytest.CaptureFixture[str], before: str, line: int, column: int
) -> None:
    one_line = "f = lambda b=[]: b.append(1)\n"
    text = before + one_line
    Path("a.py").write_bytes(text.encode())
    cli.main(["--output-format=json", "--no-cache", "a.py"])
    (row,) = json.loads(capsys.readouterr().out)
    offset = column - 9 + one_line.index("[") + 1
    assert (row["code"], row["line"], row["column"]) == ("INC101", line, offset)
    assert row["end_column"] - row["column"] == 2


def test_a_folder_called_like_a_file(checked: Checked) -> None:
    Path("dir.py").mkdir()
    refused(checked("."), "dir.py", 1, "folder")
    refused(checked("dir.py", "good.py"), "dir.py", 1, "folder")


def test_a_link_that_leads_nowhere_or_in_a_circle(checked: Checked) -> None:
    os.symlink("gone", "dangling.py")
    os.symlink("circle.py", "circle.py")
    found = checked(".")
    refused(found, "dangling.py", 1, "link")
    refused(found, "circle.py", 1)


def test_a_pipe_is_not_waited_for(checked: Checked) -> None:
    os.mkfifo("pipe.py")
    refused(checked("."), "pipe.py", 1, "regular")


def test_a_file_without_permission(checked: Checked, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root may read everything, so the refusal is the stand-in's."""
    Path("locked.py").write_text("x = 1\n")
    read_bytes = Path.read_bytes

    def read(path: Path) -> bytes:
        if path.name == "locked.py":
            raise PermissionError(13, "Permission denied")
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", read)
    refused(checked("."), "locked.py", 1, "Permission denied")


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "1 + " * 10_000 + "1\n",
        "x = " + "'a' + " * 10_000 + "y\n",
        "x = " + "a or " * 10_000 + "b\n",
        "x = " + "not " * 3_000 + "b\n",
        "x = " + "-" * 3_000 + "b\n",
        "x = a" + ".b" * 5_000 + "\n",
        "x = a" + "()" * 5_000 + "\n",
        "x = a" + "[0]" * 5_000 + "\n",
        "x = " + "(" * 300 + ")" * 300 + "\n",
        "x = " + "[" * 150 + "]" * 150 + "\n",
        "x = " + "[" * 5_000 + "]" * 5_000 + "\n",
        "x = " + "lambda: " * 1_000 + "1\n",
        "x = " + "1 if a else " * 3_000 + "2\n",
        "".join("    " * n + f"def f{n}():\n" for n in range(100)) + "    " * 100 + "pass\n",
        "".join(" " * n + f"def f{n}():\n" for n in range(99)) + " " * 99 + "pass\n",
        "".join(" " * n + f"class f{n}:\n" for n in range(99)) + " " * 99 + "pass\n",
        "".join(" " * n + "if a:\n" for n in range(99)) + " " * 99 + "pass\n",
        "if a:\n  pass\n" + "elif b:\n  pass\n" * 2_000,
        "def f():\n" + "  if a: return b\n" * 5_000,
        "def f(x):\n" + "  try:\n    x = g(x)\n  except E:\n    pass\n" * 1_000,
        "x = {" + "'a': 1, " * 50_000 + "}\n",
        "f(" + "a, " * 10_000 + ")\n",
        "f'" + "{a}" * 2_000 + "'\n",
        "with " + ", ".join(["a as b"] * 500) + ":\n  pass\n",
        "@d\n" * 2_000 + "def f(): pass\n",
    ],
    ids=lambda text: text[:30].split("\n")[0],
)
def test_deep_and_long(checked: Checked, text: str) -> None:
    Path("deep.py").write_text(text)
    found = checked(".")
    assert ("INC101", "good.py") in {row[:2] for row in found}
    of_deep = [row for row in found if row.path == "deep.py"]
    assert [row.code for row in of_deep] in ([], ["INC002"])
    assert not any("internal error" in row.message for row in of_deep)


def test_a_hundred_thousand_lines(checked: Checked) -> None:
    Path("long.py").write_text("x = 1\n" * 100_000 + GOOD)
    assert ("INC101", "long.py", 100_001) in {row[:3] for row in checked(".")}


def test_deep_input_does_not_depend_on_where_in_the_stack_we_are(tmp_path: Path) -> None:
    """In a fresh process, and with the worker's own stack: a crash would be a signal."""
    (tmp_path / "deep.py").write_text("x = " + "1 + " * 10_000 + "1\n" + GOOD)
    for number in range(8):
        (tmp_path / f"m{number}.py").write_text(GOOD)
    done = subprocess.run(
        [sys.executable, "-m", "incident_lint", "--jobs=2", "--no-cache", "--output-format=json"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(SRC)},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert sum(row["code"] == "INC101" for row in json.loads(done.stdout)) >= 8


def test_modules_that_import_each_other(checked: Checked) -> None:
    Path("one.py").write_text("from two import g\ndef f(a=[]):\n    g(a)\n")
    Path("two.py").write_text("from one import f\ndef g(a):\n    a.append(f)\n")
    Path("me.py").write_text("import me\nfrom me import me\nfrom me import *\n")
    found = checked(".")
    assert [row[:3] for row in found] == [("INC101", "good.py", 1), ("INC101", "one.py", 2)]


def test_a_module_with_the_name_of_a_standard_one(checked: Checked) -> None:
    Path("json.py").write_text("def dump(a, b):\n    b.append(a)\n")
    Path("user.py").write_text("import json\ndef f(a=[]):\n    json.dump(1, a)\n")
    assert [row[:2] for row in checked(".")] == [("INC101", "good.py"), ("INC101", "user.py")]
    assert json.loads("1") == 1


def test_a_bad_file_that_is_imported_is_no_ones_fault(checked: Checked) -> None:
    Path("bad.py").write_bytes(b"def (:\xff\n")
    Path("user.py").write_text("import bad\ndef f(a=[]):\n    bad.f(a)\n")
    found = checked("user.py", "good.py")
    assert [row[:2] for row in found] == [("INC101", "good.py"), ("INC102", "user.py")]


def test_text_that_no_file_can_hold() -> None:
    source = Source("a.py", "x = '\ud800'\n")
    report = check_source(source, Project(), FAMILIES)
    assert [finding.code for finding in report.findings] in ([], ["INC002"])
    assert not report.failed
