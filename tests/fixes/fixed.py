"""The fixtures after all their fixes, beside them: `bad_x.fixed.py`.

`python tests/fixes/fixed.py` writes them; read what has changed before it is committed.
"""

from __future__ import annotations

from pathlib import Path

import literate

from incident_lint.engine.fixing import Fixed, Target, stabilise
from incident_lint.fixes import REWRITERS
from incident_lint.model.source import Source

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
FAMILIES = ("metric_cardinality", "shared_defaults", "tenant_state", "unchecked_responses")
SAMPLES = sorted(
    path
    for family in FAMILIES
    for path in (FIXTURES / family).glob("bad_*.py")
    if not path.name.endswith(".fixed.py")
)


def twins() -> set[Path]:
    """All that `main` has ever written."""
    return {twin for family in FAMILIES for twin in (FIXTURES / family).glob("*.fixed.py")}


def beside(sample: Path) -> Path:
    """Where a sample's text after its fixes is kept."""
    return sample.with_name(f"{sample.stem}.fixed.py")


def fixed(path: Path, text: str) -> Fixed:
    """A text after all rounds, safe fixes and others, as if it stood in a file."""
    source = Source(str(path), text)
    return stabilise(source, literate.findings, Target(literate.LOWEST), True, REWRITERS)


def main() -> None:
    for sample in SAMPLES:
        text = sample.read_text("utf-8")
        after = fixed(sample, text).text
        if after != text:
            beside(sample).write_text(after, "utf-8")
        else:
            beside(sample).unlink(missing_ok=True)


if __name__ == "__main__":
    main()
