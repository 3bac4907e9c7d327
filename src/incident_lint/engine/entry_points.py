"""Which functions of the project serve: what calls them, for whom, and what it hands them.

Rows of role `entry-point` say how a framework finds its handlers: by a decorator, a base class, a
call that registers them, or by how they and their parameters are named. What is written in other
files than the function's own (a table of routes) is seen only where that file is imported.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from ..knowledge.catalogue import Row
from ..knowledge.paths import CALL, Path, Segment, parse
from ..model.facts import Facts, Function, Value
from ..model.source import Span
from .arguments import argument
from .definitions import ClassRef, External, FunctionRef, Ref
from .thing import Api, Made

if TYPE_CHECKING:
    from .project import Project
    from .values import Values

ROLE = "entry-point"
_NAMED = frozenset({"global", "free", "func", "from", "attr", "decorated"})
_OWN = frozenset({"self", "cls"})
_WORDS = re.compile(r"[A-Z]+[a-z0-9]*")


class EntryPoint(NamedTuple):
    """How a function is found, where that is written (None: in its own name), and whether it
    surely is. The row's `lifetime` says how long `self` lives."""

    row: Row
    at: Span | None
    sure: bool

    @property
    def scope(self) -> str:
        """What one call of it serves ("request", "message" ...; "start": nobody)."""
        return str(self.row.keys.get("scope", "request"))


class Handed(NamedTuple):
    """What an entry point says of a parameter: an instance of `path`, or (None) an outside
    value; `entry` is who says it."""

    path: Path | None
    entry: EntryPoint


