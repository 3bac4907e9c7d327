"""How long a run takes beside `ast.parse` and the nearest linters, in one process each.

Three pinned packages are laid out in a temporary folder, a git-free project of its own. The
contenders run in turn, several rounds, so that a busy machine slows all of them alike; medians
are printed and written to `results.md`. Start-up is part of every time.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "src")]

from corpus import defaults, fetch, peers  # noqa: E402
from corpus.packages import chosen, python_files  # noqa: E402
from corpus.run import CONFIGURATION, environment  # noqa: E402

RESULTS = ROOT / "benchmarks" / "results.md"
PACKAGES = ("celery", "kombu", "buildbot")
BASE = "ast.parse"
CACHE = "facts"
PARSE = "import ast, sys\nfor name in sys.argv[1:]:\n    ast.parse(open(name, 'rb').read())\n"


class Contender(NamedTuple):
    """Something that is timed. `before` runs untimed ahead of every round."""

    name: str
    command: Sequence[str]
    before: Callable[[], None] = lambda: None


class Taken(NamedTuple):
    """Seconds of wall time and the peak of resident memory, in megabytes, of one process."""

    seconds: float
    megabytes: float


def main() -> int:
    """Run the benchmark; 1 if a contender failed, which would make its time worthless."""
    parser = argparse.ArgumentParser(description="Compare run times and memory.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only-us", action="store_true", help="leave the other linters out")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="incident-lint-bench-") as folder:
        files = _lay_out(Path(folder))
        contenders = _contenders(Path(folder), files, only_us=options.only_us)
        taken = _rounds(contenders, Path(folder), options.rounds)
        lines = sum((Path(folder) / name).read_bytes().count(b"\n") for name in files)
    text = _page(taken, len(files), lines, options.rounds)
    print(text)
    if not options.only_us:
        RESULTS.write_text(text, encoding="utf-8")
    return 0


def _lay_out(folder: Path) -> list[str]:
    """Copy the packages into the folder; the names of their files, relative to it."""
    for package in chosen(PACKAGES):
        shutil.copytree(fetch.fetch(package), folder / package.label)
        (folder / package.label / "pyproject.toml").write_text(CONFIGURATION, encoding="utf-8")
    return [path.relative_to(folder).as_posix() for path in python_files(folder)]


def _contenders(folder: Path, files: Sequence[str], *, only_us: bool) -> list[Contender]:
    facts = folder / CACHE
    us = [sys.executable, "-m", "incident_lint", "check", ".", "--jobs", "1", "--exit-zero"]
    us += ["--output-format", "concise", "--cache-dir", str(facts)]

    def forget() -> None:
        shutil.rmtree(facts, ignore_errors=True)

    found = [
        Contender(BASE, [sys.executable, "-c", PARSE, *files]),
        Contender("incident-lint, cold", us, forget),
        Contender("incident-lint, warm", us),
    ]
    if not only_us:
        commands = peers.environment()
        found += [
            Contender("ruff, B006 and B008", peers.ruff_command(commands, ("B006", "B008"))),
            Contender("flake8 with bugbear", [*defaults.flake8_command(commands), "."]),
            Contender("pylint, W0102 only", peers.pylint_command(commands, files)),
        ]
    return found


def _rounds(contenders: Sequence[Contender], folder: Path, rounds: int) -> dict[str, list[Taken]]:
    taken: dict[str, list[Taken]] = {contender.name: [] for contender in contenders}
    for number in range(rounds):
        for contender in contenders:
            contender.before()
            one = _timed(contender, folder)
            taken[contender.name].append(one)
            print(
                f"round {number + 1}: {contender.name:22}{one.seconds:8.2f} s",
                file=sys.stderr,
            )
    return taken


def _timed(contender: Contender, folder: Path) -> Taken:
    """Run a command and wait for it alone, so that the peak of its memory is its own."""
    output = os.open(os.devnull, os.O_WRONLY)
    start = time.perf_counter()
    child = subprocess.Popen(
        contender.command, cwd=folder, env=_quiet(environment()), stdout=output, stderr=output
    )
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - start
    os.close(output)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{contender.name}: exit status {child.returncode}")
    return Taken(seconds, _megabytes(usage))


def _quiet(variables: Mapping[str, str]) -> dict[str, str]:
    """Let nobody write byte code beside the sources, or warn about them."""
    return {**variables, "PYTHONDONTWRITEBYTECODE": "", "PYTHONWARNINGS": "ignore"}


def _megabytes(usage: resource.struct_rusage) -> float:
    return usage.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def _page(taken: Mapping[str, Sequence[Taken]], files: int, lines: int, rounds: int) -> str:
    base = median(one.seconds for one in taken[BASE])
    labels = ", ".join(package.label for package in chosen(PACKAGES))
    rows = [
        "# Benchmark",
        "",
        f"{labels}: {files} files, {lines:,} lines; one process each, median of {rounds} rounds in",
        f"turn, start-up included; Python {platform.python_version()}, {platform.machine()},",
        f"{os.cpu_count()} processors. Written by `make bench`.",
        "",
        "| | seconds | x `ast.parse` | lines per second | peak memory |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for name, several in taken.items():
        seconds = median(one.seconds for one in several)
        peak = max(one.megabytes for one in several)
        rows.append(
            f"| {name} | {seconds:.2f} | {seconds / base:.2f} | {lines / seconds:,.0f} "
            f"| {peak:.0f} MB |"
        )
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    sys.exit(main())
