"""The nearest configuration wins, is checked, and is asked per file."""

from __future__ import annotations

from pathlib import Path

import pytest

from incident_lint.hosts import config
from incident_lint.hosts.config import Overrides, check_nearest, settings_for
from incident_lint.hosts.select import Layer
from incident_lint.hosts.table import ConfigError


@pytest.fixture(autouse=True)
def _fresh() -> None:
    config.forget()


def write(folder: Path, text: str, name: str = "pyproject.toml") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def configure(folder: Path, text: str) -> None:
    write(folder, f"[tool.incident-lint]\n{text}\n")


def test_without_a_configuration_the_defaults_hold(tmp_path: Path) -> None:
    settings = settings_for(tmp_path / "a.py")
    assert "INC101" in settings.codes(tmp_path / "a.py")
    assert "INC105" not in settings.codes(tmp_path / "a.py")
    assert settings.min_confidence == "proved"
    assert settings.output_format == "full"


def test_the_nearest_configuration_wins_and_outer_ones_are_not_merged_in(tmp_path: Path) -> None:
    configure(tmp_path, 'ignore = ["INC101"]')
    configure(tmp_path / "inner", 'extend-select = ["INC105"]')
    inner = settings_for(tmp_path / "inner/deep/a.py").codes(tmp_path / "inner/deep/a.py")
    assert {"INC101", "INC105"} <= inner
    assert "INC101" not in settings_for(tmp_path / "a.py").codes(tmp_path / "a.py")


def test_a_pyproject_without_our_table_is_passed_by(tmp_path: Path) -> None:
    configure(tmp_path, 'ignore = ["INC101"]')
    write(tmp_path / "inner", "[project]\nname = 'x'\n")
    settings = settings_for(tmp_path / "inner/a.py")
    assert "INC101" not in settings.codes(tmp_path / "inner/a.py")


def test_the_command_line_comes_on_top(tmp_path: Path) -> None:
    configure(tmp_path, 'select = ["INC102"]\nmin-confidence = "suspected"\nforce-exclude = true')
    overrides = Overrides(selection=Layer(select=("INC101",)), min_confidence="proved")
    settings = settings_for(tmp_path / "a.py", overrides)
    assert settings.codes(tmp_path / "a.py") == {"INC101", "INC002"}
    assert settings.min_confidence == "proved"
    assert settings.force_exclude


def test_a_host_can_add_selectors_of_its_own(tmp_path: Path) -> None:
    settings = settings_for(tmp_path / "a.py")
    assert "INC105" in settings.codes(tmp_path / "a.py", also=("INC105",))


def test_per_file_ignores(tmp_path: Path) -> None:
    configure(tmp_path, 'per-file-ignores = { "legacy" = ["INC1"], "src/*.py" = ["INC102"] }')

    def codes(name: str) -> frozenset[str]:
        return settings_for(tmp_path / name).codes(tmp_path / name)

    assert not {"INC101", "INC102"} & codes("a/legacy/b.py")
    assert "INC102" not in codes("src/a.py")
    assert "INC101" in codes("src/a.py")
    assert "INC102" in codes("src/deep/a.py")


@pytest.mark.parametrize(
    "name", ["test_a.py", "a_test.py", "conftest.py", "tests/a.py", "x/test/a.py"]
)
def test_test_code_is_checked_for_defaults_only(tmp_path: Path, name: str) -> None:
    configure(tmp_path, 'select = ["ALL"]')
    codes = settings_for(tmp_path / name).codes(tmp_path / name)
    assert {"INC101", "INC105", "INC206", "INC001", "INC002"} <= codes
    assert not {"INC201", "INC401"} & codes


def test_folders_above_the_project_do_not_make_test_code(tmp_path: Path) -> None:
    project = tmp_path / "tests/project"
    configure(project, "")
    assert not settings_for(project / "a.py").is_test_code(project / "a.py")
    assert not settings_for(tmp_path / "tests/a.py").is_test_code(tmp_path / "tests/a.py")
    assert settings_for(tmp_path / "tests/test_a.py").is_test_code(tmp_path / "tests/test_a.py")


def test_what_test_code_is_checked_for_can_be_configured(tmp_path: Path) -> None:
    selected = 'extend-select = ["INC301", "INC401"]\n'
    configure(tmp_path, selected + 'test-select = ["INC1", "INC301"]')
    codes = settings_for(tmp_path / "test_a.py").codes(tmp_path / "test_a.py")
    assert "INC301" in codes
    assert "INC401" not in codes


