"""Lossless fixes through libcst, one module per family, and what several share."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..engine.finding import Finding
    from ..engine.fixing import Rewriters
    from ..engine.fixing_edits import Change
    from ..engine.fixing_tree import Tree

# A module is imported for the first fix that needs it: they all load libcst.


def _none_default(tree: Tree, finding: Finding) -> tuple[Change, ...]:
    from .shared_defaults import none_default

    return none_default(tree, finding)


def _comprehension(tree: Tree, finding: Finding) -> tuple[Change, ...]:
    from .elements import comprehension

    return comprehension(tree, finding)


def _default_factory(tree: Tree, finding: Finding) -> tuple[Change, ...]:
    from .fields import default_factory

    return default_factory(tree, finding)


def _callable(tree: Tree, finding: Finding) -> tuple[Change, ...]:
    from .fields import called

    return called(tree, finding)


def _raising_method(tree: Tree, finding: Finding) -> tuple[Change, ...]:
    from .unchecked_responses import raising_method

    return raising_method(tree, finding)


def _chained_method(tree: Tree, finding: Finding) -> tuple[Change, ...]:
    from .unchecked_responses import chained_method

    return chained_method(tree, finding)


def _raising_argument(tree: Tree, finding: Finding) -> tuple[Change, ...]:
    from .unchecked_responses import raising_argument

    return raising_argument(tree, finding)


def _own_container(tree: Tree, finding: Finding) -> tuple[Change, ...]:
    from .class_state import own_container

    return own_container(tree, finding)


def _listed_label(tree: Tree, finding: Finding) -> tuple[Change, ...]:
    from .metric_cardinality import listed_label

    return listed_label(tree, finding)


REWRITERS: Rewriters = {
    "none-default": _none_default,
    "comprehension": _comprehension,
    "default-factory": _default_factory,
    "callable": _callable,
    "raising-method": _raising_method,
    "chained-method": _chained_method,
    "raising-argument": _raising_argument,
    "own-container": _own_container,
    "listed-label": _listed_label,
}
"""How each cure that findings name is written, by its name (`Cure.name`)."""
