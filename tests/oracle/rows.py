"""The row types of the grammar, and the language that `constructs/*.txt` are written in.

A file holds rows: `== name`, the statements of the body, then sections. A section is one line,
`-- kinds: list dict`, or has lines of its own: `-- support`. Text before the first row is for
people. The sections are the fields of `Row`; `import` and `support` may be repeated.

Body and sections are Python text with placeholders, which the writer fills in:

| placeholder | becomes |
| --- | --- |
| `$v` | the value that is followed, as an expression (`values` in support, method and base) |
| `$n` | a fresh name; a row that uses it makes it the followed value, unless `out` says otherwise |
| `$a`, `$b` | fresh names of no further interest |
| `$h1`, `$H1`, `$K1`, `$h2` ... | a helper function, class or constant of this row |
| `$B`, `$C` | the base class of this row, the class that holds the function |
| `$flag`, `$mode` | a new boolean or small-integer parameter: a branch input |
| `$item`, `$items`, `$target`, `$book`, `$account`, `$callback`, `$runner` | other arguments |
| `$new`, `$copy`, `$type` | an empty value, a copy of `$v`, the class, of the value's kind |
| `$change`, `$alter` | a change of `$v`, as a statement or as an expression |
| `$log` | a statement that does nothing of interest |
| `$here` | where what follows goes (else: inside the last line, if that ends with ":") |
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

_FOLDER = Path(__file__).with_name("constructs")
_GROUPS_OF_KINDS = {
    "any": "list dict set bytes deque object iter",
    "held": "list dict set bytes deque object",
    "sized": "list dict set bytes deque",
    "linear": "list bytes deque",
}
"""Any; what can be read without being used up; what has a length; what has an order."""


class Row(NamedTuple):
    """A construct inside the function.

    `close` comes after what goes inside the body. `out` is the followed value afterwards (see
    `$n`), `gives` its kind if that is another one. `support` are definitions at module level, in
    any module; `method` goes into the function's class, `base` becomes a base of it. `imports` are
    imports, or assignments at module level, of the function's module. `needs` are words about
    place and value:

    - "method", "init" (in `__init__`), "await", "yield", "sync" (a yield that is not async),
      "once" (exactly one yield), "plain" (a `return` with a value);
    - "filled": the default is not empty; "known": whether it is empty can be read off the
      default, and the row depends on it; "missing": reading a missing key makes one;
      "shared": it is shared by name, and only a change counts;
    - "name": `$v` must be a name, because it is assigned to.
    """

    name: str
    body: str
    out: str = ""
    close: str = ""
    support: tuple[str, ...] = ()
    method: str = ""
    base: str = ""
    kinds: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()
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
    "never" (immutable, or a named instance). `opaque`: whether it is empty cannot be known from
    the expression (made or changed elsewhere, or a piece of the default). `before` are lines
    above the function or its class, `within` lines of its class's body. `gives` is a word that
    rows may need.
    """

    name: str
    text: str
    kind: str
    filled: bool = False
    judge: str = "leaks"
    opaque: bool = False
    reach: str = "$v"
    support: tuple[str, ...] = ()
    before: str = ""
    within: str = ""
    imports: tuple[str, ...] = ()
    gives: str = ""


class Param(NamedTuple):
    """How the defaulted parameter is written: `text` with `$p` (name), `$d` (default), `$k` (an
    annotation for its kind) and `$s` (a read-only one)."""

    name: str
    text: str
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


def read_rows(
    folder: Path = _FOLDER, groups: Mapping[str, str] = _GROUPS_OF_KINDS, usual: str = "held"
) -> tuple[Row, ...]:
    """Every row of a folder's text files, in the order of files and lines. `groups`: names for
    several kinds, `usual` the kinds of a row that says none."""
    rows: list[Row] = []
    for path in sorted(folder.glob("*.txt")):
        _, *texts = ("\n" + path.read_text(encoding="utf-8")).split("\n== ")
        rows += [_row(text, groups, usual) for text in texts]
    return tuple(rows)


def _row(text: str, groups: Mapping[str, str], usual: str) -> Row:
    head, *sections = text.split("\n-- ")
    name, _, body = head.partition("\n")
    found: dict[str, list[str]] = {}
    for section in sections:
        title, _, lines = section.partition("\n")
        key, _, value = title.partition(": ")
        found.setdefault(key, []).append(value or lines.rstrip("\n"))

    def one(key: str) -> str:
        (value,) = found.pop(key, [""])
        return value

    kinds = one("kinds") or usual
    row = Row(
        name,
        body.rstrip("\n"),
        one("out"),
        one("close"),
        tuple(found.pop("support", ())),
        one("method"),
        one("base"),
        frozenset(groups.get(kinds, kinds).split()),
        frozenset(one("needs").split()),
        one("gives"),
        tuple(found.pop("import", ())),
    )
    assert not found, f"{name}: unknown sections {list(found)}"
    return row
