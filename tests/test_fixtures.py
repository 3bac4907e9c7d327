"""Every fixture shows what its comments say: no finding less, and none more."""

import ast
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

import fixtures
from fixtures import Fixture, FixtureError, Made, Mark, Said
from incident_lint.knowledge import rules

SAMPLES = [sample for family in fixtures.families() for sample in fixtures.fixtures(family)]
NOT_PYTHON = {"bad_not_python.py"}
CANNOT_RUN = {"circle_one.py", "circle_two.py", "uses_plain.py", "uses_dynamic.py"}
"""Modules that Python itself refuses to import, each on purpose."""


def name(sample: Fixture) -> str:
    return f"{sample.family}/{sample.name}"


OF_ITS_OWN = {"INC207": "instrumented"}
"""Codes that speak of nearly every call: only samples with this in their name ask for them."""


def codes_of(sample: Fixture) -> set[str]:
    """The delivered codes that a sample is about; suppressions are about them all."""
    return {
        code
        for code in rules.DELIVERED
        if sample.family in ("tool", rules.codes()[code].family)
        and OF_ITS_OWN.get(code, "") in sample.name
    }


@pytest.mark.parametrize("sample", SAMPLES, ids=name)
def test_shows_what_its_comments_say(sample: Fixture) -> None:
    made = fixtures.lint(sample.files, codes_of(sample))
    assert fixtures.complaints(fixtures.read(sample.files), made) == []


@pytest.mark.parametrize("sample", SAMPLES, ids=name)
def test_name_says_whether_there_is_something_to_find(sample: Fixture) -> None:
    expected = fixtures.read(sample.files).expected
    if sample.name.startswith("good_"):
        assert expected == ()
    else:
        assert expected and (sample.name.startswith("bad_") or len(sample.files) > 1)


def test_at_most_a_tenth_of_a_codes_expectations_are_known_misses() -> None:
    said = [fixtures.read(sample.files) for sample in SAMPLES]
    expected = Counter(mark.code for one in said for mark in one.expected)
    misses = Counter(mark.code for one in said for mark in one.misses)
    assert {
        code: (n, expected[code]) for code, n in misses.items() if n * 10 > expected[code]
    } == {}


def test_every_sample_is_python_on_the_lowest_version_that_we_read() -> None:
    for path in (path for sample in SAMPLES for path in sample.files):
        if path.name not in NOT_PYTHON:
            ast.parse(path.read_text("utf-8"), str(path), feature_version=(3, 10))


def test_every_sample_of_defaults_can_be_imported(tmp_path: Path) -> None:
    """Defaults are made on import, so a sample that no Python would run is noticed here."""
    folder = fixtures.FIXTURES / "shared_defaults"
    files = [
        str(path)
        for path in fixtures.modules(folder)
        if path.suffix == ".py" and path.name not in CANNOT_RUN
    ]
    run = subprocess.run(
        [sys.executable, "-B", "-W", "ignore", "-c", IMPORT_ALL, str(folder), *files],
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert (run.returncode, run.stderr) == (0, "")


IMPORT_ALL = """
import importlib, sys
from pathlib import Path

LIBRARIES = "attr attrs boto3 django fastapi pydantic".split()
LIBRARIES += "some_framework typer vendored_framework".split()
folder, *files = sys.argv[1:]
roots = ["src_layout/src", "src_layout", "namespace_package", ""]
sys.path[:0] = [f"{folder}/{root}".rstrip("/") for root in roots]
for file in files:
    path = Path(file).relative_to(folder).as_posix()
    root = next(root for root in roots if path.startswith(root))
    name = path.removeprefix(root).strip("/").removesuffix(".py").replace("/", ".")
    try:
        importlib.import_module(name.removesuffix(".__init__"))
    except ModuleNotFoundError as error:
        if error.name not in LIBRARIES:
            print(f"{path}: {error!r}", file=sys.stderr)
    except Exception as error:
        print(f"{path}: {error!r}", file=sys.stderr)
"""


class TestReader:
    """The reader itself, on findings that were made up."""

    @pytest.fixture
    def sample(self, tmp_path: Path) -> Path:
        path = tmp_path / "sample.py"
        path.write_text(
            "def f(a=[], b={}):  # expect: INC101, INC102\n    a.append(b)\n"
            "def g(a=[]):  # expect: INC101 suspected  # known-miss: INC105 why it is not found\n"
        )
        return path

    def complain(self, path: Path, made: Iterable[tuple[int, str, str]]) -> list[str]:
        marks = [Made(Mark(path, *one), f"message {one[1]}") for one in made]
        return [
            line.rpartition("/")[2] for line in fixtures.complaints(fixtures.read([path]), marks)
        ]

    ALL = ((1, "INC101", "proved"), (1, "INC102", "proved"), (3, "INC101", "suspected"))

    def test_reads_codes_confidence_and_misses(self, sample: Path) -> None:
        assert fixtures.read([sample]) == Said(
            tuple(Mark(sample, *one) for one in self.ALL), (Mark(sample, 3, "INC105"),)
        )

    def test_says_nothing_when_all_is_found(self, sample: Path) -> None:
        assert self.complain(sample, self.ALL) == []

    def test_names_what_is_missing(self, sample: Path) -> None:
        assert self.complain(sample, self.ALL[:2]) == [
            "sample.py:3: INC101 (suspected) expected, not found"
        ]

    def test_names_what_is_too_much(self, sample: Path) -> None:
        assert self.complain(sample, [*self.ALL, (2, "INC101", "proved")]) == [
            "sample.py:2: INC101 found, not expected: message INC101"
        ]

    def test_two_findings_of_a_code_are_no_substitute_for_one(self, sample: Path) -> None:
        assert self.complain(sample, [*self.ALL, self.ALL[0]]) == [
            "sample.py:1: INC101 found, not expected: message INC101"
        ]

    def test_the_confidence_counts(self, sample: Path) -> None:
        assert len(self.complain(sample, [*self.ALL[:2], (3, "INC101", "proved")])) == 2

    def test_a_known_miss_fails_once_it_is_found(self, sample: Path) -> None:
        assert self.complain(sample, [*self.ALL, (3, "INC105", "proved")]) == [
            "sample.py:3: INC105 is found now and no known miss: message INC105"
        ]

    @pytest.mark.parametrize(
        "comment", ["# expect: 101", "# expect", "# expect: INC101 perhaps", "# known-miss: INC101"]
    )
    def test_refuses_what_it_cannot_read(self, tmp_path: Path, comment: str) -> None:
        path = tmp_path / "sample.py"
        path.write_text(f"x = 1  {comment}\n")
        with pytest.raises(FixtureError, match=r"sample\.py:1"):
            fixtures.read([path])
