"""Containers that a class body makes, once, and that code changes through an instance or the class.

Whether the author knows that all instances share one is read off the code: who names the class,
declares a `ClassVar`, looks up what others may have put there, or keeps `self` in it does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from ..knowledge.paths import parse
from ..model.facts import Function, Value
from ..model.source import Span
from .activation import Entry as Comes
from .body import Body
from .constructors import style_of
from .defaults import Defaults
from .definitions import ClassRef, External, FunctionRef, Ref
from .finding import Step
from .lifetimes import Lifetimes
from .order import Entry
from .shape import Shape
from .summary import Summary
from .thing import Api, ClassThing, Instance

if TYPE_CHECKING:
    from .project import Module, Project

_MADE_FIRST = frozenset(
    {"__init__", "__new__", "__post_init__", "__attrs_post_init__", "__setstate__", "__enter__"}
)
"""Methods that Python runs before any other uses an object: what they bind is the object's own.
Those of frameworks are rows of role `runs-first`."""

_AT_IMPORT = frozenset({"__init_subclass__", "__set_name__", "__class_getitem__"})
_ON_PURPOSE = re.compile(r"cache|memo|registry|registered|instances|shared|global|pool|singleton")
_FILLS = frozenset(
    {"changed by item assignment", "changed by `setdefault()`", "given a new item by reading one"}
)
_DEEPEST = 3


class Kind(NamedTuple):
    """A container that a class body makes: the class, the attribute, what it is."""

    owner: ClassRef
    name: str
    shape: Shape
    noun: str


class Change(NamedTuple):
    """A change of such a container: where, how, as what it is written, the way to it, and why the
    author may mean it ("": nothing says so)."""

    kind: Kind
    at: Span
    how: str
    written: str
    steps: tuple[Step, ...]
    meant: str


class Judgement(NamedTuple):
    """What becomes of a container: a change, or (None) why there may be one that nobody sees."""

    change: Change | None
    causes: tuple[str, ...]


class _Place(NamedTuple):
    """Where the attribute is read."""

    function: Function
    ref: FunctionRef
    number: int
    value: Value
    at: Span


class SharedState:
    """Answers of "what do all instances share, and who changes it?" for one module."""

    def __init__(self, module: Module, project: Project) -> None:
        self._module = module
        self._project = project
        self._values = project.travel.values
        self._lifetimes = Lifetimes(project, project.travel.values)

    def kinds(self) -> Iterator[Kind]:
        """The containers of all class bodies that no instance surely replaces."""
        defaults = Defaults(self._project)
        facts = self._module.facts
        for index, found in enumerate(facts.classes):
            ref = ClassRef(self._module.name, index)
            body = facts.functions[found.parent]
            for name, bound in found.body.items():
                made = body.values[bound[-1]]
                if name.startswith("__") or made.at is None:
                    continue
                place = Ref(self._module.name, found.parent, bound[-1])
                for default in defaults.element(place, made.at):
                    shape = default.shape
                    container = shape.kind not in ("instance", "tuple") and not shape.iterator
                    if container and not default.named and self._is_shared(ref, name):
                        yield Kind(ref, name, shape, default.noun)
                        break

    def judge(self, kind: Kind) -> Judgement:
        """What the functions of the module do to a container: of several changes, the one that is
        meant least, of these the first."""
        meant = self._meant(kind)
        found: list[Change] = []
        causes: dict[str, None] = {}
        for index, function in enumerate(self._module.facts.functions):
            if not index or function.name in _AT_IMPORT:
                continue
            ref = FunctionRef(self._module.name, index)
            for number, value in enumerate(function.values):
                if value.op != "attr" or value.text != kind.name or value.at is None:
                    continue
                holders = self._holders(kind, Ref(ref.module, ref.index, value.args[0]))
                if holders and not self._has_own(function, value, kind.name):
                    place = _Place(function, ref, number, value, value.at)
                    change = self._change(kind, place, holders, causes)
                    found += [change._replace(meant=change.meant or meant)] if change else []
        change = min(found, key=lambda each: (bool(each.meant), each.at), default=None)
        return Judgement(change, () if change is not None else tuple(causes))

    def is_made_below(self, kind: Kind) -> bool:
        """Whether a class of the module that inherits a container has an `__init__` of its own,
        which may leave out what the owner's does."""
        classes = self._project.classes
        return any(
            "__init__" in found.methods
            and kind.owner in classes.order(ClassRef(self._module.name, index)).classes
            and index != kind.owner.index
            for index, found in enumerate(self._module.facts.classes)
        )

    def _is_shared(self, ref: ClassRef, name: str) -> bool:
        classes = self._project.classes
        order = classes.order(ref)
        if not self._lifetimes.is_shared(ref, name):
            return False
        if any(style_of(self._project, each) is not None for each in order.classes):
            return False
        first = self._first(ref)
        return not any(
            method.name in first and _binds_always(method, name)
            for method in self._rebinding(ref, name)
        )

    def _rebinding(self, ref: ClassRef, name: str) -> Iterator[Function]:
        """The methods that give an instance an attribute of its own, at least at times."""
        for value in self._project.classes.fields(ref, name).values:
            function = self._values.function(FunctionRef(value.module, value.function))
            if not _is_changed(function, value.value):
                yield function

    def _first(self, ref: ClassRef) -> frozenset[str]:
        """The methods that run before any other, and those that they call."""
        names = {*_MADE_FIRST, *self._project.catalogue.names("runs-first")}
        for _ in range(_DEEPEST):
            for name in list(names):
                for method in self._project.classes.find_method(ref, name).functions:
                    for value in self._values.function(method).values:
                        if value.op == "attr":
                            names.add(value.text)
        return frozenset(names)

    # one change

    def _change(
        self,
        kind: Kind,
        place: _Place,
        holders: list[Instance | ClassThing],
        causes: dict[str, None],
    ) -> Change | None:
        function, number, value = place.function, place.number, place.value
        comes = Comes(str(number), False, (), False, kind.shape, op="made")
        summary = self._project.travel.follow(place.ref, comes)
        event = summary.worst("changed")
        if event is None:
            causes.update(dict.fromkeys(summary.unknown))
            return None
        # A helper that changes what it is given is not to blame: the place is where it is called.
        first = event.steps[0].span if event.steps else place.at
        meant = "" if event.sure else "a step on the way cannot be seen"
        if any(isinstance(thing, ClassThing) for thing in holders):
            meant = "the class is named"
        elif self._is_table(summary, function):
            meant = "it is a table that is filled by key"
        elif self._keeps_itself(function, number, value):
            meant = "the object itself is kept"
        written = f"{_spelled(function, value.args[0])}.{kind.name}"
        at = first if first in _places(function) else place.at
        return Change(kind, at, event.how, written, event.steps, meant)

    def _holders(self, kind: Kind, receiver: Ref) -> list[Instance | ClassThing]:
        """What a value is of which the attribute is that container."""
        classes = self._project.classes
        return [
            thing
            for thing in self._values.describe(receiver)
            if isinstance(thing, (Instance, ClassThing))
            and kind.owner in classes.order(thing.ref).classes
            and classes.attribute(thing.ref, kind.name).owner == kind.owner
            and self._is_shared(thing.ref, kind.name)
        ]

    def _has_own(self, function: Function, value: Value, name: str) -> bool:
        """Whether the function itself gives the object an attribute of its own."""
        return any(
            effect.kind == "setattr"
            and effect.text == name
            and effect.args[0] == value.args[0]
            and not _is_changed(function, effect.args[1])
            for block in function.blocks
            for effect in block.effects
        )

    def _is_table(self, summary: Summary, function: Function) -> bool:
        """Whether all that happens to it is to be filled under keys that differ: each object finds
        what it has put there, as in a memo."""
        if any(event.how not in _FILLS for event in summary.events.values()):
            return False
        keys = [use.key for use in summary.uses if use.kind in ("setitem", ".setdefault", "item")]
        return not any(key is not None and function.values[key].op == "const" for key in keys)

    def _keeps_itself(self, function: Function, number: int, value: Value) -> bool:
        """Whether what is put in is the object whose attribute it is."""
        given: set[int] = set()
        for block in function.blocks:
            for effect in block.effects:
                if effect.kind == "setitem" and effect.args[0] == number:
                    given.update(effect.args[1:])
        for made in function.values:
            if made.op == "call" and made.args[0] >= 0:
                called = function.values[made.args[0]]
                if called.op == "attr" and called.args[0] == number:
                    given.update(made.args[1:])
        return value.args[0] in given

    # the author's intention

    def _meant(self, kind: Kind) -> str:
        """Why all instances may be meant to share a container."""
        classes = self._project.classes
        if _ON_PURPOSE.search(kind.name.lower()):
            return "its name says so"
        if self._is_declared(kind):
            return "it is declared as the class's"
        if any(self._rebinding(kind.owner, kind.name)):
            return "a method gives the object its own"
        entries = classes.order(kind.owner).entries
        if any(not isinstance(entry, ClassRef) and not self._is_plain(entry) for entry in entries):
            return "a base that is not seen may give the object its own"
        if self._is_named(kind):
            return "the class is named elsewhere"
        if self._is_alone(kind.owner):
            return "one object of the class is made"
        return ""

    def _is_plain(self, base: Entry) -> bool:
        if not isinstance(base, External):
            return False
        return self._project.catalogue.match("plain-base", parse(base.dotted)[0]) is not None

    def _is_declared(self, kind: Kind) -> bool:
        annotation = self._project.classes.annotation(kind.owner, kind.name)
        if annotation is None:
            return False
        value = self._project.names.value(annotation)
        if value is not None and value.op == "item":
            annotation = annotation.at(value.args[0])
        things = self._values.describe(annotation)
        paths = [thing.path for thing in things if isinstance(thing, Api)]
        return any(path[-1].text == "ClassVar" for path in paths)

    def _is_named(self, kind: Kind) -> bool:
        """Whether code of the module reads or writes the attribute of the class itself."""
        for index, function in enumerate(self._module.facts.functions):
            for value in function.values:
                if value.op == "attr" and value.text == kind.name:
                    holder = Ref(self._module.name, index, value.args[0])
                    if any(isinstance(t, ClassThing) for t in self._values.describe(holder)):
                        return True
        return False

    def _is_alone(self, owner: ClassRef) -> bool:
        """Whether the module makes one object of a class, when it is imported, and no other."""
        made = [
            index
            for index, function in enumerate(self._module.facts.functions)
            for value in function.values
            if value.op == "call"
            and ClassThing(owner)
            in self._values.describe(Ref(self._module.name, index, value.args[0]))
        ]
        return made == [0]


def _places(function: Function) -> set[Span | None]:
    """Where a function's own values and effects are written."""
    effects = (effect.at for block in function.blocks for effect in block.effects)
    return {*(value.at for value in function.values), *effects}


def _binds_always(function: Function, name: str) -> bool:
    """Whether no way through a method leaves out to bind an attribute."""
    body = Body(function)
    binding = {
        number
        for number, block in enumerate(function.blocks)
        if any(effect.kind == "setattr" and effect.text == name for effect in block.effects)
    }
    ends = [
        number
        for number, block in enumerate(function.blocks)
        if not block.edges and not any(effect.kind == "raise" for effect in block.effects)
    ]
    return 0 in binding or not any(
        end not in binding and body.follows((0, 0), (end, 0), binding) for end in ends
    )


def _is_changed(function: Function, value: int) -> bool:
    """Whether a value is what `x += ...` leaves: of a container, the old one, changed."""
    return function.values[value].op == "aug"


def _spelled(function: Function, value: int) -> str:
    made = function.values[value]
    return made.text.rpartition(":")[2] if made.op in ("param", "global", "free") else "..."
