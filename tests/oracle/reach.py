"""What can be reached from outside, by what normal code can do: reading items and attributes,
iterating, calling what was handed out.

Closures made during the calls are therefore called instead of looked into: one that only reads
the default hands nothing out. Functions that existed before keep state in their cells (decorators
do), so those are looked into. `__defaults__` are never looked at: they hold the default by nature.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import inspect
import operator
import types
from collections import deque
from collections.abc import Collection, ItemsView, Iterable, Iterator, KeysView, ValuesView
from typing import Any

_PLAIN = (str, bytes, int, float, complex, bool, type(None), type(...))
_ITEMS = (list, tuple, set, frozenset, deque)
_BOUND = (types.MethodType, types.BuiltinMethodType, types.MethodWrapperType)
_VIEWS = (KeysView, ValuesView, ItemsView, types.MappingProxyType)
_MOST = 50
"""How many elements of an iterator are looked at."""


class Reach:
    """Looks for objects, from the globals of the modules and other roots."""

    def __init__(self, modules: Collection[types.ModuleType]) -> None:
        self._modules = modules
        self._names = frozenset(module.__name__ for module in modules)
        self._known: dict[int, object] = {}
        self._importing = True
        self._walk(frozenset(), self._globals())
        self._importing = False

    def _globals(self) -> list[tuple[str, object]]:
        return [
            ("module", value)
            for module in self._modules
            for name, value in list(vars(module).items())
            if not name.startswith("__")
        ]

    def find(self, wanted: Collection[int], roots: dict[str, object]) -> str:
        """Where one of the objects with the wanted ids is reachable from: a root's name, "module"
        or ""."""
        return self._walk(wanted, [*roots.items(), *self._globals()])

    def _walk(self, wanted: Collection[int], places: Iterable[tuple[str, object]]) -> str:
        todo = deque(places)
        seen: dict[int, object] = {}
        while todo:
            where, value = todo.popleft()
            if id(value) in seen or isinstance(value, _PLAIN):
                continue
            if id(value) in wanted:
                return where
            seen[id(value)] = value
            todo.extend((where, inner) for inner in self._inside(value))
        return ""

    def _inside(self, value: Any) -> Iterator[object]:
        if isinstance(value, dict):
            yield from list(value.items())
        elif isinstance(value, _ITEMS):
            yield from list(value)
        elif isinstance(value, types.FunctionType):
            yield from self._function(value)
        elif isinstance(value, _BOUND):
            yield value.__self__
        elif isinstance(value, functools.partial):
            yield from (value.func, value.args, value.keywords)
        elif isinstance(value, (staticmethod, classmethod)):
            yield value.__func__
        elif isinstance(value, property):
            yield value.fget
        elif isinstance(value, type):
            if value.__module__ in self._names:
                yield from (*value.__bases__, *vars(value).values())
        elif isinstance(value, _VIEWS):
            yield from list(value)
        elif isinstance(value, (Iterator, types.CoroutineType, types.AsyncGeneratorType)):
            yield from _driven(value)
        elif type(value).__module__ in self._names or isinstance(value, types.SimpleNamespace):
            yield from (type(value), *fields(value).values())

    def _function(self, function: types.FunctionType) -> Iterator[object]:
        yield vars(function)
        if self._importing:
            self._known[id(function)] = function
        if id(function) in self._known:
            for cell in function.__closure__ or ():
                with contextlib.suppress(ValueError):
                    yield cell.cell_contents
        else:
            yield from _called(function)


def fields(value: object) -> dict[str, object]:
    """The attributes that an instance holds itself, in its dictionary or in slots."""
    found = dict(vars(value)) if hasattr(value, "__dict__") else {}
    for base in type(value).__mro__:
        slots = vars(base).get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            if hasattr(value, name):
                found[name] = getattr(value, name)
    return found


def drive(result: Any, found: list[object]) -> None:
    """Let a call's result do its work: await, iterate, enter. What comes out is added to `found`
    as it comes, so that an exception loses nothing."""
    if inspect.iscoroutine(result):
        found.append(_awaited(result))
    elif inspect.isgenerator(result):
        for _ in range(_MOST):
            try:
                found.append(next(result))
            except StopIteration as stop:
                found.append(stop.value)
                break
    elif inspect.isasyncgen(result):
        for _ in range(_MOST):
            try:
                found.append(_awaited(result.__anext__()))
            except StopAsyncIteration:
                break
    elif isinstance(result, contextlib.AbstractContextManager):
        with result as value:
            found.append(value)
    else:
        found.append(result)


def _awaited(awaitable: Any) -> object:
    """Runs an awaitable that waits for nothing outside the program."""
    try:
        while True:
            awaitable.send(None)
    except StopIteration as stop:
        return stop.value


def _driven(value: Any) -> list[object]:
    found: list[object] = []
    with contextlib.suppress(Exception):
        if isinstance(value, types.GeneratorType) or not isinstance(value, Iterator):
            drive(value, found)
        else:
            found.extend(entry for _, entry in zip(range(_MOST), value, strict=False))
    return found


def _called(function: types.FunctionType) -> list[object]:
    """What a function gives when it is called with words for its required parameters."""
    found: list[object] = []
    code = function.__code__
    required = code.co_argcount - len(function.__defaults__ or ())
    with contextlib.suppress(Exception):
        drive(function(*["x"] * required), found)
    return found


def shared(value: Any) -> dict[int, object]:
    """The objects that must not be handed out, by id: the default, or what is mutable in it if it
    is a tuple. (A piece of a list or an instance may leave, as long as nobody changes it.)"""
    if isinstance(value, (tuple, frozenset)):
        return {key: found for entry in value for key, found in shared(entry).items()}
    return {} if isinstance(value, _PLAIN) else {id(value): value}


def snapshot(value: Any, depth: int = 6) -> object:
    """A comparable picture of the contents, all the way down."""
    if isinstance(value, _PLAIN) or depth == 0:
        return value if depth else None
    name = type(value).__name__
    if isinstance(value, dict):
        return name, tuple(snapshot(pair, depth - 1) for pair in value.items())
    if isinstance(value, (set, frozenset)):
        return name, frozenset(repr(entry) for entry in value)
    if isinstance(value, _ITEMS):
        return name, tuple(snapshot(entry, depth - 1) for entry in value)
    if isinstance(value, bytearray):
        return name, bytes(value)
    if isinstance(value, types.GeneratorType):
        frame = value.gi_frame
        return name, None if frame is None else frame.f_lasti
    if isinstance(value, Iterator):
        inner = [entry for entry in gc.get_referents(value) if isinstance(entry, (Iterator, tuple))]
        left = operator.length_hint(value, -1)
        return name, left, tuple(snapshot(entry, depth - 1) for entry in inner)
    if isinstance(value, (type, types.FunctionType)):
        return id(value)
    return name, tuple((key, snapshot(entry, depth - 1)) for key, entry in fields(value).items())
