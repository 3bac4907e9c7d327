"""The benchmark runs the tools that `compare` asks."""

import runpy
from pathlib import Path

import pytest

from . import peers

ROOT = Path(__file__).resolve().parents[2]


def test_the_benchmark_knows_how_to_call_every_contender(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(peers, "environment", lambda: Path("bin"))
    run = runpy.run_path(str(ROOT / "benchmarks" / "run.py"))
    contenders = run["_contenders"](tmp_path, ["a.py"], only_us=False)
    found = {each.name: each.command for each in contenders}
    assert found["ruff, B006 and B008"][0] == str(Path("bin", "ruff"))
    assert found["flake8 with bugbear"][-1] == "."
    assert found["pylint, W0102 only"][-1] == "a.py"
