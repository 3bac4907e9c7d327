"""Other linters on the same packages: their environment, their answers, and places as we name
them. What is asked of them is a matter of the family."""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from .packages import CORPUS, HERE, CorpusError, Package

BUGBEAR = "flake8-bugbear"
RUFF = "ruff"
PYLINT = "pylint"
SEMGREP = "semgrep"
BANDIT = "bandit"

At = tuple[str, int, int]
"""Path, line and column of a site."""
Finding = Mapping[str, Any]
"""A finding of ours, as the command line's JSON has it."""


class Site(NamedTuple):
    """A place that a rule names: 1-based line and column where the default, or the call, starts,
    the path relative to the package. Where only a default's function is known, the line is the
    function's and the column 0."""

    tool: str
    rule: str
    path: str
    line: int
    column: int


class Family(NamedTuple):
    """What is compared of a family. `rules` are the nearest ones of others, by tool and name;
    `beside` is a tool without such a rule, of which is counted what it says of our sites.
    `ask` runs the tools over a package, `remark` that other one over some of its files. `kind`
    says what kind a site of ours is that a rule does not name, `why` what can be read off the
    code of a site that only others name, if anything. `note` is what else the page says."""

    name: str
    codes: tuple[str, ...]
    rules: tuple[tuple[str, str], ...]
    beside: str
    ask: Callable[[Package], Iterable[Site]]
    remark: Callable[[Package, Sequence[str]], Iterable[Site]]
    kind: Callable[[Path, str, Finding], str]
    why: Callable[[Path, At], str]
    note: str


def environment() -> Path:
    """The folder with the tools' commands: an environment of their own, made when missing."""
    folder = CORPUS / "peers"
    commands = folder / ("Scripts" if sys.platform == "win32" else "bin")
    done = folder / "installed.txt"
    wanted = (HERE / "peers.txt").read_text(encoding="utf-8")
    if not done.is_file() or done.read_text(encoding="utf-8") != wanted:
        venv.create(folder, with_pip=True)
        command = [str(commands / "python"), "-m", "pip", "install", "--quiet"]
        subprocess.run([*command, "-r", str(HERE / "peers.txt")], check=True)
        done.write_text(wanted, encoding="utf-8")
    return commands


def sites(package: Package, family: Family) -> list[Site]:
    """What all tools of a family say about a package, from the kept answer if there is one."""
    kept = CORPUS / "answers" / family.name / f"{package.label}.json"
    if not kept.is_file():
        found = sorted(family.ask(package))
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps(found), encoding="utf-8")
    return [Site(*row) for row in json.loads(kept.read_text(encoding="utf-8"))]


def output(command: list[str], folder: Path) -> str:
    """What a command writes when it is run in a package's folder; raises CorpusError if it fails
    without a word. Which status says "nothing found" is each tool's own habit."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if not done.stdout and done.returncode:
        raise CorpusError(f"{Path(command[0]).name}: {done.stderr.strip()[-200:]}")
    return done.stdout


def ruff_command(commands: Path, rules: Iterable[str]) -> list[str]:
    """ruff with some rules, blind to comments and to configuration."""
    return [
        str(commands / "ruff"), "check", "--isolated", "--no-cache", "--ignore-noqa",
        "--no-respect-gitignore", "--config", "exclude=[]", "--exit-zero",
        "--select", ",".join(rules), "--output-format", "json", ".",
    ]  # fmt: skip


def ruff(commands: Path, rules: Iterable[str], folder: Path) -> Iterable[Site]:
    """What ruff says with some rules."""
    for row in json.loads(output(ruff_command(commands, rules), folder)):
        if row["code"] in rules:
            path = Path(row["filename"]).relative_to(folder.resolve()).as_posix()
            yield Site(RUFF, row["code"], path, row["location"]["row"], row["location"]["column"])


def pylint_command(commands: Path, files: Iterable[str]) -> list[str]:
    """pylint with its nearest checker alone. It gets every file by name, because in a folder it
    passes over subfolders without `__init__.py`; who calls leaves out what cannot have it."""
    return [
        str(commands / "pylint"), "--rcfile=/dev/null", "--disable=all", "--ignore=",
        "--enable=dangerous-default-value", "--exit-zero", "--output-format=json", *files,
    ]  # fmt: skip


def pylint(commands: Path, files: Sequence[Path], folder: Path) -> list[Finding]:
    """What pylint's nearest checker says of some files."""
    command = pylint_command(commands, (str(path.relative_to(folder)) for path in files))
    rows = json.loads(output(command, folder) or "[]") if files else []
    return [row for row in rows if row["symbol"] == "dangerous-default-value"]
