"""What careful readers said about findings, one JSON object per line, sorted by place."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple, cast

from .packages import HERE, CorpusError, Package

FOLDER = HERE / "verdicts"
FILES = {
    "INC1": "shared_defaults.jsonl",
    "INC2": "unchecked_responses.jsonl",
    "INC3": "tenant_state.jsonl",
    "INC4": "metric_cardinality.jsonl",
}
"""Where the rows of a family are kept."""
WORDS = ("right", "wrong", "arguable")
Word = Literal["right", "wrong", "arguable"]
Place = tuple[str, str, int, int, str]
"""Package, path, line, column and code: what makes a verdict the only one of its kind."""


class Verdict(NamedTuple):
    """One finding, read by a person.

    `path` is relative to the package's folder, `line` and `column` are those of the finding,
    `source` is that line without the white space around it. `fresh`: when it was read, nobody had
    opened that package before. `reported`: the linter of today still says it; a wrong verdict
    stays after its cause was mended, with `reported` false.
    """

    package: str
    version: str
    sha256: str
    path: str
    line: int
    column: int
    code: str
    source: str
    verdict: Word
    why: str
    fresh: bool
    reported: bool

    @property
    def place(self) -> Place:
        """What rows are sorted by and unique in."""
        return (self.package, self.path, self.line, self.column, self.code)


def recorded() -> list[Verdict]:
    """The rows of all families, sorted by place; raises CorpusError as `read` does."""
    files = sorted(FOLDER.glob("*.jsonl"))
    return sorted((row for path in files for row in read(path)), key=lambda row: row.place)


def keep(rows: Iterable[Verdict]) -> None:
    """Write all rows, each into its family's file. Raises CorpusError, and writes nothing, if a row
    is of a family that has none: it would be lost."""
    kept = list(rows)
    homeless = sorted({row.code for row in kept if not row.code.startswith(tuple(FILES))})
    if homeless:
        raise CorpusError(f"no file for verdicts of {', '.join(homeless)}: see FILES")
    for family, name in FILES.items():
        write((row for row in kept if row.code.startswith(family)), FOLDER / name)


def read(path: Path) -> list[Verdict]:
    """The rows of a file, unchecked but for their shape; raises CorpusError naming the line."""
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            rows.append(Verdict(**json.loads(line)))
        except (ValueError, TypeError) as error:
            raise CorpusError(f"{path.name}:{number}: {error}") from None
    return rows


def write(rows: Iterable[Verdict], path: Path) -> None:
    """Sort the rows and write them, replacing the file."""
    text = "".join(
        json.dumps(row._asdict(), ensure_ascii=False) + "\n"
        for row in sorted(rows, key=lambda row: row.place)
    )
    path.write_text(text, encoding="utf-8")


def problems(rows: list[Verdict], pinned: Iterable[Package]) -> list[str]:
    """What is wrong with the rows, one line each; an empty list if nothing is."""
    pins = {(package.name, package.version): package for package in pinned}
    found = []
    for index, row in enumerate(rows):
        at = f"row {index + 1} ({row.package} {row.path}:{row.line} {row.code})"
        found += [f"{at}: {text}" for text in _problems_of_one(row, pins)]
        if index and rows[index - 1].place == row.place:
            found.append(f"{at}: judged twice")
        elif index and rows[index - 1].place > row.place:
            found.append(f"{at}: not in order")
    return found


def _problems_of_one(row: Verdict, pins: Mapping[tuple[str, str], Package]) -> Iterable[str]:
    for name, kind in _KINDS.items():
        if type(getattr(row, name)) is not kind:
            yield f"{name} is no {kind.__name__}"
            return
    if row.verdict not in WORDS:
        yield f"the verdict is none of {', '.join(WORDS)}"
    if not re.fullmatch(r"INC[0-6]\d\d", row.code):
        yield "no code of ours"
    if row.line < 1 or row.column < 1:
        yield "lines and columns start at 1"
    if row.path.startswith("/") or "\\" in row.path or ".." in row.path.split("/"):
        yield "the path is not relative to the package"
    if not row.source or row.source != row.source.strip() or "\n" in row.source:
        yield "the source is not one stripped line"
    if len(row.why.split()) < 3 or "\n" in row.why:
        yield "`why` is not one sentence"
    pin = pins.get((row.package, row.version))
    if pin is None:
        yield f"{row.package} {row.version} is not pinned in packages.toml"
    elif pin.sha256 != row.sha256:
        yield "the sha256 is not that of the pinned archive"


_KINDS: dict[str, type] = {
    name: {"line": int, "column": int, "fresh": bool, "reported": bool}.get(name, str)
    for name in Verdict._fields
}


def place_of(package: str, finding: Mapping[str, Any]) -> Place:
    """The place of a finding of a run."""
    return (package, finding["path"], finding["line"], finding["column"], finding["code"])


def key(package: str, finding: Mapping[str, Any]) -> str:
    """How a finding of a run is named on paper: `package:path:line:column:code`."""
    return ":".join(str(part) for part in place_of(package, finding))


def record(
    notes: str,
    pinned: Iterable[Package],
    rows: Iterable[Verdict],
    *,
    reread: bool = False,
    opened: bool = False,
) -> list[Verdict]:
    """Add the verdicts of a reader's notes to the rows.

    A note is a line `KEY | right | why`, with the key as `review` prints it; other lines must be
    empty or start with `#`. The packages must be fetched: source lines come from there. A note
    on a row that exists is refused, unless `reread`: then it replaces the row. `opened`: somebody
    has read those packages while the rule was built, so that no row is fresh. Raises CorpusError
    for a note that cannot be used.
    """
    pins = {p.name: p._replace(fresh=p.fresh and not opened) for p in pinned}
    known = {row.place: row for row in rows}
    for number, line in enumerate(notes.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            row = _from_note(line, pins)
        except (ValueError, KeyError, IndexError, OSError) as error:
            raise CorpusError(f"note {number}: {error!r}: {line.strip()}") from None
        if row.place in known and not reread:
            raise CorpusError(f"note {number}: judged before, see --reread: {line.strip()}")
        known[row.place] = row
    return sorted(known.values(), key=lambda row: row.place)


def _from_note(line: str, pins: Mapping[str, Package]) -> Verdict:
    name, word, why = (part.strip() for part in line.split("|", 2))
    if word not in WORDS:
        raise ValueError(f"{word!r} is none of {', '.join(WORDS)}")
    package, path, row, column, code = name.rsplit(":", 4)[-5:]
    pin = pins[package]
    text = (pin.folder / path).read_bytes().decode("utf-8", "replace")
    source = re.split(r"\r\n|\r|\n", text)[int(row) - 1].strip()
    return Verdict(
        package, pin.version, pin.sha256, path, int(row), int(column), code, source,
        cast(Word, word), why, pin.fresh, True,
    )  # fmt: skip


def mark(rows: Iterable[Verdict], reports: Mapping[str, set[Place]]) -> list[Verdict]:
    """Set `reported` by the places that today's runs report, per package.

    Rows of packages without a run keep what they say.
    """
    return [
        row._replace(reported=row.place in reports[row.package]) if row.package in reports else row
        for row in rows
    ]
