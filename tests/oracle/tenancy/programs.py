"""Puts programs together: a handler that reads a tenant's text and puts it somewhere."""

from __future__ import annotations

import random
from collections.abc import Iterator

from ..cardinality import grammar as values
from ..cardinality.programs import Program, Writer
from ..maps.holders import HOLDERS
from ..maps.parts import Holder
from ..maps.programs import files, indented
from . import grammar
from .grammar import Put

CODES = "INC301 INC302 INC303"
"""What the programs are checked for."""

_ENTRIES = {entry.name: entry for entry in values.ENTRIES}
_FIXED = frozenset({"property", "through self", "getter", "imported"})


def draw(rng: random.Random, leaks: bool) -> Program:
    """A program; whether it is meant to leak. What it does is for execution to say."""
    writer = Writer(rng)
    clean = None if leaks else rng.choice(("value", "ends", "put", "put"))
    # To change a class's container is INC303's, whatever is left in it.
    barred = {"through self"} if clean else set()
    fitting = [h for h in HOLDERS if h.ends == (clean == "ends") and h.name not in barred]
    holder = rng.choice(fitting)
    entry = _ENTRIES[holder.entry] if holder.entry else rng.choice(values.ENTRIES)
    sources = [each for each in values.SOURCES if each.name in ("plain", "function", "or")]
    lines, value = writer.put("source", rng.choice(sources), "", rng.choice(entry.reads))
    body = [lines]
    steps = [rng.choice(grammar.TEXT_KEEPS) for _ in range(rng.choice((0, 0, 1, 2)))]
    if clean != "put":
        steps += [rng.choice(grammar.KEEPS)] if rng.random() < 0.5 else []
    if clean == "value":
        steps = [*steps[:1], rng.choice(grammar.NOBODYS)] if steps[:1] != steps[-1:] else []
        steps = steps or [rng.choice(grammar.NOBODYS)]
    for step in steps:
        kind = "nobodys" if step in grammar.NOBODYS else "keeps"
        lines, value = writer.put(kind, step, value)
        body.append(lines)
    put = rng.choice([each for each in grammar.PUTS if _suits(each, holder, clean)])
    text, line, declared = _kept(writer, holder, put, entry.text, value)
    return Program(
        files(writer, text, [*declared, *body, line]), entry.call, frozenset(writer.used)
    )


def _suits(put: Put, holder: Holder, clean: str | None) -> bool:
    if put.clean != (clean == "put"):
        return False
    assignable = ("." in holder.container or bool(holder.declare)) and holder.name not in _FIXED
    return assignable or not put.attribute


def _kept(
    writer: Writer, holder: Holder, put: Put, text: str, value: str
) -> tuple[str, str, list[str]]:
    """The handler's text, its line that puts the value, and what it declares first."""
    writer.used.update({f"holder.{holder.name}", f"put.{put.name}"})
    inline = "ACT" in holder.line
    names = holder.helper.replace("$n", "0")
    given = value if inline else holder.value
    act = put.lines.replace("$c", holder.container).replace("$v", given)
    act = act.replace("$n", "0")
    declared: list[str] = []
    if holder.declare and put.attribute:
        declare = f"{holder.declare} {holder.container.replace('$n', '0')}"
        if not holder.line or inline:
            declared = [declare]
        else:
            act = f"{declare}\n{act}"
    away = bool(names) and bool(holder.line) and not inline
    there = away or (bool(names) and put.make.endswith("$n()"))
    above = put.above.replace("$n", "0")
    (writer.helper if there else writer.above).append(above)
    if put.helper:
        writer.helper.append(put.helper.replace("$n", "0"))
        writer.imports.append("put0")
    whole = holder.above.replace("$k", put.make).replace("IDLE", "").replace("$n", "0")
    whole = indented(whole, act)
    (writer.helper if names else writer.above).append(whole)
    writer.imports += [names] if names else []
    make = put.make.replace("$n", "0")
    if holder.entry:
        head, newline, tail = text.partition("\n")
        text = f"{head}{newline}    def __init__(self):\n        self.kept = {make}\n{tail}"
    line = holder.line.replace("$k", put.make).replace("$n", "0").replace("$v", value)
    return text, line.replace("ACT", act) or act, declared


def draws(seed: int, count: int) -> Iterator[Program]:
    """So many programs, by turns meant to leak and not to; the same for the same seed."""
    rng = random.Random(seed)
    for number in range(count):
        yield draw(rng, number % 2 == 0)
