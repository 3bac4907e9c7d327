"""INC103: a default calls something that gives another answer each time, or owns what it gives."""

from __future__ import annotations

from collections.abc import Iterator

from ...engine.classes import ClassRef, FunctionRef
from ...engine.defaults import Defaults
from ...engine.definitions import Ref
from ...engine.field_defaults import FieldDefaults
from ...engine.finding import Cure, Finding, Tally
from ...engine.once import Once, OnceCalls
from ...engine.project import Module, Project
from ...knowledge.paths import parse
from ...model.facts import Param
from ...model.source import Span
from .cures import Cures
from .stubs import has_no_body

_FAMILY = "shared_defaults"


def check(module: Module, project: Project, tally: Tally) -> Iterator[Finding]:
    """Judge every call in a default of a function, or of a field that a class declares."""
    cures = Cures(module, project)
    for index, function in enumerate(module.facts.functions):
        ref = FunctionRef(module.name, index)
        found = [
            (param, once)
            for param in function.params
            if param.default is not None and (once := called(project, ref, param))
        ]
        if found and has_no_body(module, project, ref):
            continue
        name = "a lambda" if "lambda" in function.flags else f"`{function.name}()`"
        for param, once in found:
            if once.sure or not Defaults(project).of(ref, param):  # else that is said, for certain
                tally.judge(_FAMILY)
                way_out = "default to `None` and call it in the body"
                made = _finding(module, once, name, f"`{param.name}`", "calls", way_out)
                cure = cures.of_call(ref, param)
                if cure is not None and not cure.caution and once.row.keys.get("held"):
                    cure = cure._replace(
                        caution="each call would open its own, and may not close it"
                    )
                yield made._replace(cure=cure)
    fields = FieldDefaults(project)
    for index in range(len(module.facts.classes)):
        yield from _check_class(module, project, tally, fields, ClassRef(module.name, index))


def called(project: Project, ref: FunctionRef, param: Param) -> Once | None:
    """The call in a parameter's default that should run in each call; None: there is none.

    A function inside another one is defined anew in each call of that, often just to keep what is
    true at that moment, so its defaults are left alone. So is a parameter that starts with `_`, but
    for an `_id`: nobody is to pass it, and it keeps its value on purpose.
    """
    module = project.module(ref.module)
    if module is None or param.default is None or param.default_at is None:
        return None
    if module.facts.functions[ref.index].parent:
        return None
    once = _first(project, Ref(ref.module, 0, param.default), param.default_at)
    kept = once is not None and param.name[:1] == "_" and once.row.keys["noun"] != "id"
    return None if kept else once


def _check_class(
    module: Module, project: Project, tally: Tally, fields: FieldDefaults, ref: ClassRef
) -> Iterator[Finding]:
    facts = module.facts.classes[ref.index]
    for field in fields.of(ref) if facts.body and not facts.parent else ():
        once = _first(project, field.value, facts.at)
        if once is not None and not _is_settings(project, ref):
            tally.judge(_FAMILY)
            called = field.instead == "callable"
            way_out = "pass a function that makes it" if called else "give it a default factory"
            made = _finding(module, once, f"`{facts.name}`", f"`{field.name}`", "objects", way_out)
            value = project.names.value(field.value)
            whole = value is not None and value.at == once.at  # else there is nothing to call
            yield made._replace(cure=Cure(field.instead) if field.instead and whole else None)


def _is_settings(project: Project, ref: ClassRef) -> bool:
    """Whether there is one object of a class in a process, which keeps its values on purpose."""
    bases = project.classes.order(ref).external
    return any(project.catalogue.match("settled", parse(base)[0]) for base in bases)


def _first(project: Project, ref: Ref, inside: Span) -> Once | None:
    return next(iter(OnceCalls(project).of(ref, inside)), None)


def _finding(
    module: Module, once: Once, definition: str, name: str, sharers: str, way_out: str
) -> Finding:
    message = (
        f"`{_spelled(module, once.at)}()` runs once, when {definition} is defined, "
        f"and {name} keeps that {once.row.keys['noun']} for all {sharers}: {way_out}"
    )
    made = Finding("INC103", module.path, once.at, message, "proved", once.steps)
    return made if once.sure else made._replace(confidence="suspected")


def _spelled(module: Module, at: Span) -> str:
    """What is called, as the code writes it: `datetime.now` of `datetime.now(timezone.utc)`."""
    line = module.source.lines[at.line - 1][at.column - 1 :]
    return line.partition("(")[0].strip()
