"""What a test tells a mock object: `post.return_value.status_code = 500` and the like, wherever in
the test's file the object has a name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from ..model.facts import Value
from .arguments import words_of
from .definitions import FunctionRef, Local, Ref
from .thing import Made

if TYPE_CHECKING:
    from .project import Module, Project

Chain: TypeAlias = "tuple[str, ...]"
"""Attributes below a mock object, one after the other; a call of one is `return_value`."""

_SAME = frozenset({"refine", "phi", "await", "enter"})
_ONLY_READ = frozenset(
    {"call_args", "call_args_list", "call_count", "called", "method_calls", "mock_calls"}
    | {"await_args", "await_args_list", "await_count", "await_calls", "calls"}
)
_TELLS_MORE = frozenset({"configure_mock", "mock", "respond"})
_NEUTRAL = frozenset({"stop", "reset_mock", "mock_add_spec", "reset"})
_ENTERS = frozenset({"enter_context", "enter_async_context", "enterContext"})
_WITHIN = frozenset({"__dict__", "__setstate__", "__setattr__"})
_DEEPEST = 12


class Setting(NamedTuple):
    """One thing that is told: the value of what lies at a chain."""

    chain: Chain
    value: Ref


class Told:
    """All that is told to one object. `chains`: whatever of it is touched at all; `lost`: it goes
    where more may be told, or what is told cannot be seen; `unused`: it must not be called;
    `place`: the attribute by which it stands for a call."""

    def __init__(self, place: str = "") -> None:
        self.place = place
        self.settings: list[Setting] = []
        self.chains: set[Chain] = set()
        self.lost = False
        self.unused = False


class Telling:
    """Answers of "what is this mock object told?" for the objects of one module."""

    def __init__(self, module: Module, project: Project) -> None:
        self._module = module
        self._project = project
        self._mentioned: dict[Ref, list[Ref]] | None = None

    def told(self, refs: list[Ref], returned: bool = False, place: str = "") -> Told:
        """What is told to an object that these values are. `returned`: a function that gives it
        back is no way out of sight, as its callers are looked at. `place`: it is the attribute of
        that name."""
        told = Told(place)
        for ref in refs:
            for mention in (ref, *self._mentions(ref)):
                self._follow(mention, (), told, returned)
        return told

    def attributes(self, name: str) -> list[Ref]:
        """The values of the module that are an attribute of this name, of whatever."""
        return [
            Ref(self._module.name, number, index)
            for number, function in enumerate(self._module.facts.functions)
            for index, value in enumerate(function.values)
            if value.op == "attr" and value.text == name
        ]

    def keywords(self, ref: Ref, call: Value) -> Iterator[Setting | None]:
        """What the keywords of a call tell the object that it makes: `status_code=500`,
        `**{"json.return_value": {}}`; None for what cannot be seen."""
        for word, value in zip(words_of(call), call.args[1:], strict=False):
            given = self._project.names.value(ref._replace(value=value))
            if word == "**" and given is not None and given.op == "dict":
                yield from self._pairs(ref, given)
            elif word in ("*", "**"):
                yield None
            elif word:
                yield Setting(tuple(word.split(".")), ref._replace(value=value))

    def _pairs(self, ref: Ref, display: Value) -> Iterator[Setting | None]:
        for key, value in zip(display.args[::2], display.args[1::2], strict=True):
            name = None if key < 0 else self._project.names.constant(ref._replace(value=key))
            if name is None:
                yield None
            else:
                yield Setting(tuple(name.split(".")), ref._replace(value=value))

    def _mentions(self, ref: Ref) -> list[Ref]:
        """The values of other functions of the module that are names for a value."""
        if self._mentioned is None:
            self._mentioned = defaultdict(list)
            for number, function in enumerate(self._module.facts.functions):
                for index, value in enumerate(function.values):
                    if value.op in ("global", "free", "cell"):
                        name = Ref(self._module.name, number, index)
                        for found in self._project.names.resolve(*name):
                            if isinstance(found, Local):
                                self._mentioned[found.ref].append(name)
        return self._mentioned.get(ref, [])

    def _follow(self, ref: Ref, chain: Chain, told: Told, returned: bool) -> None:
        body = self._project.travel.bodies.of(FunctionRef(ref.module, ref.function))
        if body is None or len(chain) > _DEEPEST:
            told.lost = True
            return
        told.chains.add(chain)
        for user, position in body.users(ref.value):
            made = body.function.values[user]
            inner = ref._replace(value=user)
            if made.op == "attr":
                told.unused |= made.text == "assert_not_called"
                told.lost |= made.text in _WITHIN
                if made.text not in _ONLY_READ and not made.text.startswith("assert_"):
                    self._follow(inner, (*chain, made.text), told, returned)
            elif made.op == "call" and not position:
                self._called(inner, made, chain, told, returned)
            elif made.op == "call" and self._enters(inner, made):
                self._follow(inner, chain, told, returned)
            elif made.op == "call":
                told.lost |= self._may_tell(inner, made)
            elif made.op in _SAME:
                self._follow(inner, chain, told, returned)
            elif made.op == "binop":  # `respx.get(url) % 404`
                told.lost = True
        for use in body.effects(ref.value):
            kind, args = use.effect.kind, use.effect.args
            if kind == "setattr" and not use.position:
                told.settings.append(
                    Setting((*chain, use.effect.text), ref._replace(value=args[1]))
                )
            elif kind == "setattr":
                told.lost |= use.effect.text not in ("return_value", "side_effect", told.place)
            elif kind in ("setitem", "yield", "bindglobal") or (kind == "return" and not returned):
                told.lost = True

    def _called(self, ref: Ref, call: Value, chain: Chain, told: Told, returned: bool) -> None:
        """Something of the object is called: to tell it more, or as the test would be called."""
        name = chain[-1] if chain else ""
        if name in _TELLS_MORE:
            for setting in self.keywords(ref, call):
                if setting is None:
                    told.lost = True
                else:
                    told.settings.append(Setting((*chain[:-1], *setting.chain), setting.value))
            for word, value in zip(words_of(call), call.args[1:], strict=False):
                if not word:  # `route.mock(Response(500))`, `route.respond(500)`
                    before = "status_code" if name == "respond" else "return_value"
                    setting = Setting((*chain[:-1], before), ref._replace(value=value))
                    told.settings.append(setting)
        elif name == "start":  # of a patcher
            self._follow(ref, chain[:-1], told, returned)
        elif name not in _NEUTRAL:
            self._follow(ref, (*chain, "return_value"), told, returned)

    def _enters(self, ref: Ref, call: Value) -> bool:
        """`stack.enter_context(patch(...))` gives what `with` would."""
        called = self._project.names.value(ref._replace(value=call.args[0]))
        return called is not None and called.op == "attr" and called.text in _ENTERS

    def _may_tell(self, ref: Ref, call: Value) -> bool:
        """Whether a call that is given the object is of a function of the tests themselves."""
        called = self._project.travel.values.describe(ref._replace(value=call.args[0]))
        return any(
            isinstance(thing, Made) and thing.function.module == self._module.name
            for thing in called
        )
