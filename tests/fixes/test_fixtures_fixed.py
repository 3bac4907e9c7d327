"""Every fixture with fixes has a twin that shows what they make of it."""

from __future__ import annotations

import warnings
from pathlib import Path

import fixed
import literate
import pytest

from incident_lint.model.source import Source


def name(sample: Path) -> str:
    return sample.name


@pytest.mark.parametrize("sample", fixed.SAMPLES, ids=name)
def test_fixture_becomes_what_its_twin_says(sample: Path) -> None:
    text, twin = sample.read_text("utf-8"), fixed.beside(sample)
    result = fixed.fixed(sample, text)
    assert result.dropped == ()
    assert result.text == (twin.read_text("utf-8") if twin.exists() else text)
    if twin.exists():
        again = fixed.fixed(sample, result.text)
        assert (again.text, again.rounds) == (result.text, 0)


@pytest.mark.parametrize(
    "sample", [one for one in fixed.SAMPLES if fixed.beside(one).exists()], ids=name
)
def test_a_twin_has_no_finding_that_the_fixture_had_not(sample: Path) -> None:
    before = literate.findings(Source(str(sample), sample.read_text("utf-8")))
    after = literate.findings(Source(str(sample), fixed.beside(sample).read_text("utf-8")))
    assert {(one.code, one.message) for one in after} <= {(one.code, one.message) for one in before}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        compile(fixed.beside(sample).read_text("utf-8"), str(sample), "exec", dont_inherit=True)


def test_no_twin_is_left_behind() -> None:
    twins = set(fixed.FIXTURES.glob("*.fixed.py"))
    assert twins <= {fixed.beside(sample) for sample in fixed.SAMPLES}
