"""Findings on paper: the code around the default and every step of the trail, ready to judge."""

from __future__ import annotations

import ast
import random
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from .defaults import defaults
from .packages import Package
from .verdicts import key

AROUND = 6
_CUT = 160


Item = tuple[Package, Mapping[str, Any]]
"""A finding of a run, and the package it is about."""


def sample(findings: list[Item], count: int, seed: int) -> list[Item]:
    """A repeatable choice of findings, in the order they came."""
    if count >= len(findings):
        return findings
    picked = sorted(random.Random(seed).sample(range(len(findings)), count))
    return [findings[index] for index in picked]


def page(package: Package, finding: Mapping[str, Any], around: int = AROUND) -> str:
    """One finding: its key for `record`, message, steps, and code: the default is marked `[0]`,
    steps by their number, other lines that name the parameter by a star."""
    head = [f"=== {key(package.name, finding)}", f"    {finding['message']}"]
    if finding.get("confidence", "proved") != "proved":
        head[1] += f"  ({finding['confidence']})"
    marks: dict[str, dict[int, str]] = {}
    marks.setdefault(finding["path"], {})[finding["line"]] = "0"
    for number, step in enumerate(finding["trail"], 1):
        lines = marks.setdefault(step["path"], {})
        lines[step["line"]] = ",".join(filter(None, (lines.get(step["line"]), str(number))))
        head.append(f"    [{number}] {step['path']}:{step['line']}  {step['message']}")
    for path, numbered in marks.items():
        head.append(f"--- {path}")
        uses = _uses(package.folder / path, finding) if path == finding["path"] else set()
        head += _windows(_lines(package.folder / path), numbered, around, uses)
    return "\n".join([*head, ""])


def _lines(path: Path) -> list[str]:
    try:
        text = path.read_bytes().decode("utf-8", "replace")
    except OSError:
        return []
    return re.split(r"\r\n|\r|\n", text)


def _uses(path: Path, finding: Mapping[str, Any]) -> set[int]:
    """The lines of the function that name the parameter whose default was found."""
    place = (finding["line"], finding["column"])
    for default in defaults(path):
        if (default.node.lineno, default.node.col_offset + 1) == place:
            name = default.parameter.arg
            nodes = ast.walk(default.function)
            return {n.lineno for n in nodes if isinstance(n, ast.Name) and n.id == name}
    return set()


def _windows(
    lines: list[str], marks: Mapping[int, str], around: int, uses: set[int]
) -> Iterator[str]:
    """The marked lines, those around them and the uses; `...` stands for lines left out."""
    last = 0
    for number in sorted({*_wanted(marks, around, len(lines)), *uses}):
        if last and number > last + 1:
            yield "      ..."
        last = number
        text = lines[number - 1]
        text = text if len(text) <= _CUT else text[:_CUT] + "…"
        mark = f"[{marks[number]}]" if number in marks else "*" if number in uses else ""
        yield f"{mark:>6}{number:>6} {text}".rstrip()


def _wanted(marks: Iterable[int], around: int, count: int) -> set[int]:
    wanted: set[int] = set()
    for mark in marks:
        wanted.update(range(max(1, mark - around), min(count, mark + around) + 1))
    return wanted
