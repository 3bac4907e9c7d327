"""Which texts does a call send, and what syntax do they have?

Rows of role `sends-text` say it of a library's calls. A function of the project sends what it hands
on of its own parameters; the finding is then at its callers, with the way to the library's call.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from ..knowledge.catalogue import Row
from ..knowledge.paths import CALL, render
from ..model.facts import Value
from .arguments import argument
from .callers import arguments
from .contents import Containers
from .definitions import FunctionRef, Ref
from .finding import Step
from .formatted import Formatted
from .guards import bare
from .kinds import Kinds
from .rounds import Rounds
from .thing import Api, ClassThing, Made

if TYPE_CHECKING:
    from .project import Project

ROLE = "sends-text"
Kind: TypeAlias = Literal["url", "query", "header", "headers", "body", "mail"]
_KEYS: tuple[Kind, ...] = ("url", "query", "headers", "body", "mail")
_TEXTS = frozenset(
    {"fmt", "binop", "aug", "dict", "dictcomp", "call", "await", "param", "phi"}
    | {"global", "free", "cell"}
)
_DEEPEST = 8


class Sent(NamedTuple):
    """A text that a call sends: the value, its kind ("headers": a mapping that cannot be seen
    into), the library's call as a path, its row, and the way to it from here. `name` is a
    header's."""

    value: Ref
    kind: Kind
    call: str
    row: Row
    steps: tuple[Step, ...]
    sure: bool
    name: str = ""


class Handing(NamedTuple):
    """A parameter that a function of the project sends on."""

    parameter: str
    sent: Sent


class Sending:
    """Answers of "what does this call send?" for one project."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._values = project.travel.values
        self.formatted = Formatted(project)
        kinds = Kinds(project, self._values)
        self._containers = Containers(project, project.travel.bodies, self._values, kinds)
        self._functions: Rounds[FunctionRef, tuple[Handing, ...]] = Rounds(
            self._handings, tuple, lambda old, new: len(new) > len(old), tuple, _DEEPEST
        )

    def of(self, ref: Ref) -> list[Sent]:
        """The texts that a call sends."""
        call = self._project.names.value(ref)
        if call is None or call.op != "call":
            return []
        found: list[Sent] = []
        for thing in self._values.describe(ref._replace(value=call.args[0])):
            if isinstance(thing, Api):
                row = self._project.catalogue.match(ROLE, (*thing.path, CALL))
                if row is not None:
                    found += self._by_library(ref, call, row, render(thing.path) + "()")
            elif not self._hands_text(ref, call):
                continue
            elif isinstance(thing, Made):
                found += self._by_project(ref, call, thing)
            elif isinstance(thing, ClassThing):
                for made in self._project.classes.find_method(thing.ref, "__init__").functions:
                    found += self._by_project(ref, call, Made(made, 1))
        return found

    def _hands_text(self, ref: Ref, call: Value) -> bool:
        """Whether a call is given something that may be text or headers put together: to follow a
        function of the project costs as much as all that it calls."""
        function = self._values.function(FunctionRef(ref.module, ref.function))
        return any(function.values[bare(function, value)].op in _TEXTS for value in call.args[1:])

    def _by_library(self, ref: Ref, call: Value, row: Row, path: str) -> Iterator[Sent]:
        for kind in _KEYS:
            for which in row.keys.get(kind, ()):
                given = argument(call, which)
                if given is not None:
                    value = ref._replace(value=given)
                    yield from self._seen(Sent(value, kind, path, row, (), True))

    def _seen(self, sent: Sent) -> Iterator[Sent]:
        """A text; of a mapping of headers each value that is seen in it."""
        if sent.kind != "headers":
            yield sent
            return
        contents = self._containers.of(sent.value)
        if contents is None or contents.values is None:
            yield sent
            return
        for key, value in zip(contents.keys, contents.values, strict=True):
            name = self._project.names.constant(key) or ""
            yield sent._replace(value=value, kind="header", name=name)

    def _by_project(self, ref: Ref, call: Value, made: Made) -> Iterator[Sent]:
        module = self._project.module(ref.module)
        handings = self._functions.ask(made.function)
        if not handings or module is None or call.at is None:
            return
        function = self._values.function(made.function)
        given = {param.name: v for param, v in arguments(function, made.bound, call)}
        for handing in handings:
            value = given.get(handing.parameter)
            if value is not None:
                sent, own = handing.sent, ref._replace(value=value)
                sure = sent.sure and made.sure
                yield from self._seen(sent._replace(value=own, sure=sure))

    def _handings(self, ref: FunctionRef) -> tuple[Handing, ...]:
        """The parameters of a function that it sends, or hands to one that does."""
        module = self._project.module(ref.module)
        if module is None:
            return ()
        found: dict[tuple[str, Kind, str], Handing] = {}
        function = module.facts.functions[ref.index]
        if not [param for param in function.params if param.name not in ("self", "cls")]:
            return ()
        for number, call in enumerate(function.values):
            if call.op != "call" or len(call.args) < 2 or call.at is None:
                continue
            for sent in self.of(Ref(ref.module, ref.index, number)):
                for source in self.formatted.sources(sent.value):
                    made = self._project.names.value(source)
                    own = (source.module, source.function) == (ref.module, ref.index)
                    if made is not None and made.op == "param" and own:
                        step = Step(module.path, call.at, f"`{sent.call}` sends `{made.text}`")
                        steps = sent.steps or (step,)
                        key = made.text, sent.kind, sent.call
                        found[key] = Handing(made.text, sent._replace(steps=steps))
        return tuple(found.values())
