"""Which files a command line means."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from incident_lint.hosts import config
from incident_lint.hosts.config import NO_OVERRIDES, Overrides, settings_for
from incident_lint.hosts.discover import MissingPath, find
from incident_lint.hosts.globs import Pattern


@pytest.fixture(autouse=True)
def _fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config.forget()
    monkeypatch.chdir(tmp_path)


def make(*names: str) -> None:
    for name in names:
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")


def git(*arguments: str, at: str = ".") -> None:
    identity = ("-c", "user.name=a", "-c", "user.email=a@b.example")
    subprocess.run(["git", *identity, *arguments], cwd=at, check=True, capture_output=True)


def found(*paths: str, overrides: Overrides = NO_OVERRIDES) -> list[str]:
    files = find(paths, lambda path: settings_for(path, overrides))
    return [file.relative_to(Path.cwd()).as_posix() for file in files]


def excluding(*words: str, force: bool = False) -> Overrides:
    patterns = tuple(Pattern(Path.cwd(), word) for word in words)
    return Overrides(extend_exclude=patterns, force_exclude=force)


def test_a_walk_finds_python_files_and_stubs() -> None:
    make("a.py", "b/c.pyi", "b/d.pyw", "b/e.txt", "b/f")
    assert found(".") == ["a.py", "b/c.pyi", "b/d.pyw"]


def test_a_walk_leaves_out_other_peoples_folders_and_environments() -> None:
    make("a.py", "venv/b.py", "node_modules/c.py", "__pycache__/d.py", "env/pyvenv.cfg", "env/e.py")
    assert found(".") == ["a.py"]


def test_a_named_file_is_checked_whatever_it_is_called() -> None:
    make("script", "venv/a.py")
    assert found("script", "venv/a.py") == ["script", "venv/a.py"]


def test_files_are_sorted_and_listed_once() -> None:
    make("b.py", "a.py")
    assert found("b.py", ".", "./b.py") == ["a.py", "b.py"]


def test_naming_an_excluded_path_beats_excluding_it_unless_forced() -> None:
    make("old/a.py", "old/gen/b.py")
    assert found("old", overrides=excluding("old")) == ["old/a.py", "old/gen/b.py"]
    assert found("old", overrides=excluding("old", "gen")) == ["old/a.py"]
    assert found("old/a.py", overrides=excluding("old")) == ["old/a.py"]
    assert found("old", "old/a.py", overrides=excluding("old", force=True)) == []


def test_a_repository_lists_tracked_and_new_but_not_ignored_files() -> None:
    make("tracked.py", "new.py", "ignored.py", "out/generated.py", "venv/x.py", "readme.txt")
    Path(".gitignore").write_text("ignored.py\nout/\n")
    git("init", "-q")
    git("add", "tracked.py")
    assert found(".") == ["new.py", "tracked.py"]


def test_an_ignored_folder_that_is_named_is_walked() -> None:
    make("out/generated.py")
    Path(".gitignore").write_text("out/\n")
    git("init", "-q")
    assert found("out") == ["out/generated.py"]


def test_a_tracked_file_that_was_deleted_is_no_file() -> None:
    make("a.py", "b.py")
    git("init", "-q")
    git("add", ".")
    Path("a.py").unlink()
    assert found(".") == ["b.py"]


def test_a_repository_in_a_repository_is_looked_into() -> None:
    make("a.py", "inner/b.py")
    git("init", "-q")
    git("init", "-q", at="inner")
    git("add", ".", at="inner")
    git("commit", "-q", "-m", "x", at="inner")
    assert found(".") == ["a.py", "inner/b.py"]


def test_the_environment_of_a_git_hook_does_not_mislead(monkeypatch: pytest.MonkeyPatch) -> None:
    make("a.py", "sub/b.py")
    git("init", "-q")
    monkeypatch.setenv("GIT_DIR", ".git")
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/index")
    assert found("sub") == ["sub/b.py"]


def test_without_git_there_is_a_walk(monkeypatch: pytest.MonkeyPatch) -> None:
    make("a.py")
    git("init", "-q")
    monkeypatch.setenv("PATH", os.devnull)
    assert found(".") == ["a.py"]


def test_odd_files_are_listed_so_that_somebody_says_why_they_are_not_checked() -> None:
    make("pkg.py/inner.py")
    os.symlink("gone", "dangling.py")
    expected = ["dangling.py", "pkg.py", "pkg.py/inner.py"]
    assert found(".") == expected
    git("init", "-q")
    assert found(".") == expected
    assert found("pkg.py") == ["pkg.py", "pkg.py/inner.py"]


def test_a_circle_of_links_is_not_entered() -> None:
    make("a/b.py")
    os.symlink("..", "a/up")
    assert found(".") == ["a/b.py"]


def test_names_need_not_be_text() -> None:
    name = os.fsdecode(b"caf\xe9.py")
    Path(name).write_text("")
    git("init", "-q")
    assert found(".") == [name]


@pytest.mark.parametrize("name", ["gone.py", "gone/a.py", ""])
def test_a_missing_path_is_an_error(name: str) -> None:
    with pytest.raises(MissingPath):
        found(name)
