"""What lies in a container that can be seen: a display, what is added to it, copies of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from ..model.facts import Facts, Value
from .arguments import words_of, words_of_display
from .definitions import ClassRef, FunctionRef, Local, Ref
from .thing import Api, ClassThing, Instance

if TYPE_CHECKING:
    from .body import Bodies, Body
    from .kinds import Kinds
    from .project import Project
    from .values import Values

_DEEPEST = 12
_COPIES = frozenset(
    {"list", "tuple", "set", "frozenset", "dict", "sorted", "reversed", "iter"}
    | {"types.MappingProxyType", "collections.OrderedDict"}
)
_ADDS = frozenset({"append", "add", "appendleft"})
_GROWS = frozenset({"extend", "update", "insert", "__setitem__"})
SPREAD = "a container that is spread into it"


class Contents(NamedTuple):
    """The elements of a container, or (`values` is not None) its keys and values side by side;
    `spread` are containers that cannot be seen into, all of which lies in it as well; `cause` says
    why there may be more."""

    keys: tuple[Ref, ...]
    values: tuple[Ref, ...] | None
    cause: str = ""
    spread: tuple[Ref, ...] = ()


class Containers:
    """Looks into containers."""

    def __init__(self, project: Project, bodies: Bodies, values: Values, kinds: Kinds) -> None:
        self._project = project
        self._bodies = bodies
        self._values = values
        self._kinds = kinds
        self._open: set[Ref] = set()
        """Containers that are being looked into: one that is added to itself gains nothing."""

    def of(self, ref: Ref, depth: int = 0) -> Contents | None:
        """What lies in a value; None if it is no container that can be seen."""
        if depth >= _DEEPEST or ref in self._open:
            return None
        self._open.add(ref)
        try:
            return self._of(ref, depth)
        finally:
            self._open.discard(ref)

    def _of(self, ref: Ref, depth: int) -> Contents | None:
        found: list[Contents] = []
        for definition in self._project.names.resolve(*ref):
            made = (
                self._project.names.value(definition.ref) if isinstance(definition, Local) else None
            )
            if not isinstance(definition, Local) or made is None:
                return None
            part = self._made(definition.ref, made, depth + 1)
            if part is None:
                return None
            found.append(part)
        return _union(found)

    def paired(self, ref: Ref) -> Contents | None:
        """The dict of which a value is one of the `.items()`, if it is one that can be seen."""
        made = self._project.names.value(ref)
        call = (
            made
            and made.op == "elem"
            and self._project.names.value(ref._replace(value=made.args[0]))
        )
        inner = ref._replace(value=made.args[0]) if made and made.op == "elem" else ref
        while call and call.op == "call" and len(call.args) == 2 and self._copies(inner, call):
            inner = inner._replace(value=call.args[1])
            call = self._project.names.value(inner)
        if not made or not call or call.op != "call" or len(call.args) != 1:
            return None
        function = self._project.names.value(ref._replace(value=call.args[0]))
        if function is None or function.op != "attr" or function.text != "items":
            return None
        return self.of(ref._replace(value=function.args[0]))

    def _made(self, ref: Ref, value: Value, depth: int) -> Contents | None:
        op = value.op
        if op in ("list", "tuple", "set", "dict"):
            return self._display(ref, value, depth)
        if op in ("listcomp", "setcomp", "genexpr"):
            return self._grown(ref, Contents((ref._replace(value=value.args[0]),), None))
        if op == "dictcomp":
            key, inner = (ref._replace(value=v) for v in value.args)
            return self._grown(ref, Contents((key,), (inner,)))
        if op in ("phi", "refine", "binop", "aug"):
            parts = value.args[:1] if op == "refine" or value.text in ("-", "&") else value.args
            if op in ("binop", "aug") and value.text not in ("|", "+", "-", "&"):
                return None
            found = [self.of(ref._replace(value=v), depth) for v in parts]
            known = [part for part in found if part is not None]
            return _union(known) if len(known) == len(found) else None
        if op == "class":
            enum = self._kinds.is_enum(ClassRef(ref.module, int(value.text)))
            return Contents((ref,), None) if enum else None
        if op == "call":
            return self._call(ref, value, depth)
        if op == "elem" and not value.text:
            return self._element(ref, value, depth)
        if op == "attr":
            return self._field(ref, value, depth)
        return None

    def _element(self, ref: Ref, value: Value, depth: int) -> Contents | None:
        """What lies in any element of a container: `for name, at in pairs`."""
        outer = self.of(ref._replace(value=value.args[0]), depth)
        if outer is None or outer.cause or not outer.keys:
            return None
        found = [self.of(key, depth) for key in outer.keys]
        if len(found) == 1:
            return found[0]
        known = [part for part in found if part is not None]
        return _union(known) if len(known) == len(found) else None

    def _display(self, ref: Ref, value: Value, depth: int) -> Contents:
        keys: list[Ref] = []
        values: list[Ref] = []
        unseen: list[Ref] = []
        cause = ""
        if value.op == "dict":
            pairs = list(zip(value.args[::2], value.args[1::2], strict=True))
        else:
            words = words_of_display(value)
            pairs = [(-1 if w == "*" else v, v) for w, v in zip(words, value.args, strict=True)]
        for key, inner in pairs:
            if key >= 0:
                keys.append(ref._replace(value=key))
                values.append(ref._replace(value=inner))
                continue
            spread = self.of(ref._replace(value=inner), depth)
            if spread is None:
                cause = SPREAD
                unseen.append(ref._replace(value=inner))
            else:
                keys += spread.keys
                values += spread.values or ()
                unseen += spread.spread
                cause = cause or spread.cause
        of_dict = tuple(values) if value.op == "dict" else None
        contents = Contents(tuple(keys), of_dict, cause, tuple(unseen))
        return self._grown(ref, contents)

    def _call(self, ref: Ref, value: Value, depth: int) -> Contents | None:
        function = self._project.names.value(ref._replace(value=value.args[0]))
        if function is not None and function.op == "attr" and len(value.args) == 1:
            receiver = self._project.names.value(ref._replace(value=function.args[0]))
            if function.text == "split" and receiver is not None and receiver.op == "const":
                return Contents((ref._replace(value=function.args[0]),), None)
            inner = self.of(ref._replace(value=function.args[0]), depth)
            if inner is None or function.text not in ("keys", "values", "copy"):
                return None
            if function.text == "copy":
                return self._grown(ref, inner)
            kept = inner.values or () if function.text == "values" else inner.keys
            return Contents(kept, None, inner.cause, inner.spread)
        if not self._copies(ref, value):
            return None
        if len(value.args) == 1:
            empty: tuple[Ref, ...] = ()
            return self._grown(ref, Contents(empty, empty))
        if len(value.args) == 2 and not value.text:
            inner = self.of(ref._replace(value=value.args[1]), depth)
            return inner and self._grown(ref, inner)
        words = value.text.split(",")
        if all(word and word not in ("*", "**") for word in words):  # dict(a=1, b=2)
            parts = tuple(ref._replace(value=v) for v in value.args[1:])
            return self._grown(ref, Contents(parts, parts, ""))
        return None

    def _copies(self, ref: Ref, call: Value) -> bool:
        """Whether a call is `list(x)`, `sorted(x)` and the like."""
        things = self._values.describe(ref._replace(value=call.args[0]))
        paths = {".".join(s.text for s in t.path) if isinstance(t, Api) else "" for t in things}
        return paths <= _COPIES

    def _field(self, ref: Ref, value: Value, depth: int) -> Contents | None:
        """`self.names`, `Class.names`: what the class and its methods bind it to."""
        found: list[Contents] = []
        for thing in self._values.describe(ref._replace(value=value.args[0])):
            if not isinstance(thing, (ClassThing, Instance)):
                return None
            classes = self._project.classes
            bound = classes.attribute(thing.ref, value.text).values
            for origin in (*bound, *classes.fields(thing.ref, value.text).values):
                part = self.of(origin, depth)
                if part is None:
                    return None
                found.append(self._added_to_fields(thing.ref.module, value.text, part))
        return _union(found) if found else None

    # what is added

    def _grown(self, ref: Ref, contents: Contents) -> Contents:
        """The contents with what is added to the object, under any name that is seen for it."""
        module = self._project.module(ref.module)
        body = self._bodies.of(FunctionRef(ref.module, ref.function))
        if module is None or body is None:
            return contents
        contents = self._added(ref, body, ref.value, contents)
        function = body.function
        for name, bound in function.binds.items():
            if ref.value in bound:
                for other, value in _loads(module.facts, ref.function, name):
                    inside = self._bodies.of(FunctionRef(ref.module, other))
                    if inside is not None:
                        origin = Ref(ref.module, other, value)
                        contents = self._added(origin, inside, value, contents)
        return contents

    def added(self, ref: Ref) -> Contents:
        """What is added to a container, not what it is made with."""
        made = self._project.names.value(ref)
        of_dict = made is not None and made.op == "dict"
        return self._grown(ref, Contents((), () if of_dict else None))

    def _added_to_fields(self, module: str, name: str, contents: Contents) -> Contents:
        found = self._project.module(module)
        for index, function in enumerate(found.facts.functions if found is not None else ()):
            body = None
            for number, value in enumerate(function.values):
                if value.op == "attr" and value.text == name:
                    body = body or self._bodies.of(FunctionRef(module, index))
                    if body is not None:
                        origin = Ref(module, index, number)
                        contents = self._added(origin, body, number, contents)
        return contents

    def _added(self, ref: Ref, body: Body, value: int, contents: Contents) -> Contents:
        """The contents with what is added to them through this one value of the object."""
        keys, values = list(contents.keys), list(contents.values or ())
        spread, cause = list(contents.spread), contents.cause
        for key, added, why in self._additions(ref, body, value):
            if key is not None:
                keys.append(key if contents.values is not None else added)
                values.append(added)
                continue
            inner = self.of(added) if why == SPREAD else None
            if inner is None:
                cause = cause or why
                spread += [added] if why == SPREAD else ()
                continue
            keys += inner.keys
            values += inner.values or inner.keys
            spread += inner.spread
            cause = cause or inner.cause
        of_dict = None if contents.values is None else tuple(values)
        return Contents(tuple(keys), of_dict, cause, tuple(spread))

    def _additions(self, ref: Ref, body: Body, value: int) -> Iterator[_Addition]:
        """What is added to the object through one value of it."""
        for use in body.effects(value):
            if use.effect.kind == "setitem" and use.position == 0:
                _, key, added = (ref._replace(value=v) for v in use.effect.args)
                yield key, added, ""
        for user, position in body.users(value):
            made = body.function.values[user]
            if made.op == "refine" and not position:
                yield from self._additions(ref, body, user)
            elif made.op == "aug" and not position and made.text in ("|", "+"):
                yield None, ref._replace(value=made.args[1]), SPREAD
            elif made.op == "attr" and made.text in (*_ADDS, *_GROWS, "setdefault"):
                for call, place in body.users(user):
                    if not place and body.function.values[call].op == "call":
                        yield from _called(ref, made.text, body.function.values[call])


_Addition: TypeAlias = "tuple[Ref | None, Ref, str]"
"""What is added under which key (of a set or list: itself); or, with no key, a container and why
there may be more."""


def _called(ref: Ref, method: str, call: Value) -> Iterator[_Addition]:
    """What a method's call adds to its container."""
    given = [ref._replace(value=v) for v in call.args[1:]]
    words = words_of(call)
    if method in _ADDS and given:
        yield given[0], given[0], ""
    elif method == "setdefault" and len(given) == 2 and not any(words):
        yield given[0], given[1], ""
    elif method in ("extend", "update") and given and "*" not in words:
        for word, each in zip(words, given, strict=True):
            if word in ("", "**"):
                yield None, each, SPREAD
            else:
                yield each, each, ""
    elif given:
        yield None, given[-1], f"`.{method}()` adds to it"


def _loads(facts: Facts, owner: int, name: str) -> Iterator[tuple[int, int]]:
    """The (function, value) pairs that read a module's or an enclosing function's name."""
    for index, function in enumerate(facts.functions):
        if owner and function.captures.get(name) != owner:
            continue
        op = "free" if owner else "global"
        for number, value in enumerate(function.values):
            if value.op == op and value.text == name:
                yield index, number


def _union(parts: list[Contents]) -> Contents | None:
    if not parts:
        return None
    keys = tuple(key for part in parts for key in part.keys)
    cause = next((part.cause for part in parts if part.cause), "")
    spread = tuple(ref for part in parts for ref in part.spread)
    if any(part.values is None for part in parts):
        return Contents(keys, None, cause, spread)
    return Contents(keys, tuple(v for part in parts for v in part.values or ()), cause, spread)
