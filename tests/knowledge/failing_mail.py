"""Mail that is refused, and nobody is told."""

from __future__ import annotations

import asyncio
import contextlib
import imaplib
import smtplib
from collections.abc import Callable
from email.message import EmailMessage
from functools import partial
from typing import Any

from failing import Setting, Trial, address, each, later, lines, named

Names = list[str]


def accept(line: str) -> str:
    """An SMTP server that refuses only one recipient."""
    if line.upper().startswith("RCPT"):
        return "550 nobody" if "nobody" in line else "250 ok"
    if line.upper() == "DATA":
        return "354 go on"
    if line.upper() == "QUIT":
        return "221 bye"
    if line == "." or line.split(" ")[0].upper() in ("EHLO", "LHLO", "HELO", "MAIL", "RSET"):
        return "250 ok"
    return ""


def agree(line: str) -> str:
    return "250 ok"


def refuse(line: str) -> str:
    return "550 no"


def plain(name: str) -> Any:
    """A mail client that does not encrypt, since the tests have no certificate; it is told its own
    name, which would take time to find."""
    over = {"_get_socket": smtplib.SMTP._get_socket}
    made = type(name, (getattr(smtplib, name),), over if name.endswith("SSL") else {})
    return partial(made, local_hostname="localhost")


def said(names: Names) -> Trial:
    arguments = {"helo": (), "ehlo": (), "noop": (), "rset": (), "quit": ()}

    def call(at: Setting) -> Any:
        reply = agree if at.works else refuse
        if names[2] == "connect":
            with contextlib.closing(plain(names[1])()) as client:
                return client.connect(*lines("220 hello" if at.works else "554 no", reply))
        with contextlib.closing(plain(names[1])(*lines("220 hello", reply))) as client:
            return getattr(client, names[2])(*arguments.get(names[2], ("a@example.com",)))

    return Trial(call)


def mailed(names: Names) -> Trial:
    def send(recipients: list[str]) -> Any:
        with contextlib.closing(plain(names[1])(*lines("220 hello", accept))) as client:
            if names[2] == "sendmail":
                return client.sendmail("a@example.com", recipients, "text")
            message = EmailMessage()
            message["From"], message["To"] = "a@example.com", ", ".join(recipients)
            return client.send_message(message)

    def call(at: Setting) -> Any:
        return send(["b@example.com", "c@example.com" if at.works else "nobody@example.com"])

    return Trial(call, single=lambda: send(["nobody@example.com"]))


def imap_reply(word: str) -> Callable[[str], str]:
    def reply(line: str) -> str:
        tag, _, rest = line.partition(" ")
        if rest.startswith("CAPABILITY"):
            return f"* CAPABILITY IMAP4REV1\r\n{tag} OK done"
        if line.endswith("}"):
            waiting.append(tag)
            return "+ go on"
        return f"{waiting.pop() if waiting else tag} {word} that is it"

    waiting: list[str] = []
    return reply


IMAP = {True: imap_reply("OK"), False: imap_reply("NO")}


def asked(names: Names) -> Trial:
    arguments: dict[str, tuple[Any, ...]] = {
        "append": ("box", "", "", b"text"),
        "copy": ("1", "box"),
        "expunge": (),
        "fetch": ("1", "(FLAGS)"),
        "list": (),
        "lsub": (),
        "rename": ("box", "other"),
        "search": (None, "ALL"),
        "select": (),
        "sort": ("(DATE)", "UTF-8", "ALL"),
        "status": ("box", "(MESSAGES)"),
        "store": ("1", "+FLAGS", "X"),
        "thread": ("REFERENCES", "UTF-8", "ALL"),
        "uid": ("SEARCH", "ALL"),
    }
    over = {"_create_socket": imaplib.IMAP4._create_socket}
    kind = type(names[1], (getattr(imaplib, names[1]),), over)

    def call(at: Setting) -> Any:
        client = kind(*lines("* OK hello", IMAP[at.works]))
        client.state = "SELECTED"
        try:
            return getattr(client, names[2])(*arguments.get(names[2], ("box",)))
        finally:
            client.shutdown()

    return Trial(call)


STANDARD = {
    **each("smtplib.{SMTP,SMTP_SSL,LMTP}().{sendmail,send_message}()", mailed),
    **each(
        "smtplib.{SMTP,SMTP_SSL,LMTP}()"
        ".{connect,mail,rcpt,docmd,verify,vrfy,expn,helo,ehlo,noop,rset,quit}()",
        said,
    ),
    **each(
        "imaplib.{IMAP4,IMAP4_SSL}().{append,copy,create,delete,expunge,fetch,list,lsub,rename,"
        "search,select,sort,status,store,subscribe,thread,uid,unsubscribe}()",
        asked,
    ),
}


# libraries


