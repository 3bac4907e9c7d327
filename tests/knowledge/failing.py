"""Calls that are made to fail, and local servers that refuse what they are asked."""

from __future__ import annotations

import importlib
import itertools
import json
import socketserver
import threading
from collections.abc import Callable, Mapping
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from incident_lint.knowledge import paths

WORKS = "works"
NOTHING: Mapping[str, Any] = MappingProxyType({})


class Setting(NamedTuple):
    """How a call is made: `outcome` is what becomes of it ("works", or a way to fail), `given` and
    `constructor` are further keyword arguments of it and of what made its client."""

    outcome: str
    given: Mapping[str, Any] = NOTHING
    constructor: Mapping[str, Any] = NOTHING

    @property
    def works(self) -> bool:
        return self.outcome == WORKS


class Trial(NamedTuple):
    """A call of a row: `call` makes it and gives its result, or a coroutine of it.

    `outcomes` are the ways to fail. `values` has something for each condition `name=*`, `single`
    makes the call for one item, and `library` is what has to be installed.
    """

    call: Callable[[Setting], Any]
    outcomes: tuple[str, ...] = ("fails",)
    values: Mapping[str, Any] = NOTHING
    single: Callable[[], Any] | None = None
    library: str = ""


def each(pattern: str, make: Callable[[list[str]], Trial]) -> dict[str, Trial]:
    """A trial for every path that a pattern stands for, made from the names of the path."""
    found = {}
    for path in paths.parse(pattern):
        names = [segment.text for segment in path if segment.kind == "name"]
        found[paths.render(path)] = make(names)
    return found


def named(*names: str) -> Any:
    """What a dotted name stands for, by its parts; their modules are imported."""
    found = importlib.import_module(names[0])
    for number, name in enumerate(names[1:], 2):
        if not hasattr(found, name):
            importlib.import_module(".".join(names[:number]))
        found = getattr(found, name)
    return found


def raise_it(*_: object) -> None:
    raise RuntimeError("made to fail")


class Web(NamedTuple):
    """A web server on this machine. It gives each test an address of its own."""

    host: str
    port: int
    answers: dict[str, tuple[int, bytes, Mapping[str, str]]]
    numbers: itertools.count[int]

    def url(self, status: int, body: bytes = b"{}", headers: Mapping[str, str] = NOTHING) -> str:
        """Where everything is answered like this, also whatever lies below it."""
        name = str(next(self.numbers))
        self.answers[name] = status, body, headers
        return f"http://{self.host}:{self.port}/{name}"

    def path(self, status: int) -> str:
        """The same without the server's own address."""
        return urlsplit(self.url(status)).path


@cache
def web() -> Web:
    """The one server of a test run."""
    answers: dict[str, tuple[int, bytes, Mapping[str, str]]] = {}

    class Answer(BaseHTTPRequestHandler):
        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("content-length") or 0))
            name = urlsplit(self.path).path.split("/")[1]
            status, body, headers = answers[name]
            self.send_response(status)
            for key, value in {"content-type": "application/json", **headers}.items():
                self.send_header(key, value)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        do_GET = do_HEAD = do_OPTIONS = do_POST = do_PUT = do_PATCH = do_DELETE = answer

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    host, port = server.server_address[:2]
    return Web(str(host), port, answers, itertools.count())


def address(at: Setting, fine: object = "", bad: object = "", status: int = 500) -> str:
    """Where a service is that answers with JSON."""
    body = json.dumps(fine if at.works else bad).encode()
    return web().url(200 if at.works else status, body, {"x-elastic-product": "Elasticsearch"})


def later(names: list[str]) -> bool:
    return any("Async" in name or "async" in name for name in names)


Reply = Callable[[str], str]
"""What a server says to a line; "" for nothing."""


@cache
def lines(greeting: str | None, reply: Reply) -> tuple[str, int]:
    """Host and port of a server that talks in lines."""

    class Talk(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            if greeting is not None:
                self.wfile.write(greeting.encode() + b"\r\n")
            for line in self.rfile:
                said = reply(line.decode().strip())
                if said:
                    self.wfile.write(said.encode() + b"\r\n")

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    host, port = server.server_address[:2]
    return str(host), int(port)
