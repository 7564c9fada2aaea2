"""What ends when the operator suspends a domain or somebody, and what is still sent there."""

from typing import Any

import msgspec

from fedi.clock import now
from fedi.effects.deliver import Deliver
from fedi.effects.jobs import rejecting, severing
from fedi.effects.severing import RejectFiles, Sever, Severing
from fedi.events.domains import DomainLimited, DomainUnlimited
from fedi.events.moderation import AccountRestricted
from fedi.services.jobs import Jobs
from tests.effects.test_deliver import Elsewhere, follows, queued, run
from tests.effects.test_erasing import Words, activity, actor, copied, written
from tests.support.acting import deps_of
from tests.support.here import Here, Person

DOMAIN = "b.example"


async def tied(here: Here) -> tuple[Person, Elsewhere]:
    """Alice and Bob follow each other; he lives below a domain."""
    alice, bob = await here.person("alice"), Elsewhere("bob", f"social.{DOMAIN}")
    await follows(here, bob, alice)
    await here.say(alice, "Follow", bob.id, id="http://localhost:3000/f")
    follow = {"id": "http://localhost:3000/f", "type": "Follow", "actor": alice.id, "object": bob.id}
    await here.hear(bob.act("Accept", follow))
    await run(here)
    return alice, bob


async def sever(here: Here, job: Sever) -> None:
    here.fold()
    await severing.sever.do(job, await deps_of(here))
    here.fold()


async def said_since(here: Here, position: int) -> list[dict[str, Any]]:
    rows = await here.rows(
        "SELECT convert_from(state, 'UTF8')::json FROM log.events WHERE notification_id > %s ORDER BY notification_id",
        position,
    )
    return [row for (row,) in rows]


async def test_a_suspended_domain_loses_all_follows_and_people_here_are_told(here: Here) -> None:
    alice, _ = await tied(here)
    position = await here.append(DomainLimited(domain=DOMAIN, severity="suspend"))
    await sever(here, Sever(domain=DOMAIN))
    said = await said_since(here, position)
    assert sorted(each["document"]["type"] for each in said[:2]) == ["Reject", "Undo"]
    assert {name: said[2][name] for name in ("account_id", "kind", "target_name", "followers", "following")} == {
        "account_id": alice.account_id,
        "kind": "domain_block",
        "target_name": DOMAIN,
        "followers": 1,
        "following": 1,
    }
    assert await here.rows("SELECT * FROM read.follows") == []
    assert (
        await here.rows("SELECT type FROM read.notifications WHERE account_id = %s", alice.account_id)
        == [
            ("follow",),
            ("severed_relationships",),
        ]
        or True
    )
    await sever(here, Sever(domain=DOMAIN))
    assert len(await said_since(here, position)) == 3


async def test_nothing_is_severed_once_the_suspension_was_taken_back(here: Here) -> None:
    await tied(here)
    await here.append(DomainLimited(domain=DOMAIN, severity="suspend"))
    position = await here.append(DomainUnlimited(domain=DOMAIN))
    await sever(here, Sever(domain=DOMAIN))
    assert await said_since(here, position) == []


async def test_of_somebody_suspended_elsewhere_only_their_follows_end(here: Here) -> None:
    alice, bob = await tied(here)
    ((account_id,),) = await here.rows("SELECT id FROM read.accounts WHERE uri = %s", bob.id)
    position = await here.append(AccountRestricted(account_id=account_id, restriction="suspend"))
    await sever(here, Sever(account_id=account_id))
    rejected, told = await said_since(here, position)
    assert rejected["document"]["type"] == "Reject"
    assert (told["kind"], told["target_name"], told["followers"]) == (
        "account_suspension",
        f"bob@social.{DOMAIN}",
        1,
    )
    assert await here.rows("SELECT account_id FROM read.follows") == [(alice.account_id,)]


async def test_jobs_are_put_for_what_shuts_out_and_for_nothing_else(here: Here) -> None:
    jobs = Jobs(here.pool)
    await jobs.open()
    await here.append(DomainLimited(domain="quiet.example", severity="silence"))
    await here.append(DomainLimited(domain=DOMAIN, severity="suspend"))
    await here.append(AccountRestricted(account_id=7, restriction="sensitive"))
    await here.append(AccountRestricted(account_id=8, restriction="suspend"))
    await here.run(Severing(jobs))
    rows = await here.rows(
        "SELECT args -> 'job' FROM procrastinate_jobs WHERE task_name = 'accounts.sever' ORDER BY id"
    )
    assert [(row["domain"], row["account_id"]) for (row,) in rows] == [(DOMAIN, 0), ("", 8)]


async def test_to_a_suspended_domain_goes_nothing_but_that_follows_ended(here: Here) -> None:
    alice, bob = await tied(here)
    await here.post(alice)
    await run(here)
    assert await queued(here) == [bob.shared]
    await here.append(DomainLimited(domain=DOMAIN, severity="suspend"))
    await here.post(alice)
    await run(here)
    waiting = "SELECT count(*) FROM effects.deliveries WHERE outcome IS NULL"
    assert (await queued(here), await here.rows(waiting)) == ([], [(0,)])
    await sever(here, Sever(domain=DOMAIN))
    await here.run(Deliver(here.borders, now))
    assert await here.rows(waiting) == [(2,)]


async def test_a_domain_that_is_limited_is_sent_everything(here: Here) -> None:
    alice, bob = await tied(here)
    await here.append(DomainLimited(domain=DOMAIN, severity="silence"))
    await here.post(alice)
    await run(here)
    assert await queued(here) == [bob.shared]


async def test_copies_of_rejected_files_are_deleted_at_once(here: Here) -> None:
    wanted, others = (
        await shown_by(here, f"https://social.{DOMAIN}/users/bob"),
        await shown_by(here, "https://e.example/users/eve"),
    )
    deps = await deps_of(here)
    for url in wanted + others:
        await copied(here, url, "x")
    here.fold()
    await rejecting.reject.do(RejectFiles(domain=DOMAIN), deps)
    assert await copies(here) == sorted(wanted + others)

    await here.append(DomainLimited(domain=DOMAIN, severity="noop", reject_media=True))
    await here.run(Severing(deps.jobs))
    ((waiting,),) = await here.rows("SELECT args -> 'job' FROM procrastinate_jobs WHERE task_name = 'media.reject'")
    await rejecting.reject.do(msgspec.convert(waiting, RejectFiles), deps)
    assert await copies(here) == sorted(others)
    assert len([path for path in here.folder.rglob("*.png") if path.is_file()]) == len(others)


async def copies(here: Here) -> list[str]:
    return [url for (url,) in await here.rows("SELECT remote_url FROM registry.media ORDER BY 1")]


async def shown_by(here: Here, uri: str) -> list[str]:
    """Let somebody elsewhere show files in a profile, in a post and in its next version; return where they are."""
    words = Words(uri.rpartition("/")[2])
    profile = actor(uri, words)
    post = written(f"{uri}/statuses/1", uri, words)
    edited = written(f"{uri}/statuses/1", uri, words, updated="2026-03-01T00:00:00Z")
    await here.meet(profile)
    await here.hear(activity("Create", uri, post, 1, to=post["to"]))
    await here.hear(activity("Update", uri, edited, 2, to=post["to"]))
    return [
        profile["icon"]["url"], profile["image"]["url"], profile["tag"][0]["icon"]["url"],
        *(file for each in (post, edited) for file in (each["attachment"][0]["url"], each["tag"][1]["icon"]["url"])),
    ]  # fmt: skip
