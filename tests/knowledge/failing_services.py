"""Clients of services that are refused, and nobody is told: mail, chat, search and databases."""

from __future__ import annotations

import importlib
import json
import tempfile
import uuid
from pathlib import Path
from typing import Any

from failing import Setting, Trial, address, each, later, lines, named, web

Names = list[str]

# chat and push


def by_slack(names: Names) -> Trial:
    def call(at: Setting) -> Any:
        client = named(*names[:-1])(address(at, "ok", "no"))
        return client.send(text="x") if names[-1] == "send" else client.send_dict({"text": "x"})

    async def call_later(at: Setting) -> Any:
        client = named(*names[:-1])(address(at, "ok", "no"))
        if names[-1] == "send":
            return await client.send(text="x")
        return await client.send_dict({"text": "x"})

    return Trial(call_later if later(names) else call, library="slack_sdk")


def by_discord(names: Names) -> Trial:
    def call(at: Setting) -> Any:
        hook = named(*names[:-1])(url=address(at, {}, {}), content="x", id="1")
        return getattr(hook, names[-1])()

    return Trial(call, library="discord_webhook")


def by_apprise(names: Names) -> Trial:
    def call(at: Setting) -> Any:
        service = named(*names[:-1])()
        service.add(address(at).replace("http", "json"))
        return service.notify("x")

    async def call_later(at: Setting) -> Any:
        service = named(*names[:-1])()
        service.add(address(at).replace("http", "json"))
        return await service.async_notify("x")

    return Trial(call_later if later(names) else call, library="apprise")


def by_mqtt(names: Names) -> Trial:
    def call(at: Setting) -> Any:
        from paho.mqtt.client import CallbackAPIVersion, Client

        client = Client(CallbackAPIVersion.VERSION2)
        if at.works:
            client.connect(web().host, web().port)
        return (
            client.publish("a", "b") if names[-1] == "publish" else getattr(client, names[-1])("a")
        )

    return Trial(call, library="paho")


def by_firebase(names: Names) -> Trial:
    def call(at: Setting) -> Any:
        import firebase_admin
        from firebase_admin import credentials, messaging
        from google.auth.credentials import AnonymousCredentials

        class Nobody(credentials.Base):  # type: ignore[misc]
            def get_credential(self) -> Any:
                return AnonymousCredentials()

        app = firebase_admin.initialize_app(Nobody(), {"projectId": "p"}, str(uuid.uuid4()))
        service = messaging._get_messaging_service(app)
        service._fcm_url = address(at, {"name": "x"}, {}, 404)
        message: Any = messaging.Message(token="t")
        if "multicast" in names[-1]:
            message = messaging.MulticastMessage(tokens=["t"])
        else:
            message = [message]
        return getattr(messaging, names[-1])(message, app=app)

    return Trial(call, library="firebase_admin")


def by_expo(names: Names) -> Trial:
    def call(at: Setting) -> Any:
        import exponent_server_sdk as expo

        said = {"status": "ok" if at.works else "error", "message": "m", "details": {}, "id": "1"}
        web().answers["--"] = 200, json.dumps({"data": [said]}).encode(), {}
        client = expo.PushClient(host=f"http://{web().host}:{web().port}")
        message = expo.PushMessage(to="ExponentPushToken[x]")
        if names[-1] == "publish":
            return client.publish(message)
        return client.publish_multiple([message])

    return Trial(call, library="exponent_server_sdk")


# search


ITEM = {"_index": "i", "_id": "1", "status": 200}
BULK = {"took": 1, "errors": False, "items": [{"index": ITEM}]}
ERROR = {**ITEM, "status": 400, "error": {"type": "t", "reason": "r"}}
REFUSED = {"took": 1, "errors": True, "items": [{"index": ERROR}]}


def client_of(names: Names, at: Setting, status: int = 200) -> Any:
    kind = "Elasticsearch" if names[0] == "elasticsearch" else "OpenSearch"
    kind = f"Async{kind}" if later(names) else kind
    return named(names[0], kind)(address(at, BULK, REFUSED, status))


def by_elastic(names: Names) -> Trial:
    def call(at: Setting) -> Any:
        with client_of(names, at, 500 if names[-1] == "ping" else 200) as client:
            return client.ping() if names[-1] == "ping" else client.bulk(body=ACTIONS)

    async def call_later(at: Setting) -> Any:
        async with client_of(names, at, 500 if names[-1] == "ping" else 200) as client:
            return await (client.ping() if names[-1] == "ping" else client.bulk(body=ACTIONS))

    return Trial(call_later if later(names) else call, library=names[0])


ACTIONS: list[Any] = [{"index": {"_index": "i"}}, {"a": 1}]


def helped(names: Names) -> Trial:
    def call(at: Setting) -> Any:
        helpers = importlib.import_module(f"{names[0]}.helpers")
        actions = [{"_index": "i", "a": 1}]
        return getattr(helpers, names[-1])(client_of(names, at), actions, **at.given)

    async def call_later(at: Setting) -> Any:
        helpers = importlib.import_module(f"{names[0]}.helpers")
        async with client_of(names, at) as client:
            return await helpers.async_bulk(client, [{"_index": "i", "a": 1}], **at.given)

    return Trial(call_later if later(names) else call, library=names[0])


# databases


def redis_reply(works: bool) -> Any:
    def reply(line: str) -> str:
        if line == "EXEC":
            return "*1\r\n" + ("+OK" if works else "-ERR made to fail")
        if line == "SET":
            return "+OK" if works else "$-1"
        return {"MULTI": "+OK", "CLIENT": "+OK", "GET": "+QUEUED"}.get(line, "")

    return reply


