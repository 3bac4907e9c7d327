"""The parts of a worker: how it takes messages, what it keeps, and how that is sent.

In a template `$s` is a value of the message, `$e` an expression that is sent; `kept` is what is
kept, `message` the message. `TURN` and `CHANGE` are where a turn, and the change in it, stand.
"""

from __future__ import annotations

from typing import NamedTuple


class Head(NamedTuple):
    """How a worker takes its messages; `queue`: from a queue, else by iterating."""

    name: str
    annotation: str
    lines: str
    queue: bool


class State(NamedTuple):
    """What is kept: what makes it before the loop, how a turn changes it, what is sent of it, and
    lines that make it new, at the turn's begin or end."""

    name: str
    make: str
    changes: tuple[str, ...]
    reads: tuple[str, ...]
    resets: tuple[str, ...] = ()
    above: str = ""


class Use(NamedTuple):
    """How something is sent."""

    name: str
    relay: str
    lines: str
    above: str = ""


class Guard(NamedTuple):
    """Around a change: always, or on some ways only."""

    name: str
    lines: str


HEADS = (
    Head(
        "queue",
        "queue.Queue",
        "while True:\n    message = jobs.get()\n    if message is None:\n        break\n    TURN",
        True,
    ),
    Head(
        "queue until", "queue.Queue", "while (message := jobs.get()) is not None:\n    TURN", True
    ),
    Head(
        "simple queue",
        "queue.SimpleQueue",
        "message = None\n"
        "while True:\n"
        "    message = jobs.get()\n"
        "    if not message:\n"
        "        return\n"
        "    TURN",
        True,
    ),
    Head(
        "no wait",
        "queue.Queue",
        "while True:\n"
        "    try:\n"
        "        message = jobs.get_nowait()\n"
        "    except queue.Empty:\n"
        "        break\n"
        "    if message is None:\n"
        "        break\n"
        "    TURN",
        True,
    ),
    Head("consumer", "KafkaConsumer", "for message in jobs:\n    TURN", False),
    Head("numbered", "KafkaConsumer", "for number, message in enumerate(jobs):\n    TURN", False),
    Head(
        "watched",
        "KafkaConsumer",
        "for message in jobs:\n"
        "    try:\n"
        "        TURN\n"
        "    except OSError:\n"
        "        log.exception('lost')",
        False,
    ),
    Head(
        "skipping",
        "KafkaConsumer",
        "for message in jobs:\n    if not message.to:\n        continue\n    TURN",
        False,
    ),
)

GUARDS = (
    Guard("always", "CHANGE"),
    Guard("if", "if message.first:\n    CHANGE"),
    Guard("if not none", "if message.user is not None:\n    CHANGE"),
    Guard("two ifs", "if message.first:\n    if message.second:\n        CHANGE"),
    Guard("and", "if message.first and message.second:\n    CHANGE"),
    Guard("or", "if message.first or message.second:\n    CHANGE"),
    Guard(
        "elif",
        "if message.kind == 'first':\n"
        "    CHANGE\n"
        "elif message.kind == 'second':\n"
        "    log.info('second')",
    ),
    Guard(
        "match",
        "match message.kind:\n    case 'first':\n        CHANGE\n    case 'second':\n        pass",
    ),
    Guard("try", "try:\n    check(message)\n    CHANGE\nexcept ValueError:\n    log.info('bad')"),
    Guard("try with", "with suppress(ValueError):\n    check(message)\n    CHANGE"),
    Guard("helper says", "if has(message):\n    CHANGE"),
    Guard("else", "if message.first:\n    log.info('first')\nelse:\n    CHANGE"),
    Guard("while", "for _ in message.files:\n    CHANGE\n    break"),
    Guard("both ways", "if message.first:\n    CHANGE\nelse:\n    CHANGE"),
    Guard("leaves", "if not message.first:\n    continue\nCHANGE"),
    Guard(
        "twice",
        "ready = message.first\nif not ready:\n    log.info('later')\nif ready:\n    CHANGE",
    ),
    Guard("loop", "for _ in range(2):\n    CHANGE"),
    Guard(
        "finally",
        "try:\n    check(message)\nexcept ValueError:\n    log.info('bad')\nfinally:\n    CHANGE",
    ),
)

VALUES = (
    "message.text",
    "message.file",
    "render(message)",
    "message.image or message.file",
    "[message.file, message.text]",
    "f'{message.text}!'",
    "message.text.upper().replace('X', '')",
    "{'text': message.text}",
    "' '.join([message.text, message.file])",
)

