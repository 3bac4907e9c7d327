"""What objects share is theirs alone after the fix of INC303: the code itself says so."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import fixed
import pytest

SAMPLE = fixed.FIXTURES / "tenant_state" / "bad_class_state.py"


def _run(path: Path) -> SimpleNamespace:
    names: dict[str, object] = {"__name__": "sample"}
    exec(compile(path.read_text("utf-8"), str(path), "exec"), names)
    return SimpleNamespace(**names)


@pytest.mark.parametrize(("path", "leaks"), [(SAMPLE, True), (fixed.beside(SAMPLE), False)])
def test_an_attachment_reaches_the_next_account(path: Path, leaks: bool) -> None:
    module = _run(path)
    module.Draft("a").attach(b"secret of a")
    module.Draft("a").answer_to("a@example.org")
    module.Draft("a").tag("vip")
    after = module.Draft("b")
    assert (b"secret of a" in after.attachments) is leaks
    assert ("Reply-To" in after.headers) is leaks
    assert ("vip" in after.tags) is leaks


@pytest.mark.parametrize(
    "text",
    [
        "class A:\n    x = []\n    x = [1]\n    def __init__(self):\n        self.y = 1\n{}",
        "class A:\n    n = 3\n    x = [0] * n\n    def __init__(self):\n        self.y = 1\n{}",
        "class A:\n    x = []\n    def __init__(self): self.y = 1\n{}",
        "class A:\n    x = []; y = 2\n    def __init__(self):\n        self.y = 1\n{}",
        "class A:\n    x = []\n{}",
        "class A:\n    x = []\n    def __init__(self):\n        self.y = 1\n{}"
        "class B(A):\n    def __init__(self):\n        self.z = 1\n",
    ],
)
def test_what_cannot_move_stays(text: str) -> None:
    text = text.format("    def add(self):\n        self.x.append(1)\n")
    assert fixed.fixed(Path("a.py"), text).text == text
