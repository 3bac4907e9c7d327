"""The grammar of API paths."""

import pytest

from incident_lint.knowledge.paths import Path, PathError, Segment, fits, parse, render


def one(text: str) -> Path:
    (path,) = parse(text)
    return path


def test_names_calls_and_subscripts_are_steps() -> None:
    assert one('boto3.client("sqs").queues[].send()') == (
        Segment("name", "boto3"),
        Segment("name", "client"),
        Segment("call", "", ("sqs",)),
        Segment("name", "queues"),
        Segment("item"),
        Segment("name", "send"),
        Segment("call"),
    )


@pytest.mark.parametrize(
    "text",
    ["list()", "a.b.c", 'boto3.client("sqs").*()', "os.environ[]", "a()()", "a[]()[]", "größe.x()"],
)
def test_rendering_is_the_inverse_of_parsing(text: str) -> None:
    assert render(one(text)) == text


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("a.{b,c}()", ["a.b()", "a.c()"]),
        ("{a,b}.{c,d}", ["a.c", "a.d", "b.c", "b.d"]),
        ("functools.cache{,()}", ["functools.cache", "functools.cache()"]),
        (
            "{random,secrets.SystemRandom()}.choice",
            ["random.choice", "secrets.SystemRandom().choice"],
        ),
        ("{ a , b }", ["a", "b"]),
    ],
)
def test_alternatives_are_every_combination(text: str, meant: list[str]) -> None:
    assert [render(path) for path in parse(text)] == meant


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("a.", "ends without a name"),
        (".a", "lacks a name"),
        ("a..b", "lacks a name"),
        ("a()b", "lacks a dot"),
        ("a.()", "lacks a name"),
        ("a(1)", "cannot be read"),
        ("a('x\")", "cannot be read"),
        ("a-b", "cannot be read"),
        ("1a", "cannot be read"),
        ("a[0]", "cannot be read"),
        ("a.{b", "brace"),
        ("a.{b,{c}}", "brace"),
        ("*", "below a module"),
        ("acme.*", "below a module"),
        ("acme.sub.*()", "below a module"),
        ("PIL.*", "below a module"),
        ("a().*.b", "last name"),
        ("a().*().*()", "last name"),
        (".".join(["{a,b,c,d,e,f,g,h,i,j}"] * 5), "stands for"),
    ],
)
def test_what_breaks_the_grammar_is_said_in_one_line(text: str, reason: str) -> None:
    with pytest.raises(PathError, match=reason) as error:
        parse(text)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("text", ["acme.Client().*()", "acme.Client.*", "acme.clients[].*"])
def test_a_star_may_follow_what_is_no_module(text: str) -> None:
    assert render(one(text)) == text


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("a.b()", "a.b()", True),
        ("a.b()", "a.b", False),
        ("a.b()", "a.b[]", False),
        ("a.b", "x.a.b", False),
        ("a.b()", 'a.b("sqs")', True),
        ('a.b("sqs")', "a.b()", False),
        ('a.b("sqs")', 'a.b("sns")', False),
        ("a().*()", "a().anything()", True),
        ("a().*()", "a().x.y()", False),
        ("a().*()", "a()()", False),
    ],
)
def test_a_pattern_fits_step_for_step(pattern: str, path: str, expected: bool) -> None:
    assert fits(one(pattern), one(path)) is expected


def test_one_of_several_constants_is_enough() -> None:
    client = (Segment("name", "client"), Segment("call", "", ("eu-west-1", "sqs")))
    assert fits(one('client("sqs")'), client)
