"""What a value is: a function, a class, an instance of one, or something of a library.

`names` follows names; this follows objects as well: calls, fields, annotations, returned values.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from ..knowledge.paths import CALL, ITEM, Path, Segment
from ..model.facts import Function, Value
from .classes import ClassRef, FunctionRef
from .definitions import Definition, External, Local, ModuleDef, Namespace, Ref, Unknown

if TYPE_CHECKING:
    from .project import Project

_DEEPEST = 12
_MOST_ANSWERS = 50_000
_DISPLAYS = {
    "list": "list",
    "listcomp": "list",
    "tuple": "tuple",
    "set": "set",
    "setcomp": "set",
    "dict": "dict",
    "dictcomp": "dict",
    "fmt": "str",
    "display": "str",
    "compare": "bool",
    "not": "bool",
    "more": "bool",
    "matches": "bool",
    "slice": "slice",
}
_OPTIONAL = ("typing.Optional", "typing.Annotated", "typing.Union", "typing.Final")


Bindings: TypeAlias = "tuple[tuple[FunctionRef, str, Thing], ...]"
"""What parameters are, in one context: a decorator's parameter is the function it decorates."""


@dataclass(frozen=True)
class Made:
    """A function of the project; `bound`: how many of its first arguments it already has. `sure`
    is False if a decorator that nobody knows stands before it; `bindings` hold inside it."""

    function: FunctionRef
    bound: int = 0
    sure: bool = True
    bindings: Bindings = ()


@dataclass(frozen=True)
class ClassThing:
    """A class of the project, itself."""

    ref: ClassRef


@dataclass(frozen=True)
class Instance:
    """An object of a class of the project; `bindings` hold inside its methods."""

    ref: ClassRef
    bindings: Bindings = ()


@dataclass(frozen=True)
class Super:
    """What `super()` gives in a method: attributes of `ref` that come `after` a class."""

    ref: ClassRef
    after: ClassRef


@dataclass(frozen=True)
class Api:
    """Something of a library or of Python, by its API path."""

    path: Path


@dataclass(frozen=True)
class Module:
    """A module or namespace folder of the project."""

    definition: Definition


Thing: TypeAlias = Made | ClassThing | Instance | Super | Api | Module | Unknown
Things: TypeAlias = tuple[Thing, ...]


