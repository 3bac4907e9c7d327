"""Whether an expression can move: into a function's body, a comprehension, or a lambda.

It may only name what means the same there and then: an object whose name is bound before the
expression, and never again.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from typing import NamedTuple, TypeAlias

from ..engine.fixing_tree import File

Scope: TypeAlias = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef

_SCOPES = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_STUCK = (ast.NamedExpr, ast.Await, ast.Yield, ast.YieldFrom)
_LOOPS = (ast.For, ast.AsyncFor, ast.While)


class Binding(NamedTuple):
    """Where a name is bound or deleted: at an offset, in which loops of its scope."""

    at: int
    loops: frozenset[ast.stmt]


class Names:
    """What is bound in one scope, and what it says to be of a scope outside."""

    def __init__(self) -> None:
        self.bound: dict[str, list[Binding]] = {}
        self.outer: set[str] = set()  # declared `global` or `nonlocal`


class Place(NamedTuple):
    """A place in a file: its offset, the scopes around it (module first), all loops around it."""

    at: int
    scopes: tuple[Scope, ...]
    loops: frozenset[ast.stmt]


class Scopes:
    """The scopes of one file."""

    def __init__(self, file: File) -> None:
        self._file = file
        self._module = Names()
        self._names: dict[Scope, Names] = {file.module: self._module}
        self._loops: list[ast.stmt] = []
        self._global: set[str] = set()  # names that a function says to be global
        self._walk(file.module)

    def function(self, name: str, line: int) -> Function | None:
        """The function whose name stands on a line."""
        found = None
        for node in self._names:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name == name:
                if node.lineno <= line <= node.body[0].lineno:
                    found = node
        return found

    def around(self, offset: int) -> Place:
        """The place at an offset: in a function's head it is outside the function."""
        file = self._file
        scopes: list[Scope] = [file.module]
        for node in self._names:
            if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
                if file.start(node.body[0]) <= offset < file.end(node):
                    scopes.append(node)
        loops = (loop for loop in self._loops if file.start(loop) <= offset < file.end(loop))
        return Place(offset, tuple(scopes), frozenset(loops))

    def can_move(self, expression: str, place: Place, into: Function | None = None) -> bool:
        """Whether an expression that is evaluated at a place gives the same later, inside a
        function that is defined there (`into`; None: a lambda, or the rest of a comprehension)."""
        tree = parsed(expression)
        if tree is None or any(isinstance(node, _STUCK) for node in ast.walk(tree)):
            return False
        return all(self._stays(name, place, into) for name in free(tree))

    def can_repeat(self, expression: str, place: Place) -> bool:
        """Whether an expression gives the same as an element of a comprehension, there and then."""
        tree = parsed(expression)
        if tree is None or any(isinstance(node, _STUCK) for node in ast.walk(tree)):
            return False
        innermost = place.scopes[-1]
        if not isinstance(innermost, ast.ClassDef):
            return True
        return not free(tree) & self._names[innermost].bound.keys()

    def sees(self, name: str, place: Place) -> bool:
        """Whether a scope around a place, or the module, binds a name."""
        return any(name in self._names[scope].bound for scope in place.scopes)

    def is_one_definition(self, name: str) -> bool:
        """Whether all that the module's body does to a name is to import or define it, once."""
        return name in self._defined and len(self._module.bound[name]) == 1

    @cached_property
    def _defined(self) -> set[str]:
        """The names of imports and classes anywhere in the module's own body."""
        found: set[str] = set()
        todo: list[ast.AST] = list(self._file.module.body)
        while todo:
            node = todo.pop()
            if isinstance(node, ast.ClassDef):
                found.add(node.name)
            elif isinstance(node, ast.alias):
                found.update(_bound(node))
            elif not isinstance(node, _SCOPES):
                todo += ast.iter_child_nodes(node)
        return found

    def _stays(self, name: str, place: Place, into: Function | None) -> bool:
        """Whether a name means the same object, now at a place and later inside it."""
        inner = Names() if into is None else self._names[into]
        if name in inner.bound or name in inner.outer:
            return False
        for scope in reversed(place.scopes[1:]):
            names = self._names[scope]
            if isinstance(scope, ast.ClassDef):
                if scope is place.scopes[-1] and (name in names.bound or name in names.outer):
                    return False  # functions do not see the names of a class around them
            elif name in names.outer:
                return False
            elif name in names.bound:
                return _settled(names.bound[name], place)
        return name not in self._global and _settled(self._module.bound.get(name, ()), place)

    def _walk(self, scope: Scope) -> None:
        """Take down what a scope binds, and then the scopes in it."""
        names = self._names[scope]
        if not isinstance(scope, (ast.Module, ast.ClassDef)):
            for argument in _arguments(scope.args):
                self._bind(argument.arg, names, scope, frozenset())
        body = [scope.body] if isinstance(scope, ast.Lambda) else scope.body
        todo: list[tuple[ast.AST, frozenset[ast.stmt]]] = [(node, frozenset()) for node in body]
        inside: list[ast.ClassDef | Function | ast.Lambda] = []
        while todo:
            node, loops = todo.pop()
            if isinstance(node, (ast.Global, ast.Nonlocal)):
                names.outer.update(node.names)
                if isinstance(node, ast.Global) and scope is not self._file.module:
                    self._global.update(node.names)
            for name in _bound(node):
                self._bind(name, names, node, loops)
            if isinstance(node, _SCOPES):
                inside.append(node)
            if isinstance(node, _LOOPS):
                self._loops.append(node)
                loops |= {node}
            todo += [(child, loops) for child in _parts(node)]
        for node in sorted(inside, key=lambda one: (one.lineno, one.col_offset)):
            self._names[node] = Names()
            self._walk(node)

    def _bind(self, name: str, names: Names, node: ast.AST, loops: frozenset[ast.stmt]) -> None:
        line, column = getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
        binding = Binding(self._file.byte_offset(line, column), loops)
        names.bound.setdefault(name, []).append(binding)


