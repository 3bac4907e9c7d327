"""Imports a generated program from memory."""

from __future__ import annotations

import ast
import contextlib
import importlib.abc
import importlib.machinery
import sys
import types
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

Prepare: TypeAlias = "Callable[[types.ModuleType, ast.Module], ast.Module]"
"""Gets a module's syntax tree before it is compiled, and may put names into the module."""


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def __init__(
        self, files: Mapping[str, str], modules: Mapping[str, str], prepare: Prepare
    ) -> None:
        self._files = files
        self._modules = modules
        self._prepare = prepare

    def find_spec(self, name: str, path: object, target: object = None) -> Any:
        file = self._modules.get(name)
        if file is None:
            return None
        package = file.endswith("__init__.py")
        return importlib.machinery.ModuleSpec(name, self, origin=file, is_package=package)

    def exec_module(self, module: types.ModuleType) -> None:
        file = self._modules[module.__name__]
        tree = self._prepare(module, ast.parse(self._files[file]))
        exec(compile(tree, file, "exec", dont_inherit=True), vars(module))


@contextlib.contextmanager
def importable(
    files: Mapping[str, str], modules: Mapping[str, str], prepare: Prepare
) -> Iterator[None]:
    """The modules (dotted names to keys of `files`) can be imported, in place of any others of
    these names, which are there again afterwards."""
    saved = {name: sys.modules.pop(name) for name in modules if name in sys.modules}
    finder = _Finder(files, modules, prepare)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name in modules:
            sys.modules.pop(name, None)
        sys.modules.update(saved)
