"""What the operator limits, at the inbox and wherever something is asked for."""

import pytest
from starlette.routing import BaseRoute

from fedi.activitypub.resolve import resolve_actor, resolve_handle, resolve_object
from fedi.activitypub.server.edge import Edge
from fedi.activitypub.server.posting import InboxRoute
from fedi.activitypub.vocabulary import uris
from fedi.clock import now
from fedi.effects.fetch import Fetch
from fedi.events import Event
from fedi.events.domains import DomainAllowed, DomainLimited, DomainUnlimited, Severity
from fedi.events.moderation import AccountRestricted, AccountUnrestricted
from fedi.views.borders import Borders, Closed
from tests.activitypub.server.conftest import Ticks
from tests.support.direct import deliver
from tests.support.fake_actor import Document, FakeActor
from tests.support.fake_remote import Answer, FakeRemote
from tests.support.here import SITE, Here

INBOX = SITE.shared_inbox


@pytest.fixture
def routes(edge: Edge) -> list[BaseRoute]:
    return [InboxRoute(edge)]


async def decide(here: Here, ticks: Ticks, *events: Event) -> None:
    """Say what the operator says, and let it be known."""
    for event in events:
        await here.append(event)
    here.fold()
    ticks.seconds += 1.1


def limited(remote: FakeRemote, severity: Severity, *, reject_reports: bool = False) -> DomainLimited:
    return DomainLimited(domain=remote.authority, severity=severity, reject_reports=reject_reports)


async def post(routes: list[BaseRoute], actor: FakeActor, activity: Document) -> int:
    return (await deliver(routes, actor.sign(activity, INBOX))).status


async def heard(here: Here, activity: Document) -> bool:
    name = activity["id"]
    ((count,),) = await here.rows(
        "SELECT count(*) FROM log.events WHERE topic = 'activity.received' AND convert_from(state, 'UTF8') LIKE %s",
        f"%{name}%",
    )
    return bool(count)


async def test_nothing_comes_in_from_a_suspended_domain_nor_is_its_key_asked_for(
    here: Here, routes: list[BaseRoute], there: FakeRemote, ticks: Ticks, edge: Edge
) -> None:
    alice = there.actor("alice")
    await decide(here, ticks, limited(there, "suspend"))
    create = alice.create(alice.note())
    assert await post(routes, alice, create) == 403
    assert await post(routes, alice, alice.delete(alice.id)) == 403
    assert (there.received, await heard(here, create)) == ([], False)
    assert edge.tally.counts() == {"domain_closed": 2}
    await decide(here, ticks, DomainUnlimited(domain=there.authority))
    assert await post(routes, alice, create) == 202


async def test_a_limited_domain_is_heard(here: Here, routes: list[BaseRoute], there: FakeRemote, ticks: Ticks) -> None:
    alice = there.actor("alice")
    await decide(here, ticks, limited(there, "silence"))
    assert await post(routes, alice, alice.create(alice.note())) == 202


async def test_reports_from_where_none_are_wanted_are_dropped(
    here: Here, routes: list[BaseRoute], there: FakeRemote, ticks: Ticks
) -> None:
    alice = there.actor("alice")
    await decide(here, ticks, limited(there, "noop", reject_reports=True))
    flag: Document = {"id": f"{alice.id}#flag", "type": "Flag", "actor": alice.id, "object": [SITE.actor("bob")]}
    create = alice.create(alice.note())
    assert (await post(routes, alice, flag), await post(routes, alice, create)) == (202, 202)
    assert (await heard(here, flag), await heard(here, create)) == (False, True)


