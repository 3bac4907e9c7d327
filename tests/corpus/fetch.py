"""Fetch the pinned packages: wheels are unpacked as they are, nothing is built, run or imported."""

from __future__ import annotations

import hashlib
import platform
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Iterator
from pathlib import Path

from .packages import CORPUS, CorpusError, Package, python_files

STANDARD_LIBRARY = "stdlib"
_NOT_SOURCE = {"__pycache__", "site-packages", "lib-dynload"}


def fetch(package: Package) -> Path:
    """Fetch one package unless it is there already; returns its folder.

    Raises CorpusError if the archive cannot be had or is not the pinned one.
    """
    if package.folder.is_dir():
        return package.folder
    if package.name == STANDARD_LIBRARY:
        return _copy_standard_library(package)
    archive = CORPUS / "archives" / package.archive
    if not archive.is_file():
        _download(package, archive.parent)
    _same(package, _digest_of_file(archive))
    partial = package.folder.with_suffix(".partial")
    shutil.rmtree(partial, ignore_errors=True)
    with zipfile.ZipFile(archive) as wheel:
        wheel.extractall(partial, [name for name in wheel.namelist() if name.endswith(".py")])
    partial.rename(package.folder)
    return package.folder


def pin(name: str, use: str) -> str:
    """Download the newest wheel of a package and return its row for packages.toml."""
    if name == STANDARD_LIBRARY:
        version, archive, digest = platform.python_version(), "", _digest_of_tree(_library())
    else:
        target = CORPUS / "archives" / f"new-{name}"
        _pip([name, "--dest", str(target)])
        (wheel,) = target.glob("*.whl")
        kept = wheel.rename(target.parent / wheel.name)
        target.rmdir()
        version, archive, digest = kept.name.split("-")[1], kept.name, _digest_of_file(kept)
    lines = ["[[package]]", f'name = "{name}"', f'version = "{version}"']
    lines += [f'archive = "{archive}"'] if archive else []
    return "\n".join([*lines, f'sha256 = "{digest}"', f'use = "{use}"', ""])


def _download(package: Package, target: Path) -> None:
    """The pinned wheel, whatever Python and machine this is: its own tags are asked for."""
    wanted = [f"{package.name}=={package.version}", "--dest", str(target)]
    tag, abi, system = package.archive.removesuffix(".whl").split("-")[-3:]
    if system != "any":
        wanted += ["--platform", system, "--abi", abi, "--implementation", tag[:2]]
        wanted += ["--python-version", f"{tag[2]}.{tag[3:]}"]
    _pip(wanted)
    if not (target / package.archive).is_file():
        raise CorpusError(f"{package.label}: the index offered another file: {package.archive}")


def _pip(arguments: list[str]) -> None:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    command += ["--ignore-requires-python", "--only-binary=:all:", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        reason = (done.stderr.strip() or "pip failed").splitlines()[-1]
        raise CorpusError(f"{arguments[0]}: {reason}")


def _copy_standard_library(package: Package) -> Path:
    """The standard library of the running Python; another one than the pinned is refused."""
    if package.version != platform.python_version():
        raise CorpusError(
            f"{package.label}: this is Python {platform.python_version()}, its library differs"
        )
    library = _library()
    _same(package, _digest_of_tree(library))
    for path in _sources(library):
        copy = package.folder / path.relative_to(library)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    return package.folder


def _library() -> Path:
    return Path(sysconfig.get_path("stdlib"))


def _sources(library: Path) -> Iterator[Path]:
    """What every build of one version has alike: no compiled parts, no build's own settings."""
    for path in python_files(library):
        parts = path.relative_to(library).parts
        if _NOT_SOURCE.isdisjoint(parts) and not path.name.startswith("_sysconfigdata"):
            yield path


def _digest_of_tree(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in _sources(folder):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _digest_of_file(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _same(package: Package, digest: str) -> None:
    if digest != package.sha256:
        raise CorpusError(f"{package.label}: sha256 is {digest}, pinned is {package.sha256}")
