"""INC101 to INC104: objects that are made once become objects that are made anew."""

from __future__ import annotations

import re

import libcst

from ..engine.finding import Finding
from ..engine.fixing_edits import Change
from ..engine.fixing_tree import Tree
from .annotations import optional
from .guards import guard
from .scopes import scopes_of

_TYPE_COMMENT = re.compile(r"#\s*type:\s*(?!ignore)")


def none_default(tree: Tree, finding: Finding) -> tuple[Change, ...]:
    """The default becomes `None`, and the function makes its own object where it gets that."""
    holding = [
        (tree.end(param.default) - tree.start(param.default), place, param)
        for place, param in enumerate(tree.all(libcst.Param))
        if param.default is not None and tree.holds(param.default, finding.span)
    ]
    if not holding:
        return ()
    param = min(holding)[2]  # a default may hold a lambda with one of its own
    assert param.default is not None
    parameters = tree.parent(param)
    function = None if parameters is None else tree.parent(parameters)
    if not isinstance(function, libcst.FunctionDef) or _has_type_comment(tree, function):
        return ()
    scopes = scopes_of(tree.file)
    inner = scopes.function(function.name.value, tree.line(function.name))
    start, end = tree.outer(param.default)
    if inner is None or not scopes.can_move(tree.code(param.default), scopes.around(start), inner):
        return ()
    annotation: tuple[Change, ...] | None = ()
    if param.annotation is not None:
        annotation = optional(tree, scopes, param.annotation)
    if annotation is None:
        return ()
    return (Change(start, end, "None"), *annotation, *guard(tree, function, param))


def _has_type_comment(tree: Tree, function: libcst.FunctionDef) -> bool:
    """Whether a comment gives the parameters their types: nobody would tell it of `None`."""
    body = function.body
    first = body.body[0]
    return bool(_TYPE_COMMENT.search(tree.file.text, tree.start(function.name), tree.start(first)))
