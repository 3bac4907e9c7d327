"""Whether an exception would change anything: does it leave a function, does its handler act?"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..model.facts import Effect, Function, Value
from ..model.source import Span
from .looks import is_log
from .ways import Item, Turn, Ways

_EVERYTHING = frozenset({"Exception", "BaseException"})
_NAMES_ONLY = frozenset(
    {"exc", "builtin", "global", "from", "import", "attr"} | {"tuple", "unbound", "phi"}
)
_QUIET = frozenset({"discard", "except", "bind"})
_RAISING = frozenset({"iter", "raise", "delitem", "yield"})


def lets_nothing_out(ways: Ways, may_fail: Callable[[int], bool | None]) -> bool | None:
    """Whether no exception of its calls leaves a function: what happens outside of handlers is
    inside a `try` that catches all, and no handler raises. None: that hangs on a call of which
    nobody can tell whether it fails, or most of what may fail is inside such a `try`, so
    that somebody has thought of it. `may_fail` says it of a call, by its value. What handlers and
    `finally` call is taken for what cannot fail."""
    cleaning = repeated(ways.function)
    clauses = {point for point in ways.reached if _handled(ways, point) is not None}
    handling = {p for p in ways.reached if clauses.intersection(ways.dominators(p))}
    todo, seen = [0], {0}
    inside: set[int] = set()
    outside: set[int] = set()
    sure = True
    while todo:
        index = todo.pop()
        handles = index in handling
        risks = _risks(ways, index, cleaning, None if handles else may_fail)
        risk = True if True in risks.values() else None if risks else False
        caught = _catches_all(ways, index)
        if handles and risk and not caught:
            return False
        (inside if caught else outside).update(value for value, sure in risks.items() if sure)
        sure = sure and (caught or risk is not None)
        for turn in ways.points[index].turns:
            if turn.point not in seen and not (turn.raised and risk is False):
                seen.add(turn.point)
                todo.append(turn.point)
    if not outside:
        return True if sure else None
    return None if len(inside) > len(outside) else False


def _risks(
    ways: Ways, index: int, cleaning: frozenset[Span], may_fail: Callable[[int], bool | None] | None
) -> dict[int, bool | None]:
    """What may raise at a point, as values; None: nobody can tell whether it does. Of a handler (no
    `may_fail`), only `raise` does."""
    found: dict[int, bool | None] = {}
    for item in ways.points[index].items:
        effect = _effect(ways, item) if item.effect >= 0 else None
        if effect is None or effect.at in cleaning:
            continue
        value = effect.args[0] if effect.args else -1
        if may_fail is None:
            raises: bool | None = effect.kind == "raise" and not _is_cancelled(ways, index)
        elif effect.kind not in ("call", "await"):
            raises = effect.kind in _RAISING
        elif ways.function.values[value].op == "call":
            raises = may_fail(value)
        else:
            raises = True
        if raises is not False:
            found[value] = raises
    return found


def _is_cancelled(ways: Ways, index: int) -> bool:
    """Whether a point is only reached by work that somebody has cancelled."""
    for condition, outcome in ways.conditions(index):
        texts = [ways.function.values[value].text for value in ways.function.values[condition].args]
        if outcome and any(text.endswith("CancelledError") for text in texts):
            return True
    return False


def repeated(function: Function) -> frozenset[Span]:
    """The places of calls that facts have more than once: a `finally` body is there for each way
    out, and what is done there is clean-up that nobody minds."""
    seen: set[Span] = set()
    again: set[Span] = set()
    for value in function.values:
        if value.op == "call" and value.at is not None:
            (again if value.at in seen else seen).add(value.at)
    return frozenset(again)


def raising_changes_nothing(
    ways: Ways, call: int, debugs: bool = False, also: frozenset[str] = frozenset()
) -> bool:
    """Whether a call that stands alone is the last of a `try` whose handler catches everything (or
    an exception of `also`, by its last word) and does nothing (or only `debugs`): had it raised,
    the same would have followed."""
    start = ways.place[call]
    raised = next((turn for turn in ways.points[start].turns if turn.raised), None)
    if raised is None:
        return False
    after = next((turn for turn in ways.points[start].turns if not turn.raised), None)
    goes_on = start if after is None else _next_deed(ways, after, debugs)
    for clause in _clauses(ways, raised.point):
        if _is_for_all(ways, clause.point) or _named(ways, clause.point) & also:
            return _next_deed(ways, clause, debugs) == goes_on
    return False


def is_handled(ways: Ways, index: int) -> bool:
    """Whether there is a clause for some exception at a point."""
    raised = _raised(ways, index)
    return raised is not None and any(True for _ in _clauses(ways, raised.point))


def is_answered(ways: Ways, index: int) -> bool:
    """Whether a clause for an exception at a point ends the function with a result of its own, and
    tells nobody that anything failed: whether it raises is an answer, and not a failure."""
    raised = _raised(ways, index)
    clauses = [] if raised is None else [turn.point for turn in _clauses(ways, raised.point)]
    for clause in clauses:
        returns = [e.args[0] for e in _effects_of(ways, clause) if e.kind == "return"]
        results = [ways.function.values[value] for value in returns]
        if not _tells(ways, clause) and any(result.text != "None" for result in results):
            return True
    return False


def is_replaced(ways: Ways, index: int, only: frozenset[str], or_all: bool) -> bool:
    """Whether what raises at a point has clauses for these exceptions only (by their last words),
    or one for everything if that counts as well (`or_all`), and none that raises, or tells
    anybody."""
    raised = _raised(ways, index)
    clauses = [] if raised is None else [turn.point for turn in _clauses(ways, raised.point)]
    if any(_tells(ways, clause) for clause in clauses):
        return False
    if or_all and any(_is_for_all(ways, clause) for clause in clauses):
        return True
    named = [_named(ways, clause) for clause in clauses]
    return bool(named) and all(names and names <= only for names in named)


def _tells(ways: Ways, clause: int) -> bool:
    """Whether a clause raises, or writes a log."""
    return any(
        e.kind == "raise"
        or (e.kind == "call" and is_log(ways.function, ways.function.values[e.args[0]]))
        for e in _effects_of(ways, clause)
    )


def _effects_of(ways: Ways, clause: int) -> list[Effect]:
    """The effects of all points to which only a clause leads."""
    inside = [point for point in ways.reached if clause in ways.dominators(point)]
    items = [item for point in inside for item in ways.points[point].items]
    return [_effect(ways, item) for item in items if item.effect >= 0]


def _catches_all(ways: Ways, index: int) -> bool:
    """Whether an exception at a point ends in a clause for everything."""
    while True:
        raised = _raised(ways, index)
        if raised is None:
            return False
        if any(_is_for_all(ways, clause.point) for clause in _clauses(ways, raised.point)):
            return True
        index = raised.point


def _raised(ways: Ways, index: int) -> Turn | None:
    """Where an exception at a point goes, if not out of the function. What begins a loop has a
    block of its own before the loop's, and the loop says it."""
    turns = ways.points[index].turns
    last = ways.last_effect(ways.points[index])
    if len(turns) == 1 and last is not None and last.kind == "iter":
        turns = ways.points[turns[0].point].turns
    return next((turn for turn in turns if turn.raised), None)


