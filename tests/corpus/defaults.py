"""INC1 beside flake8-bugbear, ruff and pylint: their sites, and why one of us names a default
that the other passes over."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from . import peers
from .packages import Package, python_files
from .peers import At, Family, Finding, Site

_FLAKE8_LINE = re.compile(r"(?:\./)?(.+?):(\d+):(\d+): (B00[68]) ")
_DANGEROUS = re.compile(r"Dangerous default value (.+?)(?: \([\w.]+\))? as argument")
_READ_ONLY = {
    "Sequence", "Mapping", "Iterable", "Collection", "AbstractSet", "Set", "frozenset", "tuple",
    "FrozenSet", "Tuple", "Iterator", "Container",
}  # fmt: skip
_MARKERS = {
    "Depends", "Security", "Query", "Path", "Body", "Cookie", "Header", "Form", "File", "Option",
    "Argument", "Parameter", "Provide", "Inject",
}  # fmt: skip


class Default(NamedTuple):
    """A parameter's default, with the parameter and its function."""

    node: ast.expr
    parameter: ast.arg
    function: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


def defaults(path: Path) -> Iterable[Default]:
    """Every default in a file, in order; none if it is not Python."""
    try:
        tree = ast.parse(path.read_bytes())
    except (SyntaxError, ValueError, RecursionError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            arguments = node.args
            positional = [*arguments.posonlyargs, *arguments.args]
            start = len(positional) - len(arguments.defaults)
            pairs = list(zip(positional[start:], arguments.defaults, strict=True))
            pairs += [
                (argument, default)
                for argument, default in zip(
                    arguments.kwonlyargs, arguments.kw_defaults, strict=True
                )
                if default is not None
            ]
            for argument, default in pairs:
                yield Default(default, argument, node)


# what others say


def ask(package: Package) -> Iterator[Site]:
    """The sites of all tools; pylint's are defaults that its words may mean. flake8 and pylint
    take a minute for 20,000 lines: they are given the files that have a default to name."""
    commands, folder = peers.environment(), package.folder
    yield from peers.ruff(commands, ("B006", "B008"), folder)
    files = python_files(folder)
    made = [path for path in files if any(_holds(d, _MADE) for d in defaults(path))]
    if made:
        names = [str(path.relative_to(folder)) for path in made]
        yield from _flake8(peers.output([*flake8_command(commands), *names], folder))
    named_too = [path for path in files if any(_holds(d, _NAMED) for d in defaults(path))]
    yield from named(peers.pylint(commands, named_too, folder), folder)


_MADE = (
    ast.Call, ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp,
    ast.GeneratorExp,
)  # fmt: skip
"""What bugbear's rules look for in a default; pylint also asks what a name means."""
_NAMED = (*_MADE, ast.Name, ast.Attribute)


def _holds(default: Default, kinds: tuple[type[ast.AST], ...]) -> bool:
    return any(isinstance(node, kinds) for node in ast.walk(default.node))


def flake8_command(commands: Path) -> list[str]:
    """flake8 with bugbear, which cannot be run without the rest of flake8."""
    return [
        str(commands / "flake8"), "--isolated", "--disable-noqa", "--exclude=", "--exit-zero",
        "--select", "B006,B008", "--jobs", "1",
    ]  # fmt: skip


def _flake8(output: str) -> Iterator[Site]:
    for line in output.splitlines():
        if match := _FLAKE8_LINE.match(line):
            path, row, column, rule = match.groups()
            yield Site(peers.BUGBEAR, rule, path, int(row), int(column))


def named(rows: Iterable[Finding], folder: Path) -> Iterator[Site]:
    """pylint names the function and the default's text: the defaults are looked up."""
    used: set[At] = set()
    for row in rows:
        path = Path(row["path"]).as_posix()
        match = _DANGEROUS.match(row["message"])
        place = (row["line"], 0)
        for line, column in _meant(folder / path, row["line"], match.group(1) if match else ""):
            if (path, line, column) not in used:
                place = (line, column)
                break
        used.add((path, *place))
        yield Site(peers.PYLINT, "W0102", path, *place)


def _meant(path: Path, line: int, text: str) -> Iterator[tuple[int, int]]:
    """The defaults of the function on a line that pylint's words may mean, first to last."""
    for default in defaults(path):
        if default.function.lineno == line and _means(text, default.node):
            yield default.node.lineno, default.node.col_offset + 1


def _means(text: str, node: ast.expr) -> bool:
    if text == "[]":
        return isinstance(node, ast.List)
    if text == "{}":
        return isinstance(node, ast.Dict)
    if text.endswith("()"):
        if text == "set()" and isinstance(node, ast.Set):
            return True
        return isinstance(node, ast.Call)
    return ast.unparse(node) == text


# why one of us passes over a default


def why(folder: Path, at: At) -> str:
    """The reason that can be read off the signature, else nothing."""
    path, line, column = at
    default = _at_place(folder / path).get((line, column))
    if default is None:
        return ""
    annotation = default.parameter.annotation
    if annotation is not None and _outer_names(annotation) & _READ_ONLY:
        return "annotated as read-only, and nobody changes it"
    if isinstance(default.node, ast.Call):
        name = ast.unparse(default.node.func).rpartition(".")[2]
        if name in _MARKERS:
            return f"a framework's marker call: {name}()"
        return f"a call whose result is not known to be mutable: {name}()"
    return "a stub without a body" if _is_stub(default.function) else ""


def _outer_names(annotation: ast.expr) -> set[str]:
    """The names outside all brackets, so that `Optional[Sequence[X]]` gives `Optional` and
    `Sequence`, and `list[Sequence]` gives `list`."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        try:
            return _outer_names(ast.parse(annotation.value, mode="eval").body)
        except (SyntaxError, ValueError):
            return set()
    if isinstance(annotation, ast.BinOp):
        return _outer_names(annotation.left) | _outer_names(annotation.right)
    if isinstance(annotation, ast.Subscript):
        outer = _outer_names(annotation.value)
        return outer | _outer_names(annotation.slice) if outer & {"Optional", "Final"} else outer
    if isinstance(annotation, ast.Attribute):
        return {annotation.attr}
    return {annotation.id} if isinstance(annotation, ast.Name) else set()


def _is_stub(function: ast.AST) -> bool:
    if isinstance(function, ast.Lambda):
        return False
    body = getattr(function, "body", [])
    return all(
        isinstance(statement, ast.Pass)
        or (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant))
        or (isinstance(statement, ast.Raise) and "NotImplemented" in ast.unparse(statement))
        for statement in body
    )


def kind(folder: Path, rule: str, finding: Finding) -> str:
    """What kind of default a site of ours is, in the words of the page."""
    place = (finding["line"], finding["column"])
    default = _at_place(folder / finding["path"]).get(place)
    node = default.node if default else None
    if isinstance(node, ast.Name | ast.Attribute):
        return "a container with a name, changed through the parameter"
    if isinstance(node, ast.GeneratorExp):
        return "a generator expression"
    if isinstance(node, ast.Call):
        return "a call or an instance"
    if isinstance(node, ast.List | ast.Dict | ast.Set | ast.ListComp | ast.DictComp | ast.SetComp):
        return "a display or comprehension that they let pass"
    return "another expression" if node else "no default by itself"


@lru_cache(maxsize=64)
def _at_place(path: Path) -> dict[tuple[int, int], Default]:
    return {(d.node.lineno, d.node.col_offset + 1): d for d in defaults(path)}


FAMILY = Family(
    "shared_defaults",
    ("INC101", "INC102", "INC105"),
    (
        (peers.BUGBEAR, "B006"),
        (peers.BUGBEAR, "B008"),
        (peers.RUFF, "B006"),
        (peers.RUFF, "B008"),
        (peers.PYLINT, "W0102"),
    ),
    "",
    ask,
    lambda package, files: (),
    kind,
    why,
    "",
)
