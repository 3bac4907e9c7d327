"""Runs a program's handler with few and with many different inputs, and counts its series."""

from __future__ import annotations

import ast
import contextlib
import importlib
import types
from types import SimpleNamespace

from prometheus_client import REGISTRY

from ..importing import importable
from .programs import Program

FEW, MANY = 100, 500
_MODULES = {
    "service": "service/__init__.py",
    "service.app": "service/app.py",
    "service.helpers": "service/helpers.py",
}


def grows(program: Program) -> bool | None:
    """Whether the program's series grow with the inputs; None: that is not plain."""
    more = series(program, MANY) - series(program, FEW)
    if more >= (MANY - FEW) * 0.6:
        return True
    return False if more <= 20 else None


def series(program: Program, inputs: int) -> int:
    """How many series there are after so many calls with different inputs."""
    before = set(REGISTRY._collector_to_names)
    modules = modules_of(program)
    try:
        with importable(program.files, modules, as_it_is):
            app = importlib.import_module("service.app")
            code = compile(program.call.replace("$i", "given"), "call", "eval")
            for number in range(inputs):
                space = {"app": app, "given": text_of(number), "SimpleNamespace": SimpleNamespace}
                with contextlib.suppress(ValueError, AssertionError):
                    eval(code, space)
        new = set(REGISTRY._collector_to_names) - before
        return sum(len(getattr(each, "_metrics", ())) for each in new)
    finally:
        for each in set(REGISTRY._collector_to_names) - before:
            REGISTRY.unregister(each)


def modules_of(program: Program) -> dict[str, str]:
    """The modules of a program, and the file of each."""
    return {name: file for name, file in _MODULES.items() if file in program.files}


def text_of(number: int) -> str:
    """An input: one of ten is one of two that programs know, the others are new."""
    if number % 10 == 0:
        return ("alpha", "beta")[number // 10 % 2]
    return f"n{number}/some@sender.example"


def as_it_is(module: types.ModuleType, tree: ast.Module) -> ast.Module:
    """Nothing is changed before a program runs."""
    return tree
