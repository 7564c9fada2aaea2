"""What became of deliveries: for operators (`fedi deliveries`), and for the authors of what was sent.

What ended two weeks ago is forgotten.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import msgspec

from fedi.effects.deliver import HOSTS_LOCK
from fedi.effects.lane import Outcome
from fedi.effects.verdicts import BREAKER_OPENS, LIFE
from fedi.registry.rows import Connection, several
from fedi.sql import queries
from fedi.views.borders import Border

_SQL = queries(__file__)

Found = Outcome | Literal["waiting"]
Counts = dict[Found, int]
State = Literal["well", "failing", "away", "recovering"]


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """One activity to one inbox. `status` is the last answer's, None if none came; what waits is due at `next_at`."""

    position: int
    kind: str
    author: str
    about: int
    inbox: str
    host: str
    outcome: Found
    status: int | None
    attempts: int
    said_at: datetime
    finished_at: datetime | None
    next_at: datetime | None


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which deliveries: `about` a status or account, by the account `author_id`, to a host, with an outcome."""

    about: int | None = None
    author_id: int | None = None
    host: str | None = None
    outcome: Found | None = None


class Host(msgspec.Struct, frozen=True, kw_only=True):
    """How a host takes what it is sent. Times are None where there is nothing to tell; `gap` is in seconds."""

    name: str
    failures: int
    recovering: bool
    width: int
    gap: float
    form: str
    waiting: int
    oldest_at: datetime | None
    delivered_at: datetime | None
    failing_at: datetime | None
    next_at: datetime | None


class Retried(msgspec.Struct, frozen=True, kw_only=True):
    """A host that is tried at once, and how many deliveries wait for it."""

    host: str
    waiting: int


def state_of(host: Host) -> State:
    """Return a host's state in a word: `away` is one that is only probed any more, by the breaker."""
    if host.failures:
        return "away" if host.failures >= BREAKER_OPENS else "failing"
    return "recovering" if host.recovering else "well"


async def sent(connection: Connection, wanted: Wanted, limit: int) -> list[Sent]:
    """Return deliveries, the newest first."""
    return await several(connection, _SQL["sent"], {**msgspec.structs.asdict(wanted), "limit": limit}, Sent)


async def counted(connection: Connection, wanted: Wanted) -> Counts:
    """Count deliveries by their outcome."""
    found = await connection.execute(_SQL["counted"], msgspec.structs.asdict(wanted))
    return dict(await found.fetchall())


async def counted_by_subject(connection: Connection, abouts: Sequence[int], author_id: int) -> dict[int, Counts]:
    """Count what an account sent about each of some posts by its outcome."""
    rows = await connection.execute(_SQL["counted_by_subject"], {"abouts": list(abouts), "author_id": author_id})
    found: dict[int, Counts] = {}
    for about, outcome, number in await rows.fetchall():
        found.setdefault(about, {})[outcome] = number
    return found


async def hosts(connection: Connection, *, every: bool = False) -> list[Host]:
    """Return hosts that something waits for or that fail, those in the greatest trouble first; or all."""
    return await several(connection, _SQL["hosts"], {"every": every}, Host)


async def retry(connection: Connection, now: datetime, host: str | None) -> list[Retried]:
    """Let a host's lane, or those of all hosts that something waits for, go on at once.

    The lanes look within half a minute.
    """
    await connection.execute(_SQL["lock"], {"lock": HOSTS_LOCK})
    given = {"host": host, "now": now}
    await connection.execute(_SQL["hurry"], given)
    return await several(connection, _SQL["wake"], given, Retried)


async def reopen(connection: Connection, border: Border, now: datetime, host: str | None) -> None:
    """Let what a host refused, or all hosts did, wait again, as far as it is not too old; `retry` has it sent at once.

    What was refused because nothing goes to a host stays so for as long as nothing does.
    """
    await connection.execute(_SQL["lock"], {"lock": HOSTS_LOCK})
    given = {"host": host, "since": now - LIFE}
    found = await (await connection.execute(_SQL["refusing"], given)).fetchall()
    hosts = [name for (name,) in found if not border.closed_to(name)]
    if hosts:
        await connection.execute(_SQL["reopen"], {**given, "hosts": hosts})
