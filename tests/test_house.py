"""What the tree demands of others holds for itself: typed, linted, and clean by its own rules."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
OWN = ("src", "tests", "tools", "benchmarks")
COMMANDS = {
    "ruff": ["ruff", "check", "--no-cache", "."],
    "mypy": ["mypy", "--strict"],
    "incident-lint": ["incident_lint", "check", "--no-cache", *OWN],
}


@pytest.mark.slow
@pytest.mark.parametrize("name", COMMANDS)
def test_own_code_is_clean(name: str) -> None:
    run = subprocess.run(
        [sys.executable, "-m", *COMMANDS[name]], cwd=ROOT, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stdout + run.stderr
