"""Puts programs together: a worker that takes messages, keeps something, and sends it."""

from __future__ import annotations

import random
from collections.abc import Iterator

from ..cardinality.programs import Program
from . import grammar
from .grammar import State

CODES = "INC308"
"""What the programs are checked for."""

_HEAD = """\
from __future__ import annotations

import json
import logging
import queue
import smtplib
from contextlib import suppress
from email.message import EmailMessage
from types import SimpleNamespace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kafka import KafkaConsumer, KafkaProducer

log = logging.getLogger(__name__)


def render(message):
    return f"Hello {message.text}"


def check(message):
    if not message.first:
        raise ValueError(message.to)


def has(message):
    return bool(message.second)


def add(to, what):
    to.append(what)
"""


def draw(rng: random.Random, stale: bool) -> Program:
    """A program; whether it is meant to be stale. What it does is for execution to say."""
    head, use = rng.choice(grammar.HEADS), rng.choice(grammar.USES[: -1 if stale else None])
    state, guard = rng.choice(grammar.STATES), rng.choice(grammar.GUARDS)
    change = rng.choice(state.changes).replace("$s", rng.choice(grammar.VALUES))
    read = rng.choice(state.reads)
    used = {f"head.{head.name}", f"use.{use.name}", f"state.{state.name}", f"guard.{guard.name}"}
    used |= {f"read.{read}", f"change.{change}"}
    guarded = "\n".join(_put(line, change, "CHANGE") for line in guard.lines.split("\n"))
    lines = [guarded, use.lines.replace("$e", read)]
    if not stale and use.name != "its own":
        lines = _reset(rng, state, lines, used)
    turn = "\n".join(lines)
    body = "\n".join(_put(line, turn, "TURN") for line in head.lines.split("\n"))
    made = [state.make] if state.make else []
    work = "\n".join("    " + line for part in [*made, body] for line in part.split("\n"))
    text = (
        f"{_HEAD}\nQUEUE = {head.queue}\n\n\n{use.above}\n\n\n"
        f"def work(jobs: {head.annotation}, relay: {use.relay}) -> None:\n{work}\n"
    )
    files = {"service/__init__.py": "", "service/app.py": text}
    return Program(files, "app.work", frozenset(used))


def _reset(rng: random.Random, state: State, lines: list[str], used: set[str]) -> list[str]:
    """The lines of a turn, with something that makes what is kept new: first, last, or before the
    change on the other ways only."""
    reset = rng.choice(state.resets)
    where = rng.choice(("first", "first", "last", "made inside"))
    used |= {f"reset.{where}", f"reset.{reset}"}
    if where == "last" and state.name != "unset":
        return [*lines, reset]
    return [state.make if where == "made inside" and state.make else reset, *lines]


def _put(line: str, text: str, mark: str) -> str:
    """A line with others in the place of a mark, as deep as that stands."""
    if line.strip() != mark:
        return line
    indent = line[: len(line) - len(mark)]
    return "\n".join(indent + each for each in text.split("\n"))


def draws(seed: int, count: int) -> Iterator[Program]:
    """So many programs, by turns meant to be stale and not to; the same for the same seed."""
    rng = random.Random(seed)
    for number in range(count):
        yield draw(rng, number % 2 == 0)
