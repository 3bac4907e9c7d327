"""Each re-enacted incident happens before the fix, does not after it, and is found where it is."""

import difflib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import fixtures

INCIDENTS = fixtures.incidents()
SENDWITHUS = fixtures.INCIDENTS / "sendwithus-2023-07-14"

SEND_FOR_TWO_ACCOUNTS = """
import json
from mailservice.accounts import Account, Accounts
from mailservice.templates import Template
from mailservice.transport import MemoryTransport
from mailservice.worker import Job, work

accounts = Accounts(
    Account(name, name.title(), f"mail@{name}.example", {"logo": f"logo of {name}".encode()})
    for name in ("acme", "zeta")
)
welcome = Template("welcome", "Hello $name", "<p>Hello $name</p>", ("logo",))
transport = MemoryTransport()
jobs = [
    Job("acme", "welcome", "ann@acme.example", {"name": "Ann"}),
    Job("zeta", "welcome", "bob@zeta.example", {"name": "Bob"}),
]
assert work(jobs, accounts, {"welcome": welcome}, transport) == 2
files = {
    mail["To"]: [part.get_content().decode() for part in mail.walk() if part.get_filename()]
    for mail in transport.delivered
}
print(json.dumps(files))
"""


def run(folder: Path, script: str) -> dict[str, list[str]]:
    """What a script prints as JSON when it is run with a version of the service."""
    result = subprocess.run(
        [sys.executable, "-B", "-c", script],
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=True,
    )
    answer: dict[str, list[str]] = json.loads(result.stdout)
    return answer


def changed_lines(incident: Path) -> list[str]:
    """The lines that differ between before and after, of all files, as a diff shows them."""
    before, after = (
        {path.relative_to(folder): path for path in fixtures.modules(folder)}
        for folder in (incident / "before", incident / "after")
    )
    assert before.keys() == after.keys()
    return [
        line
        for name in before
        for line in difflib.ndiff(
            before[name].read_text().splitlines(), after[name].read_text().splitlines()
        )
        if line.startswith(("- ", "+ "))
    ]


def test_sendwithus_one_accounts_picture_travels_with_anothers_mail() -> None:
    mails = run(SENDWITHUS / "before", SEND_FOR_TWO_ACCOUNTS)
    assert mails["ann@acme.example"] == ["logo of acme"]
    assert "logo of acme" in mails["bob@zeta.example"]


def test_sendwithus_fixed_each_mail_carries_its_own_picture() -> None:
    assert run(SENDWITHUS / "after", SEND_FOR_TWO_ACCOUNTS) == {
        "ann@acme.example": ["logo of acme"],
        "bob@zeta.example": ["logo of zeta"],
    }


def test_sendwithus_trail_leads_from_the_default_to_the_module_that_changes_it() -> None:
    (leak,) = fixtures.findings(fixtures.modules(SENDWITHUS / "before"))
    (mark,) = fixtures.read(fixtures.modules(SENDWITHUS / "before")).expected
    assert (leak.code, leak.confidence, leak.span.line) == ("INC101", "proved", mark.line)
    assert "changed" in leak.message
    last = leak.trail[-1]
    names = {Path(leak.path).name, *(Path(step.path).name for step in leak.trail)}
    assert (Path(last.path).name, names) == ("templates.py", {"sending.py", "templates.py"})
    line = (SENDWITHUS / "before" / "mailservice" / "templates.py").read_text().splitlines()
    assert "attachments.append" in line[last.span.line - 1]


@pytest.mark.parametrize("incident", INCIDENTS, ids=lambda path: path.name)
class TestEvery:
    def test_is_found_before_and_nothing_is_found_after(self, incident: Path) -> None:
        before, after = fixtures.modules(incident / "before"), fixtures.modules(incident / "after")
        said = fixtures.read(before)
        assert said.expected
        assert fixtures.complaints(said, fixtures.lint(before)) == []
        assert fixtures.lint(after) == []

    def test_the_fix_is_at_most_twenty_lines(self, incident: Path) -> None:
        assert 0 < len(changed_lines(incident)) <= 20

    def test_is_told_in_several_modules_and_a_readme(self, incident: Path) -> None:
        before = [path for path in fixtures.modules(incident / "before") if path.stem[0] != "_"]
        assert len(before) >= 3
        assert (incident / "README.md").is_file()