STATES = (
    State(
        "list",
        "kept = []",
        (
            "kept.append($s)",
            "kept += [$s]",
            "kept.extend([$s])",
            "kept.insert(0, $s)",
            "add(kept, $s)",
            "for each in [$s]:\n    kept.append(each)",
        ),
        ("kept", "list(kept)", "[str(each) for each in kept]", "tuple(kept)"),
        ("kept = []", "kept.clear()", "del kept[:]", "kept[:] = []", "kept = list()"),
    ),
    State(
        "dict",
        "kept = {'x': 'y'}",
        (
            "kept[message.name] = $s",
            "kept.update({message.name: $s})",
            "kept |= {message.name: $s}",
            "kept.update(message.headers)",
        ),
        ("kept", "dict(kept)", "{**kept}", "list(kept.items())", "kept.copy()"),
        ("kept = {}", "kept.clear()", "kept = dict(x='y')"),
    ),
    State(
        "key",
        "kept = {}",
        ("kept['text'] = $s", "kept['text'] = $s\nkept['more'] = 1"),
        ("kept", "dict(kept)", "{**kept, 'z': 1}"),
        ("kept = {}", "kept.pop('text', None)", "kept.clear()"),
    ),
    State(
        "set",
        "kept = set()",
        ("kept.add(message.text)", "kept |= {message.text}"),
        ("kept", "sorted(kept)", "', '.join(kept)"),
        ("kept = set()", "kept.clear()"),
    ),
    State(
        "text",
        "kept = ''",
        ("kept += message.text", "kept = kept + message.text", "kept = f'{kept} {message.text}'"),
        ("kept", "kept.strip()", "f'<{kept}>'"),
        ("kept = ''", "kept = 'Hello'"),
    ),
    State(
        "variable",
        "kept = None",
        ("kept = $s", "log.info('now')\nkept = $s", "kept, other = $s, 1"),
        ("kept", "[kept]", "{'kept': kept}", "f'{kept}'", "str(kept)"),
        ("kept = None", "kept = ''", "kept = 'nothing'"),
    ),
    State(
        "list variable",
        "kept = []",
        ("kept = [message.file]", "kept = list(message.files) or [message.file]"),
        ("kept", "list(kept)", "[str(each) for each in kept]"),
        ("kept = []", "kept = list()"),
    ),
    State("unset", "", ("kept = $s",), ("kept", "f'{kept}'"), ("kept = None", "kept = []")),
    State(
        "attribute",
        "kept = SimpleNamespace(text='')",
        ("kept.text = $s",),
        ("kept.text", "str(kept.text)"),
        ("kept.text = ''", "kept = SimpleNamespace(text='')"),
    ),
)

USES = (
    Use(
        "mail",
        "smtplib.SMTP",
        "mail = EmailMessage()\n"
        "mail['To'] = message.to\n"
        "mail.set_content(str($e))\n"
        "relay.send_message(mail)",
    ),
    Use(
        "mail by function",
        "smtplib.SMTP",
        "relay.send_message(compose(message.to, $e))",
        "def compose(to, body):\n"
        "    mail = EmailMessage()\n"
        "    mail['To'] = to\n"
        "    mail.set_content(repr(body))\n"
        "    return mail",
    ),
    Use("sendmail", "smtplib.SMTP", "relay.sendmail('me', message.to, str($e))"),
    Use("producer", "KafkaProducer", "relay.send('out', key=message.to, value=$e)"),
    Use(
        "producer dict",
        "KafkaProducer",
        "payload = {'to': message.to, 'body': $e}\nrelay.send('out', payload)",
    ),
    Use("json", "KafkaProducer", "relay.send('out', json.dumps([message.to, repr($e)]))"),
    Use(
        "function",
        "KafkaProducer",
        "hand_on(relay, message, $e)",
        "def hand_on(relay: KafkaProducer, message, body):\n"
        "    relay.send('out', key=message.to, value=body)",
    ),
    Use(
        "two functions",
        "KafkaProducer",
        "first(relay, message.to, $e)",
        "def first(relay: KafkaProducer, to, body):\n"
        "    second(relay, {'to': to, 'body': body})\n"
        "def second(relay: KafkaProducer, what):\n"
        "    relay.send('out', what)",
    ),
    Use(
        "object",
        "KafkaProducer",
        "Letter(message.to, $e).post(relay)",
        "class Letter:\n"
        "    def __init__(self, to, body):\n"
        "        self.to = to\n"
        "        self.body = body\n"
        "    def post(self, relay: KafkaProducer):\n"
        "        relay.send('out', [self.to, self.body])",
    ),
    Use(
        "if any", "KafkaProducer", "if message.to:\n    relay.send('out', key=message.to, value=$e)"
    ),
    Use(
        "its own",
        "KafkaProducer",
        "relay.send('out', key=message.to, value=message.text)\nlog.info('%s', $e)",
    ),
)


def constructs() -> set[str]:
    """The names of all parts that a program may be made of."""
    heads = {f"head.{part.name}" for part in HEADS} | {f"use.{part.name}" for part in USES}
    guards = {f"guard.{part.name}" for part in GUARDS}
    return heads | guards | {f"state.{part.name}" for part in STATES}
