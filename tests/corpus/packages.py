"""The pinned packages of the corpus, and where they lie once fetched."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CORPUS = ROOT / ".corpus"
PINS = HERE / "packages.toml"
USES = ("development", "fresh")


class CorpusError(Exception):
    """Something the person at the keyboard can mend; the text says what."""


class Package(NamedTuple):
    """One pinned archive. `archive` is its file name; empty for the standard library, whose
    `sha256` is over the files instead. `fresh`: nobody reads its code before the last reading."""

    name: str
    version: str
    sha256: str
    archive: str
    fresh: bool

    @property
    def label(self) -> str:
        """`name-version`, the folder's name."""
        return f"{self.name}-{self.version}"

    @property
    def folder(self) -> Path:
        """Where the unpacked source lies, whether or not it has been fetched."""
        return CORPUS / self.label

    @property
    def result(self) -> Path:
        """Where the last run over this package is written."""
        return CORPUS / "results" / f"{self.name}.json"


def packages(pins: Path = PINS) -> list[Package]:
    """All pinned packages in the order of the file; raises CorpusError for a malformed row."""
    found = []
    for row in tomllib.loads(pins.read_text(encoding="utf-8")).get("package", []):
        try:
            use = row["use"]
            package = Package(
                row["name"], row["version"], row["sha256"], row.get("archive", ""), use == "fresh"
            )
        except KeyError as missing:
            raise CorpusError(f"{pins.name}: a package without {missing}: {row}") from None
        if use not in USES:
            raise CorpusError(f"{pins.name}: {package.name}: use is none of {', '.join(USES)}")
        found.append(package)
    return found


def chosen(names: Sequence[str], *, fresh: bool = False) -> list[Package]:
    """The named packages; without names all development packages, with `fresh` the fresh ones.

    Raises CorpusError for a name that is not pinned.
    """
    known = packages()
    if not names:
        return [package for package in known if package.fresh == fresh]
    by_name = {package.name: package for package in known}
    unknown = [name for name in names if name not in by_name]
    if unknown:
        raise CorpusError(f"not pinned in packages.toml: {', '.join(unknown)}")
    return [by_name[name] for name in names]


def fetched(wanted: Iterable[Package]) -> list[Package]:
    """Those whose folder exists; raises CorpusError if there is none at all."""
    here = [package for package in wanted if package.folder.is_dir()]
    if not here:
        raise CorpusError("nothing fetched yet: run `python tests/corpus fetch` first")
    return here


def python_files(folder: Path) -> list[Path]:
    """Every `.py` file below a folder, sorted."""
    return sorted(path for path in folder.rglob("*.py") if path.is_file())
