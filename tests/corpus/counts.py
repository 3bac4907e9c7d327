"""What a run says about itself: how many sites it judged, and why it did not know."""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

_JUDGED = re.compile(r"(\S.*): (\d+) sites? judged(?:, (\d+) undecided)?")
_CAUSE = re.compile(r" +(\d+) don't know: (.+)")


class Statistics(NamedTuple):
    """Per family (as `--statistics` writes it): sites judged, sites that ended in "don't know",
    and the causes; one site may have several causes."""

    judged: dict[str, int]
    undecided: dict[str, int]
    causes: dict[str, dict[str, int]]


def parse(text: str) -> Statistics:
    """Read the lines of `--statistics`; other lines are passed over."""
    judged: dict[str, int] = {}
    undecided: dict[str, int] = {}
    causes: dict[str, dict[str, int]] = {}
    family = ""
    for line in text.splitlines():
        if match := _JUDGED.fullmatch(line):
            family = match[1]
            judged[family] = int(match[2])
            causes[family] = {}
            if match[3]:
                undecided[family] = int(match[3])
        elif (match := _CAUSE.fullmatch(line)) and family:
            causes[family][match[2]] = int(match[1])
    for name, count in judged.items():
        undecided.setdefault(name, min(count, sum(causes[name].values())))
    return Statistics(judged, undecided, causes)


def added(all_of_them: list[Statistics], family: str) -> tuple[int, int, Counter[str]]:
    """Sites judged, sites undecided and causes of one family over several runs."""
    causes: Counter[str] = Counter()
    for one in all_of_them:
        causes.update(one.causes.get(family, {}))
    return (
        sum(one.judged.get(family, 0) for one in all_of_them),
        sum(one.undecided.get(family, 0) for one in all_of_them),
        causes,
    )
