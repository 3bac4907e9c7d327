"""INC301 and INC302: what belongs to one request or tenant is put where the next one finds it."""

from __future__ import annotations

from collections.abc import Iterator

from ...engine.definitions import ClassRef, FunctionRef
from ...engine.finding import Confidence, Finding, Tally
from ...engine.project import Module, Project
from ...engine.shared_state import SharedState
from ...engine.tenancy import Put
from . import told

_FAMILY = "tenant_state"
_SEEN = "writes to what lives with the process"


def check(module: Module, project: Project, tally: Tally) -> Iterator[Finding]:
    """Judge what is put into what lives with the process when an entry point of a module serves,
    and what no entry point in sight leads to: one finding for each place."""
    tenancy = project.travel.tenancy
    puts = list(tenancy.puts(module))
    found = {put.at: put for put in sorted(puts, key=lambda put: put.rank) if put.leaks}
    functions = [FunctionRef(module.name, index) for index in range(1, len(module.facts.functions))]
    reached = {each for function in functions for each in tenancy.reached(function)}
    for function in functions:
        for put in tenancy.unseen(function) if function not in reached else ():
            found.setdefault(put.at, put)
    for put in puts:
        tally.judge_at(_FAMILY, _SEEN, put.steps[-1], [put.cause] if put.cause else ())
    own = _own_findings(module, project) if found else frozenset()
    for put in found.values():
        if (put.kept.slot.owner, put.kept.slot.name) not in own:
            yield _finding(module, put)


def _own_findings(module: Module, project: Project) -> frozenset[tuple[ClassRef, str]]:
    """The containers of classes of which INC303 speaks: one cause is one finding."""
    shared = SharedState(module, project)
    changes = (shared.judge(kind).change for kind in shared.kinds())
    return frozenset(
        (change.kind.owner, change.kind.name) for change in changes if change and not change.meant
    )


def _finding(module: Module, put: Put) -> Finding:
    what, unit = told.what(put.worth), told.unit(put.scope)
    if put.rebinds:
        message = (
            f"{put.kept.what} is one for the process and is bound to {what} of one {unit}: pass it"
            " on as an argument, or keep it in a `ContextVar`"
        )
    else:
        message = (
            f"{put.kept.what} lives with the process and is given {what} of one {unit}, where the"
            f" next {unit} finds it: keep it in a local variable, or under its owner's key"
        )
    confidence: Confidence = "suspected" if put.doubt else "proved"
    code = "INC302" if put.rebinds else "INC301"
    steps = told.doubted(put.steps, put.doubt)
    return Finding(code, module.path, put.at, message, confidence, steps)
