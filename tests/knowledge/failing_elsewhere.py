"""Commands, messages and work on other machines that fail, and nobody is told."""

from __future__ import annotations

import os
import socket
import tempfile
import threading
from concurrent import futures
from functools import cache
from pathlib import Path
from typing import Any

from failing import Setting, Trial, address, each, named, web
from failing_standard import work

Names = list[str]


def by_ssh(names: Names) -> Trial:
    def call(at: Setting) -> Any:
        import paramiko

        class Server(paramiko.ServerInterface):
            """Lets everybody in, and fails at what it is told to do."""

            def check_auth_password(self, username: str, password: str) -> int:
                return int(paramiko.AUTH_SUCCESSFUL)

            def check_channel_request(self, kind: str, chanid: int) -> int:
                return int(paramiko.OPEN_SUCCEEDED)

            def check_channel_exec_request(self, channel: Any, command: bytes) -> bool:
                status = 0 if at.works else 3  # after the answer that the command was started
                threading.Timer(0.1, channel.send_exit_status, (status,)).start()
                return True

        ours, theirs = socket.socketpair()
        transport = paramiko.Transport(theirs)
        transport.add_server_key(paramiko.RSAKey.generate(2048))
        transport.start_server(threading.Event(), Server())
        with named(*names[:-1])() as client:
            client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
            client.connect("x", username="u", password="p", sock=ours)
            result = client.exec_command("something")
            assert result[1].channel.recv_exit_status() == (0 if at.works else 3)
        transport.close()
        return result

    return Trial(call, library="paramiko")


def by_invoke(names: Names) -> Trial:
    def call(at: Setting) -> Any:
        function = named(*names) if len(names) == 2 else getattr(named(*names[:-1])(), names[-1])
        return function("exit 0" if at.works else "exit 3", hide=True, in_stream=False, **at.given)

    return Trial(call, library="invoke")


def pushed(names: Names) -> Trial:
    def call(at: Setting) -> Any:
        with tempfile.TemporaryDirectory() as folder:
            import git

            refuses = Path(folder) / "there" / "hooks" / "pre-receive"
            git.Repo.init(Path(folder) / "there", bare=True).close()
            if not at.works:
                refuses.write_text("#!/bin/sh\nexit 1\n")
                refuses.chmod(0o755)
            here = git.Repo.init(Path(folder) / "here")
            who = git.Actor("a", "a@example.com")
            here.index.commit("first", author=who, committer=who)
            remote = here.create_remote("origin", str(Path(folder) / "there"))
            if names[-2] == "Remote":
                remote = named(*names[:-1])(here, "origin")
            elif names[-2] == "remote":
                remote = here.remote("origin")
            try:
                return remote.push("HEAD:refs/heads/main")
            finally:
                here.close()

    return Trial(call, library="git")


def by_docker(names: Names) -> Trial:
    def call(at: Setting) -> Any:
        bad = {"Id": "x", "StatusCode": 3, "Error": {"Message": "m"}}
        answer = address(at, {"Id": "x", "StatusCode": 0, "Error": None}, bad, 200)
        if names[-1] == "push":
            answer = address(at, {"status": "pushed"}, {"error": "denied"}, 200)
        client = named("docker", "DockerClient")(base_url=answer, version="1.43")
        if "APIClient" in names:
            return client.api.push("x", stream=False)
        if names[-1] == "push":
            return client.images.push("x")
        return getattr(client.containers, names[-2])("x").wait()

    return Trial(call, library="docker")


def by_minio(names: Names) -> Trial:
    def call(at: Setting) -> Any:
        from minio.deleteobjects import DeleteObject

        status = 200 if at.works else 403
        body = b"<DeleteResult></DeleteResult>" if at.works else b""
        web().answers["bucket"] = status, body, {"content-type": "application/xml"}
        told = {"access_key": "a", "secret_key": "s", "region": "r", "secure": False}
        client = named(*names[:-1])(f"{web().host}:{web().port}", **told)
        return client.remove_objects("bucket", [DeleteObject("x")])

    return Trial(call, library="minio")


# brokers


def broker() -> tuple[Any, str]:
    """A Kafka broker that the client library makes for tests, while somebody holds it."""
    import confluent_kafka

    made = confluent_kafka.Producer({"test.mock.num.brokers": 1, "log_level": 0})
    (one,) = made.list_topics(timeout=10).brokers.values()
    return made, f"{one.host}:{one.port}"


def by_kafka(names: Names) -> Trial:
    def call(at: Setting) -> Any:
        held, where = broker()
        times = {"request_timeout_ms": 200, "delivery_timeout_ms": 300}
        producer = named(*names[:-1])(bootstrap_servers=where, api_version=(2, 1), **times)
        producer.partitions_for("topic")
        if not at.works:
            del held
        future = producer.send("topic", b"x")
        producer.flush(5)
        producer.close(0)
        return future

    return Trial(call, library="kafka")


def by_confluent(names: Names) -> Trial:
    def call(at: Setting) -> Any:
        _held, where = broker() if at.works else (None, "127.0.0.1:1")
        told = {"bootstrap.servers": where, "message.timeout.ms": 200, "log_level": 0}
        seen: list[bool] = []
        producer = named(*names[:-1])(told)
        producer.produce("topic", b"x", on_delivery=lambda err, _: seen.append(err is None))
        assert producer.flush(10) == 0
        assert seen == [at.works]
        return producer.produce("topic", b"x")

    return Trial(call, library="confluent_kafka")


