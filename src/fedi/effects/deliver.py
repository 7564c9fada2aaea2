"""Queues local activities for the inboxes that are to receive them. `lanes` sends what is queued here."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

import msgspec
from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from fedi.activitypub.vocabulary import uris
from fedi.clock import Clock
from fedi.effects.audiences import Acted, Audience, acted, audience
from fedi.events.activities import ActivityReceived
from fedi.events.domains import DomainLimited
from fedi.meaning.interpret import Interpretation
from fedi.sql import queries
from fedi.views import accounts, recipients, relays
from fedi.views.borders import Border, Borders
from fedi.views.relays import Relay

_SQL = queries(__file__)
HEARD_WITHIN = timedelta(minutes=5)
"""How soon a paused host that spoke to us is tried again, at most."""

HOSTS_LOCK = 7_310_455_213_051
"""Advisory lock of the transactions that change hosts."""

CHANNEL = "fedi_deliveries"
"""The Postgres channel on which those who send hear that something may be due."""

Inbox = tuple[int, str]
"""A position and an inbox URL, or a status id and an inbox URL."""


class Deliver:
    """The effect. Processes that listen on `CHANNEL` hear when there is something new to send."""

    name = "deliver"

    def __init__(self, borders: Borders, clock: Clock) -> None:
        self._borders = borders
        self._clock = clock

    async def act(self, connection: AsyncConnection[TupleRow], batch: Sequence[Interpretation]) -> None:
        """Queue what a batch of events is to send, and remember who is to hear of later changes."""
        now = self._clock()
        border = await self._borders.latest(connection)
        subscribed = await relays.accepted(connection) if any(audience(said) for said in batch) else []
        queued = False
        for group in _groups(batch):
            queued |= await _queue(connection, group, border, subscribed, now)
        await _withdraw_closed(connection, batch, border, now)
        if await _wake_heard(connection, batch, now) or queued:
            await connection.execute(_SQL["tell"], {"channel": CHANNEL})

    def acted(self) -> None:
        """What is queued was told in the transaction that queued it."""


class _Group(msgspec.Struct):
    """Events that need not see each other's recorded audiences, so that few statements serve them all."""

    audiences: list[Audience] = []
    acted: list[Acted] = []


def _groups(batch: Sequence[Interpretation]) -> Iterator[_Group]:
    group, recorded = _Group(), set[int]()
    for said in batch:
        found, acts = audience(said), list(acted(said))
        needs = {act.status_id for act in acts} | (_needed(found) if found else set())
        if not recorded.isdisjoint(needs):
            yield group
            group, recorded = _Group(), set()
        group.acted += acts
        recorded |= {act.status_id for act in acts}
        if found is not None:
            group.audiences.append(found)
            recorded |= {found.account_id} if found.record is None else {found.account_id, found.record}
    yield group


def _needed(found: Audience) -> set[int]:
    """Return the statuses, and the account, whose recorded audience an activity goes to."""
    return found.sent_of | {found.account_id} if found.all_reached else found.sent_of


async def _queue(
    connection: AsyncConnection[TupleRow], group: _Group, border: Border, subscribed: Sequence[Relay], now: datetime
) -> bool:
    """Queue what events send, and tell whether that is anything; `subscribed` are the relays."""
    inboxes = await _recipients(connection, group.audiences, subscribed) if group.audiences else []
    interested = await _interested(connection, group.acted) if group.acted else []
    interested += _announced_to(subscribed, group.audiences)
    hosts = _hosts(url for _, url in (*inboxes, *interested))
    open_to = {url for url, host in hosts.items() if not border.closed_to(host)}
    farewells = {each.position for each in group.audiences if each.farewell}
    inboxes = [(at, url) for at, url in inboxes if url in open_to or (at in farewells and url in hosts)]
    interested = [each for each in interested if each[1] in open_to]
    if hosts:
        await connection.execute(_SQL["number"], {"urls": list(hosts), "hosts": list(hosts.values())})
    if inboxes:
        await connection.execute(_SQL["lock"], {"lock": HOSTS_LOCK})
        woken = sorted({hosts[url] for _, url in inboxes})
        await connection.execute(_SQL["wake"], {"hosts": woken, "now": now})
        await connection.execute(_SQL["queue"], _queued(group.audiences, inboxes))
    await _record(connection, group.audiences, inboxes, interested)
    return bool(inboxes)


