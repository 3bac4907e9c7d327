"""Puts programs together: a handler that reads outside text and puts it into a container."""

from __future__ import annotations

import random
from collections.abc import Iterator

from ..cardinality import grammar as values
from ..cardinality.programs import Program, Writer
from . import grammar
from .holders import HOLDERS
from .parts import Beside, Holder, Write

CODES = "INC403"
"""What the programs are checked for."""

HEAD = """\
import base64, bisect, collections, email, enum, functools, hashlib, heapq, json, logging, re
import threading, time, urllib.parse, uuid, weakref, zlib
from collections import Counter, OrderedDict, defaultdict, deque
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, lru_cache, wraps

KNOWN = {"alpha": "first", "beta": "second"}
LOCK = threading.Lock()
"""
_WHOLE = frozenset({"tuple", "add pair", "append dict", "extend", "counter update"})
_PLAIN = frozenset({"{}", "dict()", "set()", "[]"})
_ENTRIES = {entry.name: entry for entry in values.ENTRIES}


class _Writer(Writer):
    """What a program says besides its handler."""

    def use(self, kind: str, part: Holder | Write | Beside) -> None:
        self.used.add(f"{kind}.{part.name}")

    def add(self, above: str, helper: str, names: str = "") -> None:
        """Lines of the module and of the helper; `names`: what is imported of the latter."""
        self.above += [above] if above else []
        if helper:
            self.helper.append(helper)
            self.imports.append(names or helper.rpartition("def ")[2].partition("(")[0])


def draw(rng: random.Random, grows: bool) -> Program:
    """A program; whether it is meant to grow. What it does is for execution to say."""
    writer = _Writer(rng)
    small = None if grows else rng.choice(("value", "ends", "write", "evicts", "evicts", "evicts"))
    cached = rng.random() < {None: 0.1, "value": 0.1, "write": 0.4}.get(small, 0)
    holder = None if cached else _holder(rng, small)
    entry = _ENTRIES[holder.entry] if holder and holder.entry else rng.choice(values.ENTRIES)
    lines, value = writer.put("source", rng.choice(values.SOURCES), "", rng.choice(entry.reads))
    body = [lines]
    steps = [rng.choice(values.KEEPS) for _ in range(rng.choice((0, 0, 1, 1, 2)))]
    if small == "value":
        steps.insert(rng.randint(0, len(steps)), rng.choice(values.BOUNDS))
    for step in steps:
        lines, value = writer.put("bounds" if step.bounds else "keeps", step, value)
        body.append(lines)
    if holder is None:
        body.append(_cached(writer, small == "write", value))
        return Program(files(writer, entry.text, body), entry.call, frozenset(writer.used))
    text, line, declared = _kept(writer, holder, small, entry.text, value)
    return Program(
        files(writer, text, [*declared, *body, line]), entry.call, frozenset(writer.used)
    )


def _holder(rng: random.Random, small: str | None) -> Holder:
    return rng.choice([each for each in HOLDERS if each.ends == (small == "ends")])


def _cached(writer: _Writer, small: bool, value: str) -> str:
    """A call of a function whose answers are kept."""
    cache = writer.rng.choice([each for each in grammar.CACHES if each.small == small])
    writer.use("cache", cache)
    writer.add(cache.above.replace("$n", "0"), cache.helper.replace("$n", "0"))
    return cache.lines.replace("$v", value).replace("$n", "0")


