"""Imports: absolute names of modules, and what they bind."""

from __future__ import annotations

from typing import Any

from .lower_names import STATEMENTS, Names


class Imports(Names):
    """The part of a function's lowering that handles imports."""

    @STATEMENTS.lowers("Import")
    def s_import(self, node: Any) -> None:
        at = self.span(node)
        for name, alias in node.names:
            self.module.imports.append((name, at))
            bound = alias or name.partition(".")[0]
            self.bind(bound, self.value("import", (), name if alias else bound, at), at)
        self.may_raise()

    @STATEMENTS.lowers("ImportFrom")
    def s_importfrom(self, node: Any) -> None:
        at = self.span(node)
        origin = self._absolute(node.modname, node.level or 0)
        known = origin or "." * (node.level or 0) + node.modname
        self.module.imports.append((known, at))
        for name, alias in node.names:
            if name == "*":
                self.module.stars.append(known)
                continue
            if origin is None:
                value = self.value("unknown", (), "relative import above the top package", at)
            else:
                value = self.value("from", (), f"{origin}:{name}", at)
            self.bind(alias or name, value, at)
        self.may_raise()

    def _absolute(self, name: str, level: int) -> str | None:
        """The dotted name of a module; None if it lies above the top package."""
        if not level:
            return name
        parts = self.module.name.split(".")
        drop = level - 1 if self.module.is_package else level
        if drop >= len(parts) and not (drop == len(parts) and name):
            return None
        base = parts[: len(parts) - drop]
        return ".".join([*base, name] if name else base)
