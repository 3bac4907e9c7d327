"""The modules of a program: where a definition stands and how another module refers to it."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from .themes import Theme

_IMPORT = re.compile(r"(from|import) ")


class Module:
    """One file in the making."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.imports: list[str] = []
        self.state: list[str] = []
        self.units: list[str] = []

    def need(self, line: str) -> None:
        """Add an import, or a module-level assignment, once."""
        wanted = self.imports if _IMPORT.match(line) else self.state
        if line not in wanted:
            wanted.append(line)

    def text(self) -> str:
        parts = ["\n".join(sorted(self.imports, key=lambda line: ("." in line.split()[1], line)))]
        parts += ["\n".join(self.state), *(unit.strip("\n") for unit in self.units)]
        return "\n\n\n".join(part for part in parts if part) + "\n"


class Layout:
    """Modules in the order in which they may import each other; the last is the subject, which
    holds the function under judgement."""

    def __init__(
        self,
        rng: random.Random,
        theme: Theme,
        used: set[str],
        welcome: Callable[[str], float],
    ) -> None:
        self._rng = rng
        self._used = used
        self._welcome = welcome
        self.kind = rng.choices(("single", "flat", "package"), (2, 4, 5))[0]
        used.add(f"layout.{self.kind}")
        names = rng.sample(theme.modules, 1 if self.kind == "single" else rng.choice((2, 3)))
        self.package = theme.package if self.kind == "package" else ""
        self.modules = [Module(name) for name in names]
        self.root = Module("__init__")
        self._seen: dict[tuple[str, int], str] = {}

    @property
    def subject(self) -> Module:
        return self.modules[-1]

    def dotted(self, module: Module) -> str:
        """The full name under which the module is imported."""
        if module is self.root:
            return self.package
        return f"{self.package}.{module.name}" if self.package else module.name

    def all(self) -> list[Module]:
        return [self.root, *self.modules] if self.package else self.modules

    def home(self, at_least: int) -> int:
        """A module for a new definition, not below those that it refers to."""
        return self._rng.randrange(at_least, len(self.modules))

    def refer(self, name: str, home: int, user: int, body: list[str] | None = None) -> str:
        """The expression for a definition of module `home` in module `user`; adds what import it
        takes. `body`: imports of the function's body, where a local import may go."""
        if home == user:
            return name
        if (name, user) not in self._seen:
            style = self._style(home, user, body)
            self._used.add(f"import.{style}")
            expression = self._write(style, name, home, user, body)
            if style == "local":
                return expression
            self._seen[name, user] = expression
        return self._seen[name, user]

    def _style(self, home: int, user: int, body: list[str] | None) -> str:
        styles = ["from", "module", "alias", "star"]
        last = user == len(self.modules) - 1
        if self.package:
            styles += ["absolute", "dotted"]
            styles += ["reexport"] * last
        if body is not None:
            styles += ["local"]
        if user - home > 1:
            styles += ["middle"]
        return self._rng.choices(styles, [self._welcome(f"import.{style}") for style in styles])[0]

    def _write(self, style: str, name: str, home: int, user: int, body: list[str] | None) -> str:
        short, module = self.modules[home].name, self.modules[user]
        near = f".{short}" if self.package else short
        if style == "module":
            module.need(f"from . import {short}" if self.package else f"import {short}")
            return f"{short}.{name}"
        if style == "dotted":
            module.need(f"import {self.package}.{short}")
            return f"{self.package}.{short}.{name}"
        if style == "alias":
            other = ("Common" if name[0].isupper() else "do_") + name
            module.need(f"from {near} import {name} as {other}")
            return other
        if style == "reexport":
            self.root.need(f"from .{short} import {name}")
            module.need(f"from {self._rng.choice(('.', self.package))} import {name}")
        elif style == "middle":
            between = self.modules[home + 1]
            between.need(f"from {near} import {name}")
            module.need(f"from {'.' if self.package else ''}{between.name} import {name}")
        elif style == "local" and body is not None:
            body.append(f"from {near} import {name}")
        elif style == "absolute":
            module.need(f"from {self.package}.{short} import {name}")
        else:
            module.need(f"from {near} import {'*' if style == 'star' else name}")
        return name