def test_paths_are_relative_to_the_configuration(tmp_path: Path) -> None:
    write(tmp_path / "lint", "", "acme.toml")
    configure(tmp_path, 'src = ["lib"]\ncatalogue = ["lint/acme.toml"]\ncache-dir = "../c"')
    settings = settings_for(tmp_path / "lib/a.py")
    assert settings.src == (tmp_path / "lib",)
    assert settings.catalogue == (tmp_path / "lint/acme.toml",)
    assert settings.cache_dir == tmp_path.parent / "c"


def test_facts_are_kept_in_the_project_or_not_at_all(tmp_path: Path) -> None:
    configure(tmp_path / "p", "")
    configure(tmp_path / "q", "no-cache = true")
    assert settings_for(tmp_path / "p/a.py").cache_dir == tmp_path / "p/.incident_lint_cache"
    assert settings_for(tmp_path / "q/a.py").cache_dir is None
    assert settings_for(tmp_path / "p/a.py", Overrides(no_cache=True)).cache_dir is None


def test_exclusion_below_a_named_folder(tmp_path: Path) -> None:
    configure(tmp_path, 'extend-exclude = ["vendored"]')
    file = tmp_path / "vendored/x/a.py"
    settings = settings_for(file)
    assert settings.excluded(file, below=tmp_path)
    assert not settings.excluded(file, below=tmp_path / "vendored")
    forced = settings_for(file, Overrides(force_exclude=True))
    assert forced.excluded(file, below=tmp_path / "vendored")
    assert forced.excluded(file, below=file)


@pytest.mark.parametrize(
    ("text", "key", "hint"),
    [
        ('selct = ["INC101"]', "selct", "select"),
        ('select = ["INC999"]', "select", "INC"),
        ('ignore = ["mutable-defalt"]', "ignore", "mutable-default"),
        ('per-file-ignores = { "a.py" = ["inc101"] }', "per-file-ignores", "INC101"),
        ('min-confidence = "prooved"', "min-confidence", "proved"),
        ('output-format = "jsn"', "output-format", "json"),
        ("select = 3", "select", "list of strings"),
        ("select = [3]", "select", "list of strings"),
        ('exclude = "venv"', "exclude", "list of strings"),
        ('exclude = ["[z-a]"]', "exclude", "[z-a]"),
        ("per-file-ignores = []", "per-file-ignores", "table"),
        ('force-exclude = "yes"', "force-exclude", "true or false"),
        ('catalogue = ["gone.toml"]', "catalogue", "gone.toml"),
        ("cache-dir = 1", "cache-dir", "path"),
    ],
)
def test_an_error_names_file_key_and_nearest_word(
    tmp_path: Path, text: str, key: str, hint: str
) -> None:
    configure(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        settings_for(tmp_path / "a.py")
    message = str(caught.value)
    assert "pyproject.toml" in message
    assert key in message
    assert hint in message
    assert "\n" not in message


@pytest.mark.parametrize(
    "text", ["[tool.incident_lint]\n", "[tool.Incident-Lint]\n", "tool.incident-lint = 3\n"]
)
def test_a_table_that_is_misspelt_or_no_table_is_an_error(tmp_path: Path, text: str) -> None:
    write(tmp_path, text)
    with pytest.raises(ConfigError, match="incident-lint"):
        settings_for(tmp_path / "a.py")


def test_broken_toml_is_an_error_where_it_is_about_us(tmp_path: Path) -> None:
    write(tmp_path, "[tool.incident-lint\n")
    with pytest.raises(ConfigError, match=r"pyproject\.toml"):
        settings_for(tmp_path / "a.py")


def test_somebody_elses_broken_toml_matters_only_where_it_is_named(tmp_path: Path) -> None:
    write(tmp_path, "this is = = no TOML\n")
    assert "INC101" in settings_for(tmp_path / "a.py").codes(tmp_path / "a.py")
    with pytest.raises(ConfigError, match=r"pyproject\.toml"):
        check_nearest(tmp_path / "a.py")


def test_a_pyproject_that_is_a_folder_is_an_error_where_it_is_named(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").mkdir()
    assert settings_for(tmp_path / "a.py").root == tmp_path
    with pytest.raises(ConfigError, match=r"pyproject\.toml"):
        check_nearest(tmp_path)
