"""The lowest Python that a project says it supports."""

from __future__ import annotations

import re

_BOUND = re.compile(r"\s*(?:>=|>|~=|===?)\s*v?(\d{1,4})(?:\.(\d{1,4}))?")

Version = tuple[int, int]


def lower_bound(specifiers: str) -> Version | None:
    """The lower bound in a `requires-python` such as `>=3.9,<4`; None if it has none.

    Of several the highest counts; `>3.9` is read as `>=3.9`, since 3.9.1 is allowed by it.
    """
    bounds = [match for part in specifiers.split(",") if (match := _BOUND.match(part))]
    return max(((int(match[1]), int(match[2] or 0)) for match in bounds), default=None)
