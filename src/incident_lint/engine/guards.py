"""What a condition leaves of a value that it asks about."""

from __future__ import annotations

import ast
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from ..model.facts import Function, Value
from .callers import arguments
from .definitions import Ref
from .thing import Api, ClassThing, Made
from .ways import Item, Ways

if TYPE_CHECKING:
    from .kinds import Kinds
    from .project import Project
    from .values import Values

_DEEPEST = 6
_MOST_GRAPHS = 500
_OPEN = ("isinstance", "len", "callable", "hasattr", "bool", "str", "int", "any", "all", "print")
_EQUAL = {"==": True, "is": True, "!=": False, "is not": False}


class Limits(NamedTuple):
    """What a value is limited to: the `same` as one of these, one `within` one of these
    containers, one of a few (`finite`), or perhaps less than it was (`unknown`); to nothing at
    all, if the condition cannot be so."""

    same: tuple[Ref, ...] = ()
    within: tuple[Ref, ...] = ()
    finite: bool = False
    unknown: bool = False


class Guards:
    """Reads conditions, in functions of the project too."""

    def __init__(self, project: Project, values: Values, kinds: Kinds) -> None:
        self._project = project
        self._values = values
        self._kinds = kinds
        self._open: set[Ref] = set()
        self._ways: dict[tuple[str, int], tuple[Function, Ways]] = {}

    def around(self, ref: Ref, use: int | Item) -> list[tuple[int, bool]]:
        """The conditions that hold wherever something happens in the function of `ref`, and
        whether they are true there."""
        ways = self._of(ref)
        return ways.conditions(ways.point_of(use))

    def on_every_way(self, ref: Ref, use: int | Item) -> Limits | None:
        """What conditions leave of a value at a place of its function, if one of them lies on each
        way there: `if x == "a": ... elif x == "b": ... else: raise`. None: there is a way on which
        it is anything."""
        ways = self._of(ref)
        found: dict[tuple[int, int], Limits] = {}
        for number, point in enumerate(ways.points):
            for index, turn in enumerate(point.turns):
                if turn.condition is None:
                    continue
                limits = self.limits(ref, turn.condition, ref.value, turn.outcome)
                if limits is not None:
                    found[number, index] = limits
        if not found or ways.leads_to(ways.point_of(use), found.keys()):
            return None
        return _union(list(found.values()))

    def _of(self, ref: Ref) -> Ways:
        function = self._function(ref)
        known, ways = self._ways.get((ref.module, ref.function), (None, None))
        if known is not function or ways is None:
            if len(self._ways) >= _MOST_GRAPHS:
                self._ways.clear()
            ways = Ways(function)
            self._ways[ref.module, ref.function] = (function, ways)
        return ways

    def limits(
        self, ref: Ref, condition: int, subject: int, outcome: bool, depth: int = 0
    ) -> Limits | None:
        """What `condition` (a value of the function of `ref`) leaves of `subject` where it is true
        (or false); None: anything."""
        function = self._function(ref)
        made = function.values[condition]
        if same(function, condition, subject):
            return None if outcome else Limits(finite=True)  # what is false is "", 0, None ...
        if made.op == "not":
            return self.limits(ref, made.args[0], subject, not outcome, depth)
        if made.op == "refine":
            return self.limits(ref, made.args[0], subject, outcome, depth)
        if made.op == "compare":
            return self._compared(ref, function, made, subject, outcome)
        if made.op == "matches" and same(function, made.args[0], subject) and outcome:
            constants = tuple(ref._replace(value=v) for v in made.args[1:])
            return Limits(same=constants) if constants else _pattern(made.text)
        if made.op == "const":
            return None if truth(function, condition) is outcome else Limits()
        if made.op == "phi":
            return self._several(ref, function, condition, subject, outcome, depth)
        if made.op == "call":
            return self._called(ref, function, made, subject, outcome, depth)
        return None

    def _compared(
        self, ref: Ref, function: Function, made: Value, subject: int, outcome: bool
    ) -> Limits | None:
        left, right = made.args
        if made.text in ("in", "not in"):
            if same(function, left, subject) and outcome is (made.text == "in"):
                return Limits(within=(ref._replace(value=right),))
            return None
        if _EQUAL.get(made.text) is not outcome:
            known = made.text in _EQUAL and _is_looked_up(function, left, right, subject)
            return Limits(unknown=True) if known else None
        for side, other in ((left, right), (right, left)):
            if same(function, side, subject):
                return Limits(same=(ref._replace(value=other),))
        return None

    def _several(
        self, ref: Ref, function: Function, condition: int, subject: int, outcome: bool, depth: int
    ) -> Limits | None:
        """A condition that may be one of several values: all have to limit, but of `a and b` that
        is true (or `a or b` that is false) each part holds."""
        join = ref._replace(value=condition)
        if join in self._open:
            return Limits()  # a loop leaves the condition as it was
        if depth >= _DEEPEST:
            return None
        parts, ends_on = operands(function, function.values[condition])
        self._open.add(join)
        asked = [self.limits(ref, part, subject, outcome, depth + 1) for part in parts]
        self._open.discard(join)
        if ends_on is (not outcome):
            return next((limit for limit in asked if limit is not None), None)
        return _union(asked)

    def _called(
        self, ref: Ref, function: Function, made: Value, subject: int, outcome: bool, depth: int
    ) -> Limits | None:
        if not any(same(function, v, subject) for v in made.args[1:]):
            return None
        found = []
        for thing in self._values.describe(ref._replace(value=made.args[0])):
            if isinstance(thing, Made):
                found.append(self._predicate(thing, function, made, subject, outcome, depth))
            elif isinstance(thing, Api):
                path = ".".join(segment.text for segment in thing.path)
                if path == "isinstance" and outcome and len(made.args) == 3:
                    found.append(self._instance(ref._replace(value=made.args[2])))
                elif path in _OPEN or path.startswith(("re.", "str.")):
                    found.append(None)
                else:
                    found.append(Limits(unknown=True))
            else:
                found.append(Limits(unknown=True))
        return _union(found)

    def _instance(self, of: Ref) -> Limits | None:
        things = self._values.describe(of)
        few = all(
            (isinstance(thing, ClassThing) and self._kinds.is_enum(thing.ref))
            or (isinstance(thing, Api) and thing.path[-1].text in ("bool", "NoneType"))
            for thing in things
        )
        return Limits(finite=True) if few else None

    def _predicate(
        self, made: Made, function: Function, call: Value, subject: int, outcome: bool, depth: int
    ) -> Limits | None:
        """`if is_known(x)`: what each of the callee's answers says of the parameter."""
        callee = self._function(Ref(made.function.module, made.function.index, 0))
        if depth >= _DEEPEST or "stub" in callee.flags or not made.sure:
            return Limits(unknown=True)
        given = arguments(callee, made.bound, call)
        names = [p.name for p, v in given if v is not None and same(function, v, subject)]
        inside = [n for n, v in enumerate(callee.values) if v.op == "param" and v.text in names]
        if not inside:
            return Limits(unknown=True)
        found: list[Limits | None] = []
        for answer, conditions in _answers(callee):
            known_truth = truth(callee, answer)
            if known_truth is (not outcome):
                continue
            origin = Ref(made.function.module, made.function.index, answer)
            asked = conditions if known_truth is not None else [(answer, outcome), *conditions]
            known = [
                self.limits(origin, condition, inside[0], held, depth + 1)
                for condition, held in asked
            ]
            found.append(next((limit for limit in known if limit is not None), None))
        return _union(found) if found else Limits(unknown=True)

    def _function(self, ref: Ref) -> Function:
        module = self._project.module(ref.module)
        assert module is not None, "a function that was just followed is loaded"
        return module.facts.functions[ref.function]


