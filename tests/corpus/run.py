"""Run the linter over fetched packages, keep what it says, and compare two runs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from incident_lint.knowledge.rules import DELIVERED

from .counts import Statistics, parse
from .packages import CORPUS, ROOT, CorpusError, Package, python_files

CONFIGURATION = """\
# Makes this folder a project of its own: nothing above it is read.
[tool.incident-lint]
src = ["."]
exclude = []
"""
EVERY_CODE = ",".join(code for code in sorted(DELIVERED) if code != "INC001")
"""By name: a family's prefix leaves out what is off by default."""
_LONG = 1800


class Result(NamedTuple):
    """One run over one package: `findings` as the command line's JSON, `seconds` of wall time,
    `statistics` as it prints them."""

    package: str
    version: str
    seconds: float
    lines: int
    findings: list[dict[str, Any]]
    statistics: Statistics


def run(package: Package, *, select: str = EVERY_CODE, jobs: int = 1) -> Result:
    """Check a fetched package, with every code on. Facts are kept between runs, as they are for
    users: only the first run after a change of the lowering is a cold one.

    Raises CorpusError if the linter does not end by itself, or ends without an answer; a file
    that a fault of ours left unchecked is in the answer (INC002).
    """
    (package.folder / "pyproject.toml").write_text(CONFIGURATION, encoding="utf-8")
    command = [sys.executable, "-m", "incident_lint", "check", ".", "--output-format", "json"]
    command += [
        "--all",
        "--cache-dir",
        str(CORPUS / "facts"),
        "--statistics",
        "--select",
        select,
        "--jobs",
        str(jobs),
    ]
    start = time.perf_counter()
    try:
        done = subprocess.run(
            command, cwd=package.folder, env=environment(), capture_output=True, timeout=_LONG
        )
    except subprocess.TimeoutExpired:
        raise CorpusError(f"{package.label}: not done after {_LONG} s") from None
    seconds = time.perf_counter() - start
    told = done.stderr.decode("utf-8", "replace")
    if not done.stdout:
        last = told.strip().splitlines()[-1:] or ["no word why"]
        raise CorpusError(f"{package.label}: exit status {done.returncode}: {last[0]}")
    lines = sum(path.read_bytes().count(b"\n") for path in python_files(package.folder))
    return Result(
        package.name, package.version, round(seconds, 1), lines, json.loads(done.stdout),
        parse(told),
    )  # fmt: skip


def environment() -> dict[str, str]:
    """The environment in which this checkout's linter is found."""
    path = os.pathsep.join(filter(None, (str(ROOT / "src"), os.environ.get("PYTHONPATH"))))
    return {**os.environ, "PYTHONPATH": path, "PYTHONHASHSEED": "0"}


def store(result: Result, path: Path) -> None:
    """Write a result, keeping the one before it as `*.before.json`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        path.replace(path.with_suffix(".before.json"))
    values = {**result._asdict(), "statistics": result.statistics._asdict()}
    path.write_text(json.dumps(values, indent=1), encoding="utf-8")


def load(path: Path) -> Result:
    """Read a stored result; raises CorpusError if there is none."""
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CorpusError(f"no run yet: {path.name}; `python tests/corpus run` makes it") from None
    return Result(**{**values, "statistics": Statistics(**values["statistics"])})


def difference(
    before: Iterable[Mapping[str, Any]], after: Iterable[Mapping[str, Any]]
) -> Iterator[str]:
    """What two runs say differently, one line each: `-` gone, `+` new, `~` other words."""
    old, new = _by_place(before), _by_place(after)
    for place in sorted(old.keys() | new.keys()):
        path, line, column, code = place
        at = f"{path}:{line}:{column} {code}"
        if place not in new:
            yield f"- {at} {old[place]['message']}"
        elif place not in old:
            yield f"+ {at} {new[place]['message']}"
        elif old[place]["message"] != new[place]["message"]:
            yield f"~ {at} {new[place]['message']}"


def _by_place(
    findings: Iterable[Mapping[str, Any]],
) -> dict[tuple[str, int, int, str], Mapping[str, Any]]:
    return {(f["path"], f["line"], f["column"], f["code"]): f for f in findings}
