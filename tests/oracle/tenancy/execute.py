"""Runs a program's handler for one tenant, and looks whether his token can still be reached."""

from __future__ import annotations

import collections
import contextlib
import gc
import importlib
import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from ..cardinality.execute import as_it_is, modules_of
from ..cardinality.programs import Program
from ..importing import importable
from ..maps.execute import inside

TOKEN = "tenantqalpha"
"""Lower case, so that it is the same after `lower()`, and no part of any program's own text."""
_INPUT = f"{TOKEN}.example"
_DRAWN = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}")


def judge(program: Program) -> bool:
    """Whether the next request could find the tenant's token."""
    modules = modules_of(program)
    with importable(program.files, modules, as_it_is):
        app = importlib.import_module("service.app")
        code = compile(program.call.replace("$i", "given"), "call", "eval")
        space = {"app": app, "given": _INPUT, "SimpleNamespace": SimpleNamespace}
        with contextlib.suppress(ValueError, AssertionError):
            eval(code, space)
        return _holds([importlib.import_module(name) for name in modules])


def _holds(roots: list[Any]) -> bool:
    """Whether the token can be reached from some modules, without going through others."""
    todo, seen = list(roots), set()
    while todo:
        each = todo.pop()
        if _has_token(each):
            return True
        if isinstance(each, (str, bytes, int, float)) or each is None or id(each) in seen:
            continue
        seen.add(id(each))
        todo += inside(each)
        if isinstance(each, dict):
            todo += [value for key, value in each.items() if not _is_own(key)]
        elif isinstance(each, (list, tuple, collections.deque)):
            todo += each
        elif hasattr(each, "cache_info"):
            todo += gc.get_referents(each)
    return False


def _has_token(each: Any) -> bool:
    if isinstance(each, bytes):
        return TOKEN.encode() in each.lower()
    return isinstance(each, str) and TOKEN in each.lower()


def _is_own(key: Any) -> bool:
    """Whether nobody else asks for a key."""
    return any(_has_token(part) or _is_drawn(part) for part in _parts(key))


def _parts(key: Any) -> Iterator[Any]:
    yield from key if isinstance(key, tuple) else (key,)


def _is_drawn(part: Any) -> bool:
    return isinstance(part, str) and _DRAWN.search(part) is not None