def bare(function: Function, value: int) -> int:
    """A value without what conditions say of it."""
    while function.values[value].op == "refine":
        value = function.values[value].args[0]
    return value


def same(function: Function, one: int, other: int) -> bool:
    """Whether two values are one, or the same attribute or entry of one, read twice."""
    one, other = bare(function, one), bare(function, other)
    if one == other:
        return True
    first, second = function.values[one], function.values[other]
    if first.op != second.op or first.text != second.text or len(first.args) != len(second.args):
        return False
    if first.op in ("const", "global", "free", "builtin", "from"):
        return True
    if first.op not in ("attr", "item"):
        return False
    return all(same(function, *pair) for pair in zip(first.args, second.args, strict=True))


def operands(function: Function, made: Value) -> tuple[list[int], bool | None]:
    """The operands of `a and b` (which ends on False), of `a < b < c` (so does it), of `a or b`
    (which ends on True); of another join (None) its alternatives."""
    first = [function.values[value] for value in made.args[:-1]]
    stops = {inner.text for inner in first if inner.op == "refine" and len({*inner.args}) == 1}
    if len(stops) == 1 and all(inner.op == "refine" for inner in first):
        return [*(inner.args[0] for inner in first), made.args[-1]], stops == {"true"}
    chain = [function.values[value] for value in made.args]
    linked = all(
        one.op == other.op == "compare" and one.args[1] == other.args[0]
        for one, other in pairwise(chain)
    )
    return list(made.args), False if linked and len(chain) > 1 else None


