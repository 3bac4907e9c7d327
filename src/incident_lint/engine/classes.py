"""Classes across modules: order of bases, attributes, methods and fields.

Whatever a class inherits from a library stays in its order as a dotted path, in place: so a look-up
knows whether the library could have answered first, and rows can be asked about it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..model.facts import Class, Facts, Value
from .definitions import (
    ClassRef,
    Definition,
    External,
    FunctionRef,
    Local,
    Ref,
    Unknown,
)
from .order import Entry, Order, may_define, merge

if TYPE_CHECKING:
    from .project import Project

__all__ = ["Attribute", "ClassRef", "Classes", "Fields", "FunctionRef", "Methods", "Order"]

_PROPERTIES = frozenset({"property", "abc.abstractproperty"})
_STATIC = frozenset({"staticmethod", "abc.abstractstaticmethod"})
_CLASS = frozenset({"classmethod", "abc.abstractclassmethod"})
_IMPLICIT = {"__new__": "static", "__init_subclass__": "class", "__class_getitem__": "class"}
_ACCESSORS = frozenset({"setter", "getter", "deleter"})
_ASKED_OF_OBJECTS = ("__getattr__", "__getattribute__")
_DEEPEST = 60
_MOST_ANSWERS = 50_000


class Attribute(NamedTuple):
    """What a class has under a name: `values` bound in the body of the first project class that
    has it (`owner`; None: no class of the project has), `external` library bases that come before
    and may have it, `cause` why there may be more (None: there is not)."""

    values: tuple[Ref, ...]
    owner: ClassRef | None
    external: tuple[str, ...]
    cause: str | None


class Methods(NamedTuple):
    """The functions a method can be; `complete` says that it is none but these."""

    functions: tuple[FunctionRef, ...]
    complete: bool


class Fields(NamedTuple):
    """What `self.name = ...` assigns in the classes of an order; `complete`: all are visible."""

    values: tuple[Ref, ...]
    complete: bool


class Classes:
    """Answers about the classes of one project."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._orders: dict[ClassRef, Order] = {}
        self._attributes: dict[tuple[ClassRef, ClassRef | None, str], Attribute] = {}
        self._kinds: dict[FunctionRef, str] = {}
        self._open: set[ClassRef] = set()

    # what a definition is

    def of(self, definition: Definition) -> ClassRef | None:
        """The class that a definition is, below any decorators."""
        ref, value = self._undecorated(definition)
        return ClassRef(ref.module, int(value.text)) if value and value.op == "class" else None

    def function_of(self, definition: Definition) -> FunctionRef | None:
        """The function that a definition is, below any decorators."""
        ref, value = self._undecorated(definition)
        return FunctionRef(ref.module, int(value.text)) if value and value.op == "func" else None

    def _undecorated(self, definition: Definition) -> tuple[Ref, Value | None]:
        if not isinstance(definition, Local):
            return Ref("", 0, 0), None
        ref = definition.ref
        value = self._project.names.value(ref)
        while value is not None and value.op == "decorated":
            ref = ref.at(value.args[1])
            value = self._project.names.value(ref)
        return ref, value

    def facts(self, ref: ClassRef) -> Class:
        """The class's own facts. Raises LookupError if its module cannot be loaded any more."""
        return self._facts(ref.module).classes[ref.index]

    def _facts(self, module: str) -> Facts:
        found = self._project.module(module)
        if found is None:
            raise LookupError(module)
        return found.facts

    # order

    def order(self, ref: ClassRef) -> Order:
        """The class, then its bases (C3); where Python would refuse the bases, one by one."""
        known = self._orders.get(ref)
        if known is not None:
            return known
        if ref in self._open or len(self._open) > _DEEPEST:
            return Order((ref, Unknown("bases that depend on themselves, or too many")))
        self._open.add(ref)
        try:
            order = Order(self._linear(ref))
        finally:
            self._open.discard(ref)
        self._orders[ref] = order
        return order

    def _linear(self, ref: ClassRef) -> tuple[Entry, ...]:
        bases = self.bases(ref)
        orders: list[list[Entry]] = [
            list(self.order(base).entries) if isinstance(base, ClassRef) else [base]
            for base in bases
        ]
        merged = merge([*orders, list(bases)])
        if merged is None:
            once = dict.fromkeys(entry for entries in orders for entry in entries)
            merged = [*once, Unknown("bases in an order that Python refuses")]
        return (ref, *(entry for entry in merged if entry != ref))

    def bases(self, ref: ClassRef) -> tuple[Entry, ...]:
        """The direct bases, without repetition; of alternatives (`try`/`except`) all."""
        facts = self.facts(ref)
        found: dict[Entry, None] = {}
        for base in facts.bases:
            found.update(dict.fromkeys(self._base(Ref(ref.module, facts.parent, base))))
        return tuple(entry for entry in found if entry != ref)

    def _base(self, ref: Ref, depth: int = 0) -> list[Entry]:
        ref = self._unsubscripted(ref)
        found: list[Entry] = []
        for definition in self._project.names.resolve(*ref):
            of_class = self.of(definition)
            if of_class is not None:
                found.append(of_class)
            elif isinstance(definition, External | Unknown):
                found.append(definition)
            elif isinstance(definition, Local) and depth < 8:
                found += self._computed(definition.ref, depth)
            else:
                found.append(Unknown("a base that is no class"))
        return found

    def _computed(self, ref: Ref, depth: int) -> list[Entry]:
        """A base that is an expression: an alias of `Base[T]`, `namedtuple(...)`, a call."""
        value = self._project.names.value(ref)
        if value is None or value.op == "const":
            return []  # `Base = None` where an import failed
        if value.op == "item":
            return self._base(ref, depth + 1)
        if value.op == "call":
            called = self._project.names.resolve(*ref.at(value.args[0]))
            if len(called) == 1 and isinstance(called[0], External):
                name = called[0].dotted
                if name.endswith(".with_metaclass"):
                    parts = [self._base(ref.at(base)) for base in value.args[2:]]
                    return [entry for part in parts for entry in part]
                if name in ("collections.namedtuple", "typing.NamedTuple"):
                    return [called[0]]
        return [Unknown("a base that is computed")]

    def _unsubscripted(self, ref: Ref) -> Ref:
        value = self._project.names.value(ref)
        while value is not None and value.op == "item":
            ref = ref.at(value.args[0])
            value = self._project.names.value(ref)
        return ref

    # attributes

    def attribute(self, ref: ClassRef, name: str, *, after: ClassRef | None = None) -> Attribute:
        """Look a name up in a class and its bases, as Python does on the class itself.

        `after` leaves out what comes up to that class: it is where `super()` begins.
        """
        key = ref, after, name
        known = self._attributes.get(key)
        if known is None:
            if len(self._attributes) >= _MOST_ANSWERS:
                self._attributes.clear()
            known = self._attributes[key] = self._attribute(ref, name, after)
        return known

    def _attribute(self, ref: ClassRef, name: str, after: ClassRef | None) -> Attribute:
        entries = self.order(ref).entries
        if after is not None and after in entries:
            entries = entries[entries.index(after) + 1 :]
        external: list[str] = []
        cause: str | None = None
        for entry in entries:
            if isinstance(entry, ClassRef):
                values = self._body(entry, name)
                if values:
                    return Attribute(values, entry, tuple(external), cause)
            elif may_define(entry, name):
                if isinstance(entry, External):
                    external.append(entry.dotted)
                else:
                    cause = cause or entry.cause
        return Attribute((), None, tuple(external), cause)

    def _body(self, ref: ClassRef, name: str) -> tuple[Ref, ...]:
        """What the class's own body binds to a name, without what a later `def` replaces."""
        facts = self._facts(ref.module)
        of_class = facts.classes[ref.index]
        made = facts.functions[of_class.parent].values
        left: list[int] = []
        for value in of_class.body.get(name, ()):
            function = _function(made, value)
            if function is not None and facts.functions[function].name == name:
                if any(_is_accessor(made, d) for d in facts.functions[function].decorators):
                    continue  # `@x.setter`: reading `x` still calls the getter
                left = [old for old in left if made[old].block != made[value].block]
            left.append(value)
        return tuple(Ref(ref.module, of_class.parent, value) for value in left)

    def find_method(self, ref: ClassRef, name: str, *, after: ClassRef | None = None) -> Methods:
        """The functions that `instance.name` can be, from the class's order (see `attribute`)."""
        attribute = self.attribute(ref, name, after=after)
        complete = attribute.cause is None and not attribute.external
        if complete and not attribute.values and name not in _ASKED_OF_OBJECTS:
            complete = not any(self.attribute(ref, asked).values for asked in _ASKED_OF_OBJECTS)
        functions: dict[FunctionRef, None] = {}
        for value in attribute.values:
            for definition in self._project.names.resolve(*value):
                function = self.function_of(definition)
                if function is None:
                    complete = False
                else:
                    functions[function] = None
        return Methods(tuple(functions), complete)

    def kind(self, function: FunctionRef) -> str:
        """What a function is in its class: "method", "property" (cached or not), "accessor" (of a
        property: setter or deleter), "static" or "class". Other decorators are not looked at."""
        known = self._kinds.get(function)
        if known is None:
            known = self._kinds[function] = self._kind(function)
        return known

    def _kind(self, ref: FunctionRef) -> str:
        facts = self._facts(ref.module)
        function = facts.functions[ref.index]
        kind = _IMPLICIT.get(function.name, "method")
        for decorator in function.decorators:
            if _is_accessor(facts.functions[function.parent].values, decorator):
                return "accessor"
            for definition in self._project.names.resolve(ref.module, function.parent, decorator):
                dotted = definition.dotted if isinstance(definition, External) else ""
                if dotted in _PROPERTIES or dotted.rpartition(".")[2] == "cached_property":
                    kind = "property"
                elif dotted in _STATIC:
                    kind = "static"
                elif dotted in _CLASS:
                    kind = "class"
        return kind

    # fields

    def fields(self, ref: ClassRef, name: str) -> Fields:
        """Every value that `self.name` is given in methods of the class and of its bases."""
        order = self.order(ref)
        found = [
            Ref(entry.module, function, value)
            for entry in order.classes
            for function, value in self.facts(entry).fields.get(name, ())
        ]
        return Fields(tuple(found), not order.unresolved)

    def annotation(self, ref: ClassRef, name: str) -> Ref | None:
        """The annotation that the class or the nearest base declares for an attribute."""
        for entry in self.order(ref).classes:
            facts = self.facts(entry)
            if name in facts.annotations:
                return Ref(entry.module, facts.parent, facts.annotations[name])
        return None


def _function(values: tuple[Value, ...], index: int) -> int | None:
    while values[index].op == "decorated":
        index = values[index].args[1]
    return int(values[index].text) if values[index].op == "func" else None


def _is_accessor(values: tuple[Value, ...], decorator: int) -> bool:
    value = values[decorator]
    return value.op == "attr" and value.text in _ACCESSORS
