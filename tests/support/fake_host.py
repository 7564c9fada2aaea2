"""A scripted server of the fediverse: actors with real keys, documents, collections, and an ear for what it receives.

    with fake_remote() as there:
        alice = there.actor("alice")
        reply = alice.send(alice.create(alice.note("hello")), inbox)
        there.answer("/users/alice/inbox", Answer(status=503))
        (delivery,) = there.wait_for(lambda seen: seen.path == "/inbox")
        assert delivery.fault is None

It lives in a `fediverse`, alone or with thousands of others, and behaves as it is told to (`behaviours`).
"""

import asyncio
import itertools
from collections.abc import Callable, Mapping, Sequence
from time import monotonic
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import parse_qs, urlsplit

from fedi.activitypub.signatures import PrivateKey
from tests.support.behaviours import Behaviour
from tests.support.exchanges import Answer, Received
from tests.support.fake_actor import CONTEXT, FakeActor

if TYPE_CHECKING:
    from tests.support.fediverse import Fediverse

Network = Literal["open", "refused", "unknown"]
"""Whether a host's name leads to it, to where nobody listens, or nowhere."""


class FakeRemote:
    """One remote server. `fake_remote()` runs one, `fediverse()` many."""

    def __init__(self, everywhere: "Fediverse", host: str, behaviour: Behaviour) -> None:
        self.host = host
        self.behaviour = behaviour
        self.network: Network = "open"
        self.actors: dict[str, FakeActor] = {}
        self.received: list[Received] = []
        self.accepted_forms = {"cavage", "rfc9421"}
        """Requests signed in another form are answered with 401."""
        self.secure = False
        """Whether a GET must be signed, as with Mastodon's AUTHORIZED_FETCH."""
        self.released = asyncio.Event()
        self._everywhere = everywhere
        self._answers: dict[str, list[Answer]] = {}
        self._numbers = itertools.count(1)
        self._news = everywhere.news

    @property
    def port(self) -> int:
        return self._everywhere.port

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
        actor = FakeActor(self, name, key or self._everywhere.key(f"{self.host}/{name}"), fields)
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

    def behave(self, behaviour: Behaviour) -> None:
        """Behave in another way from now on."""
        self.behaviour = behaviour

    def release(self) -> None:
        """Let go of all answers that are held, and hold none any more."""
        self._everywhere.loop.call_soon_threadsafe(self.released.set)

    def respond(self, request: Received) -> Answer:
        """Note a request and return what it is answered with: what its path is scripted for, or as it behaves."""
        with self._news:
            self.received.append(request)
            self._everywhere.received.append(request)
            self._news.notify_all()
            scripted = self._answers.get(request.path)
            if scripted:
                return scripted.pop(0) if len(scripted) > 1 else scripted[0]
        return self.behaviour(self, request)

    def honest(self, request: Received) -> Answer:
        """Return what a good server answers."""
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
