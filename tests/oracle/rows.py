"""The row types of the grammar, and the language their templates are written in.

A template is Python text with placeholders; the builder (`programs.py`) fills them in:

| placeholder | becomes |
| --- | --- |
| `$v` | the value that is followed, as an expression (`values` inside `support`) |
| `$n` | a fresh name; a row that uses it makes it the followed value, unless `out` says otherwise |
| `$a`, `$b` | fresh names of no further interest |
| `$h1`, `$H1`, `$K1`, `$h2` ... | a helper function, class or constant of this row |
| `$B`, `$C` | the base class of this row, the class that holds the function |
| `$flag`, `$mode` | a new boolean or small-integer parameter: a branch input |
| `$item`, `$items`, `$target`, `$book`, `$account`, `$callback` | other arguments |
| `$new`, `$copy`, `$type` | an empty value, a copy of `$v`, the class, of the value's kind |
| `$change`, `$alter` | a change of `$v`, as a statement or as an expression |
| `$log` | a statement that does nothing of interest |
"""

from __future__ import annotations

from typing import NamedTuple

SIZED = "list dict set bytes deque"
"""Kinds with a length and an empty value."""
HELD = SIZED + " object"
"""Kinds that can be read without being used up."""
ANY = HELD + " iter"
LINEAR = "list bytes deque"


class Row(NamedTuple):
    """A construct inside the function.

    `body` are statements; if the last line ends with ":" or is `$here`, what follows goes there,
    and `close` comes after that. `out` is the followed value afterwards (see `$n`), `gives` its kind.
    `support` are definitions at module level, in any module; `method` goes into the function's
    class, `base` becomes a base of it. `needs` are words about place and value: "method",
    "init", "await", "yield", "once" (exactly one yield), "plain" (a `return` with a value), "filled" and "empty" (what the default
    holds), "name" (`$v` must be a name: it is assigned to).
    """

    name: str
    body: str
    out: str = ""
    close: str = ""
    support: tuple[str, ...] = ()
    method: str = ""
    base: str = ""
    kinds: str = HELD
    needs: str = ""
    gives: str = ""
    imports: tuple[str, ...] = ()

    @property
    def group(self) -> str:
        """The part of the name before the dot."""
        return self.name.partition(".")[0]


class Default(NamedTuple):
    """A default value.

    `reach` is the expression of the mutable part, in terms of `$v`. `judge` says what counts:
    "leaks" (changed or handed out), "changed" (a named container: handing out is its purpose),
    "never" (immutable, or a named instance). `before` are lines above the function's class or
    module-level function, `within` lines of its class body.
    """

    name: str
    text: str
    kind: str
    filled: bool = False
    judge: str = "leaks"
    reach: str = "$v"
    support: tuple[str, ...] = ()
    before: str = ""
    within: str = ""
    imports: tuple[str, ...] = ()


class Param(NamedTuple):
    """How the defaulted parameter is written: `text` with `$p` (name), `$d` (default), `$k` (an
    annotation for its kind) and `$s` (a read-only one)."""

    name: str
    text: str
    kinds: str = ANY
    only_changed: bool = False


class Place(NamedTuple):
    """What kind of function it is. `gives` are the words that rows may need; `receiver` is an
    expression (`$C` its class) whose method `entry` is called; without one `entry` is a name of the
    module. `base` becomes a base of the class."""

    name: str
    text: str
    gives: str
    receiver: str = ""
    entry: str = "$f"
    support: tuple[str, ...] = ()
    base: str = ""
    imports: tuple[str, ...] = ()