async def test_s_131_of_who_is_suspended_only_what_takes_back_is_heard(
    here: Here, routes: list[BaseRoute], there: FakeRemote, ticks: Ticks
) -> None:
    alice, bob = there.actor("alice"), there.actor("bob")
    await here.meet(alice.document())
    await here.meet(bob.document())
    here.fold()
    ((account_id,),) = await here.rows("SELECT id FROM read.accounts WHERE uri = %s", alice.id)
    await decide(here, ticks, AccountRestricted(account_id=account_id, restriction="suspend"))
    note = alice.note()
    create, undo = alice.create(note), alice.undo(alice.like(SITE.actor("bob")))
    both = {**create, "id": f"{create['id']}2", "type": ["Delete", "Create"]}
    for activity in (create, undo, alice.delete(note["id"])):
        assert await post(routes, alice, activity) == 202
    assert await post(routes, alice, both) in {202, 400}
    assert [await heard(here, each) for each in (create, undo, both)] == [False, True, False]
    again = bob.create(bob.note())
    assert (await post(routes, bob, again), await heard(here, again)) == (202, True)
    await decide(here, ticks, AccountUnrestricted(account_id=account_id, restriction="suspend"))
    assert (await post(routes, alice, create), await heard(here, create)) == (202, True)


async def test_s_131_nothing_is_fetched_from_a_suspended_domain_by_whatever_way(
    here: Here, there: FakeRemote, elsewhere: FakeRemote, ticks: Ticks
) -> None:
    alice = there.actor("alice")
    note = alice.note()
    elsewhere.answer("/moved", Answer(status=302, headers={"Location": note["id"]}))
    await decide(here, ticks, limited(there, "suspend"))
    for ask in (
        resolve_actor(here.means, alice.id),
        resolve_object(here.means, note["id"]),
        resolve_object(here.means, elsewhere.url("/moved")),
        resolve_handle(here.means, alice.handle),
    ):
        with pytest.raises(Closed):
            await ask
    with pytest.raises(Closed):
        await here.means.knocker.post(uris.parse(alice.inbox), b"{}")
    assert there.received == []


async def test_s_133_what_an_allowed_host_embeds_of_a_suspended_one_is_not_believed(
    here: Here, routes: list[BaseRoute], there: FakeRemote, elsewhere: FakeRemote, ticks: Ticks
) -> None:
    alice, bob = there.actor("alice"), elsewhere.actor("bob")
    await decide(here, ticks, limited(there, "suspend"))
    announce = {**bob.announce("x"), "object": {**alice.note("embedded"), "attributedTo": alice.id}}
    create = {**bob.create(alice.note("of another")), "actor": bob.id}
    assert await post(routes, bob, announce) == 202
    assert await post(routes, bob, create) in {202, 400}
    await here.run(Fetch(SITE, now, lambda: None))
    assert await here.rows("SELECT id FROM read.statuses WHERE uri LIKE %s", f"{there.origin}%") == []
    wanted = await here.rows("SELECT uri FROM effects.fetches WHERE host = %s", there.authority)
    assert wanted
    for (uri,) in wanted:
        with pytest.raises(Closed):
            await resolve_object(here.means, uri)
    assert there.received == []


async def test_where_only_those_may_come_that_are_named_nobody_else_does(
    here: Here, there: FakeRemote, elsewhere: FakeRemote, ticks: Ticks
) -> None:
    borders = Borders(here.pool, own=frozenset({SITE.domain}), limited_federation=True, ticks=ticks)
    await decide(here, ticks, DomainAllowed(domain=there.authority))
    border = await borders.now()
    assert [border.closed_to(each) for each in (there.authority, elsewhere.authority, SITE.domain)] == [
        False,
        True,
        False,
    ]
    await decide(here, ticks, limited(there, "suspend"))
    assert (await borders.now()).closed_to(there.authority)


async def test_the_narrowest_decision_counts(here: Here, ticks: Ticks) -> None:
    await decide(
        here,
        ticks,
        DomainLimited(domain="example", severity="suspend"),
        DomainLimited(domain="good.example", severity="noop"),
        DomainLimited(domain="bad.good.example", severity="suspend"),
    )
    border = await here.borders.now()
    asked = ("example", "x.example", "good.example", "a.good.example", "x.bad.good.example", "notexample", "other")
    assert [border.closed_to(each) for each in asked] == [True, True, False, False, True, False, False]
