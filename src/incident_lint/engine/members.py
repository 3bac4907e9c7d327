"""What attributes and parameters are: of a class, of its instances, of `super()`, of a function."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..knowledge.paths import CALL, Segment, parse
from ..model.facts import Function, Value
from .definitions import ClassRef, FunctionRef, Ref, Unknown
from .returned import Returned
from .thing import (
    NONE,
    Api,
    ClassThing,
    Instance,
    Made,
    Super,
    Thing,
    Things,
    joined,
    object_of,
)

if TYPE_CHECKING:
    from .project import Project
    from .values import Values

_LOOSE = frozenset({"typing", "typing_extensions", "collections", "object"})


class Members:
    """The part of `Values` that reads attributes and parameters."""

    def __init__(self, values: Values, returned: Returned) -> None:
        self._values = values
        self._project = values.project
        self._returned = returned

    def read(self, ref: Ref, value: Value) -> Things:
        """What `x.name` is."""
        receivers = self._values.describe(ref.at(value.args[0]))
        return joined([self.attribute(thing, value.text) for thing in receivers])

    def attribute(self, thing: Thing, name: str) -> Things:
        """What an attribute of something is; never empty."""
        if isinstance(thing, Api):
            return (Api((*thing.path, Segment("name", name))),)
        if isinstance(thing, Instance):
            if thing.bindings and not self._values.bindings:
                with self._values.within(thing.bindings):
                    return self._of_instance(thing.ref, name)
            return self._of_instance(thing.ref, name)
        if isinstance(thing, (ClassThing, Super)):
            return self._of_class(thing, name)
        if isinstance(thing, Unknown):
            return (thing,)
        return (Unknown(f"attribute `{name}` of a function or module"),)

    def _of_class(self, thing: ClassThing | Super, name: str) -> Things:
        after = thing.after if isinstance(thing, Super) else None
        attribute = self._project.classes.attribute(thing.ref, name, after=after)
        through = "class" if after is None else "method"
        found = self._values.all_of([*attribute.values, *self._set_later(thing.ref, name)])
        bound = tuple(bind(self._project, made, through) for made in found)
        if not bound and after is not None and attribute.external:
            return _of_library(attribute.external, name)
        return bound or (Unknown(attribute.cause or f"`{name}` of a library's class"),)

    def _set_later(self, ref: ClassRef, name: str) -> list[Ref]:
        """What class methods put into an attribute of their class."""
        classes = self._project.classes
        values = classes.fields(ref, name).values
        return [v for v in values if classes.kind(FunctionRef(v.module, v.function)) == "class"]

    def _of_instance(self, ref: ClassRef, name: str) -> Things:
        """The class's attribute, and what its methods put there."""
        classes = self._project.classes
        attribute = classes.attribute(ref, name)
        found = dict.fromkeys(self._values.all_of(classes.fields(ref, name).values))
        for thing in self._values.all_of(attribute.values):
            if isinstance(thing, Made) and classes.kind(thing.function) == "property":
                found.update(dict.fromkeys(self._returned.by(thing.function)))
            else:
                found[bind(self._project, thing, "method")] = None
        annotation = classes.annotation(ref, name)
        if annotation is not None:  # a field's declaration says what it holds
            declared = self._values.annotated(annotation, ref)
            found.pop(NONE, None)
            if any(not isinstance(thing, Unknown) for thing in declared):
                found = {t: None for t in found if isinstance(t, (Instance, Made))}
            found.update(dict.fromkeys(declared))
        if not found and attribute.external:  # rows may know what a library's base does
            return _of_library(attribute.external, name)
        return tuple(found) or (Unknown(attribute.cause or f"attribute `{name}`"),)

    def parameter(self, ref: Ref, value: Value) -> Things:
        """What a parameter is: in its context, as `self`, by its annotation or its default."""
        own = FunctionRef(ref.module, ref.function)
        function = self._values.function(own)
        position = next((i for i, p in enumerate(function.params) if p.name == value.text), -1)
        if position < 0:
            return (Unknown("a parameter"),)
        param = function.params[position]
        for holder, name, thing in self._values.bindings:
            if holder == own and name == param.name:
                return (thing,)
        if position == 0 and param.kind in ("positional", "positional-only"):
            receiver = self._receiver(own, function)
            if receiver is not None:
                return (receiver,)
        if param.kind in ("*", "**"):
            return (object_of("tuple" if param.kind == "*" else "dict"),)
        declared: Things = ()
        if param.annotation is not None:
            owner = ClassRef(ref.module, function.owner) if function.owner >= 0 else None
            annotation = Ref(ref.module, function.parent, param.annotation)
            declared = self._values.annotated(annotation, owner)
        if not all(_says_little(thing) for thing in declared):
            return declared
        handed = self._values.entry_points.handed(own, param.name)
        if handed is not None and handed.path is not None:
            return (Api(handed.path),)
        if declared:
            return declared
        if param.default is not None:
            return self._values.describe(Ref(ref.module, function.parent, param.default))
        return (Unknown("a parameter without annotation"),)

    def _receiver(self, ref: FunctionRef, function: Function) -> Thing | None:
        if function.owner < 0:
            return None
        owner = ClassRef(ref.module, function.owner)
        kind = self._project.classes.kind(ref)
        if kind == "class":
            return ClassThing(owner)
        return Instance(owner, self._values.bindings) if kind != "static" else None


def bind(project: Project, thing: Thing, through: str) -> Thing:
    """A function as it is read `through` its "class" or, as a "method", through an instance."""
    if not isinstance(thing, Made):
        return thing
    kind = project.classes.kind(thing.function)
    bound = kind == "class" or (kind in ("method", "") and through == "method")
    return replace(thing, bound=thing.bound + bound)


def _of_library(bases: tuple[str, ...], name: str) -> Things:
    """What an instance has from the classes of libraries that its class derives from."""
    return tuple(Api((*parse(dotted)[0], CALL, Segment("name", name))) for dotted in bases)


def _says_little(thing: Thing) -> bool:
    """Whether an annotation leaves open what a framework hands over: nothing known, any object, any
    mapping."""
    if isinstance(thing, Api):
        return thing.path[0].text in _LOOSE or thing == object_of("dict")
    return isinstance(thing, Unknown)
