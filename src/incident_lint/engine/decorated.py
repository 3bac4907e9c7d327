"""What a decorator makes of a function or class: what it is called to give."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..model.facts import Value
from .definitions import Ref, Unknown
from .returned import Returned
from .thing import Api, ClassThing, Instance, Made, Thing, Things

if TYPE_CHECKING:
    from .values import Values


class Decorated:
    """The part of `Values` that applies decorators."""

    def __init__(self, values: Values, returned: Returned) -> None:
        self._values = values
        self._returned = returned

    def describe(self, ref: Ref, value: Value) -> Things:
        """What a decorated function or class is."""
        found: dict[Thing, None] = {}
        for inner in self._values.describe(ref.at(value.args[1])):
            for decorator in self._values.describe(ref.at(value.args[0])):
                found.update(dict.fromkeys(self._apply(decorator, inner)))
        return tuple(found)

    def _apply(self, decorator: Thing, inner: Thing) -> Things:
        if isinstance(decorator, Api):
            if self._values.project.catalogue.match("wrapper", decorator.path) is not None:
                return (inner,)
        elif isinstance(decorator, Made) and isinstance(inner, Made):
            known = self._by_function(decorator, inner)
            if known:
                return known
        elif isinstance(decorator, ClassThing) and isinstance(inner, Made):
            known = self._by_class(decorator, inner)
            if known:
                return known
        if isinstance(inner, Made):
            inner = replace(inner, sure=False)
        return (inner,)

    def _by_function(self, decorator: Made, inner: Made) -> Things:
        function = self._values.function(decorator.function)
        if len(function.params) <= decorator.bound:
            return ()
        name = function.params[decorator.bound].name
        around = (*decorator.bindings, (decorator.function, name, inner))
        given = self._returned.within(around, decorator.function)
        return tuple(thing for thing in given if not isinstance(thing, Unknown))

    def _by_class(self, decorator: ClassThing, inner: Made) -> Things:
        methods = self._values.project.classes.find_method(decorator.ref, "__init__").functions
        params = self._values.function(methods[0]).params if methods else ()
        if len(params) < 2:
            return ()
        return (Instance(decorator.ref, ((methods[0], params[1].name, inner),)),)
