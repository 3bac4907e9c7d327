"""Whether a call meets a condition of its row: an argument that it, or the call that made its
client, is given (`check=True`, `constructor:event_hooks[response]=*`)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..model.facts import Value
from .arguments import argument, words_of
from .definitions import Ref
from .makers import Makers
from .results import Question
from .thing import Made

if TYPE_CHECKING:
    from .paths import Paths
    from .project import Project

_CONSTRUCTOR = "constructor:"
_KEYED = re.compile(r"(\w+)\[(\w+)\]")


class Conditions:
    """Answers for one project. `question` is what is asked of the call's result: a function of the
    project that is given as a hook is asked the same of its first parameter."""

    def __init__(self, project: Project, paths: Paths, makers: Makers) -> None:
        self._project = project
        self._paths = paths
        self._makers = makers

    def holds(self, ref: Ref, made: Value, condition: str, question: Question) -> bool | None:
        """Whether a call meets a condition of its row; None: that cannot be seen."""
        if condition.startswith(_CONSTRUCTOR):
            text = condition.removeprefix(_CONSTRUCTOR)
            return self._constructed(ref, made, text, question)
        return self._given_argument(ref, made, condition, question)

    def _given_argument(
        self, ref: Ref, made: Value, condition: str, question: Question
    ) -> bool | None:
        name, _, wanted = condition.partition("=")
        keyed = _KEYED.fullmatch(name)
        given = argument(made, keyed[1] if keyed else name)
        if given is None:
            # Whoever passes everything on passes a setting at times, but hardly ever a hook.
            return None if "**" in words_of(made) and wanted != "*" else False
        value = self._project.names.value(ref._replace(value=given))
        if keyed and value is not None and value.op == "dict":
            given = self._under(ref, value, keyed[2])
            if given < 0:
                return False
            value = self._project.names.value(ref._replace(value=given))
        if value is None:
            return True if wanted == "*" else None
        if value.op == "const":
            return value.text not in ("None", "False") if wanted == "*" else value.text == wanted
        return (
            self._may_raise(ref._replace(value=given), value, question) if wanted == "*" else None
        )

    def _under(self, ref: Ref, display: Value, key: str) -> int:
        """What a dict has under a key, as is written there; -1: nothing."""
        for name, value in zip(display.args[::2], display.args[1::2], strict=True):
            if name < 0 or self._project.names.constant(ref._replace(value=name)) in (key, None):
                return value
        return -1

    def _may_raise(self, ref: Ref, value: Value, question: Question) -> bool:
        """Whether a hook, or one of a list of them, may raise for a failure: a function of the
        project that looks at its first parameter, or whatever cannot be followed."""
        if value.op in ("list", "tuple"):
            parts = [ref._replace(value=part) for part in value.args]
            made = [(part, self._project.names.value(part)) for part in parts]
            return any(v is None or self._may_raise(part, v, question) for part, v in made)
        for thing in self._project.travel.values.describe(ref):
            if not isinstance(thing, Made):
                return True
            body = self._project.travel.bodies.of(thing.function)
            if body is None or len(body.function.params) <= thing.bound:
                return True
            name = body.function.params[thing.bound].name
            values = enumerate(body.function.values)
            first = next((n for n, v in values if v.op == "param" and v.text == name), None)
            if first is None:
                continue  # it does not even name it
            answer = self._paths.path_without(thing.function, first, question)
            if answer.looked or answer.causes:
                return True
        return False

    def _constructed(
        self, ref: Ref, made: Value, condition: str, question: Question
    ) -> bool | None:
        """The condition of the calls that made the client, unless the call says it otherwise; a
        client that only an annotation tells of is taken for one that was made plainly."""
        name = re.split(r"[=\[]", condition)[0]
        if name in words_of(made):
            return False
        truths: set[bool | None] = set()
        function = self._project.names.value(ref._replace(value=made.args[0]))
        while function is not None and function.op == "attr":
            client = ref._replace(value=function.args[0])
            for origin, call in self._makers.of(client):
                truths.add(self._given_argument(origin, call, condition, question))
            function = self._project.names.value(client)
        return True if True in truths else None if None in truths else False

    def sets(self, ref: Ref, made: Value, attribute: str) -> bool:
        """Whether the file of a call, or one that made its client, speaks of an attribute of
        clients; of which client, is not followed."""
        modules = {ref.module}
        function = self._project.names.value(ref._replace(value=made.args[0]))
        if function is not None and function.op == "attr":
            client = ref._replace(value=function.args[0])
            modules |= {origin.module for origin, _ in self._makers.of(client)}
        found = [self._project.module(name) for name in sorted(modules)]
        return any(
            value.op == "attr" and value.text == attribute
            for module in found
            if module is not None
            for each in module.facts.functions
            for value in each.values
        )
