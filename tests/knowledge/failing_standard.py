"""Calls of the standard library that fail, and do not say so."""

from __future__ import annotations

import asyncio
import compileall
import concurrent.futures
import http.client
import importlib
import io
import os
import socket
import subprocess
import sys
import tempfile
import threading
import xmlrpc.client
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xmlrpc.server import SimpleXMLRPCServer

from failing import Setting, Trial, each, raise_it, web

Names = list[str]


def command(at: Setting) -> list[str]:
    status = 0 if at.works else "'it failed'"  # a text is written to stderr
    return [sys.executable, "-c", f"print('done'); raise SystemExit({status})"]


def shell(at: Setting) -> str:
    return "echo done; exit " + ("0" if at.works else "3")


def spawned(names: Names) -> Trial:
    def call(at: Setting) -> Any:
        program = [sys.executable, "-c", f"raise SystemExit({0 if at.works else 3})"]
        given: list[Any] = program if "l" in names[1][5:] else [program]
        if names[1].endswith("e"):
            given = [*given, dict(os.environ)]
        return getattr(os, names[1])(os.P_WAIT, sys.executable, *given)

    return Trial(call)


def popen(at: Setting) -> Any:
    process = subprocess.Popen(command(at), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.wait()
    return process


def created(names: Names) -> Trial:
    async def call(at: Setting) -> Any:
        given = command(at) if names[1].endswith("exec") else [shell(at)]
        process = await getattr(asyncio, names[1])(*given, stdout=subprocess.PIPE)
        await process.wait()
        return process

    return Trial(call)


PROCESSES = {
    "subprocess.run()": Trial(
        lambda at: subprocess.run(command(at), capture_output=True, **at.given)
    ),
    "subprocess.call()": Trial(lambda at: subprocess.call(command(at), stdout=subprocess.DEVNULL)),
    "subprocess.Popen()": Trial(popen),
    "subprocess.getstatusoutput()": Trial(lambda at: subprocess.getstatusoutput(shell(at))),
    "subprocess.getoutput()": Trial(lambda at: subprocess.getoutput(shell(at))),
    "os.system()": Trial(lambda at: os.system("exit 0" if at.works else "exit 3")),
    **each("asyncio.{create_subprocess_exec,create_subprocess_shell}()", created),
    **each("os.{spawnl,spawnle,spawnlp,spawnlpe,spawnv,spawnve,spawnvp,spawnvpe}()", spawned),
}


# work that is done elsewhere


def work(at: Setting) -> Callable[..., Any]:
    return bool if at.works else raise_it


class Direct(concurrent.futures.Executor):
    """An executor that has only what the base class gives it."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        with concurrent.futures.ThreadPoolExecutor(1) as executor:
            return executor.submit(fn, *args, **kwargs)


def executor(name: str) -> concurrent.futures.Executor:
    return Direct() if name == "Executor" else getattr(concurrent.futures, name)(1)


def submitted(names: Names) -> Trial:
    def call(at: Setting) -> Any:
        with executor(names[2]) as pool:
            if names[3] == "map":
                return pool.map(work(at), [1])
            return pool.submit(work(at), 1)

    return Trial(call)


def pooled(names: Names) -> Trial:
    def call(at: Setting) -> Any:
        made = importlib.import_module("multiprocessing" if names[1] == "get_context" else owner)
        made = made.get_context() if names[1] == "get_context" else made
        with getattr(made, names[-2])(1) as pool:
            given = (1,) if names[-1] == "apply_async" else [(1,)]
            result = getattr(pool, names[-1])(work(at), given)
            pool.close()
            pool.join()
            return result

    owner = ".".join(names[:-2])
    return Trial(call)


async def gathered(at: Setting) -> Any:
    async def one() -> None:
        work(at)()

    return await asyncio.gather(one(), **at.given)


def task(names: Names) -> Trial:
    async def call(at: Setting) -> Any:
        async def one() -> None:
            work(at)()

        loop = asyncio.get_running_loop()
        if names[-1] == "run_in_executor":
            made: Any = loop.run_in_executor(None, work(at))
        elif names[-1] == "ensure_future":
            made = asyncio.ensure_future(one())
        else:
            made = (loop if len(names) == 3 else asyncio).create_task(one())
        await asyncio.wait([made])
        return made

    return Trial(call)


def from_another_thread(at: Setting) -> Any:
    async def one() -> None:
        work(at)()

    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    future = asyncio.run_coroutine_threadsafe(one(), loop)
    concurrent.futures.wait([future])
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()
    return future


def many_calls(at: Setting) -> Any:
    with SimpleXMLRPCServer(("127.0.0.1", 0), logRequests=False) as server:
        server.register_multicall_functions()
        server.register_function(lambda: work(at)() or 0, "work")
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        host, port = server.server_address[:2]
        calls = xmlrpc.client.MultiCall(xmlrpc.client.ServerProxy(f"http://{host!s}:{port}"))
        calls.work()
        result = calls()
        thread.join()
        return result


LOOPS = "asyncio.{get_event_loop,get_running_loop,new_event_loop}()"
POOLS = "multiprocessing{,.pool,.dummy,.get_context()}.Pool()"
CONCURRENCY = {
    **each(
        "concurrent.futures.{Executor,ThreadPoolExecutor,ProcessPoolExecutor}().{submit,map}()",
        submitted,
    ),
    **each(POOLS + ".{apply_async,map_async,starmap_async,imap,imap_unordered}()", pooled),
    **each(
        "multiprocessing.pool.ThreadPool()"
        ".{apply_async,map_async,starmap_async,imap,imap_unordered}()",
        pooled,
    ),
    **each("asyncio.{create_task,ensure_future}()", task),
    **each(LOOPS + ".{create_task,run_in_executor}()", task),
    "asyncio.gather()": Trial(gathered),
    "asyncio.run_coroutine_threadsafe()": Trial(from_another_thread),
    "xmlrpc.client.MultiCall()()": Trial(many_calls),
}


# the network and files


def answered(names: Names) -> Trial:
    def call(at: Setting) -> Any:
        connection = getattr(http.client, names[2])(web().host, web().port)
        connection.sock = socket.create_connection((web().host, web().port))
        connection.request("GET", web().path(200 if at.works else 500))
        return connection.getresponse()

    return Trial(call)


def sent(names: Names) -> Trial:
    def call(at: Setting) -> Any:
        with socket.create_server(("127.0.0.1", 0)) as server:
            client = socket.create_connection(server.getsockname())
            client.setblocking(False)
            count = client.send(b"x" * (10 if at.works else 50_000_000))
            client.close()
            assert (count == 10) is at.works and count < 50_000_000
            return count

    return Trial(call)


def connected(at: Setting) -> Any:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as client:
        address = server.getsockname()
        if not at.works:
            server.close()
        return client.connect_ex(address)


def compiled(names: Names) -> Trial:
    def call(at: Setting) -> Any:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "sample.py"
            file.write_text("x = 1" if at.works else "x =")
            if names[1] == "compile_file":
                return compileall.compile_file(file, quiet=2)
            if names[1] == "compile_dir":
                return compileall.compile_dir(folder, quiet=2)
            before, sys.path[:] = sys.path[:], ["", folder]
            try:
                return compileall.compile_path(quiet=2)
            finally:
                sys.path[:] = before

    return Trial(call)


def zipped(at: Setting) -> Any:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("sample.txt", "what it says")
    content = held.getvalue()
    if not at.works:
        content = content.replace(b"what it says", b"what it SAYS")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.testzip()


def removed(at: Setting) -> Any:
    import shutil

    with tempfile.TemporaryDirectory() as folder:
        return shutil.rmtree(folder if at.works else folder + "/missing", **at.given)


OTHERS = {
    **each("http.client.{HTTPConnection,HTTPSConnection}().getresponse()", answered),
    **each("socket.{socket,create_connection}().send()", sent),
    "socket.socket().connect_ex()": Trial(connected),
    **each("compileall.{compile_dir,compile_file,compile_path}()", compiled),
    "zipfile.ZipFile().testzip()": Trial(zipped),
    "shutil.rmtree()": Trial(removed),
}
TRIALS = {**PROCESSES, **CONCURRENCY, **OTHERS}
