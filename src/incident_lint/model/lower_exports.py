"""What `from module import *` brings, as far as `__all__` says so literally."""

from __future__ import annotations

from typing import Any

from astroid import nodes


def exports_of(tree: nodes.Module) -> tuple[tuple[str, ...] | None, bool]:
    """A literal `__all__` of a module, also with literal `+=`, `.extend` and `.append`.

    None: there is none that is literal; the second part says whether there is one at all that is
    not.
    """
    if "__all__" not in tree.locals:
        return None, False
    names: list[str] = []
    for node in tree.body:
        part = _part(node)
        if part is None:
            continue
        if isinstance(node, nodes.Assign):
            names.clear()
        if not isinstance(part, (nodes.List, nodes.Tuple)):
            return None, True
        for element in part.elts:
            if not (isinstance(element, nodes.Const) and isinstance(element.value, str)):
                return None, True
            names.append(element.value)
    return tuple(names), False


def _part(node: Any) -> Any:
    """What a statement puts into `__all__`: None if nothing, else to be a literal list."""
    if isinstance(node, nodes.Assign):
        return node.value if any(_is_all(target) for target in node.targets) else None
    if isinstance(node, (nodes.AugAssign, nodes.AnnAssign)):
        return node.value if _is_all(node.target) else None
    call: Any = node.value if isinstance(node, nodes.Expr) else None
    function = call.func if isinstance(call, nodes.Call) else None
    if not (isinstance(function, nodes.Attribute) and _is_all(function.expr)):
        return None
    if function.attrname == "extend" and len(call.args) == 1:
        return call.args[0]
    if function.attrname == "append" and len(call.args) == 1:
        one = nodes.List(None, 0, 0, call, end_lineno=0, end_col_offset=0)
        one.postinit(call.args)
        return one
    return function


def _is_all(node: Any) -> bool:
    return getattr(node, "name", None) == "__all__"
