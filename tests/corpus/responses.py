"""INC2 beside semgrep, ruff and bandit: their sites, and why one of us names a call that the other
passes over. pylint is not asked: ruff's rule is pylint's."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path, PurePosixPath

from . import peers
from .packages import CORPUS, CorpusError, Package
from .peers import At, Family, Finding, Site

SEMGREP_RULE = "python/requests/best-practice/use-raise-for-status.yaml"
SEMGREP_COMMIT = "5375bb3242f7ab6bd9cb3a29bb1885abeae72663"
_RAISES = {"raise_for_status", "check_returncode"}
_STATUS = {"status_code", "ok", "returncode", "is_redirect"}
_TEST_FILE = re.compile(r"test_.*\.py|.*_test\.py|conftest\.py")
_FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.Module)
_KNOWN = {peers.SEMGREP: "requests", peers.RUFF: "subprocess"}
"""The library of which a tool's rule speaks."""


def ask(package: Package) -> Iterator[Site]:
    """The sites of the tools that have a rule for it."""
    commands, folder = peers.environment(), package.folder
    yield from peers.ruff(commands, ("PLW1510",), folder)
    yield from _semgrep(peers.output(_semgrep_command(commands), folder))


def _semgrep_command(commands: Path) -> list[str]:
    """semgrep with its own rule, blind to comments and to its list of folders to ignore.

    Raises CorpusError where the rule, which is semgrep's and not in this project, is missing.
    """
    rule = CORPUS / "rules" / PurePosixPath(SEMGREP_RULE).name
    if not rule.is_file():
        where = f"{SEMGREP_RULE} of semgrep/semgrep-rules, commit {SEMGREP_COMMIT[:9]}"
        raise CorpusError(f"{rule} is missing: put {where} there")
    return [
        str(commands / "semgrep"), "scan", "--config", str(rule.resolve()), "--metrics", "off",
        "--disable-version-check", "--disable-nosem", "--no-git-ignore", "--timeout", "60",
        "--x-ignore-semgrepignore-files", "--max-target-bytes", "0", "--json", ".",
    ]  # fmt: skip


def _semgrep(output: str) -> Iterator[Site]:
    for row in json.loads(output)["results"]:
        rule = row["check_id"].rpartition(".")[2]
        path = PurePosixPath(row["path"]).as_posix()
        yield Site(peers.SEMGREP, rule, path, row["start"]["line"], row["start"]["col"])


def remark(package: Package, files: Sequence[str]) -> Iterator[Site]:
    """Everything that bandit names in some files."""
    command = [
        str(peers.environment() / "bandit"), "--ignore-nosec", "--exclude", "", "--quiet",
        "--format", "json", "--exit-zero", *files,
    ]  # fmt: skip
    output = peers.output(command, package.folder) if files else ""
    for row in json.loads(output)["results"] if output else ():
        path = PurePosixPath(row["filename"]).as_posix()
        rule = f"{row['test_id']} {row['test_name']}"
        yield Site(peers.BANDIT, rule, path, row["line_number"], row["col_offset"] + 1)


# why one of us passes over a call


def kind(folder: Path, rule: str, finding: Finding) -> str:
    """Of which library a call of ours is, as its message names it first."""
    named = re.search(r"`(\w+)", finding["message"])
    library = re.sub("^mypy_boto3.*", "boto3", named[1] if named else "?")
    if library == _KNOWN[rule.partition(" ")[0]]:
        return f"a call of {library} that the rule lets pass"
    return f"a call of {library}"


def why(folder: Path, at: At) -> str:
    """The reason that can be read off the function around a call, else nothing. It tells that
    somebody looks at the status, not that it happens on every way: that nobody passes it by is
    what our silence says."""
    path, line, column = at
    if is_test(path):
        return "test code, of which INC2 is not asked"
    call = _calls(folder / path).get((line, column))
    parents = _parents(folder / path)
    if call is None:
        return ""
    return _reason(call, parents) if _is_imported(call, parents) else _NAMESAKE


def _is_imported(call: ast.Call, parents: Mapping[ast.AST, ast.AST]) -> bool:
    """Whether a call is of something that its file imports, or binds at its top instead."""
    root: ast.expr = call.func
    while isinstance(root, ast.Attribute):
        root = root.value
    bound = {
        name.asname or name.name.split(".")[0] for name in parents if isinstance(name, ast.alias)
    }
    for node, parent in parents.items():
        if isinstance(node, ast.Assign) and isinstance(parent, ast.Module):
            bound |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return not isinstance(root, ast.Name) or root.id in bound


def is_test(path: str) -> bool:
    """Whether a path relative to a package is test code, as the linter tells it."""
    *folders, name = PurePosixPath(path).parts
    return bool({"test", "tests"} & set(folders)) or _TEST_FILE.fullmatch(name) is not None


