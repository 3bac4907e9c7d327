"""The rows about AWS say what botocore's service models say, and botocore does what they say."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import aws_models
import aws_rows
import boto3
import botocore.client
import botocore.loaders
import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.model import ServiceModel

from incident_lint.knowledge import paths, roles, rows, rules
from incident_lint.knowledge.catalogue import Catalogue
from incident_lint.knowledge.rows import Row

ROLE = "fallible-response"
REVIEWED = Path(__file__).with_name("aws_reviewed.txt")
CLIENTS = aws_rows.FILE.with_name("aws_clients.toml")

NOT_REVIEWED = {
    "codecommit.batch_describe_merge_conflicts": "errors for each file",
    "codedeploy.delete_deployment_group": "hooks that could not be removed",
    "codedeploy.update_deployment_group": "hooks that could not be removed",
    "customer-profiles.get_segment_membership": "profiles whose request failed",
    "ecs.get_task_protection": "failures, as of the ten other operations that show tasks",
    "glue.get_column_statistics_for_partition": "columns that could not be read",
    "glue.get_column_statistics_for_table": "columns that could not be read",
    "health.describe_affected_entities_for_organization": "events that could not be read",
    "health.describe_event_details_for_organization": "events that could not be read",
}
"""What the models tell and the review has not seen, and what those members hold."""


def loaded(file: Path) -> list[Row]:
    return list(rows.load(file, roles.load(rules.folder()), users=False))


def operation(row: Row) -> str:
    """`sqs.send_message_batch`, of a row of a client's method."""
    client, method = row.pattern[2], row.pattern[3]
    return f"{client.constants[0]}.{method.text}"


@pytest.fixture(scope="module")
def shipped() -> dict[str, Row]:
    return {operation(row): row for row in loaded(aws_rows.FILE)}


@pytest.fixture(scope="module")
def reviewed() -> dict[str, set[str]]:
    """The members of each reviewed operation."""
    found = {}
    for line in REVIEWED.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            service, method, members = line.split()
            found[f"{service}.{method}"] = {f'["{member}"]' for member in members.split(",")}
    return found


class TestAgainstTheReviewedList:
    def test_the_same_operations_are_found(
        self, shipped: dict[str, Row], reviewed: dict[str, set[str]]
    ) -> None:
        left_out = {".".join(key) for key in aws_models.LEFT_OUT}
        assert set(shipped) - set(reviewed) == set(NOT_REVIEWED)
        assert set(reviewed) - set(shipped) == left_out

    def test_the_same_members_are_read(
        self, shipped: dict[str, Row], reviewed: dict[str, set[str]]
    ) -> None:
        found = {name: set(row.keys["inspection"]) for name, row in shipped.items()}
        both = shipped.keys() & reviewed.keys()
        assert {name: found[name] for name in both if found[name] != reviewed[name]} == {}


@pytest.mark.slow
def test_the_file_is_what_the_installed_botocore_says() -> None:
    """Of the operations that it has; new ones wait for the next `make aws-rows`."""
    written = aws_rows.FILE.read_text(encoding="utf-8")
    wanted = {operation(row) for row in loaded(aws_rows.FILE)}
    found = [
        each
        for service in sorted({name.partition(".")[0] for name in wanted})
        for each in aws_models.operations(service)
        if f"{service}.{each.method}" in wanted
    ]
    version = written.partition("botocore ")[2].partition(":")[0]
    made = aws_rows.text(found, version)
    stale = set(written.split("\n\n")) ^ set(made.split("\n\n"))
    assert stale == set(), "run `make aws-rows`"


JOB = {"JobId": "Text", "Errors": "JobErrors"}


