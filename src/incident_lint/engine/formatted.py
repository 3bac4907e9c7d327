"""Text that is put together: where it is written, and of which parts.

f-strings, `%`, `.format()`, `+`, `.join()` and `string.Template` are read alike: constant text and
values, in order. A part that is itself put together counts as its own parts.
"""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from ..model.facts import Value
from .arguments import argument
from .callers import Callers
from .definitions import Local, Ref
from .thing import Api, Made

if TYPE_CHECKING:
    from .project import Project

_SAME = frozenset({"refine", "await", "enter"})
_KEEPS = frozenset({"encode", "decode", "strip", "lstrip", "rstrip", "lower", "upper", "replace"})
_COPIES = frozenset({"str", "bytes", "textwrap.dedent"})
_SPEC = re.compile(r"%(?:\((\w+)\))?[-#0 +]*(?:\*|\d+)?(?:\.(?:\*|\d+))?([a-zA-Z%])")
_TEXTUAL = frozenset("srac")
_DEEPEST = 8
_MOST = 200


class Piece(NamedTuple):
    """A part of a text: constant `text`, or a `value` and the expression that puts it in."""

    text: str
    value: Ref | None
    where: Ref


class Formatted:
    """Answers of "what is this text made of?" for one project."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._values = project.travel.values
        self._callers = Callers(project, self._values)

    def sources(self, ref: Ref) -> list[Ref]:
        """The values that a text can be, behind names, joins, encodings and functions that give
        it back: each is put together, or a parameter, or something else."""
        found: dict[Ref, None] = {}
        todo, seen = [ref], {ref}
        while todo and len(seen) < _MOST:
            for definition in self._project.names.resolve(*todo.pop()):
                if not isinstance(definition, Local):
                    continue
                value = self._project.names.value(definition.ref)
                before = [] if value is None else self._before(definition.ref, value)
                if not before:
                    found[definition.ref] = None
                todo += [one for one in before if one not in seen]
                seen.update(before)
        return list(found)

    def _before(self, ref: Ref, value: Value) -> list[Ref]:
        if value.op in _SAME:
            return [ref._replace(value=value.args[0])]
        if value.op == "phi":
            return [ref._replace(value=part) for part in value.args]
        if value.op != "call":
            return []
        function = self._project.names.value(ref._replace(value=value.args[0]))
        if function is not None and function.op == "attr" and function.text in _KEEPS:
            return [ref._replace(value=function.args[0])]
        for thing in self._values.describe(ref._replace(value=value.args[0])):
            if isinstance(thing, Api) and len(value.args) > 1:
                if ".".join(segment.text for segment in thing.path) in _COPIES:
                    return [ref._replace(value=value.args[1])]
            elif isinstance(thing, Made):
                return list(self._callers.returned(thing.function))
        return []

    def pieces(self, ref: Ref) -> list[Piece]:
        """The parts of a text that is put together; empty if it is not."""
        value = self._project.names.value(ref)
        if value is None:
            return []
        found = list(self._pieces(ref, value, ref, 0) or ())
        return found if any(piece.value is not None for piece in found) else []

    def _pieces(self, ref: Ref, value: Value, where: Ref, depth: int) -> Iterator[Piece] | None:
        """The parts of an expression; None if it puts nothing together."""
        if value.op == "fmt":
            return self._all(ref, value.args, where, depth)
        if value.op in ("binop", "aug") and value.text in ("+", "+="):
            return self._all(ref, value.args, where, depth)
        if value.op == "binop" and value.text == "%":
            return self._percent(ref, value, where, depth)
        if value.op == "call":
            return self._method(ref, value, where, depth)
        return None

    def _all(self, ref: Ref, parts: tuple[int, ...], where: Ref, depth: int) -> Iterator[Piece]:
        for part in parts:
            yield from self._part(ref._replace(value=part), where, depth)

    def _part(self, ref: Ref, where: Ref, depth: int) -> Iterator[Piece]:
        """A part: constant text, text of its own parts, or a value."""
        value = self._project.names.value(ref)
        inner = ref
        if value is not None and value.op == "display" and not value.text:
            inner = ref._replace(value=value.args[0])
        sources = self.sources(inner)
        if len(sources) == 1 and depth < _DEEPEST:
            made = self._project.names.value(sources[0])
            text = _text(made)
            if text is not None:
                yield Piece(text, None, where)
                return
            parts = made and self._pieces(
                sources[0], made, self._place(sources[0], where), depth + 1
            )
            if parts:
                yield from parts
                return
        yield Piece("", ref, where)

    def _place(self, ref: Ref, where: Ref) -> Ref:
        """Where a part is put together: a `+` in a `+` is no place of its own."""
        inner = self._project.names.value(ref)
        outer = self._project.names.value(where)
        if inner is None or outer is None or inner.at is None or outer.at is None:
            return where
        same = ref.module == where.module
        return where if same and inner.at.is_within(outer.at) and inner.op != "fmt" else ref

    # ways to put text together

    def _percent(self, ref: Ref, value: Value, where: Ref, depth: int) -> Iterator[Piece] | None:
        left, right = (ref._replace(value=v) for v in value.args)
        text = self._constant(left)
        if text is None:
            return None
        given = self._project.names.value(right)
        if given is None:
            return None
        return self._filled(text, right, given, where, depth)

    def _filled(
        self, text: str, right: Ref, given: Value, where: Ref, depth: int
    ) -> Iterator[Piece]:
        named = {}
        if given.op == "dict":
            for key, inner in zip(given.args[::2], given.args[1::2], strict=True):
                name = self._constant(right._replace(value=key)) if key >= 0 else None
                named[name] = right._replace(value=inner)
        rest = [right._replace(value=v) for v in given.args] if given.op == "tuple" else [right]
        position = 0
        for match in _SPEC.finditer(text):
            yield Piece(text[position : match.start()], None, where)
            position = match.end()
            if match[2] == "%":
                yield Piece("%", None, where)
                continue
            chosen = named.get(match[1], right) if match[1] else rest.pop(0) if rest else right
            if match[2] in _TEXTUAL:
                yield from self._part(chosen, where, depth)
            else:
                yield Piece("0", None, where)  # a number
        yield Piece(text[position:], None, where)

    def _method(self, ref: Ref, call: Value, where: Ref, depth: int) -> Iterator[Piece] | None:
        function = self._project.names.value(ref._replace(value=call.args[0]))
        if function is None or function.op != "attr":
            return None
        receiver = ref._replace(value=function.args[0])
        if function.text in ("substitute", "safe_substitute"):
            return self._template(ref, call, receiver, where, depth)
        text = self._constant(receiver)
        if text is None:
            return None
        if function.text == "format":
            return self._format(text, ref, call, where, depth)
        if function.text == "join" and len(call.args) == 2:
            return self._join(text, ref._replace(value=call.args[1]), where, depth)
        return None

    def _format(
        self, text: str, ref: Ref, call: Value, where: Ref, depth: int
    ) -> Iterator[Piece] | None:
        try:
            fields = list(string.Formatter().parse(text))
        except ValueError:
            return None
        return self._fields(fields, ref, call, where, depth)

    def _fields(
        self,
        fields: list[tuple[str, str | None, str | None, str | None]],
        ref: Ref,
        call: Value,
        where: Ref,
        depth: int,
    ) -> Iterator[Piece]:
        count = 0
        for literal, field, spec, _ in fields:
            yield Piece(literal, None, where)
            if field is None:
                continue
            name = re.split(r"[.\[]", field)[0]
            if not name:
                name, count = str(count), count + 1
            given = argument(call, int(name) if name.isdigit() else name)
            if spec and spec[-1:] in "bcdoxXeEfFgGn%":
                yield Piece("0", None, where)
            elif given is None:
                yield Piece("", ref, where)
            elif field != name and field:  # `{user.name}`: as much the outsider's as `user`
                yield Piece("", ref._replace(value=given), where)
            else:
                yield from self._part(ref._replace(value=given), where, depth)

    def _join(self, text: str, parts: Ref, where: Ref, depth: int) -> Iterator[Piece] | None:
        sources = self.sources(parts)
        made = self._project.names.value(sources[0]) if len(sources) == 1 else None
        if made is None or made.op not in ("list", "tuple", "listcomp", "genexpr"):
            return None
        return self._joined(text, sources[0], made, where, depth)

    def _joined(self, text: str, ref: Ref, made: Value, where: Ref, depth: int) -> Iterator[Piece]:
        values = made.args if made.op in ("list", "tuple") else made.args * 2
        for number, value in enumerate(values):
            if number:
                yield Piece(text, None, where)
            yield from self._part(ref._replace(value=value), where, depth)

    def _template(
        self, ref: Ref, call: Value, receiver: Ref, where: Ref, depth: int
    ) -> Iterator[Piece] | None:
        """`string.Template("... $name ...").substitute(name=...)`"""
        things = self._values.describe(ref._replace(value=call.args[0]))
        names = [".".join(s.text for s in t.path if s.text) for t in things if isinstance(t, Api)]
        if names != [f"string.Template.{_attribute(self._project, ref, call)}"]:
            return None
        sources = self.sources(receiver)
        made = self._project.names.value(sources[0]) if len(sources) == 1 else None
        if made is None or made.op != "call" or len(made.args) < 2:
            return None
        text = self._constant(sources[0]._replace(value=made.args[1]))
        return None if text is None else self._substituted(text, ref, call, where, depth)

    def _substituted(
        self, text: str, ref: Ref, call: Value, where: Ref, depth: int
    ) -> Iterator[Piece]:
        position = 0
        for match in string.Template.pattern.finditer(text):
            yield Piece(text[position : match.start()], None, where)
            position = match.end()
            name = match["named"] or match["braced"]
            given = argument(call, name) if name else None
            if given is not None:
                yield from self._part(ref._replace(value=given), where, depth)
            elif name:
                yield Piece("", ref, where)
        yield Piece(text[position:], None, where)

    def _constant(self, ref: Ref) -> str | None:
        sources = self.sources(ref)
        return _text(self._project.names.value(sources[0])) if len(sources) == 1 else None


def _attribute(project: Project, ref: Ref, call: Value) -> str:
    function = project.names.value(ref._replace(value=call.args[0]))
    return function.text if function is not None else ""


def _text(value: Value | None) -> str | None:
    """The text of a constant; bytes are read as text."""
    if value is None or value.op != "const" or value.text[:1] not in "'\"b":
        return None
    constant = ast.literal_eval(value.text)
    return constant.decode("latin-1") if isinstance(constant, bytes) else str(constant)
