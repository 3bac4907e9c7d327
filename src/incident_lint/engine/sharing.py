"""Which expressions put one mutable object into many slots: where rows say so, by repetition of a
list or tuple, and as the default of a declared field."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from ..knowledge.catalogue import Row
from ..knowledge.paths import CALL, Path, parse
from ..model.facts import Facts, Function, Value
from ..model.source import Span
from .arguments import argument, words_of
from .constructors import constructor, style_of
from .defaults import Default, Defaults
from .definitions import ClassRef, FunctionRef, Ref
from .shape import Shape
from .thing import Api, ClassThing, Thing

if TYPE_CHECKING:
    from .project import Module, Project

_ROLE = "shared-element"
_CAN_CHANGE = frozenset({"list", "listcomp", "set", "setcomp", "dict", "dictcomp", "tuple"})
_CAN_CHANGE |= {"call", "binop", "phi", "refine", "global", "from", "attr"}
_NOTHING_YET = frozenset({"None", "False", "0", "0.0", "''", "b''"})
_REFUSED = frozenset({"list", "dict", "set"})
_RUNS = frozenset({"await", "sent", "phi", "unknown", "fmt", "listcomp", "dictcomp", "setcomp"})
_BEFORE_USE = frozenset({"__init__", "__new__", "__post_init__", "__attrs_post_init__"})
_BEFORE_USE |= {"__setstate__", "__set_name__", "__init_subclass__"}


How: TypeAlias = Literal["row", "repeated", "attrs", "dataclass", "namedtuple"]
_STYLES: dict[str, How] = {"attrs": "attrs", "dataclass": "dataclass", "namedtuple": "namedtuple"}


class Shared(NamedTuple):
    """One mutable object (`element`) that many slots hold.

    `how` it comes there: "row" (`row` says), "repeated", or the style of a class whose field it is
    the default of. `at` is the object's own expression, or what shares it where it is only named.
    `holder` is the value that has the slots. `name` is what the code calls that, if a module or
    class does. `made_here` says that the expression makes it, `plain` that making it once more runs
    no code of others, `blank` that there is nothing in it yet but what is to be replaced.
    """

    how: How
    at: Span
    element: Default
    holder: Ref
    name: str
    made_here: bool
    plain: bool
    blank: bool
    row: Row | None = None


class Sharings:
    """Answers of "what is shared here?" for one project."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._defaults = Defaults(project)
        rows = [(row, row.keys["argument"]) for row in project.catalogue.of_role(_ROLE)]
        self._words = {word for _, word in rows if isinstance(word, str)}
        self._names = {row.pattern[-2].text for row, place in rows if isinstance(place, int)}

    def of(self, module: Module) -> Iterator[Shared]:
        """Everything in a module that shares one mutable object, in no order; a parameter's
        default is left to those who judge defaults."""
        facts = module.facts
        judged = {(f.parent, param.default) for f in facts.functions for param in f.params}
        for index, function in enumerate(facts.functions):
            names = _names(facts, index)
            for number, value in enumerate(function.values):
                by_row = value.op == "call" and self._may_share(function, value)
                repeated = value.op in ("binop", "aug") and value.text == "*"
                if not (by_row or repeated) or (index, number) in judged:
                    continue
                ref = Ref(module.name, index, number)
                found = self._by_row if by_row else self._repeated
                yield from found(ref, function, value, names.get(number))
        for index in range(len(facts.classes)):
            yield from self._declared(ClassRef(module.name, index))

    # by rows

    def _may_share(self, function: Function, call: Value) -> bool:
        """Whether an argument is one that rows speak of and can be a mutable object: what is
        called is asked for few calls."""
        positional = function.values[call.args[0]].text.rpartition(":")[2] in self._names
        return any(
            (word in self._words or (positional and not word))
            and function.values[value].op in _CAN_CHANGE
            for word, value in zip(words_of(call), call.args[1:], strict=False)
        )

    def _by_row(
        self, ref: Ref, function: Function, call: Value, name: _Name | None
    ) -> Iterator[Shared]:
        for thing in self._project.travel.values.describe(ref._replace(value=call.args[0])):
            for path in self._paths(thing):
                row = self._project.catalogue.match(_ROLE, path)
                if row is None or (row.keys.get("field") and (name is None or not name.of_class)):
                    continue
                given = argument(call, row.keys["argument"])
                unless = row.keys.get("unless")
                if given is None or (unless and argument(call, unless) is not None):
                    continue
                yield from self._element("row", ref, ref._replace(value=given), name, row)
                return

    def _paths(self, thing: Thing) -> list[Path]:
        if isinstance(thing, Api):
            return [(*thing.path, CALL)]
        if isinstance(thing, ClassThing):
            bases = self._project.classes.order(thing.ref).external
            return [(*parse(base)[0], CALL) for base in bases]
        return []

    # by repetition

    def _repeated(
        self, ref: Ref, function: Function, value: Value, name: _Name | None
    ) -> Iterator[Shared]:
        """`[x] * n`, `n * [x]`; once or never is no repetition."""
        for display, times in (value.args, value.args[::-1]):
            shown, count = function.values[display], function.values[times]
            if shown.op not in ("list", "tuple") or (
                count.op == "const" and count.text in ("0", "1", "False", "True")
            ):
                continue
            words = shown.text.split(",") if shown.text else [""] * len(shown.args)
            for word, part in zip(words, shown.args, strict=True):
                if word != "*":
                    yield from self._element("repeated", ref, ref._replace(value=part), name)

    def _element(
        self,
        how: How,
        holder: Ref,
        part: Ref,
        name: _Name | None,
        row: Row | None = None,
    ) -> Iterator[Shared]:
        whole, value = self._project.names.value(holder), self._project.names.value(part)
        if whole is None or value is None or whole.at is None or value.at is None:
            return
        # The whole of `x *= n` does not tell what is made there from what is named there.
        made_here = whole.op == "aug" or value.at.is_within(whole.at)
        inside = value.at if whole.op == "aug" else whole.at
        for element in self._defaults.element(part, inside):
            of = element.shape.of
            if row is not None and row.keys.get("field") and of and not self._changes_itself(of):
                continue
            if not element.shape.iterator:
                at = value.at if made_here or value.op in ("global", "from") else whole.at
                made = made_here and not element.named
                said = name.text if name is not None else ""
                yield self._shared(how, at, element, holder, said, made, part, row)
                return

    def _shared(
        self,
        how: How,
        at: Span,
        element: Default,
        holder: Ref,
        name: str,
        made_here: bool,
        part: Ref,
        row: Row | None = None,
    ) -> Shared:
        """What is known of an element (the value `part`) besides what object it is."""
        function = self._function(part)
        value = function.values[part.value]
        plain = made_here and _is_plain(function, part.value)
        blank = _is_blank(function, value, element.shape)
        if how == "repeated" and _is_padding(function, holder.value):
            blank = False
        return Shared(how, at, element, holder, name, made_here, plain, blank, row)

    def _function(self, ref: Ref) -> Function:
        return self._project.travel.values.function(FunctionRef(ref.module, ref.function))

    # by declared fields

    def _declared(self, ref: ClassRef) -> Iterator[Shared]:
        """Fields of a class whose default all of its objects get as it is."""
        made = constructor(self._project, ref)
        facts = self._project.classes.facts(ref)
        for field in made.fields if made is not None else ():
            bound = facts.body.get(field.field)
            how = _STYLES.get(made.style) if made is not None else None
            if field.annotation and self._defaults.promises_to_read(field.annotation):
                continue
            if field.owner != ref or field.default is None or not bound or how is None:
                continue
            if how == "attrs" and bound[-1] != field.default.value:
                continue  # `attrs.field(default=...)`: a row speaks of it
            value = self._project.names.value(field.default)
            if value is None or value.at is None:
                continue
            for element in self._defaults.element(field.default, value.at):
                if self._can_be_shared(how, element):
                    at, made_by = value.at, field.default
                    yield self._shared(how, at, element, made_by, field.field, True, made_by)
                    break

    def _can_be_shared(self, how: How, element: Default) -> bool:
        shape = element.shape
        if shape.iterator or element.named:
            return False
        if how == "dataclass" and shape.kind in _REFUSED:
            return False  # Python itself refuses it
        return shape.of is None or self._changes_itself(shape.of)

    def _changes_itself(self, ref: ClassRef) -> bool:
        """Whether a class's objects are written after they are made: by their own methods, or by
        others where they have none and only hold data. A setter, or what else is decorated, is no
        sign that somebody does."""
        holds_data = False
        for entry in self._project.classes.order(ref).classes:
            module = self._project.module(entry.module)
            facts = self._project.classes.facts(entry)
            if module is None:
                return False
            for written in facts.fields.values():
                for index, _ in written:
                    method = module.facts.functions[index]
                    if method.name not in _BEFORE_USE and not method.decorators:
                        return True
            declares = style_of(self._project, entry) is not None
            behaves = any(not name.startswith("__") for name in facts.methods)
            holds_data = (holds_data or declares) and not behaves
        return holds_data


