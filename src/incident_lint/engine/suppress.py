"""Comments that suppress findings: ours, flake8's `# noqa` and pylint's.

    def f(x=[]):  # incident-lint: ignore[INC102] callers never change it

Comments mark findings and never delete them: a host hides what is marked, and gives back to
flake8 and pylint what their own comments hide, so that `--disable-noqa` and `useless-suppression`
keep working.
"""

from __future__ import annotations

import difflib
import io
import re
import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from ..knowledge import rules
from ..model.source import Source, Span
from . import pylint_comments
from .finding import Finding
from .pylint_comments import PylintComments

Kind = Literal["incident-lint", "noqa", "pylint"]

_OURS = re.compile(r"#\s*incident-lint:\s*ignore\b(?:\s*\[(?P<names>[^\]#]*)\])?")
_NOQA = re.compile(r"# noqa(?::\s?(?P<codes>[A-Z]+[0-9]+(?:[,\s]*[A-Z]+[0-9]+)*))?", re.IGNORECASE)
_NOQA_FILE = re.compile(r"\s*# flake8[:=]\s*noqa", re.IGNORECASE)
_CATEGORIES = {"W": "warning", "R": "refactor"}


class Suppressed(NamedTuple):
    """A finding and the kinds of comment that hide it, of which any alone would be enough."""

    finding: Finding
    kinds: frozenset[Kind]


@dataclass
class _Ignore:
    """One comment of ours: the lines it holds for, its words and which of them were of use."""

    lines: range
    span: Span
    codes: dict[str, str]
    unknown: list[str]
    used: set[str] = field(default_factory=set)


class Suppressions:
    """The suppressing comments of one file."""

    def __init__(
        self,
        ignores: list[_Ignore],
        noqa: dict[int, frozenset[str] | None],
        noqa_file: bool,
        pylint: PylintComments | None,
    ) -> None:
        self._ignores = ignores
        self._noqa = noqa
        self._noqa_file = noqa_file
        self._pylint = pylint

    def mark(self, findings: Iterable[Finding]) -> tuple[list[Finding], list[Suppressed]]:
        """Split findings of this file into those left alone and those that comments hide."""
        left: list[Finding] = []
        suppressed: list[Suppressed] = []
        for finding in findings:
            kinds = frozenset(self._kinds(finding))
            if kinds:
                suppressed.append(Suppressed(finding, kinds))
            else:
                left.append(finding)
        return left, suppressed

    def unused(self, codes_that_ran: frozenset[str], path: str) -> list[Finding]:
        """INC001 for each comment of ours with a code that was looked for and not found there.

        To be asked after `mark`. A comment that names no known code is always reported; one
        whose rule did not run never is.
        """
        return list(self._unused(codes_that_ran, path))

    def _kinds(self, finding: Finding) -> Iterator[Kind]:
        line = finding.span.line
        for ignore in self._ignores:
            if line in ignore.lines and finding.code in ignore.codes:
                ignore.used.add(finding.code)
                yield "incident-lint"
        if self._noqa_file or _covers(self._noqa.get(line, frozenset()), finding.code):
            yield "noqa"
        if self._pylint is not None and self._pylint.hides(_pylint_names(finding.code), line):
            yield "pylint"

    def _unused(self, ran: frozenset[str], path: str) -> Iterator[Finding]:
        for ignore in self._ignores:
            if ignore.unknown:
                yield Finding("INC001", path, ignore.span, _malformed(ignore.unknown[0]))
                continue
            idle = [
                word
                for code, word in ignore.codes.items()
                if code in ran and code not in ignore.used
            ]
            if idle:
                message = f"unused suppression: no {' or '.join(idle)} on this line"
                yield Finding("INC001", path, ignore.span, message)