def _pattern(source: str) -> Limits | None:
    """What a pattern leaves that facts keep as its source: one that only has constants, a few."""
    try:
        tree = ast.parse(f"match _:\n case {source}: pass")
    except SyntaxError:
        return None
    few = (ast.MatchValue, ast.MatchSingleton)
    todo = [node.pattern for node in ast.walk(tree) if isinstance(node, ast.match_case)]
    while todo:
        part = todo.pop()
        if isinstance(part, ast.MatchOr):
            todo += part.patterns
        elif isinstance(part, ast.MatchAs) and part.pattern is not None:
            todo.append(part.pattern)
        elif not isinstance(part, few):
            return Limits(finite=True) if source == "bool()" else None
    return Limits(finite=True)


def _answers(function: Function) -> list[tuple[int, list[tuple[int, bool]]]]:
    """What a function returns, and the conditions of the branches that lead straight to it."""
    before: dict[int, list[tuple[int, int | None, bool]]] = {}
    for index, block in enumerate(function.blocks):
        for edge in block.edges:
            before.setdefault(edge.block, []).append((index, edge.condition, edge.outcome))
    found = []
    for index, block in enumerate(function.blocks):
        for effect in block.effects:
            if effect.kind != "return" or (index and index not in before):
                continue
            conditions, here, seen = [], index, set[int]()
            while len(before.get(here, ())) == 1 and here not in seen:
                seen.add(here)
                here, condition, outcome = before[here][0]
                if condition is not None:
                    conditions.append((condition, outcome))
            found.append((effect.args[0], conditions))
    return found


def truth(function: Function, value: int) -> bool | None:
    """Whether a value is true, if it is a constant."""
    made = function.values[value]
    if made.op != "const":
        return None
    return made.text not in ("None", "False", "0", "''", '""')


def _is_looked_up(function: Function, left: int, right: int, subject: int) -> bool:
    """`table.get(subject, other)` that is compared with a constant: what it is not, it is for what
    the table holds."""
    looked, constant = function.values[left], function.values[right]
    if constant.op != "const" or looked.op != "call" or len(looked.args) < 2:
        return False
    called = function.values[looked.args[0]]
    return called.op == "attr" and called.text == "get" and same(function, looked.args[1], subject)


def _union(limits: list[Limits | None]) -> Limits | None:
    """What holds whichever of these does: nothing, if one of them says nothing."""
    known = [limit for limit in limits if limit is not None]
    if not known or len(known) < len(limits):
        return None
    return Limits(
        tuple(ref for limit in known for ref in limit.same),
        tuple(ref for limit in known for ref in limit.within),
        any(limit.finite for limit in known),
        any(limit.unknown for limit in known),
    )
