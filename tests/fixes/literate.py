"""Cases of fixes, as people write them down (`cases/*.md`).

A case is a title, a block of Python, a word, and what the block becomes:

- `becomes`: the fix is safe; `becomes, if asked: reason`: it is unsafe, and says so;
- `stays`: there is no fix, and no second block.

A first block that begins with three backticks and `python 3.9` is fixed for that lowest version.
Where a case shows what a rewriter does whatever the checks find, `<<...>>` marks the finding, and
the title ends with its cure: `(comprehension)`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from incident_lint.checks import FAMILIES
from incident_lint.engine.finding import Cure, Finding
from incident_lint.engine.fixing import Fixed, Target, propose, stabilise
from incident_lint.engine.project import Project
from incident_lint.engine.run import check_source
from incident_lint.fixes import REWRITERS
from incident_lint.knowledge import rules
from incident_lint.model.source import Source, Span

CASES = Path(__file__).parent / "cases"
LOWEST = (3, 10)
CODES = frozenset(code for code in rules.DELIVERED if not code.startswith("INC0"))
_CASE = re.compile(
    r"^## (?P<title>[^\n]+?)(?: \((?P<cure>[a-z-]+)\))?\n[^`#]*```python(?P<python>[ \d.]*)\n"
    r"(?P<before>.*?)^```\n\n(?P<word>stays|becomes(?:, if asked: [^\n]+)?)\n"
    r"(?:\n```python\n(?P<after>.*?)^```)?",
    re.M | re.S,
)


class Case(NamedTuple):
    """`caution` is part of what is said of an unsafe fix, "" of a safe one; `cure` is "" where the
    checks find what is to be mended."""

    file: str
    title: str
    cure: str
    python: tuple[int, int]
    before: str
    after: str
    caution: str


def cases() -> list[Case]:
    found = []
    for path in sorted(CASES.glob("*.md")):
        text = path.read_text("utf-8")
        read = [_case(path.stem, match) for match in _CASE.finditer(text)]
        assert len(read) == text.count("\n## "), f"{path.name}: a case cannot be read"
        found += read
    return found


def _case(file: str, match: re.Match[str]) -> Case:
    digits = [int(digit) for digit in re.findall(r"\d+", match["python"])]
    return Case(
        file,
        match["title"],
        match["cure"] or "",
        (digits[0], digits[1]) if digits else LOWEST,
        match["before"],
        match["before"] if match["after"] is None else match["after"],
        match["word"].partition(": ")[2],
    )


def findings(source: Source) -> list[Finding]:
    """What the checks find, guesses too."""
    return list(check_source(source, Project(), FAMILIES, CODES).findings)


@lru_cache
def fixed(text: str, *, unsafe: bool = True, python: tuple[int, int] = LOWEST) -> Fixed:
    """A text after all rounds of fixes of what the checks find."""
    return stabilise(Source("case.py", text), findings, Target(python), unsafe, REWRITERS)


def unmarked(text: str) -> str:
    """A text without the marks of findings."""
    return text.replace("<<", "").replace(">>", "")


def marked(case: Case) -> tuple[Source, list[Finding]]:
    """The text of a case without its marks, and the findings that they stand for."""
    spans, text = [], ""
    for piece in re.split(r"(<<.*?>>)", case.before, flags=re.S):
        if piece.startswith("<<"):
            start = len(text)
            text += piece[2:-2]
            spans.append((start, len(text)))
        else:
            text += piece
    source = Source("case.py", text)
    return source, [
        Finding(
            "INC104",
            "case.py",
            Span(*source.place(start), *source.place(end)),
            "",
            cure=Cure(case.cure),
        )
        for start, end in spans
    ]


def rewritten(case: Case) -> str:
    """The text of a marked case after its rewriter."""
    source, found = marked(case)
    check = {source.text: found}
    return stabilise(
        source, lambda one: check.get(one.text, []), Target(case.python), True, REWRITERS
    ).text


def cautions(text: str) -> list[str]:
    """Why the fixes of what the checks find are unsafe; "" for one that is safe."""
    source = Source("case.py", text)
    found = findings(source)
    fixes = propose(source, found, Target(LOWEST), REWRITERS)
    return [
        finding.cure.caution
        for finding in found
        if finding.cure is not None and (finding.code, finding.span) in fixes
    ]
