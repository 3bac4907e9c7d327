"""Executes a program over its branch inputs and all outcomes of its calls, and says the truth about
each call: can its function end normally, after an answer that tells of a failure, with nobody
having looked?
"""

from __future__ import annotations

import ast
import contextlib
import importlib
import io
import itertools
import logging
import sys
import types
from collections import deque
from collections.abc import Iterator
from typing import TypeAlias

from ..importing import importable
from ..reach import drive
from .fakes import NAMES, Fakes, Outcome
from .program import Program
from .watch import MOST_TOLD, Instrument, Truth, Watch, suppressing

MOST_RUNS = 160
"""How often a program is run at most."""
_Inputs: TypeAlias = tuple[tuple[str, ...], tuple[str, ...]]
"""The expressions of the required arguments, and of the optional ones."""


def execute(program: Program) -> Truth:
    """Run the program over its branch inputs and the outcomes of its calls. Raises TooLong, or
    what importing it raises."""
    watch = Watch(frozenset(program.files))
    errors: set[str] = set()
    runs = 0
    todo: deque[tuple[_Inputs, tuple[Outcome, ...]]] = deque(
        (inputs, ()) for inputs in _inputs(program)
    )
    with _running(program, watch) as fakes:
        modules = [importlib.import_module(name) for name in program.modules]
        while todo and runs < MOST_RUNS:
            runs += 1
            inputs, outcomes = todo.popleft()
            watch.begin(outcomes)
            errors.add(_run(program, watch, inputs, (fakes, modules)))
            for number in range(len(outcomes), min(watch.calls, MOST_TOLD)):
                failing: list[Outcome] = ["fails"] * (number - len(outcomes))
                todo.append((inputs, (*outcomes, *failing, "fine")))
                todo.append((inputs, (*outcomes, *failing, "raises")))
    return watch.truth(frozenset(errors - {""}), runs)


def _inputs(program: Program) -> list[_Inputs]:
    """The combinations of branch inputs, those far apart first."""
    every = list(
        itertools.product(
            itertools.product(*program.required.values()),
            itertools.product(*program.optional.values()),
        )
    )
    return every[::7] + [one for number, one in enumerate(every) if number % 7]


def _run(
    program: Program,
    watch: Watch,
    inputs: _Inputs,
    imported: tuple[dict[str, types.ModuleType], list[types.ModuleType]],
) -> str:
    """One run; the exception that ended it."""
    fakes, modules = imported
    subject = sys.modules[program.subject]
    required = [eval(text, dict(fakes)) for text in inputs[0]]
    named = dict(zip(program.optional, map(eval, inputs[1]), strict=True))
    receiver = eval(program.receiver, vars(subject)) if program.receiver else subject
    own = [
        value
        for module in modules
        for name, value in vars(module).items()
        if not name.startswith("__")
    ]
    watch.roots = [required, receiver, own]
    try:
        drive(getattr(receiver, program.entry)(*required, **named), [])
    except (Exception, SystemExit) as raised:
        return type(raised).__name__
    return ""


@contextlib.contextmanager
def _running(program: Program, watch: Watch) -> Iterator[dict[str, types.ModuleType]]:
    """The program and the stand-ins can be imported, and nothing is printed."""
    fakes = Fakes(watch.call).modules
    contexts = types.ModuleType("contextlib")
    vars(contexts).update(vars(contextlib))
    vars(contexts)["suppress"] = suppressing(watch)
    fakes["contextlib"] = contexts

    def prepare(module: types.ModuleType, tree: ast.Module) -> ast.Module:
        vars(module).update(NAMES)
        vars(module).update(watch.names())
        Instrument().visit(tree)
        return ast.fix_missing_locations(tree)

    saved = {name: sys.modules.get(name) for name in fakes}
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    sys.modules.update(fakes)
    try:
        with (
            importable(program.files, program.modules, prepare),
            contextlib.redirect_stdout(io.StringIO()),
        ):
            yield fakes
    finally:
        logging.disable(before)
        for name, module in saved.items():
            sys.modules.pop(name, None)
            if module is not None:
                sys.modules[name] = module
