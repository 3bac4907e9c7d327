"""The commonest nodes of astroid's tree, made without their constructors.

A constructor passes nine arguments through three classes, and four of five nodes are of the few
kinds made here, field by field in the order of the constructors.
"""

from __future__ import annotations

import ast
from typing import Any

from astroid import nodes

from .rebuild_own import Own

_new: Any = object.__new__


class Quick(Own):
    """Makes the commonest nodes itself; all else is astroid's.

    Its methods repeat themselves, since Python makes attribute access fast for one class a line.
    """

    def visit(self, node: Any, parent: Any) -> Any:
        method: Any = self._visit_meths.get(node.__class__)
        if method is None:
            return super().visit(node, parent)
        made = method(node, parent)
        self.made.append(made)
        return made

    def _save_assignment(self, node: Any) -> None:
        if self._global_names and node.name in self._global_names[-1]:
            super()._save_assignment(node)
            return
        above = node.parent
        while type(above).set_local is _passed_up:
            above = above.parent
        above.set_local(node.name, node)

    def visit_name(self, node: Any, parent: Any) -> Any:
        context = node.ctx.__class__
        if context is ast.Load:
            made = _new(nodes.Name)
        elif context is ast.Store:
            made = _new(nodes.AssignName)
        else:
            return super().visit_name(node, parent)
        made.name = node.id
        made.lineno = node.lineno
        made.col_offset = node.col_offset
        made.parent = parent
        made.end_lineno = node.end_lineno
        made.end_col_offset = node.end_col_offset
        made.position = None
        if context is ast.Store:
            self._save_assignment(made)
        return made

    def visit_arg(self, node: Any, parent: Any) -> Any:
        made = _new(nodes.AssignName)
        made.name = node.arg
        made.lineno = node.lineno
        made.col_offset = node.col_offset
        made.parent = parent
        made.end_lineno = node.end_lineno
        made.end_col_offset = node.end_col_offset
        made.position = None
        parent.parent.locals.setdefault(node.arg, []).append(made)
        return made

    def visit_constant(self, node: Any, parent: Any) -> Any:
        made = _new(nodes.Const)
        made.value = node.value
        made.kind = node.kind
        made.lineno = node.lineno
        made.col_offset = node.col_offset
        made.parent = parent
        made.end_lineno = node.end_lineno
        made.end_col_offset = node.end_col_offset
        made.position = None
        return made

    def visit_attribute(self, node: Any, parent: Any) -> Any:
        if node.ctx.__class__ is not ast.Load:
            return super().visit_attribute(node, parent)
        made = _new(nodes.Attribute)
        made.attrname = node.attr
        made.lineno = node.lineno
        made.col_offset = node.col_offset
        made.parent = parent
        made.end_lineno = node.end_lineno
        made.end_col_offset = node.end_col_offset
        made.position = None
        made.expr = self.visit(node.value, made)
        return made

    def visit_call(self, node: Any, parent: Any) -> Any:
        made = _new(nodes.Call)
        made.lineno = node.lineno
        made.col_offset = node.col_offset
        made.parent = parent
        made.end_lineno = node.end_lineno
        made.end_col_offset = node.end_col_offset
        made.position = None
        visit = self.visit
        made.func = visit(node.func, made)
        made.args = [visit(child, made) for child in node.args]
        made.keywords = [visit(child, made) for child in node.keywords]
        return made

    def visit_keyword(self, node: Any, parent: Any) -> Any:
        made = _new(nodes.Keyword)
        made.arg = node.arg
        made.lineno = node.lineno
        made.col_offset = node.col_offset
        made.parent = parent
        made.end_lineno = node.end_lineno
        made.end_col_offset = node.end_col_offset
        made.position = None
        made.value = self.visit(node.value, made)
        return made

    def visit_expr(self, node: Any, parent: Any) -> Any:
        made = _new(nodes.Expr)
        made.lineno = node.lineno
        made.col_offset = node.col_offset
        made.parent = parent
        made.end_lineno = node.end_lineno
        made.end_col_offset = node.end_col_offset
        made.position = None
        made.value = self.visit(node.value, made)
        return made

    def visit_return(self, node: Any, parent: Any) -> Any:
        made = _new(nodes.Return)
        made.lineno = node.lineno
        made.col_offset = node.col_offset
        made.parent = parent
        made.end_lineno = node.end_lineno
        made.end_col_offset = node.end_col_offset
        made.position = None
        made.value = self.visit(node.value, made)
        return made

    def visit_assign(self, node: Any, parent: Any) -> Any:
        made = _new(nodes.Assign)
        made.lineno = node.lineno
        made.col_offset = node.col_offset
        made.parent = parent
        made.end_lineno = node.end_lineno
        made.end_col_offset = node.end_col_offset
        made.position = None
        visit = self.visit
        made.targets = [visit(child, made) for child in node.targets]
        made.value = visit(node.value, made)
        made.type_annotation = None
        return made

    def visit_if(self, node: Any, parent: Any) -> Any:
        made = _new(nodes.If)
        made.lineno = node.lineno
        made.col_offset = node.col_offset
        made.parent = parent
        made.end_lineno = node.end_lineno
        made.end_col_offset = node.end_col_offset
        made.position = None
        visit = self.visit
        made.test = visit(node.test, made)
        made.body = [visit(child, made) for child in node.body]
        made.orelse = [visit(child, made) for child in node.orelse]
        return made

    def visit_compare(self, node: Any, parent: Any) -> Any:
        made = _new(nodes.Compare)
        made.lineno = node.lineno
        made.col_offset = node.col_offset
        made.parent = parent
        made.end_lineno = node.end_lineno
        made.end_col_offset = node.end_col_offset
        made.position = None
        made.left = self.visit(node.left, made)
        operators = [_COMPARISONS[operator.__class__] for operator in node.ops]
        operands = [self.visit(operand, made) for operand in node.comparators]
        made.ops = list(zip(operators, operands, strict=True))
        return made

    def visit_binop(self, node: Any, parent: Any) -> Any:
        # A chain of `+` leans left: walk it, recursion would be as deep as it is long.
        links: list[Any] = []
        link = node
        while link.__class__ is ast.BinOp:
            made = _new(nodes.BinOp)
            made.op = _OPERATORS[link.op.__class__]
            made.lineno = link.lineno
            made.col_offset = link.col_offset
            made.parent = links[-1] if links else parent
            made.end_lineno = link.end_lineno
            made.end_col_offset = link.end_col_offset
            made.position = None
            made.left = None
            made.right = link.right
            links.append(made)
            link = link.left
        self.made += links[1:]
        left = self.visit(link, links[-1])
        for made in reversed(links):
            made.left = left
            made.right = self.visit(made.right, made)
            left = made
        return left

    def visit_arguments(self, node: Any, parent: Any) -> Any:
        if node.vararg or node.kwarg or node.kwonlyargs or node.posonlyargs:
            return super().visit_arguments(node, parent)
        made: Any = nodes.Arguments(None, None, parent)
        visit, args = self.visit, node.args
        made.postinit(
            args=[visit(one, made) for one in args],
            defaults=[visit(one, made) for one in node.defaults],
            annotations=[one.annotation and visit(one.annotation, made) for one in args],
            type_comment_args=[None for _ in args],
            **{field: [] for field in _NO_ARGUMENTS},
        )
        return made


_passed_up = nodes.NodeNG.set_local
_NO_ARGUMENTS = (
    "kwonlyargs",
    "posonlyargs",
    "kw_defaults",
    "kwonlyargs_annotations",
    "posonlyargs_annotations",
    "type_comment_kwonlyargs",
    "type_comment_posonlyargs",
)
_OPERATORS: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.BitAnd: "&",
    ast.BitOr: "|",
    ast.BitXor: "^",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.LShift: "<<",
    ast.MatMult: "@",
    ast.Mod: "%",
    ast.Mult: "*",
    ast.Pow: "**",
    ast.RShift: ">>",
    ast.Sub: "-",
}
_COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.In: "in",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.NotEq: "!=",
    ast.NotIn: "not in",
}
