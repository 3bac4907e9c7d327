"""The literate cases of `names/`: small projects, and what their names must turn out to be.

A file holds cases; `== title` begins one (the title is a sentence of the contract), `# file: path`
begins a file of its project and `# src: folder` configures a root. A line `#? question -> answer`
asks in the module it stands in:

    #? a.b -> pkg.mod:f           what a name, and attributes of it, can be (`|` separates several)
    #? f() -> ...                 what a function returns, followed through names
    #? module -> pkg.mod          the dotted name of this file
    #? order(C) -> C, B, lib X    the look-up order, with `...` where a base is not known
    #? method(C.m) -> pkg:B.m     the functions a method can be, with `...` if there may be others
    #? super(B.m, C) -> pkg:A.m   the same from behind B in the order of C
    #? kind(C.m) -> property
    #? fields(C.x) -> ...         what methods assign to `self.x`
    #? annotation(f.x) -> ...     what the annotation of a parameter or attribute admits
    #? constructor(C) -> a, *, b  the style, and the parameters made of declared fields

A value is shown as its module and qualified name, or as its module and source text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from incident_lint.engine.annotations import Annotated, annotated
from incident_lint.engine.constructors import constructor
from incident_lint.engine.definitions import (
    ClassRef,
    Definition,
    Definitions,
    External,
    FunctionRef,
    Local,
    ModuleDef,
    Namespace,
    Ref,
    Unknown,
)
from incident_lint.engine.project import Module, Project
from incident_lint.model.source import Source

_FOLDER = Path(__file__).with_name("names")
_QUESTION = re.compile(r"#\? (.+?) -> (.+)")


def _cases() -> Iterator[object]:
    for file in sorted(_FOLDER.glob("*.txt")):
        for text in file.read_text("utf-8").split("\n== ")[1:]:
            title, _, body = text.partition("\n")
            yield pytest.param(body, id=f"{file.stem}: {title.strip()}")


@pytest.mark.parametrize("body", list(_cases()))
def test_case(body: str, tmp_path: Path) -> None:
    preamble, *files = re.split(r"^# file: ", body, flags=re.MULTILINE)
    src = [tmp_path / folder for folder in re.findall(r"# src: (.+)", preamble)]
    questions = []
    for text in files:
        name, _, code = text.partition("\n")
        path = tmp_path / name.strip()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(code, "utf-8")
        questions += [(name.strip(), *match) for match in _QUESTION.findall(code)]
    assert questions
    expected = [f"{name}: {question} -> {_sorted(answer)}" for name, question, answer in questions]
    for order in (questions, questions[::-1]):  # what was asked before must not matter
        project = Project(src=src, cwd=tmp_path)
        answers = [
            f"{name}: {question} -> {_sorted(_Asker(project, tmp_path / name).ask(question))}"
            for name, question, _ in order
        ]
        assert (answers if order is questions else answers[::-1]) == expected


def _sorted(answer: str) -> str:
    return " | ".join(sorted(answer.split(" | ")))


class _Asker:
    def __init__(self, project: Project, path: Path) -> None:
        self.project = project
        text = Source.from_bytes(str(path), path.read_bytes())
        self.module = project.add(text)

    def ask(self, question: str) -> str:
        match = re.fullmatch(r"(\w+)\((.*)\)", question)
        if question == "module":
            return self.module.facts.module
        if match is None:
            return self.shown(self.named(question))
        if not match[2]:
            return self.shown(self.returned(match[1]))
        answer = getattr(self, f"ask_{match[1]}")(*match[2].split(", "))
        assert isinstance(answer, str)
        return answer

    def named(self, dotted: str) -> Definitions:
        first, *rest = dotted.split(".")
        found = self.project.names.bindings(self.module.name, first)
        for name in rest:
            members = [self.project.names.member(definition, name) for definition in found]
            found = tuple(dict.fromkeys(member for several in members for member in several))
        return found

    def returned(self, name: str) -> Definitions:
        function = self.function(name)
        facts = self.module.facts.functions[function.index]
        values = [
            effect.args[0]
            for block in facts.blocks
            for effect in block.effects
            if effect.kind == "return"
        ]
        found = [self.project.names.resolve(self.module.name, function.index, v) for v in values]
        return tuple(dict.fromkeys(definition for several in found for definition in several))

    def class_of(self, name: str) -> ClassRef:
        (definition,) = self.named(name)
        found = self.project.classes.of(definition)
        assert found is not None
        return found

    def function(self, name: str) -> FunctionRef:
        (definition,) = self.named(name)
        found = self.project.classes.function_of(definition)
        assert found is not None
        return found

    def ask_order(self, name: str) -> str:
        order = self.project.classes.order(self.class_of(name))
        shown = []
        for entry in order.entries:
            if isinstance(entry, ClassRef):
                shown.append(self.project.classes.facts(entry).qualname)
            else:
                shown.append(f"lib {entry.dotted}" if isinstance(entry, External) else "...")
        assert order.unresolved == any(
            not isinstance(entry, ClassRef) and not self.harmless(entry) for entry in order.entries
        )
        return ", ".join(shown)

    @staticmethod
    def harmless(entry: Definition) -> bool:
        return isinstance(entry, External) and entry.dotted in ("object", "abc.ABC")

    def ask_method(self, dotted: str) -> str:
        name, _, method = dotted.rpartition(".")
        found = self.project.classes.find_method(self.class_of(name), method)
        shown = [self.function_name(function) for function in found.functions]
        return ", ".join(shown if found.complete else [*shown, "..."]) or "none"

    def ask_super(self, dotted: str, of: str) -> str:
        name, _, method = dotted.rpartition(".")
        found = self.project.classes.find_method(
            self.class_of(of), method, after=self.class_of(name)
        )
        shown = [self.function_name(function) for function in found.functions]
        return ", ".join(shown if found.complete else [*shown, "..."]) or "none"

    def ask_kind(self, dotted: str) -> str:
        name, _, method = dotted.rpartition(".")
        (found,) = self.project.classes.find_method(self.class_of(name), method).functions
        return self.project.classes.kind(found)

    def ask_fields(self, dotted: str) -> str:
        name, _, field = dotted.rpartition(".")
        found = self.project.classes.fields(self.class_of(name), field)
        shown = [self.one(Local(ref)) for ref in found.values]
        return " | ".join(shown if found.complete else [*shown, "..."]) or "none"

    def ask_annotation(self, dotted: str) -> str:
        name, _, variable = dotted.rpartition(".")
        owner = None
        if self.project.classes.of(self.named(name)[0]) is not None:
            owner = self.class_of(name)
            ref = self.project.classes.annotation(owner, variable)
        else:
            function = self.function(name)
            facts = self.module.facts.functions[function.index]
            (value,) = [p.annotation for p in facts.params if p.name == variable]
            owner = ClassRef(self.module.name, facts.owner) if facts.owner >= 0 else None
            ref = None if value is None else Ref(self.module.name, facts.parent, value)
        assert ref is not None
        found = annotated(self.project, ref, owner)
        return " | ".join(self.admitted(one) for one in found) or "nothing"

    def admitted(self, one: Annotated) -> str:
        if isinstance(one.what, ClassRef):
            facts = self.project.classes.facts(one.what)
            shown = f"{self.module_of(one.what.module).facts.module}:{facts.qualname}"
        else:
            shown = self.one(one.what)
        return f"class {shown}" if one.is_class else shown

    def ask_constructor(self, name: str) -> str:
        found = constructor(self.project, self.class_of(name))
        if found is None:
            return "unknown"
        if found.functions:
            return ", ".join(self.function_name(function) for function in found.functions)
        shown = [found.style + ":"]
        for field in found.fields:
            if field.keyword_only and "*" not in shown:
                shown.append("*")
            text = field.name if field.name == field.field else f"{field.name} ({field.field})"
            for made, how in ((field.default, ""), (field.factory, "made by ")):
                if made is not None:
                    text += f"={how}{self.text(made)}"
            shown.append(text)
        return " ".join(shown)

    def function_name(self, ref: FunctionRef) -> str:
        facts = self.module_of(ref.module).facts
        return f"{facts.module}:{facts.functions[ref.index].qualname}"

    def module_of(self, name: str) -> Module:
        module = self.project.module(name)
        assert module is not None
        return module

    def shown(self, found: Definitions) -> str:
        return " | ".join(self.one(definition) for definition in found)

    def one(self, definition: Definition) -> str:
        if isinstance(definition, ModuleDef):
            return f"module {self.module_of(definition.name).facts.module}"
        if isinstance(definition, Namespace):
            return f"folder {definition.dotted}"
        if isinstance(definition, External):
            return f"lib {definition.dotted}"
        if isinstance(definition, Unknown):
            return f"unknown: {definition.cause}"
        facts = self.module_of(definition.ref.module).facts
        of_class = self.project.classes.of(definition)
        if of_class is not None:
            return f"{facts.module}:{self.project.classes.facts(of_class).qualname}"
        function = self.project.classes.function_of(definition)
        if function is not None:
            return self.function_name(function)
        return f"{facts.module}: {self.text(definition.ref)}"

    def text(self, ref: Ref) -> str:
        module = self.module_of(ref.module)
        span = module.facts.functions[ref.function].values[ref.value].at
        assert span is not None
        line = module.source.lines[span.line - 1]
        return line[span.column - 1 : span.end_column - 1 if span.line == span.end_line else None]
