"""A neighbour as its software writes: actors, documents and chapters of activities from tests/fixtures/neighbours.

In a fixture `{there}` is where the neighbour lives, `{domain}` that without a scheme, `{here}` where we do, `{ann}` who
follows it here, `{post}`, `{post_id}` and `{poll}` what she wrote, and `"{follow}"`, `{follow_id}` her Follow.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.support.exchanges import Answer, Received
from tests.support.fake_actor import FakeActor, Reply
from tests.support.fake_host import FakeRemote
from tests.support.keys import public_pem

Document = dict[str, Any]
FIXTURES = Path(__file__).parents[1] / "fixtures" / "neighbours"


def names() -> list[str]:
    """Return the software that there is a fixture for."""
    return sorted(path.stem for path in FIXTURES.glob("*.json"))


class Foreigner:
    """One neighbour, which serves what its fixture says; its first actor is the one that is followed."""

    def __init__(self, software: str, host: FakeRemote, places: Mapping[str, Any]) -> None:
        self.host = host
        self._signer = FakeActor(host, software, host.actor(software).key, {})
        host.actors.clear()
        there = {"there": host.origin, "domain": host.authority, "pem": public_pem(self._signer.key)}
        self._places: dict[str, Any] = {**places, **there}
        self._fixture: Document = json.loads((FIXTURES / f"{software}.json").read_text())
        self.actors: list[Document] = self.filled(self._fixture["actors"])
        served = [*self.actors, *self.filled(self._fixture["documents"])]
        self._served = {_path(document["id"]): document for document in served}
        host.behave(self._answer)

    @property
    def handle(self) -> str:
        return f"{self.actors[0]['preferredUsername']}@{self.host.authority}"

    @property
    def accept(self) -> Document:
        """How it accepts a follow."""
        accept: Document = self.filled(self._fixture["accept"])
        return accept

    @property
    def chapters(self) -> list[Document]:
        """What it does, and what comes of it."""
        chapters: list[Document] = self.filled(self._fixture["chapters"])
        return chapters

    def followed(self, follow: Document) -> None:
        """Know by what it is followed."""
        self._places |= {"follow": follow, "follow_id": follow["id"]}

    def filled(self, value: Any) -> Any:
        """Return a part of the fixture with the places in it filled in."""
        if isinstance(value, dict):
            return {self.filled(key): self.filled(part) for key, part in value.items()}
        if isinstance(value, list):
            return [self.filled(part) for part in value]
        if not isinstance(value, str):
            return value
        for name, place in self._places.items():
            if value == f"{{{name}}}":
                return place
            if isinstance(place, str):
                value = value.replace(f"{{{name}}}", place)
        return value

    def send(self, activity: Document, inbox: str) -> Reply:
        """Send an activity with the key of its actor."""
        actor = next(each for each in self.actors if each["id"] == activity["actor"])
        return self._signer.send(activity, inbox, key_id=actor["publicKey"]["id"])

    def _answer(self, host: FakeRemote, request: Received) -> Answer:
        if request.method == "POST":
            return Answer(status=202)
        if request.path == "/.well-known/webfinger":
            return self._webfinger(parse_qs(urlsplit(request.target).query)["resource"][0])
        found = self._served.get(unquote(request.target)) or self._served.get(unquote(request.path))
        return Answer(body=found) if found else Answer(status=404)

    def _webfinger(self, resource: str) -> Answer:
        for actor in self.actors:
            if resource in (actor["id"], f"acct:{actor['preferredUsername']}@{self.host.authority}"):
                link = {"rel": "self", "type": "application/activity+json", "href": actor["id"]}
                subject = f"acct:{actor['preferredUsername']}@{self.host.authority}"
                jrd = {"subject": subject, "links": [link]}
                return Answer(body=jrd, headers={"Content-Type": "application/jrd+json"})
        return Answer(status=404)


def _path(uri: str) -> str:
    parts = urlsplit(uri)
    return unquote(f"{parts.path}?{parts.query}" if parts.query else parts.path)
