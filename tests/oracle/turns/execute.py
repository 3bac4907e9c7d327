"""Runs a program's worker with messages of two tenants, and reads what it sends."""

from __future__ import annotations

import importlib
import queue
from email.message import Message
from types import SimpleNamespace
from typing import Any

from ..cardinality.execute import as_it_is, modules_of
from ..cardinality.programs import Program
from ..importing import importable

_WAYS = [(True, True), (True, False), (False, True), (False, False)]


class Outside:
    """Stands for whatever a worker sends to: keeps what it is given, as text."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    def send_message(self, message: Message, *args: Any) -> None:
        self.sent.append(message.as_string())

    def sendmail(self, *args: Any) -> None:
        self.sent.append(shown(args))

    def send(self, *args: Any, **kwargs: Any) -> None:
        self.sent.append(shown((args, kwargs)))


def shown(value: Any) -> str:
    """A value as text, with all that lies in it."""
    if isinstance(value, Message):
        return value.as_string()
    if isinstance(value, SimpleNamespace):
        return shown(vars(value))
    if isinstance(value, dict):
        return " ".join(f"{key} {shown(each)}" for key, each in value.items())
    if isinstance(value, (list, tuple, set)):
        return " ".join(map(shown, value))
    return repr(value)


def leaks(program: Program) -> bool | None:
    """Whether something that is sent for B holds a token of A; None: nothing was sent for B, or
    it broke down."""
    with importable(program.files, modules_of(program), as_it_is):
        app = importlib.import_module("service.app")
        answers = [_leaks(app, first, then) for first in _WAYS for then in _WAYS]
        known = [answer for answer in answers if answer is not None]
        return any(known) if known else None


def _leaks(app: Any, first: tuple[bool, bool], then: tuple[bool, bool]) -> bool | None:
    of_a, of_b = message("A", *first), message("B", *then)
    try:
        sent = len(_work(app, [of_a]).sent)
        later = _work(app, [of_a, of_b]).sent[sent:]
    except (AttributeError, TypeError, NameError, KeyError):
        return None
    return any("A-" in each for each in later) if later else None


def _work(app: Any, messages: list[SimpleNamespace]) -> Outside:
    outside = Outside()
    jobs: queue.Queue[Any] = queue.Queue()
    for each in messages:
        jobs.put(each)
    jobs.put(None)
    app.work(jobs if app.QUEUE else iter(messages), outside)
    return outside


def message(tenant: str, first: bool, second: bool) -> SimpleNamespace:
    """A message of a tenant, all of whose texts say so; two things it may have or not."""
    token = f"{tenant}-"
    return SimpleNamespace(
        to=token + "to",
        text=token + "text",
        name=token + "name" if first else "name",
        file=token + "file",
        files=[token + "one", token + "two"] if first else [],
        headers={"x-one": token + "head"} if second else {},
        image=token + "image" if first else "",
        user=token + "user" if second else None,
        kind="first" if first else "second" if second else "third",
        first=first,
        second=second,
    )
