"""What code may rely on that a default is made once: why a rewriting of it would not be safe."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from ..knowledge.paths import CALL, parse, render
from ..model.facts import Function, Param, Value
from ..model.source import Span
from .annotations import admits_none
from .arguments import words_of
from .defaults import Default
from .definitions import External, FunctionRef, Ref, Unknown
from .memory import Memory, aliases
from .summary import Summary
from .thing import Api, ClassThing, Made

if TYPE_CHECKING:
    from .project import Module, Project

_CONTAINERS = frozenset({"list", "dict", "set", "tuple", "bytearray", "array.array"})
_DISPLAYS = frozenset({"list", "set", "dict", "tuple", "listcomp", "setcomp", "dictcomp"})
_NAMES = frozenset({"global", "from", "import", "builtin", "free", "func", "class", "param"})
_COMPREHENSIONS = frozenset({"listcomp", "setcomp", "dictcomp", "genexpr"})
_DEFAULTS = frozenset({"__defaults__", "__kwdefaults__"})


class Reliance:
    """Answers of "who relies on it?" for the functions of one module."""

    def __init__(self, module: Module, project: Project) -> None:
        self._module = module
        self._project = project
        self._memory = Memory(project)
        self._readers: dict[str, str] = {}

    def is_made_here(self, function: Function, param: Param) -> bool:
        """Whether a default is written as a display, or as a call that is known to make it."""
        assert param.default is not None
        value = self._value(function.parent, param.default)
        if value.op != "call":
            return value.op in _DISPLAYS or value.op in ("genexpr", "binop")
        ref = Ref(self._module.name, function.parent, value.args[0])
        things = self._project.travel.values.describe(ref)
        return bool(things) and all(isinstance(thing, Api) for thing in things)

    def of_default(self, ref: FunctionRef, param: Param, default: Default, summary: Summary) -> str:
        """Why the code may rely on the default being one object; "" where it surely does not."""
        function = self._module.facts.functions[ref.index]
        assert param.default is not None and param.default_at is not None
        return (
            self.of_function(ref, param)
            or _of_kind(default)
            or self._of_content(ref, param, default, summary)
            or self._of_parts(function.parent, param.default, param.default_at)
        )

    def of_function(self, ref: FunctionRef, param: Param) -> str:
        """The same, as far as it does not depend on what the default is."""
        function = self._module.facts.functions[ref.index]
        if "generator" in function.flags:
            return "the function is a generator, and would make it at the first `next()`"
        reader = self._reader(self._module)
        if reader:
            return f"this file reads defaults of functions by `{reader}`"
        for decorator in function.decorators:
            caution = self._of_decorator(Ref(self._module.name, function.parent, decorator))
            if caution:
                return caution
        return self._of_identity(ref, param) or self._of_none(ref, param)

    def _of_decorator(self, ref: Ref) -> str:
        things = self._project.travel.values.describe(ref)
        catalogue = self._project.catalogue
        for thing in things:
            reader = ""
            if isinstance(thing, Api):
                if catalogue.match("reads-defaults", thing.path) is not None:
                    reader = render(thing.path)
                elif catalogue.match("wrapper", thing.path) is None:
                    return "nobody knows whether a decorator reads it"
            elif isinstance(thing, (Made, ClassThing)):
                owner = thing.function.module if isinstance(thing, Made) else thing.ref.module
                module = self._project.module(owner)
                reader = "" if module is None else self._reader(module)
            else:
                return "nobody knows whether a decorator reads it"
            if reader:
                return f"a decorator reads defaults of functions by `{reader}`"
        return "" if things else "nobody knows whether a decorator reads it"

    def _reader(self, module: Module) -> str:
        """What in a file reads the defaults of functions; "" if nothing does."""
        if module.name not in self._readers:
            self._readers[module.name] = self._search(module)
        return self._readers[module.name]

    def _search(self, module: Module) -> str:
        catalogue = self._project.catalogue
        rows = catalogue.of_role("reads-defaults")
        names = {segment.text for row in rows for segment in row.pattern[-2:]}
        for index, function in enumerate(module.facts.functions):
            for number, value in enumerate(function.values):
                if value.op == "attr" and value.text in _DEFAULTS:
                    return value.text
                if value.op not in ("attr", "from") or value.text.rpartition(":")[2] not in names:
                    continue
                for definition in self._project.names.resolve(module.name, index, number):
                    if isinstance(definition, External):
                        path = (*parse(definition.dotted)[0], CALL)
                        if catalogue.match("reads-defaults", path) is not None:
                            return f"{definition.dotted}()"
        return ""

    def _of_identity(self, ref: FunctionRef, param: Param) -> str:
        """Whether the parameter is asked who it is."""
        body = self._project.travel.bodies.of(ref)
        if body is None:
            return ""
        for value in aliases(body, param.name):
            for user, position in body.users(value):
                made = body.function.values[user]
                if made.op == "compare" and made.text in ("is", "is not"):
                    return f"`{param.name}` meets `{made.text}`"
                if made.op == "call" and position:
                    called = body.function.values[made.args[0]]
                    if (called.op, called.text) == ("builtin", "id"):
                        return f"`{param.name}` meets `id()`"
        return ""

    def _of_none(self, ref: FunctionRef, param: Param) -> str:
        """Whether `None` is given to the parameter already, and then may mean something."""
        function = self._module.facts.functions[ref.index]
        if param.annotation is not None:
            annotation = Ref(self._module.name, function.parent, param.annotation)
            if admits_none(self._project, annotation):
                return f"`{param.name}` may be given `None` already, which then means the default"
        owner = self._module.facts.classes[function.owner].name if function.owner >= 0 else ""
        name = owner if function.name == "__init__" else function.name
        positional = [p.name for p in function.params if p.kind.startswith("positional")]
        places: set[int | str] = {param.name}
        if param.name in positional:
            place = positional.index(param.name)
            places |= {place, place - bool(owner)}
        if places & self._given_none.get(name, set()):
            return f"this file gives `None` to `{param.name}` already"
        return ""

    @cached_property
    def _given_none(self) -> dict[str, set[int | str]]:
        """By the last name of what is called anywhere in the file: which arguments, by position
        or keyword, are `None`."""
        found: dict[str, set[int | str]] = {}
        for caller in self._module.facts.functions:
            for value in caller.values:
                if value.op != "call":
                    continue
                for number, word in enumerate(words_of(value)):
                    given = caller.values[value.args[number + 1]]
                    if (given.op, given.text) == ("const", "None"):
                        name = self._name(caller, value.args[0])
                        found.setdefault(name, set()).add(word or number)
        return found

    def _name(self, caller: Function, index: int) -> str:
        """What a function calls something that it calls, by the last name alone."""
        value = caller.values[index]
        while value.op in ("decorated", "refine"):
            value = caller.values[value.args[value.op == "decorated"]]
        if value.op == "func":
            return self._module.facts.functions[int(value.text)].name
        if value.op == "class":
            return self._module.facts.classes[int(value.text)].name
        return value.text.rpartition(":")[2]

    def _of_content(
        self, ref: FunctionRef, param: Param, default: Default, summary: Summary
    ) -> str:
        """Whether what an earlier call has left in the object may be wanted."""
        if summary.worst("changed") is None:
            return ""
        if self._memory.is_read_first(ref, param.name, default.shape):
            return f"what earlier calls left in `{param.name}` is read before it is changed"
        if any(use.kind == "captured" for use in summary.uses):
            return f"a function inside sees `{param.name}`, and may keep something in it"
        if self._calls_itself_without(ref, param):
            return f"the function calls itself and may rely on one `{param.name}` for all"
        return ""

    def _calls_itself_without(self, ref: FunctionRef, param: Param) -> bool:
        """Whether the function calls itself and leaves the parameter to its default."""
        body = self._project.travel.bodies.of(ref)
        if body is None:
            return False
        positional = [p.name for p in body.function.params if p.kind.startswith("positional")]
        for value in body.function.values:
            if value.op != "call":
                continue
            words = words_of(value)
            if param.name in words or "*" in words or "**" in words:
                continue
            called = Ref(ref.module, ref.index, value.args[0])
            for thing in self._project.travel.values.describe(called):
                if isinstance(thing, Made) and thing.function == ref:
                    given = positional[: words.count("") + thing.bound]
                    if param.name not in given:
                        return True
        return False

    def _of_parts(self, function: int, index: int, written: Span, inside: bool = False) -> str:
        """Whether a default, made later or more than once, may be another one; `written` is where
        it stands. `inside`: it is not put somewhere as it is, but gone through or computed with."""
        value = self._value(function, index)
        op = value.op
        if op in _NAMES or value.at is None or not value.at.is_within(written):
            if inside and op not in ("const", "builtin"):
                return "its default takes the content of another object, which may change"
            return ""
        if op in ("attr", "item"):
            if self._is_constant(function, index):
                return ""
            return "its default reads an attribute or an item, which may change"
        if op == "call":
            return self._of_call(function, value, written)
        words = value.text.split(",") if op in ("list", "tuple", "set") else []
        spread = "*" in words or -1 in value.args
        inside = inside or spread or op in ("binop", "elem", "phi", "compare")
        parts = [part for part in value.args if part >= 0]
        if op in _COMPREHENSIONS and value.text:
            inside = True
            parts.append(int(value.text))
        return next(
            filter(None, (self._of_parts(function, part, written, inside) for part in parts)), ""
        )

    def _of_call(self, function: int, value: Value, written: Span) -> str:
        called = Ref(self._module.name, function, value.args[0])
        for thing in self._project.travel.values.describe(called):
            path = (*thing.path, CALL) if isinstance(thing, Api) else ()
            roles = ("mutable-constructor", "immutable-constructor")
            if not any(self._project.catalogue.match(role, path) for role in roles if path):
                return "its default calls something, which then runs in every call"
        parts = (self._of_parts(function, part, written, True) for part in value.args[1:])
        return next(filter(None, parts), "")

    def _is_constant(self, function: int, index: int) -> bool:
        """Whether it is an attribute of a module or class, and named like a constant."""
        value = self._value(function, index)
        found = self._project.names.resolve(self._module.name, function, index)
        named = not any(isinstance(definition, Unknown) for definition in found)
        return value.op == "attr" and value.text.isupper() and named and bool(found)

    def _value(self, function: int, index: int) -> Value:
        return self._module.facts.functions[function].values[index]


def _of_kind(default: Default) -> str:
    shape = default.shape
    if shape.iterator:
        return "what earlier calls left of the iterator may be wanted"
    if shape.kind in _CONTAINERS or shape.kind.startswith("collections."):
        return ""
    return f"one {default.noun} for all calls may be meant"
