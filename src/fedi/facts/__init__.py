"""What an event means: the facts that folds and effects see, whoever said it and in whatever dialect.

A fact names accounts and statuses by our ids. A private event (a bookmark, a mute, a list) is its own fact; the rest
stand in a file per area. What a document describes (descriptions.py) is part of some of them.
"""

from datetime import datetime
from typing import Literal

import msgspec

from fedi.events import Event

Origin = Literal["received", "published", "fetched", "private"]
"""How the event came: from a remote actor, from a local one, by our own fetch, or as a private act."""


class Fact(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Something that is so from here on."""


class Entry(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A fact in its place: `ordinal` counts the facts of one event; `at` is the event's `recorded_at`."""

    position: int
    ordinal: int
    at: datetime
    origin: Origin
    fact: Fact | Event
