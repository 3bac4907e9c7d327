"""Generated programs run before and after their fixes: what did not leak gives the same, and what
leaked gives what it gave when nobody had called it before."""

from __future__ import annotations

import ast
import tempfile
import types
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from incident_lint.checks import FAMILIES
from incident_lint.engine.finding import Finding
from incident_lint.engine.fixing import Target, stabilise
from incident_lint.engine.project import Project
from incident_lint.engine.run import check_source
from incident_lint.fixes import REWRITERS
from incident_lint.knowledge.catalogue import Catalogue
from incident_lint.model.source import Source

from .execute import default_of, execute, observe
from .linting import write
from .program import Program
from .reach import fields
from .sample import Judged, draws
from .score import CODES

SEED, PROGRAMS = 11, 200
INPUTS = 4
"""How many inputs are tried as the very first call of a process."""

CATALOGUE = Catalogue.load()


class Mended(NamedTuple):
    """A program and what fixes made of it. `safe`: no fix of it had to be asked for; `applied` is
    how many were made, `dropped` how many did not work."""

    judged: Judged
    program: Program
    safe: bool
    applied: int
    dropped: int
    left: tuple[Finding, ...]


def mend(judged: Judged) -> Mended:
    """Make every fix, in every file of a program."""
    program, files = judged.program, dict(judged.program.files)
    applied = dropped = 0
    safe = True
    left: list[Finding] = []
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write(judged.program.files, root)

        def check(source: Source) -> tuple[Finding, ...]:
            Path(source.path).write_text(source.text, encoding="utf-8")
            project = Project(src=[root], catalogue=CATALOGUE, cwd=root)
            return check_source(source, project, FAMILIES, CODES).findings

        for path, text in program.files.items():
            source = Source(str(root / path), text)
            findings = check(source)
            cures = [finding.cure for finding in findings if finding.cure is not None]
            safe = safe and not any(cure.caution for cure in cures)
            fixed = stabilise(source, check, Target((3, 10)), True, REWRITERS)
            files[path] = fixed.text
            applied += fixed.applied.total()
            dropped += len(fixed.dropped)
            left += [one for one in check(Source(source.path, fixed.text)) if one.cure is not None]
    return Mended(judged, program._replace(files=files), safe, applied, dropped, tuple(left))


def picture(value: Any, depth: int = 6) -> object:
    """Contents that can be compared between two processes: no identities in it."""
    name = type(value).__name__
    if depth == 0 or isinstance(value, (types.ModuleType, types.FrameType)):
        return name
    if isinstance(value, (type, types.FunctionType, types.BuiltinFunctionType)):
        return name, value.__qualname__
    if isinstance(value, dict):
        return name, tuple(picture(pair, depth - 1) for pair in value.items())
    if isinstance(value, (set, frozenset)):
        return name, frozenset(picture(entry, depth - 1) for entry in value)
    if isinstance(value, (list, tuple)):
        return name, tuple(picture(entry, depth - 1) for entry in value)
    if isinstance(value, Iterator):
        return name, tuple(picture(entry, depth - 1) for entry in islice(value, 9))
    if type(value).__repr__ is object.__repr__:
        return name, tuple((key, picture(entry, depth - 1)) for key, entry in fields(value).items())
    return name, repr(value).partition(" at 0x")[0]


@lru_cache(maxsize=1)
def mended() -> tuple[Mended, ...]:
    return tuple(mend(judged) for judged in draws(SEED, PROGRAMS))


def first_calls(program: Program) -> list[tuple[str, object]]:
    """What each of some inputs gives to the first call of a process."""
    calls = (observe(program, picture, number, 1) for number in range(INPUTS))
    return [seen for call in calls for seen in call]


def is_mended(one: Mended) -> bool:
    """Whether the default under judgement is `None` now."""
    text = one.program.files[one.program.modules[one.program.subject]]
    defaults, index = default_of(ast.parse(text), one.program.param)
    return isinstance(defaults[index], ast.Constant)


def described(one: Mended) -> str:
    before, after = one.judged.program.files, one.program.files
    return "\n\n".join(f"## {p}\n{before[p]}\n# becomes\n{after[p]}" for p in before if before[p])


def test_every_fix_works_and_many_leaks_have_one() -> None:
    assert [described(one) for one in mended() if one.dropped] == []
    assert [described(one) for one in mended() if one.left and is_mended(one)] == []
    assert sum(is_mended(one) for one in mended() if one.judged.truth.leaks) > PROGRAMS / 4


def test_what_did_not_leak_gives_the_same() -> None:
    fixed = [one for one in mended() if one.applied and not one.judged.truth.leaks]
    assert len(fixed) > PROGRAMS / 8
    for one in fixed:
        before = observe(one.judged.program, picture)
        assert observe(one.program, picture) == before, described(one)


def test_what_leaked_gives_what_it_gave_before_anybody_had_called_it() -> None:
    for one in mended():
        if one.safe and one.judged.truth.leaks and is_mended(one):
            assert first_calls(one.program) == first_calls(one.judged.program), described(one)


def test_what_leaked_gives_the_first_caller_and_the_next_the_same() -> None:
    for one in mended():
        if one.judged.truth.leaks and is_mended(one):
            assert not execute(one.program).leaks, described(one)
            later = observe(one.program, picture, 0, INPUTS)
            assert later == first_calls(one.program), described(one)
