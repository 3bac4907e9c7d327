"""Every fixture with fixes has a twin that shows what they make of it."""

from __future__ import annotations

import re
import warnings
from pathlib import Path

import fixed
import literate
import pytest

from incident_lint.knowledge import rules
from incident_lint.model.source import Source


def name(sample: Path) -> str:
    return f"{sample.parent.name}/{sample.name}"


def said(sample: Path, text: Path) -> set[tuple[str, str]]:
    """What a sample's own family finds in a text, wherever it stands: lines move."""
    found = literate.findings(Source(str(sample), text.read_text("utf-8")))
    return {
        (one.code, re.sub(r"\bline \d+", "line", one.message))
        for one in found
        if rules.codes()[one.code].family == sample.parent.name
    }


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
    assert said(sample, fixed.beside(sample)) <= said(sample, sample)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        compile(fixed.beside(sample).read_text("utf-8"), str(sample), "exec", dont_inherit=True)


def test_no_twin_is_left_behind() -> None:
    assert fixed.twins() <= {fixed.beside(sample) for sample in fixed.SAMPLES}
