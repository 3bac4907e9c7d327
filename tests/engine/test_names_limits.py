"""Where names stop being followed, and that odd projects cost neither a crash nor much time."""

from __future__ import annotations

from pathlib import Path

from incident_lint.engine.definitions import External, Local, Ref, Unknown
from incident_lint.engine.project import Module, Project
from incident_lint.model.source import Source


def _project(folder: Path, files: dict[str, str]) -> Project:
    return Project(cwd=folder, overlays={folder / f"{n}.py": text for n, text in files.items()})


def _add(project: Project, name: str, text: str) -> Module:
    return project.add(Source(f"{name}.py", text))


def _chain(length: int) -> dict[str, str]:
    files = {f"m{n}": f"from m{n + 1} import f\n" for n in range(length)}
    return files | {f"m{length}": "def f(): ...\n"}


def test_a_name_is_followed_through_sixteen_modules_and_no_more(tmp_path: Path) -> None:
    files = _chain(30)
    for first_asked in ("m30", "m25", "m14"):  # what was asked before must not matter
        project = _project(tmp_path, files)
        start = _add(project, "m0", files["m0"])
        module = project.load(first_asked, start)
        assert module is not None
        project.names.bindings(module.name, "f")
        near = project.load("m14", start)
        far = project.load("m13", start)
        assert near is not None
        assert far is not None
        assert isinstance(project.names.bindings(near.name, "f")[0], Local)
        assert project.names.bindings(far.name, "f") == (
            Unknown("passed on through more than 16 modules"),
        )


def test_a_name_with_very_many_definitions_is_partly_unknown(tmp_path: Path) -> None:
    branches = "".join(f"elif case({n}):\n    def f(): ...\n" for n in range(400))
    project = _project(tmp_path, {})
    module = _add(project, "a", f"if case():\n    def f(): ...\n{branches}")
    found = project.names.bindings(module.name, "f")
    assert Unknown("too many definitions") in found
    assert len(found) < 400


def test_bases_can_be_hundreds_of_classes_deep(tmp_path: Path) -> None:
    text = "class C0:\n    def run(self): ...\n"
    text += "".join(f"class C{n}(C{n - 1}): ...\n" for n in range(1, 500))
    project = _project(tmp_path, {})
    module = _add(project, "a", text)
    (definition,) = project.names.bindings(module.name, "C499")
    of_class = project.classes.of(definition)
    assert of_class is not None
    assert project.classes.order(of_class).unresolved
    assert not project.classes.find_method(of_class, "run").complete


def test_attributes_that_depend_on_their_own_class_end(tmp_path: Path) -> None:
    text = "class A(A.B): ...\nclass C:\n    D = E.F\nclass E(C.D): ...\nx = C.D\ny = x().z()()\n"
    project = _project(tmp_path, {})
    module = _add(project, "a", text)
    for name in ("A", "C", "E", "x", "y"):
        assert project.names.bindings(module.name, name)
        for definition in project.names.bindings(module.name, name):
            of_class = project.classes.of(definition)
            assert of_class is None or project.classes.order(of_class).entries[0] == of_class


def test_calls_that_name_themselves_end(tmp_path: Path) -> None:
    text = "f = f('a', f('b'))\ng = h('x', 'y')\nh = g('x', 'y')\n"
    project = _project(tmp_path, {})
    module = _add(project, "a", text)
    for name in ("f", "g", "h"):
        assert all(isinstance(d, Local) for d in project.names.bindings(module.name, name))


def test_a_long_chain_of_attributes_is_cut(tmp_path: Path) -> None:
    project = _project(tmp_path, {})
    module = _add(project, "a", "import lib\nx = lib" + ".a" * 40 + "\ny = lib.a.b.c\n")
    assert project.names.bindings(module.name, "x") == (Unknown("too many definitions"),)
    assert project.names.bindings(module.name, "y") == (External("lib.a.b.c"),)


def test_star_imports_in_a_net_are_looked_through_once(tmp_path: Path) -> None:
    everyone = "".join(f"from m{n} import *\n" for n in range(40))
    files = {f"m{n}": f"{everyone}def f{n}(): ...\n" for n in range(40)}
    project = _project(tmp_path, files)
    module = _add(project, "m0", files["m0"])
    for n in range(40):
        (found,) = project.names.bindings(module.name, f"f{n}")
        assert isinstance(found, Local)
        assert found.ref.module == f"m{n}"


def test_what_may_be_very_many_things_is_partly_unknown(tmp_path: Path) -> None:
    branches = "".join(f"    if case({n}):\n        return lib.make{n}()\n" for n in range(200))
    module = _add(project := _project(tmp_path, {}), "a", f"import lib\ndef f():\n{branches}f()\n")
    values = module.facts.functions[0].values
    call = next(number for number, value in enumerate(values) if value.op == "call")
    found = project.travel.values.describe(Ref(module.name, 0, call))
    assert found[-1] == Unknown("one of too many things")
    assert len(found) < 100
