"""INC401, INC402 and INC404: labels and names of metrics that take any number of values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ...engine.cardinality import DOUBTFUL, ENTITY, PROCESS, UNKNOWN
from ...engine.definitions import Ref
from ...engine.duties import calls
from ...engine.finding import Confidence, Cure, Finding, Step, Tally
from ...engine.instrumentators import Instrumentators
from ...engine.metrics import LABEL, NAME
from ...engine.project import Module, Project
from ...engine.series import Judged, Written
from ...model.source import Span

_FAMILY = "metric_cardinality"
_CAUTION = 'what is not listed is counted as "other" then'


def check(module: Module, project: Project, tally: Tally) -> Iterator[Finding]:
    """Judge every call of a module that writes to a metric: one finding for each cause in a
    function, at the first place that it reaches."""
    series = project.travel.series
    instrumentators = Instrumentators(project)
    for index, function in enumerate(module.facts.functions):
        found = _Found(module)
        sites: dict[Span | None, list[Written]] = {}
        for value, made in calls(function):
            ref = Ref(module.name, index, value)
            judged, tool = series.judged(ref), instrumentators.of(ref)
            if judged is None and tool is None:
                continue
            if tool is not None:
                message = f"requests are labelled with {tool.row.keys['labels']}: "
                message += f"each is a series for ever; {tool.row.keys['cure']}"
                yield Finding("INC401", module.path, tool.at, message)
            judged = judged or Written((), ())
            sites.setdefault(made.at, []).append(judged)
            for each in judged.labels:
                found.add(each)
            if judged.anew is not None:
                message = "a metric is made anew whenever this serves: make it once, in the module"
                yield Finding("INC402", module.path, judged.anew.span, message)
        _count(sites.values(), tally)
        yield from found.findings


def _count(sites: Iterable[Sequence[Written]], tally: Tally) -> None:
    """Count places in the text: what is in a `finally` is lowered once for each way into it."""
    for site in sites:
        tally.seen["calls that write to metrics"] += 1
        left = any(judged.left for judged in site)
        tally.seen["of these with values that other files pass"] += left
        tally.judge(_FAMILY, (cause for judged in site for cause in judged.causes))


class _Found:
    """The findings of one function."""

    def __init__(self, module: Module) -> None:
        self._module = module
        self._places: dict[object, int] = {}
        self.findings: list[Finding] = []

    def add(self, judged: Judged) -> None:
        """Report a label, or note it as one more place that a known cause reaches."""
        finding = self._finding(judged)
        if finding is None:
            return
        keys = [(finding.code, key) for key in judged.causes]
        known = next((self._places[key] for key in keys if key in self._places), None)
        if known is None:
            known = len(self.findings)
            self.findings.append(finding)
        else:
            first = self.findings[known]
            if (first.confidence, finding.confidence) == ("suspected", "proved"):
                first, finding = finding, first  # what is sure is said
                self.findings[known] = first
            also = Step(finding.path, finding.span, "and so does this")
            if first.span != finding.span and also not in first.trail:
                self.findings[known] = first._replace(trail=(*first.trail, also))
        self._places.update(dict.fromkeys(keys, known))

    def _finding(self, judged: Judged) -> Finding | None:
        worth, label = judged.worth, judged.label
        element = worth.element
        is_kept = judged.row.role == NAME or judged.row.keys.get("kept")
        if element == PROCESS and is_kept:
            element = DOUBTFUL
        if element < ENTITY and not judged.told_by_name:
            return None
        is_label = judged.row.role == LABEL
        what = worth.steps[0].message if worth.steps else "outside values"
        name = f"label `{label.name}`" if label.name else "a label"
        if not is_label:
            code, where = "INC402", f"a metric's name is made of {what}"
            cure = "each value makes another metric; name it once, and use a bounded label"
        elif element == ENTITY:
            code, where = "INC404", f"{name} of {judged.metric} is {what}"
            cure = "its series grow with the business; log it instead"
        elif element == UNKNOWN:
            code, where = "INC401", f"{name} of {judged.metric} has the name of something unbounded"
            cure = "each value is a series for ever; use one of a fixed set, or log it"
        else:
            code, where = "INC401", f"{name} of {judged.metric} takes any value of {what}"
            cure = "each is a series for ever; use one of a fixed set, or log it"
        sure = element >= ENTITY and element != DOUBTFUL
        confidence: Confidence = "proved" if sure else "suspected"
        found = Finding(
            code, self._module.path, judged.span, f"{where}: {cure}", confidence, worth.steps
        )
        if not judged.offered or code != "INC401":
            return found
        return found._replace(cure=Cure("listed-label", _CAUTION, judged.offered))
