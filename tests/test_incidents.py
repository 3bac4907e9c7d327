"""Each re-enacted incident happens before the fix, does not after it, and is found where it is."""

import difflib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import fixtures

INCIDENTS = fixtures.incidents()
SENDWITHUS = fixtures.INCIDENTS / "sendwithus-2023-07-14"
HONEYCOMB = fixtures.INCIDENTS / "honeycomb-2022-11-18"
MAILSAC = fixtures.INCIDENTS / "mailsac-2021-11-25"

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


RUN_SEVENTEEN_TRIGGERS = """
import json
import requests
from alerting.deliveries import Deliveries
from alerting.mailer import Mailer
from alerting.triggers import Trigger, run

names = ["p99"] + [f'p99 where team = "{number}"' for number in range(16)]
triggers = [
    Trigger(name, f"team {number}", "p99", 250, (f"on-call@team{number}.example",))
    for number, name in enumerate(names)
]
mailer = Mailer("https://mail.example", "key", "alerts@own.example")
deliveries = Deliveries()
fired = run(triggers, {"p99": 300}, mailer, deliveries)
found = {
    "fired": fired,
    "arrived": len(requests.accepted),
    "failed": deliveries.failed,
    "success": round(deliveries.success, 1),
    "objective met": deliveries.objective_met,
}
print(json.dumps(found))
"""


RECEIVE_FROM_MANY_SUBDOMAINS = """
import asyncio
import json
from types import SimpleNamespace
from prometheus_client import generate_latest
from mailin.receive import Receiver
from mailin.throttle import Throttle

throttle = Throttle(per_minute=3)
receiver = Receiver({"in@box.example": []}, throttle)
session = SimpleNamespace(peer=("192.0.2.7", 25))
answers = []
for number in range(SENDERS):
    mail_from = f"news@n{number}.sender.example"
    mail = SimpleNamespace(mail_from=mail_from, rcpt_tos=["in@box.example"], content=b"Hello")
    answers.append(asyncio.run(receiver.handle_DATA(None, session, mail)))
lines = generate_latest().decode().splitlines()
found = {
    "series": sum(line.startswith("mail") for line in lines),
    "keys": throttle.keys,
    "let in": sum(answer == "250 OK" for answer in answers),
}
print(json.dumps(found))
"""


def run(*folders: Path, script: str) -> dict[str, Any]:
    """What a script prints as JSON when it is run with a version of the service."""
    answer: dict[str, Any] = json.loads(output(*folders, arguments=["-c", script]))
    return answer


def output(*folders: Path, arguments: list[str]) -> str:
    """What Python prints with some folders to import from."""
    return subprocess.run(
        [sys.executable, "-B", *arguments],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, folders))},
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def changed_lines(incident: Path) -> dict[Path, list[str]]:
    """The lines that differ between before and after, as a diff shows them, by file."""
    before, after = (
        {path.relative_to(folder): path for path in fixtures.modules(folder)}
        for folder in (incident / "before", incident / "after")
    )
    assert before.keys() == after.keys()
    found = {}
    for name in before:
        lines = difflib.ndiff(_code(before[name]), _code(after[name]))
        found[name] = [line for line in lines if line.startswith(("- ", "+ "))]
    return {name: lines for name, lines in found.items() if lines}


def _code(file: Path) -> list[str]:
    """The lines of a file without what they are expected to show."""
    return [line.partition("  # expect:")[0] for line in file.read_text("utf-8").splitlines()]


def test_sendwithus_one_accounts_picture_travels_with_anothers_mail() -> None:
    mails = run(SENDWITHUS / "before", script=SEND_FOR_TWO_ACCOUNTS)
    assert mails["ann@acme.example"] == ["logo of acme"]
    assert "logo of acme" in mails["bob@zeta.example"]


def test_sendwithus_fixed_each_mail_carries_its_own_picture() -> None:
    assert run(SENDWITHUS / "after", script=SEND_FOR_TWO_ACCOUNTS) == {
        "ann@acme.example": ["logo of acme"],
        "bob@zeta.example": ["logo of zeta"],
    }


