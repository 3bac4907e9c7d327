"""Definitions: functions are queued, classes are lowered where they stand."""

from __future__ import annotations

from typing import Any

from astroid import nodes

from .facts import Class, Param
from .lower_annotations import Annotations
from .lower_names import EXPRESSIONS, STATEMENTS
from .scopes import Scope
from .source import Span


class ClassDraft:
    """A class whose methods and fields are not all known yet."""

    def __init__(self, name: str, qualname: str, at: Span, parent: int) -> None:
        self.name = name
        self.qualname = qualname
        self.at = at
        self.parent = parent
        self.bases: tuple[int, ...] = ()
        self.keywords: dict[str, int] = {}
        self.decorators: tuple[int, ...] = ()
        self.body: dict[str, list[int]] = {}
        self.methods: dict[str, list[int]] = {}
        self.fields: dict[str, list[tuple[int, int]]] = {}
        self.annotations: dict[str, int] = {}

    def finished(self) -> Class:
        """The class, when all functions of its module are lowered."""
        return Class(
            self.name,
            self.qualname,
            self.at,
            self.parent,
            self.bases,
            self.keywords,
            self.decorators,
            {name: tuple(values) for name, values in self.body.items()},
            {name: tuple(functions) for name, functions in self.methods.items()},
            {name: tuple(values) for name, values in self.fields.items()},
            self.annotations,
        )