def _reason(call: ast.AST, parents: dict[ast.AST, ast.AST]) -> str:
    parent = parents[call]
    while isinstance(parent, ast.Await | ast.IfExp | ast.BoolOp | ast.NamedExpr):
        parent = parents[parent]
    if isinstance(parent, ast.Return | ast.Lambda | ast.Yield):
        return _GIVEN
    if isinstance(parent, ast.Call | ast.keyword | ast.Starred):
        return _HANDED
    if isinstance(parent, ast.Attribute):
        return _of_member(parent, parents)
    if isinstance(parent, ast.Assign | ast.AnnAssign):
        target = parent.targets[0] if isinstance(parent, ast.Assign) else parent.target
        if isinstance(target, ast.Name):
            return _of_name(target.id, call, parents)
        return _KEPT
    if isinstance(parent, ast.withitem) and isinstance(parent.optional_vars, ast.Name):
        return _of_name(parent.optional_vars.id, call, parents)
    if isinstance(parent, ast.List | ast.Tuple | ast.Dict | ast.ListComp | ast.GeneratorExp):
        return _KEPT
    return ""


_NAMESAKE = "no such call: a variable that has the module's name"
_GIVEN = "given back: the callers have to look, and their calls are judged"
_HANDED = "handed to a function, which may look"
_KEPT = "kept in an attribute or a container, which is not followed"
_LATER = "raise_for_status() or check_returncode() is called, though not in the next line"
_LOOKED = "the status is looked at, in another way than the rule knows"
_TRUTH = "its truth is asked, which is the status"
_STDERR = "what the command wrote to stderr is read, which we take for a look"


def _of_member(member: ast.Attribute, parents: dict[ast.AST, ast.AST]) -> str:
    """What is read of a response: its status, or nothing that tells."""
    if member.attr in _RAISES:
        return _LATER
    if member.attr in _STATUS and not isinstance(parents[member], ast.Expr):
        return _LOOKED
    return _STDERR if member.attr == "stderr" else ""


def _of_name(name: str, call: ast.AST, parents: dict[ast.AST, ast.AST]) -> str:
    """What becomes of a response that has a name, until the name means another one."""
    around = parents[call]
    while not isinstance(around, _FUNCTION):
        around = parents[around]
    uses = [n for n in ast.walk(around) if isinstance(n, ast.Name) and n.id == name]
    line = getattr(call, "end_lineno", 0)
    bound = [n.lineno for n in uses if isinstance(n.ctx, ast.Store) and n.lineno > line]
    reads = [n for n in uses if isinstance(n.ctx, ast.Load) and n.lineno >= line]
    first = [n for n in reads if n.lineno <= min(bound, default=n.lineno)]
    found = [_of_use(n, parents) for n in first or reads]
    return next((each for each in _ORDER if each in found), "")


_ORDER = (_LATER, _LOOKED, _TRUTH, _STDERR, _GIVEN, _HANDED, _KEPT)


def _of_use(use: ast.AST, parents: dict[ast.AST, ast.AST]) -> str:
    parent = parents[use]
    if isinstance(parent, ast.Attribute):
        return _of_member(parent, parents)
    if isinstance(parent, ast.If | ast.While | ast.Assert | ast.BoolOp | ast.UnaryOp | ast.IfExp):
        return _TRUTH
    if isinstance(parent, ast.Return | ast.Yield):
        return _GIVEN
    if isinstance(parent, ast.Call | ast.keyword | ast.Starred):
        return _HANDED
    if isinstance(parent, ast.Assign | ast.List | ast.Tuple | ast.Dict):
        return _KEPT
    return ""


@lru_cache(maxsize=64)
def _parents(path: Path) -> dict[ast.AST, ast.AST]:
    try:
        tree = ast.parse(path.read_bytes())
    except (SyntaxError, ValueError, RecursionError):
        return {}
    return {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}


@lru_cache(maxsize=64)
def _calls(path: Path) -> dict[tuple[int, int], ast.Call]:
    """The calls of a file by where they start; of a chain, the innermost."""
    calls = [node for node in _parents(path) if isinstance(node, ast.Call)]
    ends = sorted(calls, key=lambda node: (node.end_lineno or 0, node.end_col_offset or 0))
    return {(n.lineno, n.col_offset + 1): n for n in reversed(ends)}


FAMILY = Family(
    "unchecked_responses",
    ("INC201", "INC202", "INC203", "INC204", "INC205"),
    (
        (peers.SEMGREP, "use-raise-for-status"),
        (peers.RUFF, "PLW1510"),
    ),
    peers.BANDIT,
    ask,
    remark,
    kind,
    why,
    f"semgrep's rule is that of its public rules at {SEMGREP_COMMIT[:9]}. pylint's W1510 is ruff's "
    "PLW1510: over six of the packages both named the same 34 calls, and pylint was asked no more.",
)