def test_sendwithus_trail_leads_from_the_default_to_the_module_that_changes_it() -> None:
    (leak,) = fixtures.findings(fixtures.modules(SENDWITHUS / "before"), {"INC101"})
    expected = fixtures.read(fixtures.modules(SENDWITHUS / "before")).expected
    (mark,) = [mark for mark in expected if mark.code == "INC101"]
    assert (leak.code, leak.confidence, leak.span.line) == ("INC101", "proved", mark.line)
    assert "changed" in leak.message
    last = leak.trail[-1]
    names = {Path(leak.path).name, *(Path(step.path).name for step in leak.trail)}
    assert (Path(last.path).name, names) == ("templates.py", {"sending.py", "templates.py"})
    line = (SENDWITHUS / "before" / "mailservice" / "templates.py").read_text().splitlines()
    assert "attachments.append" in line[last.span.line - 1]


SHOW_A_PICTURE_OF_ONE_ACCOUNT = """
import json
from mailservice.accounts import Account
from mailservice.reminders import Reminder

acme, zeta = (
    Account(name, name.title(), f"mail@{name}.example", {"logo": f"logo of {name}".encode()})
    for name in ("acme", "zeta")
)
Reminder(acme, "Soon").show("logo")
mail = Reminder(zeta, "Soon").message("bob@zeta.example")
print(json.dumps([part.get_content().decode() for part in mail.iter_attachments()]))
"""


@pytest.mark.parametrize(("version", "shown"), [("before", ["logo of acme"]), ("after", [])])
def test_sendwithus_a_class_keeps_what_one_account_shows(version: str, shown: list[str]) -> None:
    assert run(SENDWITHUS / version, script=SHOW_A_PICTURE_OF_ONE_ACCOUNT) == shown


PREVIEW_A_TEMPLATE_OF_TWO_ACCOUNTS = """
import json
from mailservice.previews import lambda_handler

for account in ("acme", "zeta"):
    shown = lambda_handler({"account": account, "template": "welcome"}, None)["body"]
print(json.dumps([name for name in ("acme", "zeta") if name in shown]))
"""


@pytest.mark.parametrize(("version", "shown"), [("before", ["acme"]), ("after", ["zeta"])])
def test_sendwithus_a_module_keeps_what_one_account_sees(version: str, shown: list[str]) -> None:
    assert run(SENDWITHUS / version, script=PREVIEW_A_TEMPLATE_OF_TWO_ACCOUNTS) == shown


SEND_NOTICES_OF_TWO_ACCOUNTS = """
import json
from queue import Queue
from mailservice.accounts import Account
from mailservice.notices import Notice, work

class Relay:
    def __init__(self):
        self.sent = {}
    def send_message(self, mail):
        files = [part.get_content().decode() for part in mail.iter_attachments()]
        self.sent[mail["To"]] = files

acme, zeta = (
    Account(name, name.title(), f"mail@{name}.example", {"logo": f"logo of {name}".encode()})
    for name in ("acme", "zeta")
)
waiting, relay = Queue(), Relay()
waiting.put(Notice(acme, "ann@acme.example", "Soon", "logo"))
waiting.put(Notice(zeta, "bob@zeta.example", "Later"))
waiting.put(None)
work(waiting, relay)
print(json.dumps(relay.sent))
"""


@pytest.mark.parametrize(("version", "shown"), [("before", ["logo of acme"]), ("after", [])])
def test_sendwithus_a_loop_sends_what_an_earlier_turn_left(version: str, shown: list[str]) -> None:
    sent = run(SENDWITHUS / version, script=SEND_NOTICES_OF_TWO_ACCOUNTS)
    assert sent == {"ann@acme.example": ["logo of acme"], "bob@zeta.example": shown}


TELL_THE_SERVERS_OF_TWO_ACCOUNTS = """
import io, json
import requests
from mailservice import webhooks

class Servers(requests.adapters.BaseAdapter):
    seen = []

    def send(self, request, **options):
        self.seen.append([request.url, request.headers.get("Authorization")])
        answer = requests.Response()
        answer.status_code, answer.url, answer.raw = 200, request.url, io.BytesIO()
        return answer

    def close(self):
        pass

webhooks._session.mount("https://", Servers())
told = {"url": "https://acme.example/", "mail": "1", "token": "acme's own"}
webhooks.lambda_handler(told, None)
webhooks.lambda_handler({"url": "https://zeta.example/", "mail": "2"}, None)
print(json.dumps([token for url, token in Servers.seen if "zeta" in url]))
"""


