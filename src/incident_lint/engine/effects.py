"""Effects on the object's value: it is changed, stored, given back, entered."""

from __future__ import annotations

from .activation import Ground, State, Trace
from .body import EffectUse
from .summary import ELEMENT, Exit, is_element, keyed
from .transfers import PLAIN


class Effects(Ground):
    """The part of an activation that judges what happens to the object."""

    def effect(self, state: State, use: EffectUse, trace: Trace) -> None:
        """Something happens to the value in which the object sits."""
        effect, kind = use.effect, use.effect.kind
        itself = not state.where
        if kind in ("setattr", "delattr") and use.position == 0:
            if itself and (state.part or self.shape.kind not in PLAIN):
                verb = "given a new" if kind == "setattr" else "robbed of its"
                self.change(state, f"{verb} `{effect.text}`", effect.at, trace)
        elif kind == "setattr":
            where = (f".{effect.text}", *state.where)
            self.store(effect.args[0], where, state.part, trace, effect.at)
        elif kind in ("setitem", "delitem") and use.position == 0:
            if itself:
                self._item_changed(state, use, trace)
            elif kind == "setitem" and is_element(state.where[0]):
                # `x[i] += y` puts back what was there.
                if self.function.values[effect.args[2]].op != "aug":
                    self.summary.refilled.add(keyed(self.key_of(effect.args[1])))
        elif kind == "setitem" and use.position == 2:
            where = (keyed(self.key_of(effect.args[1])), *state.where)
            self.store(effect.args[0], where, state.part, trace, effect.at)
        elif kind == "iter" and itself and not state.part and self.shape.iterator:
            self.change(state, "used up here", effect.at, trace)
        elif kind in ("return", "yield"):
            self._given_back(state, use, trace)
        elif kind == "bindglobal":
            self.leave(state, f"stored in the module's `{effect.text}`", effect.at, trace)
        elif kind == "bindfree":
            self.into_enclosing(effect.text, state.where, state.part, trace, effect.at)
        elif kind == "enter":
            self.entered(state, effect.args[0], effect.at, trace)
        elif kind == "iter":
            self.use(state, "iterated", None)

    def _item_changed(self, state: State, use: EffectUse, trace: Trace) -> None:
        effect = use.effect
        if effect.kind == "delitem":
            self.use(state, "deleted", effect.args[1])
            if not self.stays_empty(state):
                self.change(state, "changed by `del` of an item", effect.at, trace)
            return
        self.use(state, "setitem", effect.args[1])
        index = self.function.values[effect.args[1]]
        if self.stays_empty(state) and self.shape.kind == "list" and index.op != "slice":
            return  # an IndexError, not a change
        self.change(state, "changed by item assignment", effect.at, trace)

    def _given_back(self, state: State, use: EffectUse, trace: Trace) -> None:
        effect = use.effect
        self.use(state, effect.kind, None)
        if self.top:
            word = "returned" if effect.kind == "return" else "yielded"
            if state.where:
                word += " inside another object"
            self.leave(state, word, effect.at, trace)
            return
        where = state.where if effect.kind == "return" else (ELEMENT, *state.where)
        step = self.step(effect.at, f"{effect.kind}ed to the caller")
        key = (where, state.part)
        old = self.summary.exits.get(key)
        if old is None or (trace.sure and not old.sure):
            self.summary.exits[key] = Exit(where, state.part, (*trace.steps, step), trace.sure)