class _Name(NamedTuple):
    """What a value is called, in its module or as an attribute of a class."""

    text: str
    of_class: bool


def _names(facts: Facts, index: int) -> dict[int, _Name]:
    bound = facts.functions[0].binds.items() if index == 0 else ()
    found = {value: _Name(name, False) for name, values in bound for value in values}
    for each in facts.classes:
        if each.parent == index:
            for name, values in each.body.items():
                found.update(dict.fromkeys(values, _Name(name, True)))
    return found


def _is_blank(function: Function, value: Value, shape: Shape) -> bool:
    """Whether a new object has nothing in it but what is there to be replaced."""
    if value.op in ("list", "set", "dict"):
        return all(_is_nothing(function, part) for part in value.args)
    if value.op == "binop":
        shown = [function.values[part] for part in value.args]
        return any(
            one.op == "list" and all(_is_nothing(function, part) for part in one.args)
            for one in shown
        )
    if value.op == "listcomp":
        return _is_nothing(function, value.args[0])
    return shape.empty is True


def _is_padding(function: Function, holder: int) -> bool:
    """Whether a repeated list fills another one up to its length: such places are there to be
    read, as those before them are."""
    return any(
        holder in value.args and value.op in ("binop", "aug") and value.text == "+"
        for value in function.values
    )


def _is_plain(function: Function, number: int) -> bool:
    """Whether a value is made by displays, names and constructors of empty containers alone."""
    value = function.values[number]
    if value.op == "call" and value.args[1:]:
        return False
    return value.op not in _RUNS and all(_is_plain(function, v) for v in value.args if v >= 0)


def _is_nothing(function: Function, part: int) -> bool:
    value = function.values[part] if part >= 0 else None
    return value is not None and value.op == "const" and value.text in _NOTHING_YET
