"""Whether reading a member can matter: a value that is only logged, printed or thrown away tells
nobody anything that the program could act on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ..model.facts import Effect, Function, Value
from ..model.source import Span
from .arguments import words_of
from .body import Body, EffectUse
from .constants import text_of

_HANDED_ON = frozenset(
    {"phi", "refine", "await", "fmt", "display", "binop", "list", "tuple", "dict", "set"}
)
_SAME = frozenset({"str", "repr", "int", "len", "round", "format", "bool"})
_IDLE = frozenset({"discard", "bind", "call", "await", "iter", "aug"})
_LOGS = frozenset(
    {"debug", "info", "log", "warning", "warn", "error", "exception", "critical", "trace"}
)
_ERROR_MEMBERS = frozenset(
    {"error", "errors", "err", "errno", "errcode", "errorcode", "error_code", "errorcount"}
    | {"success", "successful", "succeeded", "ok", "status", "code", "failed", "failure"}
    | {"failures", "fault", "is_error", "iserror", "has_errors", "state", "result_code"}
    | {"err_code", "errmsg", "error_msg", "error_message"}
)
_SUCCESS = re.compile(r"(?<![a-z])(sent|success\w*|succeeded|delivered|published|completed)", re.I)
_READINGS = frozenset({"int", "float", "loads", "Version", "strptime", "fromstring"})
_STRINGS = frozenset({"decode", "strip", "lower", "upper", "rstrip", "lstrip", "splitlines"})
_OUTCOMES = frozenset({"return", "yield", "setattr", "setitem"})
_MOST = 200
_COUNTS = frozenset({"inc", "incr", "increment", "count", "add", "update", "record"})


class Deed(NamedTuple):
    """What something may depend on a value by: an `effect`, or a `value` that is made from it.
    `position`: which argument of a call that value is (0: of none). Behind a join nobody knows
    which way was taken, so there `value` is the one that goes into it, and `effect` is None."""

    value: int
    effect: EffectUse | None = None
    call: int = -1
    position: int = 0


def deeds(body: Body, value: int) -> Iterator[Deed]:
    """The places where anything but a log can depend on a value."""
    todo, seen = [(value, -1)], {value}
    while todo:
        current, joined = todo.pop()
        uses = [use for use in body.effects(current) if use.effect.kind not in _IDLE]
        asked = current in body.conditions and not any(use.effect.kind == "test" for use in uses)
        if asked or (uses and joined >= 0):
            yield Deed(current if joined < 0 else joined)
        elif uses:
            yield from (Deed(current, use) for use in uses)
        for user, position in body.users(current):
            made = body.function.values[user]
            if made.op == "call" and position and is_log(body.function, made):
                continue
            if _hands_on(body.function, made, position):
                if user not in seen:
                    seen.add(user)
                    join = current if made.op == "phi" and joined < 0 else joined
                    todo.append((user, join))
            elif made.op == "call" and position:
                yield Deed(user if joined < 0 else joined, None, user, position)
            elif joined < 0 and made.op in ("more", "elem"):  # made in the loop, asked before it
                turns = [use for use in body.effects(current) if use.effect.kind == "iter"]
                yield from (Deed(current, use) for use in turns)
            else:
                yield Deed(user if joined < 0 else joined)


def matters(body: Body, value: int) -> bool:
    """Whether anything but a log can depend on a value."""
    return next(deeds(body, value), None) is not None


def is_log(function: Function, call: Value) -> bool:
    """Whether a call writes a log, or prints, by the way it is spelled."""
    called = function.values[call.args[0]]
    if called.op != "attr":
        return called.op == "builtin" and called.text == "print"
    root = function.values[called.args[0]]
    words = [called.text]
    while root.op in ("attr", "call", "refine") and root.args:
        words.append(root.text if root.op == "attr" else "")
        root = function.values[root.args[0]]
    words.append(root.text)
    if called.text in _LOGS:
        return any("log" in word.lower() for word in words[1:])
    return (called.text == "echo" and "click" in words[-1]) or (
        called.text == "write" and words[1] in ("stdout", "stderr")
    )


def claims_success(function: Function, effect: Effect) -> bool:
    """Whether an effect counts or logs that something went well: `sent.inc()`, `self.sent += 1`,
    `log.info("delivered")`."""
    if effect.kind == "setattr":
        made = function.values[effect.args[1]]
        return made.op == "aug" and _SUCCESS.search(effect.text) is not None
    if effect.kind != "call":
        return False
    call = function.values[effect.args[0]]
    words = [function.values[value].text for value in call.args[1:]]
    if is_log(function, call):
        return any(_SUCCESS.search(word) for word in words)
    called = function.values[call.args[0]]
    if called.op != "attr" or called.text not in _COUNTS:
        return False
    words.append(function.values[called.args[0]].text)
    return any(_SUCCESS.search(word) for word in words)


def looks_inside(body: Body, payload: int, depth: int = 3) -> Iterator[tuple[int, Span | None]]:
    """The values by which somebody asks a payload itself whether it tells of a failure, and so
    that something can depend on it: `data["error"]`, `data.get("success")`, `"id" in data`,
    `isinstance(data, dict)`."""
    for user, position in body.users(payload):
        made = body.function.values[user]
        if made.op == "compare" and made.text in ("in", "not in") and position:
            if text_of(body.function.values[made.args[0]]) and matters(body, user):
                yield user, made.at
        if made.op == "call" and position and not is_log(body.function, made):
            called = body.function.values[made.args[0]]
            if called.op == "builtin" and called.text == "len":
                yield from _counted(body, user)
            elif called.op == "builtin" and called.text == "isinstance":
                if position == 1 and matters(body, user):
                    yield user, made.at
            elif depth:  # `json.loads(text)` is the payload still
                yield from looks_inside(body, user, depth - 1)
        text = _same_text(body, user, position)
        if text >= 0 and depth:
            yield from looks_inside(body, text, depth)
        for value, name in _read(body, user, position):
            if name.lower() in _ERROR_MEMBERS:
                if matters(body, value):
                    yield value, body.function.values[value].at
            elif depth:
                yield from looks_inside(body, value, depth - 1)


def _same_text(body: Body, user: int, position: int) -> int:
    """What still is the text of a payload: a part of it by unpacking, `text.decode()`; else -1."""
    made = body.function.values[user]
    if position:
        return -1
    if made.op == "elem" and made.text.isdigit():
        return user
    if made.op == "attr" and made.text in _STRINGS:
        called = [
            v for v, at in body.users(user) if body.function.values[v].op == "call" and not at
        ]
        return called[0] if called else -1
    return -1


def tested(body: Body, payload: int) -> Iterator[int]:
    """The values by which somebody asks whether a payload is empty: itself, in a condition, what
    is read from it, its length."""
    todo, seen = [payload], {payload}
    while todo:
        current = todo.pop()
        if current in body.conditions:
            yield current
        for user, position in body.users(current):
            made = body.function.values[user]
            if made.op in ("compare", "not"):
                yield user
            elif user not in seen and (
                made.op == "refine" or _is_conversion(body.function, made, position)
            ):
                seen.add(user)
                todo.append(user)


def decides(body: Body, payload: int) -> bool:
    """Whether something is decided by what is in a payload, or by whether it can be read as what
    it should be: `if re.match(pattern, text)`, `int(text)` in a `try`. Not, how often a loop over
    it has a turn."""
    todo, seen = [payload], {payload}
    while todo and len(seen) < _MOST:
        current = todo.pop()
        if current in body.conditions:
            return True
        for user, position in body.users(current):
            made = body.function.values[user]
            if made.op == "call" and position and is_log(body.function, made):
                continue
            if made.op == "call" and position and _reads_as(body.function, made):
                if body.function.blocks[made.block].on_raise is not None:
                    return True
            if user not in seen and made.op != "more" and (made.op != "elem" or made.text):
                seen.add(user)
                todo.append(user)
    return False


def is_piped(body: Body, output: int) -> bool:
    """Whether the output of a command is what another one reads, of which somebody wants to know:
    `Popen(..., stdin=output).communicate()`."""
    for user, position in body.users(output):
        made = body.function.values[user]
        if made.op == "call" and position and words_of(made)[position - 1] == "stdin":
            wanted = (body.function.values[value].op for value, _ in body.users(user))
            if any(op != "enter" for op in wanted):
                return True
            if any(use.effect.kind in _OUTCOMES for use in body.effects(user)):
                return True
    return False


def goes_on(body: Body, value: int) -> bool:
    """Whether a value, or what is read from it, is given to somebody else or kept, and not only
    compared."""
    todo, seen = [value], {value}
    while todo and len(seen) < _MOST:
        current = todo.pop()
        if any(use.effect.kind in _OUTCOMES for use in body.effects(current)):
            return True
        for user, position in body.users(current):
            made = body.function.values[user]
            is_argument = made.op == "call" and bool(position)
            if is_argument and not _is_conversion(body.function, made, position):
                if not is_log(body.function, made):
                    return True
            elif user not in seen and made.op not in ("compare", "not", "more"):
                seen.add(user)
                todo.append(user)
    return False


def _reads_as(function: Function, call: Value) -> bool:
    """Whether a call fails for a text that is not what it should be, as a failed command's."""
    called = function.values[call.args[0]]
    return called.text.rpartition(":")[2] in _READINGS


