"""What tests write for the failure or success of a result: `status_code=500`, `ok=False`."""

from __future__ import annotations

import re
from ast import literal_eval
from http import HTTPStatus

from ..model.facts import Value

_FIRST_ERROR = 400
_STATUS = re.compile(r"(^|[a-z_])(status(_?code|_int)?|(?<![a-z])code|http_code)$", re.IGNORECASE)
EXITS = frozenset({"returncode", "return_code", "exit_code", "exitcode", "retcode"})
"""Members that are not zero if a process has failed."""
_EXIT = EXITS | {"wait", "poll"}
_GOOD = frozenset({"ok", "success", "is_success", "successful", "succeeded", "is_ok"})
_BAD = re.compile(r"error|fail|reject|unprocessed|refused", re.IGNORECASE)
_STATE = re.compile(r"(^|_)(state|outcome|phase|result)$", re.IGNORECASE)


def tells(name: str) -> bool:
    """Whether a member, key or keyword of this name tells of a failure or of none."""
    plain = name.strip("_").lower()
    if plain in _EXIT or plain in _GOOD or _BAD.search(plain):
        return True
    return _STATUS.search(name) is not None and not plain.startswith("raise_")


def is_good(name: str, value: object) -> bool:
    """Whether a constant, or the elements of a display, tells of no failure under such a name."""
    plain = name.strip("_").lower()
    if plain in _GOOD:
        return bool(value)
    if plain in _EXIT or _BAD.search(plain):
        return not value
    if isinstance(value, str):
        return int(value) < _FIRST_ERROR if value.isdecimal() else not _BAD.search(value)
    if isinstance(value, bool):
        return value
    return value is None or (isinstance(value, int) and value < _FIRST_ERROR)


def says_failure(name: str, value: object) -> bool:
    """Whether a body says in a word that what was asked for has failed: `"state": "FAILED"`. Other
    words under such a name tell nothing, and what is no constant may be any."""
    said = isinstance(value, str) and _STATE.search(name) is not None
    return said and _BAD.search(str(value)) is not None


def is_good_name(dotted: str) -> bool:
    """Whether `http.HTTPStatus.OK` or `status.HTTP_404_NOT_FOUND` is a status of success; not, if
    it is no status at all."""
    status = _status_of(dotted)
    return status is not None and status < _FIRST_ERROR


def is_bad_name(dotted: str) -> bool:
    """Whether such a name is an error status."""
    status = _status_of(dotted)
    return status is not None and status >= _FIRST_ERROR


def _status_of(dotted: str) -> int | None:
    number = re.search(r"\d{3}", dotted)
    if number is not None:
        return int(number[0])
    names = [name.upper() for name in dotted.split(".")]
    found = [int(HTTPStatus[name]) for name in names if name in HTTPStatus.__members__]
    return found[-1] if found else None


def literal_of(value: Value) -> object:
    """What a constant is; its text, if that is too long for facts to have all of it."""
    try:
        return literal_eval(value.text)
    except (SyntaxError, ValueError):
        return value.text
