"""Every host says the same of every fixture, however it is run."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

import pytest

from incident_lint.knowledge import rules

pytestmark = pytest.mark.slow

FIXTURES = Path(__file__).parents[2] / "fixtures"
CODES = {code.pylint_id: code.code for code in rules.codes().values()} | {"E0001": "INC002"}

SUPPRESSIONS = '''\
"""Comments of all kinds."""


def read(é, names=[], *, more={}):
    return len(names), len(more), é


def unused(names=()):  # incident-lint: ignore[INC102] it was a list once
    return names


def ours(names=[]):  # incident-lint: ignore[INC102] nobody changes it
    return len(names)


def flake8s(names=[]):  # noqa: INC102
    return len(names)


def pylints(names=[]):  # pylint: disable=mutable-default
    return len(names)


def several(
    text="""
    """, names=[], more=[]  # noqa: INC1
):
    # pylint: disable=mutable-default
    return len(names)


class Block:  # pylint: disable=incident-lint
    def method(self, names=[]):
        return names

    def other(self, names=[]):
        # pylint: enable=incident-lint
        return names
'''


class Place(NamedTuple):
    path: str
    line: int
    column: int
    code: str


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The fixtures in a project of their own, with more comments and what is off switched on."""
    root = tmp_path_factory.mktemp("project")
    shutil.copytree(FIXTURES, root, ignore=shutil.ignore_patterns("*.fixed.py"), dirs_exist_ok=True)
    (root / "suppressions.py").write_text(SUPPRESSIONS, encoding="utf-8")
    off = sorted(c for c in rules.DELIVERED if not rules.codes()[c].default_on)
    wanted = f"[tool.incident-lint]\nextend-select = {off}\n"
    (root / "pyproject.toml").write_text(wanted)
    return root


@pytest.fixture(scope="module")
def files(tree: Path) -> list[str]:
    found = [*tree.rglob("*.py"), *tree.rglob("*.pyi")]
    return sorted(path.relative_to(tree).as_posix() for path in found)


@pytest.fixture(scope="module")
def expected(tree: Path, files: list[str]) -> set[Place]:
    return command_line(tree, files, "--jobs=1")


def run(tree: Path, *command: str, text: str | None = None) -> str:
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, *command],
        cwd=tree,
        env=environment,
        input=text,
        capture_output=True,
        encoding="utf-8",
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.stdout


def forget_facts(tree: Path) -> None:
    shutil.rmtree(tree / ".incident_lint_cache", ignore_errors=True)


def places(found: Iterable[tuple[str, int, int, str]]) -> set[Place]:
    """Without what hosts say in their own way of files they cannot read."""
    return {Place(*place) for place in found if place[3] != "INC002"}


def command_line(tree: Path, files: list[str], *options: str) -> set[Place]:
    output = run(tree, "-m", "incident_lint", "check", "--output-format=json", *options, *files)
    return places((f["path"], f["line"], f["column"], f["code"]) for f in json.loads(output))


FLAKE8 = ("--isolated", "--select=INC", "--format=%(path)s\t%(row)d\t%(col)d\t%(code)s")


def flake8_places(output: str) -> set[Place]:
    rows = [line.split("\t") for line in output.splitlines()]
    assert len(rows) == len(set(map(tuple, rows))), "a finding is shown twice"
    return places((path, int(line), int(column), code) for path, line, column, code in rows)


def flake8(tree: Path, files: list[str], jobs: int, start_method: str | None = None) -> set[Place]:
    program = "import sys; from flake8.main.cli import main; sys.exit(main(sys.argv[1:]))"
    if start_method:
        choose = f"import multiprocessing; multiprocessing.set_start_method({start_method!r}); "
        program = choose + program
    return flake8_places(run(tree, "-c", program, *FLAKE8, f"--jobs={jobs}", *files))


STDIN_OF_ALL = """
import io, sys
from flake8 import utils
from flake8.main.cli import main
for name in sys.stdin.read().split("\\n"):
    sys.stdin = io.TextIOWrapper(open(name, "rb"))
    utils.stdin_get_value.cache_clear()
    main([*sys.argv[1:], f"--stdin-display-name={name}", "-"])
"""


def flake8_stdin(tree: Path, files: list[str]) -> set[Place]:
    """One after the other in one process, which is what makes it bearable."""
    return flake8_places(run(tree, "-c", STDIN_OF_ALL, *FLAKE8, text="\n".join(files)))


def pylint(tree: Path, files: list[str], jobs: int) -> set[Place]:
    output = run(
        tree,
        "-m",
        "pylint",
        "--rcfile=",
        "--load-plugins=incident_lint.pylint",
        "--disable=all",
        "--enable=incident-lint",
        "--output-format=json",
        f"--jobs={jobs}",
        *files,
    )
    return places(
        (m["path"], m["line"], m["column"] + 1, CODES[m["message-id"]]) for m in json.loads(output)
    )


Way = Callable[[Path, list[str]], set[Place]]
COLD: dict[str, Way] = {
    "command line, two jobs": lambda tree, files: command_line(tree, files, "--jobs=2"),
    "command line, backwards": lambda tree, files: command_line(tree, files[::-1], "--jobs=1"),
    "command line, no cache": lambda tree, files: command_line(tree, files, "--no-cache"),
    "flake8, fork": lambda tree, files: flake8(tree, files[::-1], 2, "fork"),
    "pylint, two jobs": lambda tree, files: pylint(tree, files[::-1], 2),
}
WARM: dict[str, Way] = {
    "command line": lambda tree, files: command_line(tree, files, "--jobs=1"),
    "command line, backwards, two jobs": lambda tree, files: command_line(
        tree, files[::-1], "--jobs=2"
    ),
    "flake8": lambda tree, files: flake8(tree, files, 1),
    "flake8, spawn": lambda tree, files: flake8(tree, files, 2, "spawn"),
    "flake8, stdin": flake8_stdin,
    "pylint": lambda tree, files: pylint(tree, files, 1),
}


@pytest.mark.parametrize("way", COLD)
def test_without_facts(way: str, tree: Path, files: list[str], expected: set[Place]) -> None:
    forget_facts(tree)
    assert_equal(COLD[way](tree, files), expected)


@pytest.mark.parametrize("way", WARM)
def test_with_facts(way: str, tree: Path, files: list[str], expected: set[Place]) -> None:
    if not (tree / ".incident_lint_cache").is_dir():
        command_line(tree, files)
    assert_equal(WARM[way](tree, files), expected)


def assert_equal(found: set[Place], expected: set[Place]) -> None:
    assert sorted(expected - found) == [], "missing"
    assert sorted(found - expected) == [], "surplus"
    assert {place.code for place in found} == rules.DELIVERED - {"INC002"}


def test_comments_of_all_kinds_count(expected: set[Place]) -> None:
    found = {place[1:] for place in expected if place.path == "suppressions.py"}
    line = dict(enumerate(io.StringIO(SUPPRESSIONS), 1))
    assert found == {
        (4, line[4].index("[]") + 1, "INC102"),
        (4, line[4].index("{}") + 1, "INC102"),
        (8, line[8].index("#") + 1, "INC001"),
        (36, line[36].index("[]") + 1, "INC101"),
    }
