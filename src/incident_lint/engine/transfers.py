"""Values that are made of the object's value: attributes, items, displays, `+=`."""

from __future__ import annotations

from ..knowledge.paths import CALL, Segment, render
from ..model.facts import Value
from .activation import Ground, State, Trace
from .constructors import constructor
from .row_effects import shape_path
from .shape import Shape
from .summary import AWAIT, ELEMENT, Where, is_element, keyed, meets
from .thing import Api, ClassThing, Instance, Things

PLAIN = frozenset({"list", "dict", "set", "bytearray", "tuple"})
"""Python's own containers, whose attributes cannot be assigned."""

_IN_PLACE = frozenset({"list", "set", "dict", "bytearray", "instance", "collections.deque"})
_IN_PLACE |= {"collections.OrderedDict", "collections.defaultdict", "collections.Counter"}
_IN_PLACE |= {"collections.UserList", "collections.UserDict", "array.array"}
_IMMUTABLE = frozenset({"str", "bytes", "int", "float", "bool", "NoneType", "complex"})
_OF_CONTAINERS = frozenset({"+", "*", "|", "-", "&", "^"})
_NEEDS_CONTENT = frozenset({"*", "-", "&"})


class Transfers(Ground):
    """The part of an activation that follows the object from value to value."""

    def transfer(self, state: State, user: int, made: Value, position: int, trace: Trace) -> None:
        """A value is made of the one in which the object sits, as its argument `position`."""
        where, part = state.where, state.part
        op = made.op
        if op == "call":
            if position:
                self.call(state, user, position, trace)
            else:
                self.called(state, user, trace)
        elif op == "attr":
            self.attribute(state, user, made, trace)
        elif op in ("item", "elem") and position == 0:
            self._element(state, user, made, trace)
        elif op in ("list", "tuple", "set", "dict"):
            self._display(state, user, made, position, trace)
        elif op in ("listcomp", "setcomp", "dictcomp", "genexpr"):
            self.push(user, (ELEMENT, *where), part, trace)
        elif op == "aug":
            self._augmented(state, user, made, position, trace)
        elif op == "binop":
            if made.text in _OF_CONTAINERS:
                self._spread(state, user, trace)
        elif op == "await":
            if where[:1] == (AWAIT,):
                self.push(user, where[1:], part, trace)
        elif op == "decorated" and position == 1:
            self.push(user, where, part, trace)
        elif op == "enter":
            self._enter(state, user, trace)
        elif op == "part" and position == 0:
            self._matched(state, user, made, trace)
        elif op == "compare" and position == 1 and made.text in ("in", "not in"):
            self.use(state, "contains", made.args[0])
            if self.shape.iterator and not where and not part:
                self.change(state, f"used up by `{made.text}`", made.at, trace)
        elif op in ("compare", "not"):
            self.use(state, "test", None)
        elif op not in ("more", "matches"):
            self.use(state, op, None)

    def _enter(self, state: State, user: int, trace: Trace) -> None:
        """What `with` binds: of `@contextmanager` what is yielded, of a file itself."""
        if state.where and (state.where[0] == AWAIT or is_element(state.where[0])):
            self.push(user, state.where[1:], state.part, trace)
        elif not state.where and self.shape.iterator:
            self.push(user, (), state.part, trace)

    def _matched(self, state: State, user: int, made: Value, trace: Trace) -> None:
        """A positional part of a class pattern: a declared field, or the object itself."""
        position = int(made.text)
        for thing in self.describe(made.args[1]):
            if isinstance(thing, ClassThing):
                fields = constructor(self.project, thing.ref)
                names = [f.field for f in fields.fields] if fields is not None else []
                if names[position : position + 1] == [state.where[0][1:]] if state.where else False:
                    self.push(user, state.where[1:], state.part, trace)
            elif isinstance(thing, Api) and render(thing.path) in PLAIN:
                self.push(user, state.where, state.part, trace)

    def attribute(self, state: State, user: int, made: Value, trace: Trace) -> None:
        """`value.name` is read; `made.text` is the name."""
        where, part = state.where, state.part
        if where[:1] == (f".{made.text}",):
            self.push(user, where[1:], part, trace)
            return
        self.read_property(state, user, made.text, trace)
        called = False
        for call, position in self.body.users(user):
            if self.function.values[call].op == "call" and position == 0:
                called = True
                if self.function.values[call].block in trace.assumed.blocks:
                    self.method(state, call, made.text, trace)
        if where:
            return
        if part or self._is_field(made.text, called):
            piece = self.piece(state, trace)
            things: Things = ()
            if piece.of is not None:
                things = self.travel.values.attribute(Instance(piece.of), made.text)
            self.push_piece(user, (), trace, things)
        elif not called or len(self.body.users(user)) > 1 or self.body.effects(user):
            self.method_handed_on(state, user, made, trace)

    def _is_field(self, name: str, called: bool) -> bool:
        """Whether an attribute of the object is a piece of it, and no method."""
        if self.shape.of is None:
            path = (*shape_path(self.shape), Segment("name", name), CALL)
            return (
                self.shape.kind not in PLAIN
                and not called
                and not self.project.catalogue.matches(path)
            )
        return not self.project.classes.find_method(self.shape.of, name).functions

    def _element(self, state: State, user: int, made: Value, trace: Trace) -> None:
        where, part = state.where, state.part
        is_slice = made.op == "item" and self.function.values[made.args[1]].op == "slice"
        if where:
            key = self.key_of(made.args[1]) if made.op == "item" else made.text or None
            if is_element(where[0]) and (is_slice or made.text == "*"):
                self.push(user, (ELEMENT, *where[1:]), part, trace)
            elif meets(where[0], key):
                self.push(user, where[1:], part, trace)
            return
        if made.op == "item":
            self.use(state, "item", made.args[1])
            self.subscript(state, user, trace)
        else:
            self.use(state, "iterated", None)
        copied = is_slice or made.text == "*"
        if self.has_pieces(state) and not (copied and part):
            self.push_piece(user, (ELEMENT,) if copied else (), trace)

    def has_pieces(self, state: State) -> bool:
        """Whether an element of the object can be changed; of a piece of it, nobody can tell."""
        return state.part or self.shape.inner

    def push_piece(self, value: int, where: Where, trace: Trace, things: Things = ()) -> None:
        """A piece of the object sits there now; `things` is what it is known to be."""
        whole = trace.piece is None and self.shape.kind == "tuple"
        piece = self._described(things or (() if where else self.describe(value)))
        self.push(value, where, True, trace._replace(piece=piece._replace(whole=whole)))

    def _described(self, things: Things) -> Shape:
        """What is known of a piece, by what it can be."""
        for thing in things:
            if isinstance(thing, Instance):
                return Shape("instance", None, True, of=thing.ref)
            if isinstance(thing, Api) and thing.path[-1].kind == "call":
                kind = render(thing.path[:-1])
                if kind not in _IMMUTABLE:  # of several alternatives, the one that can change
                    return Shape(kind, None, True)
        return Shape("object", None, True)

    def _display(self, state: State, user: int, made: Value, position: int, trace: Trace) -> None:
        words = made.text.split(",") if made.text and made.op != "dict" else []
        if words[position : position + 1] == ["*"] or (
            made.op == "dict" and made.args[position - 1] == -1
        ):
            self._spread(state, user, trace)
        elif made.op != "dict" or position % 2:
            self.use(state, "in a display", None)
            key: str | None = str(position)
            if made.op == "dict":
                key = self.key_of(made.args[position - 1])
            elif words or made.op == "set":
                key = None
            self.push(user, (keyed(key), *state.where), state.part, trace)

    def _spread(self, state: State, user: int, trace: Trace) -> None:
        """The elements of the value, not itself, come into a new one."""
        self.use(state, "spread", None)
        if state.where and is_element(state.where[0]):
            self.push(user, (ELEMENT, *state.where[1:]), state.part, trace)
        elif not state.where and self.has_pieces(state) and not state.part:
            self.push_piece(user, (ELEMENT,), trace)

    def _augmented(self, state: State, user: int, made: Value, position: int, trace: Trace) -> None:
        if position == 1:
            if state.where and is_element(state.where[0]):
                self.store(made.args[0], state.where, state.part, trace, made.at)
            return
        if state.where:
            self.push(user, state.where, state.part, trace)
            return
        if self.piece(state, trace).kind not in _IN_PLACE:
            return
        if not (made.text in _NEEDS_CONTENT and self.stays_empty(state)):
            self.change(state, f"changed by `{made.text}=`", made.at, trace)
        self.push(user, (), state.part, trace)

    def piece(self, state: State, trace: Trace) -> Shape:
        """What is known of the object itself, or of a piece of it."""
        if not state.part:
            return self.shape
        known = trace.piece or Shape("object", None, True)
        if known.kind == "object" and not state.where:
            known = self._described(self.describe(state.value))._replace(whole=known.whole)
        return known

    def stays_empty(self, state: State) -> bool:
        """Whether there is nothing in the object that a change could take away."""
        return not state.part and self.shape.empty is True
