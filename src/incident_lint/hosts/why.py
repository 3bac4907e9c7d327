"""`why FILE:LINE`: what the tool takes the expressions of a line for, and what it cannot tell.

For each expression: its API path as rows spell it, the rows that match and where they come from,
or the cause of "don't know"; then what is found on the line, hidden or not.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from ..checks import FAMILIES
from ..engine.classes import ClassRef, FunctionRef
from ..engine.definitions import ModuleDef, Ref, Unknown
from ..engine.finding import Finding
from ..engine.project import Module, Project
from ..engine.run import Report, check_source
from ..engine.thing import Api, ClassThing, Instance, Made, Super, Thing
from ..knowledge import paths, rules
from ..knowledge.catalogue import Row
from ..model.facts import Value
from ..model.source import Source, Span
from .output.text import one_line
from .work import relative

_LONGEST = 60
_SILENT = frozenset({"const", "unbound"})


class Expression(NamedTuple):
    """A value on the line: where it stands, what it can be, and what functions a call calls."""

    span: Span
    things: tuple[Thing, ...]
    calls: tuple[FunctionRef, ...]


def tell(source: Source, line: int, project: Project) -> Iterator[str]:
    """The answer for a 1-based line, as lines of text. Raises SourceError if the text is no
    Python; what a line past the end holds is nothing."""
    module = project.add(source)
    text = source.lines[line - 1].strip() if line <= len(source.lines) else ""
    yield f"{source.path}:{line}: {one_line(text)}"
    expressions = _expressions(module, project, line)
    for expression in expressions:
        yield f"  {expression.span.column}: {_spelled(source, expression.span)}"
        for function in expression.calls:
            yield f"    calls {_function(function, project)}"
        for thing in expression.things:
            yield from (f"    {row}" for row in _thing(thing, project))
    if not expressions:
        yield "  nothing here that can be recognised"
    yield from _found(check_source(source, project, FAMILIES), line)


def _expressions(module: Module, project: Project, line: int) -> list[Expression]:
    """The values that start on a line, each span once, without those that are but the beginning
    of another one that is known."""
    found: dict[Span, Expression] = {}
    for number, function in enumerate(module.facts.functions):
        here = {
            index: value
            for index, value in enumerate(function.values)
            if value.at is not None and value.at.line == line and value.op not in _SILENT
        }
        told = {
            index: project.travel.values.describe(Ref(module.name, number, index)) for index in here
        }
        beginnings = set(_beginnings(here, told))
        for index, value in here.items():
            if value.at is not None and index not in beginnings:
                calls = _calls(project, Ref(module.name, number, index), value)
                found.setdefault(value.at, Expression(value.at, told[index], calls))
    outermost_first = [(s.column, -s.end_line, -s.end_column, s) for s in found]
    return [found[span] for *_, span in sorted(outermost_first)]


def _calls(project: Project, ref: Ref, value: Value) -> tuple[FunctionRef, ...]:
    """The project's functions that a call may call."""
    if value.op != "call":
        return ()
    called = project.travel.values.describe(ref._replace(value=value.args[0]))
    return tuple(thing.function for thing in called if isinstance(thing, Made))


def _beginnings(here: dict[int, Value], told: dict[int, tuple[Thing, ...]]) -> Iterator[int]:
    """Values that a call, attribute or item of a known whole starts with."""
    for index, value in here.items():
        known = not any(isinstance(thing, Unknown) for thing in told[index])
        if value.op in ("call", "attr", "item") and known:
            yield value.args[0]


def _thing(thing: Thing, project: Project) -> Iterator[str]:
    if isinstance(thing, Unknown):
        yield f"don't know: {thing.cause}"
    elif isinstance(thing, Api):
        yield paths.render(thing.path)
        rows = project.catalogue.matches(thing.path)
        yield from (f"  {_row(row)}" for row in rows)
        if not rows:
            yield "  no row speaks of it"
    elif isinstance(thing, Made):
        sure = "" if thing.sure else ", behind a decorator that is not known"
        yield f"{_function(thing.function, project)}{sure}"
    elif isinstance(thing, ClassThing):
        yield f"class {_class(thing.ref, project)}"
    elif isinstance(thing, Instance):
        yield f"an object of class {_class(thing.ref, project)}"
    elif isinstance(thing, Super):
        yield "what comes next in the order of classes"
    elif isinstance(thing.definition, ModuleDef):
        yield f"module {thing.definition.name} of the project"
    else:
        yield "a folder of the project"


def _row(row: Row) -> str:
    keys = "".join(f", {key} = {value!r}" for key, value in row.keys.items())
    file = Path(row.file)
    folder = rules.folder()
    shown = f"rules/{file.relative_to(folder).as_posix()}" if folder in file.parents else None
    source = f" ({row.source})" if row.source else ""
    return f"{row.role}{keys}: {row.text} in {shown or relative(file)}:{row.line}{source}"


def _function(ref: FunctionRef, project: Project) -> str:
    module = project.module(ref.module)
    if module is None:
        return f"a function of {ref.module}"
    function = module.facts.functions[ref.index]
    name = f"{module.facts.module}.{function.qualname}"
    return f"function {name} ({module.path}:{function.at.line})"


def _class(ref: ClassRef, project: Project) -> str:
    module = project.module(ref.module)
    if module is None:
        return f"of {ref.module}"
    made = module.facts.classes[ref.index]
    return f"{module.facts.module}.{made.qualname} ({module.path}:{made.at.line})"


def _spelled(source: Source, span: Span) -> str:
    """The text of a span, on one line and not too long."""
    lines = source.lines[span.line - 1 : span.end_line]
    if span.end_line == span.line:
        text = lines[0][span.column - 1 : span.end_column - 1]
    else:
        text = lines[0][span.column - 1 :] + " ..."
    text = one_line(" ".join(text.split()))
    return text if len(text) <= _LONGEST else text[: _LONGEST - 4] + " ..."


def _found(report: Report, line: int) -> Iterator[str]:
    """Findings on the line, whatever is selected, what hides some, and what could not be done."""
    hidden = {s.finding: ", ".join(sorted(s.kinds)) for s in report.suppressed}
    for finding in (*report.findings, *hidden):
        if finding.span.line == line or finding.code == "INC002":
            by = f", hidden by a comment ({hidden[finding]})" if finding in hidden else ""
            rule = rules.codes()[finding.code]
            off = "" if rule.default_on else ", off by default"
            yield f"  {finding.code} {rule.symbol} ({finding.confidence}{off}{by})"
            yield f"    {one_line(finding.message)}"
            yield from _trail(finding)


def _trail(finding: Finding) -> Iterator[str]:
    for step in finding.trail:
        place = f"{one_line(step.path)}:{step.span.line}:{step.span.column}"
        yield f"    {place}: {one_line(step.message)}"
