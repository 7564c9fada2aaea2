"""An actor of a fake remote: its documents, what it says, and how it sends it, honestly or with a lie."""

import asyncio
import http.client
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from fedi.activitypub.signatures import Form, PrivateKey
from tests.support import peer_signing
from tests.support.keys import public_pem

if TYPE_CHECKING:
    from tests.support.fake_host import FakeRemote

ACTIVITY_JSON = "application/activity+json"
CONTEXT = ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"]
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"

Document = dict[str, Any]


@dataclass(frozen=True)
class Reply:
    """What the server under test answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Signed:
    """A signed request, ready to be sent: once, often, or after something was changed in it."""

    url: str
    method: str
    headers: peer_signing.Headers
    body: bytes

    def with_header(self, name: str, value: str | None) -> "Signed":
        """Return the same with a header replaced, or left out."""
        kept = [(key, old) for key, old in self.headers if key != name.encode()]
        return replace(self, headers=kept if value is None else [*kept, (name.encode(), value.encode())])

    def send(self) -> Reply:
        """Send it, blocking."""
        parts = urlsplit(self.url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
        try:
            connection.putrequest(
                self.method,
                self.url.removeprefix(f"{parts.scheme}://{parts.netloc}"),
                skip_host=True,
                skip_accept_encoding=True,
            )
            for name, value in self.headers:
                connection.putheader(name.decode(), value)
            connection.putheader("content-length", str(len(self.body)))
            connection.endheaders(self.body)
            answer = connection.getresponse()
            headers = {name.lower(): value for name, value in answer.getheaders()}
            return Reply(answer.status, headers, answer.read())
        finally:
            connection.close()

    async def send_async(self) -> Reply:
        """Send it from a thread."""
        return await asyncio.to_thread(self.send)


class FakeActor:
    """A person (or what `fields` says) on a fake remote. Change `key` to rotate, `fields` to change the profile."""

    def __init__(self, remote: "FakeRemote", name: str, key: PrivateKey, fields: Document) -> None:
        self.remote = remote
        self.name = name
        self.key = key
        self.fields = fields
        self.form: Form = "cavage"
        self.notes: dict[str, Document] = {}
        self.pinned: list[str] = []
        self.followers: list[str] = []
        self.following: list[str] = []

    @property
    def path(self) -> str:
        return f"/users/{self.name}"

    @property
    def id(self) -> str:
        return self.remote.url(self.path)

    @property
    def handle(self) -> str:
        return f"{self.name}@{self.remote.authority}"

    @property
    def key_id(self) -> str:
        return f"{self.id}#main-key"

    @property
    def inbox(self) -> str:
        return f"{self.id}/inbox"

    @property
    def followers_uri(self) -> str:
        return f"{self.id}/followers"

    def document(self) -> Document:
        """Return the actor document as it is served."""
        return {
            "@context": CONTEXT,
            "id": self.id,
            "type": "Person",
            "preferredUsername": self.name,
            "name": self.name.title(),
            "summary": f"<p>I am {self.name}</p>",
            "url": self.remote.url(f"/@{self.name}"),
            "inbox": self.inbox,
            "outbox": f"{self.id}/outbox",
            "followers": self.followers_uri,
            "following": f"{self.id}/following",
            "featured": f"{self.id}/featured",
            "endpoints": {"sharedInbox": self.remote.url("/inbox")},
            "manuallyApprovesFollowers": False,
            "published": "2024-05-01T00:00:00Z",
            "publicKey": {"id": self.key_id, "owner": self.id, "publicKeyPem": public_pem(self.key)},
            **self.fields,
        }

    def documents(self) -> dict[str, Document]:
        """Return all that is served in this actor's name, by path."""
        creates = [self.create(note) for note in reversed(self.notes.values())]
        return {
            self.path: self.document(),
            f"{self.path}/outbox": self._collection("outbox", creates),
            f"{self.path}/followers": self._collection("followers", self.followers),
            f"{self.path}/following": self._collection("following", self.following),
            f"{self.path}/featured": self._collection("featured", self.pinned),
            **{note["id"].removeprefix(self.remote.origin): note for note in self.notes.values()},
        }

    def webfinger(self) -> Document:
        """Return the JRD that names this actor."""
        link = {"rel": "self", "type": ACTIVITY_JSON, "href": self.id}
        return {"subject": f"acct:{self.handle}", "aliases": [self.id], "links": [link]}

    def note(
        self, content: str = "hello", *, to: Sequence[str] = (PUBLIC,), cc: Sequence[str] | None = None, **fields: Any
    ) -> Document:
        """Make a Note and serve it; public unless addressed otherwise."""
        uri = f"{self.id}/notes/{self.remote.number()}"
        note = {
            "@context": CONTEXT,
            "id": uri,
            "type": "Note",
            "attributedTo": self.id,
            "content": f"<p>{content}</p>",
            "published": _timestamp(),
            "url": uri,
            "to": list(to),
            "cc": [self.followers_uri] if cc is None else list(cc),
            **fields,
        }
        self.notes[note["id"]] = note
        return note

    def activity(self, kind: str, target: Any, **fields: Any) -> Document:
        """Make an activity of this actor with an id of its own."""
        uri = f"{self.id}/activities/{self.remote.number()}"
        return {"@context": CONTEXT, "id": uri, "type": kind, "actor": self.id, "object": target, **fields}

    def create(self, note: Document) -> Document:
        """Say a note; its Create has the same id each time."""
        return self.activity("Create", note, id=f"{note['id']}/activity", to=note["to"], cc=note["cc"])

    def update(self, note: Document, **changes: Any) -> Document:
        """Edit a note."""
        note.update(changes, updated=_timestamp())
        return self.activity("Update", dict(note), to=note["to"], cc=note["cc"])

    def delete(self, uri: str) -> Document:
        """Delete a note, or with the actor's own id the actor."""
        self.notes.pop(uri, None)
        target = uri if uri == self.id else {"id": uri, "type": "Tombstone"}
        return self.activity("Delete", target, to=[PUBLIC])

    def follow(self, uri: str) -> Document:
        return self.activity("Follow", uri)

    def like(self, uri: str) -> Document:
        return self.activity("Like", uri)

    def announce(self, what: str | Document) -> Document:
        """Boost a post, or tell of an activity as communities do (FEP-1b12)."""
        return self.activity("Announce", what, published=_timestamp(), to=[PUBLIC], cc=[self.followers_uri])

    def block(self, uri: str) -> Document:
        return self.activity("Block", uri)

    def accept(self, follow: Document) -> Document:
        return self.activity("Accept", follow)

    def reject(self, follow: Document) -> Document:
        return self.activity("Reject", follow)

    def undo(self, activity: Document) -> Document:
        return self.activity("Undo", activity)

    def sign(self, activity: Document | bytes, inbox: str, **changes: Any) -> Signed:
        """Sign a POST to an inbox in this actor's form. `changes` go to the signer in `peer_signing`, to lie with."""
        body = activity if isinstance(activity, bytes) else json.dumps(activity, ensure_ascii=False).encode()
        return self.sign_request("POST", inbox, body, **changes)

    def sign_request(self, method: str, to: str, body: bytes | None = None, **changes: Any) -> Signed:
        """Sign any request; see `sign`."""
        parts = urlsplit(to)
        target = to.removeprefix(f"{parts.scheme}://{parts.netloc}") or "/"
        key = changes.pop("key", self.key)
        now = datetime.now(UTC)
        common = {"key_id": self.key_id, "method": method, "host": parts.netloc, "body": body}
        if changes.pop("form", self.form) == "cavage":
            headers = peer_signing.cavage(key, **{**common, "target": target, "date": now, **changes})
        else:
            headers = peer_signing.rfc9421(key, **{**common, "url": to, "created": int(now.timestamp()), **changes})
        return Signed(to, method, [*headers, (b"accept", ACTIVITY_JSON.encode())], body or b"")

    def send(self, activity: Document | bytes, inbox: str, **changes: Any) -> Reply:
        """Sign and send an activity, blocking; see `sign`."""
        return self.sign(activity, inbox, **changes).send()

    async def send_async(self, activity: Document | bytes, inbox: str, **changes: Any) -> Reply:
        """Sign and send an activity; see `sign`."""
        return await asyncio.to_thread(self.send, activity, inbox, **changes)

    def get(self, url: str, **changes: Any) -> Reply:
        """GET a document with this actor's signature, blocking."""
        return self.sign_request("GET", url, **changes).send()

    def _collection(self, name: str, items: Sequence[Any]) -> Document:
        uri = f"{self.id}/{name}"
        page = {"id": f"{uri}?page=1", "type": "OrderedCollectionPage", "partOf": uri, "orderedItems": list(items)}
        return {"@context": CONTEXT, "id": uri, "type": "OrderedCollection", "totalItems": len(items), "first": page}


def _timestamp() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