def _counted(body: Body, length: int) -> Iterator[tuple[int, Span | None]]:
    """The comparisons of a payload's length with a number that is not written there: what came
    with what was asked for."""
    for user, _ in body.users(length):
        made = body.function.values[user]
        if made.op == "compare" and matters(body, user):
            sides = [body.function.values[side] for side in made.args]
            if all(side.op != "const" for side in sides):
                yield user, made.at


def _read(body: Body, user: int, position: int) -> Iterator[tuple[int, str]]:
    """The member that a value reads: the value that has it, and its name."""
    made = body.function.values[user]
    if position:
        return
    if made.op == "item":
        name = text_of(body.function.values[made.args[1]]) or ""
        yield user, "code" if name == "status_code" else name  # no attribute: that is the answer's
    elif made.op == "attr" and made.text != "get":
        yield user, made.text
    elif made.op == "attr":
        for call, at in body.users(user):
            given = body.function.values[call]
            if given.op == "call" and not at and len(given.args) > 1:
                yield call, text_of(body.function.values[given.args[1]]) or ""


def _is_conversion(function: Function, made: Value, position: int) -> bool:
    if made.op != "call" or not position:
        return False
    called = function.values[made.args[0]]
    if called.op == "attr" and called.text == "format":
        return function.values[called.args[0]].op == "const"
    return called.op == "builtin" and called.text in _SAME


def _hands_on(function: Function, made: Value, position: int) -> bool:
    """Whether a value is as telling as one that it is made from, and no more."""
    if made.op == "aug":  # to a list of somebody else's it would be added
        return bool(position) and function.values[made.args[0]].op in ("const", "aug", "phi")
    return made.op in _HANDED_ON or _is_conversion(function, made, position)
