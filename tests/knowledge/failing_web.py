"""Requests that a web server on this machine refuses, and nobody is told."""

from __future__ import annotations

from typing import Any

from failing import Setting, Trial, each, named, web

Names = list[str]

VERBS = "{get,options,head,post,put,patch,delete,request}()"
STATUS = {"works": 200, "not found": 404, "fails": 500, "moved": 302}


def place(at: Setting) -> str:
    return web().url(STATUS[at.outcome], headers={"location": "/"})


def asked(verb: str, at: Setting) -> tuple[str, ...]:
    """The arguments of a call by its name: `request` wants the method as well."""
    return ("GET", place(at)) if verb in ("request", "urlopen", "stream") else (place(at),)


def check(response: Any, *_: object, **__: object) -> None:
    response.raise_for_status()


def requested(names: Names) -> Trial:
    def call(at: Setting) -> Any:
        import requests

        if "Session" not in names:
            return named(*names)(*asked(names[-1], at), **at.given)
        with named(*names[:-1])() as session:
            for name, value in at.constructor.items():  # it takes none: they are set later
                setattr(session, name, value)
            if names[-1] == "send":
                request = session.prepare_request(requests.Request("GET", place(at)))
                return session.send(request, **at.given)
            return getattr(session, names[-1])(*asked(names[-1], at), **at.given)

    hook = {"response": check}
    return Trial(
        call,
        ("fails", "not found"),
        {"hooks[response]=*": hook, "constructor:hooks[response]=*": hook},
    )


async def check_later(response: Any) -> None:
    response.raise_for_status()


def by_httpx(names: Names) -> Trial:
    failures = ("fails", "not found", "moved")

    def call(at: Setting) -> Any:
        import httpx

        verb = names[-1]
        if len(names) == 2:
            if verb == "stream":
                with httpx.stream("GET", place(at), verify=False) as response:
                    return response
            return named(*names)(*asked(verb, at), verify=False)
        with httpx.Client(verify=False, **at.constructor) as client:
            if verb == "stream":
                with client.stream("GET", place(at)) as response:
                    return response
            if verb == "send":
                return client.send(httpx.Request("GET", place(at)))
            return getattr(client, verb)(*asked(verb, at))

    async def call_later(at: Setting) -> Any:
        import httpx

        verb = names[-1]
        async with httpx.AsyncClient(verify=False, **at.constructor) as client:
            if verb == "stream":
                async with client.stream("GET", place(at)) as response:
                    return response
            if verb == "send":
                return await client.send(httpx.Request("GET", place(at)))
            return await getattr(client, verb)(*asked(verb, at))

    if "AsyncClient" in names:
        hook = {"constructor:event_hooks[response]=*": {"response": [check_later]}}
        return Trial(call_later, failures, hook)
    return Trial(call, failures, {"constructor:event_hooks[response]=*": {"response": [check]}})


def by_aiohttp(names: Names) -> Trial:
    async def call(at: Setting) -> Any:
        import aiohttp

        if len(names) == 2:
            async with aiohttp.request("GET", place(at), **at.given) as response:
                return response
        session = aiohttp.ClientSession(**at.constructor)
        asking = getattr(session, names[-1])(*asked(names[-1], at), **at.given)
        async with session, asking as response:
            return response

    return Trial(call, ("fails", "not found"))


UNENCRYPTED = ("_new_conn", "_validate_conn")


def by_urllib3(names: Names) -> Trial:
    def call(at: Setting) -> Any:
        import urllib3

        retry = urllib3.Retry(0, status_forcelist=[500])
        at = at._replace(
            given=dict.fromkeys(at.given, retry), constructor=dict.fromkeys(at.constructor, retry)
        )
        if len(names) == 2:
            return urllib3.request("GET", place(at), **at.given)
        owner = getattr(urllib3, names[1])
        if names[1].endswith("Manager"):
            proxy = (f"http://{web().host}:{web().port}",) if "Proxy" in names[1] else ()
            return getattr(owner(*proxy, **at.constructor), names[2])("GET", place(at), **at.given)

        plain = urllib3.HTTPConnectionPool  # the tests have no certificate
        over = {name: getattr(plain, name) for name in ("ConnectionCls", *UNENCRYPTED)}
        pool_of = type("Plain", (owner,), over)
        with pool_of(web().host, web().port, **at.constructor) as pool:
            path = web().path(STATUS[at.outcome])
            return getattr(pool, names[2])("GET", path, **at.given)

    return Trial(call)


def by_httplib2(at: Setting) -> Any:
    import httplib2

    return httplib2.Http().request(place(at))


def by_tornado(names: Names) -> Trial:
    async def call_later(at: Setting) -> Any:
        from tornado import httpclient

        return await httpclient.AsyncHTTPClient().fetch(place(at), **at.given)

    def call(at: Setting) -> Any:
        from tornado import httpclient

        client = httpclient.HTTPClient()
        try:
            return client.fetch(place(at), **at.given)
        finally:
            client.close()

    return Trial(call if names[-2] == "HTTPClient" else call_later, ("fails", "not found"))


async def by_anyio(at: Setting) -> Any:
    import anyio

    return await anyio.run_process("exit 0" if at.works else "echo no >&2; exit 3", **at.given)


TRIALS = {
    **each("tornado.httpclient.{AsyncHTTPClient,HTTPClient}().fetch()", by_tornado),
    "anyio.run_process()": Trial(by_anyio),
    **each("requests{,.api,.Session(),.sessions.Session()}." + VERBS, requested),
    **each("requests{,.sessions}.Session().send()", requested),
    **each("httpx{,.Client(),.AsyncClient()}." + VERBS.replace("}", ",stream}"), by_httpx),
    **each("httpx{.Client(),.AsyncClient()}.send()", by_httpx),
    **each("aiohttp.ClientSession()." + VERBS, by_aiohttp),
    **each("aiohttp.request()", by_aiohttp),
    **each("urllib3.request()", by_urllib3),
    **each(
        "urllib3{.PoolManager(),.ProxyManager(),.HTTPConnectionPool(),.HTTPSConnectionPool()}"
        ".{request,urlopen}()",
        by_urllib3,
    ),
    "httplib2.Http().request()": Trial(by_httplib2, ("fails", "not found")),
}
