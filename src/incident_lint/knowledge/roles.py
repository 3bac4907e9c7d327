"""Roles: what a row may say that an API does. Declared as data in `rules/*/roles.toml`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from . import labels, paths
from .toml import CatalogueError, read


class Key(NamedTuple):
    """A key that rows of a role may carry, and what it says."""

    type: str
    says: str
    required: bool = False
    one_of: tuple[str, ...] = ()


class Role(NamedTuple):
    """A role; `file` is where it is declared."""

    name: str
    says: str
    keys: Mapping[str, Key]
    file: str


def load(folder: Path) -> dict[str, Role]:
    """The roles of every `roles.toml` below a rules folder.

    Raises CatalogueError, also for a role that is declared twice.
    """
    roles: dict[str, Role] = {}
    for path in sorted(folder.glob("*/roles.toml")):
        for name, entry in read(path).items():
            if name in roles:
                raise CatalogueError(str(path), f"role `{name}` is declared twice")
            try:
                keys = {key: _key(declared) for key, declared in entry.get("keys", {}).items()}
                roles[name] = Role(name, entry["says"], keys, str(path))
            except (KeyError, TypeError, ValueError) as error:
                raise CatalogueError(str(path), f"role `{name}`: {error}") from None
    return roles


def problem(key: Key, value: Any) -> str | None:
    """Why a value is not what a key takes; None: it is."""
    if not _TYPES[key.type](value):
        return _WANTED[key.type]
    if key.one_of and value not in key.one_of:
        return "one of " + ", ".join(f'"{word}"' for word in key.one_of)
    return None


def _key(declared: dict[str, Any]) -> Key:
    key = Key(**{**declared, "one_of": tuple(declared.get("one_of", ()))})
    if key.type not in _TYPES:
        raise ValueError(f"unknown type `{key.type}`, known are {', '.join(_TYPES)}")
    return key


def _is_argument(value: Any) -> bool:
    if isinstance(value, str):
        return value in ("*", "**") or value.isidentifier()
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _are_arguments(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(map(_is_argument, value))


def _is_condition(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(r"\w+(\[\w+\])?=\S.*", value) is not None


def _are_conditions(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(text, str) and _is_condition(text.removeprefix("constructor:")) for text in value
    )


def _is_member(value: Any) -> bool:
    return isinstance(value, str) and _MEMBER.fullmatch(value) is not None


def _are_members(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_member, value))


def _is_path(value: Any) -> bool:
    try:
        return isinstance(value, str) and len(paths.parse(value)) == 1
    except paths.PathError:
        return False


def _are_labels(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(text, str) and labels.place(text) is not None for text in value
    )


def _is_shape(value: Any) -> bool:
    return isinstance(value, str) and labels.shape(value) is not None


_MEMBER = re.compile(r"""iter|await|\.[A-Za-z_]\w*(\(\)(\[\d+\])?)?|\[("[^"]*"|\d+)?\]""")
_TYPES: Mapping[str, Callable[[Any], bool]] = {
    "text": lambda value: isinstance(value, str),
    "flag": lambda value: isinstance(value, bool),
    "argument": _is_argument,
    "arguments": _are_arguments,
    "condition": _is_condition,
    "conditions": _are_conditions,
    "member": _is_member,
    "members": _are_members,
    "path": _is_path,
    "labels": _are_labels,
    "shape": _is_shape,
}
_WANTED = {
    "text": "a string",
    "flag": "true or false",
    "argument": 'a position from 0, a keyword, "receiver", "*" or "**"',
    "arguments": 'a list of positions, keywords, "receiver", "*" or "**"',
    "condition": 'a condition such as "frozen=True"',
    "conditions": 'a list of conditions such as "check=True" or "constructor:check=True"',
    "member": 'a member such as ".ok" or ".json()"',
    "members": 'a list of members such as ".ok", ".json()", \'["Failed"]\' or "iter"',
    "path": "one API path without alternatives",
    "labels": 'a list of "positional", "keywords" or "argument:tags"',
    "shape": 'a shape such as "statsd|metrics.incr(tags)" or "*.labels().inc|dec()"',
}


def nearest(word: str, known: Iterable[str]) -> str:
    """How an error message ends that has to name the known word nearest to a wrong one."""
    import difflib

    known = sorted(known)
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    if close:
        return f"did you mean `{close[0]}`?"
    return "known are " + ", ".join(known) if known else "there is none"
