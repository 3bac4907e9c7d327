"""The tree keeps the shape that docs/design.md promises."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import fixtures
from incident_lint.checks import FAMILIES
from incident_lint.knowledge import rules

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "incident_lint"
SOURCES = sorted(PACKAGE.rglob("*.py"))
LAYERS = {
    "model": set[str](),
    "knowledge": {"model"},
    "engine": {"model", "knowledge"},
    "checks": {"model", "knowledge", "engine"},
    "fixes": {"model", "knowledge", "engine"},
    "hosts": {"model", "knowledge", "engine", "checks", "fixes"},
}
DOORS = {
    "astroid": re.compile(r"model/(tree|rebuild\w*|scopes|lower\w*)\.py|hosts/pylint\.py"),
    "libcst": re.compile(r"engine/fixing_tree\.py|fixes/\w+\.py"),
    "flake8": re.compile(r"hosts/flake8\.py"),
    "pylint": re.compile(r"hosts/pylint\.py"),
    "pygls": re.compile(r"hosts/lsp\.py"),
}
"""Heavy or foreign packages, and the only files that may import them."""


def name(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def imported(path: Path) -> Iterator[str]:
    """The absolute dotted names that a file imports, wherever in it, relative ones resolved."""
    package = ["incident_lint", *path.relative_to(PACKAGE).parts[:-1]]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) + 1 - node.level] if node.level else []
            start = ".".join([*base, *([node.module] if node.module else [])])
            yield from (f"{start}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_a_layer_imports_only_from_its_left(path: Path) -> None:
    layer = path.relative_to(PACKAGE).parts[0]
    if layer not in LAYERS:
        return  # the package itself and the entry points beside the layers
    ours = [dotted.split(".") for dotted in imported(path) if dotted.startswith("incident_lint.")]
    layers = {dotted[1] for dotted in ours if dotted[1] in LAYERS}
    assert layers - LAYERS[layer] - {layer} == set()
    assert layer == "hosts" or not any("config" in dotted for dotted in ours)


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_a_foreign_package_is_imported_at_its_door_only(path: Path) -> None:
    roots = {dotted.partition(".")[0] for dotted in imported(path)}
    trespassing = {root for root in roots & DOORS.keys() if not DOORS[root].fullmatch(name(path))}
    assert trespassing == set()


def test_checks_know_no_trees() -> None:
    """A check that walks a tree sees one spelling of a bug; what queries lack is added to them."""
    seen = {
        (name(path), dotted) for path in PACKAGE.glob("checks/**/*.py") for dotted in imported(path)
    }
    walkers = ("ast", "incident_lint.model.tree", "incident_lint.model.lower")
    assert {one for one in seen if one[1].startswith(walkers)} == set()


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_no_file_has_over_400_lines(path: Path) -> None:
    lines = len(path.read_text("utf-8").splitlines())
    assert lines <= 400


@pytest.mark.parametrize(
    ("module", "absent"),
    [
        ("incident_lint", "astroid libcst pygls flake8 pylint incident_lint.engine"),
        ("incident_lint.hosts.flake8", "libcst pygls pylint"),
        ("incident_lint.hosts.cli", "astroid libcst pygls flake8 pylint"),
        ("incident_lint.knowledge.rules", "astroid libcst"),
    ],
)
def test_nothing_heavy_is_imported_before_it_is_needed(module: str, absent: str) -> None:
    script = f"import sys, {module}; print(*sorted(set({absent.split()!r}) & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (run.stdout.strip(), run.stderr) == ("", "")


class TestFamilies:
    def test_are_called_the_same_in_every_folder(self) -> None:
        delivered = {rules.codes()[code].family for code in rules.DELIVERED}
        own = delivered - {"tool"}
        assert {family.name for family in FAMILIES} == own
        assert own <= {path.name for path in (PACKAGE / "checks").iterdir() if path.is_dir()}
        assert set(fixtures.families()) == delivered
        assert {entry.family for entry in rules.codes().values()} <= set(folders(ROOT / "rules"))

    def test_own_all_delivered_codes(self) -> None:
        owned = [code for family in FAMILIES for code in family.codes]
        assert len(owned) == len(set(owned))
        assert {*owned, "INC001", "INC002"} == rules.DELIVERED

    def test_every_code_belongs_to_one_incident_that_is_re_enacted_once_delivered(self) -> None:
        told = {rules.codes()[code].incident for code in rules.DELIVERED} - {None}
        assert told == {path.name for path in fixtures.incidents()}


@pytest.mark.parametrize("code", sorted(rules.DELIVERED))
class TestEveryDeliveredCode:
    def test_has_a_page(self, code: str) -> None:
        entry = rules.codes()[code]
        page = (ROOT / "rules" / entry.family / f"{code}.md").read_text("utf-8")
        assert page.startswith(f"# {code} {entry.symbol}\n")

    def test_has_a_bad_and_a_good_fixture(self, code: str) -> None:
        samples = fixtures.fixtures(rules.codes()[code].family)
        bad = [
            one for one in samples if code in {m.code for m in fixtures.read(one.files).expected}
        ]
        good = [one for one in samples if one.name.startswith("good_")]
        assert bad and good


def test_messages_start_small_and_end_without_a_full_stop() -> None:
    """A message is a clause that every host puts after a code, so it reads like one."""
    said = {
        message
        for sample in every_sample()
        for finding in fixtures.findings(sample.files)
        for message in (finding.message, *(step.message for step in finding.trail))
    }
    assert said
    assert {message for message in said if not reads_like_a_clause(message)} == set()


def reads_like_a_clause(message: str) -> bool:
    """No full stop, one line, and no capital first word unless it is a name from the code."""
    first = message.split()[0] if message.split() else ""
    small = not first[:1].isupper() or first.startswith("`")
    return bool(message) and small and not message.endswith(".") and len(message.splitlines()) == 1


def every_sample() -> list[fixtures.Fixture]:
    return [sample for family in fixtures.families() for sample in fixtures.fixtures(family)]


def folders(path: Path) -> list[str]:
    return [child.name for child in path.iterdir() if child.is_dir()]
