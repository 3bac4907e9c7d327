"""Stand-ins for `requests`, `boto3`, `botocore` and `subprocess`, whose calls fail as they are told
to: by an answer that says so, or by an exception."""

from __future__ import annotations

import subprocess
import types
from collections.abc import Callable, Iterator
from typing import Any, Literal, TypeAlias

from .tainted import Failures, Number, Record, Rest, Successes, Text, Truth, counting, within

Outcome: TypeAlias = Literal["fine", "fails", "raises"]
Answer: TypeAlias = "Callable[[], tuple[Outcome, Record]]"
"""Begins a call: what is to happen, and the record of its response."""
ERRORS = frozenset({"error", "errors", "status", "success"})
"""Keys under which a payload tells of an error itself."""


class RequestException(OSError):
    """The base of what `requests` raises."""


class HTTPError(RequestException):
    """What `raise_for_status` raises."""


class ConnectionFailed(RequestException):
    """No answer at all."""


class ClientError(Exception):
    """An AWS call failed as a whole."""


class Payload(dict[str, Any]):
    """A decoded body: it has every key that is asked for."""

    def __init__(self, record: Record) -> None:
        super().__init__(items=["a", "b"], id="17", name="first")
        self._record = record

    def __missing__(self, key: str) -> Any:
        if key not in ERRORS:
            return "x"
        failing = self._record.failing
        if key in ("success", "status"):
            return Truth(not failing, self._record)
        return Text("no such thing" if failing else "", self._record)

    def get(self, key: str, default: Any = None) -> Any:
        return self[key]

    def __contains__(self, key: object) -> bool:
        if key in ERRORS:
            self._record.look()
            return self._record.failing
        return True


class Response:
    """An answer of a server."""

    is_response = True

    def __init__(self, record: Record) -> None:
        self.record = record
        self.headers = {"Content-Type": "application/json"}
        self.url = "https://example.com/"
        self.text = "text"
        self.content = b"content"
        self.elapsed = 2.5

    @property
    def ok(self) -> Truth:
        return Truth(not self.record.failing, self.record)

    @property
    def status_code(self) -> Number:
        return Number(503 if self.record.failing else 200, self.record)

    @property
    def reason(self) -> Text:
        return Text("Unavailable" if self.record.failing else "OK", self.record)

    def raise_for_status(self) -> None:
        self.record.look()
        if self.record.failing:
            raise HTTPError("503")

    def __bool__(self) -> bool:
        self.record.look()
        return not self.record.failing

    def json(self) -> Payload:
        return Payload(self.record)

    def iter_lines(self) -> Iterator[bytes]:
        return iter([b"one", b"two"])

    __iter__ = iter_lines

    def close(self) -> None: ...

    def __enter__(self) -> Response:
        return self

    def __exit__(self, *exception: object) -> None: ...


class Process:
    """A command that has ended."""

    is_response = True

    def __init__(self, record: Record) -> None:
        self.record = record
        self.args = ["backup"]
        self.stdout = "output"
        self.stderr = ""

    @property
    def returncode(self) -> Number:
        return Number(int(self.record.failing), self.record)

    def check_returncode(self) -> None:
        self.record.look()
        if self.record.failing:
            raise subprocess.CalledProcessError(1, self.args)


class Batch(dict[str, Any]):
    """The answer to a batch: `hides` is the key that tells of failed items."""

    is_response = True
    __hash__ = object.__hash__  # type: ignore[assignment]

    def __init__(self, record: Record, hides: str) -> None:
        super().__init__({"ResponseMetadata": {"HTTPStatusCode": 200, "RequestId": "r-1"}})
        self.record = record
        self._hides = hides

    def __missing__(self, key: str) -> Any:
        record, failing = self.record, self.record.failing
        if key == self._hides:
            if key == "FailedRecordCount":
                return Number(int(failing), record)
            if key == "UnprocessedItems":
                return Rest({"table": ["b"]} if failing else {}, record)
            return Failures([{"Id": "b", "Code": "Throttled"}] if failing else [], record)
        return Successes(["a"] if failing else ["a", "b"], record)

    def get(self, key: str, default: Any = None) -> Any:
        return self[key]

    def __contains__(self, key: object) -> bool:
        if key == self._hides:
            self.record.look()
            return self.record.failing
        return True


class _Client:
    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self.headers: dict[str, str] = {}
        self.auth: object = None

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *exception: object) -> None: ...


class Fakes:
    """The modules, by name; `answer` is asked at every call."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self.modules = {**self._requests(), **self._boto3(), "subprocess": self._subprocess()}

    def _called(
        self, make: Callable[[Record], object], error: Callable[[], Exception]
    ) -> Callable[..., Any]:
        def call(*given: object, **named: object) -> object:
            for telling in within([given, named]):
                telling.record.look()  # type: ignore[attr-defined]
            outcome, record = self._answer()
            if outcome == "raises":
                raise error()
            if named.get("check") and outcome == "fails":
                raise subprocess.CalledProcessError(1, "backup")
            return make(record)

        return call

    def _requests(self) -> dict[str, types.ModuleType]:
        call = self._called(Response, ConnectionFailed)

        class Session(_Client):
            get = post = put = request = staticmethod(call)

        answer = self._answer
        requests, errors = types.ModuleType("requests"), types.ModuleType("requests.exceptions")
        for each in (requests, errors):
            vars(each).update(RequestException=RequestException, HTTPError=HTTPError)
        vars(requests).update(dict.fromkeys(("get", "post", "put", "request"), call))
        vars(requests).update(
            Session=lambda: Session(answer), Response=Response, exceptions=errors, __path__=[]
        )
        return {"requests": requests, "requests.exceptions": errors}

    def _boto3(self) -> dict[str, types.ModuleType]:
        def method(hides: str) -> Callable[..., Any]:
            return self._called(lambda record: Batch(record, hides), ClientError)

        class Client(_Client):
            send_message_batch = staticmethod(method("Failed"))
            put_records = staticmethod(method("FailedRecordCount"))
            batch_write_item = staticmethod(method("UnprocessedItems"))

        answer = self._answer

        def client(service: str, **named: object) -> Client:
            return Client(answer)

        class Session:
            def client(self, service: str, **named: object) -> Client:
                return Client(answer)

        boto3, botocore = types.ModuleType("boto3"), types.ModuleType("botocore")
        errors = types.ModuleType("botocore.exceptions")
        vars(errors).update(ClientError=ClientError, BotoCoreError=ClientError)
        vars(boto3).update(client=client, Session=Session)
        vars(botocore).update(exceptions=errors, __path__=[])
        return {"boto3": boto3, "botocore": botocore, "botocore.exceptions": errors}

    def _subprocess(self) -> types.ModuleType:
        fake = types.ModuleType("subprocess")
        vars(fake).update(
            {name: value for name, value in vars(subprocess).items() if name[:1] != "_"}
        )
        vars(fake).update(run=self._called(Process, lambda: OSError("no such command")))
        return fake


NAMES = {"len": counting}
"""What generated modules get instead of Python's own."""
