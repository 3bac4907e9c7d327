"""Which function or which declared fields the arguments of `C(...)` go to.

Dataclasses, attrs and pydantic classes and NamedTuples declare their fields in the class body; the
constructor has a parameter for each, inherited ones first.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from ..knowledge.catalogue import Row
from ..knowledge.paths import CALL, Path, parse
from ..model.facts import Class, Value
from .definitions import ClassRef, External, FunctionRef, Ref

if TYPE_CHECKING:
    from .project import Project

_ATTRS = {"attr.s", "attr.attrs", "attr.attributes"}
_ATTRS_NEW = {f"{m}.{n}" for m in ("attr", "attrs") for n in ("define", "mutable", "frozen")}
_ATTRS_NEW.add("attr.dataclass")
_DATACLASSES = {"dataclasses.dataclass", "pydantic.dataclasses.dataclass"}
_FIELD_CALLS = {"dataclasses.field", "attr.ib", "attr.attrib", "attr.field", "attrs.field"}
_FIELD_CALLS |= {"pydantic.Field", "pydantic.fields.Field", "pydantic.v1.Field", "sqlmodel.Field"}
_PYDANTIC = {"pydantic.BaseModel", "pydantic.main.BaseModel", "pydantic.BaseSettings"}
_PYDANTIC |= {"pydantic_settings.BaseSettings", "pydantic.RootModel", "pydantic.v1.BaseModel"}
_PYDANTIC |= {"sqlmodel.SQLModel", "sqlmodel.main.SQLModel"}
_NAMED_TUPLE = {"typing.NamedTuple", "typing_extensions.NamedTuple"}
_CLASS_LEVEL = {"typing.ClassVar", "typing_extensions.ClassVar"}
_NO_INIT = {"object", "abc.ABC", "typing.Generic", "typing.Protocol", "typing_extensions.Protocol"}


class Declared(NamedTuple):
    """A constructor's parameter that a field declaration makes.

    `name` is the argument's, `field` the attribute's. `default` is the value declared for it,
    `factory` what is called for one. `owner` is the class that declares it.
    """

    name: str
    field: str
    keyword_only: bool
    default: Ref | None
    factory: Ref | None
    annotation: Ref | None
    owner: ClassRef


class Constructor(NamedTuple):
    """What `C(...)` runs. `style`: "init" or "new" (`functions` may run), "none" (no arguments),
    or "dataclass", "attrs", "pydantic", "namedtuple" (`fields`, in the order of positional
    arguments). `complete` says that nothing else can run."""

    style: str
    functions: tuple[FunctionRef, ...]
    fields: tuple[Declared, ...]
    complete: bool


class Style(NamedTuple):
    """How a class's own decorators or bases make it declare fields."""

    name: str
    init: bool
    keyword_only: bool
    unannotated: bool


def constructor(project: Project, ref: ClassRef) -> Constructor | None:
    """How instances of a class are made; None if a base that nobody reads may decide it."""
    classes = project.classes
    for entry in classes.order(ref).entries:
        if isinstance(entry, ClassRef):
            for special, name in (("__init__", "init"), ("__new__", "new")):
                if special in classes.facts(entry).methods:
                    found = classes.find_method(ref, special)
                    return Constructor(name, found.functions, (), found.complete)
            style = style_of(project, entry)
            if style is not None and style.init:
                return Constructor(style.name, (), _fields(project, ref, style.name), True)
        elif not isinstance(entry, External):
            return None
        elif entry.dotted in _PYDANTIC or entry.dotted in _NAMED_TUPLE:
            name = "pydantic" if entry.dotted in _PYDANTIC else "namedtuple"
            return Constructor(name, (), _fields(project, ref, name), True)
        elif entry.dotted not in _NO_INIT:
            return None
    return Constructor("none", (), (), True)


def declared(project: Project, ref: ClassRef) -> tuple[Declared, ...]:
    """The parameters that a class's own body declares for the constructor that is made for it,
    pydantic's also where the class has one of its own: that hands on to it."""
    style, own = "", style_of(project, ref)
    if own is not None and own.init and "__init__" not in project.classes.facts(ref).methods:
        style = own.name
    if not style and _PYDANTIC.intersection(project.classes.order(ref).external):
        style = "pydantic"
    elif not style and any(
        isinstance(base, External) and base.dotted in _NAMED_TUPLE
        for base in project.classes.bases(ref)
    ):
        style = "namedtuple"
    fields = _own_fields(project, ref, style, own) if style else {}
    return tuple(field for field in fields.values() if field is not None)


def is_frozen(project: Project, ref: ClassRef) -> bool:
    """Whether rows say that a class's objects cannot be changed, by a base or by a decorator of
    the class or of a base."""
    order = project.classes.order(ref)
    keywords = {
        word: Ref(entry.module, facts.parent, value)
        for entry in reversed(order.classes)
        for facts in (project.classes.facts(entry),)
        for word, value in facts.keywords.items()
    }
    rows = [project.catalogue.match("immutable-base", parse(base)[0]) for base in order.external]
    if any(row is not None and _holds(project, row, keywords) for row in rows):
        return True
    return any(
        row is not None and _holds(project, row, words)
        for entry in order.classes
        for dotted, words in _decorators(project, entry)
        for row in (_frozen_by(project, parse(dotted)[0]),)
    )