def _clauses(ways: Ways, point: int) -> Iterator[Turn]:
    """The clauses of the handler that begins at a point, in order."""
    return (t for t in ways.points[point].turns if _handled(ways, t.point) is not None)


def _handled(ways: Ways, point: int) -> int | None:
    """The exception that a clause at a point begins with."""
    for item in ways.points[point].items:
        if item.effect >= 0:
            effect = _effect(ways, item)
            return effect.args[0] if effect.kind == "except" else None
    return None


def _is_for_all(ways: Ways, point: int) -> bool:
    caught = _handled(ways, point)
    if caught is None:
        return False
    return not ways.function.values[caught].args or not _named(ways, point).isdisjoint(_EVERYTHING)


def _named(ways: Ways, point: int) -> set[str]:
    """The last words of the exceptions that a clause at a point names."""
    caught = _handled(ways, point)
    values = ways.function.values
    todo = [] if caught is None else list(values[caught].args)
    todo += [part for value in todo if values[value].op == "tuple" for part in values[value].args]
    return {values[value].text.rpartition(":")[2].rpartition(".")[2] for value in todo}


def _next_deed(ways: Ways, turn: Turn, debugs: bool) -> int:
    """The first point from a turn on where anything is done or decided, or where ways meet."""
    index, seen = turn.point, {-1}
    while index not in seen:
        seen.add(index)
        point = ways.points[index]
        onward = [turn for turn in point.turns if not turn.raised]
        if len(onward) != 1 or not all(_is_quiet(ways, item, debugs) for item in point.items):
            break
        index = onward[0].point
    return index


def _is_quiet(ways: Ways, item: Item, debugs: bool) -> bool:
    values = ways.function.values
    if item.effect >= 0:
        effect = _effect(ways, item)
        if debugs and effect.kind == "call":
            return _debugs(ways.function, effect.args[0])
        return effect.kind in _QUIET or (debugs and effect.kind in ("exit", "await"))
    made = values[item.value]
    if debugs:
        return made.op != "call" or _debugs(ways.function, item.value) or _is_text(made, values)
    return made.op in _NAMES_ONLY


def _debugs(function: Function, call: int) -> bool:
    called = function.values[function.values[call].args[0]]
    return called.op == "attr" and called.text in ("debug", "trace")


def _is_text(made: Value, values: tuple[Value, ...]) -> bool:
    """`str(error)`, for the record."""
    called = values[made.args[0]]
    return called.op == "builtin" and called.text in ("str", "repr")


def _effect(ways: Ways, item: Item) -> Effect:
    return ways.function.blocks[item.block].effects[item.effect]
