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
LEAK = "def send(message, to=[]):\n    to.append(message)\n    print(to)\n"


CONFIGURATION = """
repos:
  - repo: {folder}
    rev: {revision}
    hooks:
      - id: incident-lint
      - id: incident-lint-fix
"""


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """No configuration of the user's, and nothing of a repository whose hook runs this test."""
    cache = tmp_path_factory.mktemp("cache")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    person = {"NAME": "Somebody", "EMAIL": "somebody@example.org"}
    for role in ("AUTHOR", "COMMITTER"):
        kept |= {f"GIT_{role}_{key}": value for key, value in person.items()}
    return kept | {"GIT_CONFIG_GLOBAL": os.devnull, "PRE_COMMIT_HOME": str(cache)}


def git(folder: Path, environment: dict[str, str], *arguments: str) -> str:
    command = ["git", *arguments]
    return subprocess.run(
        command, cwd=folder, env=environment, check=True, capture_output=True, text=True
    ).stdout.strip()


def repository(folder: Path, environment: dict[str, str]) -> str:
    """Commit all that is in a folder: the revision."""
    git(folder, environment, "init", "-q")
    git(folder, environment, "add", "-A")
    git(folder, environment, "commit", "-q", "-m", "All of it")
    return git(folder, environment, "rev-parse", "HEAD")


@pytest.fixture(scope="module")
def configuration(tmp_path_factory: pytest.TempPathFactory, environment: dict[str, str]) -> str:
    """What a user writes to get the hooks, which stand in a repository of their own."""
    folder = tmp_path_factory.mktemp("hooks")
    for name in SHIPPED:
        source = PROJECT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / name)
    revision = repository(folder, environment)
    return CONFIGURATION.format(folder=folder, revision=revision)


@pytest.fixture
def user(tmp_path: Path, configuration: str, environment: dict[str, str]) -> Path:
    folder = tmp_path / "user"
    (folder / "generated").mkdir(parents=True)
    (folder / ".pre-commit-config.yaml").write_text(configuration)
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


def run(hook: str, user: Path, environment: dict[str, str]) -> tuple[int, str]:
    options = ("--all-files", "--verbose")
    return pre_commit("run", hook, *options, cwd=user, environment=environment)


def test_the_manifest_is_valid(environment: dict[str, str]) -> None:
    manifest = PROJECT / ".pre-commit-hooks.yaml"
    status, output = pre_commit(
        "validate-manifest", str(manifest), cwd=PROJECT, environment=environment
    )
    assert status == 0, output


def test_the_hook_finds_a_leak_and_heeds_excludes(user: Path, environment: dict[str, str]) -> None:
    status, output = run("incident-lint", user, environment)
    assert status == 1, output
    assert "mail.py:1:22" in output
    assert "INC101" in output
    assert "generated" not in output.partition("- exit code")[2]
    assert "notes.txt" not in output


def test_the_fixing_hook_fails_once_and_passes_then(
    user: Path, environment: dict[str, str]
) -> None:
    status, output = run("incident-lint-fix", user, environment)
    assert status == 1, output
    assert "files were modified by this hook" in output
    assert "to=None" in (user / "mail.py").read_text()
    assert (user / "generated" / "mail.py").read_text() == LEAK
    status, output = run("incident-lint-fix", user, environment)
    assert status == 0, output
