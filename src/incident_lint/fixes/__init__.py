"""Lossless fixes through libcst, one module per family."""

from __future__ import annotations

from ..engine.fixing import Rewriters

REWRITERS: Rewriters = {}
"""How each cure that findings name is written, by its name (`Cure.name`)."""
