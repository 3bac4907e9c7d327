"""INC303: what a class body made for all its objects, `__init__` makes for each."""

from __future__ import annotations

import ast

from ..engine.finding import Finding
from ..engine.fixing_edits import Change
from ..engine.fixing_tree import File, Tree
from .lines import blank_before, line_end
from .scopes import scopes_of


def own_container(tree: Tree, finding: Finding) -> tuple[Change, ...]:
    """The assignment moves from the class body to the beginning of its `__init__`; a declared type
    stays behind."""
    if finding.cure is None:
        return ()
    file = tree.file
    name, _, attribute = finding.cure.text.partition(".")
    classes = [n for n in ast.walk(file.module) if isinstance(n, ast.ClassDef) and n.name == name]
    if len(classes) != 1:
        return ()
    made = [each for each in classes[0].body if _binds(each, attribute)]
    inits = [each for each in classes[0].body if _is_init(each)]
    if len(made) != 1 or len(inits) != 1:
        return ()
    (statement,), (init,) = made, inits
    assert isinstance(statement, (ast.Assign, ast.AnnAssign))
    assert isinstance(init, ast.FunctionDef)
    first = _first(init)
    own = [*init.args.posonlyargs, *init.args.args]
    value = statement.value
    if value is None or not own or first is None or not _has_own_lines(file, first):
        return ()
    if not _has_own_lines(file, statement):
        return ()
    start, end = file.start(value), file.end(statement)
    declared = statement.annotation if isinstance(statement, ast.AnnAssign) else None
    before = file.end(declared or _target(statement))
    text = file.text[before:end].partition("=")[2].strip()
    scopes = scopes_of(file)
    inside = scopes.function("__init__", init.lineno)
    if inside is None or not scopes.can_move(text, scopes.around(start), inside):
        return ()
    place = file.start(first)
    line = f"{own[0].arg}.{attribute} = {text}"
    if declared is not None:
        gone = Change(before, end, "")
    else:
        line += file.text[end : line_end(file, end)]
        gone = Change(
            file.start(statement) - len(blank_before(file, file.start(statement))),
            line_end(file, end) + 1,
            "",
        )
    return (gone, Change(place, place, f"{line}\n{blank_before(file, place)}"))


def _binds(statement: ast.stmt, name: str) -> bool:
    if isinstance(statement, ast.Assign) and len(statement.targets) != 1:
        return False
    if not isinstance(statement, (ast.Assign, ast.AnnAssign)):
        return False
    target = _target(statement)
    return isinstance(target, ast.Name) and target.id == name


def _target(statement: ast.Assign | ast.AnnAssign) -> ast.expr:
    return statement.targets[0] if isinstance(statement, ast.Assign) else statement.target


def _is_init(statement: ast.stmt) -> bool:
    named = isinstance(statement, ast.FunctionDef) and statement.name == "__init__"
    return named and not getattr(statement, "decorator_list", ())


def _first(function: ast.FunctionDef) -> ast.stmt | None:
    """The first statement after the docstring."""
    body = function.body[1 if ast.get_docstring(function) is not None else 0 :]
    return body[0] if body else None


def _has_own_lines(file: File, statement: ast.stmt) -> bool:
    """Whether nothing but a comment stands beside a statement."""
    start, end = file.start(statement), file.end(statement)
    before = file.text[file.text.rfind("\n", 0, start) + 1 : start]
    after = file.text[end : line_end(file, end)].strip()
    return not before.strip() and (not after or after.startswith("#"))
