"""Executes a program and says the truth: does its mutable default leak?

The default expression is wrapped when the module is compiled, so that the object is known however
the function is written. The truth is whether its contents, all the way down, were ever seen to
change, or whether it can be reached after a call (`reach.py`).
"""

from __future__ import annotations

import ast
import contextlib
import functools
import importlib
import io
import itertools
import random
import sys
import types
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from .importing import importable
from .program import Program
from .reach import Reach, drive, shared, snapshot

LINES = 60_000
"""How many lines a program may execute: unlike a time, this does not depend on the machine."""
CALLS = 6
"""The least number of calls: what happens by chance (`random.shuffle`) shows in one of them."""
MOST_CALLS = 100
_WATCH = "__watch__"


class TooLong(BaseException):
    """The program executed too many lines: the generator made an endless one."""


class Truth(NamedTuple):
    """What execution showed. `why` says how the default leaked; `errors` counts the exceptions of
    the calls by type, `calls` the calls."""

    leaks: bool
    why: str
    errors: Counter[str]
    calls: int


class Watched:
    """The default objects, each as it was when it was made (a nested function makes many)."""

    def __init__(self) -> None:
        self.shared: dict[int, object] = {}
        self._made: list[tuple[object, object]] = []
        self._changed = False

    def __call__(self, value: object) -> object:
        """What the default expression is wrapped in."""
        self._made.append((value, snapshot(value)))
        self.shared |= shared(value)
        return value

    def changed(self) -> bool:
        """Whether one of them was ever seen to differ: a change may be undone later."""
        if not self._changed:
            self._changed = any(snapshot(value) != before for value, before in self._made)
        return self._changed


@contextlib.contextmanager
def _running(program: Program) -> Iterator[Watched]:
    """The program can be imported, is watched, and says nothing."""
    watched = Watched()

    def wrapped(module: types.ModuleType, tree: ast.Module) -> ast.Module:
        if module.__name__ == program.subject:
            _wrap(tree, program.param)
        vars(module)[_WATCH] = watched
        return tree

    random.seed(0)
    with (
        importable(program.files, program.modules, wrapped),
        contextlib.redirect_stdout(io.StringIO()),
        warnings.catch_warnings(),
        _traced(program, watched),
    ):
        warnings.simplefilter("ignore")
        yield watched


def execute(program: Program) -> Truth:
    """Run the program over all its branch inputs. Raises TooLong, or what importing it raises."""
    with _running(program) as watched:
        return _run(program, watched)


def observe(
    program: Program, look: Callable[[object], object], first: int = 0, count: int = MOST_CALLS
) -> list[tuple[str, object]]:
    """What some calls give in one process that has just imported the program: the name of the
    exception that ends each, and what `look` makes of the results, the receiver and the
    arguments afterwards. Raises TooLong, or what importing it raises."""
    with _running(program):
        for name in program.modules:
            importlib.import_module(name)
        found = []
        calls = _calls(program, sys.modules[program.subject])
        for receiver, arguments, call in itertools.islice(calls, first, first + count):
            results: list[object] = []
            error = ""
            try:
                drive(call(), results)
                _use_later([receiver, *results], program.entry)
            except Exception as raised:
                error = type(raised).__name__
            found.append((error, look([results, receiver, arguments])))
        return found


def _run(program: Program, watched: Watched) -> Truth:
    modules = [importlib.import_module(name) for name in program.modules]
    reach = Reach(modules)
    errors: Counter[str] = Counter()
    calls = 0
    for receiver, arguments, call in _calls(program, sys.modules[program.subject]):
        calls += 1
        results: list[object] = []
        try:
            drive(call(), results)
            _use_later([receiver, *results], program.entry)
        except Exception as error:
            errors[type(error).__name__] += 1
        roots = {"result": results, "self": receiver, "argument": arguments}
        wanted = watched.shared if program.judge == "leaks" else ()
        where = reach.find(wanted, roots)  # calls what was handed out, which may change the object
        if program.judge != "never" and (where or watched.changed()):
            return Truth(True, "changed" if watched.changed() else where, errors, calls)
    return Truth(False, "", errors, calls)


def _use_later(objects: list[Any], entry: str) -> None:
    """Call the methods that need no arguments: one of them may change what the object keeps."""
    for value in objects:
        for name, method in vars(type(value)).items():
            plain = isinstance(method, types.FunctionType) and method.__code__.co_argcount == 1
            if plain and name != entry and not name.startswith("_"):
                with contextlib.suppress(Exception):
                    drive(method(value), [])


def _calls(
    program: Program, subject: types.ModuleType
) -> Iterator[tuple[object, list[Any], Callable[[], object]]]:
    """Every call with fresh arguments: the receiver, the arguments, and the call itself."""
    required = list(itertools.product(*program.required.values()))
    optional = list(itertools.product(*program.optional.values()))
    inputs = list(itertools.product(required, optional))
    inputs *= -(-CALLS // len(inputs))
    scope = {"SimpleNamespace": types.SimpleNamespace}
    for given, named in inputs[:MOST_CALLS]:
        positional = [eval(text, dict(scope)) for text in given]
        keywords = dict(zip(program.optional, (eval(text) for text in named), strict=True))
        receiver = eval(program.receiver, vars(subject)) if program.receiver else subject
        function = getattr(receiver, program.entry)
        yield receiver, positional, functools.partial(function, *positional, **keywords)


def default_of(tree: ast.Module, param: str) -> tuple[list[Any], int]:
    """The list of defaults, and the index in it, that holds the default of the parameter; the
    program has exactly one."""
    found: list[tuple[list[Any], int]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.arguments):
            positional = node.posonlyargs + node.args
            first = len(positional) - len(node.defaults)
            for index, arg in enumerate(positional[first:]):
                if arg.arg == param:
                    found.append((node.defaults, index))
            for index, arg in enumerate(node.kwonlyargs):
                if arg.arg == param and node.kw_defaults[index] is not None:
                    found.append((node.kw_defaults, index))
    (only,) = found
    return only


def default_line(program: Program) -> int:
    """The 1-based line of the default expression in the subject module."""
    tree = ast.parse(program.files[program.modules[program.subject]])
    defaults, index = default_of(tree, program.param)
    return int(defaults[index].lineno)


def _wrap(tree: ast.Module, param: str) -> None:
    defaults, index = default_of(tree, param)
    old = defaults[index]
    new = ast.Call(ast.Name(_WATCH, ast.Load()), [old], [])
    defaults[index] = ast.fix_missing_locations(ast.copy_location(new, old))


@contextlib.contextmanager
def _traced(program: Program, watched: Watched) -> Iterator[None]:
    """Look at the objects after every line of the program, and count the lines."""
    left = LINES
    files = frozenset(program.files)

    def trace(frame: types.FrameType, event: str, arg: object) -> Any:
        nonlocal left
        if frame.f_code.co_filename not in files:
            return None
        left -= 1
        if left < 0:
            raise TooLong
        watched.changed()
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        yield
    finally:
        sys.settrace(before)
