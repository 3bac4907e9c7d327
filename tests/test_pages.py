"""The examples of the pages are run: the bad one shows its code alone, the good one nothing."""

import re
from pathlib import Path

import pytest

from incident_lint.checks import FAMILIES
from incident_lint.engine.project import Project
from incident_lint.engine.run import check_source
from incident_lint.knowledge import rules
from incident_lint.model.source import Source


def codes_in(example: str, folder: Path) -> set[str]:
    source = Source(str(folder / "example.py"), example)
    report = check_source(source, Project(cwd=folder), FAMILIES, None)
    return {finding.code for finding in report.findings}


@pytest.mark.parametrize("code", sorted(rules.DELIVERED))
def test_the_example_shows_the_code_and_the_cure_is_clean(code: str, tmp_path: Path) -> None:
    bad, good = re.findall(r"```python\n(.*?)```", rules.page(code), re.DOTALL)
    assert codes_in(bad, tmp_path) == {code}
    assert codes_in(good, tmp_path) == set()
