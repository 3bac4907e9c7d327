"""Wheel and sdist, built and installed into an environment of their own, far from the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import venv
import zipfile
from email import message_from_bytes
from pathlib import Path

import pytest

import incident_lint

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[1]
VERSION = incident_lint.__version__
LEAK = "def send(message, to=[]):\n    to.append(message)\n    print(to)\n"
HERE = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}


def run(*command: str | Path, cwd: Path, status: int = 0) -> str:
    """The output of a command that must end with a status."""
    done = subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        env=HERE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == status, done.stdout
    return done.stdout


def built(project: Path, kind: str, into: Path) -> Path:
    """The one archive that the build backend makes of a project; nothing is downloaded."""
    run(sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", into, cwd=project)
    (archive,) = into.iterdir()
    return archive


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(ROOT, "wheel", tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is in the sdist, as a folder."""
    folder = tmp_path_factory.mktemp("sdist")
    with tarfile.open(built(ROOT, "sdist", folder / "dist")) as archive:
        archive.extractall(folder)
    return folder / f"incident_lint-{VERSION}"


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of an environment that holds the wheel and what it asks for."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, with_pip=False)
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", folder]
    run(*pip, "install", "--quiet", "--no-compile", f"{wheel}[flake8,pylint]", cwd=folder)
    return programs


@pytest.fixture
def user(tmp_path: Path) -> Path:
    (tmp_path / "mail.py").write_text(LEAK)
    return tmp_path


def contents(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


class TestWheel:
    def test_holds_the_code_and_the_rules(self, wheel: Path) -> None:
        names = set(contents(wheel))
        for folder, inside in ((ROOT / "src", ""), (ROOT / "rules", "incident_lint/rules/")):
            files = {path for path in folder.rglob("*.*") if "__pycache__" not in path.parts}
            files = {path for path in files if path.suffix in (".py", ".toml", ".md", ".typed")}
            assert files
            assert {inside + path.relative_to(folder).as_posix() for path in files} <= names
        assert not [name for name in names if name.split("/")[0] in ("tests", "fixtures", "tools")]

    def test_says_what_it_is(self, wheel: Path) -> None:
        files = contents(wheel)
        info = f"incident_lint-{VERSION}.dist-info"
        about = message_from_bytes(files[f"{info}/METADATA"])
        assert (about["Name"], about["Version"]) == ("incident-lint", VERSION)
        assert about["License-Expression"] == "MIT"
        assert files[f"{info}/licenses/LICENSE"] == (ROOT / "LICENSE").read_bytes()


class TestSdist:
    @pytest.mark.skipif(not (ROOT / ".git").exists(), reason="git says what belongs to it")
    def test_holds_every_tracked_file(self, unpacked: Path) -> None:
        tracked = run("git", "ls-files", "-z", cwd=ROOT).split("\0")
        assert [name for name in tracked if name and not (unpacked / name).exists()] == []

    def test_makes_the_same_wheel(self, wheel: Path, unpacked: Path, tmp_path: Path) -> None:
        assert contents(built(unpacked, "wheel", tmp_path)) == contents(wheel)


class TestInstalled:
    def test_is_not_the_checkout(self, installed: Path, user: Path) -> None:
        place = run(
            installed / "python", "-c", "import incident_lint as i; print(i.__file__)", cwd=user
        )
        assert Path(place.strip()).is_relative_to(installed.parent)
        assert run(installed / "incident-lint", "--version", cwd=user).split()[-1] == VERSION

    def test_flake8(self, installed: Path, user: Path) -> None:
        flake8 = installed / "flake8"
        assert f"incident-lint: {VERSION}" in run(flake8, "--version", cwd=user)
        output = run(flake8, "--isolated", "--select=INC", "mail.py", cwd=user, status=1)
        assert output.startswith("mail.py:1:22: INC101 ")

    def test_pylint(self, installed: Path, user: Path) -> None:
        options = ["--load-plugins=incident_lint.pylint", "--disable=all", "--enable=incident-lint"]
        output = run(installed / "pylint", *options, "mail.py", cwd=user, status=4)
        assert "mail.py:1:21: W7611: " in output

    def test_the_command_line(self, installed: Path, user: Path) -> None:
        command = installed / "incident-lint"
        found = run(command, "check", cwd=user, status=1)
        assert found.startswith("mail.py:1:22: INC101 ")
        page = run(command, "explain", "INC101", cwd=user)
        assert page == (ROOT / "rules/shared_defaults/INC101.md").read_text("utf-8").rstrip() + "\n"
        assert "INC101 mutable-default-leaks" in run(command, "rules", cwd=user)
        assert "INC101" in run(command, "why", "mail.py:1", cwd=user)

    def test_fixes(self, installed: Path, user: Path) -> None:
        command = installed / "incident-lint"
        assert "(1 fixed)" in run(command, "--fix", cwd=user)
        assert run(command, "check", cwd=user).startswith("0 findings")
        assert (user / "mail.py").read_text() != LEAK
