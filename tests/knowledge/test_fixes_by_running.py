"""Mended code is run against the libraries themselves: it does what it did as long as nothing
fails, and a failure that passed unnoticed raises."""

from __future__ import annotations

import asyncio
import inspect
import re
import sys
from typing import Any

import pytest
from failing import web

from incident_lint.checks import FAMILIES
from incident_lint.engine.finding import Finding
from incident_lint.engine.fixing import Target, stabilise
from incident_lint.engine.project import Project
from incident_lint.engine.run import check_source
from incident_lint.fixes import REWRITERS
from incident_lint.model.source import Source

CODES = frozenset({"INC201", "INC202"})

BY_ADDRESS = """
import requests
def use(url):
    with requests.Session() as session:
        answer = session.get(url)
        return answer.json()

import requests
def use(url):
    if url: requests.post(url)
    return "sent"

import requests
def use(url):
    with requests.get(url, stream=True) as answer:
        return b"".join(answer.iter_content())

from requests_futures.sessions import FuturesSession
def use(url):
    answer = FuturesSession().get(url).result()
    return answer.json()

import httpx
def use(url):
    return httpx.get(url, verify=False).json()

import httpx
def use(url):
    with httpx.Client(verify=False) as client, client.stream("GET", url) as answer:
        return answer.read()

import httpx
async def use(url):
    async with httpx.AsyncClient(verify=False) as client:
        await client.post(url)
        answer = await client.get(url)
        return answer.text, (await client.get(url)).json()

import aiohttp
async def use(url):
    async with aiohttp.ClientSession() as session:
        await session.delete(url)
        async with session.get(url) as answer:
            return await answer.json()
"""

BY_COMMAND = """
import subprocess
def use(command):
    return subprocess.run(command, stdout=subprocess.PIPE).stdout

import subprocess
def use(command):
    subprocess.run(
        command,
        stdout=subprocess.DEVNULL,
    )
    return "done"
"""


def samples(text: str) -> list[str]:
    return [sample.strip() + "\n" for sample in re.split(r"\n\n(?=\S)", text)]


def findings(source: Source) -> list[Finding]:
    return list(check_source(source, Project(), FAMILIES, CODES).findings)


def mended(text: str) -> str:
    """A sample after its fixes: nothing is found in it any more."""
    fixed = stabilise(Source("sample.py", text), findings, Target((3, 10)), True, REWRITERS)
    assert fixed.applied.total() == len(findings(Source("sample.py", text))) > 0
    assert findings(Source("sample.py", fixed.text)) == []
    return fixed.text


def run(text: str, argument: object) -> Any:
    names: dict[str, Any] = {}
    exec(compile(text, "sample.py", "exec"), names)
    result = names["use"](argument)
    return asyncio.run(result) if inspect.iscoroutine(result) else result


def raises_only_after(text: str, fine: object, bad: object) -> None:
    after = mended(text)
    assert run(after, fine) == run(text, fine)
    run(text, bad)
    with pytest.raises(Exception, match=re.compile("500|non-zero")):
        run(after, bad)


@pytest.mark.parametrize("text", samples(BY_ADDRESS))
def test_an_error_status_raises(text: str) -> None:
    raises_only_after(text, web().url(200, b'{"price": 9}'), web().url(500, b'{"price": 0}'))


@pytest.mark.parametrize("text", samples(BY_COMMAND))
def test_a_failed_command_raises(text: str) -> None:
    command = [sys.executable, "-c", "print(9)"]
    raises_only_after(text, command, [*command[:2], "print(0); raise SystemExit(3)"])
