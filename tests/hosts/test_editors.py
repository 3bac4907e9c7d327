"""What editors need: lines they can parse, and unsaved buffers.

The patterns below accept what Visual Studio Code's extensions ask the tools to print: flake8 with
`--format`, pylint with `--msg-template` or JSON. They are as strict as theirs: one line for a
finding, numbers for places, no line break in a message.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

FLAKE8 = ("-m", "flake8", "--isolated", "--select=INC")
FLAKE8_FORMAT = "--format=%(row)d,%(col)d,%(code).1s,%(code)s:%(text)s"
FLAKE8_LINE = re.compile(
    r"(?P<line>\d+),(?P<column>-?\d+),(?P<type>\w+),(?P<code>\w+\d+):(?P<message>[^\r\n]*)\r?(\n|$)"
)
PYLINT = ("-m", "pylint", "--rcfile=", "--reports=n", "--load-plugins=incident_lint.pylint")
PYLINT_TEMPLATE = "--msg-template={line},{column},{category},{symbol}:{msg}"
PYLINT_LINE = re.compile(
    r"^(?P<line>\d+),(?P<column>-?\d+),(?P<type>\w+),(?P<code>[\w-]+):(?P<message>.*)\r?(\n|$)",
    re.MULTILINE,
)

SAVED = "VERSION = 1\n"
UNSAVED = '''\
"""Mail, with a name that is more bytes than characters."""

from .parts import remember


def sénd(message, *, to=[], inline=[]):
    remember(to, message)
    return len(inline)
'''
PARTS = '''\
"""What the buffer imports."""


def remember(parts, part):
    parts.append(part)
'''


@pytest.fixture
def project(tmp_path: Path) -> Path:
    package = tmp_path / "mail"
    package.mkdir()
    (tmp_path / "pyproject.toml").write_text("[tool.incident-lint]\n")
    (package / "__init__.py").write_text("")
    (package / "parts.py").write_text(PARTS)
    (package / "sending.py").write_text(SAVED)
    return tmp_path


def run(project: Path, *command: str) -> str:
    """The output of a tool that is given the unsaved buffer."""
    return subprocess.run(
        [sys.executable, "-X", "utf8", *command],
        cwd=project,
        input=UNSAVED,
        capture_output=True,
        encoding="utf-8",
    ).stdout


EXPECTED = [(6, 25, "INC101"), (6, 36, "INC102")]
SYMBOLS = {"mutable-default-leaks": "INC101", "mutable-default": "INC102"}


def test_flake8(project: Path) -> None:
    output = run(project, *FLAKE8, FLAKE8_FORMAT, "--stdin-display-name", "mail/sending.py", "-")
    matches = [FLAKE8_LINE.fullmatch(line) for line in output.splitlines()]
    assert [(int(m["line"]), int(m["column"]), m["code"]) for m in matches if m] == EXPECTED
    assert len(matches) == len(EXPECTED)


def test_flake8_with_an_absolute_name(project: Path) -> None:
    name = str(project / "mail" / "sending.py")
    output = run(project / "mail", *FLAKE8, FLAKE8_FORMAT, "--stdin-display-name", name, "-")
    found = FLAKE8_LINE.finditer(output)
    assert [(int(m["line"]), int(m["column"]), m["code"]) for m in found] == EXPECTED


def test_pylint_lines(project: Path) -> None:
    output = run(project, *PYLINT, PYLINT_TEMPLATE, "--score=n", "--from-stdin", "mail/sending.py")
    found = [m for m in PYLINT_LINE.finditer(output) if m["code"] in SYMBOLS]
    places = [(int(m["line"]), int(m["column"]) + 1, SYMBOLS[m["code"]]) for m in found]
    assert places == EXPECTED
    assert {m["type"] for m in found} == {"warning", "refactor"}


def test_pylint_json(project: Path) -> None:
    output = run(project, *PYLINT, "--output-format=json2", "--from-stdin", "mail/sending.py")
    found = [m for m in json.loads(output)["messages"] if m["symbol"] in SYMBOLS]
    places = [(m["line"], m["column"] + 1, SYMBOLS[m["symbol"]]) for m in found]
    assert places == EXPECTED
    assert [(m["endLine"], m["endColumn"] - m["column"]) for m in found] == [(6, 2), (6, 2)]


def test_command_line(project: Path) -> None:
    output = run(
        project,
        "-m",
        "incident_lint",
        "check",
        "--output-format=json",
        "--stdin-filename=mail/sending.py",
        "-",
    )
    found = json.loads(output)
    assert [(f["line"], f["column"], f["code"]) for f in found] == EXPECTED
    assert [step["path"] for step in found[0]["trail"]][-1] == "mail/parts.py"


AGAIN = """
import pathlib, sys
from {module} import main as run
for parts in sys.stdin.read().split("====\\n"):
    pathlib.Path("mail/parts.py").write_text(parts)
    try:
        run(sys.argv[1:])
    except SystemExit:
        pass
    print("----")
"""


@pytest.mark.parametrize(
    ("module", "options"),
    [
        ("flake8.main.cli", FLAKE8[2:]),
        ("pylint", (*PYLINT[2:], "--disable=all", "--enable=W7611,R7612", "--score=n")),
    ],
)
def test_the_next_run_in_the_same_process_sees_what_changed(
    project: Path, module: str, options: tuple[str, ...]
) -> None:
    """Extensions run the tools in their own process, where the last run has left its caches."""
    (project / "mail" / "sending.py").write_text(UNSAVED, encoding="utf-8")
    program = AGAIN.format(module=module)
    if module == "pylint":
        program = program.replace("import main as run", "import run_pylint as run")
    texts = [PARTS, PARTS.replace("parts.append(part)", "len(parts)")]
    output = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", program, *options, "mail/sending.py"],
        cwd=project,
        input="====\n".join(texts),
        capture_output=True,
        encoding="utf-8",
    ).stdout
    before, after, _ = output.split("----\n")
    assert before.count("`to`") == 1
    assert "changed" in before
    assert after.count("`to`") == 1
    assert "changed" not in after
