"""Runs a program's handler with few and with many different inputs, and counts what it keeps."""

from __future__ import annotations

import collections
import contextlib
import gc
import importlib
import types
from collections.abc import Iterable, Iterator
from types import SimpleNamespace
from typing import Any

from ..cardinality.execute import FEW, MANY, as_it_is, modules_of, text_of
from ..cardinality.programs import Program
from ..importing import importable

_PLAIN = (str, bytes, int, float, bool, type(None))
_LISTS = (list, set, frozenset, tuple, collections.deque)


def grows(program: Program) -> bool | None:
    """Whether the program keeps more with each input; None: that is not plain."""
    more = entries(program, MANY) - entries(program, FEW)
    if more >= (MANY - FEW) * 0.6:
        return True
    return False if more <= (MANY - FEW) * 0.1 else None


def entries(program: Program, inputs: int) -> int:
    """How many different entries the containers hold that are left after so many calls."""
    modules = modules_of(program)
    with importable(program.files, modules, as_it_is):
        app = importlib.import_module("service.app")
        code = compile(program.call.replace("$i", "given"), "call", "eval")
        for number in range(inputs):
            space = {"app": app, "given": text_of(number), "SimpleNamespace": SimpleNamespace}
            with contextlib.suppress(ValueError, AssertionError):
                eval(code, space)
        kept = [importlib.import_module(name) for name in modules]
        return _entries(kept)


def _entries(roots: Iterable[Any]) -> int:
    """What containers hold that can be reached from some modules, without going through others."""
    todo, seen, found = list(roots), set(), 0
    while todo:
        each = todo.pop()
        if isinstance(each, _PLAIN) or id(each) in seen:
            continue
        seen.add(id(each))
        todo += inside(each)
        if isinstance(each, dict):
            found += len(each)
            todo += [*each, *each.values()]
        elif isinstance(each, _LISTS):
            different = {repr(entry): entry for entry in each}
            found += len(different)
            todo += different.values()
        elif hasattr(each, "cache_info"):
            todo += gc.get_referents(each)
    return found


def inside(each: Any) -> Iterator[Any]:
    """What an object of the program refers to."""
    if isinstance(each, types.ModuleType):
        yield from (vars(each).values() if each.__name__.startswith("service") else ())
    elif isinstance(each, type):
        yield from (vars(each).values() if each.__module__.startswith("service") else ())
    else:
        yield from getattr(each, "__dict__", {}).values()
        yield from (getattr(each, name, None) for name in getattr(each, "__slots__", ()))
        yield from (cell.cell_contents for cell in getattr(each, "__closure__", None) or ())
        yield getattr(each, "__func__", None)
        yield getattr(each, "__self__", None)
        yield from getattr(each, "__defaults__", None) or ()
