"""Does a test make something fail in a way that is not seen as a stand-in? Something of which
nobody knows where it goes is told an error status, or an exception of a library is expected."""

from __future__ import annotations

import re
from collections.abc import Container
from typing import TYPE_CHECKING

from ..model.facts import Value
from .definitions import Definition, External, Local, Ref
from .duties import calls
from .statuses import is_bad_name, is_good, literal_of, tells
from .thing import Api, ClassThing, Thing
from .told import Telling

if TYPE_CHECKING:
    from .project import Module, Project

_EXPECT = frozenset({"raises", "assertRaises", "assertRaisesRegex"})
_EXPECTED = re.compile(r"http|status|process|request|response|api", re.IGNORECASE)


class FailingTests:
    """Answers for one module. `judged` are values that are known to be told to stand-ins."""

    def __init__(self, module: Module, project: Project, judged: Container[Ref]) -> None:
        self._module = module
        self._project = project
        self._judged = judged
        self._telling = Telling(module, project)

    def any(self) -> bool:
        """Whether there is one."""
        for number, function in enumerate(self._module.facts.functions):
            effects = (effect for block in function.blocks for effect in block.effects)
            for effect in effects:
                if effect.kind == "setattr":
                    if self._fails(effect.text, Ref(self._module.name, number, effect.args[1])):
                        return True
            for index, made in calls(function):
                ref = Ref(self._module.name, number, index)
                if self._is_told(ref, made) or self._is_expected(ref, made):
                    return True
        return False

    def _is_told(self, ref: Ref, made: Value) -> bool:
        """`answer.get(url, status_code=500)`."""
        settings = self._telling.keywords(ref, made)
        return any(each and self._fails(each.chain[-1], each.value) for each in settings)

    def _is_expected(self, ref: Ref, made: Value) -> bool:
        """`assertRaises(HTTPError)`."""
        called = self._project.names.value(ref._replace(value=made.args[0]))
        if called is None or called.text.rpartition(":")[2] not in _EXPECT or len(made.args) < 2:
            return False
        things = self._project.travel.values.describe(ref._replace(value=made.args[1]))
        return any(_EXPECTED.search(self._name_of(thing)) for thing in things)

    def _name_of(self, thing: Thing) -> str:
        if isinstance(thing, Api):
            return thing.path[-1].text
        return self._project.classes.facts(thing.ref).name if isinstance(thing, ClassThing) else ""

    def _fails(self, name: str, ref: Ref) -> bool:
        """Whether a member of this name is told a failure."""
        if ref in self._judged or not tells(name):
            return False
        return any(self._is_bad(name, each) for each in self._project.names.resolve(*ref))

    def _is_bad(self, name: str, definition: Definition) -> bool:
        if isinstance(definition, External):
            return is_bad_name(definition.dotted)
        value = self._project.names.value(definition.ref) if isinstance(definition, Local) else None
        if value is None or value.op != "const" or value.text == "None":
            return False
        return not is_good(name, literal_of(value))
