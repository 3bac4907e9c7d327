"""Fresh seeds, and how much chance has to be allowed for."""

from __future__ import annotations

import math
import zlib
from pathlib import Path

ROOT = Path(__file__).parents[2]


def fresh_seed() -> int:
    """Another one for every state of the engine and its rows, but the same for all runs of it: a
    change is not to fail, or to pass, by luck."""
    files = sorted([*(ROOT / "src").rglob("*.py"), *(ROOT / "rules").rglob("*.toml")])
    return zlib.crc32(b"".join(file.read_bytes() for file in files))


def least(count: int, share: float) -> float:
    """How many of so many are the least to be expected, if each is right with that probability:
    with three standard deviations of room, so that less is no accident."""
    return count * share - 3 * math.sqrt(count * share * (1 - share))
