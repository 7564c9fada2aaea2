"""What is known of a host when its turn comes, and what a turn makes known: the words that queue and senders share."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from fedi.activitypub.signatures import Form
from fedi.effects.pace import Pace

Outcome = Literal["delivered", "refused", "expired"]


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """One activity for one inbox, as it waits: `attempts` so far and the last `status`, None when nothing answered.

    `about` is the status or account that it concerns, `after` the status that it answers or passes on, if any. One is
    `orphaned` whose author is gone from here: others cannot fetch the key any more.
    """

    position: int
    inbox_id: int
    url: str
    account_id: int
    about: int
    after: int = 0
    said_at: datetime
    attempts: int
    status: int | None
    orphaned: bool = False


class Lane(msgspec.Struct, kw_only=True):
    """A host and what waits for it, in order; whoever has its slice sends."""

    host: str
    slice: int = 0
    form: Form
    failures: int
    recovering: bool
    pace: Pace = Pace()
    deliveries: list[Delivery]


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What sending came to. `status` is None when nothing answered; `forbidden` when we must not ask there at all.

    `form` is the signature to use for this host from now on, `retry_after` what the host asked for.
    """

    status: int | None
    form: Form
    retry_after: timedelta = timedelta(0)
    forbidden: bool = False


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a delivery; without an outcome it waits on, not before `due_at` if that is given."""

    position: int
    inbox_id: int
    status: int | None
    outcome: Outcome | None
    due_at: datetime | None = None


class Rest(msgspec.Struct, frozen=True, kw_only=True):
    """The end of a turn: what is known of the host now and when its lane may go on; `taken` if it took anything."""

    host: str
    form: Form
    failures: int
    pace: Pace
    taken: bool
    wake_at: datetime


Send = Callable[[Delivery, Form], Awaitable[Answer]]
Tell = Callable[[Result], None]
