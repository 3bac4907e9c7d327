"""Functions whose body says nothing of what runs: their defaults are not judged."""

from __future__ import annotations

from ...engine.classes import ClassRef, FunctionRef
from ...engine.definitions import External, Ref
from ...engine.project import Module, Project
from ...knowledge.paths import parse

_PROTOCOLS = ("typing.Protocol", "typing_extensions.Protocol")


def has_no_body(module: Module, project: Project, ref: FunctionRef) -> bool:
    """A `.pyi` file's function, an overload, an abstract or protocol method without a body."""
    function = module.facts.functions[ref.index]
    if module.path.endswith(".pyi"):
        return True
    if "stub" not in function.flags:
        return False
    for decorator in function.decorators:
        value = Ref(module.name, function.parent, decorator)
        for definition in project.names.resolve(*value):
            if isinstance(definition, External):
                path = parse(definition.dotted)[0]
                if project.catalogue.match("stub-decorator", path) is not None:
                    return True
    if function.owner < 0:
        return False
    if "abstract" in function.flags:
        return True
    order = project.classes.order(ClassRef(module.name, function.owner))
    return any(base in _PROTOCOLS for base in order.external)