REDIS = {True: redis_reply(True), False: redis_reply(False)}


def by_redis(names: Names) -> Trial:
    maker = [name for name in names if name not in ("pipeline", "execute", "lock", "acquire")]

    def client(at: Setting) -> Any:
        host, port = lines(None, REDIS[at.works])
        if maker[-1] == "from_url":
            return named(*maker)(f"redis://{host}:{port}", protocol=2)
        return named(*maker)(host=host, port=port, protocol=2)

    def call(at: Setting) -> Any:
        with client(at) as made:
            if names[-1] == "execute":
                return made.pipeline().get("k").execute(**at.given)
            return made.lock("k").acquire(blocking=False)

    async def call_later(at: Setting) -> Any:
        async with client(at) as made:
            if names[-1] == "execute":
                return await made.pipeline().get("k").execute(**at.given)
            return await made.lock("k").acquire(blocking=False)

    return Trial(call_later if "asyncio" in names else call, library=names[0])


def by_ldap(names: Names) -> Trial:
    def call(at: Setting) -> Any:
        import ldap3

        made = named(*names[:-1])(
            ldap3.Server("x"), "cn=a,o=x", "word", client_strategy=ldap3.MOCK_SYNC, **at.constructor
        )
        made.strategy.add_entry("cn=a,o=x", {"userPassword": "word", "sn": "s"})
        if names[-1] == "bind":
            made.password = "word" if at.works else "wrong"
            return made.bind()
        made.bind()
        whom = "cn=a,o=x" if at.works else "cn=missing,o=x"
        given: dict[str, tuple[Any, ...]] = {
            "add": ("cn=b,o=x" if at.works else "cn=a,o=x", "person", {"sn": "s"}),
            "modify": (whom, {"sn": [(ldap3.MODIFY_REPLACE, ["t"])]}),
            "delete": (whom,),
            "modify_dn": (whom, "cn=c"),
            "compare": (whom, "sn", "s"),
        }
        return getattr(made, names[-1])(*given[names[-1]])

    return Trial(call, library="ldap3")


def by_bigquery(names: Names) -> Trial:
    def call(at: Setting) -> Any:
        from google.auth.credentials import AnonymousCredentials

        bad = {"insertErrors": [{"index": 0, "errors": [{"reason": "invalid"}]}]}
        client = named(*names[:-1])(
            "p",
            AnonymousCredentials(),
            client_options={"api_endpoint": address(at, {}, bad, 200)},
        )
        if names[-1] == "insert_rows_json":
            return client.insert_rows_json("p.d.t", [{"a": 1}])
        field = importlib.import_module("google.cloud.bigquery").SchemaField("a", "INTEGER")
        return client.insert_rows("p.d.t", [(1,)], selected_fields=[field])

    return Trial(call, library="google.cloud.bigquery")


def by_storage(names: Names) -> Trial:
    def call(at: Setting) -> Any:
        from google.auth.credentials import AnonymousCredentials
        from google.cloud import storage
        from google.cloud.storage import transfer_manager

        options = {"api_endpoint": address(at, {"name": "n"}, {}, 404)}
        client = storage.Client("p", AnonymousCredentials(), client_options=options)
        bucket = client.bucket("b")
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "file"
            file.write_text("x")
            told = {"worker_type": transfer_manager.THREAD, **at.given}
            if names[-1] == "upload_many":
                return transfer_manager.upload_many([(str(file), bucket.blob("n"))], **told)
            return transfer_manager.upload_many_from_filenames(
                bucket, ["file"], source_directory=folder, **told
            )

    return Trial(call, library="google.cloud.storage")


REDIS_CLIENTS = (
    "{redis.,redis.asyncio.}{Redis,StrictRedis,from_url}()",
    "{valkey.,valkey.asyncio.}{Valkey,from_url}()",
)
TRIALS = {
    **each("slack_sdk{,.webhook,.webhook.client}.WebhookClient().{send,send_dict}()", by_slack),
    **each("slack_sdk.webhook.async_client.AsyncWebhookClient().{send,send_dict}()", by_slack),
    **each("discord_webhook{,.webhook}.DiscordWebhook().{execute,edit,delete}()", by_discord),
    **each("apprise{,.apprise}.Apprise().{notify,async_notify}()", by_apprise),
    **each("paho.mqtt.client.Client().{publish,subscribe,unsubscribe}()", by_mqtt),
    **each("firebase_admin.messaging.{send_each,send_each_for_multicast}()", by_firebase),
    **each("exponent_server_sdk.PushClient().{publish,publish_multiple}()", by_expo),
    **each("elasticsearch.{Elasticsearch,AsyncElasticsearch}().{bulk,ping}()", by_elastic),
    **each("opensearchpy.{OpenSearch,AsyncOpenSearch}().{bulk,ping}()", by_elastic),
    **each("{elasticsearch,opensearchpy}.helpers.{bulk,async_bulk}()", helped),
    **each("{elasticsearch,opensearchpy}.helpers.{streaming_bulk,parallel_bulk}()", helped),
    **{
        text: trial
        for clients in REDIS_CLIENTS
        for end in (".pipeline().execute()", ".lock().acquire()")
        for text, trial in each(clients + end, by_redis).items()
    },
    **each(
        "ldap3{,.core.connection}.Connection().{bind,add,modify,delete,modify_dn,compare}()",
        by_ldap,
    ),
    **each(
        "google.cloud.bigquery{,.client}.Client().{insert_rows,insert_rows_json}()", by_bigquery
    ),
    **each(
        "google.cloud.storage.transfer_manager.{upload_many,upload_many_from_filenames}()",
        by_storage,
    ),
}
