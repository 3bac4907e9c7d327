"""How a file spells a name of the standard library, and the import that it may lack."""

from __future__ import annotations

import ast
from typing import NamedTuple

from ..engine.fixing_edits import Change
from ..engine.fixing_tree import File
from .lines import below
from .scopes import Scopes


class Spelling(NamedTuple):
    """What to write for a name, and the changes that bring it into the file."""

    text: str
    changes: tuple[Change, ...]


def spelling(
    file: File, scopes: Scopes, module: str, name: str, before: int, lazy: bool = False
) -> Spelling | None:
    """How to spell `module.name` in code that begins at an offset; None: the file's own name is
    in the way. `lazy`: only type checkers evaluate it, so that their imports count, too."""
    imports = [node for node in _imports(file.module.body) if file.end(node) <= before]
    guarded = [
        node
        for statement in file.module.body
        if lazy and isinstance(statement, ast.If) and "TYPE_CHECKING" in ast.dump(statement.test)
        for node in _imports(statement.body)
    ]
    usable = [(node, alias) for node in [*imports, *guarded] for alias in node.names]
    for node, alias in usable:
        if isinstance(node, ast.ImportFrom) and (node.module, alias.name) == (module, name):
            return Spelling(alias.asname or name, ())
    for node, alias in usable:
        if isinstance(node, ast.Import) and alias.name == module:
            return Spelling(f"{alias.asname or module}.{name}", ())
    if scopes.sees(name, scopes.around(before)):
        return None
    for node in reversed(imports):
        if isinstance(node, ast.ImportFrom) and node.module == module and not node.level:
            if node.names[0].name != "*":
                return Spelling(name, (_extended(file, node, name),))
    return Spelling(name, (_new_line(file, imports, f"from {module} import {name}"),))


def _imports(body: list[ast.stmt]) -> list[ast.Import | ast.ImportFrom]:
    return [node for node in body if isinstance(node, (ast.Import, ast.ImportFrom))]


def _extended(file: File, node: ast.ImportFrom, name: str) -> Change:
    """One more name in a `from` import: where the order puts it, separated as the others are."""
    names = [alias.name for alias in node.names]
    place = len(names)
    if names == sorted(names, key=str.lower) and len(names) > 1:
        place = sum(one.lower() < name.lower() for one in names)
    if len(names) > 1:
        separator = file.text[file.end(node.names[0]) : file.start(node.names[1])]
    else:
        separator = ", "
    if "#" in separator:
        place, separator = 0, ", "
    if not place:
        at = file.start(node.names[0])
        return Change(at, at, name + separator)
    at = file.end(node.names[place - 1])
    return Change(at, at, separator + name)


def _new_line(file: File, imports: list[ast.Import | ast.ImportFrom], line: str) -> Change:
    """An import of its own: in the first group of imports; without any, below the docstring."""
    own = [one for one in imports if not _is_future(one)]
    if own:
        group = [own[0]]
        for node in own[1:]:
            if node.lineno > (group[-1].end_lineno or 0) + 1:
                break
            group.append(node)
        froms = [one for one in group if isinstance(one, ast.ImportFrom)]
        later = [one for one in froms if one.level or (one.module or "") > line.split()[1]]
        if later:
            at = file.offset(later[0].lineno, 1)
            return Change(at, at, line + "\n")
        return below(file, file.end(group[-1]), line)
    if imports:
        return below(file, file.end(imports[-1]), f"\n{line}")
    body = file.module.body
    if ast.get_docstring(file.module, clean=False) is not None:
        return below(file, file.end(body[0]), f"\n{line}")
    first = body[0]
    decorators = getattr(first, "decorator_list", [])
    at = file.offset(min([first.lineno, *(one.lineno for one in decorators)]), 1)
    return Change(at, at, f"{line}\n\n")


def _is_future(node: ast.Import | ast.ImportFrom) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"
