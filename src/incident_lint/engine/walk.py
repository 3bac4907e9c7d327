"""One question on its way from a name or a value to its definitions.

A walk goes over a graph of *places*: values, names of a module, attributes of a module. With each
place travels the chain of attributes still to be taken of what it turns out to be, and the number
of modules it was passed through. A place is visited once with each chain, and cycles are cut.
"""

from __future__ import annotations

import builtins
from collections import deque
from typing import TYPE_CHECKING, NamedTuple

from ..model.facts import Facts, Value
from .definitions import (
    Definition,
    Definitions,
    External,
    Local,
    ModuleDef,
    Namespace,
    Ref,
    Unknown,
)

if TYPE_CHECKING:
    from .names import Names
    from .project import Project

_DEEPEST = 16
_LONGEST_CHAIN = 16
_MOST_PLACES = 300
_MOST_TURNS = 2
_BUILTINS = frozenset(dir(builtins))

Chain = tuple[tuple[str, Ref | None], ...]
"""Attributes still to be taken, each with the `attr` value that takes it."""


class Place(NamedTuple):
    """Where a walk stands. `kind`: "value", "name" (looked up in a module's scope, so builtins
    come last) or "member" (an attribute of a module, so submodules do)."""

    kind: str
    module: str
    function: int
    value: int
    name: str


