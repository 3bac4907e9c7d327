"""INC304 and INC305: a setting of the process, or of a client that everybody uses, is set for one
request."""

from __future__ import annotations

from collections.abc import Iterator

from ...engine.belonging import belonging
from ...engine.definitions import FunctionRef
from ...engine.finding import Confidence, Finding, Step, Tally
from ...engine.project import Module, Project
from ...engine.set_while_serving import Set
from . import told

_FAMILY = "tenant_state"
_SEEN = "settings of the process and of shared clients"
_KEEPS = "; it is put back below, but others are served with it until then"


def check(module: Module, project: Project, tally: Tally) -> Iterator[Finding]:
    """Judge what is set for all when an entry point of a module serves, and what no entry point in
    sight leads to: one finding for each setting in a function, at the first place."""
    asked = project.travel.set_while_serving
    found: dict[tuple[object, ...], Set] = {}
    seen: dict[Step, str] = {}
    reached: set[FunctionRef] = set()
    functions = [FunctionRef(module.name, index) for index in range(1, len(module.facts.functions))]
    for function in functions:
        for one in asked.sets(function):
            last = one.steps[-1]
            seen[last] = seen.get(last) or one.cause
            if one.matters:
                _keep(found, module, one)
        reached.update(asked.reached(function))
    for function in functions:
        for one in asked.unseen(function) if function not in reached else ():
            _keep(found, module, one)
    for place, cause in seen.items():
        tally.judge_at(_FAMILY, _SEEN, place, [cause] if cause else ())
    for one in found.values():
        yield _finding(module, one)


def _keep(found: dict[tuple[object, ...], Set], module: Module, one: Set) -> None:
    """Of several places that set the same, the surest, of these the first."""
    starts = [f.at.line for f in module.facts.functions[1:] if f.at.line <= one.at.line]
    key = one.setting.what, one.steps[-1].path, max(starts, default=0)
    known = found.get(key)
    if known is None or (bool(one.doubt), one.at) < (bool(known.doubt), known.at):
        found[key] = one


def _finding(module: Module, one: Set) -> Finding:
    mine = belonging(one.worth.element)
    what, unit = told.what(one.worth), told.unit(one.scope)
    setting = one.setting
    keys = setting.row.keys
    out = keys.get("instead") or "pass it on as an argument"
    if setting.client is not None:
        said = (
            f"{setting.what} of {setting.client.what}, which lives with the process, is set to"
            f" {what} of one {unit}, and is sent for all others"
        )
    else:
        to = f"to {what} of one {unit}" if mine else f"while one {unit} is served"
        said = f"{setting.what} is one for the {keys.get('of', 'process')} and is set {to}"
    message = f"{said}{_KEEPS if one.restored else ''}: {out}"
    confidence: Confidence = "suspected" if one.doubt else "proved"
    code = "INC305" if setting.is_of_client else "INC304"
    steps = told.doubted(one.steps, one.doubt)
    return Finding(code, module.path, one.at, message, confidence, steps)
