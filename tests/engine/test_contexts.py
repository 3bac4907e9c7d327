"""`engine/contexts.py`: what stays set on a thread after a function has served?

What `spikes/contexts` expects of each place that sets is written beside it: "stays" (nothing resets
it), "until an exception" or "until the end" (a way leaves before the reset), or "no".
"""

from pathlib import Path

import pytest
from test_outside import cases, write

from incident_lint.engine.definitions import FunctionRef
from incident_lint.engine.project import Project
from incident_lint.model.source import Source

_FOLDER = Path(__file__).with_name("spikes") / "contexts"


@pytest.mark.parametrize("body", list(cases(_FOLDER)))
def test_case(body: str, tmp_path: Path) -> None:
    expected = write(body, tmp_path)
    assert expected
    for order in (1, -1):  # what was asked before must not matter
        project = Project(cwd=tmp_path)
        module = project.add(Source.from_bytes("app.py", (tmp_path / "app.py").read_bytes()))
        found = dict.fromkeys(expected, "no")
        for index in range(1, len(module.facts.functions))[::order]:
            asked = project.travel.contexts.left(FunctionRef(module.name, index))
            for left in (left for _, _, left in asked if left is not None):
                steps = [step for step in left.steps if step.path == module.path]
                at = left.setting.at if left.path == module.path else steps[0].span
                found[at.line] = f"until {left.ends}" if left.ends else "stays"
        assert found == expected
