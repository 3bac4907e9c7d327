"""Can what a test puts in the place of a call fail? Whatever cannot be seen may do so."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from ..knowledge.catalogue import Row
from ..knowledge.paths import CALL
from ..model.facts import Value
from .arguments import argument, words_of
from .definitions import ClassRef, Definition, External, FunctionRef, Local, Ref
from .statuses import is_good, is_good_name, literal_of, says_failure, tells
from .thing import Api, ClassThing, Instance, Made
from .told import Setting, Telling, Told

if TYPE_CHECKING:
    from .project import Project

_NOT_TOLD = frozenset({"spec", "spec_set", "autospec", "name", "create", "unsafe", "new_callable"})
_PAYLOAD = frozenset(
    {"json", "text", "content", "read", "aread", "body", "data", "communicate", "stdout", "stderr"}
    | {"headers", "iter_content", "iter_lines", "url", "reason", "encoding", "raw"}
)
_CHECKS = frozenset({"raise_for_status", "check_returncode"})
_RAISED = re.compile(r"(Error|Exception|Timeout|Failure|Fault|Interrupt)$")
_MAY_RAISE = frozenset({"exc", "exception", "callback", "side_effect"})


class Doubles:
    """Answers of "can this only succeed?" for the stand-ins of one call in one module. `judged`
    gains every value by which something was told that it fails or does not."""

    def __init__(self, project: Project, telling: Telling, row: Row, judged: set[Ref]) -> None:
        self._project = project
        self._telling = telling
        self._row = row
        self._judged = judged
        self._open: set[object] = set()

    def settings(self, settings: Iterable[Setting | None]) -> bool:
        """Whether nothing of what an object is told makes it fail."""
        return all(setting is not None and self._setting(setting) for setting in settings)

    def told(self, told: Told) -> bool:
        """The same, of all that it is told."""
        return not told.lost and self.settings(told.settings)

    def replacement(self, ref: Ref, place: str = "") -> bool:
        """Whether what is put in the place of a call, a function or a mock, only succeeds; it may
        have been put there as an attribute of the name `place`."""
        for thing in self._project.travel.values.describe(ref):
            if isinstance(thing, Made):
                if not self._function(thing.function):
                    return False
            elif not (isinstance(thing, Api) and self._is("mock-object", thing, called=False)):
                return False
        return self._mocks(ref, place)

    def answer(self, ref: Ref, call: Value) -> bool:
        """Whether a call that says how a request is answered tells of no failure."""
        positions = zip(words_of(call), call.args[1:], strict=False)
        given = [ref._replace(value=value) for word, value in positions if not word]
        return self.settings(self._telling.keywords(ref, call)) and all(
            self._positional(each) for each in given
        )

    # what a mock object is told

    def _setting(self, setting: Setting) -> bool:
        *before, last = setting.chain
        if last in _NOT_TOLD:
            return True
        if last in _MAY_RAISE:
            return self._effect(setting.value)
        if last == "wraps":
            return False
        if last != "return_value":
            return self._member(last, setting.value)
        name = next((name for name in reversed(before) if name != "return_value"), "")
        if name in _PAYLOAD or name in _CHECKS:
            return self._payload(setting.value)
        if tells(name):
            return self._member(name, setting.value)
        return self._result(setting.value)

    def _effect(self, ref: Ref) -> bool:
        """`side_effect`: None, results one after the other, or a function."""
        for definition in self._project.names.resolve(*ref):
            value = self._value(definition)
            if value is None or not isinstance(definition, Local):
                return False
            if value.op in ("list", "tuple"):
                parts = (definition.ref._replace(value=part) for part in value.args)
                if "*" in value.text or not all(self._result(part) for part in parts):
                    return False
            elif value.op == "func":
                if not self._function(FunctionRef(definition.ref.module, int(value.text))):
                    return False
            elif value.op != "const" or value.text != "None":
                return False
        return True

    def _member(self, name: str, ref: Ref) -> bool:
        """Whether the value of a member, a key or a keyword tells of no failure."""
        if name in _CHECKS:
            return self.replacement(ref)
        if tells(name):
            self._judged.add(ref)
            return all(
                self._is_good(name, definition) for definition in self._project.names.resolve(*ref)
            )
        if name == "body":
            return not self._is_raised(ref)
        value = self._project.names.value(ref)
        if value is not None and value.op == "const" and says_failure(name, literal_of(value)):
            return False
        return self._payload(ref)

    def _is_good(self, name: str, definition: Definition) -> bool:
        if isinstance(definition, External):
            return is_good_name(definition.dotted)
        value = self._value(definition)
        if value is None or value.op not in ("const", "list", "tuple", "dict"):
            return False
        return is_good(name, literal_of(value) if value.op == "const" else value.args)

    # what a call gives

    def _result(self, ref: Ref) -> bool:
        """Whether a result of the call tells of no failure."""
        if ref in self._open:
            return True
        self._open.add(ref)
        try:
            return all(
                isinstance(definition, Local) and self._made(definition.ref)
                for definition in self._project.names.resolve(*ref)
            )
        finally:
            self._open.discard(ref)

    def _made(self, ref: Ref) -> bool:
        value = self._project.names.value(ref)
        if value is None:
            return False
        if value.op == "const":
            literal = literal_of(value)
            if isinstance(literal, int):  # a boolean is one
                return not literal and bool(self._row.keys.get("truthy_on_failure"))
            return True
        if value.op == "tuple":
            parts = (self._project.names.value(ref._replace(value=part)) for part in value.args)
            codes = (literal_of(part) for part in parts if part is not None and part.op == "const")
            return not any(isinstance(code, int) and code for code in codes) and self._written(
                ref, value
            )
        if value.op in ("dict", "list", "fmt", "display"):
            return self._written(ref, value)
        if value.op in ("await", "refine"):
            return self._result(ref._replace(value=value.args[0]))
        return value.op == "call" and self._called(ref, value)

    def _payload(self, ref: Ref) -> bool:
        """Whether what a result holds says nothing of a failure, as far as it is written there."""
        if ref in self._open:
            return True
        self._open.add(ref)
        try:
            for definition in self._project.names.resolve(*ref):
                value = self._value(definition)
                if isinstance(definition, Local) and value is not None:
                    if not self._written(definition.ref, value):
                        return False
            return True
        finally:
            self._open.discard(ref)

    def _written(self, ref: Ref, value: Value) -> bool:
        if value.op == "dict":
            pairs = self._telling_pairs(ref, value)
            return all(name is None or self._member(name, each) for name, each in pairs)
        if value.op in ("list", "tuple"):
            return all(self._payload(ref._replace(value=part)) for part in value.args)
        if value.op == "call":
            mock = any(
                isinstance(thing, Api) and self._is("mock-object", thing)
                for thing in self._project.travel.values.describe(ref._replace(value=value.args[0]))
            )
            return not mock or self._mock(ref, value)
        return True

    def _telling_pairs(self, ref: Ref, display: Value) -> list[tuple[str | None, Ref]]:
        names = self._project.names
        return [
            (names.constant(ref._replace(value=key)), ref._replace(value=value))
            for key, value in zip(display.args[::2], display.args[1::2], strict=True)
            if key >= 0
        ]

    def _called(self, ref: Ref, call: Value, place: str = "") -> bool:
        """Whether the object that a call makes tells of no failure."""
        for thing in self._project.travel.values.describe(ref._replace(value=call.args[0])):
            if isinstance(thing, Api) and self._is("mock-object", thing):
                good = self._mock(ref, call, place)
            elif isinstance(thing, Api):
                row = self._project.catalogue.match("made-result", (*thing.path, CALL))
                good = row is not None and self._library_made(ref, call, row)
            elif isinstance(thing, ClassThing):
                good = self._object(ref, call, thing.ref)
            else:
                good = isinstance(thing, Made) and self._function(thing.function)
                good = good and self.told(self._telling.told([ref], returned=True))
            if not good:
                return False
        return True

    def _mock(self, ref: Ref, call: Value, place: str = "") -> bool:
        told = self._telling.told([ref], returned=True, place=place)
        return self.settings(self._telling.keywords(ref, call)) and self.told(told)

    def _mocks(self, ref: Ref, place: str) -> bool:
        """Whether the mock objects that a value can be only succeed."""
        for definition in self._project.names.resolve(*ref):
            value = self._value(definition)
            if isinstance(definition, Local) and value is not None and value.op == "call":
                if not self._called(definition.ref, value, place):
                    return False
        return True

    def _library_made(self, ref: Ref, call: Value, row: Row) -> bool:
        status = argument(call, row.keys["status"]) if "status" in row.keys else None
        if status is not None and not self._member(row.keys["is"], ref._replace(value=status)):
            return False
        return self._mock(ref, call)

    def _object(self, ref: Ref, call: Value, owner: ClassRef) -> bool:
        """Whether an object of a class of the tests tells of no failure: what its constructor is
        given, what the class says, and what is told to it later."""
        words = words_of(call)
        if "*" in words or "**" in words:
            return False
        given = self._parameters(owner)
        for position, (word, value) in enumerate(zip(words, call.args[1:], strict=False)):
            name = word or (list(given)[position] if position < len(given) else "")
            given[name] = ref._replace(value=value)
        if not all(value is None or self._member(name, value) for name, value in given.items()):
            return False
        classes = self._project.classes.order(owner).classes
        return all(self._class(each) for each in classes) and self.told(
            self._telling.told([ref], returned=True)
        )

    def _parameters(self, owner: ClassRef) -> dict[str, Ref | None]:
        """What a constructor takes, with its defaults; of a class without one, its fields."""
        methods = self._project.classes.find_method(owner, "__init__").functions
        if not methods:
            return dict.fromkeys(self._project.classes.facts(owner).annotations)
        function = self._project.travel.values.function(methods[0])
        return {
            param.name: None
            if param.default is None
            else Ref(methods[0].module, function.parent, param.default)
            for param in function.params[1:]
        }

    def _class(self, owner: ClassRef) -> bool:
        facts = self._project.classes.facts(owner)
        for name, values in facts.body.items():
            if name not in facts.methods:
                refs = (Ref(owner.module, facts.parent, value) for value in values)
                if not all(self._member(name, ref) for ref in refs):
                    return False
        for name, kept in facts.fields.items():
            for number, index in kept:
                ref = Ref(owner.module, number, index)
                value = self._project.names.value(ref)
                if value is not None and value.op == "const" and not self._member(name, ref):
                    return False
        numbers = [number for each in facts.methods.values() for number in each]
        return not any(self._only_raises(FunctionRef(owner.module, number)) for number in numbers)

    def _only_raises(self, ref: FunctionRef) -> bool:
        function = self._project.travel.values.function(ref)
        first = function.blocks[0] if function.blocks else None
        return first is not None and any(effect.kind == "raise" for effect in first.effects)

    def _function(self, ref: FunctionRef) -> bool:
        """Whether a function of the tests returns only what tells of no failure."""
        function = self._project.travel.values.function(ref)
        effects = [effect for block in function.blocks for effect in block.effects]
        if "generator" in function.flags or any(effect.kind == "raise" for effect in effects):
            return False
        given = (effect.args[0] for effect in effects if effect.kind == "return")
        return all(self._result(Ref(ref.module, ref.index, value)) for value in given)

    # helpers

    def _positional(self, ref: Ref) -> bool:
        """An argument by position of a call that answers: a URL, a body, a list of answers."""
        for definition in self._project.names.resolve(*ref):
            value = self._value(definition)
            if isinstance(definition, Local) and value is not None:
                if value.op == "func" or not self._written(definition.ref, value):
                    return False
        return not self._is_raised(ref)

    def _is_raised(self, ref: Ref) -> bool:
        """Whether a value is an exception, by the name of its class."""
        for thing in self._project.travel.values.describe(ref):
            if isinstance(thing, Api):
                names = [segment.text for segment in thing.path if segment.kind == "name"]
                if _RAISED.search(names[-1]):
                    return True
            elif isinstance(thing, Instance):
                if _RAISED.search(self._project.classes.facts(thing.ref).name):
                    return True
        return False

    def _is(self, role: str, thing: Api, called: bool = True) -> bool:
        path = (*thing.path, CALL) if called else thing.path
        return self._project.catalogue.match(role, path) is not None

    def _value(self, definition: Definition) -> Value | None:
        return self._project.names.value(definition.ref) if isinstance(definition, Local) else None
