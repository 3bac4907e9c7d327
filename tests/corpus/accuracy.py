"""`docs/accuracy.md`, written from the verdicts, the stored counts and the stored comparison."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from incident_lint.knowledge import rules

from . import compare, verdicts
from .counts import Statistics, added
from .packages import HERE, ROOT, packages
from .run import Result
from .verdicts import Verdict

PAGE = ROOT / "docs" / "accuracy.md"
RUNS = HERE / "runs.json"
ENOUGH = 20
NEEDED = {"INC3": 0.85}
USUAL = 0.90
LINES_PER_FINDING = 5000
FAMILIES = {
    "shared defaults": "defaults",
    "unchecked responses": "calls",
    "metric cardinality": "calls",
    "tenant state": "places",
}
"""What `--statistics` calls a family, and what its sites are."""
_NAMED = re.compile("`[^`]*`")


class Score(NamedTuple):
    """How often a code was read, and what the readers said; `share` counts arguable as wrong."""

    read: int
    right: int
    wrong: int
    arguable: int

    @property
    def share(self) -> float:
        """Right ones among all that were read, 0 to 1."""
        return self.right / self.read if self.read else 0.0

    @property
    def shown(self) -> str:
        """The share as the page writes it."""
        return f"{100 * self.share:.1f} %" if self.read else "none"


def score(rows: Iterable[Verdict]) -> Score:
    """Add rows up."""
    words = Counter(row.verdict for row in rows)
    return Score(sum(words.values()), words["right"], words["wrong"], words["arguable"])


def standing(rows: Iterable[Verdict]) -> list[Verdict]:
    """The rows that speak about the linter of today: what it reports still, and every fresh row,
    because a fresh reading counts as it was, whatever was mended later."""
    return [row for row in rows if row.reported or row.fresh]


def stored_runs(results: Iterable[tuple[Result, bool]]) -> list[dict[str, Any]]:
    """What is kept of runs for the page: counts, no findings. The flag says fresh."""
    return [
        {
            "package": result.package,
            "version": result.version,
            "fresh": fresh,
            "lines": result.lines,
            "findings": dict(sorted(Counter(f["code"] for f in result.findings).items())),
            "statistics": result.statistics._asdict(),
        }
        for result, fresh in results
    ]


def newest(
    before: Iterable[Mapping[str, Any]], now: Iterable[Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    """Stored runs, each package's newest: those that were not run again stay as they were."""
    by_package = {run["package"]: run for run in before}
    by_package.update((run["package"], run) for run in now)
    order = {package.name: place for place, package in enumerate(packages())}
    known = (name for name in by_package if name in order)
    return [by_package[name] for name in sorted(known, key=order.__getitem__)]


def verdict_on_default(
    code: str, default_on: bool, rows: Sequence[Verdict], runs: Sequence[Mapping[str, Any]]
) -> str | None:
    """Why a code must not be on by default, or None: it is off, earned, or not read enough.

    `rows` are all rows of the code.
    """
    if not default_on:
        return None
    reached = score(standing(rows))
    needed = NEEDED.get(code[:4], USUAL)
    if reached.read >= ENOUGH and reached.share < needed:
        return f"{code} is on, but {reached.shown} of {reached.read} read are right"
    rates = [_per_lines(run, code) for run in runs]
    if reached.read >= ENOUGH and rates and median(rates) > 1:
        return f"{code} is on, but the median package gets {median(rates):.1f} per 5,000 lines"
    return None


def page(
    rows: Sequence[Verdict],
    runs: Sequence[Mapping[str, Any]],
    comparison: Mapping[str, Mapping[str, Any]],
    defaults: Mapping[str, bool],
) -> str:
    """The whole page. `defaults` maps codes to whether they are on by default."""
    parts = [
        _HEAD,
        *_verdicts(rows, defaults),
        *_unknown(runs),
        *_runs(runs),
        *_peers(comparison),
        *_not_right(rows),
    ]
    return "\n".join(parts).rstrip() + "\n"


def current() -> str:
    """The page as the rows and stored counts of this checkout give it."""
    defaults = {
        code: rule.default_on
        for code, rule in rules.codes().items()
        if code in rules.DELIVERED and not code.startswith("INC0")
    }
    return page(verdicts.recorded(), load_runs(), compare.load(), defaults)


