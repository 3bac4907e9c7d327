"""The libraries are the judges: calls of rows are made to fail, and must do so without raising."""

from __future__ import annotations

import ast
import asyncio
import functools
import inspect
import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import failing_elsewhere
import failing_mail
import failing_services
import failing_standard
import failing_web
import pytest
from failing import WORKS, Setting, Trial

from incident_lint.knowledge import roles, rows, rules
from incident_lint.knowledge.rows import Row

FAILING = (failing_standard, failing_web, failing_mail, failing_services, failing_elsewhere)
TRIALS: dict[str, Trial] = {text: trial for each in FAILING for text, trial in each.TRIALS.items()}
ROLE = "fallible-response"
WITHDRAWN = (".cancel()", ".pid", ".terminate()", ".kill()")
"""Who does this does not want to know any more, or sees to it in another way."""
CALLBACKS = (".add_done_callback()", ".add_errback()", ".add_both()")


@functools.cache
def every() -> tuple[Row, ...]:
    """All rows but those of AWS, which has its own test."""
    known = roles.load(rules.folder())
    return tuple(
        row
        for file in sorted(rules.folder().glob("unchecked_responses/*.toml"))
        if file.name not in ("rule.toml", "roles.toml") and not file.name.startswith("aws")
        for row in rows.load(file, known, users=False)
        if row.role == ROLE
    )


@functools.cache
def tried() -> dict[str, Row]:
    """The rows that claim to have been seen to happen, or are tried all the same, by path."""
    return {
        row.text: row for row in every() if row.text in TRIALS or not row.keys.get("unverified")
    }


def test_every_row_that_is_not_unverified_has_been_tried() -> None:
    assert set(TRIALS) == set(tried())


def trials(wanted: Callable[[Row], Any] = lambda row: True) -> list[Any]:
    return [
        pytest.param(row, id=text)
        for text, row in tried().items()
        if text in TRIALS and wanted(row)
    ]


@pytest.fixture
def trial(row: Row) -> Trial:
    found = TRIALS[row.text]
    if found.library:
        pytest.importorskip(found.library, reason="in the extra `rows`: too large for dev")
    return found


def hidden(row: Row, trial: Trial) -> list[Setting]:
    """The ways to fail without raising."""
    silencers = [condition(trial, text) for text in row.keys.get("silenced_if", ())] or [
        Setting("")
    ]
    return [each._replace(outcome=name) for name in trial.outcomes for each in silencers]


def condition(trial: Trial, text: str) -> Setting:
    """The arguments with which a condition holds."""
    name, _, wanted = text.removeprefix("constructor:").partition("=")
    value = trial.values.get(text, True) if wanted == "*" else ast.literal_eval(wanted)
    given = {name.partition("[")[0]: value}
    return Setting("", {}, given) if text.startswith("constructor:") else Setting("", given)


def ask(trial: Trial, setting: Setting, reader: Callable[[Any], Any]) -> Any:
    """Make a call; what is read from its result, in the loop in which it was made."""

    async def inside() -> Any:
        made = await trial.call(setting) if is_async else result
        found = reader(made)
        return await found if inspect.iscoroutine(found) else found

    is_async = inspect.iscoroutinefunction(trial.call)
    result = None if is_async else trial.call(setting)
    return asyncio.run(inside())


class Seen(NamedTuple):
    """What a call gave: its truth, what its members for inspection are (an exception as its class),
    and which members for the payload it lacks."""

    truth: bool
    members: dict[str, Any]
    lacks: list[str]


@functools.cache
def seen(text: str, way: int, works: bool) -> Seen:
    """Make the call of a path in one of the hidden ways to fail, or so that it works."""
    row, trial = tried()[text], TRIALS[text]
    setting = hidden(row, trial)[way]
    setting = setting._replace(outcome=WORKS) if works else setting
    groups = [[m for m in row.keys.get("inspection", ()) if m not in WITHDRAWN]]
    if row.keys["shape"] == "handle":  # who asks one member may leave nothing for the next
        groups = [[member] for member in groups[0]] or [[]]

    payload = row.keys.get("payload", ())

    async def look(result: Any, members: Sequence[str]) -> Seen:
        lacks = [member for member in payload if not has(result, member)]
        found = {member: await what(result, member) for member in members}
        return Seen(bool(result), found, lacks)

    looks = [ask(trial, setting, functools.partial(look, members=group)) for group in groups]
    return looks[0]._replace(members={k: v for look in looks for k, v in look.members.items()})


async def what(result: Any, member: str) -> Any:
    try:
        found = read(result, member)
        return kind(await found if inspect.isawaitable(found) else found)
    except Exception as error:
        return type(error)


