"""What a server hears in some weeks, in about the proportions in which people talk: posts, many of them answers, boosts
and favourites of recent ones, follows, edits, deletions, and what people here do in private.

The same seed says the same things.
"""

import itertools
import random
from collections import deque
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from fedi.bench.chances import WORDS
from fedi.events import Event
from fedi.events.activities import ActivityPublished
from fedi.events.statuses import StatusBookmarked
from ops.bench import people
from ops.bench.people import CONTEXT, PUBLIC, Document, Person, Stranger

TAGS = ("cats", "photography", "python", "rain", "books", "trains", "fediverse", "bread")
RECENT = 400
"""Posts that people still talk about."""


class Chatter:
    """Says one thing after another, each some seconds after the one before."""

    def __init__(
        self, authors: Sequence[Stranger], locals_: Sequence[Person], chance: random.Random, start: datetime
    ) -> None:
        self._authors = authors
        self._locals = locals_
        self._chance = chance
        self._moment = start
        self._numbers = itertools.count(1)
        self._recent: deque[Document] = deque(maxlen=RECENT)
        self._ids = itertools.count((int(start.timestamp() * 1000) << 16) + 2, 1 << 16)

    def posts(self, number: int) -> Iterator[Event]:
        """Yield posts, and one boost in eight."""
        for _ in range(number):
            yield self._boost() if self._recent and self._chance.random() < 0.125 else self._post()

    def events(self, number: int) -> Iterator[Event]:
        """Yield all that happens: of a hundred things 60 are posts, 20 boosts and favourites, 20 all the rest."""
        acts = (
            (self._post, 54), (self._own_post, 6), (self._boost, 10), (self._like, 10), (self._follow, 5),
            (self._edit, 4), (self._delete, 5), (self._bookmark, 3), (self._profile, 3),
        )  # fmt: skip
        yield self._post()
        for _ in range(number - 1):
            yield self._chance.choices([act for act, _ in acts], [weight for _, weight in acts])[0]()

    def _post(self) -> Event:
        author = self._chance.choice(self._authors)
        create = people.note(author, next(self._numbers), self._text(), self._tick(), **self._around())
        self._recent.append(create["object"])
        return people.received(author, create)

    def _own_post(self) -> Event:
        person = self._chance.choice(self._locals)
        status_id = next(self._ids)
        uri = f"{person.uri}/statuses/{status_id}"
        note = {
            "id": uri,
            "type": "Note",
            "attributedTo": person.uri,
            "content": self._text(),
            "published": _time(self._tick()),
            "url": uri,
            "to": [PUBLIC],
            "cc": [f"{person.uri}/followers"],
            **self._around(),
        }
        self._recent.append(note)
        create = {"id": f"{uri}/activity", "type": "Create", "to": note["to"], "cc": note["cc"], "object": note}
        return self._published(person, create, status_id=status_id)

    def _boost(self) -> Event:
        author, note = self._chance.choice(self._authors), self._chance.choice(self._recent)
        boost = self._act(author, "Announce", note["id"])
        return people.received(
            author, {**boost, "published": _time(self._tick()), "to": [PUBLIC], "cc": [f"{author.uri}/followers"]}
        )

    def _like(self) -> Event:
        author = self._chance.choice(self._authors)
        return people.received(author, self._act(author, "Like", self._chance.choice(self._recent)["id"]))

    def _follow(self) -> Event:
        return people.asks_to_follow(self._chance.choice(self._authors), self._chance.choice(self._locals))

    def _edit(self) -> Event:
        author, note = self._written()
        changed = {**note, "content": self._text(), "updated": _time(self._tick())}
        return people.received(author, {**self._act(author, "Update", changed), "to": note["to"], "cc": note["cc"]})

    def _delete(self) -> Event:
        author, note = self._written()
        if note in self._recent:
            self._recent.remove(note)
        return people.received(author, self._act(author, "Delete", {"id": note["id"], "type": "Tombstone"}))

    def _bookmark(self) -> Event:
        person = self._chance.choice(self._locals)
        own = [note["id"] for note in self._recent if note["id"].startswith(person.uri)]
        status_id = int(own[0].rpartition("/")[2]) if own else 1
        return StatusBookmarked(account_id=person.account_id, status_id=status_id)

    def _profile(self) -> Event:
        author = self._chance.choice(self._authors)
        changed = {**author.document(), "summary": self._text(), "updated": _time(self._tick())}
        return people.received(author, self._act(author, "Update", changed))

    def _written(self) -> tuple[Stranger, Document]:
        """Return a recent post of a stranger's and its author, after one was written if there is none."""
        by_uri = {author.uri: author for author in self._authors}
        remote = [note for note in self._recent if note["attributedTo"] in by_uri]
        if not remote:
            self._post()
            return self._written()
        note = self._chance.choice(remote)
        return by_uri[note["attributedTo"]], note

    def _act(self, author: Stranger, kind: str, target: str | Document) -> Document:
        uri = f"{author.uri}/acts/{next(self._numbers)}"
        return {"@context": CONTEXT, "id": uri, "type": kind, "actor": author.uri, "object": target}

    def _published(self, person: Person, activity: Document, status_id: int) -> Event:
        document = msgspec.Raw(people.encoded({"@context": CONTEXT, "actor": person.uri, **activity}))
        return ActivityPublished(document=document, account_id=person.account_id, status_id=status_id, text="typed")

    def _around(self) -> Document:
        """Return what some posts have beside their text: a parent, people they name, hashtags, pictures."""
        chance, found = self._chance.random, dict[str, Any]()
        tags: list[Document] = []
        if self._recent and chance() < 0.3:
            parent = self._chance.choice(self._recent)
            found["inReplyTo"] = parent["id"]
            tags.append({"type": "Mention", "href": parent["attributedTo"], "name": "@somebody"})
        if chance() < 0.2:
            tags += [{"type": "Hashtag", "name": f"#{tag}"} for tag in self._chance.sample(TAGS, 2)]
        if chance() < 0.15:
            found["attachment"] = [self._picture()]
        return {**found, "tag": tags}

    def _picture(self) -> Document:
        return {
            "type": "Document",
            "mediaType": "image/jpeg",
            "url": f"https://files.example/{next(self._numbers)}.jpg",
            "name": self._sentence(8),
            "width": 1600,
            "height": 1200,
            "blurhash": "LEHV6nWB2yk8pyo0adR*.7kCMdnj",
        }

    def _text(self) -> str:
        return "".join(
            f"<p>{self._sentence(self._chance.randint(5, 35))}</p>" for _ in range(self._chance.choice((1, 1, 2)))
        )

    def _sentence(self, length: int) -> str:
        return " ".join(self._chance.choices(WORDS, k=length)).capitalize() + "."

    def _tick(self) -> datetime:
        self._moment += timedelta(seconds=self._chance.randint(1, 60))
        return self._moment


def _time(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