def by_django(names: Names) -> Trial:
    def call(at: Setting) -> Any:
        mail = django_mail(accept if at.works else refuse)
        if names[-1] == "send":
            return named(*names[:-1])("s", "b", "a@example.com", ["b@example.com"]).send(**at.given)
        if names[-1] == "send_messages":
            message = mail.EmailMessage("s", "b", "a@example.com", ["b@example.com"])
            return mail.get_connection(**at.constructor).send_messages([message])
        given: dict[str, tuple[Any, ...]] = {
            "send_mail": ("s", "b", "a@example.com", ["b@example.com"]),
            "send_mass_mail": ([("s", "b", "a@example.com", ["b@example.com"])],),
        }
        return getattr(mail, names[-1])(*given.get(names[-1], ("s", "b")), **at.given)

    return Trial(call, library="django")


def django_mail(reply: Any) -> Any:
    from django.conf import settings
    from django.core import mail
    from django.core.mail.utils import DNS_NAME

    DNS_NAME._fqdn = "localhost"
    if not settings.configured:
        people = [("a", "a@example.com")]
        settings.configure(ADMINS=people, MANAGERS=people, USE_I18N=False)
    settings.EMAIL_HOST, settings.EMAIL_PORT = lines("220 hello", reply)
    return mail


def hear(sender: object, fails: bool, **_: object) -> None:
    if fails:
        raise RuntimeError("made to fail")


async def hear_later(sender: object, fails: bool, **_: object) -> None:
    hear(sender, fails)


def signalled(names: Names) -> Trial:
    def call(at: Setting) -> Any:
        signal = named(*names[:-1])()
        signal.connect(hear)
        return [answer for _, answer in signal.send_robust(None, fails=not at.works)]

    async def call_later(at: Setting) -> Any:
        signal = named(*names[:-1])()
        signal.connect(hear_later)
        return [answer for _, answer in await signal.asend_robust(None, fails=not at.works)]

    return Trial(call if names[-1] == "send_robust" else call_later, library="django")


def filled(names: Names) -> Trial:
    def call(at: Setting) -> Any:
        django_mail(accept)
        from django import forms

        made = type("Sample", (named(*names[:-1]),), {"name": forms.CharField()})
        return made({"name": "x"} if at.works else {}).is_valid()

    return Trial(call, library="django")


def by_aiosmtplib(names: Names) -> Trial:
    async def call(at: Setting) -> Any:
        import aiosmtplib

        host, port = lines("220 hello", accept)
        message = EmailMessage()
        message["From"] = sender = "a@example.com"
        others = ["b@example.com", "c@example.com" if at.works else "nobody@example.com"]
        message["To"] = ", ".join(others)
        told: Any = {"start_tls": False, "local_hostname": "localhost"}
        if names[-1] == "send":
            return await aiosmtplib.send(message, hostname=host, port=port, **told)
        client = aiosmtplib.SMTP(hostname=host, port=port, **told)
        given = (sender, others, "text") if "sendmail" in names[-1] else (message,)
        if names[-1].endswith("sync"):
            return await asyncio.to_thread(getattr(client, names[-1]), *given)
        async with client:
            return await getattr(client, names[-1])(*given)

    return Trial(call, library="aiosmtplib")


def by_emails(names: Names) -> Trial:
    def call(at: Setting) -> Any:
        host, port = lines("220 hello", accept if at.works else refuse)
        message = named(*names[:-1])(html="x", subject="s", mail_from="a@example.com")
        return message.send(to="b@example.com", smtp={"host": host, "port": port, "timeout": 5})

    return Trial(call, library="emails")


def by_mailgun(names: Names) -> Trial:
    def call(at: Setting) -> Any:
        client = named(*names[:3])(auth=("api", "key"), api_url=address(at, status=400))
        return getattr(getattr(client, names[3]), names[4])(domain="example.com", data={})

    async def call_later(at: Setting) -> Any:
        async with named(*names[:3])(
            auth=("api", "key"), api_url=address(at, status=400)
        ) as client:
            return await getattr(getattr(client, names[3]), names[4])(domain="example.com", data={})

    return Trial(call_later if later(names) else call, library="mailgun")


TRIALS = {
    **STANDARD,
    **each("django.core.mail.{send_mail,send_mass_mail,mail_admins,mail_managers}()", by_django),
    **each("django.core.mail{,.message}.{EmailMessage,EmailMultiAlternatives}().send()", by_django),
    **each("django.core.mail.get_connection().send_messages()", by_django),
    **each("django.dispatch{,.dispatcher}.Signal().{send_robust,asend_robust}()", signalled),
    **each("django.forms{,.forms}.Form().is_valid()", filled),
    **each("aiosmtplib.send()", by_aiosmtplib),
    **each(
        "aiosmtplib.SMTP().{send_message,sendmail,send_message_sync,sendmail_sync}()", by_aiosmtplib
    ),
    **each("emails{.Message(),.html(),.message.Message()}.send()", by_emails),
    **each(
        "mailgun.client.Client().{messages,domains,events,bounces,unsubscribes,complaints,routes,"
        "lists,templates}.{create,get,put,delete}()",
        by_mailgun,
    ),
    **each("mailgun.client.AsyncClient().messages.{create,get,put,delete}()", by_mailgun),
}
