"""`engine/stale.py`: what does a turn of a loop send that an earlier one has left?

What `spikes/turns` expects of each call that sends is written beside it: "grows" (an object or text
that grows from turn to turn), "unset" (a way of the turn does not set it) or "no"; "perhaps" stands
before what rests on a name.
"""

from pathlib import Path

import pytest
from test_outside import cases, write

from incident_lint.engine.definitions import FunctionRef
from incident_lint.engine.makings import Makings
from incident_lint.engine.project import Project
from incident_lint.model.source import Source

_FOLDER = Path(__file__).with_name("spikes") / "turns"


@pytest.mark.parametrize("body", list(cases(_FOLDER)))
def test_case(body: str, tmp_path: Path) -> None:
    expected = write(body, tmp_path)
    assert expected
    for order in (1, -1):  # what was asked before must not matter
        project = Project(cwd=tmp_path)
        module = project.add(Source.from_bytes("app.py", (tmp_path / "app.py").read_bytes()))
        found = dict.fromkeys(expected, "no")
        for index in range(1, len(module.facts.functions))[::order]:
            loops = project.travel.stale.of(module, index)
            for stale in (each for loop in loops for each in loop):
                said = "grows" if stale.grows else "unset"
                found[stale.at.line] = said if stale.sure else f"perhaps {said}"
        assert found == expected


PUTS = """
def add(to, what, other):
    to.append(what)
def through(to, what):
    add(to, [what], 1)
def first(one, two):
    return one or len(two)
def names(users, sep):
    return sep.join(user.name for user in users)
"""


def test_what_a_function_puts_where_and_gives_back() -> None:
    project = Project()
    module = project.add(Source("<stdin>", PUTS))
    makings = Makings(project, project.travel)
    add, through, first, names = (FunctionRef(module.name, index) for index in range(1, 5))
    assert (makings.stored(add, "to"), makings.stored(add, "what")) == ({"what": True}, {})
    assert makings.stored(through, "to") == {"what": True}
    assert makings.returned(first) == {"one": True}
    assert makings.returned(names).keys() == {"users", "sep"}
