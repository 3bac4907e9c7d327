"""What the README shows is what happens."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from incident_lint.knowledge import rules

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")
SHOWN = re.findall(r"^```console\n\$ incident-lint (.*)\n((?:.*\n)*?)```", README, re.M)


@pytest.mark.parametrize(("arguments", "output"), SHOWN, ids=[one[0] for one in SHOWN])
def test_shows_literal_output(arguments: str, output: str) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "incident_lint", *shlex.split(arguments)],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
    )
    assert (run.stdout, run.stderr) == (output, "")


def test_shows_at_least_one_finding() -> None:
    assert any("INC1" in output for _, output in SHOWN)


def test_lists_exactly_the_delivered_codes() -> None:
    rows = re.findall(r"^\| (INC\d{3}) `([\w-]+)` \|.*\| (on|off) \|$", README, re.M)
    assert sorted(rows) == sorted(
        (code, rules.codes()[code].symbol, "on" if rules.codes()[code].default_on else "off")
        for code in rules.DELIVERED
    )
