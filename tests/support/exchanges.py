"""What goes over a fake server's wires: what came in, byte by byte, and what it is answered with."""

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from tests.support import peer_verifying
from tests.support.fake_actor import ACTIVITY_JSON


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a request is answered with. `delay` in seconds; a dict is sent as an activity+json document.

    One that is `held` waits until its host is told to `release`; instead of one that is `lost` the connection ends;
    `endless` follows the body again and again for as long as anybody reads.
    """

    status: int = 200
    body: dict[str, Any] | bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    held: bool = False
    lost: bool = False
    endless: bytes = b""

    def encoded(self) -> bytes:
        """Return the answer's bytes."""
        body = self.body if isinstance(self.body, bytes) else json.dumps(self.body, ensure_ascii=False).encode()
        length = {} if self.endless else {"Content-Length": str(len(body))}
        headers = {"Content-Type": ACTIVITY_JSON, **length, **self.headers}
        lines = [f"HTTP/1.1 {self.status} {http.client.responses.get(self.status, 'Odd')}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


@dataclass(frozen=True, kw_only=True)
class Received:
    """A request that came in, with what it was `answered`. `fault` is what is wrong with its signature."""

    origin: str
    head: bytes
    body: bytes
    method: str
    target: str
    headers: Mapping[str, str]
    answered: bytearray = field(default_factory=bytearray)

    @classmethod
    def read(cls, origin: str, head: bytes, body: bytes) -> "Received":
        """Return a request from its bytes."""
        first, *lines = head.decode("latin-1").split("\r\n")
        method, target, _ = first.split(" ")
        return cls(origin=origin, head=head, body=body, method=method, target=target, headers=headers_in(lines))

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def activity(self) -> dict[str, Any]:
        """The body, read as JSON."""
        document = json.loads(self.body)
        assert isinstance(document, dict)
        return document

    @property
    def form(self) -> str | None:
        return peer_verifying.signature_form(self.headers)

    @property
    def signer(self) -> str | None:
        """The key id that the signature names; None when there is no signature."""
        return peer_verifying.key_id(self.headers) if self.form else None

    @property
    def fault(self) -> str | None:
        """Fetch the signer's key from its server and verify; None when all is well."""
        if self.signer is None:
            return "not signed"
        document = get_json(self.signer.partition("#")[0])
        key = document["publicKey"]
        if key["id"] != self.signer:
            return "the document lists another key"
        if key["owner"] != document["id"]:
            return "the key has another owner"
        pem = key["publicKeyPem"]
        return peer_verifying.fault(self.method, self.target, self.origin, self.headers, self.body, pem)


def headers_in(lines: list[str]) -> dict[str, str]:
    """Return the headers in the lines of a head; the last of a name wins."""
    pairs = [line.partition(":")[::2] for line in lines if line]
    return {name.lower(): value.strip() for name, value in pairs}


def get_json(url: str) -> dict[str, Any]:
    """GET a document, unsigned, as a browser of the fediverse would."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=10)
    try:
        connection.request("GET", url.removeprefix(f"http://{parts.netloc}"), headers={"Accept": ACTIVITY_JSON})
        answer = connection.getresponse()
        body = answer.read()
        assert answer.status == 200, f"{url} answers {answer.status}"
    finally:
        connection.close()
    document = json.loads(body)
    assert isinstance(document, dict)
    return document
