"""What a bug is: one small check over the engine's queries for each code or flow."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ..engine.finding import Finding, Tally
    from ..engine.project import Module, Project


class Family(NamedTuple):
    """A check of a family of rules: the family's folder, the codes that it may report, itself.

    A family may have several, so that none runs whose codes nobody wants.
    """

    name: str
    codes: tuple[str, ...]
    check: Callable[[Module, Project, Tally], Iterable[Finding]]


# What a check needs is imported at the first file: it needs the engine.


def _leaks(module: Module, project: Project, tally: Tally) -> Iterable[Finding]:
    from .shared_defaults.leaks import check

    return check(module, project, tally)


def _evaluated_once(module: Module, project: Project, tally: Tally) -> Iterable[Finding]:
    from .shared_defaults.evaluated_once import check

    return check(module, project, tally)


def _shared_elements(module: Module, project: Project, tally: Tally) -> Iterable[Finding]:
    from .shared_defaults.shared_elements import check

    return check(module, project, tally)


def _unchecked_responses(module: Module, project: Project, tally: Tally) -> Iterable[Finding]:
    from .unchecked_responses.responses import check

    return check(module, project, tally)


def _stand_ins(module: Module, project: Project, tally: Tally) -> Iterable[Finding]:
    from .unchecked_responses.stand_ins import check

    return check(module, project, tally)


def _untold(module: Module, project: Project, tally: Tally) -> Iterable[Finding]:
    from .unchecked_responses.untold import check

    return check(module, project, tally)


def _payloads(module: Module, project: Project, tally: Tally) -> Iterable[Finding]:
    from .unchecked_responses.payloads import check

    return check(module, project, tally)


def _labels(module: Module, project: Project, tally: Tally) -> Iterable[Finding]:
    from .metric_cardinality.labels import check

    return check(module, project, tally)


def _maps(module: Module, project: Project, tally: Tally) -> Iterable[Finding]:
    from .metric_cardinality.maps import check

    return check(module, project, tally)


def _class_state(module: Module, project: Project, tally: Tally) -> Iterable[Finding]:
    from .tenant_state.class_state import check

    return check(module, project, tally)


def _cross_tenant(module: Module, project: Project, tally: Tally) -> Iterable[Finding]:
    from .tenant_state.cross_tenant import check

    return check(module, project, tally)


def _contexts(module: Module, project: Project, tally: Tally) -> Iterable[Finding]:
    from .tenant_state.contexts import check

    return check(module, project, tally)


def _stale_loops(module: Module, project: Project, tally: Tally) -> Iterable[Finding]:
    from .tenant_state.stale_loops import check

    return check(module, project, tally)


def _settings(module: Module, project: Project, tally: Tally) -> Iterable[Finding]:
    from .tenant_state.settings import check

    return check(module, project, tally)


def _cached(module: Module, project: Project, tally: Tally) -> Iterable[Finding]:
    from .tenant_state.cached import check

    return check(module, project, tally)


def _throttles(module: Module, project: Project, tally: Tally) -> Iterable[Finding]:
    from .metric_cardinality.throttles import check

    return check(module, project, tally)


FAMILIES: tuple[Family, ...] = (
    Family("shared_defaults", ("INC101", "INC102", "INC105"), _leaks),
    Family("shared_defaults", ("INC103",), _evaluated_once),
    Family("shared_defaults", ("INC104",), _shared_elements),
    Family(
        "unchecked_responses",
        ("INC201", "INC202", "INC203", "INC204", "INC205"),
        _unchecked_responses,
    ),
    Family("unchecked_responses", ("INC206",), _stand_ins),
    Family("unchecked_responses", ("INC207",), _untold),
    Family("unchecked_responses", ("INC208",), _payloads),
    Family("metric_cardinality", ("INC401", "INC402", "INC404"), _labels),
    Family("metric_cardinality", ("INC403",), _maps),
    Family("tenant_state", ("INC301", "INC302"), _cross_tenant),
    Family("tenant_state", ("INC303",), _class_state),
    Family("tenant_state", ("INC304", "INC305"), _settings),
    Family("tenant_state", ("INC306",), _cached),
    Family("tenant_state", ("INC307",), _contexts),
    Family("tenant_state", ("INC308",), _stale_loops),
    Family("metric_cardinality", ("INC405",), _throttles),
)
"""Every check, family by family."""
