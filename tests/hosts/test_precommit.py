"""The hooks, installed and run by pre-commit from a repository of their own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

PROJECT = Path(__file__).parents[2]
SHIPPED = (
    ".pre-commit-hooks.yaml",
    "pyproject.toml",
    "README.md",
    "LICENSE",
    "src",
    "rules",
)
LEAK = "def send(message, to=[]):\n    to.append(message)\n    return to\n"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """No configuration of the user's, and nothing of a repository whose hook runs this test."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    person = {"NAME": "Somebody", "EMAIL": "somebody@example.org"}
    for role in ("AUTHOR", "COMMITTER"):
        kept |= {f"GIT_{role}_{key}": value for key, value in person.items()}
    return kept | {"GIT_CONFIG_GLOBAL": os.devnull, "PRE_COMMIT_HOME": str(tmp_path / "cache")}


def repository(folder: Path, environment: dict[str, str]) -> None:
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "All of it"]):
        subprocess.run(["git", *command], cwd=folder, env=environment, check=True)


@pytest.fixture
def hooks(tmp_path: Path, environment: dict[str, str]) -> Path:
    folder = tmp_path / "hooks"
    folder.mkdir()
    for name in SHIPPED:
        source = PROJECT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / name)
    repository(folder, environment)
    return folder


@pytest.fixture
def user(tmp_path: Path, environment: dict[str, str]) -> Path:
    folder = tmp_path / "user"
    (folder / "generated").mkdir(parents=True)
    (folder / "pyproject.toml").write_text('[tool.incident-lint]\nextend-exclude = ["generated"]\n')
    (folder / "mail.py").write_text(LEAK)
    (folder / "notes.txt").write_text(LEAK)
    (folder / "generated" / "mail.py").write_text(LEAK)
    repository(folder, environment)
    return folder


def pre_commit(*arguments: str, cwd: Path, environment: dict[str, str]) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "pre_commit", *arguments],
        cwd=cwd,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return done.returncode, done.stdout


def test_the_manifest_is_valid(environment: dict[str, str]) -> None:
    manifest = PROJECT / ".pre-commit-hooks.yaml"
    status, output = pre_commit(
        "validate-manifest", str(manifest), cwd=PROJECT, environment=environment
    )
    assert status == 0, output


def test_the_hook_finds_a_leak_and_heeds_excludes(
    hooks: Path, user: Path, environment: dict[str, str]
) -> None:
    status, output = pre_commit(
        "try-repo",
        str(hooks),
        "incident-lint",
        "--all-files",
        "--verbose",
        cwd=user,
        environment=environment,
    )
    assert status == 1, output
    assert "mail.py:1:22" in output
    assert "INC101" in output
    assert "generated" not in output.partition("- exit code")[2]
    assert "notes.txt" not in output
