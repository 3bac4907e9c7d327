"""The examples of the pages are run: the bad one shows its code alone, the good one nothing."""

import re
from pathlib import Path

import pytest

from incident_lint.checks import FAMILIES
from incident_lint.engine.project import Project
from incident_lint.engine.run import check_source
from incident_lint.knowledge import rules
from incident_lint.model.source import Source

OF_ITS_OWN = "INC207"
"""A code that speaks of nearly every call: only its own page's examples are asked for it."""


def codes_in(example: str, folder: Path, wanted: frozenset[str]) -> set[str]:
    source = Source(str(folder / "example.py"), example)
    report = check_source(source, Project(cwd=folder), FAMILIES, wanted)
    return {finding.code for finding in report.findings}


@pytest.mark.parametrize("code", sorted(rules.DELIVERED))
def test_the_example_shows_the_code_and_the_cure_is_clean(code: str, tmp_path: Path) -> None:
    wanted = rules.DELIVERED - ({OF_ITS_OWN} - {code})
    bad, good = re.findall(r"```python\n(.*?)```", rules.page(code), re.DOTALL)
    assert codes_in(bad, tmp_path, wanted) == {code}
    assert codes_in(good, tmp_path, wanted) == set()
