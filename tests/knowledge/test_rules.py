"""The rules as documents, and the shape of what is shipped."""

import functools
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from incident_lint.knowledge import paths, roles, rows, rules

ROOT = Path(__file__).parents[2]
HEADINGS = [
    "What it does",
    "Why is this bad?",
    "Known problems",
    "Example",
    "Use instead",
    "Options",
    "References",
]


@functools.cache
def shipped_rows() -> list[rows.Row]:
    known = roles.load(rules.folder())
    files = sorted(rules.folder().glob("*/*.toml"))
    return [
        row
        for file in files
        if file.name not in ("rule.toml", "roles.toml")
        for row in rows.load(file, known, users=False)
    ]


def test_the_rules_are_those_of_the_checkout() -> None:
    assert rules.folder() == ROOT / "rules"


def test_the_contract_has_37_codes_with_their_numbers_in_pylint() -> None:
    codes = rules.codes()
    assert len(codes) == 37
    assert list(codes) == sorted(codes)
    assert codes["INC101"].pylint_id == "W7611"
    assert codes["INC205"].pylint_id == "W7625"
    assert codes["INC001"].pylint_id == "W7601"
    assert len({code.pylint_id[1:] for code in codes.values()}) == 37
    assert len({code.symbol for code in codes.values()}) == 37


def test_advice_is_for_pylint_a_refactoring() -> None:
    advice = {code.code for code in rules.codes().values() if code.letter == "R"}
    assert advice == {"INC102", "INC105", "INC206", "INC207", "INC404"}


def test_off_by_default_are_those_of_the_contract_and_what_has_not_earned_it() -> None:
    off = {code.code for code in rules.codes().values() if not code.default_on}
    expected = "105 206 207 208 307 404 405 501 504 505 506 602 603"
    # What proves right on real code is on.
    not_yet_earned = "104 201 202 203 204 205 301 302 303 304 305 306 308 401 402 403"
    assert off == {f"INC{number}" for number in f"{expected} {not_yet_earned}".split()}


def test_every_family_but_the_tool_has_its_incident() -> None:
    codes = rules.codes()
    assert codes["INC101"].incident == "sendwithus-2023-07-14"
    assert {code.code for code in codes.values() if code.incident is None} == {"INC001", "INC002"}


def test_summaries_are_one_short_line_without_a_full_stop() -> None:
    for code in rules.codes().values():
        assert len(code.summary) <= 90, code.code
        assert "\n" not in code.summary
        assert not code.summary.endswith(".")
        assert code.summary[0].islower()


def test_symbols_name_the_bad_thing() -> None:
    for code in rules.codes().values():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", code.symbol)
        assert not code.symbol.startswith(("use-", "prefer-", "disallow-"))


def test_delivered_codes_are_those_with_a_page() -> None:
    pages = {path.stem for path in rules.folder().glob("*/INC*.md")}
    assert pages == rules.DELIVERED


@pytest.mark.parametrize("code", sorted(rules.DELIVERED))
def test_pages_have_the_same_headings(code: str) -> None:
    page = rules.page(code)
    assert page.startswith(f"# {code} {rules.codes()[code].symbol}\n")
    assert re.findall(r"^## (.+)$", page, re.MULTILINE) == HEADINGS


def test_a_code_without_a_check_is_explained_as_such() -> None:
    assert "does not check it yet" in rules.page("INC501")
    with pytest.raises(KeyError):
        rules.page("INC999")


def test_the_readme_explains_every_role() -> None:
    readme = (rules.folder() / "README.md").read_text(encoding="utf-8")
    described = set(re.findall(r"^\| `([a-z-]+)` \|", readme, re.MULTILINE))
    assert described == set(roles.load(rules.folder()))


def test_every_role_and_key_has_a_sentence() -> None:
    for role in roles.load(rules.folder()).values():
        for says in [role.says, *(key.says for key in role.keys.values())]:
            assert says.endswith("."), (role.name, says)


def test_every_role_has_a_row_but_none() -> None:
    declared = set(roles.load(rules.folder()))
    assert declared - {row.role for row in shipped_rows()} == {"none"}


def test_no_path_is_said_twice_for_one_role() -> None:
    seen: dict[tuple[str, str], str] = {}
    for row in shipped_rows():
        place = f"{row.file}:{row.line}"
        said = seen.setdefault((row.role, row.text), place)
        assert said == place, f"{row.role} {row.text} at {said} and {place}"


def test_no_call_makes_both_a_mutable_and_an_immutable_object() -> None:
    by_role: dict[str, set[paths.Path]] = {}
    for row in shipped_rows():
        by_role.setdefault(row.role, set()).add(row.pattern)
    assert not by_role["mutable-constructor"] & by_role["immutable-constructor"]
    assert not by_role["mutable-constructor"] & by_role["marker-call"]


def run(program: str, packages: Path) -> str:
    """What a program prints in a fresh process that finds its packages in one folder."""
    command = [sys.executable, "-c", program]
    environment = {"PYTHONPATH": str(packages)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_explaining_imports_nothing_heavy() -> None:
    program = (
        "import sys; from incident_lint.knowledge import rules; rules.page('INC101')\n"
        "print(sorted({'astroid', 'libcst', 'difflib'} & set(sys.modules)))"
    )
    assert run(program, ROOT / "src") == "[]"


FOLDER = "from incident_lint.knowledge import rules; print(rules.folder())"


@pytest.mark.parametrize("above", ["site-packages", "src"])
def test_an_installed_package_has_its_own_rules(tmp_path: Path, above: str) -> None:
    package = tmp_path / above / "incident_lint"
    shutil.copytree(ROOT / "src" / "incident_lint", package)
    shutil.copytree(ROOT / "rules", package / "rules")
    other = tmp_path / "rules"
    other.mkdir()
    (other / "README.md").write_text("# The rules of chess\n", encoding="utf-8")
    assert run(FOLDER, package.parent) == str(package / "rules")


def test_an_installation_without_rules_says_so(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "src" / "incident_lint", tmp_path / "incident_lint")
    program = FOLDER.replace("print", "\ntry: print") + "\nexcept Exception as e: print(e)"
    assert run(program, tmp_path).endswith("the rules are missing: reinstall them")
