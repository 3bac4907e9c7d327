"""The generator makes what it should, execution tells the truth, and the linter agrees with it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter

import pytest

from ..chance import ROOT, fresh_seed, least
from . import grammar
from .execute import execute
from .program import Program
from .sample import Judged, draws
from .score import FALSE_RATE, RECALL, Score, describe, score
from .watch import Place, TooLong

SEED = 1
KNOWN, FRESH = 200, 100


def program(body: str, before: str = "") -> Program:
    """A program of one module whose function `f` has this body; the call is in line 10."""
    head = f"import boto3, requests, subprocess\nfrom contextlib import suppress\n{before}"
    text = "\n".join([*(head.split("\n") + [""] * 9)[:8], "def f(flag):"])
    lines = "\n".join("    " + line for line in body.split("\n"))
    files = {"m.py": f"{text}\n{lines}\n"}
    inputs = {"flag": ("False", "True")}
    return Program(files, {"m": "m.py"}, "m", "", "f", {}, inputs, frozenset())


GET = "r = requests.get('u')\n"
SQS = "r = boto3.client('sqs').send_message_batch()\n"
KINESIS = "r = boto3.client('kinesis').put_records()\n"
DYNAMO = "r = boto3.client('dynamodb').batch_write_item()\n"
RUN = "r = subprocess.run(['x'])\n"
UNSEEN = {
    "dropped": "requests.get('u')",
    "used": f"{GET}return r.json()['items']",
    "logged": f"{GET}print(r, r.status_code, f'{{r.ok}}', '%d' % r.status_code)",
    "added up": f"{GET}n = 1\nn += r.ok\nprint(n + r.status_code)",
    "not none": f"{GET}return r is not None",
    "looked at on one way": f"{GET}if flag:\n    r.raise_for_status()",
    "only the last one": "for _ in range(2):\n    r = requests.get('u')\nassert r.ok",
    "another takes its place": f"{GET}{GET}assert r.ok",
    "a method that is not called": f"{GET}r.raise_for_status",
    "the half that worked": f"{SQS}return len(r['Successful']) == 2",
    "the status of the call": f"{SQS}assert r['ResponseMetadata']['HTTPStatusCode'] == 200",
    "failed items, logged": f"{SQS}print(r['Failed'], len(r.get('Failed', [])))",
    "a number, logged": f"{KINESIS}print(r['FailedRecordCount'])",
    "items, logged": f"{DYNAMO}print(r['UnprocessedItems'], len(r['UnprocessedItems']))",
    "a process": f"{RUN}print(r.returncode)\nreturn r.stdout",
    "in a comprehension": "return [requests.get(u).text for u in 'ab']",
    "in a lambda": "a = lambda: requests.get('u').text\na()",
}
SEEN = {
    "raises": "requests.get('u').raise_for_status()",
    "truth": f"{GET}if not r:\n    raise ValueError",
    "used, and looked at then": f"{GET}r.json()\nassert r.status_code < 400",
    "in a match": f"{GET}match r.status_code:\n    case 200:\n        pass",
    "in a set": f"{GET}assert r.status_code in {{200, 201}}",
    "returned": f"{GET}return r.ok",
    "handed on to another call": (
        f"{DYNAMO}x = boto3.client('x')\nreturn x.put_records(r['UnprocessedItems'])"
    ),
    "ends by an exception": f"{GET}raise ValueError",
    "looked at in a finally": f"{GET}try:\n    return 1\nfinally:\n    print(1 if r.ok else 2)",
    "the error in a payload": f"{GET}assert 'error' not in r.json()",
    "failed items": f"{SQS}if r.get('Failed'):\n    pass",
    "failed items are there": f"{SQS}assert 'Failed' not in r",
    "gone through": f"{SQS}for each in r['Failed']:\n    print(each)",
    "compared with what was sent": f"n = [1]\n{SQS}return len(r['Successful']) == len(n)",
    "their number": f"{SQS}return len(r['Failed']) > 0",
    "a number": f"{KINESIS}assert not r['FailedRecordCount']",
    "items": f"{DYNAMO}while r['UnprocessedItems']:\n    break",
    "a process": f"{RUN}r.check_returncode()",
    "a process that raises": "subprocess.run(['x'], check=True)",
    "each in a comprehension": "return all(requests.get(u).ok for u in 'ab')",
}


@pytest.mark.parametrize("name", UNSEEN)
def test_what_passes_unseen_does(name: str) -> None:
    assert execute(program(UNSEEN[name])).unseen


@pytest.mark.parametrize("name", SEEN)
def test_what_somebody_looks_at_does_not(name: str) -> None:
    truth = execute(program(SEEN[name]))
    assert not truth.unseen
    assert truth.called


def test_the_duty_moves_to_the_caller() -> None:
    before = "def g():\n    return requests.get('u')"
    assert execute(program("g()", before)).unseen == {Place("m.py", 10)}
    assert not execute(program("g().raise_for_status()", before)).unseen
    assert not execute(program("return g()", before)).unseen


def test_a_caller_that_drops_a_status_is_not_judged() -> None:
    truth = execute(program("g()", "def g():\n    return requests.get('u').ok"))
    assert truth.unknown == {Place("m.py", 10)}
    assert not truth.unseen


def test_what_is_kept_is_not_judged() -> None:
    truth = execute(program("return [requests.get(u) for u in 'ab']"))
    assert truth.unknown == {Place("m.py", 10)}
    truth = execute(program("KEPT.append(requests.get('u'))", "KEPT = []"))
    assert truth.unknown == {Place("m.py", 10)}


def test_what_is_raised_and_caught_on_the_way_is_doubtful() -> None:
    other = "with suppress(OSError):\n    requests.get('v').raise_for_status()\n    assert r.ok"
    truth = execute(program(GET + other))
    assert not truth.unseen
    assert truth.doubtful == {Place("m.py", 10)}


def test_a_function_that_looks_at_times_is_doubtful() -> None:
    lines = "r = requests.get('u')", "if flag:", "    r.raise_for_status()", "return r"
    truth = execute(program("g(flag)", "\n    ".join(["def g(flag):", *lines])))
    assert not truth.unseen
    assert truth.doubtful == {Place("m.py", 10)}


def test_an_endless_program_is_stopped() -> None:
    with pytest.raises(TooLong):
        execute(program("while True:\n    requests.get('u')"))


def test_the_stand_ins_are_gone_afterwards() -> None:
    before = dict(sys.modules)
    execute(program(GET))
    assert {name: sys.modules.get(name) for name in before} == before


def test_a_seed_gives_the_same_programs_in_every_process() -> None:
    code = (
        "from tests.oracle.responses.sample import draws\n"
        "import hashlib\n"
        "text = repr([(d.program.files, sorted(d.truth.unseen)) for d in draws(5, 8)])\n"
        "print(hashlib.sha256(text.encode()).hexdigest())"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


@pytest.fixture(scope="module")
def known() -> list[Judged]:
    return list(draws(SEED, KNOWN))


def test_every_construct_is_used(known: list[Judged]) -> None:
    used = Counter(name for judged in known for name in judged.constructs)
    assert {name for name in grammar.constructs() if not used[name]} == set()


def test_both_sides_are_seen(known: list[Judged]) -> None:
    assert 0.4 <= sum(judged.leaks for judged in known) / KNOWN <= 0.6


def test_programs_run_into_no_errors_but_those_that_are_meant(known: list[Judged]) -> None:
    raised = {error for judged in known for error in judged.truth.errors}
    library = {"HTTPError", "ConnectionFailed", "ClientError", "OSError", "CalledProcessError"}
    assert raised <= library | {"RuntimeError", "ValueError", "AssertionError", "SystemExit"}


def test_the_linter_agrees_at_a_known_seed(known: list[Judged]) -> None:
    check(SEED, KNOWN, score(known))


def test_the_linter_agrees_at_a_fresh_seed() -> None:
    seed = fresh_seed()
    check(seed, FRESH, score(draws(seed, FRESH)))


def check(seed: int, count: int, result: Score) -> None:
    """The linter is as good as it should be, with room for chance."""
    again = f"python -m tests.oracle.responses --seed {seed} --programs {count} --write FOLDER"
    report = "\n\n".join([str(result), again, *map(describe, result.disagreements[:5])])
    assert result.found >= least(result.unseen, RECALL), report
    assert result.clean - result.false >= least(result.clean, 1 - FALSE_RATE), report
    assert not result.strange, report
