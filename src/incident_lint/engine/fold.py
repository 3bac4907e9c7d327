"""What a value is worth in a lattice: its origins, with a transfer function for each operation.

A join is the join of its alternatives, a condition that limits a value limits its worth, an
operation asks the lattice. Project functions are entered with what their arguments are worth; a
parameter that nobody asks about in a call is worth what the callers in its own file pass.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Generic

from ..knowledge.paths import CALL, ITEM, Path, Segment, parse, render
from ..model.facts import Function, Value
from .callers import Callers, Passed, arguments
from .contents import Containers
from .definitions import Definition, External, FunctionRef, Local, Ref, Unknown
from .finding import Step
from .fold_parts import Parts
from .guards import Guards
from .kinds import Kinds
from .lattice import (
    CAUGHT,
    NO_CALLER,
    PARAMETER,
    Context,
    Folded,
    Lattice,
    T,
    bound_in,
    inner_context,
)
from .limited import Limited
from .rounds import Rounds
from .settings import Settings
from .thing import Api, ClassThing, Instance, Made, Thing
from .ways import Item

if TYPE_CHECKING:
    from .body import Bodies
    from .project import Project
    from .values import Values

__all__ = ["Fold", "Folded", "Lattice"]

_DEEPEST = 60
_TRUTHS = frozenset({"compare", "not", "more", "matches", "func", "class", "slice"})
_NAMES = frozenset({"import", "from", "global", "builtin", "free", "cell"})
_PARTS = frozenset(
    {"fmt", "display", "unary", "list", "tuple", "set", "listcomp", "setcomp", "genexpr"}
    | {"dictcomp", "binop", "aug", "dict"}
)
_SAME = frozenset({"await", "decorated"})
_TRUTH_CALLS = {"bool", "isinstance", "issubclass", "hasattr", "callable", "any", "all", "type"}


class Fold(Generic[T]):
    """Answers in one lattice for one project; they are kept, facts are not."""

    def __init__(
        self, project: Project, bodies: Bodies, values: Values, lattice: Lattice[T]
    ) -> None:
        self.lattice = lattice
        self._project = project
        self._values = values
        self._kinds = Kinds(project, values)
        self._callers = Callers(project, values)
        self.guards = Guards(project, values, self._kinds)
        containers = Containers(project, bodies, values, self._kinds)
        self._settings = Settings(project, values)
        self.limited: Limited[T] = Limited(self, project, values, self._callers)
        self.parts: Parts[T] = Parts(self, project, values, self._kinds, self._callers, containers)
        self._rounds: Rounds[tuple[Ref, Context[T]], Folded[T]] = Rounds(
            self._value,
            lambda: Folded(lattice.bottom),
            self._grown,
            lambda: self.unknown("a way of too many steps"),
            _DEEPEST,
        )

    def fold(self, ref: Ref, context: Context[T] = ()) -> Folded[T]:
        """What a value is worth; `context`: what parameters are worth around it."""
        key = ref, context
        number = self._rounds.opened(key)
        answer = self._rounds.ask(key)
        if number:
            return answer.but(circular=number)
        if answer.circular and not self._rounds.is_running(answer.circular):
            return answer.but(circular=0)
        return answer

    def fold_at(self, ref: Ref, use: int | Item, context: Context[T] = ()) -> Folded[T]:
        """What a value is worth where another value of its function (a call) is made, or something
        happens: conditions around that place count, too."""
        return self.limited.around(ref, use, self.fold(ref, context), context)

    def _grown(self, old: Folded[T], new: Folded[T]) -> bool:
        return self.lattice.join(old.element, new.element) != old.element

    def _value(self, key: tuple[Ref, Context[T]]) -> Folded[T]:
        ref, context = key
        value = self._project.names.value(ref)
        if value is None:
            return self.unknown("the module cannot be read")
        op = value.op
        if op == "const":
            return Folded(self.lattice.constant(value.text))
        if op in _TRUTHS:
            return Folded(self.lattice.finite)
        if op in _NAMES:
            return self._named(ref, context)
        if op == "enter":
            return self._opened(ref, value, context)
        if op in _SAME:
            return self.fold(ref._replace(value=value.args[-1]), context)
        if op in _PARTS:
            return self._made(ref, value, context)
        if op == "phi":
            joined = self.join([self.fold(ref._replace(value=v), context) for v in value.args])
            doubtful = self.lattice.doubtful
            if doubtful is None or self.lattice.join(doubtful, joined.element) == doubtful:
                return joined
            off = self._settings.replaces(ref, value)
            return joined.but(element=doubtful) if off else joined
        method = {
            "refine": self._refined,
            "param": self._parameter,
            "call": self._call,
            "exc": self._caught,
            "attr": self.parts.attribute,
            "item": self.parts.item,
            "elem": self.parts.element,
        }.get(op)
        if method is not None:
            found = method(ref, value, context)
            return (
                self.limited.around(ref, ref.value, found, context)
                if op in ("attr", "item")
                else found
            )
        if op == "unbound":
            return Folded(self.lattice.bottom)
        return self.unknown(value.text if op == "unknown" else f"a value made by `{op}`")

    # joins

    def join(self, parts: Iterable[Folded[T]]) -> Folded[T]:
        """The join; its steps and causes are those of the part that decides it."""
        result = Folded(self.lattice.bottom)
        for part in parts:
            element = self.lattice.join(result.element, part.element)
            best = result if element == result.element else part
            circles = [circle for circle in (result.circular, part.circular) if circle]
            result = best.but(element=element, circular=min(circles, default=0))
        return result

    def unknown(self, cause: str) -> Folded[T]:
        return Folded(self.lattice.unknown, cause=cause)

    def step(self, ref: Ref, message: str) -> tuple[Step, ...]:
        module = self._project.module(ref.module)
        value = self._project.names.value(ref)
        if module is None or value is None or value.at is None:
            return ()
        return (Step(module.path, value.at, message),)

    def _caught(self, ref: Ref, value: Value, context: Context[T]) -> Folded[T]:
        """A caught exception: rows speak of what exceptions have in common."""
        element = self.lattice.library(CAUGHT, (), ref)
        if element is None:
            return self.unknown("an exception")
        return Folded(element, self.step(ref, "the exception's text"))

    def operation(self, op: str, text: str, parts: Sequence[Folded[T]]) -> Folded[T]:
        """What the lattice makes of an operation; one on its own result grows with each turn."""
        element = self.lattice.operation(op, text, [part.element for part in parts])
        worst = self.join(parts)
        if any(part.circular for part in parts):
            grown = self.lattice.join(element, self.lattice.unknown)
            if grown != element:
                return worst.but(element=grown, cause="grows with each turn", steps=())
        return worst.but(element=element)

    # operations

    def _made(self, ref: Ref, value: Value, context: Context[T]) -> Folded[T]:
        if value.op in ("binop", "aug") and self._wraps(ref, value):
            return Folded(self.lattice.finite)
        used = [v for v in value.args if v >= 0]
        parts = [self.fold(ref._replace(value=v), context) for v in used]
        if value.op in ("list", "set", "dict"):
            parts += self.parts.added(ref, context)
        return self.operation(value.op, value.text, parts)

    def _wraps(self, ref: Ref, value: Value) -> bool:
        """`x % 16`, `x & 15`: a number of which few values are left; not `"%s" % x`."""
        left, right = (self._project.names.value(ref._replace(value=v)) for v in value.args)
        if left is None or right is None or value.text not in ("%", "&"):
            return False
        number = right.op == "const" and right.text.isdigit()
        return number and not (left.op == "fmt" or (left.op == "const" and left.text[0] in "'\"b"))

    def _named(self, ref: Ref, context: Context[T]) -> Folded[T]:
        found = self._project.names.resolve(*ref)
        return self.join([self.definition(definition, ref, context) for definition in found])

    def definition(self, definition: Definition, origin: Ref, context: Context[T]) -> Folded[T]:
        if isinstance(definition, Local):
            if definition.ref == origin:
                return self.unknown("a name that is bound to itself")
            return self.fold(definition.ref, context)
        if isinstance(definition, External):
            return self.library(parse(definition.dotted)[0], (), origin)
        return self.unknown(getattr(definition, "cause", "a module"))

    def library(self, path: Path, parts: Sequence[Folded[T]], ref: Ref) -> Folded[T]:
        element = self.lattice.library(path, [part.element for part in parts], ref)
        if element is None:
            left = parts and parts[0].cause == NO_CALLER and ref.value >= 0
            return self.unknown(NO_CALLER if left else f"`{render(path)}`")
        if element == self.lattice.unknown and not parts:
            return self.unknown(f"`{render(path)}`")
        worst = self.join(parts)
        if parts and element in (worst.element, self.lattice.elsewhere(worst.element)):
            return worst.but(element=element)
        return Folded(element, self.step(ref, f"`{render(path)}`"))

    def _refined(self, ref: Ref, value: Value, context: Context[T]) -> Folded[T]:
        """A value of which a condition is known: what the condition leaves of it, if that is
        less."""
        plain = self.fold(ref._replace(value=value.args[0]), context)
        subject, condition = value.args
        return self.limited.by(ref, plain, condition, subject, value.text == "true", context)

    # parameters

    def _parameter(self, ref: Ref, value: Value, context: Context[T]) -> Folded[T]:
        own = FunctionRef(ref.module, ref.function)
        known = bound_in(context, own, value.text)
        if known is not None:
            return known
        function = self._function(own)
        param = next((p for p in function.params if p.name == value.text), None)
        if param is None:
            return self.unknown("a parameter")
        if self._is_finite(own, function, param.annotation):
            return Folded(self.lattice.finite)
        declared = self.lattice.parameter(own, param)
        if declared is not None:
            return Folded(declared, self.step(ref, f"{PARAMETER}`{param.name}`"))
        found = []
        for passed in self._callers.passed(own, function, param):
            worth = self._passed(passed)
            if passed.call is not None:
                step = self.step(passed.call, f"passed as `{param.name}`")
                worth = worth.but(steps=(*worth.steps, *step))
            found.append(worth)
        if len(found) < 2:
            return found[0] if found else self.unknown(NO_CALLER)
        worth = self.join(found)
        return worth.but(element=self.lattice.elsewhere(worth.element))

    def _passed(self, passed: Passed) -> Folded[T]:
        if passed.value is None:
            return self.unknown(passed.cause)
        if passed.call is None:
            return self.fold(passed.value)
        return self.fold_at(passed.value, passed.call.value)

    def _is_finite(self, ref: FunctionRef, function: Function, annotation: int | None) -> bool:
        if annotation is None:
            return False
        return self._kinds.is_finite(Ref(ref.module, function.parent, annotation))

    def _function(self, ref: FunctionRef) -> Function:
        module = self._project.module(ref.module)
        assert module is not None, "a function that was just followed is loaded"
        return module.facts.functions[ref.index]

    # calls

    def _call(self, ref: Ref, value: Value, context: Context[T]) -> Folded[T]:
        function = ref._replace(value=value.args[0])
        made = self._project.names.value(function)
        if made is not None and made.op == "attr":
            looked_up = self.parts.looked_up(ref, value, made, context)
            if looked_up is not None:
                return looked_up
        things = self._values.describe(function)
        if all(isinstance(thing, Unknown) for thing in things):
            things = self._passed_in(function) or things
        return self.join([self._called(thing, ref, value, context) for thing in things])

    def _passed_in(self, function: Ref) -> tuple[Thing, ...]:
        """What a parameter that is called can be, by the callers in its own file."""
        found: dict[Thing, None] = {}
        for definition in self._project.names.resolve(*function):
            made = (
                self._project.names.value(definition.ref) if isinstance(definition, Local) else None
            )
            if not isinstance(definition, Local) or made is None or made.op != "param":
                return ()
            own = FunctionRef(definition.ref.module, definition.ref.function)
            param = next((p for p in self._function(own).params if p.name == made.text), None)
            if param is None:
                return ()
            for passed in self._callers.passed(own, self._function(own), param):
                things = self._values.describe(passed.value) if passed.value is not None else ()
                found.update(dict.fromkeys(things or (Unknown(passed.cause),)))
        return tuple(found)

    def _called(self, thing: Thing, ref: Ref, value: Value, context: Context[T]) -> Folded[T]:
        if isinstance(thing, Made):
            return self._entered(thing, ref, context)
        if isinstance(thing, ClassThing) and self._kinds.is_enum(thing.ref):
            return Folded(self.lattice.finite)
        parts = [self.fold(ref._replace(value=v), context) for v in value.args[1:]]
        if isinstance(thing, ClassThing):
            element = self.lattice.instance([part.element for part in parts])
            if element is not None:
                return self.join(parts).but(element=element)
        if isinstance(thing, Api):
            path = thing.path
            if render(path) in _TRUTH_CALLS:
                return Folded(self.lattice.finite)
            given = self.parts.given_back(ref, value, path, context)
            if given is not None:
                return given
            if render(path) == "getattr" and len(value.args) > 2:
                return self.parts.by_name(ref, value, context)
            made = self._project.names.value(ref._replace(value=value.args[0]))
            if made is not None and made.op == "attr":
                receiver = self.fold(ref._replace(value=made.args[0]), context)
                if receiver.element != self.lattice.unknown or {s.kind for s in path} != {"name"}:
                    parts.insert(0, receiver)  # it is no module
                if ITEM in path:  # what lies in a library's container is text, if anything
                    path = _of_text(made.text)
            return self.library((*path, CALL), parts, ref)
        made = self._project.names.value(ref._replace(value=value.args[0]))
        if made is not None and made.op == "attr" and not isinstance(thing, (ClassThing, Instance)):
            receiver = self.fold(ref._replace(value=made.args[0]), context)
            known = self.parts.called(ref, [receiver, *parts])
            if known is not None:
                return known
            return self.library((*_of_text(made.text), CALL), [receiver, *parts], ref)
        return self.unknown("a call that cannot be followed")

    def _opened(self, ref: Ref, value: Value, context: Context[T]) -> Folded[T]:
        """What `with x as ...` gives: what a project's own context manager yields, else `x`."""
        manager = ref._replace(value=value.args[-1])
        call = self._project.names.value(manager)
        if call is not None and call.op == "call":
            for thing in self._values.describe(manager._replace(value=call.args[0])):
                if isinstance(thing, Made) and "generator" in self._function(thing.function).flags:
                    inside = self.inside(thing, manager, context)
                    given = self._callers.yielded(thing.function)
                    return self.join([self.fold(one, inside) for one in given])
        return self.fold(manager, context)

    def _entered(self, made: Made, ref: Ref, context: Context[T]) -> Folded[T]:
        """What a project function gives back for these arguments."""
        function = self._function(made.function)
        if not made.sure:
            return self.unknown("a decorator that cannot be followed")
        if self._is_finite(made.function, function, function.returns):
            return Folded(self.lattice.finite)
        if "stub" in function.flags or "generator" in function.flags:
            return self.unknown(f"what `{function.name}()` gives")
        inside = self.inside(made, ref, context)
        found = [self.fold(given, inside) for given in self._callers.returned(made.function)]
        worth = self.join([*found, Folded(self.lattice.constant("None"))])
        return worth.but(steps=(*worth.steps, *self.step(ref, f"`{function.name}()` gives it")))

    def inside(
        self,
        made: Made,
        call: Ref,
        context: Context[T] = (),
        wanted: Collection[str] | None = None,
    ) -> Context[T]:
        """What the parameters of a project function (None: all) are worth in one call of it."""
        value = self._project.names.value(call)
        assert value is not None, "a call that is just followed is loaded"
        function = self._function(made.function)
        worths: dict[str, Folded[T]] = {}
        for param, argument in arguments(function, made.bound, value):
            if wanted is not None and param.name not in wanted:
                continue
            if argument is not None:
                worths[param.name] = self.fold_at(call.at(argument), call.value, context)
            elif param.default is not None:
                default = Ref(made.function.module, function.parent, param.default)
                worths[param.name] = self.fold(default)
            elif param.kind in ("*", "**") or not (made.bound and param is function.params[0]):
                worths[param.name] = self.parts.collected(function, made, call, param, context)
        return inner_context(context, made.function, worths)


def _of_text(method: str) -> Path:
    return (Segment("name", "str"), CALL, Segment("name", method))