async def _recipients(
    connection: AsyncConnection[TupleRow], audiences: Sequence[Audience], subscribed: Sequence[Relay]
) -> list[Inbox]:
    """Return the distinct inboxes for each activity."""
    known = await accounts.by_uris(connection, {uri for each in audiences for uri in each.uris})
    found = await recipients.inboxes(
        connection,
        accounts=[
            (each.position, account_id)
            for each in audiences
            for account_id in each.accounts | {known[uri] for uri in each.uris if uri in known}
        ],
        authors_of=[(each.position, status_id) for each in audiences for status_id in each.authors_of],
        followers_of=[(each.position, account_id) for each in audiences for account_id in each.followers_of],
        personal=[each.position for each in audiences if each.personal],
    )
    sent = [(each.position, status_id) for each in audiences for status_id in each.sent_of]
    if sent:
        arguments = {"positions": [position for position, _ in sent], "status_ids": [status for _, status in sent]}
        found += await (await connection.execute(_SQL["recorded"], arguments)).fetchall()
    if told := [each.position for each in audiences if each.all_reached]:
        ids = [each.account_id for each in audiences if each.all_reached]
        found += await (await connection.execute(_SQL["reached"], {"positions": told, "account_ids": ids})).fetchall()
    if public := [each.position for each in audiences if each.relayed]:
        accepted = [each.inbox for each in subscribed if not each.announces]
        found += [(position, inbox) for inbox in accepted for position in public]
    return list(dict.fromkeys(found))


def _announced_to(subscribed: Sequence[Relay], audiences: Sequence[Audience]) -> list[Inbox]:
    """Return the relays that posts are announced to (see `relaying`): they hear what becomes of them."""
    public = [each.record for each in audiences if each.relayed and each.record is not None]
    announcing = [each.inbox for each in subscribed if each.announces]
    return [(status_id, inbox) for inbox in announcing for status_id in public]


async def _interested(connection: AsyncConnection[TupleRow], acts: Sequence[Acted]) -> list[Inbox]:
    """Return where people are who acted on statuses whose audience is recorded, and that they may read."""
    given = {"status_ids": [act.status_id for act in acts], "account_ids": [act.account_id for act in acts]}
    counted = await (await connection.execute(_SQL["watched"], given)).fetchall()
    inboxes = await recipients.of_accounts(connection, {account for _, account in counted}) if counted else {}
    return list(dict.fromkeys((status, inboxes[account]) for status, account in counted if account in inboxes))


def _hosts(urls: Iterable[str]) -> dict[str, str]:
    """Return the host of each inbox; what is no address is left out."""
    found: dict[str, str] = {}
    for url in urls:
        try:
            found[url] = uris.parse(url).authority
        except uris.InvalidUriError:
            continue
    return found


def _queued(audiences: Sequence[Audience], inboxes: Sequence[Inbox]) -> dict[str, object]:
    return {
        "positions": [each.position for each in audiences],
        "account_ids": [each.account_id for each in audiences],
        "kinds": [each.kind for each in audiences],
        "abouts": [each.about for each in audiences],
        "afters": [each.after for each in audiences],
        "said_ats": [each.said_at for each in audiences],
        "inbox_positions": [position for position, _ in inboxes],
        "urls": [url for _, url in inboxes],
    }


async def _record(
    connection: AsyncConnection[TupleRow],
    audiences: Sequence[Audience],
    inboxes: Sequence[Inbox],
    interested: Sequence[Inbox],
) -> None:
    records = {each.position: each.record for each in audiences if each.record is not None}
    known: list[tuple[int, str | None]] = [(status_id, None) for status_id in records.values()]
    known += [(records[position], url) for position, url in inboxes if position in records]
    known += interested
    if known:
        await connection.execute(
            _SQL["record"], {"status_ids": [status for status, _ in known], "urls": [url for _, url in known]}
        )
    forgotten = [each.forget for each in audiences if each.forget is not None]
    if forgotten:
        await connection.execute(_SQL["forget"], {"status_ids": forgotten})


async def _wake_heard(connection: AsyncConnection[TupleRow], batch: Sequence[Interpretation], now: datetime) -> bool:
    """Have hosts that spoke tried soon; tell whether any of them pauses."""
    hosts = _hosts(said.recorded.event.actor for said in batch if isinstance(said.recorded.event, ActivityReceived))
    if not hosts:
        return False
    await connection.execute(_SQL["lock"], {"lock": HOSTS_LOCK})
    given = {"hosts": sorted(set(hosts.values())), "until": now + HEARD_WITHIN}
    return (await connection.execute(_SQL["heard"], given)).rowcount > 0


async def _withdraw_closed(
    connection: AsyncConnection[TupleRow], batch: Sequence[Interpretation], border: Border, now: datetime
) -> None:
    """Let go of what waited for hosts when the operator decided that nothing goes there."""
    decided = [said.recorded.position for said in batch if isinstance(said.recorded.event, DomainLimited)]
    if not decided:
        return
    waiting = await (await connection.execute(_SQL["waiting"])).fetchall()
    closed = [host for (host,) in waiting if border.closed_to(host)]
    if closed:
        await connection.execute(_SQL["close"], {"hosts": closed, "position": decided[-1], "now": now})