class Values:
    """Answers of "what is this value?" for one project."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._known: dict[tuple[Ref, Bindings], Things] = {}
        self._open: set[Ref] = set()
        self._bindings: Bindings = ()
        self._cut = 0

    def describe(self, ref: Ref, bindings: Bindings | None = None) -> Things:
        """All that a value can be, given what parameters are (None: as asked before); never
        empty."""
        if bindings is not None and bindings != self._bindings:
            before, self._bindings = self._bindings, bindings
            try:
                return self.describe(ref)
            finally:
                self._bindings = before
        key = ref, self._bindings
        known = self._known.get(key)
        if known is not None:
            return known
        if ref in self._open:
            self._cut += 1
            return (Unknown("a value that depends on itself"),)
        if len(self._open) >= _DEEPEST:
            self._cut += 1
            return (Unknown("a way of more than twelve steps"),)
        cuts = self._cut
        self._open.add(ref)
        try:
            found: dict[Thing, None] = {}
            for definition in self._project.names.resolve(*ref):
                found.update(dict.fromkeys(self._define(definition)))
            value = self._project.names.value(ref)
            if value is not None and value.op == "attr":  # `names` may have looked into a class
                found = dict.fromkeys(
                    thing if isinstance(thing, Made) and thing.bound else self._bind(thing, "class")
                    for thing in found
                )
        finally:
            self._open.discard(ref)
        answer = tuple(found)
        if cuts == self._cut or not self._open:  # what was cut short is no lasting answer
            if len(self._known) >= _MOST_ANSWERS:
                self._known.clear()
            self._known[key] = answer
        return answer

    def _define(self, definition: Definition) -> Things:
        if isinstance(definition, External):
            return (Api(tuple(Segment("name", part) for part in definition.dotted.split("."))),)
        if isinstance(definition, (ModuleDef, Namespace)):
            return (Module(definition),)
        if isinstance(definition, Unknown):
            return (definition,)
        value = self._project.names.value(definition.ref)
        if value is None:
            return (Unknown("the module cannot be read"),)
        return self._local(definition.ref, value)

    def _local(self, ref: Ref, value: Value) -> Things:
        op = value.op
        if op in _DISPLAYS:
            return (Api((Segment("name", _DISPLAYS[op]), CALL)),)
        if op == "func":
            return (Made(FunctionRef(ref.module, int(value.text))),)
        if op == "class":
            return (ClassThing(ClassRef(ref.module, int(value.text))),)
        if op == "const":
            name = type(ast.literal_eval(value.text)).__name__ if "..." not in value.text else "str"
            return (Api((Segment("name", name), CALL)),)
        if op in ("await", "enter", "aug", "refine"):
            return self.describe(ref._replace(value=value.args[0]))
        if op == "phi":
            return self._union(ref, value.args)
        if op in ("item", "elem"):
            return self._element(ref, value)
        method = {
            "decorated": self._decorated,
            "call": self._call,
            "attr": self._attribute,
            "param": self._param,
            "exc": self._caught,
            "binop": self._binop,
            "genexpr": self._generator,
        }.get(op)
        if method is None:
            return (Unknown(value.text if op == "unknown" else f"a value made by `{op}`"),)
        return method(ref, value)

    def _union(self, ref: Ref, values: tuple[int, ...]) -> Things:
        found: dict[Thing, None] = {}
        for index in values:
            found.update(dict.fromkeys(self.describe(ref._replace(value=index))))
        return tuple(found)

    def _generator(self, ref: Ref, value: Value) -> Things:
        return (Api((Segment("name", "types"), Segment("name", "GeneratorType"), CALL)),)

    def _caught(self, ref: Ref, value: Value) -> Things:
        if not value.args:
            return (Api((Segment("name", "BaseException"), CALL)),)
        return self._instances(self.describe(ref._replace(value=value.args[0])), ())

    def _binop(self, ref: Ref, value: Value) -> Things:
        left = self.describe(ref._replace(value=value.args[0]))
        texts = {thing.path[0].text for thing in left if isinstance(thing, Api)}
        if texts <= {"list", "dict", "set", "str", "tuple", "bytes", "int", "float"}:
            return left
        return (Unknown("the result of an operator"),)

    def _element(self, ref: Ref, value: Value) -> Things:
        found: dict[Thing, None] = {}
        for part in self._parts(ref._replace(value=value.args[0]), 0):
            found.update(dict.fromkeys(self.describe(part)))
        if not found:
            for thing in self.describe(ref._replace(value=value.args[0])):
                if isinstance(thing, Api):
                    found[Api((*thing.path, ITEM))] = None
                else:
                    found[Unknown("an element of a container")] = None
        return tuple(found)

    def _parts(self, ref: Ref, depth: int) -> list[Ref]:
        """The values that lie in a container, where a display shows them."""
        found: list[Ref] = []
        for definition in self._project.names.resolve(*ref) if depth < _DEEPEST else ():
            made = (
                self._project.names.value(definition.ref) if isinstance(definition, Local) else None
            )
            if not isinstance(definition, Local) or made is None:
                continue
            target = definition.ref
            if made.op in ("list", "tuple", "set", "listcomp", "setcomp", "genexpr"):
                found += [target._replace(value=part) for part in made.args]
            elif made.op in ("dict", "dictcomp"):
                found += [target._replace(value=part) for part in made.args[1::2]]
            elif made.op in ("phi", "refine"):
                parts = made.args if made.op == "phi" else made.args[:1]
                found += [
                    p for v in parts for p in self._parts(target._replace(value=v), depth + 1)
                ]
            elif made.op in ("item", "elem"):
                for part in self._parts(target._replace(value=made.args[0]), depth + 1):
                    found += self._parts(part, depth + 1)
            elif made.op == "param":
                found += self._default_parts(target, made, depth + 1)
            elif made.op == "call":
                found += self._copied_parts(target, made, depth + 1)
        return found

    def _default_parts(self, ref: Ref, value: Value, depth: int) -> list[Ref]:
        function = self._function(FunctionRef(ref.module, ref.function))
        for param in function.params:
            if param.name == value.text and param.default is not None:
                return self._parts(Ref(ref.module, function.parent, param.default), depth)
        return []

    def _copied_parts(self, ref: Ref, value: Value, depth: int) -> list[Ref]:
        """`x.copy()`, `list(x)`, `x.items()`: what lies in them is what lies in `x`."""
        function = self._project.names.value(ref._replace(value=value.args[0]))
        if function is not None and function.op == "attr" and len(value.args) == 1:
            if function.text in ("copy", "values"):
                return self._parts(ref._replace(value=function.args[0]), depth)
        if function is not None and function.op == "builtin" and len(value.args) == 2:
            if function.text in ("list", "tuple", "dict", "set", "sorted", "reversed", "iter"):
                return self._parts(ref._replace(value=value.args[1]), depth)
        return []

    def _decorated(self, ref: Ref, value: Value) -> Things:
        """What a decorator makes of a function or class: what it is called to give."""
        found: dict[Thing, None] = {}
        for inner in self.describe(ref._replace(value=value.args[1])):
            for decorator in self.describe(ref._replace(value=value.args[0])):
                found.update(dict.fromkeys(self._apply(decorator, inner)))
        return tuple(found)

    def _apply(self, decorator: Thing, inner: Thing) -> Things:
        if isinstance(decorator, Api):
            if self._project.catalogue.match("wrapper", decorator.path) is not None:
                return (inner,)
        elif isinstance(decorator, Made) and isinstance(inner, Made):
            function = self._function(decorator.function)
            if len(function.params) > decorator.bound:
                name = function.params[decorator.bound].name
                around = (*decorator.bindings, (decorator.function, name, inner))
                given = self._in(around, decorator.function)
                known = tuple(t for t in given if not isinstance(t, Unknown))
                if known:
                    return known
        elif isinstance(decorator, ClassThing) and isinstance(inner, Made):
            methods = self._project.classes.find_method(decorator.ref, "__init__").functions
            params = self._function(methods[0]).params if methods else ()
            if len(params) > 1:
                return (Instance(decorator.ref, ((methods[0], params[1].name, inner),)),)
        if isinstance(inner, Made):
            inner = replace(inner, sure=False)
        return (inner,)

    def _in(self, bindings: Bindings, function: FunctionRef) -> Things:
        """What a call of a function gives in a context; functions made there keep the context."""
        before, self._bindings = self._bindings, bindings
        try:
            given = self._returned(function)
        finally:
            self._bindings = before
        inner = {thing for _, _, thing in bindings}
        return tuple(
            replace(thing, bindings=(*thing.bindings, *bindings))
            if isinstance(thing, Made) and thing not in inner
            else thing
            for thing in given
        )

    def _call(self, ref: Ref, value: Value) -> Things:
        found: dict[Thing, None] = {}
        constants = self._constants(ref, value)
        for thing in self.describe(ref._replace(value=value.args[0])):
            if isinstance(thing, Made):
                given = self._in(thing.bindings, thing.function) if thing.bindings else None
                found.update(dict.fromkeys(given or self._returned(thing.function)))
            elif isinstance(thing, Api) and thing.path == (Segment("name", "super"),):
                found.update(dict.fromkeys(self._super(ref, value)))
            else:
                special = self._special(ref, value, thing)
                found.update(dict.fromkeys(special or self._instances((thing,), constants)))
        return tuple(found)

    def _super(self, ref: Ref, value: Value) -> Things:
        function = self._function(FunctionRef(ref.module, ref.function))
        index = ref.function
        while function.owner < 0 and function.parent > 0:
            index = function.parent
            function = self._function(FunctionRef(ref.module, index))
        if function.owner < 0:
            return (Unknown("`super()` outside a class"),)
        owner = ClassRef(ref.module, function.owner)
        if len(value.args) > 1:
            for thing in self.describe(ref._replace(value=value.args[1])):
                if isinstance(thing, ClassThing):
                    return (Super(owner, thing.ref),)
            return (Unknown("`super()` of an unknown class"),)
        return (Super(owner, owner),)

    def _special(self, ref: Ref, value: Value, thing: Thing) -> Things:
        """Calls of Python's own whose result is one of their arguments."""
        if not isinstance(thing, Api) or len(value.args) < 2:
            return ()
        name = ".".join(segment.text for segment in thing.path)
        if name in ("typing.cast", "typing_extensions.cast") and len(value.args) > 2:
            return self.annotated(ref._replace(value=value.args[1]))
        if name in ("copy.copy", "copy.deepcopy"):
            return self.describe(ref._replace(value=value.args[1]))
        if name == "getattr" and len(value.args) > 2:
            attribute = self._project.names.constant(ref._replace(value=value.args[2]))
            if attribute is not None:
                owners = self.describe(ref._replace(value=value.args[1]))
                return tuple(t for owner in owners for t in self.attribute(owner, attribute))
        if name == "functools.partial":
            given = len([word for word in value.text.split(",")[1:] if not word])
            return tuple(
                replace(thing, bound=thing.bound + (given if len(value.args) > 2 else 0))
                for thing in self.describe(ref._replace(value=value.args[1]))
                if isinstance(thing, Made)
            )
        return ()

    def _constants(self, ref: Ref, value: Value) -> tuple[str, ...]:
        words = value.text.split(",") if len(value.args) > 1 else []
        found = []
        for position, (word, argument) in enumerate(zip(words, value.args[1:], strict=False)):
            if (word == "" and position) or word in ("*", "**"):
                continue
            constant = self._project.names.constant(ref._replace(value=argument))
            if constant is not None:
                found.append(constant)
        return tuple(found)

    def _instances(self, things: Things, constants: tuple[str, ...]) -> Things:
        """What calling each of these gives, but for project functions."""
        found: list[Thing] = []
        for thing in things:
            if isinstance(thing, ClassThing):
                found.append(Instance(thing.ref))
            elif isinstance(thing, Api):
                found.append(Api((*thing.path, Segment("call", "", constants))))
            elif isinstance(thing, Instance):
                found += self._returns_of(thing.ref, "__call__")
            else:
                found.append(thing if isinstance(thing, Unknown) else Unknown("a call of a module"))
        return tuple(found)

    def _returns_of(self, ref: ClassRef, name: str) -> Things:
        methods = self._project.classes.find_method(ref, name)
        found = [thing for function in methods.functions for thing in self._returned(function)]
        return tuple(found) or (Unknown(f"`{name}` of a class"),)

    def _returned(self, ref: FunctionRef) -> Things:
        """What a call of a project function gives (of a coroutine: what awaiting it gives)."""
        function = self._function(ref)
        if function is None:
            return (Unknown("the module cannot be read"),)
        if "generator" in function.flags:
            return self._yielded(ref, function)
        found: dict[Thing, None] = {}
        for block in function.blocks:
            for effect in block.effects:
                if effect.kind == "return":
                    part = Ref(ref.module, ref.index, effect.args[0])
                    found.update(dict.fromkeys(self.describe(part)))
        none = Api((Segment("name", "NoneType"), CALL))
        found.pop(none, None)
        if not found or all(isinstance(thing, Unknown) for thing in found):
            if function.returns is not None:
                return self.annotated(Ref(ref.module, function.parent, function.returns))
        return tuple(found) or (none,)

    def _yielded(self, ref: FunctionRef, function: Function) -> Things:
        """A context manager gives what it yields when it is entered; other generators: unknown."""
        for decorator in function.decorators:
            for thing in self.describe(Ref(ref.module, function.parent, decorator)):
                row = isinstance(thing, Api) and self._project.catalogue.match(
                    "wrapper", thing.path
                )
                if row and row.keys.get("result") == "contextmanager":
                    found: dict[Thing, None] = {}
                    for block in function.blocks:
                        for effect in block.effects:
                            if effect.kind == "yield":
                                part = Ref(ref.module, ref.index, effect.args[0])
                                found.update(dict.fromkeys(self.describe(part)))
                    return tuple(found) or (Unknown("a generator"),)
        return self._generator(Ref("", 0, 0), Value("", (), "", None, 0))

    def _attribute(self, ref: Ref, value: Value) -> Things:
        found: dict[Thing, None] = {}
        for thing in self.describe(ref._replace(value=value.args[0])):
            found.update(dict.fromkeys(self.attribute(thing, value.text)))
        return tuple(found)

    def attribute(self, thing: Thing, name: str) -> Things:
        """What an attribute of something is."""
        if isinstance(thing, Api):
            return (Api((*thing.path, Segment("name", name))),)
        if isinstance(thing, Instance):
            return self._member(thing, name)
        if isinstance(thing, (ClassThing, Super)):
            after = thing.after if isinstance(thing, Super) else None
            attribute = self._project.classes.attribute(thing.ref, name, after=after)
            found = [made for value in attribute.values for made in self.describe(value)]
            through = "class" if after is None else "method"
            bound = [self._bind(made, through) for made in found]
            return tuple(bound) or (Unknown(attribute.cause or f"`{name}` of a library's class"),)
        if isinstance(thing, Unknown):
            return (thing,)
        return (Unknown(f"attribute `{name}` of a function or module"),)

    def _member(self, instance: Instance, name: str) -> Things:
        """What `instance.name` is: the class's attribute, and what its methods put there."""
        ref, classes = instance.ref, self._project.classes
        if instance.bindings and not self._bindings:
            before, self._bindings = self._bindings, instance.bindings
            try:
                return self._member(instance, name)
            finally:
                self._bindings = before
        attribute = classes.attribute(ref, name)
        fields = classes.fields(ref, name)
        found: dict[Thing, None] = {}
        for value in fields.values:
            found.update(dict.fromkeys(self.describe(value)))
        for value in attribute.values:
            for thing in self.describe(value):
                if isinstance(thing, Made) and classes.kind(thing.function) == "property":
                    found.update(dict.fromkeys(self._returned(thing.function)))
                else:
                    found[self._bind(thing, "method")] = None
        annotation = classes.annotation(ref, name)
        if annotation is not None:  # a field's declaration says what it holds
            declared = self.annotated(annotation)
            found = {thing: None for thing in found if not _is_none(thing)}
            if any(not isinstance(thing, Unknown) for thing in declared):
                found = {t: None for t in found if isinstance(t, (Instance, Made))}
            found.update(dict.fromkeys(declared))
        if not found:
            cause = attribute.cause or f"`{name}` of a class with bases in a library"
            return (Unknown(cause),)
        return tuple(found)

    def _bind(self, thing: Thing, through: str) -> Thing:
        if not isinstance(thing, Made):
            return thing
        kind = self._project.classes.kind(thing.function)
        bound = kind == "class" or (kind in ("method", "") and through == "method")
        return replace(thing, bound=thing.bound + bound)

    def _param(self, ref: Ref, value: Value) -> Things:
        function = self._function(FunctionRef(ref.module, ref.function))
        position = next((i for i, p in enumerate(function.params) if p.name == value.text), -1)
        if position < 0:
            return (Unknown("a parameter"),)
        param = function.params[position]
        own = FunctionRef(ref.module, ref.function)
        for holder, name, thing in self._bindings:
            if holder == own and name == param.name:
                return (thing,)
        if (
            position == 0
            and function.owner >= 0
            and param.kind in ("positional", "positional-only")
        ):
            owner = ClassRef(ref.module, function.owner)
            kind = self._project.classes.kind(own)
            if kind == "class":
                return (ClassThing(owner),)
            if kind != "static":
                return (Instance(owner, self._bindings),)
        if param.kind == "*":
            return (Api((Segment("name", "tuple"), CALL)),)
        if param.kind == "**":
            return (Api((Segment("name", "dict"), CALL)),)
        if param.annotation is not None:
            return self.annotated(Ref(ref.module, function.parent, param.annotation))
        if param.default is not None:
            return self.describe(Ref(ref.module, function.parent, param.default))
        return (Unknown("a parameter without annotation"),)

    def annotated(self, ref: Ref) -> Things:
        """What an object is that is annotated with this: `Optional[X]` and `X | None` are X."""
        found: dict[Thing, None] = {}
        for definition in self._project.names.resolve(*ref, typing=True):
            value = (
                self._project.names.value(definition.ref) if isinstance(definition, Local) else None
            )
            if isinstance(definition, Local) and value is not None and value.op == "binop":
                for part in value.args:
                    found.update(dict.fromkeys(self.annotated(definition.ref._replace(value=part))))
            elif isinstance(definition, Local) and value is not None and value.op == "item":
                found.update(dict.fromkeys(self._subscripted(definition.ref, value)))
            elif isinstance(definition, Local) and value is not None and value.op == "const":
                continue
            else:
                found.update(dict.fromkeys(self._instances(self._define(definition), ())))
        return tuple(found) or (Unknown("an annotation"),)

    def _subscripted(self, ref: Ref, value: Value) -> Things:
        found: list[Thing] = []
        for thing in self.describe(ref._replace(value=value.args[0])):
            name = ".".join(s.text for s in thing.path) if isinstance(thing, Api) else ""
            if name in _OPTIONAL:
                inner = self._project.names.value(ref._replace(value=value.args[1]))
                parts = inner.args if inner is not None and inner.op == "tuple" else value.args[1:]
                for part in parts[:1] if name == "typing.Annotated" else parts:
                    found += self.annotated(ref._replace(value=part))
            else:
                found += self._instances((thing,), ())
        return tuple(found)

    def _function(self, ref: FunctionRef) -> Function:
        module = self._project.module(ref.module)
        assert module is not None, "a function that was just followed is loaded"
        return module.facts.functions[ref.index]


def _is_none(thing: Thing) -> bool:
    return isinstance(thing, Api) and thing.path == (Segment("name", "NoneType"), CALL)
