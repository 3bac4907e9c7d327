"""A rule that needs no engine, for tests of what hosts do with findings."""

from __future__ import annotations

import multiprocessing
import re
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from incident_lint.engine.finding import Finding, Tally
from incident_lint.engine.project import Module, Project
from incident_lint.hosts import config, embedded
from incident_lint.model.source import Span


class FakeFamily(NamedTuple):
    name: str
    codes: tuple[str, ...]
    check: object


def marks(module: Module, project: Project, tally: Tally) -> Iterator[Finding]:
    """A finding for each `[]`: INC101 after `leak`, INC105 after `cache`, else INC102; suspected
    after `maybe`; `boom` raises."""
    for number, line in enumerate(module.source.lines, 1):
        if "boom" in line:
            raise RuntimeError("two\nlines")
        for match in re.finditer(r"\[\]", line):
            code = "INC101" if "leak" in line else "INC105" if "cache" in line else "INC102"
            span = Span(number, match.start() + 1, number, match.end() + 1)
            confidence = "suspected" if "maybe" in line else "proved"
            yield Finding(code, module.path, span, "first\nsecond", confidence)


@pytest.fixture
def fake_rule(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    family = FakeFamily("shared_defaults", ("INC101", "INC102", "INC105"), marks)
    monkeypatch.setattr(embedded, "FAMILIES", (family,))
    config.forget()
    yield
    config.forget()


@pytest.fixture
def forked() -> Iterator[None]:
    """Workers are forked, so that they have this test's stand-ins."""
    before = multiprocessing.get_start_method(allow_none=True)
    multiprocessing.set_start_method("fork", force=True)
    yield
    multiprocessing.set_start_method(before, force=True)