class Walk:
    """One question on its way."""

    def __init__(self, names: Names, project: Project, typing: bool) -> None:
        self._names = names
        self._project = project
        self._typing = typing
        self._found: dict[Definition, None] = {}
        self._todo: deque[tuple[Place, Chain, int]] = deque()
        self._seen: dict[Place, list[Chain]] = {}
        self._visits = 0

    def run(self) -> Definitions:
        """Walk to the end; what was found, in the order of the walk."""
        while self._todo:
            place, chain, depth = self._todo.popleft()
            module = self._project.module(place.module)
            if module is None:
                cause = self._project.cause(place.module)
                self._fail(f"`{place.module}` cannot be read" + (f": {cause}" if cause else ""))
            elif place.kind == "value":
                self._at_value(place, module.facts, chain, depth)
            else:
                self._at_name(place, module.facts, chain, depth)
        return tuple(self._found) or (Unknown("defined by nothing but itself"),)

    def go(self, place: Place, chain: Chain, depth: int) -> None:
        """Visit a place, if it was not visited with this chain before."""
        chains = self._seen.setdefault(place, [])
        if chain in chains or (chains and chain and _turns(chain, chains) > _MOST_TURNS):
            return  # the latter: `x = x.next` in a loop
        if depth > _DEEPEST:
            self._fail(f"passed on through more than {_DEEPEST} modules")
        elif self._visits >= _MOST_PLACES or len(chain) > _LONGEST_CHAIN:
            self._fail("too many definitions")
        else:
            self._visits += 1
            chains.append(chain)
            self._todo.append((place, chain, depth))

    def take(self, definition: Definition, chain: Chain, depth: int) -> None:
        """Take the attributes of a chain of a definition, as far as names lead."""
        if not chain or isinstance(definition, Unknown):
            self._found[definition] = None
        elif isinstance(definition, External):
            names = [definition.dotted] if definition.dotted != "builtins" else []
            names += [name for name, _ in chain]
            self._found[External(".".join(names))] = None
        elif isinstance(definition, ModuleDef):
            name = chain[0][0]
            self.go(Place("member", definition.name, 0, 0, name), chain[1:], depth + 1)
        elif isinstance(definition, Namespace):
            self._from(definition.dotted, chain[0][0], definition.importer, chain[1:], depth)
        else:
            self._of_object(definition, chain, depth)

    def _of_object(self, definition: Local, chain: Chain, depth: int) -> None:
        classes = self._project.classes
        of_class = classes.of(definition)
        if of_class is None:
            last = chain[-1][1]
            self._found[Local(last) if last else Unknown("attribute of an object")] = None
            return
        name, rest = chain[0][0], chain[1:]
        attribute = classes.attribute(of_class, name)
        for ref in attribute.values:
            self.go(Place("value", *ref, ""), rest, depth)
        for dotted in attribute.external:
            self.take(External(f"{dotted}.{name}"), rest, depth)
        if attribute.cause is not None:
            self._fail(attribute.cause)
        elif not attribute.values and not attribute.external:
            self._fail(f"`{classes.facts(of_class).name}` has no attribute `{name}`")

    def _at_value(self, place: Place, facts: Facts, chain: Chain, depth: int) -> None:
        _, module, function, index, _ = place
        value = facts.functions[function].values[index]
        op, text = value.op, value.text
        if op in ("phi", "refine"):
            for argument in value.args if op == "phi" else value.args[:1]:
                self.go(Place("value", module, function, argument, ""), chain, depth)
        elif op == "attr":
            chain = ((text, Ref(module, function, index)), *chain)
            self.go(Place("value", module, function, value.args[0], ""), chain, depth)
        elif op == "global":
            if function == 0 and index in facts.functions[0].binds.get(text, ()):
                self.take(External(text), chain, depth)  # `open = open`
            else:
                self.go(Place("name", module, 0, 0, text), chain, depth)
        elif op in ("free", "cell"):
            self._at_free(place, value, facts, chain, depth)
        elif op == "import":
            self.take(self._names.module_of(text, module) or External(text), chain, depth)
        elif op == "from":
            origin, _, name = text.partition(":")
            self._from(origin, name, module, chain, depth)
        elif op == "builtin":
            self.take(External(text), chain, depth)
        elif op == "unknown":
            self._fail(text)
        elif op == "call":
            self._at_call(Ref(module, function, index), value, chain, depth)
        elif op != "unbound":
            self.take(Local(Ref(module, function, index)), chain, depth)

    def _at_free(self, place: Place, value: Value, facts: Facts, chain: Chain, depth: int) -> None:
        owner: int | None = place.function
        if value.op == "free":
            owner = facts.functions[place.function].captures.get(value.text)
        bound = [] if owner is None else self._names.free(place.module, owner, value.text)
        for function, index in bound:
            self.go(Place("value", place.module, function, index, ""), chain, depth)
        if not bound:
            self._fail("a name of an enclosing function that nothing binds")

    def _at_call(self, ref: Ref, value: Value, chain: Chain, depth: int) -> None:
        """A call is a value of its own, unless it only spells an import or an attribute."""
        names, words = self._names, value.text.split(",")
        called = names.called(ref.at(value.args[0])) if value.args[1:] else None
        if called == "importlib.import_module" and words[0] in ("", "name"):
            dotted = names.constant(ref.at(value.args[1]))
            if dotted and not dotted.startswith("."):
                found = names.module_of(dotted, ref.module)
                self.take(found or External(dotted), chain, depth)
                return
        elif called == "getattr" and words[:2] == ["", ""]:
            name = names.constant(ref.at(value.args[2]))
            if name:
                place = Place("value", ref.module, ref.function, value.args[1], "")
                self.go(place, ((name, ref), *chain), depth)
                if len(words) == 3:
                    self.go(place._replace(value=value.args[3]), chain, depth)
                return
        self.take(Local(ref), chain, depth)

    def _from(self, origin: str, name: str, importer: str, chain: Chain, depth: int) -> None:
        """`from origin import name`, which is also an attribute of a folder."""
        found = self._names.module_of(origin, importer)
        if isinstance(found, ModuleDef):
            self.go(Place("member", found.name, 0, 0, name), chain, depth + 1)
            return
        if found is not None:
            inside = self._names.module_of(f"{origin}.{name}", importer)
            if inside is not None:
                self.take(inside, chain, depth)
                return
            # A folder has no attributes: if it has the name of a library, that is what is meant.
        self.take(External(origin), ((name, None), *chain), depth)

    def _at_name(self, place: Place, facts: Facts, chain: Chain, depth: int) -> None:
        name = place.name
        if name in facts.typing_only and not self._typing:
            self._fail("bound only under `TYPE_CHECKING`")
            return
        bound = self._names.bound(place.module, facts, name)
        for function, value in bound:
            self.go(Place("value", place.module, function, value, ""), chain, depth)
        # A module's own binding stands after its star imports, nearly always.
        starred, cause = (
            self._names.starred(place.module, name) if facts.stars and not bound else ((), None)
        )
        for definer in starred:
            self.go(Place("member", definer, 0, 0, name), chain, depth + 1)
        if not bound and not starred:
            self._unbound(place, facts, cause, chain, depth)

    def _unbound(
        self, place: Place, facts: Facts, cause: str | None, chain: Chain, depth: int
    ) -> None:
        """A name that the module does not bind: a submodule, a builtin, or unknown."""
        name = place.name
        if place.kind == "member":
            inside = self._names.submodule(place.module, facts, name)
            if inside is not None:
                self.take(inside, chain, depth)
                return
            if "__getattr__" in facts.functions[0].binds:
                cause = "module `__getattr__`"
        elif name in _BUILTINS:
            self.take(External(name), chain, depth)
            if cause is None:
                return
        self._fail(cause or f"`{facts.module}` does not define `{name}`")

    def _fail(self, cause: str) -> None:
        self._found[Unknown(cause)] = None


def _turns(chain: Chain, chains: list[Chain]) -> int:
    """How often a place was visited with an end of this chain: each time, it gained a link."""
    return sum(chain[-len(old) :] == old for old in chains if len(old) < len(chain))
