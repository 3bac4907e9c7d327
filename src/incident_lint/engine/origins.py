"""Where values of libraries come from, by rows: outside, an entity, or a handful in the code.

The row about the longest beginning of an API path decides: `flask.request.url_rule.rule` is one of
the code's own, whatever else `flask.request` gives.
"""

from __future__ import annotations

from ..knowledge.catalogue import Catalogue, Row
from ..knowledge.paths import CALL, Path, Segment

VALUES = ("outside-value", "entity-value", "bounded-value")
_CALLS = ("bounds", "passes-on")
_METHODS_OF = ("str", "dict", "list", "bytes")


def origin(catalogue: Catalogue, path: Path, roles: tuple[str, ...] = VALUES) -> Row | None:
    """The row that says where a value comes from, by any of these roles."""
    for length in range(len(path), 0, -1):
        for role in roles:
            row = catalogue.match(role, path[:length])
            if row is not None:
                return row
    return None


def made_of(catalogue: Catalogue, path: Path) -> Row | None:
    """The row that says what a call makes of its arguments: `bounds` or `passes-on`."""
    rows = (catalogue.match(role, path) for role in _CALLS)
    return next((row for row in rows if row is not None), None)


def plain_methods(path: Path) -> list[Path]:
    """A method's call as one of text and containers: what lies in a request is that, if its
    library says nothing else."""
    if len(path) < 3 or path[-1].kind != "call" or path[-2].kind != "name":
        return []
    return [(Segment("name", name), CALL, path[-2], CALL) for name in _METHODS_OF]