@cache
def pubsub() -> str:
    """The address of a server that takes what is for the topic `good`."""
    import grpc
    from google.pubsub_v1 import types

    def publish(request: Any, context: Any) -> Any:
        if not request.topic.endswith("good"):
            context.abort(grpc.StatusCode.PERMISSION_DENIED, "no")
        return types.PublishResponse(message_ids=["1"])

    method = grpc.unary_unary_rpc_method_handler(
        publish,
        request_deserializer=types.PublishRequest.deserialize,
        response_serializer=types.PublishResponse.serialize,
    )
    handler = grpc.method_handlers_generic_handler(
        "google.pubsub.v1.Publisher", {"Publish": method}
    )
    server = grpc.server(futures.ThreadPoolExecutor(2))
    server.add_generic_rpc_handlers((handler,))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    SERVERS.append(server)
    return f"127.0.0.1:{port}"


SERVERS: list[Any] = []
"""A server ends when nobody holds it."""


def by_pubsub(names: Names) -> Trial:
    def call(at: Setting) -> Any:
        os.environ["PUBSUB_EMULATOR_HOST"] = pubsub()
        client = named(*names[:-1])()
        topic = "good" if at.works else "bad"
        future = client.publish(f"projects/p/topics/{topic}", b"x")
        client.stop()
        futures.wait([future], timeout=10)
        return future

    return Trial(call, library="google.cloud.pubsub_v1")


def by_bigquery(names: Names) -> Trial:
    def call(at: Setting) -> Any:
        from google.auth.credentials import AnonymousCredentials

        error = {"reason": "invalid", "message": "m"}
        state = {"state": "DONE"} | ({} if at.works else {"errorResult": error, "errors": [error]})
        job = {
            "jobReference": {"projectId": "p", "jobId": "j", "location": "L"},
            "configuration": {"query": {"query": "q"}},
            "status": state,
        }
        options = {"api_endpoint": address(at, job, job, 200)}
        client = named(*names[:-1])("p", AnonymousCredentials(), client_options=options)
        return client.query("q")

    return Trial(call, library="google.cloud.bigquery")


# others


def by_future(names: Names) -> Trial:
    def call(at: Setting) -> Any:
        with named(*names[:3])() as session:
            where = web().url(200 if at.works else 500)
            given = ("GET", where) if names[3] == "request" else (where,)
            if names[-1] == "result":
                return getattr(session, names[3])(*given).result()
            given = given if at.works else (*given[:-1], "http://127.0.0.1:1")
            return getattr(session, names[3])(*given)

    return Trial(call, library="requests_futures")


def validated(names: Names) -> Trial:
    def call(at: Setting) -> Any:
        document = {"a": 1 if at.works else "x"}
        if names[0] == "cerberus":
            return named(*names[:-1])({"a": {"type": "integer"}}).validate(document)
        fields = {"a": named("marshmallow", "fields", "Integer")()}
        return named(*names[:-1]).from_dict(fields)().validate(document)

    return Trial(call, library=names[0])


def by_chain(names: Names) -> Trial:
    def call(at: Setting) -> Any:
        return named(*names[:-1])(work(at)).batch([1], **at.given)

    async def call_later(at: Setting) -> Any:
        return await named(*names[:-1])(work(at)).abatch([1], **at.given)

    return Trial(call if names[-1] == "batch" else call_later, library="langchain_core")


def by_meilisearch(names: Names) -> Trial:
    def call(at: Setting) -> Any:
        task = {
            "uid": 1,
            "status": "succeeded" if at.works else "failed",
            "error": None if at.works else {"message": "m"},
            "type": "t",
            "details": {},
            "enqueuedAt": "2024-01-01T00:00:00.000000Z",
        }
        client = named(*names[:-1] if names[-2] == "Client" else names[:-2])(
            address(at, task, task, 200)
        )
        return getattr(client if names[-2] == "Client" else client.index("i"), names[-1])(1)

    return Trial(call, library="meilisearch")


TRIALS = {
    **each("paramiko{,.client}.SSHClient().exec_command()", by_ssh),
    **each("invoke{,.Context(),.context.Context()}.run()", by_invoke),
    **each("git{,.repo,.repo.base}.Repo().{remote(),create_remote()}.push()", pushed),
    **each("git{,.remote}.Remote().push()", pushed),
    **each("git.Repo().remotes.{origin,upstream}.push()", pushed),
    **each("docker{,.client}.{from_env,DockerClient}().images.push()", by_docker),
    **each(
        "docker{,.client}.{from_env,DockerClient}().containers.{get,create}().wait()", by_docker
    ),
    **each("docker{,.api}.APIClient().push()", by_docker),
    **each("minio{,.api}.Minio().remove_objects()", by_minio),
    **each("kafka{,.producer}.KafkaProducer().send()", by_kafka),
    **each("confluent_kafka{,.cimpl}.Producer().produce()", by_confluent),
    **each("google.cloud.pubsub_v1.PublisherClient().publish()", by_pubsub),
    **each("google.cloud.bigquery{,.client}.Client().query()", by_bigquery),
    **each(
        "requests_futures.sessions.FuturesSession()"
        ".{get,options,head,post,put,patch,delete,request}()",
        by_future,
    ),
    **each(
        "requests_futures.sessions.FuturesSession()"
        ".{get,options,head,post,put,patch,delete,request}().result()",
        by_future,
    ),
    **each("marshmallow{,.schema}.Schema().validate()", validated),
    **each("cerberus{,.validator}.Validator().validate()", validated),
    **each("langchain_core.runnables{,.base}.RunnableLambda().{batch,abatch}()", by_chain),
    **each("meilisearch{,.client}.Client(){,.index()}.{wait_for_task,get_task}()", by_meilisearch),
}