class Definitions(Annotations):
    """The part of a function's lowering that handles `def`, `class`, `lambda` and `type`."""

    @STATEMENTS.lowers("FunctionDef", "AsyncFunctionDef")
    def s_functiondef(self, node: Any) -> None:
        decorators = self._decorators(node)
        value = self._function(node, node.name, decorators)
        if self.class_index >= 0:
            methods = self.module.classes[self.class_index].methods
            methods.setdefault(node.name, []).append(int(self.values[value].text))
        self._bind_definition(node, value, decorators)

    @EXPRESSIONS.lowers("Lambda")
    def x_lambda(self, node: Any) -> int:
        return self._function(node, "<lambda>", ())

    def _bind_definition(self, node: Any, value: int, decorators: tuple[int, ...]) -> None:
        written = node.decorators.nodes if decorators else ()
        for decorator, at in zip(reversed(decorators), reversed(written), strict=True):
            value = self.value("decorated", (decorator, value), "", self.span(at))
        self.bind(node.name, value, self.span(node))

    def _decorators(self, node: Any) -> tuple[int, ...]:
        if node.decorators is None:
            return ()
        return tuple([self.expression(decorator) for decorator in node.decorators.nodes])

    def _function(self, node: Any, name: str, decorators: tuple[int, ...]) -> int:
        """Queue a function; the value stands for it, its defaults are made here."""
        at = self.span(node)
        scopes = len(self.inner_scopes)
        self._type_parameters(getattr(node, "type_params", None))
        header = {
            "name": name,
            "qualname": self._qualname(name),
            "at": at,
            "parent": self.index,
            "owner": self.class_index,
            "params": self._params(node.args),
            "decorators": decorators,
            "returns": self.annotation(getattr(node, "returns", None)),
            "flags": _flags(node),
        }
        types = [
            name
            for prefix, names in self.inner_scopes
            if prefix.startswith("types ")
            for name in sorted(names)
        ]
        del self.inner_scopes[scopes:]
        index = self.module.queue(node, header, self.scope, types)
        return self.value("func", (), str(index), at)

    def _type_parameters(self, parameters: Any) -> None:
        """Open a scope with the names of PEP 695 type parameters, if any; the caller closes it."""
        if not parameters:
            return
        self.scope_count += 1
        prefix = f"types {self.scope_count} "
        names = [parameter.name.name for parameter in parameters]
        self.inner_scopes.append((prefix, set(names)))
        for name in names:
            self.write(prefix + name, self.value("unknown", (), "type parameter"))

    def _qualname(self, name: str) -> str:
        if self.class_index >= 0:
            return f"{self.module.classes[self.class_index].qualname}.{name}"
        if self.header is None:
            return name
        return f"{self.header['qualname']}.<locals>.{name}"

    def _params(self, args: Any) -> tuple[Param, ...]:
        positional = [*args.posonlyargs, *(args.args or ())]
        annotations = [*args.posonlyargs_annotations, *args.annotations]
        annotations += [None] * (len(positional) - len(annotations))
        gap = len(positional) - len(args.defaults or ())
        found = []
        for place, (node, annotation) in enumerate(zip(positional, annotations, strict=True)):
            kind = "positional-only" if place < len(args.posonlyargs) else "positional"
            default = args.defaults[place - gap] if place >= gap else None
            found.append(self._param(node, kind, default, annotation))
        if args.vararg:
            found.append(self._param(args.vararg_node, "*", None, args.varargannotation))
        for node, default, annotation in zip(
            args.kwonlyargs, args.kw_defaults or (), args.kwonlyargs_annotations, strict=True
        ):
            found.append(self._param(node, "keyword-only", default, annotation))
        if args.kwarg:
            found.append(self._param(args.kwarg_node, "**", None, args.kwargannotation))
        return tuple(found)

    def _param(self, node: Any, kind: str, default: Any, annotation: Any) -> Param:
        value = made = None
        if default is not None:
            value, made = self.expression(default), self.span(default)
        return Param(node.name, kind, value, self.annotation(annotation), self.span(node), made)

    @STATEMENTS.lowers("ClassDef")
    def s_classdef(self, node: Any) -> None:
        at = self.span(node)
        decorators = self._decorators(node)
        scopes = len(self.inner_scopes)
        self._type_parameters(getattr(node, "type_params", None))
        draft = ClassDraft(node.name, self._qualname(node.name), at, self.index)
        draft.decorators = decorators
        draft.bases = tuple([self.expression(base) for base in node.bases])
        draft.keywords = {k.arg or "**": self.expression(k.value) for k in node.keywords}
        index = self.module.add_class(node, draft)
        self._class_body(node, index)
        del self.inner_scopes[scopes:]
        self._bind_definition(node, self.value("class", (), str(index), at), decorators)

    def _class_body(self, node: Any, index: int) -> None:
        """The body runs inside the function that holds it, with names of its own."""
        self.scope_count += 1
        around, self.class_index = self.class_index, index
        self.inner_scopes.append((f"class {self.scope_count} ", set(node.locals)))
        self.class_scopes.append(Scope(node, self.index, self.scope))
        self.block(node.body)
        self.class_scopes.pop()
        self.inner_scopes.pop()
        self.class_index = around

    @STATEMENTS.lowers("TypeAlias")
    def s_typealias(self, node: Any) -> None:
        scopes = len(self.inner_scopes)
        self._type_parameters(node.type_params)
        value = self.expression(node.value)
        del self.inner_scopes[scopes:]
        self.bind(node.name.name, value, self.span(node.name))


def _flags(node: Any) -> frozenset[str]:
    if not isinstance(node, nodes.FunctionDef):
        return frozenset(("lambda",))
    flags = {"async"} if isinstance(node, nodes.AsyncFunctionDef) else set()
    if _is_stub(node.body):
        flags.add("stub")
        if any(isinstance(statement, nodes.Raise) for statement in node.body):
            flags.add("abstract")
    return frozenset(flags)


def _is_stub(body: list[Any]) -> bool:
    """A body that does nothing: empty but for a docstring, `...`, `pass`, NotImplementedError."""
    for node in body:
        if isinstance(node, nodes.Raise) and node.exc is not None:
            raised = node.exc.func if isinstance(node.exc, nodes.Call) else node.exc
            if getattr(raised, "name", "") == "NotImplementedError":
                continue
        if isinstance(node, nodes.Expr) and isinstance(node.value, nodes.Const):
            continue
        if not isinstance(node, nodes.Pass):
            return False
    return True
