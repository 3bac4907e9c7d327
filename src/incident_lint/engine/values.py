"""What a value is, and how its operation leads there.

`names` follows names; this follows objects as well: calls, fields, annotations, returned values.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ..model.facts import Function, Value
from .annotations import annotated
from .decorated import Decorated
from .definitions import (
    ClassRef,
    Definition,
    External,
    FunctionRef,
    ModuleDef,
    Namespace,
    Ref,
    Unknown,
)
from .elements import Elements
from .entry_points import EntryPoints
from .members import Members, bind
from .returned import Returned
from .thing import (
    Api,
    Bindings,
    ClassThing,
    Instance,
    Made,
    Module,
    Thing,
    Things,
    joined,
    object_of,
    of_library,
)

if TYPE_CHECKING:
    from .project import Project

_DEEPEST = 12
_MOST_ANSWERS = 50_000
_PATIENCE = 100
_MOST_THINGS = 60
"""Of a name that is bound anew all the time (`df = df.dropna()`) there would be thousands."""
_DISPLAYS = {
    "list": "list",
    "listcomp": "list",
    "tuple": "tuple",
    "set": "set",
    "setcomp": "set",
    "dict": "dict",
    "dictcomp": "dict",
    "genexpr": "types.GeneratorType",
    "fmt": "str",
    "display": "str",
    "compare": "bool",
    "not": "bool",
    "more": "bool",
    "matches": "bool",
    "slice": "slice",
}
_KEPT_BY_OPERATORS = frozenset({"list", "dict", "set", "str", "tuple", "bytes", "int", "float"})


class Values:
    """Answers of "what is this value?" for one project.

    `bindings` is what parameters are in the context of the question that is being answered.
    """

    def __init__(self, project: Project) -> None:
        self.project = project
        self.bindings: Bindings = ()
        self._known: dict[tuple[Ref, Bindings], Things] = {}
        self._open: set[Ref] = set()
        self._cut = 0
        self._short: dict[tuple[Ref, Bindings], Things] = {}
        self._tries = 0
        """Answers to parts of the question that is being answered, cut short: good enough once
        there are many, where each would be looked for again in every other part."""
        returned = Returned(self)
        members = Members(self, returned)
        self.attribute = members.attribute
        self._readers = {
            "decorated": Decorated(self, returned).describe,
            "call": returned.call,
            "attr": members.read,
            "param": members.parameter,
            "item": Elements(self).describe,
            "elem": Elements(self).describe,
            "exc": self._caught,
            "binop": self._binop,
        }
        self._returned = returned
        self.entry_points = EntryPoints(project, self)

    @contextmanager
    def within(self, bindings: Bindings) -> Iterator[None]:
        """Ask questions in another context."""
        before, self.bindings = self.bindings, bindings
        try:
            yield
        finally:
            self.bindings = before

    def describe(self, ref: Ref, bindings: Bindings | None = None) -> Things:
        """All that a value can be, given what parameters are (None: as asked before); never
        empty."""
        if bindings is not None and bindings != self.bindings:
            with self.within(bindings):
                return self.describe(ref)
        key = ref, self.bindings
        known = self._known.get(key)
        if known is not None:
            return known
        if not self._open:
            self._short.clear()
            self._tries = 0
        elif self._tries > _PATIENCE and key in self._short:
            self._cut += 1
            return self._short[key]
        if ref in self._open:
            self._cut += 1
            return (Unknown("a value that depends on itself"),)
        if len(self._open) >= _DEEPEST:
            self._cut += 1
            return (Unknown("a way of more than twelve steps"),)
        cuts = self._cut
        self._open.add(ref)
        try:
            answer = self._described(ref)
            if len(answer) > _MOST_THINGS:
                answer = (*answer[:_MOST_THINGS], Unknown("one of too many things"))
        finally:
            self._open.discard(ref)
        if cuts == self._cut or not self._open:  # what was cut short is no lasting answer
            if len(self._known) >= _MOST_ANSWERS:
                self._known.clear()
            self._known[key] = answer
        else:
            self._short[key] = answer
            self._tries += 1
        return answer

    def cut_short(self) -> None:
        """What is being answered rests on a question that is still open: do not keep it."""
        self._cut += 1

    def all_of(self, refs: Iterable[Ref]) -> Things:
        """All that any of these values can be."""
        return joined([self.describe(ref) for ref in refs])

    def annotated(self, ref: Ref, owner: ClassRef | None = None) -> Things:
        """What an object is that is annotated with this, beside None; never empty. `owner` is the
        class that `Self` means."""
        found: dict[Thing, None] = {}
        for what, is_class in annotated(self.project, ref, owner):
            if isinstance(what, ClassRef):
                found[ClassThing(what) if is_class else Instance(what)] = None
            elif isinstance(what, External):
                found[of_library(what.dotted) if is_class else object_of(what.dotted)] = None
            else:
                found[what] = None
        return tuple(found) or (Unknown("an annotation"),)

    def function(self, ref: FunctionRef) -> Function:
        """The facts of a function that was just followed."""
        module = self.project.module(ref.module)
        assert module is not None, "a function that was just followed is loaded"
        return module.facts.functions[ref.index]

    def _described(self, ref: Ref) -> Things:
        things = joined([self._define(each) for each in self.project.names.resolve(*ref)])
        if not any(isinstance(thing, Made) and not thing.bound for thing in things):
            return things
        value = self.project.names.value(ref)
        if value is None or value.op != "attr":
            return things
        # `names` has looked into a class.
        return joined(
            [
                (thing if isinstance(thing, Made) and thing.bound else self._of_class(thing),)
                for thing in things
            ]
        )

    def _of_class(self, thing: Thing) -> Thing:
        return bind(self.project, thing, "class")

    def _define(self, definition: Definition) -> Things:
        if isinstance(definition, External):
            return (of_library(definition.dotted),)
        if isinstance(definition, (ModuleDef, Namespace)):
            return (Module(definition),)
        if isinstance(definition, Unknown):
            return (definition,)
        value = self.project.names.value(definition.ref)
        if value is None:
            return (Unknown("the module cannot be read"),)
        return self._local(definition.ref, value)

    def _local(self, ref: Ref, value: Value) -> Things:
        op = value.op
        if op in _DISPLAYS:
            return (object_of(_DISPLAYS[op]),)
        if op == "func":
            return (Made(FunctionRef(ref.module, int(value.text))),)
        if op == "class":
            return (ClassThing(ClassRef(ref.module, int(value.text))),)
        if op == "const":
            name = type(ast.literal_eval(value.text)).__name__ if "..." not in value.text else "str"
            return (object_of(name),)
        if op in ("await", "enter", "aug", "refine"):
            return self.describe(ref.at(value.args[0]))
        if op == "phi":
            return self.all_of(ref.at(part) for part in value.args)
        reader = self._readers.get(op)
        if reader is None:
            return (Unknown(value.text if op == "unknown" else f"a value made by `{op}`"),)
        return reader(ref, value)

    def _caught(self, ref: Ref, value: Value) -> Things:
        if not value.args:
            return (object_of("BaseException"),)
        return self._returned.instances(self.describe(ref.at(value.args[0])))

    def _binop(self, ref: Ref, value: Value) -> Things:
        left = self.describe(ref.at(value.args[0]))
        texts = {thing.path[0].text for thing in left if isinstance(thing, Api)}
        if texts <= _KEPT_BY_OPERATORS:
            return left
        return (Unknown("the result of an operator"),)
