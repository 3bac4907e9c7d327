"""Which call of an expression makes another value each time."""

from __future__ import annotations

from textwrap import dedent

import pytest

from incident_lint.engine.definitions import Ref
from incident_lint.engine.once import Once, OnceCalls
from incident_lint.engine.project import Project
from incident_lint.model.source import Source


def asked(text: str) -> list[Once]:
    """The calls in the default of the module's last function."""
    project = Project()
    module = project.add(Source("<stdin>", dedent(text)))
    (param,) = module.facts.functions[-1].params
    assert param.default is not None and param.default_at is not None
    return OnceCalls(project).of(Ref(module.name, 0, param.default), param.default_at)


def test_the_sure_ones_come_first_then_the_order_of_the_text() -> None:
    found = asked(
        """\
        import time, uuid
        from somewhere import wrap
        def f(x=[wrap(time.time()), uuid.uuid4(), time.time()]): pass
        """
    )
    assert [(once.sure, once.at.column) for once in found] == [(True, 29), (True, 43), (False, 15)]


@pytest.mark.parametrize(
    ("decorator", "sure"),
    [
        ("somebodys", [False]),
        ("property", []),
        ("functools.cache", []),
        ("functools.wraps(len)", [True]),
    ],
)
def test_a_decorator_decides_what_a_call_gives(decorator: str, sure: list[bool]) -> None:
    found = asked(
        f"""\
        import functools, time
        from somewhere import somebodys
        @{decorator}
        def now():
            return time.time()
        def f(x=now()): pass
        """
    )
    assert [once.sure for once in found] == sure


def test_only_one_of_two_imports_is_known() -> None:
    found = asked(
        """\
        try:
            from somewhere import now
        except ImportError:
            from time import time as now
        def f(x=now()): pass
        """
    )
    assert [once.sure for once in found] == [False]


@pytest.mark.parametrize(
    "body",
    [
        "    return stamp(n - 1) if n else time.time()",
        "    t = time.time()\n    while n:\n        t = t + n\n        n = n - t\n    return t",
        "    for n in range(n):\n        t = time.time()\n    return t",
    ],
)
def test_a_value_that_depends_on_itself_ends(body: str) -> None:
    assert asked(f"import time\ndef stamp(n=0):\n{body}\ndef f(x=stamp()): pass\n") == []


def test_a_long_way_is_cut() -> None:
    deep = "(" * 80 + "time.time()" + ",)" * 80
    assert asked(f"import time\ndef f(x={deep}): pass\n") == []


def test_steps_lead_to_the_call_that_was_recognised() -> None:
    (once,) = asked(
        """\
        import uuid
        def new():
            return uuid.uuid4()
        def short():
            return new().hex[:8]
        def f(x="id-" + short()): pass
        """
    )
    assert (once.at.line, once.row.keys["noun"]) == (6, "id")
    assert [(step.span.line, step.message) for step in once.steps] == [
        (5, "`short()` returns what this gives"),
        (3, "`new()` returns what this gives"),
    ]
