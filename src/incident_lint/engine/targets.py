"""What the text `"app.notify.requests.post"` of a test means, and what lies below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..knowledge.paths import CALL
from .definitions import Definitions, External, Local, ModuleDef, Namespace, Unknown
from .thing import Api, ClassThing, Instance, Module, Thing, Things, of_library

if TYPE_CHECKING:
    from .project import Project


class Targets:
    """Answers of "what does this dotted text mean?" for one project."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._values = project.travel.values

    def named(self, dotted: str, importer: str) -> Things:
        """What a dotted text means, as `unittest.mock.patch` reads it in the module `importer`:
        the longest beginning that is a module of the project, then attribute by attribute."""
        names = dotted.split(".")
        for length in range(len(names) - 1, 0, -1):
            found = self._project.names.module_of(".".join(names[:length]), importer)
            if isinstance(found, ModuleDef):
                things: Things = (Module(found),)
                for name in names[length:]:
                    things = self.members(things, name)
                return things
        return (of_library(dotted),)

    def members(self, things: Things, name: str) -> Things:
        """What an attribute of these is."""
        found: dict[Thing, None] = {}
        for thing in things:
            if isinstance(thing, Module):
                inside = self._project.names.member(thing.definition, name)
                found.update(dict.fromkeys(self._defined(inside)))
            else:
                found.update(dict.fromkeys(self._values.attribute(thing, name)))
        return tuple(found)

    def called(self, things: Things) -> Things:
        """What calling these gives, as far as that is plain: a library's call, an object."""
        found: dict[Thing, None] = {}
        for thing in things:
            if isinstance(thing, Api):
                found[Api((*thing.path, CALL))] = None
            elif isinstance(thing, ClassThing):
                found[Instance(thing.ref)] = None
        return tuple(found)

    def _defined(self, definitions: Definitions) -> Things:
        found: dict[Thing, None] = {}
        for definition in definitions:
            if isinstance(definition, External):
                found[of_library(definition.dotted)] = None
            elif isinstance(definition, (ModuleDef, Namespace)):
                found[Module(definition)] = None
            elif isinstance(definition, Local):
                found.update(dict.fromkeys(self._values.describe(definition.ref)))
            elif isinstance(definition, Unknown):
                found[definition] = None
        return tuple(found)
