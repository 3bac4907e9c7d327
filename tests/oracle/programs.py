"""Builds one program from the grammar: a way from a mutable default to an end, or to nothing."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, TypeVar

from . import grammar
from .lines import Lines
from .outside import DEFAULTS, PARAMS, PLACES
from .program import Program
from .rows import Default, Param, Place, Row
from .themes import THEMES
from .writer import Spot, Writer

_WORD = re.compile(r"\$(\w+)")
_MAKES_NAME = re.compile(r"\$n\b")
_FIELDS = "self.parts = ()\nself.by_name = {}\nself.kept = []\nself.size = 0"
_DOC = '"""Handle one entry; see the package documentation."""'
T = TypeVar("T", Default, Param, Place, Row)


class Wish(NamedTuple):
    """What a program should be like, as far as chance and the company allow: the construct that
    it is about, whether it should leak, and how welcome each construct is (1: as any)."""

    focus: str
    leaks: bool
    welcome: Callable[[str], float]


def generate(rng: random.Random, wish: Wish) -> Program:
    """A program, not yet known to leak or not."""
    return _Builder(rng, wish).build()


class _Builder(Lines):
    def __init__(self, rng: random.Random, wish: Wish) -> None:
        super().__init__()
        self.rng = rng
        self.wish = wish
        self.wanted = [row for row in grammar.ROWS if row.name == wish.focus]
        self.writer = Writer(rng, rng.choice(THEMES), wish.welcome)
        self.default, self.param, self.place = self._outside()
        self.words = grammar.words(self.place, self.default)
        self.bases: list[str] = []
        self.methods: list[str] = []
        self.done: set[str] = {wish.focus}
        self.calls_init = False

    # -- choosing --------------------------------------------------------------------------------

    def _outside(self) -> tuple[Default, Param, Place]:
        """A default, a way to write the parameter and a place that suit each other and the
        focus."""
        while True:
            default = self._one(DEFAULTS)
            param = self._one(PARAMS)
            place = self._one(PLACES)
            if default.judge == "never" and self.wish.leaks:
                continue
            if ":" in param.text and ("expression" in place.gives or default.reach != "$v"):
                continue
            if param.only_changed and not grammar.KINDS[default.kind].read_only:
                continue
            if default.within and "$within" not in place.text:
                continue
            words = grammar.words(place, default)
            if all(grammar.fits(row, default.kind, words) for row in self.wanted):
                return default, param, place

    def _one(self, table: Sequence[T]) -> T:
        found = [row for row in table if row.name == self.wish.focus]
        return found[0] if found else self._welcome(dict.fromkeys(table, 1.0))

    def _welcome(self, rows: dict[T, float]) -> T:
        weights = [weight * self.wish.welcome(row.name) for row, weight in rows.items()]
        return self.rng.choices(list(rows), weights)[0]

    def _choose(self, groups: Iterable[str], kind: str) -> Row | None:
        """A row of one of the groups that has not been used yet; those that fit few programs
        come more often where they fit."""
        rows = {
            row: weight
            for group in groups
            for row, weight in grammar.usable(group, kind, self.words).items()
            if row.name not in self.done
        }
        if not rows:
            return None
        row = self._welcome(rows)
        self.done.add(row.name)
        return row

    # -- the body --------------------------------------------------------------------------------

    def _apply(self, row: Row, value: str, kind: str) -> tuple[str, str]:
        """Write one row: the followed value and its kind afterwards."""
        writer = self.writer
        if "name" in row.needs and not value.isidentifier():
            value, kind = self._apply(grammar.BY_GROUP["alias"][0], value, kind)
        self.done.add(row.name)
        if "init" in row.needs:  # a class has one base with an __init__
            self.calls_init = True
            self.done |= {other.name for other in grammar.ROWS if "init" in other.needs}
        writer.note(row, writer.here)
        known = {"C": self.class_name}
        spot = Spot(value, kind, writer.here, self.words, known, "expression" not in self.words)
        writer.define(row.support, spot)
        if row.base:
            writer.define([row.base], spot)
            self.bases.append(writer.refer(known["B"], Spot("", kind, writer.here)))
        if row.method:
            inside = Spot("values", kind, writer.here, self.words, known)
            self.methods.append(writer.render(row.method, inside))
        if "expression" in self.words:
            text = writer.render(grammar.expression(row) or "", spot)
            return grammar.atom(text), row.gives or kind
        self.write(writer.render(row.body, spot), writer.render(row.close, spot))
        if row.group == "decoy" or "$new" in row.body + "".join(row.support):
            self.words -= {"filled"}
        out = row.out or ("$n" if _MAKES_NAME.search(row.body) else "$v")
        return writer.render(out, spot), row.gives or kind

    def _follow(self, value: str, kind: str, rows: Sequence[Row]) -> tuple[str, str]:
        for row in rows:
            if grammar.fits(row, kind, self.words):
                value, kind = self._apply(row, value, kind)
        return value, kind

    def _end(self, value: str, kind: str, row: Row | None, groups: Iterable[str]) -> str:
        """Write this end, or another one if it does not fit; the expression it has become."""
        spent = row is not None and "init" in row.needs and self.calls_init
        if row is None or spent or not grammar.fits(row, kind, self.words):
            row = self._choose(groups, kind)
        if row is None:
            self.add(self.writer.render("$log", Spot(value, kind, self.writer.here)))
            return value
        return self._apply(row, value, kind)[0]

    def _side_way(self, value: str, kind: str, rows: Sequence[Row]) -> None:
        """A way that ends before the main one begins, mostly without a leak."""
        depth, words = len(self.open), self.words
        end = next((row for row in rows if row.group in grammar.ENDS), None)
        steps = [row for row in rows if row.group not in grammar.ENDS]
        groups: Iterable[str] = ("read",)
        if self.rng.random() < 0.6 and not (end and end.group == "read"):
            groups = grammar.ENDS
            steps += filter(None, [self._choose(grammar.HARMLESS, kind)])
        if end is None:
            end = self._choose(groups, kind)
        if end and re.search(r"\b(return|yield)\b", end.body):
            self.write(self.writer.render("if $flag:", Spot(value, kind, self.writer.here)), "")
        if any("name" in row.needs for row in steps):
            steps.insert(0, grammar.BY_GROUP["alias"][0])
        self._end(*self._follow(value, kind, steps), end, ())
        self.close(depth)
        self.words = words

    def _steps(self, kind: str, rows: Sequence[Row], most: int) -> list[Row]:
        """The rows among others, in some order."""
        steps = [row for row in rows if row.group not in grammar.ENDS]
        for _ in range(self.rng.randint(0, most)):
            steps += filter(None, [self._choose(grammar.STEPS, kind)])
        if not self.wish.leaks and self.rng.random() < 0.85:
            steps += filter(None, [self._choose(grammar.HARMLESS, kind)])
        self.rng.shuffle(steps)
        return steps

    def _body(self) -> None:
        """Side ways, then the main way; the focus is in one of them."""
        rng, kind = self.rng, self.default.kind
        value = self.writer.render(self.default.reach, Spot(self.param_name, kind, 0))
        sides = rng.choices((0, 1, 2, 3), (2, 3, 4, 3))[0]
        hands: list[list[Row]] = [[] for _ in range(sides + 1)]
        rng.choice(hands).extend(self.wanted)
        for hand in hands[:-1]:
            self._side_way(value, kind, hand)
        main = hands[-1]
        value, kind = self._follow(value, kind, self._steps(kind, main, 4))
        end = next((row for row in main if row.group in grammar.ENDS), None)
        self._end(value, kind, end, grammar.ENDS)
        self.close(0)

    def _expression(self) -> str:
        """The body of a lambda: one expression around another."""
        kind = self.default.kind
        value = self.writer.render(self.default.reach, Spot(self.param_name, kind, 0))
        value, kind = self._follow(value, kind, self._steps(kind, self.wanted, 2))
        end = next((row for row in self.wanted if row.group in grammar.ENDS), None)
        return self._end(value, kind, end, grammar.ENDS)

    # -- putting together ------------------------------------------------------------------------

    def build(self) -> Program:
        writer, default, place = self.writer, self.default, self.place
        theme = writer.theme
        kind = "list" if default.kind == "frozen" else default.kind
        self.param_name = writer.fresh(theme.values[kind])
        self.function_name = writer.fresh(theme.functions)
        self.class_name = writer.fresh(theme.classes)
        for row in (default, self.param, place):
            writer.note(row, writer.here)
        spot = Spot("", default.kind, writer.here)
        writer.define(default.support, spot, lowest=default.kind == "object")
        if default.kind == "object":
            writer.recorder = spot.known["H1"]
        text = writer.render(default.text, spot)
        if "expression" in self.words:
            body = self._expression()
        else:
            self._body()
            body = ""
        self._assemble(text, body, spot)
        names = {"f": self.function_name, "C": self.class_name}
        subject = writer.layout.dotted(writer.layout.subject)
        judge = "changed" if self.param.only_changed and default.judge == "leaks" else default.judge
        modules = {
            writer.layout.dotted(module): (
                f"{writer.layout.package}/" * bool(writer.layout.package) + f"{module.name}.py"
            )
            for module in writer.layout.all()
        }
        files = {
            modules[writer.layout.dotted(module)]: module.text() for module in writer.layout.all()
        }
        return Program(
            files,
            modules,
            subject,
            self.param_name,
            judge,
            fill(place.receiver, names),
            fill(place.entry, names),
            writer.required,
            writer.optional,
            frozenset(writer.used),
        )

    def _assemble(self, default: str, expression: str, spot: Spot) -> None:
        writer, place = self.writer, self.place
        place_spot = Spot("", self.default.kind, writer.here, known={"f": self.function_name})
        writer.define(place.support, place_spot)
        if place.base:
            writer.define([place.base], place_spot)
            self.bases.insert(0, writer.refer(place_spot.known["B"], place_spot))
        words = {
            "f": self.function_name,
            "C": self.class_name,
            "params": self._signature(default),
            "plain": ", ".join([*writer.required, *self._optional()]),
            "pass": ", ".join([*writer.required, *(f"{name}={name}" for name in writer.optional)]),
            "ready": next(iter(writer.required), "1"),
            "bases": f"({', '.join(self.bases)})" if self.bases else "",
            "within": f"    {self.default.within}\n\n" if self.default.within else "",
            "init": indented(_FIELDS, 8),
        }
        words |= {
            key: writer.refer(name, place_spot)
            for key, name in place_spot.known.items()
            if key == "h1"
        }
        depth = 8 if "self" in place.text or "inner" in place.text or "class " in place.text else 4
        words["body"] = expression or indented("\n".join(self._finished()), depth)
        template = place.text
        if "once" in self.words and self.lines[-1] == "return":
            template = template.removesuffix("\n    yield $ready")
        text = fill(template, words).replace("(self, \n", "(\n        self,\n")
        text = text.replace("(cls, \n", "(\n        cls,\n")
        for method in self.methods:
            text += "\n\n" + indented(method.strip("\n"), 4)
        module = writer.layout.subject
        if self.default.before:
            module.units.append(writer.render(self.default.before, spot))
        module.units.append(text)

    def _finished(self) -> list[str]:
        lines = [*self.writer.body_imports, *self.lines]
        if "plain" in self.words and not lines[-1].startswith("return") and self.rng.random() < 0.5:
            lines.append("return True")
        if self.rng.random() < 0.15 and "init" not in self.words:
            lines.insert(0, _DOC)
        return lines

    def _optional(self) -> list[str]:
        return [
            f"{name}={'0' if len(values) == 3 else 'False'}"
            for name, values in self.writer.optional.items()
        ]

    def _signature(self, default: str) -> str:
        kind = grammar.KINDS[self.default.kind]
        words = {"p": self.param_name, "d": default, "k": kind.annotation, "s": kind.read_only}
        own = fill(self.param.text, words)
        if "$k" in self.param.text and self.default.kind == "deque":
            self.writer.layout.subject.need("from collections import deque")
        if "$s" in self.param.text:
            self.writer.layout.subject.need(f"from collections.abc import {kind.read_only}")
        types = self.writer.types
        required = [
            name + (f": {types[name]}" if types.get(name) else "") for name in self.writer.required
        ]
        parts = [*required, own, *self._optional()]
        short = len(", ".join(parts)) <= 60 and "\n" not in default
        if short or "expression" in self.words:
            return ", ".join(parts)
        depth = self.place.text[: self.place.text.index("$params")].rpartition("\n")[2]
        margin = len(depth) - len(depth.lstrip()) + 4
        own = own.replace("*rest, ", "*rest,\n").replace("*, ", "*,\n").replace(", /", ",\n/")
        text = indented(",\n".join([*required, own, *self._optional()]), margin)
        return f"\n{text}\n" + " " * (margin - 4)


def fill(template: str, words: dict[str, str]) -> str:
    """The template with every placeholder replaced."""
    return _WORD.sub(lambda match: words[match.group(1)], template)


def indented(text: str, depth: int) -> str:
    """The text so many columns further right."""
    return "\n".join(" " * depth + line if line else line for line in text.split("\n"))
