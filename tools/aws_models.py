"""What AWS operations report as failed inside a response that says 200, by botocore's own models.

The models have no mark for it: what a member is called, what it holds and what else the service
has are the evidence. `BY_HAND` and `LEFT_OUT` hold what they cannot tell, and why.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple

import botocore
import botocore.loaders

Effect = Literal["write", "read", "check"]


class Operation(NamedTuple):
    """A method of a client. `failed` are the members of its response that tell of failures, first
    the one to be named; `payload` those that give what was asked for."""

    service: str
    method: str
    effect: Effect
    failed: tuple[str, ...]
    payload: tuple[str, ...]


BY_HAND: Mapping[tuple[str, str], tuple[str, ...]] = {
    # A single text or structure: the models have hundreds that are the state of a resource.
    ("amplifybackend", "remove_backend_config"): ("Error",),
    ("amplifybackend", "update_backend_config"): ("Error",),
    ("appsync", "evaluate_code"): ("error", "outErrors"),
    ("appsync", "evaluate_mapping_template"): ("error", "outErrors"),
    ("codedeploy", "batch_get_application_revisions"): ("errorMessage",),
    ("codedeploy", "batch_get_deployment_groups"): ("errorMessage",),
    ("codedeploy", "batch_get_deployment_instances"): ("errorMessage",),
    ("config", "start_remediation_execution"): ("FailedItems", "FailureMessage"),
    ("datapipeline", "put_pipeline_definition"): ("validationErrors", "errored"),
    ("datapipeline", "validate_pipeline_definition"): ("validationErrors", "errored"),
    ("ecr", "validate_pull_through_cache_rule"): ("failure",),
    ("glue", "check_schema_version_validity"): ("Error",),
    ("lambda", "invoke"): ("FunctionError",),
    ("stepfunctions", "start_sync_execution"): ("status", "error", "cause"),
    # One answer for each item of the request, whose status is not called an error, or whose
    # request has no list.
    ("appfabric", "start_user_access_tasks"): ("userAccessTasksList",),
    ("cloudwatch", "get_metric_data"): ("MetricDataResults",),
    ("emr", "cancel_steps"): ("CancelStepsInfoList",),
    ("workdocs", "add_resource_permissions"): ("ShareResults",),
    # One level deeper.
    ("ec2", "create_launch_template"): ("Warning",),
    ("ec2", "create_launch_template_version"): ("Warning",),
    ("pinpoint", "put_events"): ("EventsResponse",),
    ("pinpoint", "send_messages"): ("MessageResponse",),
    ("pinpoint", "send_otp_message"): ("MessageResponse",),
    ("pinpoint", "send_users_messages"): ("SendUsersMessageResponse",),
    # They look like the state of a resource, but are about the very request.
    ("resource-groups", "list_group_resources"): ("QueryErrors",),
    ("resource-groups", "search_resources"): ("QueryErrors",),
    ("socialmessaging", "create_whatsapp_flow"): ("validationErrors",),
    ("socialmessaging", "update_whatsapp_flow_assets"): ("validationErrors",),
}

LEFT_OUT: Mapping[tuple[str, str], str] = {
    ("ec2", "revoke_security_group_egress"): "a permission that was not there need not be revoked",
    ("ec2", "revoke_security_group_ingress"): "a permission that was not there need not be revoked",
}

_STATE_VERBS = ("Get", "Describe", "List", "Search")
_CHECK_VERBS = (
    *("Validate", "Test", "Evaluate", "Render", "Check"),
    *("IsAuthorized", "BatchIsAuthorized"),
)
_READ_VERBS = (
    *_STATE_VERBS,
    "Detect",
    "Classify",
    "Retrieve",
    "Read",
    "Check",
    "EvaluateGeofences",
)
_FAILED = frozenset({"failed", "failure", "failures", "error", "errors", "rejected", "invalid"}) | {
    *("missing", "skipped", "unindexed", "unprocessed", "unsuccessful", "unsuccessfully"),
}
_NOT_DONE = frozenset({"found", "deleted", "cleaned"})
_ITEM_ERRORS = frozenset({"error", "errors", "errorcode", "exceptionresponse"})
_NO_ITEMS = frozenset({"tags", "tagset", "filters"})
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def services() -> list[str]:
    """The names of all clients that botocore can make."""
    return list(botocore.loaders.Loader().list_available_services("service-2"))


def operations(service: str) -> Iterator[Operation]:
    """The operations of a service that may report failures in a response, by method."""
    loader = botocore.loaders.Loader()
    yield from operations_of(service, loader.load_service_model(service, "service-2"))


def operations_of(service: str, described: Mapping[str, Any]) -> Iterator[Operation]:
    """The same for a service model as botocore loads it."""
    model = _Model(described)
    methods = {botocore.xform_name(name): name for name in model.operations}
    for method, name in sorted(methods.items()):
        failed = BY_HAND.get((service, method)) or tuple(model.failed(name))
        if failed and (service, method) not in LEFT_OUT:
            payload = tuple(model.payload(name, failed))
            yield Operation(service, method, effect(name), failed, payload)


def effect(operation: str) -> Effect:
    """Whether an operation changes something, reads it, or only judges what it is given."""
    if operation.startswith(_CHECK_VERBS):
        return "check"
    return "read" if operation.removeprefix("Batch").startswith(_READ_VERBS) else "write"


class _Model:
    """One service's model."""

    def __init__(self, model: Mapping[str, Any]) -> None:
        self.operations: Mapping[str, Any] = model["operations"]
        self._shapes: Mapping[str, Any] = model["shapes"]
        self._state: set[tuple[str, str]] = set()
        seen: set[str] = set()
        for name, operation in self.operations.items():
            if self._tells_state(name) and "output" in operation:
                self._collect(operation["output"]["shape"], seen)

    def failed(self, operation: str) -> Iterator[str]:
        """The members of a response that tell of failures, best first."""
        members = self._members(operation, "output")
        if self._tells_state(operation):
            return
        several = [name for name in members if self._is_failed(name, members[name])]
        counts = [name for name in several if self._type(members[name]) in ("integer", "long")]
        yield from counts
        yield from (name for name in several if name not in counts)
        if len(several) == len(counts) and not operation.startswith(_STATE_VERBS):
            if self._asks_for_several(operation):
                yield from (name for name in members if self._tells_by_item(members[name]))

    def payload(self, operation: str, failed: tuple[str, ...]) -> Iterator[str]:
        """What else a response holds, without what is about paging."""
        for name, shape in self._members(operation, "output").items():
            holds = self._type(shape) in ("list", "map", "structure", "blob")
            if name not in failed and (holds or "count" in _words(name)):
                yield name

    def _is_failed(self, name: str, shape: str) -> bool:
        """Whether a member holds what has failed, and is not the state of some resource: that has
        an operation of its own which shows it."""
        words, kind = _words(name), self._type(shape)
        if kind in ("list", "map"):
            tells = not _FAILED.isdisjoint(words)
            not_done = "not" in words and not _NOT_DONE.isdisjoint(words)
            return (tells or not_done) and (name, shape) not in self._state
        if kind in ("integer", "long"):
            return {"failed", "count"} <= set(words)
        return kind == "structure" and words[0] in ("unprocessed", "rejected")

    def _tells_by_item(self, shape: str) -> bool:
        """Whether a member is a list of answers each of which may be an error."""
        item = self._shapes[shape].get("member", {}).get("shape")
        if item is None or any(owner == item for _, owner in self._state):
            return False
        members = self._shapes[item].get("members", {})
        return any(name.lower() in _ITEM_ERRORS for name in members)

    def _tells_state(self, operation: str) -> bool:
        """Whether an operation only shows a resource, or all there are: what has failed in its
        response did so long ago."""
        return operation.startswith(_STATE_VERBS) and not self._asks_for_several(operation)

    def _asks_for_several(self, operation: str) -> bool:
        return any(
            self._type(shape) in ("list", "map") and name.lower() not in _NO_ITEMS
            for name, shape in self._members(operation, "input").items()
        )

    def _members(self, operation: str, side: Literal["input", "output"]) -> dict[str, str]:
        """The members of a request or response, and their shapes."""
        root = self.operations[operation].get(side)
        members = self._shapes[root["shape"]].get("members", {}) if root else {}
        return {name: member["shape"] for name, member in members.items()}

    def _type(self, shape: str) -> str:
        return str(self._shapes[shape]["type"])

    def _collect(self, shape: str, seen: set[str]) -> None:
        """Note each member below a shape, and its shape."""
        if shape in seen:
            return
        seen.add(shape)
        described = self._shapes[shape]
        below = [(name, inner["shape"]) for name, inner in described.get("members", {}).items()]
        below += [
            ("", described[part]["shape"]) for part in ("member", "value") if part in described
        ]
        self._state.update(below)
        for _, inner in below:
            self._collect(inner, seen)


def _words(name: str) -> list[str]:
    """`FailedEntryCount` as `failed`, `entry`, `count`."""
    return [word.lower() for word in _WORD.findall(name)]
