"""INC105: a mutable default that is kept on purpose, as a lookup table keyed by the arguments."""

from __future__ import annotations

import re

from ...engine.classes import FunctionRef
from ...engine.defaults import Default
from ...engine.project import Project
from ...engine.summary import Summary
from ...model.facts import Param

NAME = re.compile(r"^_|cache|memo", re.I)
"""Names of parameters that are kept on purpose."""

_LOOKS_UP = frozenset({"contains", "item", ".get", "setitem", ".setdefault", "passed"})
_FILLS = frozenset({"changed by item assignment", "changed by `setdefault()`"})


def is_cache(
    project: Project, ref: FunctionRef, param: Param, default: Default, summary: Summary
) -> bool:
    """Whether the name says cache or memo (or is private), the table is only looked up and
    filled, and by keys that come from the arguments."""
    if default.shape.iterator or not NAME.search(param.name):
        return False
    events = summary.events.values()
    if not events or any(e.kind != "changed" or e.how not in _FILLS for e in events):
        return False
    if any(use.kind not in _LOOKS_UP for use in summary.uses):
        return False
    travel = project.travel
    for use in summary.uses:
        if use.kind == "passed":
            if use.key is None or not travel.calls_itself(ref, use.key):
                return False
        elif use.key is None or not travel.comes_from_parameters(ref, use.key, param.name):
            return False
    return True
