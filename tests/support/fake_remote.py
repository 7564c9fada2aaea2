"""A scripted server of the fediverse: actors with real keys, documents, collections, and an ear for what it receives.

It runs in a thread of its own on a loopback port, so that sync and async tests can use it. Two of them are two origins.

    with fake_remote() as there:
        alice = there.actor("alice")
        reply = alice.send(alice.create(alice.note("hello")), inbox)
        there.answer("/users/alice/inbox", Answer(status=503))
        (delivery,) = there.wait_for(lambda seen: seen.path == "/inbox")
        assert delivery.fault is None
"""

import asyncio
import contextlib
import http.client
import itertools
import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Any
from urllib.parse import parse_qs, urlsplit

from fedi.activitypub.signatures import PrivateKey
from tests.support import peer_verifying
from tests.support.fake_actor import ACTIVITY_JSON, CONTEXT, FakeActor
from tests.support.keys import rsa_key


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a path answers. `delay` in seconds; a dict is sent as an activity+json document."""

    status: int = 200
    body: dict[str, Any] | bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0

    def encoded(self) -> bytes:
        """Return the answer's bytes."""
        body = self.body if isinstance(self.body, bytes) else json.dumps(self.body, ensure_ascii=False).encode()
        headers = {"Content-Type": ACTIVITY_JSON, "Content-Length": str(len(body)), **self.headers}
        lines = [f"HTTP/1.1 {self.status} {http.client.responses.get(self.status, 'Odd')}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


@dataclass(frozen=True, kw_only=True)
class Received:
    """A request that came in. `fault` is what is wrong with its signature, `signer` the key that it names."""

    origin: str
    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

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


class FakeRemote:
    """One remote server. Use `fake_remote()` to run one."""

    def __init__(self, host: str) -> None:
        self.host = host
        self.port = 0
        self.actors: dict[str, FakeActor] = {}
        self.received: list[Received] = []
        self.accepted_forms = {"cavage", "rfc9421"}
        """Requests signed in another form are answered with 401."""
        self.secure = False
        """Whether a GET must be signed, as with Mastodon's AUTHORIZED_FETCH."""
        self._answers: dict[str, list[Answer]] = {}
        self._numbers = itertools.count(1)
        self._news = threading.Condition()

    @property
    def authority(self) -> str:
        return f"{self.host}:{self.port}"

    @property
    def origin(self) -> str:
        return f"http://{self.authority}"

    def url(self, path: str) -> str:
        return self.origin + path

    def actor(self, name: str, *, key: PrivateKey | None = None, **fields: Any) -> FakeActor:
        """Make an actor; its document (with `fields`), collections and WebFinger answer are served."""
        actor = FakeActor(self, name, key or rsa_key(f"{self.host}/{name}"), fields)
        self.actors[name] = actor
        return actor

    def number(self) -> int:
        """Return a number that no other document here has."""
        return next(self._numbers)

    def answer(self, path: str, *answers: Answer) -> None:
        """Answer a path with these in turn, the last of them for ever after. No answers: as if never scripted."""
        self._answers[path] = list(answers)

    def serve(self, path: str, document: Mapping[str, Any]) -> str:
        """Serve a document at a path and return its URL; the document's id may lie."""
        self.answer(path, Answer(body=dict(document)))
        return self.url(path)

    def redirect(self, path: str, location: str, *, status: int = 302) -> str:
        """Redirect a path and return its URL."""
        self.answer(path, Answer(status=status, headers={"Location": location}))
        return self.url(path)

    def collection(self, path: str, items: Sequence[Any], *, total: int | None = None) -> str:
        """Serve an ordered collection of one page and return its URL."""
        page = {"id": self.url(f"{path}?page=1"), "type": "OrderedCollectionPage", "orderedItems": list(items)}
        document = {"@context": CONTEXT, "id": self.url(path), "type": "OrderedCollection", "first": page}
        return self.serve(path, {**document, "totalItems": len(items) if total is None else total})

    def wait_for(self, wanted: Callable[[Received], bool], *, count: int = 1, timeout: float = 5.0) -> list[Received]:
        """Return the first `count` requests that fit, waiting for them; fails after `timeout` seconds."""
        deadline = monotonic() + timeout
        with self._news:
            while len(found := [one for one in self.received if wanted(one)]) < count:
                if not self._news.wait(deadline - monotonic()):
                    seen = [f"{one.method} {one.target}" for one in self.received]
                    raise AssertionError(f"{len(found)} of {count} requests came; seen were {seen}")
        return found[:count]

    def deliveries(self, kind: str | None = None) -> list[Received]:
        """Return the activities that were posted here so far, or those of one type."""
        posts = [one for one in self.received if one.method == "POST"]
        return [one for one in posts if kind is None or one.activity.get("type") == kind]

    def requests(self, path: str) -> list[Received]:
        """Return the requests for a path so far."""
        return [one for one in self.received if one.path == path]

    def respond(self, request: Received) -> Answer:
        """Note a request and return what it is answered with."""
        with self._news:
            self.received.append(request)
            self._news.notify_all()
            scripted = self._answers.get(request.path)
            if scripted:
                return scripted.pop(0) if len(scripted) > 1 else scripted[0]
        if request.form is not None and request.form not in self.accepted_forms:
            return Answer(status=401)
        if request.method == "POST":
            return Answer(status=202 if request.path.endswith("/inbox") else 404)
        if request.path.startswith("/.well-known/"):
            return self._well_known(request)
        if self.secure and request.form is None:
            return Answer(status=401)
        for actor in self.actors.values():
            if document := actor.documents().get(request.path):
                return Answer(body=document)
        return Answer(status=404)

    def _well_known(self, request: Received) -> Answer:
        resource = parse_qs(urlsplit(request.target).query).get("resource", [""])[0]
        for actor in self.actors.values():
            if request.path == "/.well-known/webfinger" and resource in {f"acct:{actor.handle}", actor.id}:
                return Answer(body=actor.webfinger(), headers={"Content-Type": "application/jrd+json"})
        return Answer(status=404)


@contextlib.contextmanager
def fake_remote(host: str = "127.0.0.1") -> Iterator[FakeRemote]:
    """Run a fake remote; its URLs carry `host` (127.0.0.1 or localhost) and a port of its own."""
    remote = FakeRemote(host)
    ready = threading.Event()
    loop = asyncio.new_event_loop()
    over = asyncio.Event()
    thread = threading.Thread(target=loop.run_until_complete, args=(_listen(remote, ready, over),), daemon=True)
    thread.start()
    assert ready.wait(5), "the fake remote does not start"
    try:
        yield remote
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join(5)
        loop.close()


async def _listen(remote: FakeRemote, ready: threading.Event, over: asyncio.Event) -> None:
    tasks: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(_serve(remote, reader, writer))
        tasks[task] = writer
        task.add_done_callback(tasks.pop)

    listener = await asyncio.start_server(accept, "127.0.0.1", 0)
    remote.port = listener.sockets[0].getsockname()[1]
    ready.set()
    await over.wait()
    listener.close()
    for task, writer in tasks.items():
        writer.transport.abort()
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.sleep(0)


async def _serve(remote: FakeRemote, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            method, target, _ = head[0].split(" ")
            pairs = [line.partition(":")[::2] for line in head[1:] if line]
            headers = {name.lower(): value.strip() for name, value in pairs}
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            request = Received(origin=remote.origin, method=method, target=target, headers=headers, body=body)
            answer = remote.respond(request)
            await asyncio.sleep(answer.delay)
            writer.write(answer.encoded())
            await writer.drain()
    writer.transport.abort()


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
