"""Builds one program: a call whose failure is in its response, and what is done with that."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from typing import TypeVar

from .. import themes
from ..lines import Lines
from ..programs import Wish, fill, indented
from ..rows import Row
from ..writer import Spot
from . import grammar
from .grammar import KINDS, Client, Place
from .program import Program
from .writer import ResponseWriter

_MAKES_NAME = re.compile(r"\$n\b")
T = TypeVar("T", Client, Place, Row)


def generate(rng: random.Random, wish: Wish) -> Program:
    """A program, not yet known whether a failure can pass unseen in it."""
    return _Builder(rng, wish).build()


class _Builder(Lines):
    def __init__(self, rng: random.Random, wish: Wish) -> None:
        super().__init__()
        self.rng = rng
        self.wish = wish
        self.wanted = [row for row in grammar.ROWS if row.name == wish.focus]
        self.writer = ResponseWriter(rng, rng.choice(themes.THEMES), wish.welcome)
        self.client, self.place = self._outside()
        self.words = frozenset(self.place.gives.split())
        self.bases: list[str] = []
        self.methods: list[str] = []
        self.value = ""
        self.done: set[str] = {wish.focus}

    # -- choosing --------------------------------------------------------------------------------

    def _outside(self) -> tuple[Client, Place]:
        """A kind of call, a client and a place that suit each other and the focus."""
        while True:
            kind = self.rng.choices(list(KINDS), (6, 3, 2, 2, 3))[0]
            if self.wish.focus.startswith("kind."):
                kind = self.wish.focus.removeprefix("kind.")
            client, place = self._one(grammar.CLIENTS), self._one(grammar.PLACES)
            words = frozenset(place.gives.split())
            if not grammar.fits(client.kinds, kind) or (kind == "process") != (not client.expr):
                if client.name != "client.direct" or kind != "http":
                    continue
            if not set(client.needs.split()) <= words:
                continue
            if all(kind in row.kinds and row.needs <= words for row in self.wanted):
                self.writer.kind, self.writer.client = kind, client
                self.writer.used |= {f"kind.{kind}", client.name, place.name}
                return client, place

    def _one(self, table: Sequence[T]) -> T:
        found = [row for row in table if row.name == self.wish.focus]
        return found[0] if found else self._welcome(table)

    def _welcome(self, rows: Sequence[T]) -> T:
        return self.rng.choices(rows, [self.wish.welcome(row.name) for row in rows])[0]

    def _row(self, group: str) -> list[Row]:
        """A row of the group: the focus if it is one, else one that was not used yet."""
        wanted = [row for row in self.wanted if row.group == group]
        if wanted:
            self.wanted = []
            return wanted
        usable = grammar.usable(group, self.writer.kind, self.words)
        rows = [row for row in usable if row.name not in self.done]
        if not rows:
            return []
        row = self._welcome(rows)
        self.done.add(row.name)
        return [row]

    # -- the body --------------------------------------------------------------------------------

    def _apply(self, row: Row) -> None:
        """Write one row."""
        writer = self.writer
        writer.note(row, writer.here)
        known = {"C": self.class_name}
        spot = Spot(self.value, "list", writer.here, self.words, known, True)
        writer.define(row.support, spot)
        if row.base:
            writer.define([row.base], spot)
            self.bases.append(writer.refer(known["B"], Spot("", "list", writer.here)))
        if row.method:
            inside = Spot(writer.given, "list", writer.here, self.words, known)
            self.methods.append(writer.render(row.method, inside))
        body = writer.render(row.body, spot)
        if _MAKES_NAME.search(row.body):
            self.value = spot.known["n"]
        self.write(body, writer.render(row.close, spot))

    def _body(self) -> None:
        """The beginning, then the call, and what is done with its response."""
        if self.client.before:
            spot = Spot("", "list", self.writer.here, self.words, {}, True)
            self.write(self.writer.render(self.client.before, spot), "")
        start = self.wanted[0].group if self.wanted else ""
        if start == "drop" or (start not in ("get", "step", "look", "again") and self._seldom(0.2)):
            if self._seldom(0.3):
                self._apply(next(row for row in grammar.ROWS if row.name == "step.flag"))
            for row in self._row("drop"):
                self._apply(row)
            self.close(0)
            return
        for row in self._row("get"):
            self._apply(row)
        for row in self._middle():
            self._apply(row)
        for row in self._row("end"):
            self._apply(row)
        self.close(0)

    def _middle(self) -> list[Row]:
        """Rows between the call and the end, in some order."""
        rng, found = self.rng, []
        wanted = self.wanted[0].group if self.wanted else ""
        for _ in range(max(rng.choices((0, 1, 2, 3, 4), (2, 4, 4, 3, 1))[0], wanted == "step")):
            found += self._row("step")
        likely = (0.45, 0.15) if self.wish.leaks else (0.95, 0.3)
        for chance in likely:
            if wanted == "look" or self._seldom(chance):
                found += self._row("look")
                wanted = ""
        rng.shuffle(found)
        cleans_up = any(row.name == "step.finally" for row in found)  # nobody minds calls there
        if not cleans_up and (wanted == "again" or self._seldom(0.1)):
            again = self._row("again")
            found += again
            if again and not self._seldom(0.4):
                found += self._row("look")
        return found

    def _seldom(self, chance: float) -> bool:
        return self.rng.random() < chance

    # -- putting together ------------------------------------------------------------------------

    def build(self) -> Program:
        """The whole program."""
        writer = self.writer
        self.function_name = writer.fresh(writer.theme.functions)
        self.class_name = writer.fresh(writer.theme.classes)
        spot = Spot("", "list", writer.here)
        if self.client.support:
            writer.define([self.client.support], spot, lowest=True)
        if self.client.base:
            writer.define([self.client.base], spot)
            self.bases.append(writer.refer(spot.known["B"], spot))
        writer.client_known = {k: v for k, v in spot.known.items() if k != "B"}
        if self.client.method:
            self.methods.append(writer.render(self.client.method, spot))
        self._body()
        entry = self._assemble(spot)
        layout = writer.layout
        modules = {
            layout.dotted(module): f"{layout.package}/" * bool(layout.package) + f"{module.name}.py"
            for module in layout.all()
        }
        files = {modules[layout.dotted(module)]: module.text() for module in layout.all()}
        receiver = fill(self.place.receiver, {"C": self.class_name})
        return Program(
            files,
            modules,
            layout.dotted(layout.subject),
            receiver,
            entry,
            writer.required,
            writer.optional,
            frozenset(writer.used),
        )

    def _assemble(self, spot: Spot) -> str:
        """Put the function into its module; the name of what is called."""
        writer, place = self.writer, self.place
        if self.client.param:
            writer.required = {"connection": (KINDS[writer.kind].made,), **writer.required}
            writer.types["connection"] = self.client.param
            writer.layout.subject.need("import requests")
        given = [
            name + (f": {writer.types[name]}" if writer.types.get(name) else "")
            for name in writer.required
        ]
        given += [
            f"{name}={'0' if len(values) == 3 else 'False'}"
            for name, values in writer.optional.items()
        ]
        init = ""
        if self.client.init or not self.client.base:
            lines = [writer.render(self.client.init, spot) or "self.total = 0"]
            if self.bases:
                lines.insert(0, "super().__init__()")
            init = "    def __init__(self):\n" + indented("\n".join(lines), 8) + "\n\n"
        lines = [*writer.body_imports, *self.lines]
        nested = "inner" in place.text
        words = {
            "f": self.function_name,
            "caller": "run_once",
            "C": self.class_name,
            "bases": f"({', '.join(self.bases)})" if self.bases else "",
            "init": init,
            "params": ", ".join(given),
            "self": ", ".join(["self", *given]),
            "pass": ", ".join([*writer.required, *(f"{n}={n}" for n in writer.optional)]),
            "body": indented("\n".join(lines), place.depth),
        }
        text = fill(place.text, words)
        for method in self.methods:
            text += "\n\n" + indented(method.strip("\n"), 4)
        writer.layout.subject.units.append(text)
        assert not nested or self.methods == []
        return fill(place.entry, words)
