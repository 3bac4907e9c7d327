"""What happens to the result of one call, or to a parameter, place by place of its function.

Names for values that are the result are *holders*: the call itself, each join that may take it
over, each call of a project function that may give it back. Refinements, `await` and `with ... as`
of a holder are the same holder.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property
from typing import Literal, NamedTuple

from ..model.facts import Effect, Value
from ..model.source import Span
from .body import Body
from .constants import text_of
from .inside import Inside
from .looks import decides, deeds, goes_on, is_log, is_piped, looks_inside, tested
from .ways import Item

_TRANSPARENT = ("refine", "await", "enter")
_NEUTRAL = ("display", "fmt", "elem", "phi", "more")
_CONTAINERS = ("list", "tuple", "set", "dict", "listcomp", "setcomp", "dictcomp", "genexpr")
_STORES = {"setattr": 1, "setitem": 2, "bindglobal": 0, "bindfree": 0, "yield": 0, "raise": 0}
_HARMLESS = ("discard", "call", "await", "enter", "exit", "test", "bind", "aug", "delattr")


class Question(NamedTuple):
    """What to look for.

    Members of the result are written as in rows: `.ok`, `.json()`, `["Failed"]` (also
    `.get("Failed")` and `"Failed" in it`), `[]` (any key), `iter` and `await`. `falsy`: the
    result itself is false if the call has failed, so asking for its truth is a look. `alone`: so
    is asking whether a part of the payload is empty, since one item was sent. `starts`: the call
    only starts something, and nobody has to look who does not ask for the payload.
    """

    payload: frozenset[str]
    inspection: frozenset[str]
    falsy: bool = False
    alone: bool = False
    starts: bool = False
    hints: frozenset[str] = frozenset()
    empties: bool = False


class Event(NamedTuple):
    """What happens to a holder.

    look: the failure member is read · hint: a member that may be all that was asked for is ·
    lost: somebody else may look (`text` says why) · returned · verdict: the failure member is ·
    read: the payload is taken out · used, given: what was taken out is used, or returned
    (`holder` -1) · passed, shown: it, or what was taken out, is an argument (`position`) of the
    call `value` · told: its failure member is · inside: the call `value` runs a function inside
    this one that sees it (`by`).
    """

    kind: Literal[
        "look",
        "hint",
        "lost",
        "returned",
        "read",
        "used",
        "shown",
        "given",
        "passed",
        "told",
        "inside",
        "verdict",
    ]
    holder: int
    at: Span | None
    text: str = ""
    value: int = -1
    position: int = 0
    by: Inside | None = None


class Result:
    """The holders of a result and the events at each place of the function that has it."""

    def __init__(
        self,
        body: Body,
        start: int,
        question: Question,
        kept: Mapping[int, str],
        inside: Mapping[int, tuple[Inside, ...]],
    ) -> None:
        """`kept`: the values that others may see although nothing is done with them, and why;
        `inside`: those that functions inside this one see, which are called there."""
        self.function = body.function
        self.start = start
        self.body = body
        self._inside = inside
        self.question = question
        self.holder: dict[int, int] = {}
        self.payload: dict[int, int] = {}
        """What was taken out of the result, and which holder it was taken from."""
        self.hints: set[int] = set()
        """What was read of it beside its payload."""
        self._member: dict[int, str] = {}
        """By which member it was."""
        self.events: dict[Item, list[Event]] = defaultdict(list)
        self._spread()
        for value in list(self.holder):
            self._describe(value)
        self._spread_payload()
        for value in list(self.payload):
            self._describe_payload(value)
        for value, cause in kept.items():
            if value in self.holder:
                at = self.function.values[value].at
                self._add(self._made(value), Event("lost", self.holder[value], at, cause))

        for value, calls in inside.items():
            for each in calls if value in self.holder else ():
                at = self.function.values[each.call].at
                event = Event("inside", self.holder[value], at, "", each.call, 0, each)
                self._add(self._made(each.call), event)

    @property
    def from_outside(self) -> bool:
        """Whether it is there before the function begins, as a name of the one around it."""
        return self.function.values[self.start].op == "free"

    @cached_property
    def may_be_empty(self) -> bool:
        """Whether something is decided by what was taken out of it, and a failure empties that, or
        another command reads it: of a pipeline the last one counts, as in a shell."""
        return self.question.empties and any(
            decides(self.body, each) or is_piped(self.body, each) for each in self.payload
        )

    def _spread(self) -> None:
        start = self.function.values[self.start]
        todo = [self.start]
        if self.from_outside:
            values = enumerate(self.function.values)
            todo = [n for n, v in values if (v.op, v.text) == (start.op, start.text)]
        self.holder.update(dict.fromkeys(todo, self.start))
        while todo:
            value = todo.pop()
            for call in {each.call for each in self._inside.get(value, ())} - self.holder.keys():
                self.holder[call] = call
                todo.append(call)
            for user, position in self.body.users(value):
                if user in self.holder:
                    continue
                op = self.function.values[user].op
                if op in _TRANSPARENT and not position:
                    self.holder[user] = self.holder[value]
                elif op == "phi" or (op == "call" and position and user != self.start):
                    self.holder[user] = user  # a call: if the callee gives it back
                else:
                    continue
                todo.append(user)

    # the result itself

    def _describe(self, value: int) -> None:
        holder = self.holder[value]
        for user, position in self.body.users(value):
            self._user(holder, user, position)
        for use in self.body.effects(value):
            effect = use.effect
            item = self._item(use.block, effect)
            is_key = effect.kind == "setitem" and use.position == 1
            if _STORES.get(effect.kind) == use.position or is_key:
                self._add(item, Event("lost", holder, effect.at, _stored(effect)))
            elif effect.kind == "return":
                self._add(item, Event("returned", holder, effect.at))
            elif effect.kind in ("iter", "await"):
                self._read(holder, effect.kind, item, effect.at, -1)
            elif effect.kind == "test":
                self._truth(holder, item, effect.at)

    def _user(self, holder: int, user: int, position: int) -> None:
        made = self.function.values[user]
        item = self._made(user)
        if made.op == "attr":
            self._attribute(holder, user, made)
        elif made.op == "item" and not position:
            self._read(holder, self._key(made.args[1]), item, made.at, user)
        elif made.op == "elem" and made.text.isdigit():  # `first, second = it`
            self._read(holder, f"[{made.text}]", item, made.at, user)
        elif made.op == "compare":
            if made.text in ("in", "not in") and position:
                self._read(holder, self._key(made.args[0]), item, made.at, -1)
            elif not self.question.inspection:  # to use it in any way is to look
                self._add(item, Event("look", holder, made.at))
            if made.text in ("in", "not in") and position and self._names_error(made.args[0]):
                self._add(item, Event("look", holder, made.at))
        elif made.op == "not":
            self._truth(holder, item, made.at)
        elif made.op == "call" and position:
            if not is_log(self.function, made):
                self._add(item, Event("passed", holder, made.at, "", user, position))
        elif made.op in _CONTAINERS:
            if self.body.users(user) or self.body.effects(user):  # not of `a, b = x, y`
                self._add(item, Event("lost", holder, made.at, "kept in a container"))
        elif made.op == "matches":
            self._pattern(holder, made, item)
        elif made.op not in (*_TRANSPARENT, *_NEUTRAL):
            self._add(item, Event("lost", holder, made.at, f"used in `{made.text or made.op}`"))

    def _attribute(self, holder: int, user: int, made: Value) -> None:
        """`it.name`, called or not: reading a method is not calling it."""
        called = [v for v, position in self.body.users(user) if self._calls(v, position)]
        members = self.question.inspection | self.question.payload
        if f".{made.text}" in members | self.question.hints:
            self._read(holder, f".{made.text}", self._made(user), made.at, user)
        for call in called:
            value = self.function.values[call]
            if made.text == "get" and len(value.args) > 1 and ".get()" not in members:
                self._read(holder, self._key(value.args[1]), self._made(call), value.at, call)
            else:
                self._read(holder, f".{made.text}()", self._made(call), value.at, call)
        if f".{made.text}()" in self.question.inspection and not called:
            others = [v for v, _ in self.body.users(user)]
            kept = [u for u in self.body.effects(user) if u.effect.kind not in _HARMLESS]
            for at in (self.function.values[v].at for v in others):
                text = f"`{made.text}` of it is handed on"
                self._add(self._made(user), Event("lost", holder, at or made.at, text))
            for use in kept:
                text = f"`{made.text}` of it is handed on"
                item = self._item(use.block, use.effect)
                self._add(item, Event("lost", holder, use.effect.at, text))

    def _calls(self, value: int, position: int) -> bool:
        return self.function.values[value].op == "call" and not position

    def _read(self, holder: int, member: str, item: Item, at: Span | None, value: int) -> None:
        """A member is read at `item` (as `value`, if it is one)."""
        question = self.question
        if member in question.inspection or (member[:1] == "[" and "[]" in question.inspection):
            if value < 0 or member.endswith(")"):  # a method may raise by itself
                self._add(item, Event("look", holder, at))
            else:
                self._told(holder, value, at)
        elif member in question.payload or (member[:1] == "[" and "[]" in question.payload):
            self._add(item, Event("read", holder, at, "", value))
            if value >= 0:
                self.payload[value] = holder
                self._member[value] = member
            else:
                self._add(item, Event("used", -1, at))
        elif member in question.hints and value >= 0:
            self.hints.add(value)
            if goes_on(self.body, value):
                self._add(item, Event("hint", holder, at))
        elif member == "[?]" and any(name[:1] == "[" for name in question.inspection):
            self._add(item, Event("lost", holder, at, "read under a key that nobody can tell"))

    def _pattern(self, holder: int, made: Value, item: Item) -> None:
        """`case Response(ok=True)`, `case {"Failed": ...}`: facts keep a pattern as its source."""
        for member in self.question.inspection:
            name = member.removeprefix(".") + "=" if member[0] == "." else member.strip("[]")
            if name in made.text or name.replace('"', "'") in made.text:
                self._add(item, Event("look", holder, made.at))

    def _told(self, holder: int, member: int, at: Span | None) -> None:
        """A member that tells of the failure is known as a value: to look is to let something
        depend on it, wherever that is."""
        kind: Literal["told", "look", "verdict"]
        for deed in deeds(self.body, member):
            if deed.effect is not None:
                item = self._item(deed.effect.block, deed.effect.effect)
                is_returned = deed.effect.effect.kind == "return"
                kind = "verdict" if is_returned else "look"
                self._add(item, Event(kind, holder, deed.effect.effect.at))
            else:
                kind = "told" if deed.position else "look"
                event = Event(kind, holder, at, "", deed.call, deed.position)
                self._add(self._made(deed.value), event)

    def _truth(self, holder: int, item: Item, at: Span | None) -> None:
        if self.question.falsy or not self.question.inspection:
            self._add(item, Event("look", holder, at))

    # what was taken out of it

    def _spread_payload(self) -> None:
        todo = list(self.payload)
        while todo:
            value = todo.pop()
            for user, position in self.body.users(value):
                op = self.function.values[user].op
                same = op == "phi" or (op in _TRANSPARENT and not position)
                if user not in self.payload and same:
                    self.payload[user] = self.payload[value]
                    self._member[user] = self._member.get(value, "")
                    todo.append(user)

    def _describe_payload(self, value: int) -> None:
        if self.question.alone:
            first = [user for user, _ in self.body.users(value) if self._part(user) == "[0]"]
            for user in (*tested(self.body, value), *first):  # what is not there raises at once
                at = self.function.values[user].at
                self._add(self._made(user), Event("look", self.payload[value], at))
        for user, _ in self.body.users(value):
            part = self._part(user)
            if part and self._member.get(value, "") + part in self.question.inspection:
                self._told(self.payload[value], user, self.function.values[user].at)
        for user, at in looks_inside(self.body, value):
            self._add(self._made(user), Event("look", self.payload[value], at))
        for user, position in self.body.users(value):
            made = self.function.values[user]
            asks_for_none = made.op == "compare" and made.text in ("is", "is not")
            if made.op == "call" and position and user not in self.payload:
                self._add(self._made(user), Event("shown", -1, made.at, "", user, position))
            if user not in self.payload and made.op != "refine" and not asks_for_none:
                self._add(self._made(user), Event("used", -1, made.at, "", value))
        for use in self.body.effects(value):
            if use.effect.kind == "return":
                item = self._item(use.block, use.effect)
                self._add(item, Event("given", -1, use.effect.at, "", value))
            elif use.effect.kind not in _HARMLESS:
                item = self._item(use.block, use.effect)
                self._add(item, Event("used", -1, use.effect.at, "", value))

    # helpers

    def gives_payload(self, call: int, holder: int) -> None:
        """Take a call for what gives the payload: its callee takes it out and returns it."""
        if call not in self.payload:
            before = set(self.payload)
            self.payload[call] = holder
            self._spread_payload()
            for value in self.payload.keys() - before:
                self._describe_payload(value)

    def _part(self, value: int) -> str:
        """`[1]` for the second part of a pair."""
        made = self.function.values[value]
        if made.op == "elem" and made.text.isdigit():
            return f"[{made.text}]"
        return self._key(made.args[1]) if made.op == "item" else ""

    def _names_error(self, value: int) -> bool:
        """`'"errorDetail"' in text`: what is searched for tells of a failure."""
        text = text_of(self.function.values[value])
        return text is not None and "error" in text.lower()

    def _key(self, value: int) -> str:
        """`["Failed"]` for a constant key, `[?]` for any other."""
        made = self.function.values[value]
        text = text_of(made)
        if text is not None:
            return f'["{text}"]'
        return "[?]" if made.op != "const" or made.text[:1] in ("'", '"') else f"[{made.text}]"

    def _item(self, block: int, effect: Effect) -> Item:
        effects = self.function.blocks[block].effects
        number = next(n for n, other in enumerate(effects) if other is effect)
        return Item(block, -1, number)

    def _made(self, value: int) -> Item:
        return Item(self.function.values[value].block, value, -1)

    def _add(self, item: Item, event: Event) -> None:
        self.events[item].append(event)


def _stored(effect: Effect) -> str:
    if effect.kind == "setattr":
        return f"stored as `.{effect.text}`"
    return {"setitem": "stored in a container", "yield": "yielded", "raise": "raised"}.get(
        effect.kind, f"stored as `{effect.text}`"
    )
