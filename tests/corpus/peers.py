"""What other linters say about the same packages: run them, and name their sites as we do."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import venv
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from .packages import CORPUS, HERE, CorpusError, Package, python_files

BUGBEAR = "flake8-bugbear"
RUFF = "ruff"
PYLINT = "pylint"
RULES = ((BUGBEAR, "B006"), (BUGBEAR, "B008"), (RUFF, "B006"), (RUFF, "B008"), (PYLINT, "W0102"))
_FLAKE8_LINE = re.compile(r"(?:\./)?(.+?):(\d+):(\d+): (B00[68]) ")
_DANGEROUS = re.compile(r"Dangerous default value (.+?)(?: \([\w.]+\))? as argument")


class Site(NamedTuple):
    """A default expression that a rule names, by the place where the expression starts: 1-based
    line and column, the path relative to the package. Where only the function is known, the line
    is the function's and the column 0."""

    tool: str
    rule: str
    path: str
    line: int
    column: int


class Default(NamedTuple):
    """A parameter's default, with the parameter and its function."""

    node: ast.expr
    parameter: ast.arg
    function: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


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


def ruff_command(commands: Path) -> list[str]:
    """ruff with its nearest rule, blind to comments and to configuration."""
    return [
        str(commands / "ruff"), "check", "--isolated", "--no-cache", "--ignore-noqa",
        "--no-respect-gitignore", "--config", "exclude=[]", "--exit-zero",
        "--select", "B006,B008", "--output-format", "json", ".",
    ]  # fmt: skip


def flake8_command(commands: Path, jobs: int = 1) -> list[str]:
    """flake8 with bugbear, which cannot be run without the rest of flake8."""
    return [
        str(commands / "flake8"), "--isolated", "--disable-noqa", "--exclude=", "--exit-zero",
        "--select", "B006,B008", "--jobs", str(jobs), ".",
    ]  # fmt: skip


def pylint_command(commands: Path, files: Iterable[str]) -> list[str]:
    """pylint with its nearest checker alone. It gets every file by name, because in a folder
    it passes over subfolders without `__init__.py`."""
    return [
        str(commands / "pylint"), "--rcfile=/dev/null", "--disable=all", "--ignore=",
        "--enable=dangerous-default-value", "--exit-zero", "--output-format=json", *files,
    ]  # fmt: skip


def sites(package: Package) -> list[Site]:
    """What all tools say about a package, from the kept answer if there is one."""
    kept = CORPUS / "answers" / f"{package.label}.json"
    if not kept.is_file():
        commands = environment()
        files = [path.relative_to(package.folder) for path in python_files(package.folder)]
        found = [
            *_ruff(_output(ruff_command(commands), package.folder), package.folder),
            *_flake8(_output(flake8_command(commands), package.folder)),
            *_pylint(
                _output(pylint_command(commands, map(str, files)), package.folder), package.folder
            ),
        ]
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps(sorted(found)), encoding="utf-8")
    return [Site(*row) for row in json.loads(kept.read_text(encoding="utf-8"))]


def _output(command: list[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if not done.stdout and done.returncode:
        raise CorpusError(f"{Path(command[0]).name}: {done.stderr.strip()[-200:]}")
    return done.stdout


def _ruff(output: str, folder: Path) -> Iterator[Site]:
    for row in json.loads(output):
        if (RUFF, row["code"]) in RULES:
            path = Path(row["filename"]).relative_to(folder).as_posix()
            yield Site(RUFF, row["code"], path, row["location"]["row"], row["location"]["column"])


def _flake8(output: str) -> Iterator[Site]:
    for line in output.splitlines():
        if match := _FLAKE8_LINE.match(line):
            path, row, column, rule = match.groups()
            yield Site(BUGBEAR, rule, path, int(row), int(column))


def _pylint(output: str, folder: Path) -> Iterator[Site]:
    """pylint names the function and the default's text: the defaults are looked up."""
    used: set[tuple[str, int, int]] = set()
    for row in json.loads(output or "[]"):
        if row["symbol"] != "dangerous-default-value":
            continue
        path = Path(row["path"]).as_posix()
        match = _DANGEROUS.match(row["message"])
        place = (row["line"], 0)
        for line, column in _named(folder / path, row["line"], match.group(1) if match else ""):
            if (path, line, column) not in used:
                place = (line, column)
                break
        used.add((path, *place))
        yield Site(PYLINT, "W0102", path, *place)


def _named(path: Path, line: int, text: str) -> Iterator[tuple[int, int]]:
    """The defaults of the function on a line that pylint's words may mean, first to last."""
    for default in defaults(path):
        if default.function.lineno == line and _means(text, default.node):
            yield default.node.lineno, default.node.col_offset + 1


def _means(text: str, node: ast.expr) -> bool:
    if text == "[]":
        return isinstance(node, ast.List)
    if text == "{}":
        return isinstance(node, ast.Dict)
    if text.endswith("()"):
        if text == "set()" and isinstance(node, ast.Set):
            return True
        return isinstance(node, ast.Call)
    return ast.unparse(node) == text


def defaults(path: Path) -> Iterable[Default]:
    """Every default in a file, in order; none if it is not Python."""
    try:
        tree = ast.parse(path.read_bytes())
    except (SyntaxError, ValueError, RecursionError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            arguments = node.args
            positional = [*arguments.posonlyargs, *arguments.args]
            start = len(positional) - len(arguments.defaults)
            pairs = list(zip(positional[start:], arguments.defaults, strict=True))
            pairs += [
                (argument, default)
                for argument, default in zip(
                    arguments.kwonlyargs, arguments.kw_defaults, strict=True
                )
                if default is not None
            ]
            for argument, default in pairs:
                yield Default(default, argument, node)
