"""Lossless fixes through libcst, one module per family."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..engine.finding import Finding
    from ..engine.fixing import Rewriters
    from ..engine.fixing_edits import Change
    from ..engine.fixing_tree import Tree


def _none_default(tree: Tree, finding: Finding) -> tuple[Change, ...]:
    from .shared_defaults import none_default  # not before the first fix: it needs libcst

    return none_default(tree, finding)


REWRITERS: Rewriters = {"none-default": _none_default}
"""How each cure that findings name is written, by its name (`Cure.name`)."""