@pytest.mark.parametrize(
    ("version", "sent"), [("before", ["Bearer acme's own"]), ("after", [None])]
)
def test_sendwithus_a_client_sends_one_accounts_token(version: str, sent: list[str | None]) -> None:
    assert run(SENDWITHUS / version, script=TELL_THE_SERVERS_OF_TWO_ACCOUNTS) == sent


BILL_CUSTOMERS_OF_TWO_ACCOUNTS = """
import json, sys, types

stripe = types.ModuleType("stripe")
stripe.api_key, used = "the service's own", {}

class Invoice:
    id = 1

    @classmethod
    def create(cls, customer, api_key=None):
        used[customer] = api_key or stripe.api_key
        return cls

stripe.Invoice = Invoice
sys.modules["stripe"] = stripe
from mailservice.invoices import lambda_handler

lambda_handler({"customer": "of acme", "key": "acme's own"}, None)
lambda_handler({"customer": "of zeta"}, None)
print(json.dumps(used["of zeta"]))
"""


@pytest.mark.parametrize(
    ("version", "key"), [("before", "acme's own"), ("after", "the service's own")]
)
def test_sendwithus_an_sdk_bills_with_one_accounts_key(version: str, key: str) -> None:
    assert run(SENDWITHUS / version, script=BILL_CUSTOMERS_OF_TWO_ACCOUNTS) == key


def run_triggers(version: str, provider: str = "") -> dict[str, Any]:
    """What a version of the alerting service makes of 17 triggers that fire."""
    script = provider + RUN_SEVENTEEN_TRIGGERS
    return run(HONEYCOMB / version, HONEYCOMB / "provider", script=script)


def test_honeycomb_triggers_are_lost_while_the_objective_is_met() -> None:
    found = run_triggers("before")
    assert (found["fired"], found["arrived"]) == (17, 1)
    assert f"{100 * 16 / 17:.1f}" == "94.1"
    assert (found["failed"], found["success"], found["objective met"]) == (0, 100.0, True)


def test_honeycomb_fixed_all_triggers_arrive() -> None:
    found = run_triggers("after")
    assert (found["fired"], found["arrived"], found["success"]) == (17, 17, 100.0)


@pytest.mark.parametrize(
    ("version", "failed", "success", "met"),
    [("before", 0, 100.0, True), ("after", 12, 29.4, False)],
)
def test_honeycomb_fixed_what_the_provider_refuses_is_counted(
    version: str, failed: int, success: float, met: bool
) -> None:
    found = run_triggers(version, provider="import requests; requests.quota = 5")
    assert found["arrived"] <= 5
    assert (found["failed"], found["success"], found["objective met"]) == (failed, success, met)


@pytest.mark.parametrize("version", ["before", "after"])
def test_honeycomb_the_services_own_tests_pass_with_and_without_the_mistake(version: str) -> None:
    folders = HONEYCOMB / version, HONEYCOMB / "provider"
    output(*folders, arguments=["-m", "unittest", "alerting.test_notify"])


def test_honeycomb_trail_leads_from_the_client_to_the_module_that_does_not_look() -> None:
    before = fixtures.modules(HONEYCOMB / "before")
    (unseen,) = fixtures.findings(before, {"INC202"})
    (mark,) = [mark for mark in fixtures.read(before).expected if mark.code == "INC202"]
    assert (unseen.code, unseen.confidence, unseen.span.line) == ("INC202", "proved", mark.line)
    assert "requests" in unseen.message
    names = [Path(step.path).name for step in unseen.trail]
    assert (Path(unseen.path).name, names[0], names[-1]) == ("notify.py", "mailer.py", "notify.py")
    line = (HONEYCOMB / "before" / "alerting" / "mailer.py").read_text().splitlines()
    assert "_session.post" in line[unseen.trail[0].span.line - 1]
    (success,) = [step for step in unseen.trail if "counts as a success" in step.message]
    line = (HONEYCOMB / "before" / "alerting" / "notify.py").read_text().splitlines()
    assert "deliveries.sent += 1" in line[success.span.line - 1]


def test_honeycomb_the_tests_that_hide_it_are_found_and_the_fix_has_one_that_does_not() -> None:
    (mocked,) = fixtures.findings(fixtures.modules(HONEYCOMB / "before"), {"INC206"})
    assert (Path(mocked.path).name, mocked.confidence) == ("test_notify.py", "proved")
    assert "`requests.Session().post()`" in mocked.message


