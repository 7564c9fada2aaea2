"""One event being read: where it stands, what is known, and what it turns out to say."""

from datetime import datetime
from typing import Literal

import msgspec

from fedi.activitypub.vocabulary.claims import Claim
from fedi.events import Event
from fedi.facts import Entry, Fact, Origin
from fedi.meaning.ref import Waiting
from fedi.meaning.references import References

Reason = Literal[
    "author", "parent", "boosted", "mentioned", "quoted", "stamp", "featured", "named", "hinted", "changed", "renamed"
]
_encode = msgspec.json.Encoder().encode


class Wanted(msgspec.Struct, frozen=True):
    """A URI that somebody spoke of and nobody here knows: the fetch effect may go and look."""

    uri: str
    reason: Reason


class Buried(msgspec.Struct, frozen=True):
    """A post that nobody here ever saw, and that its author, as far as `author` is the author, has taken back."""

    uri: str
    author: str


class Reading(msgspec.Struct, kw_only=True):
    """The event at `position`, spoken by `actor` at `at`, and the facts, wants and graves found in it so far.

    `event` is the event itself where it carries what its document does not. A claim that had waited is read in the
    event that released it, with the time and origin it had when it was made.
    """

    refs: References
    position: int
    at: datetime
    origin: Origin
    actor: str
    event: Event | None
    entries: list[Entry]
    wanted: list[Wanted]
    buried: list[Buried]

    def tell(self, fact: Fact | Event) -> None:
        """Say that something is so."""
        self.entries.append(
            Entry(position=self.position, ordinal=len(self.entries), at=self.at, origin=self.origin, fact=fact)
        )

    def want(self, uri: str, reason: Reason) -> None:
        """Say that something was spoken of that nobody here knows."""
        self.wanted.append(Wanted(uri, reason))

    def bury(self, uri: str, author: str) -> None:
        """Say that something that never was here is gone, or came too late."""
        self.buried.append(Buried(uri, author))

    def wait(self, uri: str, claim: Claim) -> None:
        """Keep a claim until something is known at `uri`; said twice by one actor, it waits twice and counts once."""
        self.refs.wait(
            Waiting(
                name=uri,
                position=self.position,
                ordinal=self.refs.ordinal(uri, self.position),
                at=self.at,
                origin=self.origin,
                actor=self.actor,
                claim=_encode(claim).decode(),
            ),
        )

    def said_then(self, waiting: Waiting) -> "Reading":
        """Return the reading of a claim that waited: its own time and speaker, this event's position."""
        return Reading(
            refs=self.refs,
            position=self.position,
            at=waiting.at,
            origin=waiting.origin,
            actor=waiting.actor,
            event=None,
            entries=self.entries,
            wanted=self.wanted,
            buried=self.buried,
        )