def read(result: Any, member: str) -> Any:
    if member == "iter":
        return [kind(each) for each in result]
    if member == "[]":
        return kind(result[0])
    if member == "await":
        return result
    if member[0] == "[":
        return result[ast.literal_eval(member[1:-1])]
    if member.endswith(")[1]"):
        return read(result, member.removesuffix("[1]"))[1]
    found = getattr(result, member[1:].removesuffix("()"))
    if member in CALLBACKS:
        told: list[Any] = []
        found(lambda it: told.append(kind(it.exception() if hasattr(it, "exception") else it)))
        return told
    return found() if member.endswith("()") else found


def kind(found: Any) -> Any:
    """Exceptions are not equal to others of their kind."""
    return type(found) if isinstance(found, Exception) else found


def has(result: Any, member: str) -> bool:
    if member == "iter":
        return hasattr(result, "__iter__") or hasattr(result, "__getitem__")
    if member == "[]":
        return hasattr(result, "__getitem__")
    if member[0] == "[":
        key = ast.literal_eval(member[1:-1])
        return key in result if isinstance(key, str) else len(result) > key
    name = member[1:].removesuffix("()")
    return name in dir(result) and (not member.endswith("()") or callable(getattr(result, name)))


@pytest.mark.parametrize("row", trials())
def test_a_failure_raises_nothing_and_the_members_tell_of_it(row: Row, trial: Trial) -> None:
    fine = seen(row.text, 0, True)
    failed = [seen(row.text, way, False) for way, _ in enumerate(hidden(row, trial))]
    for member, value in fine.members.items():
        assert any(one.members[member] != value for one in failed), member
    assert [one.lacks for one in failed] == [[]] * len(failed)


@pytest.mark.parametrize("row", trials())
def test_the_truth_of_a_result_is_what_the_row_says(row: Row, trial: Trial) -> None:
    fine = seen(row.text, 0, True).truth
    failed = {seen(row.text, way, False).truth for way, _ in enumerate(hidden(row, trial))}
    if row.keys.get("falsy_on_failure"):
        assert (failed, fine) == ({False}, True)
    elif row.keys.get("truthy_on_failure"):
        assert (failed, fine) == ({True}, False)
    else:
        assert failed == {fine}


@pytest.mark.parametrize("row", trials(lambda row: row.keys.get("raises_if")))
def test_it_raises_if_it_is_told_to(row: Row, trial: Trial) -> None:
    for text in row.keys["raises_if"]:
        setting = condition(trial, text)
        ask(trial, setting._replace(outcome=WORKS), bool)
        with pytest.raises(Exception, match=re.compile("")):
            ask(trial, setting._replace(outcome=trial.outcomes[0]), bool)


@pytest.mark.parametrize("row", trials(lambda row: row.keys.get("silenced_if")))
def test_it_raises_unless_it_is_silenced(row: Row, trial: Trial) -> None:
    for outcome in trial.outcomes:
        with pytest.raises(Exception, match=re.compile("")):
            ask(trial, Setting(outcome), bool)


@pytest.mark.parametrize("row", trials(lambda row: "fix_method" in row.keys))
def test_what_a_fix_calls_raises_and_may_give_the_result_back(row: Row, trial: Trial) -> None:
    def call(result: Any) -> bool:
        return read(result, row.keys["fix_method"]) is result

    assert ask(trial, Setting(WORKS), call) == bool(row.keys.get("fix_chains"))
    for outcome in trial.outcomes:
        with pytest.raises(Exception, match=re.compile("")):
            ask(trial, Setting(outcome), call)


@pytest.mark.parametrize("row", trials(lambda row: "fix_argument" in row.keys))
def test_what_a_fix_passes_makes_it_raise(row: Row, trial: Trial) -> None:
    setting = condition(trial, row.keys["fix_argument"])
    ask(trial, setting._replace(outcome=WORKS), bool)
    for outcome in trial.outcomes:
        with pytest.raises(Exception, match=re.compile("")):
            ask(trial, setting._replace(outcome=outcome), bool)


def test_a_fix_ends_its_finding_by_what_the_row_says() -> None:
    for row in every():
        keys = row.keys
        if "fix_method" in keys:
            assert keys["fix_method"] in keys["inspection"], row.text
        if "fix_argument" in keys:
            name = keys["fix_argument"].partition("=")[0]
            silenced = {text.partition("=")[0] for text in keys.get("silenced_if", ())}
            assert keys["fix_argument"] in keys.get("raises_if", ()) or name in silenced, row.text


@pytest.mark.parametrize("row", trials(lambda row: "needs_many" in row.keys))
def test_it_raises_for_a_single_item(row: Row, trial: Trial) -> None:
    assert trial.single is not None
    with pytest.raises(Exception, match=re.compile("")):
        trial.single()
