"""`engine/belonging.py`: whose is a value?

What `spikes/belonging` expects of each argument of `show()` is written beside it; "of" is followed
by what the code calls the sources.
"""

from pathlib import Path

import pytest
from test_outside import cases, shown, write

from incident_lint.engine.belonging import Belonging, Sources
from incident_lint.engine.fold import Fold
from incident_lint.engine.project import Project
from incident_lint.model.source import Source

_FOLDER = Path(__file__).with_name("spikes") / "belonging"


def told(sources: Sources) -> str:
    """The kinds of some sources, with a "?" if none is sure."""
    kinds = sorted({source.kind for source in sources})
    doubt = "" if not sources or any(source.sure for source in sources) else "?"
    return "/".join(kinds) + doubt if kinds else "nobody"


@pytest.mark.parametrize("body", list(cases(_FOLDER)))
def test_case(body: str, tmp_path: Path) -> None:
    expected = write(body, tmp_path)
    assert expected
    for order in (1, -1):  # what was asked before must not matter
        project = Project(cwd=tmp_path)
        module = project.add(Source.from_bytes("app.py", (tmp_path / "app.py").read_bytes()))
        travel = project.travel
        fold = Fold(project, travel.bodies, travel.values, Belonging(project))
        found = {}
        for value, ref, call in list(shown(module))[::order]:
            assert value.at is not None
            element = fold.fold_at(ref, call).element
            labels = ", ".join(sorted({source.label for source in element}))
            wanted = expected[value.at.line]
            found[value.at.line] = told(element) + (f" of {labels}" if " of " in wanted else "")
        assert found == expected
