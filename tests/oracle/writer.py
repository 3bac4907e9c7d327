"""Fills in the templates of the grammar: names, arguments, helper definitions."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from . import grammar
from .layout import Layout
from .rows import Default, Param, Place, Row
from .themes import Theme

_WORD = re.compile(r"\$(\w+)")
_DEFINED = re.compile(r"^(?:(?:async )?def |class )?\$(\w+)(?:\(| =|:)", re.MULTILINE)
_HELPER = re.compile(r"[hHKB]\d*")
_INPUTS = {
    "items": ("entries", ("[]", '["x", "y"]'), ""),
    "target": ("target", ("[]",), "list"),
    "book": ("book", ("{}",), "dict"),
    "account": ("account", ("SimpleNamespace(options=None)",), ""),
    "callback": ("callback", ("repr",), ""),
    "runner": ("run", ("lambda task: task()",), ""),
}
"""Name, inputs and annotation. What takes the default is annotated: `append` on an unknown object
is only suspected to keep it."""
_SPOKEN_FOR = (
    "rest",
    "inner",
    "entry",
    "key",
    "value",
    "number",
    "values",
    "given",
    "held",
    "task",
)
"""Names that templates use themselves."""


@dataclass
class Spot:
    """Where a template goes: the followed value and its kind there, the module, the words that
    hold. `known` are the names given to placeholders of the row so far."""

    value: str
    kind: str
    module: int
    words: frozenset[str] = frozenset()
    known: dict[str, str] = field(default_factory=dict)
    in_body: bool = False


class Writer:
    """Names and modules of one program. `used` collects the constructs, `required` and `optional`
    the arguments with the expressions of their inputs, `types` their annotations. `given` is what
    helpers call the followed value."""

    given = "values"

    def __init__(self, rng: random.Random, theme: Theme, welcome: Callable[[str], float]) -> None:
        self.rng = rng
        self.theme = theme
        self.used: set[str] = set()
        self.welcome = welcome
        self.layout = Layout(rng, theme, self.used, welcome)
        self.here = len(self.layout.modules) - 1
        self.required: dict[str, tuple[str, ...]] = {}
        self.optional: dict[str, tuple[str, ...]] = {}
        self.types: dict[str, str] = {}
        self.body_imports: list[str] = []
        self.recorder = ""
        self._taken: set[str] = {*theme.modules, *_SPOKEN_FOR}
        self._homes: dict[str, int] = {}

    def fresh(self, pool: Iterable[str]) -> str:
        """A name nobody has in this program."""
        pool = tuple(pool)
        name = base = self.rng.choice([name for name in pool if name not in self._taken] or pool)
        number = 2
        while name in self._taken:
            name = f"{base}_{number}"
            number += 1
        self._taken.add(name)
        return name

    def note(self, row: Row | Default | Place | Param, module: int) -> None:
        """Record a construct, and import what it takes."""
        self.used.add(row.name)
        for line in () if isinstance(row, Param) else row.imports:
            self.layout.modules[module].need(line)

    def render(self, template: str, spot: Spot) -> str:
        """The template's text; what has several lines keeps the indentation of its first."""
        lines = []
        for line in template.split("\n"):
            margin = line[: len(line) - len(line.lstrip())]
            text = _WORD.sub(lambda match: self.word(match.group(1), spot), line)
            lines.append(text.replace("\n", "\n" + margin))
        return "\n".join(lines)

    def define(self, units: Iterable[str], spot: Spot, *, lowest: bool = False) -> None:
        """Put definitions into modules; what refers to one stands in the same or a later one."""
        home = 0
        for unit in units:
            imports, text = _split_imports(unit)
            found = _DEFINED.search(text)
            assert found, unit
            name = spot.known[found.group(1)] = self.helper_name(found.group(1))
            home = self._homes[name] = 0 if lowest else self.layout.home(home)
            for line in imports:
                self.layout.modules[home].need(line)
            there = Spot(self.given, spot.kind, home, spot.words, spot.known)
            self.layout.modules[home].units.append(self.render(text, there))

    def refer(self, name: str, spot: Spot) -> str:
        """The expression for a defined name at a spot."""
        local = self.body_imports if spot.in_body else None
        return self.layout.refer(name, self._homes[name], spot.module, local)

    def word(self, word: str, spot: Spot) -> str:
        """What a placeholder becomes."""
        if word == "here":
            return "$here"
        if word == "v":
            return spot.value
        if word == "change":
            return self._change(spot, expression=False)
        if word == "alter":
            return self._change(spot, expression=True)
        if word == "copy":
            return self._copy(spot)
        if word in ("new", "type"):
            return self._class(spot, made=word == "new")
        if spot.known.get(word) in self._homes:
            return self.refer(spot.known[word], spot)
        if word not in spot.known:
            spot.known[word] = self._argument(word, spot)
        return spot.known[word]

    def helper_name(self, word: str) -> str:
        """A fresh name for a definition at module level."""
        if word[0] == "h":
            return self.fresh(self.theme.helpers)
        return self.fresh(("KNOWN_PARTS", "USUAL") if word[0] == "K" else self.theme.types)

    def _argument(self, word: str, spot: Spot) -> str:
        assert not _HELPER.fullmatch(word), word
        if word in ("n", "a", "b"):
            return self.fresh(self.theme.names)
        if word == "log":
            self.layout.modules[spot.module].need("import logging")
            return f'logging.debug("{self.rng.choice(("done", "skipped", "next"))}")'
        if word == "item":
            if spot.value == "values" or self.rng.random() < 0.4:
                return self.rng.choice(self.theme.items)
            self.required[self.theme.item] = ('"new"',)
            return self.theme.item
        if word in ("flag", "mode"):
            name = self.fresh(self.theme.flags if word == "flag" else ("stage_number", "attempts"))
            self.optional[name] = ("False", "True") if word == "flag" else ("0", "1", "2")
            return name
        base, values, annotation = _INPUTS[word]
        name = self.fresh((base,)) if word == "items" else base  # conditions are independent
        self.required[name], self.types[name] = values, annotation
        return name

    def _change(self, spot: Spot, *, expression: bool) -> str:
        rows = [
            row
            for row in grammar.BY_GROUP["change"]
            if grammar.fits(row, spot.kind, spot.words)
            and (grammar.expression(row) if expression else True)
            and (spot.value == "values" or "name" not in row.needs)
        ]
        row = self.rng.choices(rows, [self.welcome(row.name) for row in rows])[0]
        self.note(row, spot.module)
        return self.render(row.body, Spot(spot.value, spot.kind, spot.module, spot.words))

    def _copy(self, spot: Spot) -> str:
        rows = [
            row
            for row in grammar.BY_GROUP["copy"]
            if grammar.fits(row, spot.kind, frozenset()) and not row.gives and not row.support
        ]
        rows = [row for row in rows if grammar.expression(row)]
        row = self.rng.choices(rows, [self.welcome(row.name) for row in rows])[0]
        self.note(row, spot.module)
        template = grammar.expression(row) or ""
        return grammar.atom(self.render(template, Spot(spot.value, spot.kind, spot.module)))

    def _class(self, spot: Spot, *, made: bool) -> str:
        if spot.kind == "object":
            return self.refer(self.recorder, spot) + "()" * made
        if spot.kind == "deque":
            self.layout.modules[spot.module].need("from collections import deque")
        kind = grammar.KINDS[spot.kind]
        return kind.empty if made else kind.cls


def _split_imports(unit: str) -> tuple[list[str], str]:
    lines = unit.split("\n")
    imports = [line for line in lines if line.startswith(("from ", "import "))]
    return imports, "\n".join(line for line in lines if line not in imports).strip("\n")
