"""Fills in what the templates of responses have besides those of `../writer.py`."""

from __future__ import annotations

import re

from ..writer import Spot, Writer
from .grammar import KINDS, Client, Kind

_OTHER = re.compile(
    r"(bad_state|bad|good|member|state|number|enforce|payload|idle|rest)(?:_(\w+))?"
)
_SERVICES = {"sqs": "sqs", "kinesis": "kinesis", "dynamo": "dynamodb"}


class ResponseWriter(Writer):
    """`kind` and `client` say what is called."""

    given = "answer"
    kind: str
    client: Client
    client_known: dict[str, str]

    def word(self, word: str, spot: Spot) -> str:
        """What a placeholder becomes."""
        plain = {"call": self._call, "made": self._made, "calling": self._calling}
        if word in plain:
            return plain[word](spot)
        if word == "given":
            return self.given
        if word == "error":
            name, line = KINDS[self.kind].error
            if line:
                self.layout.modules[spot.module].need(line)
            return name
        if word == "service":
            return _SERVICES[self.kind]
        if word == "results":
            self.required["results"] = ("[]",)
            return "results"
        found = _OTHER.fullmatch(word)
        if found:
            return self._of_kind(found[1], found[2] or "", spot)
        return super().word(word, spot)

    def helper_name(self, word: str) -> str:
        """A fresh name for a definition at module level."""
        return self.fresh(("CLIENT", "SHARED")) if word[0] == "K" else super().helper_name(word)

    def _of_kind(self, word: str, other: str, spot: Spot) -> str:
        kind: Kind = KINDS[self.kind]
        if word == "bad" and other == "walrus":
            name = self.word("a", spot)
            return kind.bad_state.format(s=f"({name} := {kind.state.format(v=spot.value)})")
        value = self._other(other, spot) if other else spot.value
        if word == "rest":
            client = self._client(spot)
            return f'{client}.batch_write_item(RequestItems={value}["UnprocessedItems"])'
        found = getattr(kind, word)
        if isinstance(found, tuple):
            number = self.rng.randrange(len(found))
            self.used.add(f"{word}.{self.kind}.{number}")
            found = found[number]
        return str(found).format(v=value, s=value)

    def _other(self, name: str, spot: Spot) -> str:
        if name == "call":
            return self._call(spot)
        if name == "checked":
            return f"{self.word('h1', spot)}({self._call(spot)})"
        if name == "v":
            return spot.value
        return self.word(name, spot) if name in ("n", "a", "b", "given") else name

    def _call(self, spot: Spot) -> str:
        kind = KINDS[self.kind]
        everywhere = self.client.everywhere or spot.in_body
        if self.client.name == "client.direct" or (not everywhere and kind.direct):
            self.layout.modules[spot.module].need(kind.imports)
            return self.rng.choice(kind.direct)
        return self._client(spot) + self._calling(spot)

    def _client(self, spot: Spot) -> str:
        if not self.client.everywhere and not spot.in_body:
            return self._made(spot)
        text = self.client.expr
        if "$made" in text:
            return self._made(spot)
        for word, name in self.client_known.items():
            text = text.replace(f"${word}", self.refer(name, spot))
        return text

    def _made(self, spot: Spot) -> str:
        self.layout.modules[spot.module].need(KINDS[self.kind].imports)
        return KINDS[self.kind].made

    def _calling(self, spot: Spot) -> str:
        return self.rng.choice(KINDS[self.kind].calling)
