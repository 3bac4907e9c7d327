"""Loading rows, and which of them wins."""

from pathlib import Path as File

import pytest

from incident_lint.knowledge import rows, rules
from incident_lint.knowledge.catalogue import Catalogue, CatalogueError, Row
from incident_lint.knowledge.paths import Segment, parse


@pytest.fixture(scope="module")
def shipped() -> Catalogue:
    return Catalogue.load()


def ask(catalogue: Catalogue, role: str, text: str) -> Row | None:
    (path,) = parse(text)
    return catalogue.match(role, path)


def with_rows(folder: File, *texts: str) -> Catalogue:
    files = []
    for number, text in enumerate(texts):
        files.append(folder / f"rows{number}.toml")
        files[-1].write_text(text, encoding="utf-8")
    return Catalogue.load(files)


def row(role: str, path: str, more: str = "") -> str:
    return f"[[api]]\nrole = '{role}'\npaths = ['{path}']\n{more}\n"


def test_a_row_is_found_by_role_and_path(shipped: Catalogue) -> None:
    found = ask(shipped, "mutates", "list().append()")
    assert found is not None
    assert dict(found.keys) == {"argument": "receiver", "stores": [0]}
    assert found.source.startswith("https://docs.python.org/")
    assert File(found.file).name == "builtins.toml"
    lines = File(found.file).read_text(encoding="utf-8").splitlines()
    assert '"list().append()"' in lines[found.line - 1]


@pytest.mark.parametrize(
    ("role", "path"),
    [
        ("reads", "list().append()"),
        ("mutates", "list.append"),
        ("mutates", "acme.list().append()"),
        ("no-such-role", "list()"),
    ],
)
def test_other_roles_and_other_paths_match_nothing(
    shipped: Catalogue, role: str, path: str
) -> None:
    assert ask(shipped, role, path) is None


def test_the_path_of_nothing_matches_nothing(shipped: Catalogue) -> None:
    assert shipped.match("mutates", ()) is None
    assert shipped.matches(()) == []
    assert shipped.match("mutates", (Segment("call"),)) is None


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("collections.OrderedDict().update()", "dict().update()"),
        ("typing.List[]().append()", "list().append()"),
        ("typing.DefaultDict().copy().popitem()", "dict().popitem()"),
        ("sorted().append()", "list().append()"),
        ("list().copy().copy().append()", "list().append()"),
        ("collections.Counter().update()", "collections.Counter().update()"),
    ],
)
def test_rows_hold_for_what_is_the_same(shipped: Catalogue, path: str, meant: str) -> None:
    found = ask(shipped, "mutates", path)
    assert found is not None
    assert found.text == meant


def test_a_users_row_wins(tmp_path: File) -> None:
    mine = with_rows(tmp_path, row("mutates", "list().append()", "argument = 0"))
    found = ask(mine, "mutates", "list().append()")
    assert found is not None
    assert found.keys["argument"] == 0
    assert found.users


def test_of_a_users_rows_the_last_wins(tmp_path: File) -> None:
    first, second = (row("mutates", "acme.f()", f"argument = {n}") for n in (1, 2))
    found = ask(with_rows(tmp_path, first, second), "mutates", "acme.f()")
    assert found is not None
    assert found.keys["argument"] == 2


def test_the_more_precise_row_wins(tmp_path: File) -> None:
    rows = [
        row("mutates", 'acme.open("w").write()', "argument = 2"),
        row("mutates", "acme.open().write()", "argument = 1"),
        row("mutates", "acme.open().*()", "argument = 0"),
    ]
    mine = with_rows(tmp_path, *rows)
    for path, argument in [
        ('acme.open("w").write()', 2),
        ('acme.open("r").write()', 1),
        ("acme.open().close()", 0),
    ]:
        found = ask(mine, "mutates", path)
        assert found is not None
        assert found.keys["argument"] == argument


