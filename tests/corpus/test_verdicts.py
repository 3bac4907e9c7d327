"""The recorded verdicts, and how notes of a reader become rows."""

import json
from pathlib import Path
from typing import Any

import pytest

from . import packages as pins
from .packages import CorpusError, Package, packages
from .verdicts import FOLDER, Verdict, keep, key, mark, problems, read, record, write

MAIL = Package("mail", "1.0", "a" * 64, "mail-1.0-py3-none-any.whl", False)
ROW = Verdict(
    "mail", "1.0", "a" * 64, "mail/send.py", 3, 14, "INC101", "def send(to=[]):",
    "right", "The list is stored on self.", False, True,
)  # fmt: skip


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.jsonl")), ids=lambda path: path.stem)
def test_the_recorded_rows_are_well_formed(path: Path):
    assert problems(read(path), packages()) == []


def test_a_good_row_has_no_problem():
    assert problems([ROW], [MAIL]) == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"verdict": "maybe"}, "the verdict is none of"),
        ({"code": "B006"}, "no code of ours"),
        ({"line": 0}, "start at 1"),
        ({"line": "3"}, "line is no int"),
        ({"fresh": 1}, "fresh is no bool"),
        ({"path": "/root/mail/send.py"}, "not relative"),
        ({"path": "mail/../send.py"}, "not relative"),
        ({"source": "  def send(to=[]):"}, "not one stripped line"),
        ({"source": ""}, "not one stripped line"),
        ({"why": "leaks"}, "not one sentence"),
        ({"version": "2.0"}, "mail 2.0 is not pinned"),
        ({"sha256": "b" * 64}, "not that of the pinned archive"),
    ],
)
def test_a_bad_row_is_told_with_its_place(change: dict[str, Any], problem: str):
    (found,) = problems([ROW._replace(**change)], [MAIL])
    assert found.startswith("row 1 (mail ")
    assert problem in found


def test_rows_are_sorted_and_unique():
    later = ROW._replace(line=9)
    assert "not in order" in problems([later, ROW], [MAIL])[0]
    assert "judged twice" in problems([ROW, ROW._replace(verdict="wrong")], [MAIL])[0]


def test_a_file_with_a_broken_line_names_it(tmp_path: Path):
    file = tmp_path / "rows.jsonl"
    file.write_text('{"package": "mail"}\n', encoding="utf-8")
    with pytest.raises(CorpusError, match=r"rows.jsonl:1: .*version"):
        read(file)


def test_rows_are_written_in_order_and_read_again(tmp_path: Path):
    file = tmp_path / "rows.jsonl"
    rows = [ROW._replace(line=9), ROW]
    write(rows, file)
    assert read(file) == rows[::-1]
    assert [json.loads(line)["line"] for line in file.read_text().splitlines()] == [3, 9]


@pytest.fixture
def fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Package:
    monkeypatch.setattr(pins, "CORPUS", tmp_path)
    (MAIL.folder / "mail").mkdir(parents=True)
    source = "class Mail:\n\n    def send(to=[]):\r\n        self.to = to\r\n"
    (MAIL.folder / "mail/send.py").write_bytes(source.encode())
    return MAIL


FINDING = {"path": "mail/send.py", "line": 3, "column": 14, "code": "INC101"}


def test_a_note_becomes_a_row_with_its_source_line(fetched: Package):
    note = f"# a batch\n\n{key('mail', FINDING)} | right | The list is stored on self.\n"
    assert record(note, [fetched], []) == [ROW]


def test_a_note_on_a_fresh_package_is_marked_so(fetched: Package):
    note = f"{key('mail', FINDING)} | wrong | A | in the reason stays."
    (row,) = record(note, [fetched._replace(fresh=True)], [])
    assert (row.fresh, row.why) == (True, "A | in the reason stays.")


def test_a_fresh_package_that_was_opened_gives_no_fresh_row(fetched: Package):
    note = f"{key('mail', FINDING)} | right | The list is stored on self."
    assert record(note, [fetched._replace(fresh=True)], [], opened=True) == [ROW]


def test_a_second_note_replaces_a_row_only_if_asked(fetched: Package):
    note = f"{key('mail', FINDING)} | wrong | It is copied before that."
    with pytest.raises(CorpusError, match="judged before"):
        record(note, [fetched], [ROW])
    (row,) = record(note, [fetched], [ROW], reread=True)
    assert row.verdict == "wrong"


@pytest.mark.parametrize(
    "note",
    [
        "mail:mail/send.py:3:14:INC101 | perhaps | A reason of words.",
        "mail:mail/send.py:99:14:INC101 | right | A reason of words.",
        "mail:mail/gone.py:3:14:INC101 | right | A reason of words.",
        "other:mail/send.py:3:14:INC101 | right | A reason of words.",
        "mail/send.py:3 right",
    ],
)
def test_a_note_that_cannot_be_used_is_named(fetched: Package, note: str):
    with pytest.raises(CorpusError, match="note 2: "):
        record(f"#\n{note}", [fetched], [])


def test_rows_are_marked_by_what_the_last_run_reports():
    gone, other = ROW._replace(line=9), ROW._replace(package="web")
    marked = mark([ROW, gone, other], {"mail": {ROW.place}})
    assert [row.reported for row in marked] == [True, False, True]


def test_a_row_of_a_family_without_a_file_is_not_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("corpus.verdicts.FOLDER", tmp_path)
    with pytest.raises(CorpusError, match="INC901"):
        keep([ROW, ROW._replace(code="INC901")])
    assert list(tmp_path.iterdir()) == []