def _frozen_by(project: Project, path: Path) -> Row | None:
    match = project.catalogue.match
    return match("frozen-decorator", (*path, CALL)) or match("frozen-decorator", path)


def _holds(project: Project, row: Row, words: dict[str, Ref]) -> bool:
    word, _, constant = str(row.keys.get("when", "")).partition("=")
    return not word or _says(project, words, word, constant)


def style_of(project: Project, ref: ClassRef) -> Style | None:
    """The style of the class's own decorators, if one makes fields of declarations."""
    for dotted, words in _decorators(project, ref):
        if dotted in _DATACLASSES or dotted in _ATTRS or dotted in _ATTRS_NEW:
            return Style(
                "dataclass" if dotted in _DATACLASSES else "attrs",
                not _says(project, words, "init", "False"),
                _says(project, words, "kw_only", "True"),
                dotted in _ATTRS and not _says(project, words, "auto_attribs", "True"),
            )
    return None


def _decorators(project: Project, ref: ClassRef) -> Iterator[tuple[str, dict[str, Ref]]]:
    """The library paths of a class's own decorators, and their arguments."""
    facts = project.classes.facts(ref)
    for decorator in facts.decorators:
        at = Ref(ref.module, facts.parent, decorator)
        value = project.names.value(at)
        words: dict[str, Ref] = {}
        if value is not None and value.op == "call":
            words = _keywords(value, at)
            at = at._replace(value=value.args[0])
        for definition in project.names.resolve(*at):
            if isinstance(definition, External):
                yield definition.dotted, words


def _fields(project: Project, ref: ClassRef, style: str) -> tuple[Declared, ...]:
    """The declared fields of a class and its bases; a redeclared one keeps its first place."""
    found: dict[str, Declared | None] = {}
    for entry in reversed(project.classes.order(ref).classes):
        own = style_of(project, entry)
        if own is None and style in ("dataclass", "attrs"):
            continue
        found.update(_own_fields(project, entry, style, own))
    fields = [field for field in found.values() if field is not None]
    return (
        *(field for field in fields if not field.keyword_only),
        *(field for field in fields if field.keyword_only),
    )


def _own_fields(
    project: Project, ref: ClassRef, style: str, own: Style | None
) -> dict[str, Declared | None]:
    """Name -> field; None for a name that is declared, but is no parameter."""
    facts = project.classes.facts(ref)
    keyword_only = style == "pydantic" or (own is not None and own.keyword_only)
    found: dict[str, Declared | None] = {}
    for name in _declared_names(project, ref, facts, own):
        annotation = facts.annotations.get(name)
        at = None if annotation is None else Ref(ref.module, facts.parent, annotation)
        says = "" if at is None else _dotted(project, at)
        if says == "dataclasses.KW_ONLY":
            keyword_only = True
        elif says not in _CLASS_LEVEL and not (style == "pydantic" and name.startswith("_")):
            found[name] = _declared(project, ref, facts, name, at, style, keyword_only)
    return found


def _declared_names(project: Project, ref: ClassRef, facts: Class, own: Style | None) -> list[str]:
    if own is None or own.name != "attrs":
        return list(facts.annotations)
    made = [
        name
        for name, values in facts.body.items()
        if _field_call(project, Ref(ref.module, facts.parent, values[-1])) is not None
    ]
    if own.unannotated:
        return made
    return list(facts.annotations) if set(made) <= set(facts.annotations) else made


def _declared(
    project: Project,
    ref: ClassRef,
    facts: Class,
    name: str,
    annotation: Ref | None,
    style: str,
    keyword_only: bool,
) -> Declared | None:
    default = factory = None
    argument = name.lstrip("_") if style == "attrs" else name
    if name in facts.body:
        default = Ref(ref.module, facts.parent, facts.body[name][-1])
        words = _field_call(project, default)
        if words is not None:
            if _says(project, words, "init", "False"):
                return None
            default = words.get("default", words.get(""))
            factory = words.get("default_factory", words.get("factory"))
            keyword_only = keyword_only or _says(project, words, "kw_only", "True")
            alias = words.get("alias")
            argument = (alias and project.names.constant(alias)) or argument
    return Declared(argument, name, keyword_only, default, factory, annotation, ref)


def _field_call(project: Project, ref: Ref) -> dict[str, Ref] | None:
    """The arguments of `field(...)` and its like; "" is the first positional one."""
    value = project.names.value(ref)
    if value is None or value.op != "call":
        return None
    if _dotted(project, ref._replace(value=value.args[0])) not in _FIELD_CALLS:
        return None
    return _keywords(value, ref)


def _keywords(call: Value, ref: Ref) -> dict[str, Ref]:
    found: dict[str, Ref] = {}
    for word, argument in zip(call.text.split(","), call.args[1:], strict=False):
        found.setdefault(word, ref._replace(value=argument))
    return found


def _says(project: Project, words: dict[str, Ref], word: str, constant: str) -> bool:
    value = project.names.value(words[word]) if word in words else None
    return value is not None and value.op == "const" and value.text == constant


def _dotted(project: Project, ref: Ref) -> str:
    """The library path of a value or of what it subscripts, "" if it is anything else."""
    value = project.names.value(ref)
    if value is not None and value.op == "item":
        ref = ref._replace(value=value.args[0])
    found = project.names.resolve(*ref, typing=True)
    return found[0].dotted if len(found) == 1 and isinstance(found[0], External) else ""