def test_none_switches_a_path_off_and_says_so(tmp_path: File) -> None:
    mine = with_rows(tmp_path, row("none", "list().append()"))
    assert ask(mine, "mutates", "list().append()") is None
    assert ask(mine, "mutates", "list().extend()") is not None
    (path,) = parse("list().append()")
    assert [found.role for found in mine.matches(path)] == ["none"]


def test_none_reaches_what_is_the_same(tmp_path: File) -> None:
    mine = with_rows(tmp_path, row("none", "dict().update()"))
    assert ask(mine, "mutates", "collections.OrderedDict().update()") is None


def test_a_row_after_none_switches_on_again(tmp_path: File) -> None:
    none = row("none", "acme.f()")
    again = row("reads", "acme.f()")
    assert ask(with_rows(tmp_path, none, again), "reads", "acme.f()") is not None
    assert ask(with_rows(tmp_path, again, none), "reads", "acme.f()") is None


def test_same_as_rows_of_a_user_chain_and_may_form_a_circle(tmp_path: File) -> None:
    mine = with_rows(
        tmp_path,
        row("same-as", "acme.Bag", "as = 'acme.Basket'"),
        row("same-as", "acme.Basket", "as = 'list'"),
        row("same-as", "acme.left", "as = 'acme.right'"),
        row("same-as", "acme.right", "as = 'acme.left'"),
    )
    assert ask(mine, "mutates", "acme.Bag().append()") is not None
    assert ask(mine, "mutates", "acme.left.append()") is None


def test_all_roles_of_a_path_are_listed(shipped: Catalogue) -> None:
    (path,) = parse("requests.session().get()")
    found = {row.role for row in shipped.matches(path)}
    assert found == {"reads", "mutates", "fallible-response", "sends-text"}


def test_one_table_may_hold_alternatives(tmp_path: File) -> None:
    mine = with_rows(tmp_path, row("reads", "acme.{get,peek}{,_all}()"))
    assert ask(mine, "reads", "acme.peek_all()") is not None


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("[[api]\n", 1, "Expected"),
        ("\n[[api]]\nrole = 'mutate'\npaths = ['a()']\n", 3, "did you mean `mutates`"),
        ("[[api]]\npaths = ['a()']\n", 1, "needs a `role`"),
        ("[[api]]\nrole = 'reads'\n", 1, "needs `paths`"),
        ("[[api]]\nrole = 'reads'\npaths = []\n", 1, "needs `paths`"),
        ("[[api]]\nrole = 'reads'\npaths = [1]\n", 1, "needs `paths`"),
        ("[[api]]\nrole = 'reads'\npaths = [\n  'a()',\n  \"b(\",\n]\n", 5, "cannot be read"),
        (row("reads", "a()", "consume = true"), 1, "did you mean `consumes`"),
        (row("reads", "a()", "consumes = 'yes'"), 1, "must be true or false"),
        (row("reads", "a()", "result = 'copy'"), 1, 'one of "new"'),
        (row("reads", "a()", "result = 1"), 1, "must be a string"),
        (row("mutates", "a()"), 1, "needs the key `argument`"),
        (row("mutates", "a()", "argument = -1"), 1, "a position from 0"),
        (row("mutates", "a()", "argument = true"), 1, "a position from 0"),
        (row("mutates", "a()", "argument = 0\nstores = 1"), 1, "a list of positions"),
        (row("frozen-decorator", "a()", "when = 'frozen'"), 1, "a condition"),
        (row("same-as", "a()", "as = '{b,c}'"), 1, "without alternatives"),
        (row("same-as", "a().*", "as = 'b'"), 3, "cannot have `*`"),
        ("[[row]]\n", None, "unknown key `row`"),
        ("api = 1\n", None, "[[api]]"),
    ],
)
def test_a_broken_file_is_told_by_file_line_and_reason(
    tmp_path: File, text: str, line: int | None, reason: str
) -> None:
    with pytest.raises(CatalogueError) as error:
        with_rows(tmp_path, text)
    message = str(error.value)
    assert reason in message
    assert message.startswith(str(tmp_path / "rows0.toml") + (f":{line}:" if line else ":"))
    assert "\n" not in message


