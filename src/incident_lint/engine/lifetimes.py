"""How long objects live: which variable keeps one, and does that variable outlive a request?

A *slot* is a variable that can keep an object: a name of a module, an attribute of a class or of
its instances, of a function, or a name that closures see. What lies in a kept container is kept
by the same slot. Whether the slot itself lives with the process depends, for attributes of
instances and for parameters, on who calls: `Known` says what is known of that.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..knowledge.paths import CALL, ITEM, parse
from ..model.facts import Effect, Function, Value
from .caches import caches
from .callers import Callers
from .definitions import ClassRef, FunctionRef, Local, ModuleDef, Ref
from .slots import Kept, Known, Slot, Slots
from .thing import Api, ClassThing, Instance, Made, Module, Super

if TYPE_CHECKING:
    from .project import Project
    from .values import Values

ROLE = "request-local"
_DEEPEST = 12
_NAMES = frozenset({"global", "from", "import"})
_SAME = frozenset({"refine", "await", "enter"})
_NO_OBJECTS = frozenset({"const", "func", "class", "import", "from", "unknown", "unbound"})
_LOOKUPS = frozenset({"get", "setdefault"})


class Lifetimes:
    """Answers of "who keeps this object?" for one project."""

    def __init__(self, project: Project, values: Values) -> None:
        self._project = project
        self._values = values
        self._callers = Callers(project, values)
        self.slots = Slots(project, values, self._callers)

    def of(self, ref: Ref, known: Known, depth: int = 0) -> Kept | None:
        """The slot that keeps an object for as long as the process lives; None: none is seen."""
        value = self._project.names.value(ref)
        if value is None or depth > _DEEPEST:
            return None
        if value.op in _SAME:
            return self.of(ref.at(value.args[0]), known, depth + 1)
        if value.op == "phi":
            return self._every([ref.at(part) for part in value.args], known, depth)
        if value.op in _NAMES:
            return self._named(ref, value)
        if value.op == "param":
            return known.get((FunctionRef(ref.module, ref.function), value.text))
        if value.op == "free":
            return self._closed_over(ref, value)
        if value.op == "attr":
            return self._attribute(ref, value, known, depth)
        if value.op == "item":
            return _inside(self.of(ref.at(value.args[0]), known, depth + 1))
        if value.op == "call":
            return self._given(ref, value, known, depth)
        return None

    def slot(self, ref: Ref) -> Slot | None:
        """The variable in which an object is found, however long that lives."""
        function = self._function(FunctionRef(ref.module, ref.function))
        every: dict[tuple[FunctionRef, str], Kept] = {}
        for index in (ref.function, function.parent):
            if index > 0:
                own = self._function(FunctionRef(ref.module, index))
                for param in own.params[:1] if own.owner >= 0 else ():
                    slot = Slot(ClassRef(ref.module, own.owner), param.name)
                    every[FunctionRef(ref.module, index), param.name] = Kept(slot, param.name)
        kept = self.of(ref, every)
        return kept.slot if kept is not None else None

    def variable(self, ref: FunctionRef, name: str) -> Kept | None:
        """A name of an enclosing function, if that runs when its module is imported."""
        owner = self._function(ref).captures.get(name)
        if owner is None:
            return None
        around = FunctionRef(ref.module, owner)
        function = self._function(around)
        if any(param.name == name for param in function.params) or not self._runs_at_import(around):
            return None
        return Kept(Slot(around, name), f"`{name}` of `{function.name}()`")

    def framework_made(self, method: FunctionRef) -> Kept | None:
        """The object of a method, of which a framework makes one for the process."""
        function = self._function(method)
        if self._project.classes.kind(method) != "method":
            return None
        owner = ClassRef(method.module, function.owner)
        if any(self._is_served(call) for call, _ in self._callers.making(method.module, owner)):
            return None
        name = self._project.classes.facts(owner).name
        return Kept(Slot(owner, function.params[0].name), f"the one `{name}`")

    def _is_served(self, call: Ref) -> bool:
        """Whether something is called each time that a function serves."""
        entries = self._values.entry_points.of(FunctionRef(call.module, call.function))
        return any(entry.scope != "start" for entry in entries)

    # names

    def _every(self, refs: list[Ref], known: Known, depth: int) -> Kept | None:
        """All of several objects are kept; which one it is does not matter."""
        found = [self.of(ref, known, depth + 1) for ref in refs]
        return found[0] if found and None not in found else None

    def _named(self, ref: Ref, value: Value) -> Kept | None:
        name = value.text.rpartition(":")[2]
        made = [d.ref for d in self._project.names.resolve(*ref) if isinstance(d, Local)]
        if len(made) < len(self._project.names.resolve(*ref)):
            return None
        objects = self._objects(made)
        if not objects or any(ref.function and not self._is_global(ref) for ref in objects):
            return None
        slot = Slot(made[0].module, self._original(made[0], name))
        return Kept(slot, f"`{name}`")

    def _objects(self, made: Sequence[Ref]) -> list[Ref]:
        """What is put into a variable, but for None; nothing, if some of it is no object that
        everybody shares."""
        found = []
        for ref in made:
            value = self._project.names.value(ref)
            if value is None or (value.op in _NO_OBJECTS and value.text != "None"):
                return []
            if self._is_local(ref):
                return []
            if value.op not in ("const", "aug"):  # `kept |= more` is the old one, or a number
                found.append(ref)
        return found

    def _is_global(self, ref: Ref) -> bool:
        """Whether a value of a function is bound to a name of its module, once: not by what
        serves each time, unless there is none yet."""
        module = self._project.module(ref.module)
        pair = ref.function, ref.value
        if module is None or all(pair not in bound for bound in module.facts.rebound.values()):
            return False
        function = module.facts.functions[ref.function]
        if not self._values.entry_points.of(FunctionRef(ref.module, ref.function)):
            return True
        return any(
            effect.kind == "bindglobal"
            and effect.args[-1] == ref.value
            and is_first(function, effect)
            for block in function.blocks
            for effect in block.effects
        )

    def _original(self, ref: Ref, name: str) -> str:
        """What a module itself calls a value of it."""
        module = self._project.module(ref.module)
        assert module is not None, "a value that was just followed is loaded"
        if ref.function:
            found = module.facts.rebound.items()
            pair = ref.function, ref.value
            return next((own for own, bound in found if pair in bound), name)
        binds = module.facts.functions[0].binds
        return next((own for own, bound in binds.items() if ref.value in bound), name)

    def _is_local(self, ref: Ref) -> bool:
        """Whether what looks like one object is another one for each request or thread."""
        things = self._values.describe(ref)
        paths = [thing.path for thing in things if isinstance(thing, Api)]
        for thing in things:
            if isinstance(thing, Instance):
                order = self._project.classes.order(thing.ref)
                paths += [(*parse(base)[0], CALL) for base in order.external]
        return any(self._project.catalogue.match(ROLE, path) is not None for path in paths)

    def _closed_over(self, ref: Ref, value: Value) -> Kept | None:
        """A name of an enclosing function that runs at import: a decorator, a factory."""
        owner = self._function(FunctionRef(ref.module, ref.function)).captures.get(value.text)
        if owner is None:
            return None
        around = FunctionRef(ref.module, owner)
        function = self._function(around)
        bound = function.binds.get(value.text, ())
        kinds = {function.values[each].op for each in bound}
        if not bound or kinds & (_NO_OBJECTS | {"param"}) or not self._runs_at_import(around):
            return None
        return Kept(Slot(around, value.text), f"`{value.text}` of `{function.name}()`")

    def _runs_at_import(self, ref: FunctionRef, depth: int = 0) -> bool:
        """Whether a function decorates or makes something while its module is imported."""
        function = self._function(ref)
        if function.parent > 0 and depth < 4:
            return self._runs_at_import(FunctionRef(ref.module, function.parent), depth + 1)
        module = self._project.module(ref.module)
        assert module is not None, "a function that was just followed is loaded"
        for other in module.facts.functions:
            home = module.facts.functions[max(other.parent, 0)]
            for decorator in other.decorators if other.parent == 0 else ():
                made = home.values[decorator]
                called = home.values[made.args[0]] if made.op == "call" else made
                if _names(called, function, ref.index):
                    return True
        body = module.facts.functions[0]
        return any(
            _names(body.values[made.args[0]], function, ref.index)
            for made in body.values
            if made.op == "call"
        )

    # attributes

    def _attribute(self, ref: Ref, value: Value, known: Known, depth: int) -> Kept | None:
        name = value.text
        for thing in self._values.describe(ref.at(value.args[0])):
            if isinstance(thing, Module) and isinstance(thing.definition, ModuleDef):
                return self._named(ref, value)
            if isinstance(thing, (ClassThing, Super)):
                return self._of_class(thing.ref, name)
            if isinstance(thing, Made) and self._function(thing.function).parent == 0:
                called = self._function(thing.function).name
                return Kept(Slot(thing.function, name), f"`{called}.{name}`")
            if isinstance(thing, Instance):
                return self._of_instance(thing.ref, ref, value, known, depth)
        return None

    def _of_class(self, ref: ClassRef, name: str) -> Kept | None:
        """What a class keeps under a name, for all its instances."""
        classes = self._project.classes
        attribute = classes.attribute(ref, name)
        if attribute.owner is None:
            return None
        fields = classes.fields(ref, name).values
        later = [v for v in fields if classes.kind(FunctionRef(v.module, v.function)) == "class"]
        if not self._objects([*attribute.values, *later]):
            return None
        owner = classes.facts(attribute.owner).name
        return Kept(Slot(attribute.owner, name), f"`{owner}.{name}`")

    def _of_instance(
        self, ref: ClassRef, place: Ref, value: Value, known: Known, depth: int
    ) -> Kept | None:
        classes = self._project.classes
        name = value.text
        fields = [v for v in classes.fields(ref, name).values if not self._is_itself(v, name)]
        if not fields:
            attribute = classes.attribute(ref, name)
            getters = [f for f in classes.find_method(ref, name).functions if self._is_getter(f)]
            if getters:
                given = [each for getter in getters for each in self._callers.returned(getter)]
                return self._every(given, self._of_self(getters, place, value, known, depth), depth)
            if attribute.owner is not None and self.is_shared(ref, name):
                return self._of_class(ref, name)
        holder = self.of(place.at(value.args[0]), known, depth + 1)
        if holder is None:
            return None
        slot = self.slots.owner(place.at(value.args[0]), name) or Slot(ref, name)
        return Kept(slot, f"`{name}` of {holder.what}")

    def _is_itself(self, ref: Ref, name: str) -> bool:
        """`self.seen |= {key}` changes what the class keeps, and hides it by itself."""
        made = self._project.names.value(ref)
        if made is None or made.op != "aug":
            return False
        old = self._project.names.value(ref.at(made.args[0]))
        return old is not None and old.op == "attr" and old.text == name

    def is_shared(self, ref: ClassRef, name: str) -> bool:
        """Whether what a class body binds is the class's own: what is annotated may declare a
        field, if a decorator or a library's base makes fields of it."""
        classes = self._project.classes
        order = classes.order(ref)
        if classes.annotation(ref, name) is None:
            whole = len(order.classes) == len(order.entries)
            return whole or not any(map(self._declares, classes.attribute(ref, name).values))
        decorated = any(classes.facts(each).decorators for each in order.classes)
        return not decorated and len(order.classes) == len(order.entries)

    def _declares(self, ref: Ref) -> bool:
        """Whether a value may tell a base of a library which fields its objects have: a column, a
        field of a form."""
        made = self._project.names.value(ref)
        if made is None or made.op != "call":
            return False
        things = self._values.describe(ref)
        match = self._project.catalogue.match
        return not any(isinstance(t, Api) and match("mutable-constructor", t.path) for t in things)

    def _is_getter(self, function: FunctionRef) -> bool:
        return self._project.classes.kind(function) == "property"

    def _of_self(
        self, getters: list[FunctionRef], place: Ref, value: Value, known: Known, depth: int
    ) -> dict[tuple[FunctionRef, str], Kept]:
        holder = self.of(place.at(value.args[0]), known, depth + 1)
        if holder is None:
            return {}
        return {
            (getter, param.name): holder
            for getter in getters
            for param in self._function(getter).params[:1]
        }

    # calls

    def _given(self, ref: Ref, value: Value, known: Known, depth: int) -> Kept | None:
        """What a call gives back: an entry of a kept container, what a function keeps."""
        called = self._project.names.value(ref.at(value.args[0]))
        if called is not None and called.op == "attr" and called.text in _LOOKUPS:
            whole = self.of(ref.at(called.args[0]), known, depth + 1)
            if whole is not None and self._is_mapping(ref.at(called.args[0]), whole):
                return _inside(whole)
        for thing in self._values.describe(ref.at(value.args[0])):
            if isinstance(thing, Made) and "generator" not in self._function(thing.function).flags:
                kept = next(caches(self._project, self._values, thing.function), None)
                if kept is not None and not kept.row.keys.get("copies"):
                    name = self._function(thing.function).name
                    return Kept(Slot(thing.function, "cache"), f"what `{name}()` keeps")
                return self._every(list(self._callers.returned(thing.function)), {}, depth)
        return None

    def _is_mapping(self, ref: Ref, kept: Kept) -> bool:
        """Whether an object has entries: `sessions.get(key)`, not `Order.objects.get(key)`."""
        things = (*self._values.describe(ref), *self.slots.things(kept.slot))
        paths = [path for thing in things for path in self.slots.paths(thing)]
        match = self._project.catalogue.match
        return any(match("gains-entry", (*path, ITEM)) is not None for path in paths)

    def _function(self, ref: FunctionRef) -> Function:
        return self._values.function(ref)