class EntryPoints:
    """Answers of "does this function serve?" for one project."""

    def __init__(self, project: Project, values: Values) -> None:
        self._project = project
        self._values = values
        self._known: dict[FunctionRef, tuple[EntryPoint, ...]] = {}
        self._registered: dict[str, dict[int, list[EntryPoint]]] = {}
        self._reading: set[str] = set()

    def of(self, ref: FunctionRef) -> tuple[EntryPoint, ...]:
        """How a function serves, what is sure first; empty: nothing says that it does."""
        found = self._known.get(ref)
        if found is not None:
            return found
        module = self._project.module(ref.module)
        if module is None or not ref.index:
            return ()
        if ref.module in self._reading:
            self._values.cut_short()
            return ()
        entries = self._of(ref, module.facts.functions[ref.index])
        found = tuple(sorted(entries, key=lambda entry: not entry.sure))
        self._known[ref] = found
        return found

    def handed(self, ref: FunctionRef, name: str) -> Handed | None:
        """What an entry point hands over as a parameter; None: nothing says that it does."""
        entries = self.of(ref)
        if not entries:
            return None
        function = self._values.function(ref)
        own = self._own(ref, function)
        place = next((i for i, p in enumerate(function.params) if p.name == name), 0) - own
        if place < 0:
            return None
        best: Handed | None = None
        for entry in entries:
            for text in entry.row.keys.get("gives", ()):
                which, _, path = text.partition("=")
                if which in (name, f"at{place}"):
                    return Handed(parse(path)[0], entry)
            outside = entry.row.keys.get("outside", ())
            if best is None and name not in _OWN and {"*", name, place} & set(outside):
                best = Handed(None, entry)
        return best

    def _of(self, ref: FunctionRef, function: Function) -> Iterator[EntryPoint]:
        if "lambda" not in function.flags:
            yield from self._by_decorator(ref, function)
            yield from self._by_base(ref, function)
            yield from self._by_name(ref, function)
        yield from self._by_registration(ref)

    def _own(self, ref: FunctionRef, function: Function) -> int:
        """How many first parameters are the object or class itself."""
        return int(function.owner >= 0 and self._project.classes.kind(ref) != "static")

    def _row(self, path: Path, how: str) -> Row | None:
        row = self._project.catalogue.match(ROLE, path)
        return row if row is not None and row.keys["how"] == how else None

    # decorators

    def _by_decorator(self, ref: FunctionRef, function: Function) -> Iterator[EntryPoint]:
        values = self._values.function(FunctionRef(ref.module, max(function.parent, 0))).values
        for decorator in function.decorators:
            at = values[decorator].at
            things = self._values.describe(Ref(ref.module, function.parent, decorator))
            rows = [
                self._row(thing.path, "decorator") for thing in things if isinstance(thing, Api)
            ]
            row = next((row for row in rows if row is not None), None)
            if row is not None:
                yield EntryPoint(row, at, not row.keys.get("unsure"))
            elif not any(isinstance(thing, Made) for thing in things):
                row = self._row(_spelled(values, decorator), "decorator")
                if row is not None:
                    yield EntryPoint(row, at, False)

    # classes

    def _by_base(self, ref: FunctionRef, function: Function) -> Iterator[EntryPoint]:
        if function.owner < 0:
            return
        method = Segment("name", function.name), CALL
        classes = self._project.classes
        words = []
        for entry in classes.order(ClassRef(ref.module, function.owner)).entries:
            name = ""
            if isinstance(entry, External):
                row = self._row((*parse(entry.dotted)[0], CALL, *method), "base")
                if row is not None:
                    yield EntryPoint(row, None, not row.keys.get("unsure"))
                name = entry.dotted
            elif isinstance(entry, ClassRef):
                name = classes.facts(entry).name
            words += _WORDS.findall(name.rpartition(".")[2])[-1:]
        for word in dict.fromkeys(words):
            yield from self._named(ref, function, (Segment("name", word), CALL, *method))

    # names

    def _by_name(self, ref: FunctionRef, function: Function) -> Iterator[EntryPoint]:
        yield from self._named(ref, function, (Segment("name", function.name), CALL))
        module = self._project.module(ref.module)
        imports = module.facts.imports if module is not None else ()
        for library in sorted({dotted.partition(".")[0] for dotted, _ in imports}):
            row = self._row((Segment("name", library),), "signature")
            if row is not None and self._has(ref, function, row):
                yield EntryPoint(row, None, not row.keys.get("unsure"))

    def _named(self, ref: FunctionRef, function: Function, path: Path) -> Iterator[EntryPoint]:
        row = self._row(path, "name")
        if row is not None and self._has(ref, function, row):
            yield EntryPoint(row, None, not row.keys.get("unsure"))

    def _has(self, ref: FunctionRef, function: Function, row: Row) -> bool:
        """Whether a function's first parameters are called as a row says."""
        wanted: list[str] = row.keys.get("parameters", "").replace(" ", "").split(",")
        own = [param.name for param in function.params[self._own(ref, function) :]]
        return own[: len(wanted)] == wanted

    # registrations

    def _by_registration(self, ref: FunctionRef) -> Iterator[EntryPoint]:
        module = self._project.module(ref.module)
        if module is not None and ref.module not in self._registered:
            self._reading.add(ref.module)
            try:
                self._registered[ref.module] = self._registrations(ref.module, module.facts)
            finally:
                self._reading.discard(ref.module)
        yield from self._registered.get(ref.module, {}).get(ref.index, ())

    def _registrations(self, module: str, facts: Facts) -> dict[int, list[EntryPoint]]:
        """The functions of a module that its own calls register, by index."""
        found: dict[int, list[EntryPoint]] = {}
        for index, function in enumerate(facts.functions):
            for value in function.values:
                if value.op != "call" or not _is_given_a_function(function, value):
                    continue
                for thing in self._values.describe(Ref(module, index, value.args[0])):
                    row = isinstance(thing, Api) and self._row((*thing.path, CALL), "registration")
                    if not row:
                        continue
                    given = argument(value, row.keys.get("argument", 0))
                    if given is None:
                        given = argument(value, row.keys.get("keyword", ""))
                    if given is None:
                        continue
                    entry = EntryPoint(row, value.at, not row.keys.get("unsure"))
                    for made in self._values.describe(Ref(module, index, given)):
                        if isinstance(made, Made) and made.function.module == module:
                            found.setdefault(made.function.index, []).append(entry)
        return found


def _is_given_a_function(function: Function, call: Value) -> bool:
    return any(function.values[value].op in _NAMED for value in call.args[1:])


def _spelled(values: tuple[Value, ...], decorator: int) -> Path:
    """A decorator as it is written, from the last name of the object that it is a method of."""
    made = values[decorator]
    tail: tuple[Segment, ...] = ()
    if made.op == "call":
        made, tail = values[made.args[0]], (CALL,)
    if made.op != "attr":
        return ()
    owner = values[made.args[0]]
    name = owner.text.rpartition(":")[2]
    named = owner.op in ("attr", "global", "free", "from", "param") and name.isidentifier()
    return (Segment("name", name), Segment("name", made.text), *tail) if named else ()
