"""`engine/lifetimes.py`: which variable keeps an object, and does it outlive a request?

What `spikes/lifetimes` expects of each argument of `show()` is written beside it.
"""

from pathlib import Path

import pytest
from test_outside import cases, shown, write

from incident_lint.engine.lifetimes import Lifetimes
from incident_lint.engine.project import Project
from incident_lint.model.source import Source

_FOLDER = Path(__file__).with_name("spikes") / "lifetimes"


@pytest.mark.parametrize("body", list(cases(_FOLDER)))
def test_case(body: str, tmp_path: Path) -> None:
    expected = write(body, tmp_path)
    assert expected
    for order in (1, -1):  # what was asked before must not matter
        project = Project(cwd=tmp_path)
        module = project.add(Source.from_bytes("app.py", (tmp_path / "app.py").read_bytes()))
        lifetimes = Lifetimes(project, project.travel.values)
        found = {}
        for value, ref, _ in list(shown(module))[::order]:
            kept = lifetimes.of(ref, {})
            assert value.at is not None
            found[value.at.line] = "no" if kept is None else kept.what
        assert found == expected
