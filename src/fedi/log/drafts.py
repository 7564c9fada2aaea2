"""What is asked of the log and what it answers: drafts in, positions or a conflict out."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from fedi.errors import FediError
from fedi.events import Event, encode

BEFORE = -1
"""As a cause: the event just before this one in the same unit."""


Premise = tuple[int, ...]
"""What a unit stands on: numbers that the database compares with what is so by then (see `insert.prepare`)."""


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """An event to append.

    `cause` is the position of the event that led to it, or -n for the draft n places earlier in the same unit.
    """

    identity: UUID
    event: Event
    cause: int | None = None


class Appended(msgspec.Struct, frozen=True, kw_only=True):
    """A unit that is on disk: where its events stand, in the order of its drafts, and the moment they share."""

    positions: tuple[int, ...]
    recorded_at: datetime


class Conflict(FediError):
    """The log holds an event of this identity already; nothing of the unit was appended.

    `identity` is the first of the unit's that was taken, by the event at `position`, recorded at `recorded_at`.
    """

    def __init__(self, identity: UUID, position: int, recorded_at: datetime) -> None:
        super().__init__(f"{identity} stands at position {position} already")
        self.identity = identity
        self.position = position
        self.recorded_at = recorded_at


class Fallen(FediError):
    """What this was made from is not so any more; nothing of the unit was appended"""


class Unit(msgspec.Struct, frozen=True):
    """Drafts that are appended together or not at all, encoded: parallel sequences, an element per event."""

    identities: tuple[UUID, ...]
    names: tuple[str, ...]
    versions: tuple[int, ...]
    causes: tuple[int | None, ...]
    payloads: tuple[bytes, ...]
    premise: Premise | None = None

    @property
    def size(self) -> int:
        """Bytes of payload."""
        return sum(map(len, self.payloads))


def unit_of(drafts: Sequence[Draft], premise: Premise | None = None) -> Unit:
    """Encode drafts, and note what they stand on.

    Raises:
        ValueError: there are none, two share an identity, or a cause points out of the unit.
    """
    if not drafts:
        raise ValueError("a unit needs an event")
    identities = tuple([draft.identity for draft in drafts])
    causes = tuple([draft.cause for draft in drafts])
    if len(drafts) > 1 and len(set(identities)) < len(identities):
        raise ValueError("two events of one unit share an identity")
    for place, cause in enumerate(causes):
        if cause is not None and (cause == 0 or cause < -place):
            raise ValueError(f"cause {cause} of event {place} of the unit names no event")
    names, versions, payloads = zip(*[encode(draft.event) for draft in drafts], strict=True)
    return Unit(identities, names, versions, causes, payloads, premise)
