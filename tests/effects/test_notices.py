"""People who are away are written to, of what they chose, by a real mail server."""

from pathlib import Path

import msgspec
import pytest

from fedi.clock import now
from fedi.effects.jobs import notices as mailing
from fedi.effects.notices import Notices
from fedi.registry import mail_choices, tokens, users
from fedi.registry.mail_choices import Ending
from fedi.registry.users import Preferences
from fedi.services.mailer import SendNotice
from tests.services.test_mailer import settings_for
from tests.support.acting import deps_of
from tests.support.here import PUBLIC, Here, Person
from tests.support.people import somebody
from tests.support.post_office import Manner, open_office


async def waiting(here: Here) -> list[SendNotice]:
    found = await here.rows("SELECT args FROM procrastinate_jobs WHERE task_name = 'mail.notice' ORDER BY id")
    return [msgspec.convert(args["job"], SendNotice) for (args,) in found]


async def login(here: Here, person: Person, preferences: Preferences | None = None) -> users.User:
    async with here.pool.connection() as connection:
        user = await somebody(connection, account_id=person.account_id, username=person.name)
        if preferences is not None:
            await users.set_preferences(connection, user.id, preferences)
    return user


async def test_who_is_away_is_told_by_mail(here: Here, tmp_path: Path) -> None:
    alice, bob = await here.person("alice"), await here.person("bob")
    user = await login(here, alice)
    mention = {"type": "Mention", "href": alice.id}
    await here.post(bob, to=[PUBLIC, alice.id], content="<p>Hello &lt;b&gt; you</p>", tag=[mention])
    await here.post(bob, to=[PUBLIC, alice.id], content="<p>and again</p>", tag=[mention])
    deps = await deps_of(here)
    await here.run(Notices(deps.jobs, now, sending=True))
    (job,) = await waiting(here)
    assert job.user_id == user.id
    with open_office(tmp_path, Manner()) as office:
        deps = msgspec.structs.replace(deps, settings=settings_for(office))
        await mailing.send.do(job, deps)
        async with here.pool.connection() as connection:
            await users.set_preferences(connection, user.id, Preferences(mails=()))
        await mailing.send.do(job, deps)
    (mail,) = office.mails
    assert mail["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
    address, _, token = mail["list-unsubscribe"].strip("<>").partition("?token=")
    assert address == "http://localhost:3000/unsubscribe"
    assert mail_choices.read_token(deps.settings.secret_key_base, token) == Ending(user_id=user.id, kind="mention")
    assert (mail["to"], mail["subject"]) == (user.email, "bob mentioned you")
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert "“Hello <b> you”" in plain.get_content()
    assert "“Hello &lt;b&gt; you”" in html.get_content()
    assert "(@bob@localhost:3000)" in plain.get_content()


@pytest.mark.parametrize(
    ("mails", "told"), [(("favourite",), True), (("mention", "follow"), False), (None, False), ((), False)]
)
async def test_only_what_was_chosen_is_mailed(here: Here, mails: tuple[users.MailKind, ...] | None, told: bool) -> None:
    alice, bob = await here.person("alice"), await here.person("bob")
    await login(here, alice, None if mails is None else Preferences(mails=mails))
    post = await here.post(alice)
    await here.say(bob, "Like", post["id"])
    deps = await deps_of(here)
    await here.run(Notices(deps.jobs, now, sending=True))
    assert bool(await waiting(here)) is told


async def test_who_is_here_gets_no_mail(here: Here) -> None:
    alice, bob = await here.person("alice"), await here.person("bob")
    user = await login(here, alice, Preferences(mails=("favourite",)))
    async with here.pool.connection() as connection:
        token = await tokens.issue(connection, "key", app_id=None, user_id=user.id, scopes=["read"])
        await tokens.touch(connection, [token.id], now())
    post = await here.post(alice)
    await here.say(bob, "Like", post["id"])
    deps = await deps_of(here)
    await here.run(Notices(deps.jobs, now, sending=True))
    assert await waiting(here) == []


async def test_without_a_mail_server_nothing_gathers(here: Here) -> None:
    alice, bob = await here.person("alice"), await here.person("bob")
    await login(here, alice, Preferences(mails=("favourite",)))
    post = await here.post(alice)
    await here.say(bob, "Like", post["id"])
    deps = await deps_of(here)
    await here.run(Notices(deps.jobs, now, sending=False))
    await here.run(Notices(deps.jobs, now, sending=True))
    assert await waiting(here) == []


def test_there_are_words_for_every_kind() -> None:
    assert set(mailing.TITLES) == set(users.MAILED)