def test_a_file_that_cannot_be_read_is_told(tmp_path: File) -> None:
    with pytest.raises(CatalogueError, match=r"missing\.toml: cannot be read"):
        Catalogue.load([tmp_path / "missing.toml"])
    binary = tmp_path / "binary.toml"
    binary.write_bytes(b"\xff\xfe")
    with pytest.raises(CatalogueError, match="not UTF-8"):
        Catalogue.load([binary])
    with pytest.raises(CatalogueError, match="cannot be read"):
        Catalogue.load([tmp_path])


def test_rows_of_a_library_that_nobody_uses_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue, read = Catalogue.load(), []
    load = rows.load
    monkeypatch.setattr(
        rows, "load", lambda file, *more, **keys: read.append(file) or load(file, *more, **keys)
    )
    assert ask(catalogue, "reads", "print()") is not None
    assert read == []
    assert ask(catalogue, "fallible-response", 'boto3.Session().client("sqs").send_message_batch()')
    assert "aws.toml" in {file.name for file in read}
    before = len(read)
    assert ask(catalogue, "fallible-response", 'boto3.client("sqs").delete_message_batch()')
    assert len(read) == before


def test_a_file_for_later_speaks_of_its_library_only(tmp_path: File) -> None:
    text = 'only = ["acme"]\nsource = "acme"\n' + row("reads", "other.thing()")
    with pytest.raises(CatalogueError, match=r"`other.thing\(\)` is not what `only` says"):
        with_rows(tmp_path, text)


def test_what_is_only_the_same_as_a_library_has_rows_of_its_own_too(tmp_path: File) -> None:
    mine, theirs = tmp_path / "mine.toml", tmp_path / "theirs.toml"
    mine.write_text('only = ["acme"]\nsource = "acme"\n' + row("reads", "acme.own()"))
    theirs.write_text('only = ["other"]\nsource = "other"\n' + row("reads", "other.thing()"))
    known = Catalogue.load().roles
    ours = tmp_path / "ours.toml"
    ours.write_text(row("same-as", "acme.copy", "as = 'other.thing'"))
    later = {"acme": (mine,), "other": (theirs,)}
    catalogue = Catalogue(rows.load(ours, known, users=True), known, later)
    assert ask(catalogue, "reads", "acme.copy()") is not None
    assert ask(catalogue, "reads", "acme.own()") is not None
    assert ask(catalogue, "reads", "other.thing()") is not None
    assert len(list(catalogue.of_role("reads"))) == 2


def test_many_names_for_things_of_a_library_whose_rows_come_later(tmp_path: File) -> None:
    theirs, ours = tmp_path / "theirs.toml", tmp_path / "ours.toml"
    theirs.write_text('only = ["acme"]\nsource = "acme"\n' + row("reads", "acme.thing()"))
    same = [
        row("same-as", f"acme.{{one,two}}{number}", "as = 'acme.thing'") for number in range(30)
    ]
    ours.write_text("\n".join(same))  # a list of files that doubled with each would fill memory
    known = Catalogue.load().roles
    catalogue = Catalogue(rows.load(ours, known, users=True), known, {"acme": (theirs,)})
    assert ask(catalogue, "reads", "acme.two29()") is not None


def test_roles_with_rows_for_later_are_asked_by_path_alone() -> None:
    known = Catalogue.load().roles
    files = [file for file in rules.folder().glob("*/*.toml") if rows.only(file)]
    later = {found.role for file in files for found in rows.load(file, known, users=False)}
    assert later == (
        {"fallible-response", "runs-at-the-end", "same-as", "next-message", "send"}
        | {"outside-value", "entity-value", "bounded-value", "passes-on", "entry-point", "injected"}
    )