class TestWhatModelsTell:
    """By a service of our own, as botocore describes services."""

    def found(self, *operations: tuple[str, Mapping[str, str], Mapping[str, str]]) -> Any:
        shapes: dict[str, Any] = {
            "Text": {"type": "string"},
            "Number": {"type": "integer"},
            "Names": {"type": "list", "member": {"shape": "Text"}},
            "JobErrors": {"type": "list", "member": {"shape": "Text"}},
            "Answer": {"type": "structure", "members": {"ErrorCode": {"shape": "Text"}}},
            "Answers": {"type": "list", "member": {"shape": "Answer"}},
        }
        described = {}
        for name, *sides in operations:
            for side, members in zip(("input", "output"), sides, strict=True):
                shape = {key: {"shape": value} for key, value in members.items()}
                shapes[name + side] = {"type": "structure", "members": shape}
            described[name] = {side: {"shape": name + side} for side in ("input", "output")}
        model = {"operations": described, "shapes": shapes}
        return [
            (each.method, each.effect, each.failed, each.payload)
            for each in aws_models.operations_of("posts", model)
        ]

    def test_a_list_that_is_called_failed(self) -> None:
        sent = {"Failed": "Names", "Sent": "Names", "NextToken": "Text"}
        assert self.found(("SendPosts", {"Posts": "Names"}, sent)) == [
            ("send_posts", "write", ("Failed",), ("Sent",))
        ]

    def test_a_count_and_an_answer_for_each_item(self) -> None:
        sent = {"Answers": "Answers", "FailedPostCount": "Number"}
        assert self.found(("SendPosts", {"Posts": "Names"}, sent)) == [
            ("send_posts", "write", ("FailedPostCount", "Answers"), ())
        ]

    def test_answers_are_no_failures_where_a_list_has_those(self) -> None:
        got = {"Answers": "Answers", "UnprocessedPosts": "Names"}
        assert self.found(("BatchGetPosts", {"Posts": "Names"}, got)) == [
            ("batch_get_posts", "read", ("UnprocessedPosts",), ("Answers",))
        ]

    def test_what_shows_one_resource_or_all_of_them_reports_no_failure_of_its_own(self) -> None:
        assert self.found(("GetJob", {"JobId": "Text"}, JOB)) == []
        assert self.found(("ListJobs", {"Filters": "Names"}, JOB)) == []
        assert self.found(("DescribeJobs", {"JobIds": "Names"}, JOB)) != []

    def test_nor_does_what_gives_the_state_that_another_operation_shows(self) -> None:
        start = ("StartJob", {"Names": "Names"}, JOB)
        assert self.found(start) != []
        assert self.found(start, ("GetJob", {"JobId": "Text"}, JOB)) == []


class Raw(io.BytesIO):
    """A body, as the transport below botocore gives it."""

    def stream(self) -> Iterator[bytes]:
        yield self.read()


def answering(body: Callable[[AWSPreparedRequest], bytes]) -> boto3.Session:
    """A session whose every request is answered, with a status of 200."""
    made = boto3.Session("key", "secret", region_name="eu-west-1")

    def answer(request: AWSPreparedRequest, **_: object) -> AWSResponse:
        headers = {"X-Amz-Function-Error": "Unhandled"}  # of Lambda; others do not look
        return AWSResponse(request.url, 200, headers, Raw(body(request)))

    made.events.register("before-send", answer)
    return made


S3_ERRORS = b"<DeleteResult><Error><Key>b</Key><Code>AccessDenied</Code></Error></DeleteResult>"
S3_LIST = b"<ListBucketResult><Contents><Key>b</Key></Contents></ListBucketResult>"
SQS_FAILED = b'{"Successful": [], "Failed": [{"Id": "1", "SenderFault": false, "Code": "Busy"}]}'
ENTRIES = [{"Id": "1", "MessageBody": "x"}]
WIRE: dict[str, tuple[bytes, Mapping[str, Any]]] = {
    "sqs.send_message_batch": (SQS_FAILED, {"QueueUrl": "https://q", "Entries": ENTRIES}),
    "dynamodb.batch_write_item": (
        b'{"UnprocessedItems": {"posts": [{"DeleteRequest": {"Key": {"id": {"S": "1"}}}}]}}',
        {"RequestItems": {"posts": [{"DeleteRequest": {"Key": {"id": {"S": "1"}}}}]}},
    ),
    "dynamodb.batch_get_item": (
        b'{"Responses": {}, "UnprocessedKeys": {"posts": {"Keys": [{"id": {"S": "1"}}]}}}',
        {"RequestItems": {"posts": {"Keys": [{"id": {"S": "1"}}]}}},
    ),
    "kinesis.put_records": (
        b'{"FailedRecordCount": 1, "Records": [{"ErrorCode": "InternalFailure"}]}',
        {"StreamName": "posts", "Records": [{"Data": b"x", "PartitionKey": "1"}]},
    ),
    "firehose.put_record_batch": (
        b'{"FailedPutCount": 1, "RequestResponses": [{"ErrorCode": "Unavailable"}]}',
        {"DeliveryStreamName": "posts", "Records": [{"Data": b"x"}]},
    ),
    "events.put_events": (
        b'{"FailedEntryCount": 1, "Entries": [{"ErrorCode": "InternalFailure"}]}',
        {"Entries": [{"Source": "posts", "DetailType": "sent", "Detail": "{}"}]},
    ),
    "s3.delete_objects": (S3_ERRORS, {"Bucket": "posts", "Delete": {"Objects": [{"Key": "b"}]}}),
    "lambda.invoke": (b'{"errorMessage": "no"}', {"FunctionName": "send"}),
}


