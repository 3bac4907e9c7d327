"""Our reading of `# noqa` and of pylint's comments, compared with flake8's and pylint's own."""

from __future__ import annotations

import argparse
import io
import random
import tokenize
from collections.abc import Iterator

import pylint
import pytest
from astroid import parse
from flake8.processor import FileProcessor
from flake8.violation import Violation
from pylint.checkers import BaseChecker
from pylint.lint import PyLinter
from pylint.utils import FileState

from incident_lint.engine.finding import Finding
from incident_lint.engine.suppress import read
from incident_lint.model.source import Source, Span

SIMPLE = {
    "plain": ["x = 1"],
    "display": ["z = {", "  1: [", "    2],", "}"],
    "call": ["y = f(1,", "      g(2),", "      [3 for i", "   in j])"],
    "string": ['y = """a', 'b"""'],
    "backslash": ["y = 1 + \\", "    2"],
}
BLOCKS = {
    "def": ["def f(a, b=[]):"],
    "decorated": ["@deco", "@deco(1,", "  2)", "def f(a):", '    """doc"""'],
    "long def": ["def f(", "    a,", "    b=[],", "    *, c: int = {", "      1: 2},", "):"],
    "class": ["@deco", "class C(D):"],
    "if": ["if x:", None, "elif y:", None, "else:"],
    "with": ["with a as b, c:"],
    "for": ["for i in j:", None, "else:"],
    "try": ["try:", None, "except (A,", "   B):", None, "except C as d:", None, "finally:"],
    "try else": ["try:", None, "except A:", None, "else:"],
    "match": ["match x:", "  case [1,", "        2]:"],
}


class Programs:
    """Random programs with comments at the ends of lines and on lines of their own."""

    def __init__(self, seed: int, comments: list[str]) -> None:
        self.random = random.Random(seed)
        self.comments = comments

    def program(self) -> str:
        return "\n".join([*self.block("", 3), "last = 1", ""])

    def block(self, indent: str, depth: int) -> Iterator[str]:
        for _ in range(self.random.randint(1, 3)):
            if self.random.random() < 0.15:
                yield indent + self.comment().strip()
            name = self.random.choice([*SIMPLE, *(BLOCKS if depth else ())])
            inner = indent + "    "
            for line in BLOCKS.get(name) or SIMPLE[name]:
                if line is None:
                    yield from self.block(inner, depth - 1)
                elif line.endswith(("\\", '"""a')):
                    yield indent + line
                else:
                    yield indent + line + self.comment()
            if name in BLOCKS:
                yield from self.block(inner, depth - 1)

    def comment(self) -> str:
        return "  " + self.random.choice(self.comments) if self.random.random() < 0.2 else ""


def ours(text: str) -> list[int]:
    """The lines on which a comment hides INC101."""
    lines = range(1, text.count("\n") + 1)
    findings = [Finding("INC101", "a.py", Span(line, 1, line, 2), "") for line in lines]
    _, suppressed = read(Source("a.py", text)).mark(findings)
    return [item.finding.span.line for item in suppressed]


def flake8s(text: str) -> list[int]:
    options = argparse.Namespace(hang_closing=False, indent_size=4, verbose=0)
    options.max_line_length = options.max_doc_length = 79
    processor = FileProcessor("a.py", options, lines=text.splitlines(keepends=True))
    return [
        line
        for line in range(1, text.count("\n") + 1)
        if Violation(
            "INC101", "a.py", line, 1, "", processor.noqa_line_for(line)
        ).is_inline_ignored(disable_noqa=False)
    ]


class Checker(BaseChecker):
    name = "incident-lint"
    msgs = {"W7611": ("%s", "mutable-default-leaks", "help")}  # noqa: RUF012


def pylints(text: str) -> list[int]:
    linter = PyLinter()
    linter.register_checker(Checker(linter))
    linter.file_state = FileState("a", linter.msgs_store, parse(text))
    try:
        linter.process_tokens(list(tokenize.generate_tokens(io.StringIO(text).readline)))
    except AttributeError:
        pytest.skip("pylint itself fails on a comment between `else:` and `with`")
    lines = range(1, text.count("\n") + 1)
    return [line for line in lines if not linter.is_message_enabled("W7611", line)]


@pytest.mark.parametrize("seed", range(30))
def test_noqa(seed: int) -> None:
    text = Programs(
        seed, ["# noqa", "# noqa: E501", "# noqa: INC101,E1", "# noqa:INC1 a"]
    ).program()
    assert ours(text) == flake8s(text), text


@pytest.mark.skipif(
    tuple(map(int, pylint.__version__.split(".")[:2])) < (4, 1),
    reason="the reach of a comment differs between versions of pylint; we follow 4.1",
)
@pytest.mark.parametrize("seed", range(60))
def test_pylint(seed: int) -> None:
    verbs = ["disable", "disable", "disable", "enable", "disable-next"]
    text = Programs(seed, [f"# pylint: {verb}=mutable-default-leaks" for verb in verbs]).program()
    assert ours(text) == pylints(text), text
