"""Two runs compared, and what a run says about itself."""

from pathlib import Path

import pytest

from .counts import Statistics, added, parse
from .packages import CorpusError
from .run import Result, difference, load, store

SAID = """\
     3 INC101 mutable-default-leaks
shared defaults: 12 sites judged
     4 don't know: a call that cannot be followed
     1 don't know: an unknown decorator
tenant state: 1 site judged, 1 undecided
     1 don't know: a call that cannot be followed
"""


def finding(line: int, message: str = "leaks") -> dict[str, object]:
    return {"path": "a.py", "line": line, "column": 1, "code": "INC101", "message": message}


def test_the_statistics_of_a_run_are_read():
    got = parse(SAID)
    assert got.judged == {"shared defaults": 12, "tenant state": 1}
    assert got.undecided == {"shared defaults": 5, "tenant state": 1}
    assert got.causes["shared defaults"]["an unknown decorator"] == 1


def test_the_statistics_of_several_runs_are_added():
    judged, undecided, causes = added([parse(SAID), parse(SAID), parse("")], "shared defaults")
    assert (judged, undecided) == (24, 10)
    assert causes.most_common(1) == [("a call that cannot be followed", 8)]


def test_two_runs_differ_by_place_and_by_words():
    before = [finding(1), finding(2), finding(3)]
    after = [finding(1), finding(3, "is changed"), finding(4)]
    assert list(difference(before, after)) == [
        "- a.py:2:1 INC101 leaks",
        "~ a.py:3:1 INC101 is changed",
        "+ a.py:4:1 INC101 leaks",
    ]


def test_a_result_is_stored_beside_the_one_before(tmp_path: Path):
    path = tmp_path / "results" / "mail.json"
    first = Result("mail", "1.0", 1.5, 10, [finding(1)], Statistics({}, {}, {}))
    store(first, path)
    store(first._replace(findings=[]), path)
    assert load(path).findings == []
    assert load(path.with_suffix(".before.json")) == first


def test_a_missing_result_says_how_to_make_it(tmp_path: Path):
    with pytest.raises(CorpusError, match="python tests/corpus run"):
        load(tmp_path / "mail.json")
