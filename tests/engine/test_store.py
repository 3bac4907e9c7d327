"""Facts on disk: found again, never wrong, never in the way."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from incident_lint.engine import store
from incident_lint.engine.store import Store, key
from incident_lint.model.lower import lower
from incident_lint.model.source import Source

_TEXT = "def f(x=[]):\n    return x\n"
_FACTS = lower(Source("a.py", _TEXT), "a", False)
_KEY = key(_TEXT, "a", False)


def _entries(folder: Path) -> list[Path]:
    return [path for path in (folder / "facts").rglob("*") if path.is_file()]


def test_what_was_put_is_found_by_another_store(tmp_path: Path) -> None:
    Store(tmp_path / "cache").put(_KEY, _FACTS)
    assert Store(tmp_path / "cache").get(_KEY) == _FACTS
    assert Store(tmp_path / "cache").get(key(_TEXT, "b", False)) is None


def test_a_key_depends_on_all_that_facts_depend_on(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = {_KEY, key(_TEXT + "#", "a", False), key(_TEXT, "b", False), key(_TEXT, "a", True)}
    assert len(keys) == 4
    assert key(_TEXT, "a", False) == _KEY
    for part in ("FORMAT", "__version__"):
        with monkeypatch.context() as patch:
            patch.setattr(store, part, "another")
            store._versions.cache_clear()
            assert key(_TEXT, "a", False) != _KEY
    with monkeypatch.context() as patch:
        patch.setattr(store, "_astroid_version", lambda: "another")
        store._versions.cache_clear()
        assert key(_TEXT, "a", False) != _KEY
    store._versions.cache_clear()


def test_the_installed_astroid_is_part_of_the_key() -> None:
    import astroid

    assert astroid.__version__ in store._astroid_version()


def test_text_that_no_file_can_hold_has_a_key() -> None:
    assert len(key("x = '\ud800'", "a", False)) == 64


def test_the_folder_says_that_it_is_a_cache_and_keeps_out_of_git(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "cache"
    Store(folder).put(_KEY, _FACTS)
    tag = (folder / "CACHEDIR.TAG").read_text()
    assert tag.startswith("Signature: 8a477f597d28d172789f06886806bc55")
    assert (folder / ".gitignore").read_text() == "*\n"


def test_nothing_is_made_by_reading(tmp_path: Path) -> None:
    assert Store(tmp_path / "cache").get(_KEY) is None
    assert not (tmp_path / "cache").exists()


def test_one_entry_is_one_file(tmp_path: Path) -> None:
    Store(tmp_path).put(_KEY, _FACTS)
    Store(tmp_path).put(_KEY, _FACTS)
    assert [path.suffix for path in _entries(tmp_path)] == [".facts"]


@pytest.mark.parametrize("left", [0, 1, 64, 65, 200, -1])
def test_a_truncated_entry_is_ignored_and_written_again(tmp_path: Path, left: int) -> None:
    Store(tmp_path).put(_KEY, _FACTS)
    (entry,) = _entries(tmp_path)
    entry.write_bytes(entry.read_bytes()[:left])
    again = Store(tmp_path)
    assert again.get(_KEY) is None
    again.put(_KEY, _FACTS)
    assert again.get(_KEY) == _FACTS


@pytest.mark.parametrize("where", [3, 64, 80, -2])
def test_a_damaged_entry_is_ignored(tmp_path: Path, where: int) -> None:
    Store(tmp_path).put(_KEY, _FACTS)
    (entry,) = _entries(tmp_path)
    data = bytearray(entry.read_bytes())
    data[where] ^= 0x81
    entry.write_bytes(bytes(data))
    assert Store(tmp_path).get(_KEY) is None


@pytest.mark.parametrize("body", [[], {}, {"values": []}, 7])
def test_an_entry_that_holds_something_else_is_ignored(tmp_path: Path, body: object) -> None:
    Store(tmp_path).put(_KEY, _FACTS)
    (entry,) = _entries(tmp_path)
    data = json.dumps(body).encode()
    entry.write_bytes(store.sha256(data).hexdigest().encode() + b"\n" + data)
    assert Store(tmp_path).get(_KEY) is None


def test_where_there_is_a_file_there_is_silently_no_store(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("not a folder")
    broken = Store(tmp_path / "cache")
    broken.put(_KEY, _FACTS)
    assert broken.get(_KEY) is None
    assert (tmp_path / "cache").read_text() == "not a folder"


def test_a_folder_that_refuses_to_be_written_is_silently_no_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError("read-only")

    refusing = Store(tmp_path)
    monkeypatch.setattr(os, "makedirs", refuse)
    refusing.put(_KEY, _FACTS)
    assert refusing.get(_KEY) is None
    assert _entries(tmp_path) == []


def test_entries_that_nobody_read_for_a_month_are_deleted(tmp_path: Path) -> None:
    Store(tmp_path).put(_KEY, _FACTS)
    (old,) = _entries(tmp_path)
    long_ago = time.time() - 40 * 24 * 60 * 60
    os.utime(old, (long_ago, long_ago))
    Store(tmp_path).put(key("", "b", False), _FACTS)
    assert old in _entries(tmp_path), "the last look was a moment ago"
    os.utime(tmp_path / "swept", (long_ago, long_ago))
    Store(tmp_path).put(key("", "c", False), _FACTS)
    assert old not in _entries(tmp_path)
    assert len(_entries(tmp_path)) == 2


def test_reading_keeps_an_entry_alive(tmp_path: Path) -> None:
    Store(tmp_path).put(_KEY, _FACTS)
    (entry,) = _entries(tmp_path)
    long_ago = time.time() - 29 * 24 * 60 * 60
    os.utime(entry, (long_ago, long_ago))
    assert Store(tmp_path).get(_KEY) == _FACTS
    assert entry.stat().st_mtime > long_ago + 1000
