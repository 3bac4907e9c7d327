"""astroid's own rebuilder, with what we need to know of the tree it makes."""

from __future__ import annotations

import ast
from typing import Any

from astroid import nodes
from astroid.manager import AstroidManager
from astroid.rebuilder import TreeRebuilder


class Tree:
    """The astroid tree of a module.

    `declarations` are its `global` and `nonlocal` statements, `has_stars` says whether a star
    import can bring names. Names of `from` imports are in their scope's `locals`.
    """

    def __init__(self, module: nodes.Module, rebuilder: Own) -> None:
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


class Own(TreeRebuilder):
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
