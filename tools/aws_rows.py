"""Write `rules/unchecked_responses/aws.toml` from the service models of the installed botocore.

Run by `make aws-rows`. Prints how many operations of how many services the file speaks of.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import botocore
from aws_models import Effect, Operation, operations, services

FILE = Path(__file__).resolve().parents[1] / "rules" / "unchecked_responses" / "aws.toml"
_HEAD = """\
# Made by `make aws-rows` from the service models of botocore {version}: edits here are lost.
# The rules for what is listed are in tools/aws_models.py. `boto3.client` stands for whatever makes
# clients: aws_clients.toml has the others.
only = ["boto3"]
source = "botocore {version}, botocore/data/<service>/*/service-2.json.gz"
"""
_WHAT: dict[Effect, str] = {
    "write": "failed items",
    "read": "items that were not read",
    "check": "errors",
}
_ONE_FAILURE = {
    **dict.fromkeys(("Error", "error", "errorMessage", "failure"), "an error"),
    "FunctionError": "the function's own failure",
    "status": "a failed execution",
    "Warning": "what is wrong with the template",
    "rejectedLogEventsInfo": "rejected events",
    "MetricDataResults": "incomplete results",
}
_UNLESS = {
    # Nobody waits for the function, or it is not run at all: there is no outcome to look at.
    ("lambda", "invoke"): ("InvocationType='Event'", "InvocationType='DryRun'"),
}
_DOUBTFUL = {
    # What is wrong with a template shows when it is used, at the latest.
    ("ec2", "create_launch_template"),
}


class Table(NamedTuple):
    """What an `[[api]]` table says of all its paths."""

    service: str
    hides: str
    failed: tuple[str, ...]
    unless: tuple[str, ...]


def main() -> None:
    """Write the file."""
    found = [operation for service in services() for operation in operations(service)]
    FILE.write_text(text(found, botocore.__version__), encoding="utf-8", newline="\n")
    print(f"{len(found)} operations of {len({each.service for each in found})} services")


def text(found: Iterable[Operation], version: str) -> str:
    """The file for some operations."""
    by_table = sorted(((_table(each), each) for each in found), key=lambda pair: pair[0])
    groups = itertools.groupby(by_table, key=lambda pair: pair[0])
    tables = ["\n".join(_lines(table, [each for _, each in group])) for table, group in groups]
    return "\n\n".join([_HEAD.format(version=version).rstrip(), *tables]) + "\n"


def _table(operation: Operation) -> Table:
    key = operation.service, operation.method
    return Table(operation.service, _hides(operation), operation.failed, _UNLESS.get(key, ()))


def _hides(operation: Operation) -> str:
    """What stays unseen, as messages say it: `failed items in ...`."""
    member = operation.failed[0]
    if member.lower().startswith("unprocessed") and operation.effect == "write":
        return f"unprocessed items in `{member}`"
    return f"{_ONE_FAILURE.get(member, _WHAT[operation.effect])} in `{member}`"


def _lines(table: Table, group: list[Operation]) -> Iterator[str]:
    methods = ",".join(each.method for each in group)
    called = methods if len(group) == 1 else "{" + methods + "}"
    payload = dict.fromkeys(name for each in group for name in each.payload)
    yield "[[api]]"
    yield 'role = "fallible-response"'
    yield f"paths = ['boto3.client(\"{table.service}\").{called}()']"
    yield 'shape = "partial"'
    yield f'hides = "{table.hides}"'
    yield f"cure = 'read `[\"{table.failed[0]}\"]`'"
    yield f"inspection = {_members(table.failed)}"
    if payload:
        yield f"payload = {_members(payload)}"
    if (table.service, group[0].method) in _DOUBTFUL:
        yield "doubtful = true"
    if table.unless:
        yield "unless = [" + ", ".join(f'"{condition}"' for condition in table.unless) + "]"


def _members(names: Iterable[str]) -> str:
    return "[" + ", ".join(f"'[\"{name}\"]'" for name in names) + "]"


if __name__ == "__main__":
    main()