def test_honeycomb_the_metadata_that_was_not_escaped_is_suspected() -> None:
    (built,) = fixtures.findings(fixtures.modules(HONEYCOMB / "before"), {"INC208"})
    assert (Path(built.path).name, built.confidence) == ("notify.py", "suspected")
    assert "`Trigger.name`" in built.message and "`requests.Session().post()`" in built.message
    (step,) = built.trail
    line = (HONEYCOMB / "before" / "alerting" / "mailer.py").read_text().splitlines()
    assert "_session.post" in line[step.span.line - 1]


def receive_mails(version: str, senders: int) -> dict[str, Any]:
    """What is left in a version of the mail service after a mail from each of many subdomains."""
    script = RECEIVE_FROM_MANY_SUBDOMAINS.replace("SENDERS", str(senders))
    return run(MAILSAC / version, script=script)


def test_mailsac_series_and_memory_grow_with_every_subdomain_and_nothing_is_throttled() -> None:
    few, many = receive_mails("before", 20), receive_mails("before", 2000)
    assert (few["keys"], many["keys"]) == (20, 2000)
    assert (few["let in"], many["let in"]) == (20, 2000)
    assert many["series"] >= 2000 * (2 + 18)
    assert many["series"] == 100 * few["series"]


def test_mailsac_fixed_series_and_memory_stay_and_the_sender_is_throttled() -> None:
    few, many = receive_mails("after", 20), receive_mails("after", 2000)
    assert few == many
    assert (many["keys"], many["let in"]) == (1, 3)
    assert many["series"] < 50


def test_mailsac_fixed_the_throttle_forgets_whoever_has_not_come_for_long() -> None:
    script = """
import json
from mailin.throttle import Throttle
throttle = Throttle(per_minute=2, clock=lambda: 0.0)
for number in range(2000):
    assert throttle.passes(f"192.0.2.{number}") and throttle.passes("198.51.100.1") == (number < 2)
print(json.dumps({"keys": throttle.keys}))
"""
    assert run(MAILSAC / "after", script=script) == {"keys": 500}


def test_mailsac_trail_leads_from_the_envelope_to_the_labels() -> None:
    before = fixtures.modules(MAILSAC / "before")
    (found,) = fixtures.findings(before, {"INC401"})
    (mark,) = [mark for mark in fixtures.read(before).expected if mark.code == "INC401"]
    assert (found.confidence, found.span.line) == ("proved", mark.line)
    assert "Envelope().mail_from" in found.message
    lines = (MAILSAC / "before" / "mailin" / "receive.py").read_text().splitlines()
    told = [lines[step.span.line - 1].strip() for step in found.trail if "receive" in step.path]
    assert told[0] == "domain = sender(envelope.mail_from)"
    assert told[-1].startswith("SIZES.labels(domain)")


def test_mailsac_trail_leads_from_the_handler_into_the_throttles_table() -> None:
    (found,) = fixtures.findings(fixtures.modules(MAILSAC / "before"), {"INC403"})
    assert found.confidence == "proved"
    assert "`_passed` of `throttle` of the one `Receiver`" in found.message
    last = found.trail[-1]
    lines = (MAILSAC / "before" / "mailin" / "throttle.py").read_text().splitlines()
    assert last.path.endswith("throttle.py")
    assert lines[last.span.line - 1].strip() == "self._passed[key] = recent"


@pytest.mark.parametrize("incident", INCIDENTS, ids=lambda path: path.name)
class TestEvery:
    def test_is_found_before_and_nothing_is_found_after(self, incident: Path) -> None:
        before, after = fixtures.modules(incident / "before"), fixtures.modules(incident / "after")
        said = fixtures.read(before)
        assert said.expected
        assert fixtures.complaints(said, fixtures.lint(before)) == []
        assert fixtures.lint(after) == []

    def test_the_fix_is_at_most_twenty_lines(self, incident: Path) -> None:
        """Of sendwithus, each file is a variant of its own."""
        changed = changed_lines(incident)
        variants = list(changed.values())
        if not incident.name.startswith("sendwithus"):
            variants = [[line for lines in variants for line in lines]]
        assert changed
        assert all(len(lines) <= 20 for lines in variants)

    def test_is_told_in_several_modules_and_a_readme(self, incident: Path) -> None:
        before = [path for path in fixtures.modules(incident / "before") if path.stem[0] != "_"]
        assert len(before) >= 3
        assert (incident / "README.md").is_file()
