"""The pins, and what a fetch does with an archive."""

import re
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest

from . import fetch as fetching
from . import packages as pins
from .packages import CorpusError, Package, chosen, packages


def test_the_pinned_packages_are_enough_and_told_apart():
    names = [package.name for package in packages()]
    assert len(names) == len(set(names))
    assert len(chosen([])) >= 14
    assert len(chosen([], fresh=True)) >= 6
    assert all(re.fullmatch("[0-9a-f]{64}", package.sha256) for package in packages())


def test_a_name_that_is_not_pinned_is_an_error():
    with pytest.raises(CorpusError, match=r"not pinned in packages\.toml: nothing"):
        chosen(["celery", "nothing"])


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ('name = "a"\nversion = "1"\nuse = "fresh"', "a package without 'sha256'"),
        ('name = "a"\nversion = "1"\nsha256 = ""\nuse = "later"', "a: use is none of"),
    ],
)
def test_a_malformed_pin_is_an_error(tmp_path: Path, row: str, reason: str):
    file = tmp_path / "pins.toml"
    file.write_text(f"[[package]]\n{row}\n", encoding="utf-8")
    with pytest.raises(CorpusError, match=reason):
        packages(file)


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(pins, "CORPUS", tmp_path)
    monkeypatch.setattr(fetching, "CORPUS", tmp_path)
    (tmp_path / "archives").mkdir()
    return tmp_path


def wheel(corpus: Path) -> Package:
    """A wheel that has been downloaded, with one module and one file that is no source."""
    path = corpus / "archives" / "mail-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mail/send.py", "def send(to=[]): ...\n")
        archive.writestr("mail/logo.png", "no text")
    return Package("mail", "1.0", sha256(path.read_bytes()).hexdigest(), path.name, False)


def test_a_wheel_is_unpacked_to_its_sources(corpus: Path):
    folder = fetching.fetch(wheel(corpus))
    assert folder == corpus / "mail-1.0"
    assert [path.name for path in folder.rglob("*.*")] == ["send.py"]


def test_an_archive_that_is_not_the_pinned_one_is_refused(corpus: Path):
    package = wheel(corpus)._replace(sha256="0" * 64)
    with pytest.raises(CorpusError, match=r"mail-1\.0: sha256 is"):
        fetching.fetch(package)
    assert not package.folder.exists()


def test_a_package_that_is_there_is_not_fetched_again(corpus: Path):
    (corpus / "mail-1.0").mkdir()
    package = Package("mail", "1.0", "0" * 64, "no-such-archive", False)
    assert fetching.fetch(package) == corpus / "mail-1.0"


def test_another_standard_library_than_the_pinned_is_refused(corpus: Path):
    with pytest.raises(CorpusError, match="its library differs"):
        fetching.fetch(Package("stdlib", "2.7.18", "0" * 64, "", False))
