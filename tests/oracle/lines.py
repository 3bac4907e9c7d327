"""The lines of a body in the making, and the blocks that are open in it."""

from __future__ import annotations


class Lines:
    """Rows are added one after the other, each inside the blocks that those before it opened."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.indent = ""
        self.open: list[tuple[str, str]] = []

    def add(self, text: str) -> None:
        """Add statements at the present indentation."""
        self.lines += [self.indent + line if line else "" for line in text.split("\n")]

    def write(self, body: str, close: str) -> None:
        """Add a row's body; what follows goes inside it if it ends with ":" or `$here`, and
        `close` behind that."""
        *before, last = body.split("\n")
        goes_here = last.strip() == "$here"
        if not goes_here and not last.endswith(":"):
            self.add(body)
            return
        self.add("\n".join(before if goes_here else [*before, last]))
        self.open.append((self.indent, close))
        self.indent += last[: len(last) - len(last.lstrip())] + " " * (0 if goes_here else 4)

    def close(self, depth: int) -> None:
        """Close blocks until so many are open."""
        while len(self.open) > depth:
            self.indent, close = self.open.pop()
            if close:
                self.add(close)
