"""Who looks after the server hears of reports and of new people; other servers of what concerns them."""

from typing import Any

import msgspec
import pytest

from fedi.api.entities.notifications import notification
from fedi.effects.jobs import reports as forwarding
from fedi.effects.jobs.reports import NotTaken
from fedi.effects.reports import Reports
from fedi.events.reports import ReportFiled
from fedi.services.reports import ForwardReport
from fedi.views import accounts, notifications
from fedi.views.pages import Page
from tests.support.acting import deps_of
from tests.support.fake_remote import Answer, FakeRemote
from tests.support.here import SITE, Here, Person
from tests.support.people import somebody
from tests.support.schemas import assert_valid


async def staff(here: Here, name: str, role: Any = "moderator") -> Person:
    person = await here.person(name)
    async with here.pool.connection() as connection:
        await somebody(connection, account_id=person.account_id, username=name, role=role)
    return person


async def told(here: Here, person: Person) -> list[dict[str, Any]]:
    """Return somebody's notifications as clients see them."""
    async with here.pool.connection() as connection:
        found = await notifications.of_account(connection, person.account_id, Page(limit=40))
        people = await accounts.load(connection, notifications.people(found))
    shown = [notification(each, people, None, SITE) for each in found]
    return msgspec.json.decode(msgspec.json.encode(shown), type=list[dict[str, Any]])


async def waiting(here: Here) -> list[ForwardReport]:
    found = await here.rows("SELECT args FROM procrastinate_jobs WHERE task_name = 'reports.forward' ORDER BY id")
    return [msgspec.convert(args["job"], ForwardReport) for (args,) in found]


async def filed(here: Here, author: Person, target: int, **fields: Any) -> int:
    number = here.appender.allot(here.means.clock())
    report = ReportFiled(
        report_id=number, account_id=author.account_id, target_id=target, comment="Spam", category="spam", **fields
    )
    await here.append(report)
    return number


async def test_staff_hears_of_new_people_and_of_reports_once(here: Here) -> None:
    deps = await deps_of(here)
    mod, user = await staff(here, "mod"), await staff(here, "user", "user")
    await here.run(Reports(here.appender, deps.jobs))
    bob = await here.person("bob")
    number = await filed(here, user, bob.account_id)
    effect = Reports(here.appender, deps.jobs)
    await here.run(effect)
    await here.rows("UPDATE effects.cursors SET position = 1 WHERE name = 'reports' RETURNING 1")
    await here.run(effect)
    here.fold()
    heard = await told(here, mod)
    assert [each["type"] for each in heard] == ["admin.report", "admin.sign_up", "admin.sign_up"]
    for each in heard:
        assert_valid(each, "Notification")
    assert heard[0]["report"]["id"] == str(number)
    assert heard[0]["report"]["target_account"]["username"] == "bob"
    assert heard[0]["account"]["username"] == "user"
    assert heard[1]["group_key"].startswith("admin.sign_up-")
    assert await told(here, user) == []


async def test_what_another_server_reports_is_kept(here: Here, there: FakeRemote) -> None:
    deps = await deps_of(here)
    mod, alice, bob = await staff(here, "mod"), await here.person("alice"), await here.person("bob")
    post, other = await here.post(bob), await here.post(alice)
    remote = there.actor("instance")
    await here.meet(remote.document())
    flag = {"id": f"{remote.id}#flags/1", "type": "Flag", "actor": remote.id, "content": "Bad"}
    await here.hear({**flag, "object": [bob.id, post["id"], other["id"], "https://nobody.example/x"]})
    await here.run(Reports(here.appender, deps.jobs))
    here.fold()
    found = await here.rows(
        "SELECT target_id, cardinality(status_ids), comment, category FROM read.reports ORDER BY target_id"
    )
    assert found == [(alice.account_id, 1, "Bad", "other"), (bob.account_id, 1, "Bad", "other")]
    kinds = [each["type"] for each in await told(here, mod)]
    assert kinds.count("admin.report") == 2
    assert await waiting(here) == []


async def test_s_130_a_forwarded_report_does_not_say_who_reported(here: Here, there: FakeRemote) -> None:
    deps = await deps_of(here)
    user, spammer = await here.person("whistleblower"), there.actor("spammer")
    await here.meet(spammer.document())
    note = spammer.note("buy this")
    await here.hear(spammer.create(note))
    here.fold()
    ((target, status),) = await here.rows("SELECT account_id, id FROM read.statuses")
    await filed(here, user, target, status_ids=(status,), forward_to=(there.authority, "else.example"))
    await here.run(Reports(here.appender, deps.jobs))
    (job,) = await waiting(here)
    await forwarding.forward.do(job, deps)
    (sent,) = [each for each in there.received if each.method == "POST"]
    document = msgspec.json.decode(sent.body)
    assert document["object"] == [spammer.id, note["id"]]
    assert (document["type"], document["actor"], document["content"]) == ("Flag", SITE.instance_actor, "Spam")
    assert user.name not in sent.body.decode()


@pytest.mark.parametrize(("status", "again"), [(202, False), (404, False), (503, True)])
async def test_a_server_that_is_away_is_told_later(here: Here, there: FakeRemote, status: int, again: bool) -> None:
    deps = await deps_of(here)
    user, spammer = await here.person("user"), there.actor("spammer")
    await here.meet(spammer.document())
    here.fold()
    ((target,),) = await here.rows("SELECT id FROM read.accounts WHERE domain IS NOT NULL")
    await filed(here, user, target, forward_to=(there.authority,))
    await here.run(Reports(here.appender, deps.jobs))
    (job,) = await waiting(here)
    for path in ("/inbox", "/users/spammer/inbox"):
        there.answer(path, Answer(status=status))
    if again:
        with pytest.raises(NotTaken):
            await forwarding.forward.do(job, deps)
    else:
        await forwarding.forward.do(job, deps)


async def test_what_is_not_forwarded_stays_here(here: Here, there: FakeRemote) -> None:
    deps = await deps_of(here)
    user, spammer = await here.person("user"), there.actor("spammer")
    await here.meet(spammer.document())
    here.fold()
    ((target,),) = await here.rows("SELECT id FROM read.accounts WHERE domain IS NOT NULL")
    await filed(here, user, target)
    await filed(here, user, target, forward_to=("else.example",))
    await here.run(Reports(here.appender, deps.jobs))
    assert await waiting(here) == []
