"""Calls that write to metrics, and the labels and names that stand in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ..knowledge import labels as notation
from ..knowledge.catalogue import Row
from ..knowledge.labels import Place, Shape
from ..knowledge.paths import CALL, render
from ..model.facts import Value
from .arguments import words_of
from .callers import Callers
from .constants import text_of
from .contents import SPREAD, Containers
from .definitions import FunctionRef, Ref, Unknown
from .makers import Makers
from .thing import Api, Made, Module, Thing

if TYPE_CHECKING:
    from .project import Project
    from .travel import Travel

LABEL, NAME, DEFINITION = "metric-label", "metric-name", "metric-definition"
_DEEPEST = 3
_STORES = frozenset({"bind", "bindglobal", "bindfree", "setattr", "setitem", "return", "yield"})


class Label(NamedTuple):
    """One label of a call: what it is called ("" if nobody can tell), its value, and where it is
    written: the argument's position and the constant keys that lead into it."""

    name: str
    value: Ref
    position: int
    way: tuple[str, ...] = ()


class Sink(NamedTuple):
    """A call that writes to a metric: the row, the labels (or names) that stand in it, what the
    code calls the metric, and why there may be more of them."""

    row: Row
    labels: tuple[Label, ...]
    metric: str
    cause: str = ""


class Metrics:
    """Answers of "what does this call write to a metric?" for one project."""

    roles: tuple[str, ...] = (LABEL, NAME, DEFINITION)
    shaped: tuple[str, ...] = (LABEL, NAME)

    def __init__(self, project: Project, travel: Travel, containers: Containers) -> None:
        self._project = project
        self._values = travel.values
        self._bodies = travel.bodies
        self._containers = containers
        self._makers = Makers(project, travel.values)
        self._callers = Callers(project, travel.values)
        self._shapes: list[tuple[Row, Shape]] | None = None
        self._methods: frozenset[str] = frozenset()

    def of(self, ref: Ref) -> list[Sink]:
        """What a call writes to a metric; [] if it is no such call."""
        made = self._project.names.value(ref)
        if made is None or made.op != "call" or not self._may_be(ref, made):
            return []
        things = self._values.describe(ref._replace(value=made.args[0]))
        rows = self._by_path(things) or self._by_shape(ref, made, things)
        return [self._sink(ref, made, row) for row in rows]

    def _may_be(self, ref: Ref, made: Value) -> bool:
        """Whether a method is called as one of a row is: all others are done with at once."""
        if not self._methods:
            for role in self.roles:
                self._methods |= self._project.catalogue.names(role)
            for _, shape in self._shaped():
                self._methods |= shape.methods
        called = self._project.names.value(ref._replace(value=made.args[0]))
        return called is not None and (called.op != "attr" or called.text in self._methods)

    def _by_path(self, things: Sequence[Thing]) -> list[Row]:
        found: dict[str, Row] = {}
        for thing in things:
            if not isinstance(thing, Api):
                continue
            for role in self.roles:
                row = self._project.catalogue.match(role, (*thing.path, CALL))
                if row is not None:
                    found.setdefault(role, row)
        return list(found.values())

    # shapes

    def _by_shape(self, ref: Ref, made: Value, things: Sequence[Thing]) -> list[Row]:
        """The rows whose shape a call has, if nobody can tell what it is called on."""
        if not self._is_open(things):
            return []
        called = self._project.names.value(ref._replace(value=made.args[0]))
        if called is None or called.op != "attr":
            return []
        known = any(isinstance(thing, Api) for thing in things)
        found: dict[str, Row] = {}
        for row, shape in self._shaped():
            if called.text in shape.methods and row.role not in found:
                if self._has(ref, made, called, shape, known):
                    found[row.role] = row
        return list(found.values())

    def _is_open(self, things: Sequence[Thing]) -> bool:
        """Whether a shape may tell what is called: no function of the project is known to be."""
        return all(isinstance(thing, (Unknown, Api, Module)) for thing in things)

    def _shaped(self) -> list[tuple[Row, Shape]]:
        if self._shapes is None:
            self._shapes = []
            for role in self.shaped:
                for row in self._project.catalogue.of_role(role):
                    shape = notation.shape(row.keys.get("shape", ""))
                    if shape is not None:
                        self._shapes.append((row, shape))
        return self._shapes

    def _has(self, ref: Ref, made: Value, called: Value, shape: Shape, known: bool) -> bool:
        if shape.receivers and not self._word(ref, called.args[0]) & shape.receivers:
            return False
        words = words_of(made)
        if not shape.needs <= set(words):
            return False
        if not shape.then:
            return True
        body = self._bodies.of(FunctionRef(ref.module, ref.function))
        if body is None:
            return False
        for user, position in body.users(ref.value):
            after = body.function.values[user]
            if after.op == "attr" and not position and after.text in shape.then:
                return True
        stored = any(use.effect.kind in _STORES for use in body.effects(ref.value))
        return stored and not known and "stored" in shape.then

    def _word(self, ref: Ref, value: int) -> frozenset[str]:
        """The last word of how a receiver is written, and the last part of that."""
        made = self._project.names.value(ref._replace(value=value))
        while made is not None and made.op in ("call", "item", "refine", "await", "enter"):
            key = self._text(ref._replace(value=made.args[-1])) if made.op == "item" else ""
            if key:
                return frozenset({key.lower()})
            made = self._project.names.value(ref._replace(value=made.args[0]))
        words: set[str] = set()
        for _ in range(2):  # `stats.instance.incr()`: what it is an attribute of counts as well
            if made is None:
                break
            word = made.text.rpartition(":")[2].rpartition(".")[2].strip("_").lower()
            words |= {word, word.rpartition("_")[2]}
            made = (
                self._project.names.value(ref._replace(value=made.args[0]))
                if made.op == "attr"
                else None
            )
        return frozenset(words)

    # labels

    def _sink(self, ref: Ref, made: Value, row: Row) -> Sink:
        key = "name" if row.role == DEFINITION else "labels"
        labels: list[Label] = []
        causes: list[str] = []
        for text in row.keys[key]:
            place = notation.place(text)
            assert place is not None, "rows are checked when they are read"
            for position, word in self._standing(made, place):
                value = ref._replace(value=made.args[position + 1])
                start = Label("" if word in ("*", "**") else word, value, position)
                labels += self._leading(start, place.way, causes)
        if row.keys.get("callables"):
            labels = [given for label in labels for given in self._given(label)]
        if row.role == LABEL and not all(label.name for label in labels):
            labels = self._named(ref, made, labels)
        return Sink(row, tuple(labels), self._metric(ref, made), causes[0] if causes else "")

    def _standing(self, made: Value, place: Place) -> Iterator[tuple[int, str]]:
        """The arguments that a place speaks of: their position in the call, and their word."""
        words = words_of(made)
        for position, word in enumerate(words[: len(made.args) - 1]):
            if place.argument == "*":
                fits = word in ("", "*")
            elif place.argument == "**":
                fits = word not in ("", "*")
            elif isinstance(place.argument, int):
                fits = position == place.argument and not any(words[: position + 1])
            else:
                fits = word == place.argument
            if fits:
                yield position, word

    def _leading(self, label: Label, way: Sequence[str], causes: list[str]) -> list[Label]:
        """The labels that lie in one, as `way` leads, then as deep as there are containers."""
        if not way:
            return self._leaves(label, causes, 0)
        contents = self._containers.of(label.value)
        if contents is None:
            causes.append("a container that cannot be seen into")
            return []
        found: list[Label] = []
        for number, inner in enumerate(contents.values or contents.keys):
            key = str(number) if contents.values is None else self._text(contents.keys[number])
            if contents.values is not None and way[0] and key != way[0]:
                continue
            inside = Label("", inner, label.position, (*label.way, key))
            found += self._leading(inside, way[1:], causes)
        return found

    def _leaves(self, label: Label, causes: list[str], depth: int) -> list[Label]:
        contents = self._containers.of(label.value) if depth < _DEEPEST else None
        if contents is None:
            return [label._replace(name=label.name or self._tag(label.value))]
        if contents.cause and not (contents.spread and contents.cause == SPREAD):
            causes.append(contents.cause)
        found = [label._replace(name="", value=ref) for ref in contents.spread]
        for number, key in enumerate(contents.keys):
            value = key if contents.values is None else contents.values[number]
            name = str(number) if contents.values is None else self._text(key)
            plain = self._tag(value) if contents.values is None else name
            inner = label._replace(name=plain, value=value, way=(*label.way, name))
            found += self._leaves(inner, causes, depth + 1)
        return found

    def _given(self, label: Label) -> list[Label]:
        """What a function among the labels gives; any other label is itself."""
        things = self._values.describe(label.value)
        functions = [thing.function for thing in things if isinstance(thing, Made)]
        given = [value for function in functions for value in self._callers.returned(function)]
        return [label._replace(value=value) for value in given] or [label]

    def _text(self, ref: Ref) -> str:
        made = self._project.names.value(ref)
        return (text_of(made) if made is not None else None) or ""

    def _tag(self, ref: Ref) -> str:
        """The name of a label that is written as `key:value`."""
        made = self._project.names.value(ref)
        if made is not None and made.op in ("fmt", "binop") and made.args:
            made = self._project.names.value(ref._replace(value=made.args[0]))
        text = text_of(made) if made is not None else None
        return text.partition(":")[0] if text is not None and ":" in text else ""

    def _named(self, ref: Ref, made: Value, labels: list[Label]) -> list[Label]:
        """Labels that stand by position, with the names that the metric's definition gives."""
        called = self._project.names.value(ref._replace(value=made.args[0]))
        if called is None or called.op != "attr":
            return labels
        names = self._names(ref._replace(value=called.args[0]))
        found = []
        words = words_of(made)
        for label in labels:
            if words[label.position] in ("*", "**") and not label.way:
                found.append(label)  # all that lies in a container that cannot be seen into
                continue
            place = int(label.way[0]) if label.way and label.way[0].isdigit() else label.position
            name = names[place] if not label.name and place < len(names) else label.name
            found.append(label._replace(name=name))
        return found

    def _names(self, receiver: Ref) -> list[str]:
        for origin, made in self._makers.of(receiver):
            for thing in self._values.describe(origin._replace(value=made.args[0])):
                path = (*thing.path, CALL) if isinstance(thing, Api) else ()
                row = self._project.catalogue.match(DEFINITION, path) if path else None
                for text in row.keys.get("labels", ()) if row is not None else ():
                    place = notation.place(text)
                    for position, _ in self._standing(made, place) if place else ():
                        names = origin._replace(value=made.args[position + 1])
                        contents = self._containers.of(names)
                        if contents is not None:
                            return [self._text(each) for each in contents.keys]
        return []

    def _metric(self, ref: Ref, made: Value) -> str:
        """What the code calls the metric of a call, for messages."""
        called = self._project.names.value(ref._replace(value=made.args[0]))
        if called is None:
            return "the metric"
        if called.op == "attr":
            written = self._written(ref._replace(value=called.args[0]))
            return f"`{written}`" if written else "the metric"
        for thing in self._values.describe(ref._replace(value=made.args[0])):
            if isinstance(thing, Api):
                return f"`{render(thing.path)}()`"
        return "the metric"

    def _written(self, ref: Ref) -> str:
        """A plain name, with dots, as the code writes it; "" for anything else."""
        made = self._project.names.value(ref)
        if made is None:
            return ""
        if made.op in ("global", "free", "param", "builtin", "cell"):
            return made.text
        if made.op in ("from", "import"):
            return made.text.rpartition(":")[2].rpartition(".")[2]
        if made.op == "attr":
            before = self._written(ref._replace(value=made.args[0]))
            return f"{before}.{made.text}" if before else made.text
        if made.op in ("refine", "await"):
            return self._written(ref._replace(value=made.args[0]))
        return ""
