"""Comparisons of values of which something is known: `is`, `==`, `len(x) > 0`, `isinstance`."""

from __future__ import annotations

import operator
from abc import ABC, abstractmethod
from collections.abc import Callable

from ..model.facts import Value
from .shape import Shape

_FLIP = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "==": "==", "!=": "!="}


class Comparisons(ABC):
    """The part of an assumption that compares."""

    _values: tuple[Value, ...]

    @abstractmethod
    def shape(self, index: int) -> Shape | str | None: ...

    @abstractmethod
    def empty(self, index: int) -> bool | None: ...

    def _matches(self, pattern: str, known: Shape | str | None) -> bool | None:
        """Whether a `case` is taken: constants are no containers, `dict()` is no list."""
        if not isinstance(known, Shape):
            return None
        if pattern == "constants":
            return False
        if pattern in ("[]", "()"):
            return known.empty if known.kind in ("list", "collections.deque") else None
        name = pattern.removesuffix("()")
        if name == pattern or name not in BUILTINS or known.kind not in BUILTINS:
            return None
        return issubclass(BUILTINS[known.kind], BUILTINS[name])

    def _isinstance(self, known: Shape | str | None, kinds: int) -> bool | None:
        value = self._values[kinds]
        if value.op == "tuple" and not value.text:
            answers = [self._isinstance(known, part) for part in value.args]
            if True in answers:
                return True
            return None if None in answers else False
        if isinstance(known, str):
            known = Shape("NoneType") if known == "None" else None
        if not isinstance(known, Shape):
            return None
        wanted = dotted(self._values, kinds) or value.text
        if known.class_name and wanted.rpartition(".")[2] == known.class_name:
            return True
        if _names(self._values, kinds, known.kind):
            return True
        kind = _DICTS.get(known.kind, known.kind)
        if kind in BUILTINS and wanted in BUILTINS:
            return issubclass(BUILTINS[kind], BUILTINS[wanted])
        if wanted in _NO_CONTAINERS or (known.iterator and wanted in BUILTINS):
            return False  # no mutable default is one of these
        return None

    def _compare(self, operator: str, left: int, right: int) -> bool | None:
        if operator in ("in", "not in"):
            if self.empty(right):
                return operator == "not in"
            return None
        length = self._length(left, right, operator)
        if length is not None:
            return length
        one, other = self.shape(left), self.shape(right)
        if operator in ("is", "is not", "==", "!="):
            same = self._same(one, other, left, right, identity=operator.startswith("is"))
            return None if same is None else same is (operator in ("is", "=="))
        return None

    def _same(
        self,
        one: Shape | str | None,
        other: Shape | str | None,
        left: int,
        right: int,
        identity: bool,
    ) -> bool | None:
        if isinstance(one, str) and isinstance(other, str):
            return one == other if _is_literal(one) and _is_literal(other) else None
        if one is other and isinstance(one, Shape):
            return True  # both are the object that is followed
        for shape, constant, value in ((one, other, right), (other, one, left)):
            if not isinstance(shape, Shape):
                continue
            made = self._values[value]
            if shape.named and made.op in ("global", "from"):
                if made.text.rpartition(":")[2] == shape.named:
                    return True
            if isinstance(constant, str):
                return False if shape.kind != "instance" or identity else None
            if made.op == "call" and len(made.args) == 1 and not identity:
                if _names(self._values, made.args[0], shape.kind):
                    return shape.empty
            if made.op in ("list", "tuple", "set", "dict") and not made.text:
                if identity:
                    return False
                if _DICTS.get(shape.kind, shape.kind) != made.op:
                    return False if shape.kind in BUILTINS else None
                if not made.args and shape.empty is not None:
                    return shape.empty
                return False if made.args and shape.empty else None
        return None

    def _length(self, left: int, right: int, operator: str) -> bool | None:
        """A comparison of `len(x)` with a number."""
        for call, number, way in ((left, right, operator), (right, left, _FLIP.get(operator, ""))):
            value = self._values[call]
            if value.op != "call" or len(value.args) != 2 or way not in _FLIP:
                continue
            function = self._values[value.args[0]]
            if function.op != "builtin" or function.text != "len":
                continue
            bound = self.shape(number)
            if not isinstance(bound, str) or not bound.isdigit():
                continue
            empty = self.empty(value.args[1])
            if empty:
                return _OPERATORS[way](0, int(bound))
            if empty is False and int(bound) == 0:
                return {"==": False, "!=": True, ">": True, "<=": False}.get(way)
        return None


BUILTINS: dict[str, type] = {
    t.__name__: t
    for t in (
        list,
        dict,
        set,
        tuple,
        frozenset,
        bytearray,
        bytes,
        str,
        int,
        float,
        bool,
        complex,
        object,
    )
}
BUILTINS["NoneType"] = type(None)
_DICTS = {f"collections.{name}": "dict" for name in ("defaultdict", "OrderedDict", "Counter")}
_OPERATORS: dict[str, Callable[[int, int], bool]] = {
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}


_NO_CONTAINERS = frozenset(
    {"str", "bytes", "int", "float", "bool", "complex", "tuple", "frozenset"}
)


def dotted(values: tuple[Value, ...], index: int) -> str:
    """The dotted name that a value is, as its import wrote it; "" for anything else."""
    value = values[index]
    if value.op == "attr":
        inner = dotted(values, value.args[0])
        return f"{inner}.{value.text}" if inner else ""
    if value.op in ("builtin", "import"):
        return value.text
    return value.text.replace(":", ".") if value.op == "from" else ""


def _names(values: tuple[Value, ...], index: int, kind: str) -> bool:
    """Whether a value names a class: by its import, or by a module's name that looks like it."""
    value = values[index]
    if value.op == "global":
        return value.text == kind.rpartition(".")[2]
    return dotted(values, index) == kind


def _is_literal(text: str) -> bool:
    return text in ("None", "True", "False", "Ellipsis") or text[:1] in "'\"-0123456789"
