"""Lowered code as text that people can write down: what is known of a value, and what happens.

`x | y` is one or the other, depending on the way; `x given c` is `x` where `c` held, and `given
not c` where it did not; `...` stands for the value itself again, in a loop. `each(x)` is an element
met by iteration, `x#0` by unpacking and `x#*` the rest.
"""

from __future__ import annotations

from collections.abc import Iterator

from incident_lint.model.facts import Effect, Facts, Function, Value

REVEAL = "reveal"


def reveals(facts: Facts) -> dict[int, str]:
    """Line -> what the arguments of `reveal(...)` on it are known to be, on all ways."""
    found: dict[int, set[str]] = {}
    for function in facts.functions:
        for effect in effects(function):
            if effect.kind == "call" and is_reveal(function, effect.args[0]):
                call = function.values[effect.args[0]]
                text = ", ".join(Shown(facts, function).value(one) for one in call.args[1:])
                found.setdefault(effect.at.line, set()).add(text)
    return {line: "; ".join(sorted(texts)) for line, texts in found.items()}


def happenings(facts: Facts) -> dict[int, str]:
    """Line -> the effects on it in order, each once (`finally` is lowered for every way out)."""
    found: dict[int, dict[str, None]] = {}
    for function in facts.functions:
        for effect in effects(function):
            if effect.kind in ("call", "discard") and is_reveal(function, effect.args[0]):
                continue
            found.setdefault(effect.at.line, {})[Shown(facts, function).effect(effect)] = None
    return {line: "; ".join(texts) for line, texts in found.items()}


def effects(function: Function) -> Iterator[Effect]:
    """The effects of all blocks that the entry, an edge or an exception leads to."""
    seen, todo = {0}, [0]
    for index in todo:
        block = function.blocks[index]
        ways = [edge.block for edge in block.edges]
        for way in ways if block.on_raise is None else [*ways, block.on_raise]:
            if way not in seen:
                seen.add(way)
                todo.append(way)
    for index in sorted(seen):
        yield from function.blocks[index].effects


def is_reveal(function: Function, index: int) -> bool:
    value = function.values[index]
    return value.op == "call" and function.values[value.args[0]].text == REVEAL


class Shown:
    """Renders values and effects of one function."""

    def __init__(self, facts: Facts, function: Function) -> None:
        self._facts = facts
        self._function = function
        self._open: list[int] = []

    def value(self, index: int) -> str:
        """One value, as far down as it goes; a value inside itself is `...`."""
        if index in self._open:
            return "..."
        self._open.append(index)
        text = self._value(self._function.values[index])
        self._open.pop()
        return text

    def _value(self, value: Value) -> str:
        op, text = value.op, value.text
        if op in ("param", "const", "builtin"):
            return text
        if op in ("import", "from", "global", "free", "cell", "unknown"):
            return f"<{op} {text}>"
        if op in ("unbound", "class"):
            return f"<{op}>" if op == "unbound" else f"<{self._facts.classes[int(text)].name}>"
        if op == "func":
            return f"<{self._facts.functions[int(text)].name}>"
        if op in ("list", "tuple", "set", "dict", "call", "slice", "item"):
            return self._made(value)
        if op == "phi":
            return " | ".join(sorted({self._inner(one) for one in value.args}))
        if op == "refine":
            negation = "" if text == "true" else "not "
            return f"{self._inner(value.args[0])} given {negation}{self._condition(value.args[1])}"
        return self._operation(value)

    def _made(self, value: Value) -> str:
        if value.op == "item":
            return f"{self._inner(value.args[0])}[{self.value(value.args[1])}]"
        if value.op == "slice":
            return ":".join(self.value(one) for one in value.args)
        if value.op == "dict":
            pairs = zip(value.args[::2], value.args[1::2], strict=True)
            return "{" + ", ".join(self._pair(key, one) for key, one in pairs) + "}"
        if value.op == "call":
            function, *rest = value.args
            return f"{self._inner(function)}({self._listed(rest, value.text)})"
        brackets = {"list": "[]", "set": "{}", "tuple": "()"}[value.op]
        return self._listed(value.args, value.text).join(brackets)

    def _pair(self, key: int, value: int) -> str:
        return f"**{self.value(value)}" if key < 0 else f"{self.value(key)}: {self.value(value)}"

    def _listed(self, args: list[int] | tuple[int, ...], text: str) -> str:
        words = text.split(",") if text else [""] * len(args)
        prefix = {"": "", "*": "*", "**": "**"}
        return ", ".join(
            prefix.get(word, f"{word}=") + self.value(one)
            for word, one in zip(words, args, strict=True)
        )

    def _operation(self, value: Value) -> str:
        op, text = value.op, value.text
        args = [self._inner(one) for one in value.args]
        if op == "attr":
            return f"{args[0]}.{text}"
        if op == "elem":
            return f"{args[0]}#{text}" if text else f"each({args[0]})"
        if op in ("binop", "compare", "aug"):
            return f"{args[0]} {text}{'=' if op == 'aug' else ''} {args[1]}"
        if op == "unary":
            return f"{text}{args[0]}"
        if op == "not":
            return f"not {args[0]}"
        if op == "matches":
            return f"{args[0]} matches {', '.join(args[1:]) or text}"
        if op == "decorated":
            return f"@{args[0]} {args[1]}"
        if op in ("listcomp", "setcomp", "genexpr", "dictcomp"):
            return f"{op}({': '.join(args)})"
        return f"{op}{text and ' ' + text}({', '.join(args)})"

    def _inner(self, index: int) -> str:
        """A value as a part of another: in parentheses where it has parts side by side."""
        text = self.value(index)
        op = self._function.values[index].op
        loose = op in ("phi", "refine", "binop", "compare", "aug", "matches", "decorated")
        return f"({text})" if loose and text != "..." and (op != "phi" or "|" in text) else text

    def _condition(self, index: int) -> str:
        return (self._inner if self._function.values[index].op == "refine" else self.value)(index)

    def effect(self, effect: Effect) -> str:
        """One effect, as the statement that has it."""
        kind, text = effect.kind, effect.text
        args = [self._inner(one) for one in effect.args]
        last = self.value(effect.args[-1]) if effect.args else ""
        if kind in ("setattr", "delattr"):
            target = f"{args[0]}.{text}"
            return f"{target} = {last}" if kind == "setattr" else f"del {target}"
        if kind in ("setitem", "delitem"):
            target = f"{args[0]}[{self.value(effect.args[1])}]"
            return f"{target} = {last}" if kind == "setitem" else f"del {target}"
        if kind == "aug":
            return last
        if kind in ("bind", "bindglobal", "bindfree"):
            return f"{kind} {text} = {last}"
        return " ".join(part for part in (kind, text, last) if part)
