"""INC101, INC102, INC105: a default is made once; what one call does to it, the next one sees."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...engine.activation import Entry
from ...engine.classes import FunctionRef
from ...engine.defaults import Default, Defaults
from ...engine.finding import Finding, Tally
from ...engine.project import Module, Project
from ...engine.summary import Event, Summary
from ...model.facts import Param
from .cache import is_cache
from .cures import Cures
from .evaluated_once import called
from .stubs import has_no_body

_FAMILY = "shared_defaults"


def check(module: Module, project: Project, tally: Tally) -> Iterator[Finding]:
    """Judge every mutable default of a module."""
    defaults = Defaults(project)
    cures = Cures(module, project)
    for index, function in enumerate(module.facts.functions):
        ref = FunctionRef(module.name, index)
        found = [(param, defaults.of(ref, param)) for param in function.params]
        found = [(p, made) for p, made in found if made and not _is_evaluated_once(project, ref, p)]
        if found and has_no_body(module, project, ref):
            continue
        tally.seen["functions with mutable defaults"] += bool(found)
        for param, objects in found:
            yield from _judge(module, project, tally, cures, ref, param, objects)


def _is_evaluated_once(project: Project, ref: FunctionRef, param: Param) -> bool:
    """Whether INC103 speaks of a default: one cause is one finding."""
    once = called(project, ref, param)
    return once is not None and once.sure


def _judge(
    module: Module,
    project: Project,
    tally: Tally,
    cures: Cures,
    ref: FunctionRef,
    param: Param,
    objects: Iterable[Default],
) -> Iterator[Finding]:
    """The worst that happens to any of the objects that one default can be."""
    verdicts = []
    causes: dict[str, None] = {}
    for default in objects:
        summary = project.travel.follow(ref, Entry(param.name, False, (), False, default.shape))
        if is_cache(project, ref, param, default, summary):
            tally.judge(_FAMILY)
            yield _finding(module, ref, param, "INC105", _cache_message(module, ref, param))
            return
        verdicts.append((default, summary, _worst(default, summary)))
        causes.update(dict.fromkeys(summary.unknown))
    default, summary, event = min(verdicts, key=lambda v: (v[2] is None, v[0].named))
    read_only = Defaults(project).is_read_only(ref, param)
    if (read_only or default.named) and (event is None or event.kind != "changed"):
        event = project.travel.changed_in_class(ref, summary.kept, default.shape)
    tally.judge(_FAMILY, () if event is not None else causes)
    silent = default.named or read_only
    if event is None and silent:
        return
    cure = cures.of_default(ref, param, default, summary)
    read = None
    if not silent:
        read = _read_finding(module, ref, param, default, summary)._replace(cure=cure)
    if event is not None:
        message = _leak_message(module, ref, param, default, event)
        found = _finding(module, ref, param, "INC101", message, event)._replace(cure=cure)
        yield found if event.sure else found._replace(otherwise=read)
    elif read is not None:
        yield read


def _worst(default: Default, summary: Summary) -> Event | None:
    """The event that counts: what is only named here is shared on purpose, and may leave."""
    if default.named:
        return summary.worst("changed")
    return summary.worst()


def _finding(
    module: Module,
    ref: FunctionRef,
    param: Param,
    code: str,
    message: str,
    event: Event | None = None,
) -> Finding:
    assert param.default_at is not None
    sure = event is None or event.sure
    return Finding(
        code,
        module.path,
        param.default_at,
        message,
        "proved" if sure else "suspected",
        () if event is None else event.steps,
    )


def _place(module: Module, ref: FunctionRef, param: Param) -> str:
    function = module.facts.functions[ref.index]
    name = "a lambda" if "lambda" in function.flags else f"`{function.name}()`"
    return f"`{param.name}` of {name}"


def _leak_message(
    module: Module, ref: FunctionRef, param: Param, default: Default, event: Event
) -> str:
    place = _place(module, ref, param)
    if default.named:
        return f"{place} defaults to a shared {default.noun} and is {event.how}: copy it first"
    cure = "default to `None` and make a new one in the call"
    return f"{place} is one {default.noun} for all calls, and is {event.how}: {cure}"


def _read_finding(
    module: Module, ref: FunctionRef, param: Param, default: Default, summary: Summary
) -> Finding:
    assert param.default_at is not None
    message = (
        f"{_place(module, ref, param)} is one {default.noun} for all calls, so far only read: "
        "default to `None` and make a new one in the call"
    )
    lost = tuple(sorted((s for s in summary.unknown.values() if s.path), key=lambda s: s[:2]))
    return Finding("INC102", module.path, param.default_at, message, "proved", lost)


def _cache_message(module: Module, ref: FunctionRef, param: Param) -> str:
    return (
        f"{_place(module, ref, param)} is a cache that all calls share and nothing empties: "
        "use `functools.lru_cache` or a module-level dict with a bound"
    )
