"""INC206: a test puts a stand-in in the place of a call, and none makes it fail."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from ...engine.failing_tests import FailingTests
from ...engine.finding import Finding, Step, Tally
from ...engine.project import Module, Project
from ...engine.stand_ins import ANY, StandIn, StandIns

_FAMILY = "unchecked_responses"
_MOST_STEPS = 5


def check(module: Module, project: Project, tally: Tally) -> Iterator[Finding]:
    """Judge the stand-ins of a module that holds tests: one finding for each call that none of
    them makes fail, at the first."""
    if not any(function.name.startswith("test") for function in module.facts.functions):
        return
    found: dict[tuple[str, str], list[StandIn]] = defaultdict(list)
    stand_ins = StandIns(module, project)
    for each in stand_ins.found():
        found[each.call.key].append(each)
    elsewhere = bool(found) and FailingTests(module, project, stand_ins.judged).any()
    failing = {key for key, some in found.items() if not all(each.only_succeeds for each in some)}
    for key, some in found.items():
        tally.seen["calls that tests replace"] += 1
        tally.judge(_FAMILY)
        library, name = key
        fails = {name for root, name in failing if root == library}
        if not elsewhere and not fails & {name, ANY} and not (name == ANY and fails):
            yield _finding(module, sorted(some, key=lambda each: each.at))


def _finding(module: Module, some: list[StandIn]) -> Finding:
    first, *others = some
    call = first.call
    text = f"any {call.key[0]} request" if call.key[1] == ANY else f"`{call.text}`"
    message = f"no test in this file makes {text} fail: add one with {call.row.keys['hides']}"
    steps = [Step(module.path, each.at, "another that can only succeed") for each in others]
    trail = (*call.steps, *steps[:_MOST_STEPS])
    return Finding(
        "INC206", module.path, first.at, message, "proved" if call.sure else "suspected", trail
    )
