"""Why another linter names a call that INC2 passes over, as the code around it tells."""

import re
from pathlib import Path
from textwrap import dedent

import pytest

from .compare import compare
from .packages import CorpusError, Package
from .peers import Site
from .responses import FAMILY, _semgrep_command, is_test, kind, why

GIVEN = "given back"
HANDED = "handed to a function"
KEPT = "kept in"
LATER = "raise_for_status() or check_returncode() is called"
LOOKED = "the status is looked at"
TRUTH = "its truth is asked"
STDERR = "what the command wrote to stderr"
NOTHING = ""


def reason(folder: Path, body: str, path: str = "send.py") -> str:
    """Why the call `get(...)` of a function's body is passed over."""
    lines = [f"    {line}" for line in dedent(body).splitlines()]
    lines = ["from requests import get", "def send(self, url, requests):", *lines]
    (folder / path).parent.mkdir(exist_ok=True)
    (folder / path).write_text("\n".join(lines), encoding="utf-8")
    calls = [(line, re.search(r"[\w.]*get\(url\)", text)) for line, text in enumerate(lines, 1)]
    ((line, match),) = [(line, match) for line, match in calls if match]
    return why(folder, (path, line, match.start() + 1))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("return get(url)", GIVEN),
        ("return lambda: get(url)", GIVEN),
        ("r = get(url)\nreturn r", GIVEN),
        ("return parse(get(url))", HANDED),
        ("r = get(url)\nreturn parse(answer=r)", HANDED),
        ("self.last = get(url)", KEPT),
        ("r = get(url)\nself.last = r", KEPT),
        ("r = get(url)\nlog(url)\nr.raise_for_status()\nreturn r", LATER),
        ("get(url).raise_for_status()", LATER),
        ("r: Response = get(url)\nwait()\nif r.status_code >= 400:\n    raise Oops", LOOKED),
        ("with get(url) as r:\n    assert r.ok", LOOKED),
        ("return get(url).ok", LOOKED),
        ("r = await get(url)\nif not r:\n    raise Oops", TRUTH),
        ("r = get(url)\nreturn parse(r.stderr)", STDERR),
        ("limit = requests.get(url)\nreturn limit", "no such call"),
        ("get(url)", NOTHING),
        ("return get(url).json()", NOTHING),
        ("r = get(url)\nreturn r.text", NOTHING),
        ("r = get(url)\nr.ok\nreturn r.text", NOTHING),
    ],
)
def test_the_reason_is_read_off_the_function(tmp_path: Path, body: str, expected: str):
    found = reason(tmp_path, body)
    assert found.startswith(expected) and bool(found) == bool(expected)


def test_what_is_done_with_another_response_of_that_name_is_no_reason(tmp_path: Path):
    body = "r = get(url)\nprint(r.text)\nr = put(url)\nr.raise_for_status()"
    assert reason(tmp_path, body) == ""


def test_a_second_try_under_the_same_name_is_looked_at_with_the_first(tmp_path: Path):
    body = "try:\n    r = get(url)\nexcept OSError:\n    r = slow(url)\nr.raise_for_status()"
    assert reason(tmp_path, body).startswith(LATER)


def test_a_module_that_a_helper_loads_is_no_namesake(tmp_path: Path):
    (tmp_path / "send.py").write_text("requests = load('requests')\nrequests.get(url)\n", "utf-8")
    assert why(tmp_path, ("send.py", 2, 1)) == ""


def test_of_test_code_the_family_is_not_asked(tmp_path: Path):
    assert reason(tmp_path, "get(url)", "tests/send.py").startswith("test code")


@pytest.mark.parametrize("path", ["a/test_b.py", "a/b_test.py", "test/b.py", "conftest.py"])
def test_test_code_is_told_by_its_path(path: str):
    assert is_test(path)
    assert not is_test(path.replace("test", "best"))


def test_a_site_of_ours_is_of_a_library(tmp_path: Path):
    finding = {"message": "`requests.Session().get()` may hide an error status"}
    assert kind(tmp_path, "semgrep use-raise-for-status", finding).startswith("a call of requests ")
    assert kind(tmp_path, "ruff PLW1510", finding) == "a call of requests"


def test_of_a_chain_the_tool_means_the_first_call(tmp_path: Path):
    assert reason(tmp_path, "return get(url).json()['a'].strip()") == ""
    assert reason(tmp_path, "return parse(get(url).json())") == ""


def test_sites_are_matched_by_the_place_of_the_call():
    package = Package("mail", "1.0", "", "", False)
    finding = {"path": "a.py", "line": 3, "column": 9, "code": "INC202", "message": "`requests.x`"}
    sites = [Site("ruff", "PLW1510", "a.py", 3, 9), Site("bandit", "B113 no", "a.py", 3, 9)]
    found = compare(FAMILY, package, [finding, {**finding, "line": 4, "code": "INC207"}], sites)
    assert found.counts["ruff PLW1510"] == {"both": 1, "only_us": {}}
    assert found.counts["semgrep use-raise-for-status"]["only_us"] == {
        "a call of requests that the rule lets pass": 1
    }
    assert found.beside == {"B113 no": 1} and found.ours == 1


def test_the_rule_of_semgrep_has_to_be_put_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("corpus.responses.CORPUS", tmp_path)
    with pytest.raises(CorpusError, match=r"use-raise-for-status\.yaml is missing"):
        _semgrep_command(tmp_path)
