"""Which rewriting makes a failure raise that a call hides, where its row knows one."""

from __future__ import annotations

from ...engine.arguments import words_of
from ...engine.body import Body
from ...engine.duties import Duty
from ...engine.finding import Cure

_CAUTION = "what has failed unnoticed raises then"


def cure_of(body: Body, value: int, duty: Duty, matters: bool) -> Cure | None:
    """The cure for a call of a function, if there is one idiom for it. None where the call hides
    behind a function of the project, or the failure may matter on some other way (`matters`): what
    is done there would no longer be."""
    if duty.steps or matters:
        return None
    keys = duty.row.keys
    if "fix_argument" in keys:
        argument: str = keys["fix_argument"]
        name = argument.partition("=")[0]
        given = name in words_of(body.function.values[value])
        # Who writes the opposite means it, unless that is what the finding is about.
        meant = given and duty.told.partition("=")[0] != name
        return None if meant else Cure("raising-argument", _CAUTION, argument)
    if "fix_method" not in keys or (keys.get("comes_later") and not _comes_here(body, value)):
        return None
    name = "chained-method" if keys.get("fix_chains") else "raising-method"
    return Cure(name, _CAUTION, keys["fix_method"])


def _comes_here(body: Body, value: int) -> bool:
    """Whether a call is awaited or entered in the expression that makes it."""
    at = body.function.values[value].at
    for user, _ in body.users(value):
        made = body.function.values[user]
        if made.op in ("await", "enter") and made.at is not None and at is not None:
            if at.is_within(made.at):
                return True
    return False