def load_runs(path: Path = RUNS) -> list[dict[str, Any]]:
    """The stored counts; none before the first run."""
    return list(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else []


_HEAD = """\
# Accuracy

<!-- Written by `python tests/corpus accuracy` from tests/corpus; do not edit. -->

What the linter says about published packages, and what careful readers say about that. Every
verdict is a row in `tests/corpus/verdicts`, with the package, its version and the sha256 of its
archive. *Arguable* is where two careful reviewers could disagree; the share counts it as not
right. *Fresh* packages were opened by nobody before the last reading, and their rows stay as
they were first read. The others were read while the linter was built, and causes were mended.
"""


def _verdicts(rows: Sequence[Verdict], defaults: Mapping[str, bool]) -> Iterator[str]:
    yield "## Verdicts\n"
    yield "| code | packages | read | right | wrong | arguable | share right | default |"
    yield "| --- | --- | ---: | ---: | ---: | ---: | ---: | --- |"
    for code in sorted({row.code for row in rows} | set(defaults)):
        on = {True: "on", False: "off"}.get(defaults.get(code, False))
        for name, fresh in (("fresh", True), ("development", False)):
            group = [row for row in standing(rows) if row.code == code and row.fresh == fresh]
            got = score(group)
            cells = (code, name, *got[:4], got.shown, on)
            yield f"| {' | '.join(str(cell) for cell in cells)} |"
    gone = [row for row in rows if not row.reported]
    mended = sum(row.verdict == "wrong" and not row.fresh for row in gone)
    yield f"\nRead as wrong in development packages and mended since: {mended}.\n"


def _unknown(runs: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    statistics = [Statistics(**run["statistics"]) for run in runs]
    for family, sites in FAMILIES.items():
        judged, undecided, causes = added(statistics, family)
        if judged:
            yield f'## "Don\'t know": {family}\n'
            yield f"{judged} {sites} were judged; {undecided} ({100 * undecided / judged:.1f} %)"
            yield 'ended in "don\'t know". One of them may have several causes. The five largest'
            yield "kinds of cause:\n"
            yield from _causes(causes)


def _causes(causes: Counter[str]) -> Iterator[str]:
    yield "| cause | times | most often |\n| --- | ---: | --- |"
    kinds: dict[str, Counter[str]] = {}
    for cause, count in causes.items():
        kinds.setdefault(_NAMED.sub("`…`", cause), Counter())[cause] += count
    largest = sorted(kinds.items(), key=lambda item: (-item[1].total(), item[0]))[:5]
    for kind, each in largest:
        (often, count), *_ = sorted(each.items(), key=lambda item: (-item[1], item[0]))
        names = " ".join(_NAMED.findall(often))
        yield f"| {_cell(kind)} | {each.total()} | {_cell(names)} ({count}) |"
    yield ""


def _runs(runs: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if not runs:
        return
    codes = sorted({code for run in runs for code in run["findings"]})
    yield "## Findings per package\n"
    yield f"| package | | lines | {' | '.join(codes)} |"
    yield f"| --- | --- | ---: | {' | '.join('---:' for _ in codes)} |"
    for run in runs:
        counts = [str(run["findings"].get(code, 0)) for code in codes]
        fresh = "fresh" if run["fresh"] else ""
        name = f"{run['package']} {run['version']}"
        yield f"| {name} | {fresh} | {run['lines']:,} | {' | '.join(counts)} |"
    middle = [f"{median(_per_lines(run, code) for run in runs):.2f}" for code in codes]
    yield f"| median per 5,000 lines | | | {' | '.join(middle)} |\n"


def _per_lines(run: Mapping[str, Any], code: str) -> float:
    return float(run["findings"].get(code, 0) * LINES_PER_FINDING / max(run["lines"], 1))


def _peers(comparison: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    for family in compare.FAMILIES:
        if family.name in comparison:
            found = comparison[family.name]
            yield f"## Beside other linters: {family.name.replace('_', ' ')}\n"
            *codes, last = family.codes
            yield f"{', '.join(codes)} and {last} together, with comments ignored on their side:"
            yield f"{found['ours']} sites of ours in {', '.join(found['packages'])}."
            yield f"{family.note}\n" if family.note else ""
            yield from _tools(found["tools"])
            yield from _beside(found["beside"], found["ours"])


def _tools(tools: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    yield "| rule | both | only we | only they |\n| --- | ---: | ---: | ---: |"
    for tool, found in tools.items():
        us, them = sum(found["only_us"].values()), sum(found["only_them"].values())
        yield f"| {tool} | {found['both']} | {us} | {them} |"
    for side, title in (("only_them", "What only they find"), ("only_us", "What only we find")):
        yield f"\n### {title}\n\n| rule | what | sites |\n| --- | --- | ---: |"
        for tool, found in tools.items():
            for why, count in sorted(found[side].items(), key=lambda item: (-item[1], item[0])):
                yield f"| {tool} | {_cell(why)} | {count} |"
    yield ""


def _beside(beside: Mapping[str, Any], ours: int) -> Iterator[str]:
    """What a tool that has no such rule says of the same calls."""
    if beside["tool"]:
        yield f"{beside['tool']} has no rule about results that nobody looked at. Of these {ours}"
        yield "calls it says:\n\n| test | sites |\n| --- | ---: |"
        for rule, count in sorted(beside["says"].items(), key=lambda item: (-item[1], item[0])):
            yield f"| {rule} | {count} |"
        yield ""


def _not_right(rows: Sequence[Verdict]) -> Iterator[str]:
    left = [row for row in standing(rows) if row.verdict != "right"]
    if not left:
        return
    yield "## Not right\n\n| code | verdict | place | why |\n| --- | --- | --- | --- |"
    for row in sorted(left, key=lambda row: (row.code, row.verdict, row.place)):
        place = f"{row.package} {row.version} `{row.path}:{row.line}`"
        yield f"| {row.code} | {row.verdict} | {place} | {_cell(row.why)} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
