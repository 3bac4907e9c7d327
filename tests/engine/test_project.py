"""The modules of a project: found, loaded on demand, let go, and loaded again."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from incident_lint.engine import project as project_module
from incident_lint.engine.definitions import External, Local, Unknown
from incident_lint.engine.project import Module, Project
from incident_lint.engine.store import Store
from incident_lint.model.source import Source, SourceError


def _write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text, "utf-8")


def _add(project: Project, path: Path) -> Module:
    return project.add(Source.from_bytes(str(path), path.read_bytes()))


def test_only_what_a_question_touches_is_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _write(tmp_path, a="import b\nfrom c import f\n", b="", c="def f(): ...\n")
    read: list[str] = []
    lower = project_module._lower

    def noted(source: Source, dotted: str, is_package: bool) -> object:
        read.append(dotted)
        return lower(source, dotted, is_package)

    monkeypatch.setattr(project_module, "_lower", noted)
    project = Project(cwd=tmp_path)
    module = _add(project, tmp_path / "a.py")
    assert read == ["a"]
    project.names.bindings(module.name, "f")
    project.names.bindings(module.name, "f")
    assert read == ["a", "c"]


def test_load_gives_project_modules_and_nothing_else(tmp_path: Path) -> None:
    _write(tmp_path, a="", b="x = 1\n")
    (tmp_path / "folder").mkdir()
    project = Project(cwd=tmp_path)
    module = _add(project, tmp_path / "a.py")
    loaded = project.load("b", module)
    assert loaded is not None
    assert (loaded.name, loaded.path, loaded.facts.module) == ("b", "b.py", "b")
    assert project.load("json", module) is None
    assert project.load("folder", module) is None


def test_paths_are_shown_from_the_working_folder(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    _write(tmp_path / "app", a="", b="")
    inside = Project(cwd=tmp_path)
    loaded = inside.load("b", inside.add(Source("app/a.py", "")))
    assert loaded is not None
    assert loaded.path == "app/b.py"
    outside = Project(cwd=tmp_path / "elsewhere")
    loaded = outside.load("b", _add(outside, tmp_path / "app" / "a.py"))
    assert loaded is not None
    assert loaded.path == (tmp_path / "app" / "b.py").as_posix()


def test_the_host_s_text_counts_not_the_disk_s(tmp_path: Path) -> None:
    _write(tmp_path, a="import json\nx = json.loads\n")
    project = Project(cwd=tmp_path)
    first = _add(project, tmp_path / "a.py")
    assert project.names.bindings(first.name, "x") == (External("json.loads"),)
    second = project.add(Source("a.py", "x = list\n"))
    assert second.name == first.name
    assert project.names.bindings(second.name, "x") == (External("list"),)
    assert project.module(first.name) == second


def test_an_importer_sees_the_text_that_was_added(tmp_path: Path) -> None:
    _write(tmp_path, a="from b import x\n", b="x = dict\n")
    project = Project(cwd=tmp_path)
    project.add(Source("b.py", "x = list\n"))
    module = _add(project, tmp_path / "a.py")
    assert project.names.bindings(module.name, "x") == (External("list"),)


def test_unsaved_buffers_are_read_instead_of_files(tmp_path: Path) -> None:
    _write(tmp_path, a="from b import x\nfrom new.c import y\n", b="x = dict\n")
    overlays = {tmp_path / "b.py": "x = list\n", tmp_path / "new" / "c.py": "y = set\n"}
    project = Project(cwd=tmp_path, overlays=overlays)
    module = _add(project, tmp_path / "a.py")
    assert project.names.bindings(module.name, "x") == (External("list"),)
    assert project.names.bindings(module.name, "y") == (External("set"),)


def test_a_file_that_only_the_host_has_can_be_imported(tmp_path: Path) -> None:
    _write(tmp_path, a="from new import x\n")
    project = Project(cwd=tmp_path)
    module = _add(project, tmp_path / "a.py")
    assert project.names.bindings(module.name, "x") == (External("new.x"),)
    project.add(Source("new.py", "x = list\n"))
    assert project.names.bindings(module.name, "x") == (External("list"),)


@pytest.mark.parametrize("name", ["-", "<stdin>", "stdin", ""])
def test_text_without_a_file_has_the_configured_roots_only(tmp_path: Path, name: str) -> None:
    (tmp_path / "lib").mkdir()
    _write(tmp_path, here="x = list\n")
    _write(tmp_path / "lib", there="x = list\n")
    project = Project(cwd=tmp_path, src=[tmp_path / "lib"])
    module = project.add(Source(name, "from here import x\nfrom there import x as y\n"))
    assert module.path == name
    assert project.names.bindings(module.name, "x") == (External("here.x"),)
    assert project.names.bindings(module.name, "y") == (External("list"),)


def test_relative_roots_are_relative_to_the_given_folder(tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    _write(tmp_path / "lib", there="")
    project = Project(cwd=tmp_path, src=[Path("lib")])
    assert project.load("there", project.add(Source("-", ""))) is not None


def test_a_file_under_check_that_is_no_python_is_an_error(tmp_path: Path) -> None:
    project = Project(cwd=tmp_path)
    with pytest.raises(SourceError):
        project.add(Source("a.py", "def f(:\n"))
    assert project.add(Source("a.py", "def f(): ...\n")).facts.functions[1].name == "f"


@pytest.mark.parametrize(
    ("data", "cause"),
    [(b"def f(:", "not valid Python"), (b"\xff\xfe\xff", "decoded"), (b"x = '\0'", "NUL")],
)
def test_an_imported_file_that_is_no_python_is_unknown(
    tmp_path: Path, data: bytes, cause: str
) -> None:
    _write(tmp_path, a="from b import f\nimport b\n")
    (tmp_path / "b.py").write_bytes(data)
    project = Project(cwd=tmp_path)
    module = _add(project, tmp_path / "a.py")
    (found,) = project.names.bindings(module.name, "f")
    assert isinstance(found, Unknown)
    assert cause in found.cause
    assert project.load("b", module) is None
    assert cause in (project.cause("b") or "")


def test_folders_and_dangling_links_called_like_modules_are_none(tmp_path: Path) -> None:
    _write(tmp_path, a="from b import f\nfrom c import g\n")
    (tmp_path / "b.py").mkdir()
    (tmp_path / "c.py").symlink_to(tmp_path / "nowhere.py")
    project = Project(cwd=tmp_path)
    module = _add(project, tmp_path / "a.py")
    assert project.names.bindings(module.name, "f") == (External("b.f"),)
    (found,) = project.names.bindings(module.name, "g")
    assert isinstance(found, Unknown)


def test_a_fault_in_an_imported_file_is_unknown_and_no_crash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _write(tmp_path, a="from b import f\n", b="def f(): ...\n")
    project = Project(cwd=tmp_path)
    module = _add(project, tmp_path / "a.py")

    def fail(*_: object) -> None:
        raise RecursionError

    monkeypatch.setattr(project_module, "_lower", fail)
    (found,) = project.names.bindings(module.name, "f")
    assert found == Unknown("`b` cannot be read: internal error: RecursionError")


def test_modules_are_let_go_and_loaded_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"m{number}" for number in range(30)]
    _write(tmp_path, **{name: f"def {name}(): return [1, 2, 3]\n" for name in names})
    _write(tmp_path, a="".join(f"from {name} import {name}\n" for name in names))
    monkeypatch.setattr(project_module, "_ROOM", 200)
    project = Project(cwd=tmp_path)
    module = _add(project, tmp_path / "a.py")
    found = [project.names.bindings(module.name, name) for name in names]
    held = [name for name in names if name in project._modules]
    assert 0 < len(held) < len(names)
    assert "a" in project._modules, "the file under check stays"
    for name, definitions in zip(names, found, strict=True):
        (definition,) = definitions
        assert isinstance(definition, Local)
        function = project.classes.function_of(definition)
        assert function is not None
        assert project.module(name).facts.functions[function.index].name == name  # type: ignore[union-attr]


def test_two_files_of_one_name_have_names_of_their_own(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        _write(tmp_path / folder, conftest=f"x = '{folder}'\n")
    project = Project(cwd=tmp_path)
    first = _add(project, tmp_path / "one" / "conftest.py")
    second = _add(project, tmp_path / "two" / "conftest.py")
    assert first.facts.module == second.facts.module == "conftest"
    assert first.name != second.name
    assert project.module(first.name) == first
    assert project.module(second.name) == second


def test_facts_come_from_the_store_when_it_has_them(tmp_path: Path) -> None:
    _write(tmp_path, a="from b import f\n", b="def f(): ...\n")
    store = Store(tmp_path / "cache")
    cold = Project(cwd=tmp_path, store=store)
    expected = cold.names.bindings(_add(cold, tmp_path / "a.py").name, "f")
    code = (
        "import sys; from pathlib import Path\n"
        "from incident_lint.engine.project import Project\n"
        "from incident_lint.engine.store import Store\n"
        "from incident_lint.model.source import Source\n"
        f"here = Path({str(tmp_path)!r})\n"
        "project = Project(cwd=here, store=Store(here / 'cache'))\n"
        "module = project.add(Source('a.py', (here / 'a.py').read_text()))\n"
        "print(project.names.bindings(module.name, 'f'))\n"
        "print(sorted({'astroid', 'libcst', 'importlib.metadata'} & set(sys.modules)))\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.stdout.splitlines() == [str(expected), "[]"], run.stderr


def test_refresh_sees_what_changed_on_disk(tmp_path: Path) -> None:
    _write(tmp_path, a="from b import x\nfrom c import y\n", b="x = dict\n")
    project = Project(cwd=tmp_path)
    module = _add(project, tmp_path / "a.py")
    assert project.names.bindings(module.name, "x") == (External("dict"),)
    assert project.names.bindings(module.name, "y") == (External("c.y"),)
    _write(tmp_path, b="x = frozenset\n", c="y = list\n")
    project.refresh()
    module = _add(project, tmp_path / "a.py")
    assert project.names.bindings(module.name, "x") == (External("frozenset"),)
    assert project.names.bindings(module.name, "y") == (External("list"),)
    project.refresh({tmp_path / "b.py": "x = set\n"})
    assert project.names.bindings(_add(project, tmp_path / "a.py").name, "x") == (External("set"),)


def test_the_catalogue_is_the_one_given(tmp_path: Path) -> None:
    from incident_lint.knowledge.catalogue import Catalogue

    given = Catalogue.load()
    assert Project(catalogue=given).catalogue is given
    lazily = Project(cwd=tmp_path)
    assert isinstance(lazily.catalogue, Catalogue)
    assert lazily.catalogue is lazily.catalogue