def read(source: Source, nothing_found: bool = False) -> Suppressions:
    """The suppressing comments of a file; a text that no tokenizer understands is read line by
    line. Raises nothing.

    `nothing_found` in the file: then other tools' comments can only hide what is wrong with ours,
    and without any the text need not be tokenized, which takes longer than to parse it.
    """
    lower = source.text.lower()
    has_noqa, has_pylint = "noqa" in lower, "pylint:" in lower
    has_ours = "incident-lint:" in lower
    if not has_ours and (nothing_found or not (has_noqa or has_pylint)):
        return Suppressions([], {}, False, None)
    lines = [line + "\n" for line in source.lines]
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO("".join(lines)).readline))
    except (tokenize.TokenError, SyntaxError):
        return _read_lines(lines)
    runs = _runs(tokens)
    ignores = [
        ignore
        for token in (tokens if has_ours else ())
        if token.type == tokenize.COMMENT
        for ignore in _ignores(token.string, token.start, runs.get(token.start[0]))
    ]
    noqa: dict[int, frozenset[str] | None] = {}
    for run in dict.fromkeys(runs.values()) if has_noqa else ():
        _read_noqa(noqa, run, "".join(lines[run.start - 1 : run.stop - 1]))
    pylint = pylint_comments.read("".join(lines), tokens) if has_pylint else None
    return Suppressions(ignores, noqa, _is_noqa_file(lines), pylint)


def _read_lines(lines: list[str]) -> Suppressions:
    """The comments of a text without tokens: what looks like one on a line is one."""
    ignores: list[_Ignore] = []
    noqa: dict[int, frozenset[str] | None] = {}
    for number, line in enumerate(lines, 1):
        ignores += _ignores(line, (number, 0), None)
        _read_noqa(noqa, range(number, number + 1), line)
    return Suppressions(ignores, noqa, _is_noqa_file(lines), None)


def _runs(tokens: Iterable[tokenize.TokenInfo]) -> dict[int, range]:
    """Line -> the lines that share its comments: those joined by a multi-line string or a
    backslash. A line break inside brackets ends a run, as it does for flake8's `# noqa`."""
    runs: dict[int, range] = {}
    first = last = 0
    for token in tokens:
        if token.type in (tokenize.ENDMARKER, tokenize.DEDENT):
            continue
        first = min(first or token.start[0], token.start[0])
        last = max(last, token.end[0])
        if token.type in (tokenize.NL, tokenize.NEWLINE):
            run = range(first, last + 1)
            runs.update(dict.fromkeys(run, run))
            first = last = 0
    return runs


def _ignores(text: str, start: tuple[int, int], run: range | None) -> Iterator[_Ignore]:
    """Our comments in a text that starts at (1-based line, 0-based column)."""
    line, column = start
    for match in _OURS.finditer(text):
        span = Span(line, column + match.start() + 1, line, column + match.end() + 1)
        words = [word.strip() for word in (match["names"] or "").split(",") if word.strip()]
        known = {code: word for word in words if (code := _code(word)) is not None}
        unknown = [word for word in words if word not in known.values()]
        yield _Ignore(run or range(line, line + 1), span, known, unknown if words else [""])


def _read_noqa(noqa: dict[int, frozenset[str] | None], run: range, text: str) -> None:
    """Note what the first `# noqa` in a run says about its lines: its codes, or None for all."""
    match = _NOQA.search(text)
    if match:
        codes = match["codes"]
        listed = None if codes is None else frozenset(re.split(r"[,\s]+", codes))
        noqa.update(dict.fromkeys(run, listed))


def _is_noqa_file(lines: Iterable[str]) -> bool:
    return any(_NOQA_FILE.match(line) for line in lines)


def _covers(codes: frozenset[str] | None, code: str) -> bool:
    """Whether a `# noqa` hides a code: without codes every one, else those it is a prefix of."""
    return codes is None or code.startswith(tuple(codes))


def _code(word: str) -> str | None:
    """The code that a code or a symbol stands for; None if it is neither."""
    if word in rules.codes():
        return word
    return next((c.code for c in rules.codes().values() if c.symbol == word), None)


def _pylint_names(code: str) -> frozenset[str]:
    """All names, in lower case, by which a comment for pylint may call a code."""
    rule = rules.codes()[code]
    category = _CATEGORIES[rule.letter]
    names = (rule.pylint_id, rule.symbol, "incident-lint", "all", rule.letter, category)
    return frozenset(name.lower() for name in names)


def _malformed(word: str) -> str:
    """What is wrong with a comment that names no code, in one line."""
    if not word:
        return "suppression without a code: write `ignore[INC102]`"
    known = [*rules.codes(), *(rule.symbol for rule in rules.codes().values())]
    near = difflib.get_close_matches(word, known, 1)
    hint = f" (did you mean '{near[0]}'?)" if near else ""
    return f"suppression of an unknown code '{word}'{hint}"
