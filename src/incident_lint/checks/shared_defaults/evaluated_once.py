"""INC103: a default calls something that gives another answer each time, or owns what it gives."""

from __future__ import annotations

from collections.abc import Iterator

from ...engine.classes import ClassRef, FunctionRef
from ...engine.constructors import declared
from ...engine.defaults import Defaults
from ...engine.definitions import Ref
from ...engine.finding import Finding, Tally
from ...engine.once import Once, OnceCalls
from ...engine.project import Module, Project
from ...model.facts import Param
from ...model.source import Span
from .stubs import has_no_body

_FAMILY = "shared_defaults"


def check(module: Module, project: Project, tally: Tally) -> Iterator[Finding]:
    """Judge every call in a default of a function, or of a field that a class declares."""
    for index, function in enumerate(module.facts.functions):
        ref = FunctionRef(module.name, index)
        found = [
            (param, once) for param in function.params if (once := called(project, ref, param))
        ]
        if found and has_no_body(module, project, ref):
            continue
        name = "a lambda" if "lambda" in function.flags else f"`{function.name}()`"
        for param, once in found:
            if once.sure or not Defaults(project).of(ref, param):  # else that is said, for certain
                tally.judge(_FAMILY)
                cure = "default to `None` and call it in the body"
                yield _finding(module, once, name, f"`{param.name}`", "calls", cure)
    for index in range(len(module.facts.classes)):
        yield from _check_class(module, project, tally, ClassRef(module.name, index))


def called(project: Project, ref: FunctionRef, param: Param) -> Once | None:
    """The call in a parameter's default that should run in each call; None: there is none.

    A function inside another one is defined anew in each call of that, often just to keep what is
    true at that moment, so its defaults are left alone.
    """
    module = project.module(ref.module)
    if module is None or param.default is None or param.default_at is None:
        return None
    if module.facts.functions[ref.index].parent:
        return None
    return _first(project, Ref(ref.module, 0, param.default), param.default_at)


def _check_class(
    module: Module, project: Project, tally: Tally, ref: ClassRef
) -> Iterator[Finding]:
    facts = module.facts.classes[ref.index]
    for field in declared(project, ref) if facts.body and not facts.parent else ():
        once = None if field.default is None else _first(project, field.default, facts.at)
        if once is not None:
            tally.judge(_FAMILY)
            cure = "give it a default factory"
            yield _finding(module, once, f"`{facts.name}`", f"`{field.field}`", "objects", cure)


def _first(project: Project, ref: Ref, inside: Span) -> Once | None:
    return next(iter(OnceCalls(project).of(ref, inside)), None)


def _finding(
    module: Module, once: Once, definition: str, name: str, sharers: str, cure: str
) -> Finding:
    message = (
        f"`{_spelled(module, once.at)}()` runs once, when {definition} is defined, "
        f"and {name} keeps that {once.row.keys['noun']} for all {sharers}: {cure}"
    )
    made = Finding("INC103", module.path, once.at, message, "proved", once.steps)
    return made if once.sure else made._replace(confidence="suspected")


def _spelled(module: Module, at: Span) -> str:
    """What is called, as the code writes it: `datetime.now` of `datetime.now(timezone.utc)`."""
    line = module.source.lines[at.line - 1][at.column - 1 :]
    return line.partition("(")[0].strip()
