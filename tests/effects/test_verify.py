"""Links on profiles are verified by a link back, of those only that somebody here may care for."""

import pytest

from fedi.effects.deps import Deps
from fedi.effects.jobs.verify import links_back, verify
from fedi.effects.verify import Verify, VerifyLinks
from tests.support.acting import deps_of
from tests.support.fake_remote import Answer, FakeRemote
from tests.support.here import Here

JOBS = (
    "SELECT (args -> 'job' ->> 'account_id')::bigint FROM procrastinate_jobs WHERE task_name = 'accounts.verify_links'"
)
ME = "http://localhost:3000/@ann"
HTML = {"Content-Type": "text/html; charset=utf-8"}


def field(url: str) -> list[dict[str, str]]:
    return [{"type": "PropertyValue", "name": "site", "value": f'<a href="{url}" rel="me">site</a>'}]


@pytest.mark.parametrize(
    ("page", "found"),
    [
        (f'<a rel="me" href="{ME}">x</a>', True),
        (f'<link rel="nofollow me" href=" {ME.upper()}/ ">', True),
        (f'<a href="{ME}">x</a>', False),
        ('<a rel="me" href="https://other.example/@ann">x</a>', False),
        (f'<a rel="menu" href="{ME}">x</a>', False),
        ('<a rel="me">x</a>', False),
        ("\0<<<", False),
    ],
)
def test_links_back(page: str, found: bool) -> None:
    assert links_back(page.encode(), {ME}) is found


async def verified(here: Here, account_id: int) -> list[str]:
    rows = await here.rows(f"SELECT verified FROM read.accounts WHERE id = {account_id}")
    return sorted(rows[0][0])


async def run(here: Here, deps: Deps, account_id: int) -> None:
    await verify.do(VerifyLinks(account_id=account_id), deps)
    here.fold()


async def test_a_link_is_verified_until_it_is_taken_off(here: Here, there: FakeRemote) -> None:
    good, bad = there.url("/good"), there.url("/bad")
    ann = await here.person("ann", url=ME, attachment=[*field(good), *field(bad), *field(there.url("/none"))])
    there.answer("/good", Answer(body=f'<a rel="me" href="{ME}">me</a>'.encode(), headers=HTML))
    there.answer("/bad", Answer(body=b"<p>nobody</p>", headers=HTML))
    here.fold()
    deps = await deps_of(here)
    for _ in range(2):
        await run(here, deps, ann.account_id)
    assert await verified(here, ann.account_id) == [good]
    assert len(await here.rows("SELECT 1 FROM log.events WHERE topic = 'account.link_verified'")) == 1
    await here.say(ann, "Update", ann.document(url=ME, attachment=field(bad)))
    here.fold()
    assert await verified(here, ann.account_id) == []


async def test_strangers_whom_nobody_follows_make_nobody_ask(here: Here, there: FakeRemote) -> None:
    ann = await here.person("ann", attachment=field("https://ann.example/"))
    await here.person("plain")
    known, unknown = there.actor("known"), there.actor("unknown")
    for actor in (known, unknown):
        await here.meet(actor.document())
    follow = await here.say(ann, "Follow", known.id)
    here.fold()
    await here.hear(known.accept({"id": f"{ann.id}#act/1", "type": "Follow", "actor": ann.id, "object": known.id}))
    here.fold()
    assert follow
    for actor in (known, unknown):
        await here.hear(actor.activity("Update", actor.document() | {"attachment": field("https://x.example/")}))
    here.fold()
    deps = await deps_of(here)
    await here.run(Verify(deps.jobs))
    (followed,) = (await here.rows("SELECT id FROM read.accounts WHERE username = 'known'"))[0]
    assert sorted(row[0] for row in await here.rows(JOBS)) == sorted([ann.account_id, followed])
