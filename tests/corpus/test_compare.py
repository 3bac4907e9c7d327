"""Our sites beside those of other linters, by the example of INC1."""

from pathlib import Path
from textwrap import dedent

import pytest

from . import packages as pins
from .compare import UNREAD, compare, reasons, summary
from .defaults import FAMILY, defaults, named
from .packages import Package
from .peers import Family, Site

MAIL = Package("mail", "1.0", "a" * 64, "mail-1.0-py3-none-any.whl", False)
SOURCE = dedent(
    """\
    def send(to=[], *, cc={}, when=now()): to.append(cc)
    def route(user=Depends(current)): pass
    def read(names: Sequence[str] = [], more: "Mapping[str, int] | None" = {}): return names
    def stub(to=[]): ...
    def take(items=(x for x in y)): list(items)
    def odd(names: list[Sequence] = []): return len(names)
    """
)


@pytest.fixture
def fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Package:
    monkeypatch.setattr(pins, "CORPUS", tmp_path)
    MAIL.folder.mkdir()
    (MAIL.folder / "send.py").write_text(SOURCE, encoding="utf-8")
    return MAIL


def ours(line: int, column: int, code: str = "INC101") -> dict[str, object]:
    return {"path": "send.py", "line": line, "column": column, "code": code}


def theirs(line: int, column: int, rule: str = "B006") -> Site:
    return Site("ruff", rule, "send.py", line, column)


def test_sites_are_matched_by_the_place_of_the_default(fetched: Package):
    sites = [theirs(1, 13), theirs(1, 23)]
    found = compare(FAMILY, fetched, [ours(1, 13), ours(5, 16)], sites)
    assert found.counts["ruff B006"] == {"both": 1, "only_us": {"a generator expression": 1}}
    assert [(site.line, site.column, site.why) for site in found.missed] == [(1, 23, "")]
    assert found.missed[0].source.startswith("def send(to=[]")
    assert found.ours == 2


@pytest.mark.parametrize(
    ("line", "column", "why"),
    [
        (1, 32, "a call whose result is not known to be mutable: now()"),
        (2, 16, "a framework's marker call: Depends()"),
        (3, 33, "annotated as read-only, and nobody changes it"),
        (3, 72, "annotated as read-only, and nobody changes it"),
        (4, 13, "a stub without a body"),
        (6, 33, ""),
    ],
)
def test_the_reason_is_read_off_the_signature(fetched: Package, line: int, column: int, why: str):
    (site,) = compare(FAMILY, fetched, [], [theirs(line, column)]).missed
    assert site.why == why


def test_a_file_that_we_could_not_read_is_a_reason(fetched: Package):
    (site,) = compare(FAMILY, fetched, [ours(1, 1, "INC002")], [theirs(1, 13)]).missed
    assert "INC002" in site.why


def test_what_has_no_reason_is_listed_until_a_person_wrote_one(fetched: Package):
    one = compare(FAMILY, fetched, [], [theirs(1, 13), theirs(4, 13)])
    stored = summary(FAMILY, [one], ["mail-1.0"], {})
    assert [row["why"] for row in stored["listed"]] == [UNREAD]
    assert stored["tools"]["ruff B006"]["only_them"] == {UNREAD: 1, "a stub without a body": 1}
    stored["listed"][0]["why"] = "no leak at all"
    stored = summary(FAMILY, [one], ["mail-1.0"], reasons(stored))
    assert [row["why"] for row in stored["listed"]] == ["no leak at all"]
    assert stored["tools"]["ruff B006"]["only_them"]["no leak at all"] == 1


def test_of_a_tool_without_such_a_rule_is_counted_what_it_says_of_our_sites(fetched: Package):
    family: Family = FAMILY._replace(beside="bandit")
    sites = [Site("bandit", "B113", "send.py", line, 13) for line in (1, 5)]
    found = compare(family, fetched, [ours(1, 13), ours(5, 16)], sites)
    assert found.missed == []
    assert summary(family, [found, found], ["mail-1.0"], {})["beside"] == {
        "tool": "bandit",
        "says": {"B113": 2},
    }


def test_defaults_of_every_kind_of_function_are_found(tmp_path: Path):
    file = tmp_path / "a.py"
    file.write_text("async def f(a, b=1, /, c=2, *, d, e=3): return lambda x=4: x\n", "utf-8")
    assert [default.node.value for default in defaults(file)] == [1, 2, 3, 4]
    file.write_text("def f(:\n", encoding="utf-8")
    assert list(defaults(file)) == []


def test_pylint_names_the_function_and_we_find_the_default(fetched: Package):
    def places(text: str, line: int) -> list[tuple[int, int]]:
        message = f"Dangerous default value {text} as argument"
        row = {"path": "send.py", "line": line, "message": message}
        return [(s.line, s.column) for s in named([row], fetched.folder)]

    assert places("[]", 1) == [(1, 13)]
    assert places("{}", 1) == [(1, 23)]
    assert places("now() (mail.now)", 1) == [(1, 32)]
    assert places("{} (builtins.dict)", 4) == [(4, 0)]
