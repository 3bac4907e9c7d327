"""The facts of one module: plain data, made from nothing but its text (see docs/design.md).

A function's body is a graph of *values* (in static single assignment form: every value is made
once) and *blocks* of *effects* (what happens, in order). Values refer to values of the same
function by index; links to other functions, classes and modules are names, followed only when a
question asks. No library is known here and no answer is stored here.

Value operations, with their `args` (value indices) and `text`:

| op | args | text |
| --- | --- | --- |
| param | | the parameter's name |
| const | | `repr` of the constant |
| import | | absolute dotted module that `import` binds |
| from | | `module:name` of `from module import name` |
| builtin | | a name nobody in the module binds and no star import can bring |
| global | | a name of the module's namespace, whatever its bindings |
| free | | a name of an enclosing function, whatever its bindings there |
| cell | | a name of this function that a nested function rebinds |
| attr | object | attribute name |
| item | object, index | |
| slice | lower, upper, step | |
| part | object, class | what a class pattern's positional part takes: which, from 0 |
| elem | iterable | "" an element met by iteration; "0", "1": by unpacking; "*": the rest |
| call | function, arguments | one word per argument, joined by ",": "", "name", "*", "**" |
| await, enter | awaited; context manager | enter: "async" or "" |
| sent | yielded value, if any | what `yield` evaluates to |
| list, tuple, set | elements | one word per element, joined by ",": "" or "*" |
| dict | key, value, key, value ... | `**x` is a pair of -1 and x |
| listcomp, setcomp, genexpr | element | of what it takes every element (a value), or "" |
| dictcomp | key, value | the same |
| binop, aug | left, right | the operator (`+`, `@` ...); aug: of `x += y`, may be the left itself |
| unary | operand | `-`, `+`, `~` |
| not | operand | |
| compare | left, right | the operator (`==`, `in`, `is not` ...) |
| more | iterable | the condition of a loop's next turn: there is an element |
| fmt | parts | f-string (t-string: "t"); constants are parts too |
| display | value | one replaced field of an f-string: conversion and format spec as text |
| phi | alternatives | a join: which one depends on the way |
| refine | value, condition | "true"/"false": the value, known to be on that side of the condition |
| matches | subject, constants | the condition of one `case`: "constants" or the pattern's source |
| func, class | | index into `Facts.functions` / `Facts.classes`, in decimal |
| decorated | decorator, value | what a decorator makes of a function or class (at: the decorator) |
| exc | exception type, if any | a caught exception |
| unbound | | a name before it is bound, or after `del` |
| unknown | | the cause |

Effect kinds, with their `args`:

| kind | args | text |
| --- | --- | --- |
| call | the call value | |
| setattr, delattr | object, value / object | attribute name |
| setitem, delitem | object, index, value / object, index | |
| aug | aug value | the operator; the old value is its first argument |
| iter | iterable | "unpack", "for", "star" or "yield from": it is iterated here |
| await | value | |
| enter, exit | context manager | "async" or ""; exit: not where an exception leaves |
| except | the exc value: a handler begins | |
| bind | value | a name of the module (class bodies: `Class.body`; closures: `bound_at`) |
| bindglobal | value | a name declared `global` |
| bindfree | value | a name declared `nonlocal` |
| return, yield, raise, discard, test | value (raise: maybe none) | |
"""

from __future__ import annotations

from typing import NamedTuple

from .source import Span

FORMAT = 1
"""Part of every stored fact's key: to be raised whenever the meaning of facts changes."""


class Value(NamedTuple):
    """One value: `block` is where it is made."""

    op: str
    args: tuple[int, ...]
    text: str
    at: Span | None
    block: int


class Effect(NamedTuple):
    """Something that happens; `after` is the number of values made before it, which orders
    effects among the values of one block."""

    kind: str
    args: tuple[int, ...]
    text: str
    at: Span
    after: int


class Edge(NamedTuple):
    """A way out of a block; `condition` is a value that is true (or false) on this way."""

    block: int
    condition: int | None
    outcome: bool


class Block(NamedTuple):
    """Effects in order, then one of the edges; `on_raise` is where an exception goes, if not out
    of the function. Inside `try` a block holds at most one call, as its last effect."""

    effects: tuple[Effect, ...]
    edges: tuple[Edge, ...]
    on_raise: int | None


class Param(NamedTuple):
    """A parameter. `kind`: "positional-only", "positional", "*", "keyword-only", "**".
    `default` and `annotation` are values of the function that defines this one (`parent`);
    `default_at` is where the default expression stands (its value may be made elsewhere)."""

    name: str
    kind: str
    default: int | None
    annotation: int | None
    at: Span
    default_at: Span | None = None


class Function(NamedTuple):
    """A function, method, lambda or the module body (index 0).

    `parent` is the function whose body defines it (-1 for the module body), `owner` the class
    whose body does (-1: none). `decorators`, `returns` are values of the parent. `flags`: any of
    "async", "generator", "lambda", "stub" (no body but a docstring, `...`, `pass`
    or `raise NotImplementedError`; with the latter also "abstract"). `captures` maps free names to
    the index of the function that owns them. `binds` maps names of the module body or names that
    closures see to every value that is bound to them in this function, in source order; `bound_at`
    (not for the module body) has for each of these its (block, number of values made before).
    Block 0 is the entry.
    """

    name: str
    qualname: str
    at: Span
    parent: int
    owner: int
    params: tuple[Param, ...]
    decorators: tuple[int, ...]
    returns: int | None
    flags: frozenset[str]
    values: tuple[Value, ...]
    blocks: tuple[Block, ...]
    captures: dict[str, int]
    binds: dict[str, tuple[int, ...]]
    bound_at: dict[str, tuple[tuple[int, int], ...]]


class Class(NamedTuple):
    """A class. `parent` is the function whose body defines it; `bases`, `keywords`, `decorators`
    and the values in `body` are values of that function. `methods` maps a name to the functions
    bound to it in order (usually one), `fields` maps `x` of `self.x = ...` to every
    (function index, value) in its methods. `annotations` maps names declared in the body to the
    annotation value, in order.
    """

    name: str
    qualname: str
    at: Span
    parent: int
    bases: tuple[int, ...]
    keywords: dict[str, int]
    decorators: tuple[int, ...]
    body: dict[str, tuple[int, ...]]
    methods: dict[str, tuple[int, ...]]
    fields: dict[str, tuple[tuple[int, int], ...]]
    annotations: dict[str, int]


class Facts(NamedTuple):
    """One module. `exports` is a literal `__all__` (None: there is none; () may also be literal),
    `dynamic_exports` says that `__all__` exists but is not literal. `stars` are modules imported
    with `*` (as written, with its dots, if that is above the top package). `rebound` maps module
    names to (function, value) pairs bound through `global` inside functions. `typing_only` are
    names that the module body binds under `TYPE_CHECKING` only. `imports` are (absolute dotted
    module, span) of every import statement, for counting."""

    module: str
    is_package: bool
    functions: tuple[Function, ...]
    classes: tuple[Class, ...]
    stars: tuple[str, ...]
    exports: tuple[str, ...] | None
    dynamic_exports: bool
    rebound: dict[str, tuple[tuple[int, int], ...]]
    typing_only: frozenset[str]
    imports: tuple[tuple[str, Span], ...]
