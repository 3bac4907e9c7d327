"""What object a default expression makes, once, when its function is defined."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..knowledge.catalogue import Row
from ..knowledge.paths import CALL, Path, parse
from ..model.facts import Function, Param, Value
from ..model.source import Span
from .classes import ClassRef, FunctionRef
from .constructors import is_frozen, style_of
from .definitions import Local, Ref
from .shape import Shape
from .thing import Api, ClassThing, Made

if TYPE_CHECKING:
    from .project import Project

_DISPLAYS = {
    "list": "list",
    "listcomp": "list",
    "set": "set",
    "setcomp": "set",
    "dict": "dict",
    "dictcomp": "dict",
}
_FILLED_BY_ELEMENTS = frozenset({"list", "set", "dict", "bytearray", "collections.deque"})
_DEEPEST = 6
_GENERATOR = Shape("types.GeneratorType", None, iterator=True)


class Default(NamedTuple):
    """One object that a default can be. `named`: it is made elsewhere and only named here, so
    that sharing it is likely meant. `noun` is what a message calls it."""

    shape: Shape
    named: bool
    noun: str


class Defaults:
    """Answers of "what object is this default?" for one project."""

    def __init__(self, project: Project) -> None:
        self._project = project

    def of(self, function: FunctionRef, param: Param) -> tuple[Default, ...]:
        """The mutable objects that a parameter's default may be; none if it is harmless."""
        module = self._project.module(function.module)
        if module is None or param.default is None or param.default_at is None:
            return ()
        parent = module.facts.functions[function.index].parent
        ref = Ref(function.module, parent, param.default)
        found = self._shapes(ref, param.default_at, 0)
        return tuple(dict.fromkeys(found))

    def element(self, ref: Ref, inside: Span) -> tuple[Default, ...]:
        """The mutable objects that a value may be which an expression (at `inside`) puts into
        slots; a local name of the function is as good as the object."""
        return tuple(dict.fromkeys(self._shapes(ref, inside, 0, local=True)))

    def _shapes(
        self, ref: Ref, inside: Span | None, depth: int, *, local: bool = False
    ) -> list[Default]:
        """The mutable objects behind a value; `inside` is the default expression's place, by
        which an object that is made there is told from one that is named there."""
        value = self._project.names.value(ref)
        if value is None or depth > _DEEPEST:
            return []
        if value.op in ("phi", "refine"):
            parts = value.args if value.op == "phi" else value.args[:1]
            return [
                default
                for part in parts
                for default in self._shapes(
                    ref._replace(value=part), inside, depth + 1, local=local
                )
            ]
        here = inside is None or (value.at is not None and value.at.is_within(inside))
        if value.op in ("global", "from", "attr") and inside is not None:
            return self._named(ref, depth)
        if value.op == "free":
            return []  # a local of the enclosing call: that call's own
        if not here and ref.function != 0 and not local:
            return []
        shape = self._made(ref, value, depth)
        if shape is None:
            return []
        if not here and (shape.kind == "instance" or shape.iterator):
            return []
        if not here:
            shape = shape._replace(empty=None if shape.empty else shape.empty)
            shape = shape._replace(named=self._name_of(ref) if ref.function == 0 else "")
        return [Default(shape, not here and ref.function == 0, self._noun(shape))]

    def _name_of(self, ref: Ref) -> str:
        """The module's own name for a value that its body made."""
        module = self._project.module(ref.module)
        binds = module.facts.functions[0].binds if module is not None else {}
        return next((name for name, values in binds.items() if ref.value in values), "")

    def _named(self, ref: Ref, depth: int) -> list[Default]:
        """A name bound at module or class level: a finding only if it is a container."""
        found: list[Default] = []
        named = self._project.names.value(ref)
        name = named.text.rpartition(":")[2] if named is not None and named.op != "attr" else ""
        for definition in self._project.names.resolve(*ref):
            if not isinstance(definition, Local) or definition.ref == ref:
                continue
            target = definition.ref
            value = self._project.names.value(target)
            if value is None or target.function != 0:
                continue
            shape = self._made(target, value, depth + 1)
            if shape is not None and shape.kind != "instance" and not shape.iterator:
                # Whoever fills it elsewhere, it is not surely empty when this runs.
                shape = shape._replace(empty=None if shape.empty else shape.empty, named=name)
                found.append(Default(shape, True, self._noun(shape)))
        return found

    def _made(self, ref: Ref, value: Value, depth: int) -> Shape | None:
        """The mutable object that a value surely makes anew."""
        op = value.op
        if op in _DISPLAYS:
            empty = (not value.args) if op in ("list", "set", "dict") and not value.text else None
            if value.args and op in ("list", "set") and not value.text:
                empty = False
            if op.endswith("comp"):
                empty = self._comprehended(ref, value)
            if op == "dict" and value.args:
                empty = None if -1 in value.args else False
            return Shape(_DISPLAYS[op], empty, self._holds(ref, value, depth))
        if op == "tuple":
            return Shape("tuple", False, True) if self._holds(ref, value, depth) else None
        if op == "genexpr":
            return _GENERATOR
        if op == "binop" and value.text in ("+", "*", "|"):
            for part in value.args:
                inner = self._project.names.value(ref._replace(value=part))
                if inner is not None and inner.op in ("list", "listcomp", "dict", "set"):
                    return Shape(_DISPLAYS[inner.op], None, self._holds(ref, inner, depth))
        if op == "call":
            return self._called(ref, value, depth)
        return None

    def _comprehended(self, ref: Ref, value: Value) -> bool | None:
        """Whether a comprehension is empty, where it takes every element of a literal."""
        if not value.text:
            return None
        given = self._project.names.value(ref._replace(value=int(value.text)))
        if given is None or given.op not in ("list", "tuple", "set", "dict", "const"):
            return None
        return not (given.args or given.text not in ("", "''"))

    def _holds(self, ref: Ref, value: Value, depth: int) -> bool:
        """Whether a display holds objects that are themselves mutable."""
        parts = value.args[1::2] if value.op in ("dict", "dictcomp") else value.args
        return any(
            part >= 0 and self._shapes(ref._replace(value=part), None, depth + 1) for part in parts
        )

    def _called(self, ref: Ref, value: Value, depth: int) -> Shape | None:
        project = self._project
        for thing in project.travel.values.describe(ref._replace(value=value.args[0])):
            if isinstance(thing, Api):
                shape = self._constructed(ref, value, thing.path, depth)
            elif isinstance(thing, ClassThing):
                shape = self._instance(thing.ref)
            elif isinstance(thing, Made):
                shape = self._returned(thing.function, depth)
            else:
                shape = None
            if shape is not None:
                return shape
        return None

    def _constructed(self, ref: Ref, value: Value, path: Path, depth: int) -> Shape | None:
        called = (*path, CALL)
        catalogue = self._project.catalogue
        if catalogue.match("immutable-constructor", called) or catalogue.match(
            "marker-call", called
        ):
            return None
        row = catalogue.match("mutable-constructor", called)
        if row is None:
            return None
        kind = row.text.removesuffix("()")
        if "()" in kind:  # a method's result: `"a b".split()` is a list
            kind = str(row.keys["kind"])
        holds = self._holds(ref, value._replace(op="tuple", args=value.args[1:]), depth)
        empty = _emptiness(row, value)
        if empty is None and len(value.args) == 2 and kind in _FILLED_BY_ELEMENTS:
            given = self._project.names.value(ref._replace(value=value.args[1]))
            if given is not None and given.op in ("list", "tuple", "set", "dict", "const"):
                empty = not (given.args or given.text not in ("", "''", "b''"))
        return Shape(kind, empty, holds, bool(row.keys.get("iterator")))

    def _instance(self, ref: ClassRef) -> Shape | None:
        """An object of a project class, if that class writes attributes of its instances."""
        classes = self._project.classes
        if is_frozen(self._project, ref):
            return None
        order = classes.order(ref)
        written = any(
            self._project.catalogue.match("mutable-constructor", (*parse(dotted)[0], CALL))
            for dotted in order.external
        )
        for entry in order.classes:
            facts = classes.facts(entry)
            declares = bool(facts.annotations) and style_of(self._project, entry) is not None
            written = written or bool(facts.fields) or declares
        if not written:
            return None
        true = [classes.find_method(ref, name) for name in ("__bool__", "__len__")]
        empty = False if all(m.complete and not m.functions for m in true) else None
        return Shape("instance", empty, True, of=ref, class_name=classes.facts(ref).name)

    def _returned(self, ref: FunctionRef, depth: int) -> Shape | None:
        """The fresh object that a project function gives back."""
        module = self._project.module(ref.module)
        if module is None or depth > _DEEPEST:
            return None
        function: Function = module.facts.functions[ref.index]
        if "generator" in function.flags:
            return None if "async" in function.flags else _GENERATOR
        for block in function.blocks if "async" not in function.flags else ():
            for effect in block.effects:
                if effect.kind == "return":
                    target = Ref(ref.module, ref.index, effect.args[0])
                    for default in self._shapes(target, None, depth + 1):
                        return default.shape._replace(empty=None)
        return None

    def _noun(self, shape: Shape) -> str:
        if shape.of is not None:
            return f"`{self._project.classes.facts(shape.of).name}` object"
        if shape.iterator:
            return "iterator"
        if shape.kind == "tuple":
            return "tuple with something mutable in it"
        row = self._project.catalogue.match("mutable-constructor", (*parse(shape.kind)[0], CALL))
        return str(row.keys["kind"]) if row is not None else shape.kind.rpartition(".")[2]

    def is_read_only(self, function: FunctionRef, param: Param) -> bool:
        """Whether a parameter's annotation promises that nobody changes it."""
        if param.annotation is None:
            return False
        module = self._project.module(function.module)
        if module is None:
            return False
        parent = module.facts.functions[function.index].parent
        return self.promises_to_read(Ref(function.module, parent, param.annotation))

    def promises_to_read(self, annotation: Ref) -> bool:
        """Whether an annotation (a value) is one by which an author promises only to read."""
        things = self._project.travel.values.annotated(annotation)
        paths = [thing.path for thing in things if isinstance(thing, Api)]
        paths = [path for path in paths if path[0].text not in ("None", "NoneType")]
        return bool(paths) and len(paths) == len(
            [
                path
                for path in paths
                if self._project.catalogue.match("read-only-annotation", path[:-1])
            ]
        )


def _emptiness(row: Row, call: Value) -> bool | None:
    """Whether a constructor's object is empty when it is made."""
    empty = row.keys.get("empty")
    if empty == "always":
        return True
    if empty != "without-arguments":
        return None
    words = call.text.split(",") if call.text else [""] * (len(call.args) - 1)
    filled_by = row.keys.get("filled_by")
    given = [word or position for position, word in enumerate(words[: len(call.args) - 1])]
    if filled_by is not None:
        given = [argument for argument in given if argument in filled_by or argument in ("*", "**")]
    return True if not given else None