class TestByRunning:
    @pytest.mark.parametrize("name", WIRE)
    def test_nothing_is_raised_and_the_members_hold_the_failure(
        self, name: str, shipped: dict[str, Row]
    ) -> None:
        body, arguments = WIRE[name]
        service, _, method = name.partition(".")
        client = answering(lambda _: body).client(service)
        response = getattr(client, method)(**arguments)
        assert response["ResponseMetadata"]["HTTPStatusCode"] == 200
        members = [text.strip('[]"') for text in shipped[name].keys["inspection"]]
        assert [member for member in members if not response.get(member)] == []

    def test_resources_raise_nothing_either(self) -> None:
        bucket = answering(lambda _: S3_ERRORS).resource("s3").Bucket("posts")
        assert bucket.delete_objects(Delete={"Objects": [{"Key": "b"}]})["Errors"]
        queue = answering(lambda _: SQS_FAILED).resource("sqs").Queue("https://q/1")
        assert queue.send_messages(Entries=ENTRIES)["Failed"]

    def test_a_collection_gives_a_list_of_responses(self) -> None:
        session = answering(lambda request: S3_LIST if request.method == "GET" else S3_ERRORS)
        (response,) = session.resource("s3").Bucket("posts").objects.all().delete()
        assert response["Errors"]


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue.load()


class TestClients:
    """A path as code writes it, and the client that it stands for."""

    @pytest.mark.parametrize(
        "client",
        [
            'boto3.client("sqs")',
            'boto3.Session().client("sqs")',
            'boto3.session.Session().client("sqs")',
            'botocore.session.get_session().create_client("sqs")',
            'aiobotocore.session.get_session().create_client("sqs")',
            'aioboto3.Session().client("sqs")',
            'boto3.Session().resource("sqs").meta.client',
            'boto3.resource("sqs").Queue().meta.client',
            "mypy_boto3_sqs.SQSClient()",
            "types_aiobotocore_sqs.client.SQSClient()",
        ],
    )
    def test_are_found_however_they_are_made(self, client: str, catalogue: Catalogue) -> None:
        (path,) = paths.parse(f"{client}.send_message_batch()")
        row = catalogue.match(ROLE, path)
        assert row is not None and operation(row) == "sqs.send_message_batch"

    def test_of_another_service_are_another(self, catalogue: Catalogue) -> None:
        (path,) = paths.parse('boto3.client("elbv2").register_targets()')
        assert catalogue.match(ROLE, path) is None


def test_annotations_are_spelt_as_the_stubs_do() -> None:
    """The stubs take the names of classes from botocore."""
    annotations = {
        (row.pattern[0].text, row.pattern[-2].text, row.keys["as"])
        for row in loaded(CLIENTS)
        if row.pattern[-2].text.endswith("Client")
    }
    assert annotations
    names = {target: class_name(target) for target in {target for *_, target in annotations}}
    for package, name, target in annotations:
        assert name == names[target]
        assert package.endswith(f"_{service_of(target)}")


def service_of(client: str) -> str:
    (path,) = paths.parse(client)
    return path[-1].constants[0]


def class_name(client: str) -> str:
    described = botocore.loaders.Loader().load_service_model(service_of(client), "service-2")
    return f"{botocore.client.get_service_module_name(ServiceModel(described))}Client"
