"""Patterns of paths."""

from __future__ import annotations

from pathlib import Path

import pytest

from incident_lint.hosts import globs
from incident_lint.hosts.globs import Pattern, covers

BASE = Path("/srv/project")


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ("venv", "a/venv/b.py", True),
        ("venv", "a/venv2/b.py", False),
        ("*_pb2.py", "a/b/mail_pb2.py", True),
        ("tests/", "tests/a.py", True),
        ("./src/old", "src/old/a.py", True),
        ("src/old", "other/src/old/a.py", False),
        ("src/*.py", "src/a.py", True),
        ("src/*.py", "src/a/b.py", False),
        ("src/**/b.py", "src/b.py", True),
        ("src/**/b.py", "src/a/c/b.py", True),
        ("docs/**", "docs/a/b.py", True),
        ("a?.py", "ab.py", True),
        ("[ab].py", "a.py", True),
        ("[!ab].py", "a.py", False),
        ("[!ab].py", "c.py", True),
        ("a.b", "aXb", False),
        ("/srv/project/a", "a/x.py", True),
    ],
)
def test_patterns(text: str, path: str, expected: bool) -> None:
    globs.check(text)
    assert covers([Pattern(BASE, text)], BASE / path, BASE) is expected


def test_the_top_and_what_is_above_it_do_not_count() -> None:
    assert not covers([Pattern(BASE, "project")], BASE / "a.py", BASE)
    assert covers([Pattern(BASE, "project")], BASE / "a.py", Path("/"))


def test_a_pattern_with_a_slash_holds_only_below_its_own_folder() -> None:
    assert not covers([Pattern(BASE, "src/a.py")], Path("/srv/other/src/a.py"), Path("/"))


@pytest.mark.parametrize("text", ["", "./", "[z-a]"])
def test_a_pattern_that_cannot_be_used_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        globs.check(text)
