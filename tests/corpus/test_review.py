"""Findings on paper."""

from pathlib import Path

import pytest

from . import packages as pins
from .packages import Package
from .review import page, sample

MAIL = Package("mail", "1.0", "a" * 64, "mail-1.0-py3-none-any.whl", False)


def step(path: str, line: int, message: str) -> dict[str, object]:
    return {"path": path, "line": line, "column": 1, "message": message}


@pytest.fixture
def fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Package:
    monkeypatch.setattr(pins, "CORPUS", tmp_path)
    MAIL.folder.mkdir()
    (MAIL.folder / "send.py").write_text("\n".join(f"line {n}" for n in range(1, 41)), "utf-8")
    (MAIL.folder / "store.py").write_text("keep = []\n", encoding="utf-8")
    return MAIL


def test_a_page_shows_the_default_and_every_step(fetched: Package):
    finding = {
        "path": "send.py", "line": 10, "column": 5, "code": "INC101", "message": "it leaks",
        "confidence": "suspected",
        "trail": [step("send.py", 12, "passed on"), step("store.py", 1, "kept here")],
    }  # fmt: skip
    assert page(fetched, finding, around=2).splitlines() == [
        "=== mail:send.py:10:5:INC101",
        "    it leaks  (suspected)",
        "    [1] send.py:12  passed on",
        "    [2] store.py:1  kept here",
        "--- send.py",
        "           8 line 8",
        "           9 line 9",
        "   [0]    10 line 10",
        "          11 line 11",
        "   [1]    12 line 12",
        "          13 line 13",
        "          14 line 14",
        "--- store.py",
        "   [2]     1 keep = []",
        "           2",
    ]


def test_lines_far_apart_are_two_windows_and_two_steps_share_a_line(fetched: Package):
    finding = {
        "path": "send.py", "line": 1, "column": 5, "code": "INC101", "message": "it leaks",
        "trail": [step("send.py", 30, "a"), step("send.py", 30, "b")],
    }  # fmt: skip
    text = page(fetched, finding, around=0)
    assert text.count("      ...") == 1
    assert " [1,2]    30 line 30" in text.splitlines()


def test_lines_that_name_the_parameter_are_starred(fetched: Package):
    source = "def f(to=[]):\n    x = 1\n    y = 2\n    print(to)\n"
    (fetched.folder / "use.py").write_text(source, encoding="utf-8")
    finding = {
        "path": "use.py", "line": 1, "column": 10, "code": "INC102", "message": "only read",
        "trail": [],
    }  # fmt: skip
    assert page(fetched, finding, around=0).splitlines()[-3:] == [
        "   [0]     1 def f(to=[]):",
        "      ...",
        "     *     4     print(to)",
    ]


def test_a_step_in_a_file_that_is_not_there_does_no_harm(fetched: Package):
    finding = {
        "path": "send.py", "line": 1, "column": 5, "code": "INC101", "message": "it leaks",
        "trail": [step("gone.py", 3, "a")],
    }  # fmt: skip
    assert "--- gone.py" in page(fetched, finding)


def test_a_sample_is_repeatable_and_in_order():
    findings = [(MAIL, {"line": line}) for line in range(50)]
    picked = sample(findings, 10, seed=1)
    assert picked == sample(findings, 10, seed=1)
    assert picked != sample(findings, 10, seed=2)
    assert [f["line"] for _, f in picked] == sorted(f["line"] for _, f in picked)
    assert sample(findings, 99, seed=1) == findings
