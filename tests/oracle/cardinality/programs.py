"""Puts programs together: a handler that reads outside text, does things with it, and counts."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import NamedTuple

from . import grammar
from .grammar import Part

CODES = "INC401"
"""What the programs are checked for."""

_HEAD = """\
import base64, bisect, email, enum, hashlib, json, logging, re, time, urllib.parse, uuid, zlib
from contextlib import contextmanager
from dataclasses import dataclass
from prometheus_client import Counter, Histogram
"""
_METRICS = """\
KNOWN = {"alpha": "first", "beta": "second"}
SERIES = Counter("series", "Series.", ["label"])
TIMES = Histogram("times", "Times.", ["label"])
ALL = {"series": SERIES}
"""


class Program(NamedTuple):
    """The files of a program, and how its handler is called (`$i` is an input)."""

    files: dict[str, str]
    call: str
    constructs: frozenset[str]


class Writer:
    """The lines of one program, and what the module and its helper need for them."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.count = 0
        self.used: set[str] = set()
        self.above: list[str] = []
        self.helper: list[str] = []
        self.imports: list[str] = []

    def put(self, kind: str, part: Part, value: str = "", read: str = "") -> tuple[str, str]:
        """The lines of a part, and the name of what it gives."""
        self.count += 1
        self.used.add(f"{kind}.{part.name}")
        name = f"v{self.count}"

        def filled(text: str) -> str:
            text = text.replace("$v", value).replace("$o", name).replace("$r", read)
            return text.replace("$n", str(self.count))

        self.above += [filled(part.above)] if part.above else []
        if part.helper:
            self.helper.append(filled(part.helper))
            head = filled(part.helper).rpartition("def ")[2]
            self.imports.append(head.partition("(")[0])
        return filled(part.lines), name


def draw(rng: random.Random, grows: bool) -> Program:
    """A program; whether it is meant to grow. What it does is for execution to say."""
    writer = Writer(rng)
    entry = rng.choice(grammar.ENTRIES)
    writer.used.add(f"entry.{entry.name}")
    lines, value = writer.put("source", rng.choice(grammar.SOURCES), "", rng.choice(entry.reads))
    body = [lines]
    steps = [rng.choice(grammar.KEEPS) for _ in range(rng.choice((0, 1, 1, 2, 3)))]
    if not grows:
        steps.insert(rng.randint(0, len(steps)), rng.choice(grammar.BOUNDS))
    bounded = False
    for step in steps:
        bounded = bounded or step.bounds
        lines, value = writer.put("bounds" if step.bounds else "keeps", step, value)
        body.append(lines)
    if rng.random() < 0.3:
        body.append(writer.put("beside", rng.choice(grammar.HARMLESS), value)[0])
    body.append(writer.put("sink", rng.choice(grammar.SINKS), value)[0])
    return Program(_files(writer, entry, body), entry.call, frozenset(writer.used))


def _files(writer: Writer, entry: grammar.Entry, body: list[str]) -> dict[str, str]:
    head, _, indent = entry.text.partition("BODY")[0].rpartition("\n")
    inside = "\n".join(f"{indent}{line}" for part in body for line in part.split("\n"))
    handler = f"{head}\n{inside}{entry.text.partition('BODY')[2]}"
    imported = f"from .helpers import {', '.join(writer.imports)}\n" if writer.imports else ""
    app = "\n\n".join([_HEAD + imported, _METRICS, *writer.above, handler])
    files = {"service/__init__.py": "", "service/app.py": app + "\n"}
    if writer.helper:
        files["service/helpers.py"] = "\n\n".join([_HEAD, *writer.helper]) + "\n"
    return files


def draws(seed: int, count: int) -> Iterator[Program]:
    """So many programs, by turns meant to grow and not to; the same for the same seed."""
    rng = random.Random(seed)
    for number in range(count):
        yield draw(rng, number % 2 == 0)