def is_first(function: Function, effect: Effect) -> bool:
    """Whether a variable gets something where it holds nothing yet: `if store is None: ...`,
    `if not store: ...`."""
    for block in function.blocks:
        for edge in block.edges:
            inside = function.blocks[edge.block].effects
            if edge.condition is not None and effect in inside:
                if _is_empty(function, edge.condition, edge.outcome, effect):
                    return True
    return False


def _is_empty(function: Function, condition: int, outcome: bool, effect: Effect) -> bool:
    made = function.values[condition]
    if made.op == "not":
        return _is_empty(function, made.args[0], not outcome, effect)
    if made.op == "compare":
        if made.text not in ("is", "==", "is not", "!="):
            return False
        if function.values[made.args[1]].text != "None" or outcome is not (
            made.text in ("is", "==")
        ):
            return False
        made = function.values[made.args[0]]
        outcome = False
    return not outcome and made.text.rpartition(":")[2] == effect.text


def _inside(kept: Kept | None) -> Kept | None:
    if kept is None:
        return None
    slot = kept.slot._replace(inside=kept.slot.inside + 1)
    return Kept(slot, kept.what if kept.slot.inside else f"an entry of {kept.what}")


def _names(value: Value, function: Function, index: int) -> bool:
    """Whether a value of a module's body is a function of it."""
    if value.op == "func":
        return value.text == str(index)
    return value.op == "global" and value.text == function.name
