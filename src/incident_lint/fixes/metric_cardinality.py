"""INC401: a label that is one of the values which the code itself lists, or "other"."""

from __future__ import annotations

import libcst

from ..engine.finding import Finding
from ..engine.fixing_edits import Change
from ..engine.fixing_tree import Tree

_READ = (libcst.Name, libcst.Attribute, libcst.Subscript, libcst.SimpleString)


def listed_label(tree: Tree, finding: Finding) -> tuple[Change, ...]:
    """Write `x if x in KNOWN else "other"` for a label `x` that can be read twice."""
    label = tree.expression_at(finding.span)
    if label is None or finding.cure is None or not _is_read(label):
        return ()
    text = tree.code(label)
    return (Change(*tree.outer(label), f'{text} if {text} in {finding.cure.text} else "other"'),)


def _is_read(node: libcst.BaseExpression) -> bool:
    """Whether an expression only reads: calling something twice may do something twice."""
    if isinstance(node, libcst.Attribute):
        return _is_read(node.value)
    if isinstance(node, libcst.Subscript):
        keys = [element.slice for element in node.slice]
        plain = all(isinstance(key, libcst.Index) and _is_read(key.value) for key in keys)
        return plain and _is_read(node.value)
    return isinstance(node, _READ)
