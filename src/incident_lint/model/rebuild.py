"""astroid's tree in half of astroid's time: the commonest nodes, made without their constructors.

A constructor passes nine arguments through three classes, and four of five nodes are of the few
kinds made here, field by field in the order of the constructors. Should an astroid make them
otherwise, its own methods are used instead: `rebuild` tries both on a sample, once per process.
"""

from __future__ import annotations

import ast
from functools import lru_cache
from typing import Any

from astroid import nodes
from astroid.manager import AstroidManager
from astroid.rebuilder import TreeRebuilder

_new: Any = object.__new__
_SAMPLE = """
a, b.c = d[e] = f(g + h, i=1)
if (j := 'k').l < m != n: pass
else: del a
def o(p: q = r): return p
[s for s in t]
"""


class Tree:
    """The astroid tree of a module.

    `declarations` are its `global` and `nonlocal` statements, `has_stars` says whether a star
    import can bring names. Names of `from` imports are in their scope's `locals`.
    """

    def __init__(self, module: nodes.Module, rebuilder: _Own) -> None:
        self.module: Any = module
        self.declarations = rebuilder.declarations
        self.has_stars = rebuilder.has_stars
        self._made = rebuilder.made
        self._classes = rebuilder.classes

    def release(self) -> None:
        """Break up the tree when it is no more needed, so that it is gone at once.

        Children know their parents: left to the cyclic collector, trees cost more to find than
        to make.
        """
        for node in self._made:
            node.parent = None
        for node in self._classes:
            # Its implicit names know it, too, and astroid remembers the last class it made.
            node.locals, node.body = {}, []
        self._made.clear()
        self.module = None


def rebuild(tree: ast.Module) -> Tree:
    """The astroid tree of an `ast` tree, which is used up.

    Raises RecursionError if it is nested too deeply.
    """
    return (_Quick if _agree() else _Own)().module(tree)


class _Own(TreeRebuilder):
    """astroid's own rebuilder, which also takes note of what it makes."""

    def __init__(self) -> None:
        # Without `data` it does not tokenize every definition to find its name.
        super().__init__(AstroidManager(), data=None)
        self.made: list[Any] = []
        self.classes: list[Any] = []
        self.declarations: list[Any] = []
        self.has_stars = False

    def module(self, tree: ast.Module) -> Tree:
        """Rebuild all, letting go of each statement's `ast` tree: two trees are a lot to hold."""
        waiting = tree.body[::-1]
        tree.body = []
        if waiting and ast.get_docstring(ast.Module(waiting[-1:], []), clean=False) is not None:
            tree.body.append(waiting.pop())
        module: Any = self.visit_module(tree, "", "", False)
        while waiting:
            module.body.append(self.visit(waiting.pop(), module))
        for entry in self._import_from_nodes:
            node: Any = entry[0] if isinstance(entry, tuple) else entry  # astroid 4 adds globals
            for name, alias in node.names:
                if name == "*":
                    self.has_stars = True
                else:
                    node.parent.set_local(alias or name, node)
        self._visit_meths.clear()  # bound methods: they would keep this alive, and the tree
        return Tree(module, self)

    def visit(self, node: Any, parent: Any) -> Any:
        made: Any = super().visit(node, parent)
        if made is not None:
            self.made.append(made)
        return made

    def visit_global(self, node: ast.Global, parent: Any) -> Any:
        made = super().visit_global(node, parent)
        self.declarations.append(made)
        return made

    def visit_nonlocal(self, node: ast.Nonlocal, parent: Any) -> Any:
        made = super().visit_nonlocal(node, parent)
        self.declarations.append(made)
        return made

    def visit_classdef(self, node: ast.ClassDef, parent: Any) -> Any:
        made = super().visit_classdef(node, parent)
        self.classes.append(made)
        return made

    def visit_dict(self, node: ast.Dict, parent: Any) -> Any:
        made = super().visit_dict(node, parent)
        if None in node.keys:
            self.made += [key for key, _ in made.items if isinstance(key, nodes.DictUnpack)]
        return made

    def visit_decorators(self, node: Any, parent: Any) -> Any:
        made = super().visit_decorators(node, parent)
        if made is not None:
            self.made.append(made)
        return made

    def visit_assignname(self, node: Any, parent: Any, node_name: Any) -> Any:
        made: Any = super().visit_assignname(node, parent, node_name)
        if made is not None:
            self.made.append(made)
        return made

    def visit_arguments(self, node: Any, parent: Any) -> Any:
        made = super().visit_arguments(node, parent)
        self.made += [one for one in (made.vararg_node, made.kwarg_node) if one is not None]
        return made


class _Quick(_Own):
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
            annotations=[visit(one.annotation, made) for one in args],
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


@lru_cache(maxsize=1)
def _agree() -> bool:
    """Do both rebuilders make the same tree of a sample? False also if ours cannot at all."""
    try:
        quick, own = (kind().module(ast.parse(_SAMPLE)).module for kind in (_Quick, _Own))
        return same(quick, own)
    except Exception:
        return False


def same(left: Any, right: Any) -> bool:
    """Have two trees the same nodes with the same fields? Parents are not followed, and the lines
    of `Arguments`, which astroid gives them since 4 and nobody here reads, not compared."""
    if type(left) is not type(right):
        return False
    if isinstance(left, nodes.NodeNG):
        if vars(left).keys() != vars(right).keys():
            return False
        no_lines = isinstance(left, nodes.Arguments)
        skip = ("parent", "lineno", "end_lineno") if no_lines else ("parent",)
        return all(same(vars(left)[key], vars(right)[key]) for key in vars(left) if key not in skip)
    if isinstance(left, dict):
        return bool(left.keys() == right.keys())
    if isinstance(left, (list, tuple)):
        return len(left) == len(right) and all(same(a, b) for a, b in zip(left, right, strict=True))
    return bool(left == right)
