"""The demo expects of an incident what its comments say, as the tests read them."""

import importlib.util
from pathlib import Path

import pytest

import fixtures

DEMO = Path(__file__).resolve().parents[1] / "tools" / "demo.py"


@pytest.mark.parametrize("incident", fixtures.incidents(), ids=lambda path: path.name)
@pytest.mark.parametrize("version", ["before", "after"])
def test_the_demo_reads_expectations_as_the_tests_do(incident: Path, version: str) -> None:
    spec = importlib.util.spec_from_file_location("demo", DEMO)
    assert spec is not None and spec.loader is not None
    demo = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(demo)
    said = fixtures.read(fixtures.modules(incident / version)).expected
    wanted = {mark.code for mark in said if mark.confidence == "proved"}
    assert demo.expected(incident / version) == wanted
    assert bool(wanted) is (version == "before")
