"""Letters go through the queue to a real mail server, with links that work and are stored nowhere in clear."""

import re
from pathlib import Path

import pytest

from fedi.effects.deps import Deps
from fedi.effects.jobs import letters
from fedi.registry import confirmations, users
from fedi.services.mailer import SendLetter, SendRefusal, SendReset
from tests.effects.jobs.test_worker import working
from tests.services.test_mailer import settings_for
from tests.support.acting import deps_of
from tests.support.here import Here, until
from tests.support.people import NOON, somebody
from tests.support.post_office import Manner, PostOffice, open_office

LEFT = "SELECT count(*) FROM procrastinate_jobs"


def secret_in(office: PostOffice, number: int = -1) -> str:
    body = office.mails[number].get_body(("plain",))
    assert body is not None
    found = re.search(r"_token=(\S+)", body.get_content())
    assert found is not None
    return found[1]


async def writing(here: Here, office: PostOffice) -> Deps:
    return await deps_of(here, settings=settings_for(office))


async def test_a_letter_goes_through_the_queue(here: Here, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with here.pool.connection() as connection:
        user = await somebody(connection)
    with open_office(tmp_path, Manner()) as office:
        async with working(here, monkeypatch, letters.send, settings=settings_for(office)) as deps:
            await deps.jobs.put(SendLetter(user_id=user.id, letter="password_changed"))
            await deps.jobs.put(SendLetter(user_id=-1, letter="password_changed"))
            await until(here, LEFT, [(0,)])
    assert office.recipients == [user.email]
    assert office.mails[0]["subject"] == "Your password for localhost:3000 was changed"


async def test_who_is_not_let_in_is_written_to_though_their_login_is_gone(here: Here, tmp_path: Path) -> None:
    with open_office(tmp_path, Manner()) as office:
        deps = await writing(here, office)
        await letters.send_refusal.do(SendRefusal(email="a@b.example", username="ada", reason="Full.\nSorry."), deps)
    (mail,) = office.mails
    plain = mail.get_body(("plain",))
    assert plain is not None
    assert (mail["to"], "They say: Full. Sorry." in plain.get_content()) == ("a@b.example", True)


async def test_s_100_a_letter_that_waited_gives_nobody_an_address_after_a_new_password(
    here: Here, tmp_path: Path
) -> None:
    async with here.pool.connection() as connection:
        user = await somebody(connection)
    with open_office(tmp_path, Manner()) as office:
        deps = await writing(here, office)
        email = "mallory@example.com"
        job = SendLetter(user_id=user.id, letter="confirm_email", email=email, asked_under=user.password_mark)
        await letters.send.do(job, deps)
        async with here.pool.connection() as connection:
            await users.renew_password(connection, user.id, "another")
        await letters.send.do(job, deps)
    assert office.recipients == [email]
    assert await here.rows("SELECT * FROM registry.confirmations WHERE user_id = %s", user.id) == []


async def test_a_link_works_once_and_is_kept_only_as_a_digest(here: Here, tmp_path: Path) -> None:
    async with here.pool.connection() as connection:
        user = await somebody(connection, confirmed_at=None)
    with open_office(tmp_path, Manner()) as office:
        deps = await writing(here, office)
        job = SendLetter(user_id=user.id, letter="confirm_email", email="new@example.com")
        await letters.send.do(job, deps)
        first = secret_in(office)
        await letters.send.do(job, deps)
    assert office.recipients == ["new@example.com"] * 2
    second = secret_in(office)
    assert first != second
    for table in ("registry.confirmations", "procrastinate_jobs"):
        assert not [row for row in await here.rows(f"SELECT kept::text FROM {table} AS kept") if second in row[0]]
    async with here.pool.connection() as connection:
        moment = deps.means.clock()
        assert await confirmations.take(connection, first, "confirm_email", moment) is None
        assert await confirmations.take(connection, second, "reset_password", moment) is None
        taken = await confirmations.take(connection, second, "confirm_email", moment)
        assert taken == confirmations.Confirmation(user_id=user.id, email="new@example.com")
        assert await confirmations.take(connection, second, "confirm_email", moment) is None


async def test_a_reset_goes_to_whom_the_address_belongs(here: Here, tmp_path: Path) -> None:
    async with here.pool.connection() as connection:
        user = await somebody(connection, email="Ada@example.com", confirmed_at=NOON)
    with open_office(tmp_path, Manner()) as office:
        deps = await writing(here, office)
        await letters.send_reset.do(SendReset(email=" ada@EXAMPLE.com"), deps)
        await letters.send_reset.do(SendReset(email="nobody@example.com"), deps)
        office.answers.append("550 no such mailbox")
        await letters.send_reset.do(SendReset(email="ada@example.com"), deps)
    assert office.recipients == [user.email]
    assert len(secret_in(office)) == 43