def _kept(
    writer: _Writer, holder: Holder, small: str | None, text: str, value: str
) -> tuple[str, str, list[str]]:
    """The handler's text, its line that touches the container, and what it declares first."""
    rng = writer.rng
    attribute = ("." in holder.container and holder.name != "property") or holder.ends
    fitting = [
        each
        for each in grammar.WRITES
        if each.small == (small == "write") and (attribute or not each.attribute)
    ]
    kind = rng.choice([*sorted({each.kind for each in fitting}), "dict"])
    write = rng.choice([each for each in fitting if each.kind == kind])
    besides = _besides(rng, holder, write, small == "evicts")
    writer.use("holder", holder)
    writer.use("write", write)
    inline = "ACT" in holder.line
    names = holder.helper.replace("$n", "0")
    away = bool(names) and not inline
    given = value if inline else holder.value

    def filled(template: str) -> str:
        container = write.inner.replace("$c", holder.container)
        return template.replace("$c", container).replace("$v", given).replace("$n", "0")

    parts = [filled(each.lines) for each in besides if each.first]
    lines = write.lines.replace("$c", holder.container).replace("$v", given).replace("$n", "0")
    parts += [lines, *(filled(each.lines) for each in besides if not each.first and each.lines)]
    declared: list[str] = []
    if holder.declare and any(each.rebinds for each in besides):
        declare = f"{holder.declare} {holder.container.replace('$n', '0')}"
        declared = [declare] if inline else []
        parts = parts if inline else [declare, *parts]
    act = "\n".join(parts)
    for each in besides:
        writer.use("evicts" if each.small else "keeps", each)
        (writer.helper if away else writer.above).append(filled(each.above))
        writer.add("", filled(each.helper))
    there = away or (bool(names) and write.make.endswith("$n()"))
    (writer.helper if there else writer.above).append(write.above.replace("$n", "0"))
    writer.add("", write.helper.replace("$n", "0"))
    above = holder.above.replace("$k", write.make)
    if any(each.idle for each in besides):
        reset = f"{holder.container}.clear()"
        if "IDLE" in above:
            above = above.replace("IDLE", f"def reset(self):\n        {reset}")
        else:
            above += f"\ndef reset$n():\n    {reset}"
    above = indented(above.replace("IDLE", "").replace("$n", "0"), act)
    writer.add("" if names else above, above if names else "", names)
    if holder.entry:
        made = f"    def __init__(self):\n        self.kept = {write.make.replace('$n', '0')}\n"
        head, newline, tail = text.partition("\n")
        text = head + newline + made + tail
    line = holder.line.replace("$k", write.make).replace("$n", "0").replace("$v", value)
    return text, line.replace("ACT", act), declared


def _besides(rng: random.Random, holder: Holder, write: Write, evicts: bool) -> list[Beside]:
    """What is done besides: something that keeps the container small, if it is to be."""
    kept = [each for each in grammar.KEEPS if _suits(each, holder, write)]
    chosen = rng.sample(kept, min(rng.choice((0, 1, 1)), len(kept)))
    if evicts:
        chosen.append(rng.choice([each for each in grammar.EVICTS if _suits(each, holder, write)]))
    return chosen


def _suits(beside: Beside, holder: Holder, write: Write) -> bool:
    if write.kind not in beside.kinds.split():
        return False
    if beside.idle:
        return holder.container.startswith(("KEPT", "Store")) or "IDLE" in holder.above
    if beside.rebinds:
        fixed = holder.name in ("property", "through self", "getter", "imported")
        return not fixed and (write.make in _PLAIN or write.inner != "$c")
    if beside.first and write.name == "inner default":
        return False
    if write.name in _WHOLE and "$v" in beside.lines and beside.small:
        return False
    return not (write.name in ("own limit", "weak") and not beside.small)


def indented(text: str, act: str) -> str:
    """A text with lines in place of `ACT`, as deep as that stands."""
    lines = []
    for line in text.split("\n"):
        if line.strip() == "ACT":
            indent = line[: len(line) - 3]
            lines += [indent + each for each in act.split("\n")]
        elif line.strip():
            lines.append(line)
    return "\n".join(lines)


def files(writer: Writer, text: str, body: list[str]) -> dict[str, str]:
    """The files of a program: what is there besides, the handler's text and its lines."""
    head, _, indent = text.partition("BODY")[0].rpartition("\n")
    inside = "\n".join(f"{indent}{line}" for part in body for line in part.split("\n"))
    handler = f"{head}\n{inside}{text.partition('BODY')[2]}"
    names = [name for name in writer.imports if name != "helpers"]
    imports = f"from .helpers import {', '.join(names)}\n" if names else ""
    imports += "from . import helpers\n" if "helpers" in writer.imports else ""
    texts = {
        "service/__init__.py": "",
        "service/app.py": _joined([HEAD + imports, *writer.above, handler]),
    }
    if any(writer.helper):
        texts["service/helpers.py"] = _joined([HEAD, *writer.helper])
    return texts


def _joined(parts: list[str]) -> str:
    return "\n\n".join(part for part in parts if part) + "\n"


def draws(seed: int, count: int) -> Iterator[Program]:
    """So many programs, by turns meant to grow and not to; the same for the same seed."""
    rng = random.Random(seed)
    for number in range(count):
        yield draw(rng, number % 2 == 0)