@lru_cache(maxsize=1)
def scopes_of(file: File) -> Scopes:
    """The scopes of a file, made once for all its fixes."""
    return Scopes(file)


def _settled(bound: Iterable[Binding], place: Place) -> bool:
    """Whether all bindings come before a place, and none of them runs again after it."""
    return all(one.at < place.at and not one.loops & place.loops for one in bound)


def parsed(expression: str) -> ast.expr | None:
    """The tree of an expression's text; None if it is no expression by itself."""
    try:
        return ast.parse(f"({expression}\n)", mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def free(expression: ast.expr) -> set[str]:
    """The names that an expression takes from outside."""
    return set(_free(expression, frozenset()))


def _free(node: ast.AST, inside: frozenset[str]) -> Iterator[str]:
    if isinstance(node, ast.Name):
        if node.id not in inside:
            yield node.id
        return
    if isinstance(node, ast.Lambda):
        for default in [*node.args.defaults, *filter(None, node.args.kw_defaults)]:
            yield from _free(default, inside)
        yield from _free(node.body, inside | {one.arg for one in _arguments(node.args)})
        return
    if isinstance(node, _COMPREHENSIONS):
        yield from _free(node.generators[0].iter, inside)
        targets = {
            name.id
            for one in node.generators
            for name in ast.walk(one.target)
            if isinstance(name, ast.Name)
        }
        inside |= targets
    for child in ast.iter_child_nodes(node):
        yield from _free(child, inside)


def _arguments(arguments: ast.arguments) -> list[ast.arg]:
    more = [one for one in (arguments.vararg, arguments.kwarg) if one is not None]
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *more]


def _parts(node: ast.AST) -> list[ast.AST]:
    """What of a node is evaluated or bound in the scope in which the node stands."""
    if isinstance(node, ast.Lambda):
        return [*node.args.defaults, *filter(None, node.args.kw_defaults)]
    if isinstance(node, ast.ClassDef):
        return [*node.decorator_list, *node.bases, *node.keywords]
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        arguments = _arguments(node.args)
        annotations = [one.annotation for one in arguments if one.annotation is not None]
        defaults = [*node.args.defaults, *filter(None, node.args.kw_defaults)]
        returns = [] if node.returns is None else [node.returns]
        return [*node.decorator_list, *defaults, *annotations, *returns]
    if isinstance(node, ast.comprehension):
        return [node.iter, *node.ifs]  # its target is bound in the comprehension's own scope
    return list(ast.iter_child_nodes(node))


def _bound(node: ast.AST) -> Iterator[str]:
    """The names that a node itself binds, or deletes, in the scope in which it stands."""
    if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
        yield node.id
    elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield node.name
    elif isinstance(node, ast.alias):
        yield (node.asname or node.name.partition(".")[0])
    elif isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)):
        if node.name is not None:
            yield node.name
    elif isinstance(node, ast.MatchMapping) and node.rest is not None:
        yield node.rest
