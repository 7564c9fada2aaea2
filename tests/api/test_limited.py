"""What people see, and do not see, of whom the operator limits."""

import asyncio
import hashlib
from typing import Any

import msgspec
import pytest

from fedi.api.deps import Deps
from fedi.api.entities.domain_limits import obscured
from fedi.commands import domain_limits, moderation
from fedi.errors import ClientError, NotFoundError
from fedi.events.domains import DomainLimited, Severity
from fedi.registry import users
from fedi.settings import Settings
from fedi.settings.kinds import Shown
from tests.support.neighbour import Neighbour, neighbour
from tests.support.phone import Phone, at, phone
from tests.support.schemas import assert_valid
from tests.support.server import folded, said

pytestmark = pytest.mark.usefixtures("projector")
LISTED = "/api/v1/instance/domain_blocks"


async def decide(deps: Deps, domain: str, severity: Severity, **more: Any) -> None:
    wish = DomainLimited(domain=domain, severity=severity, **more)
    await folded(deps, await domain_limits.limit(deps.commands, wish))


async def take_back(deps: Deps, domain: str) -> None:
    await folded(deps, await domain_limits.remove(deps.commands, domain))


async def follow(deps: Deps, reader: Phone, other: Neighbour) -> None:
    await reader.call("POST", f"/api/v1/accounts/{other.id}/follow")
    async with deps.pool.connection() as connection:
        cursor = await connection.execute(
            "SELECT uri FROM read.follows WHERE account_id = %s AND target_id = %s", [reader.owner.id, other.id]
        )
        row = await cursor.fetchone()
    assert row is not None
    await other.does("Accept", row[0])


async def ids(reader: Phone, path: str, **params: Any) -> set[str]:
    found = await reader.call("GET", path, params=params)
    return {each["id"] for each in found}


async def boosts_at_home(reader: Phone, expected: int) -> set[str]:
    """Return what boosts at home are of, once they are as many as expected: Redis follows the views at its own pace."""
    found: set[str] = set()
    for _ in range(100):
        at_home = await reader.call("GET", "/api/v1/timelines/home")
        found = {each["reblog"]["id"] for each in at_home if each["reblog"]}
        if len(found) == expected:
            break
        await asyncio.sleep(0.02)
    return found


async def test_who_is_limited_is_in_no_public_timeline_but_at_home_with_followers(deps: Deps) -> None:
    ada, eve, zoe = await phone(deps, "ada"), await phone(deps, "eve"), await neighbour(deps, "a.loud.example")
    await follow(deps, ada, zoe)
    post = str(await zoe.posts("<p>loud</p>", tag=[{"type": "Hashtag", "name": "#loud"}]))
    public = ("/api/v1/timelines/public", "/api/v1/timelines/tag/loud")
    assert all([post in await ids(eve, path) for path in public])
    await decide(deps, "loud.example", "silence")
    for reader in (ada, eve):
        assert not any([post in await ids(reader, path) for path in public])
    assert post in await ids(ada, "/api/v1/timelines/home")
    assert (await eve.call("GET", f"/api/v1/statuses/{post}"))["account"]["limited"] is True
    account = await eve.call("GET", f"/api/v1/accounts/{zoe.id}")
    assert_valid(account, "Account")
    await take_back(deps, "loud.example")
    assert all([post in await ids(eve, path) for path in public])
    assert "limited" not in await eve.call("GET", f"/api/v1/accounts/{zoe.id}")


async def test_who_is_limited_is_found_by_the_whole_name_alone(deps: Deps) -> None:
    eve, zoe = await phone(deps, "eve"), await neighbour(deps, "named.example", "zenobia")
    name = zoe.uri.rpartition("/")[2]
    await decide(deps, "named.example", "silence")
    search = "/api/v1/accounts/search"
    assert str(zoe.id) not in await ids(eve, search, q="zenobi")
    assert str(zoe.id) in await ids(eve, search, q=f"{name}@named.example")


async def test_threads_show_who_is_limited_to_followers(deps: Deps) -> None:
    ada, eve, zoe = await phone(deps, "ada"), await phone(deps, "eve"), await neighbour(deps, "thread.example")
    await follow(deps, ada, zoe)
    asked = await eve.call("POST", "/api/v1/statuses", json={"status": "What?"})
    answer = str(await zoe.posts("<p>This</p>", inReplyTo=asked["uri"]))
    await decide(deps, "thread.example", "silence")
    for reader, seen in ((ada, [answer]), (eve, [])):
        context = await reader.call("GET", f"/api/v1/statuses/{asked['id']}/context")
        assert [each["id"] for each in context["descendants"]] == seen


async def test_notifications_of_the_limited_are_kept_apart_for_all_but_followers(deps: Deps) -> None:
    ada, eve, zoe = await phone(deps, "ada"), await phone(deps, "eve"), await neighbour(deps, "knock.example")
    await follow(deps, ada, zoe)
    await decide(deps, "knock.example", "silence")
    for reader in (ada, eve):
        mention = {"type": "Mention", "href": reader.owner.uri, "name": at(reader)}
        await zoe.posts("<p>hey</p>", tag=[mention], cc=[reader.owner.uri])
    assert [each["type"] for each in await ada.call("GET", "/api/v1/notifications")] == ["mention"]
    assert await eve.call("GET", "/api/v1/notifications") == []
    (request,) = await eve.call("GET", "/api/v1/notifications/requests")
    assert request["account"]["id"] == str(zoe.id)
    await eve.call("PATCH", "/api/v2/notifications/policy", json={"for_limited_accounts": "accept"})
    mention = {"type": "Mention", "href": eve.owner.uri, "name": at(eve)}
    await zoe.posts("<p>again</p>", tag=[mention], cc=[eve.owner.uri])
    assert [each["type"] for each in await eve.call("GET", "/api/v1/notifications")] == ["mention"]


async def test_a_wish_to_follow_of_the_limited_waits_for_an_answer(deps: Deps) -> None:
    ada, zoe = await phone(deps, "ada"), await neighbour(deps, "wish.example")
    await ada.call("PATCH", "/api/v2/notifications/policy", json={"for_limited_accounts": "accept"})
    await zoe.does("Follow", ada.owner.uri)
    assert await ada.call("GET", "/api/v1/notifications") == []
    await decide(deps, "wish.example", "silence")
    await zoe.does("Follow", ada.owner.uri)
    (told,) = await ada.call("GET", "/api/v1/notifications")
    assert (told["type"], told["account"]["id"]) == ("follow_request", str(zoe.id))
    assert [each["id"] for each in await ada.call("GET", "/api/v1/follow_requests")] == [str(zoe.id)]


async def test_s_131_what_the_suspended_wrote_is_nowhere_and_comes_back(deps: Deps) -> None:
    ada, zoe = await phone(deps, "ada"), await neighbour(deps, "sub.gone.example")
    friend = await neighbour(deps, "friend.example")
    await follow(deps, ada, friend)
    old = await zoe.posts("<p>old</p>")
    status = await ada.call("GET", f"/api/v1/statuses/{old}")
    await friend.does("Announce", status["uri"], to=["https://www.w3.org/ns/activitystreams#Public"])
    quoting = await friend.posts("<p>look</p>", quote=status["uri"])
    answer = await friend.posts("<p>answer</p>", inReplyTo=status["uri"])
    assert await boosts_at_home(ada, 1) == {str(old)}
    await decide(deps, "gone.example", "suspend")
    assert await ada.call("GET", f"/api/v1/statuses/{old}", 404)
    assert not await boosts_at_home(ada, 0)
    quote = (await ada.call("GET", f"/api/v1/statuses/{quoting}"))["quote"]
    assert quote is None or not quote.get("quoted_status")
    context = await ada.call("GET", f"/api/v1/statuses/{answer}/context")
    assert context["ancestors"] == []
    found = await ada.call("GET", "/api/v2/search", params={"q": status["uri"], "resolve": "true"})
    assert (found["accounts"], found["statuses"]) == ([], [])
    shown = await ada.call("GET", f"/api/v1/accounts/{zoe.id}")
    assert (shown["suspended"], shown["note"]) == (True, "")
    await take_back(deps, "gone.example")
    assert (await ada.call("GET", f"/api/v1/statuses/{old}"))["id"] == str(old)
    assert await boosts_at_home(ada, 1) == {str(old)}


async def test_files_that_are_rejected_are_only_named(deps: Deps) -> None:
    ada, zoe = await phone(deps, "ada"), await neighbour(deps, "files.example")
    picture = {"type": "Image", "mediaType": "image/png", "url": "https://files.example/a.png"}
    post = await zoe.posts("<p>see</p>", attachment=[picture])
    (before,) = (await ada.call("GET", f"/api/v1/statuses/{post}"))["media_attachments"]
    assert before["type"] == "image"
    await decide(deps, "files.example", "noop", reject_media=True)
    (after,) = (await ada.call("GET", f"/api/v1/statuses/{post}"))["media_attachments"]
    assert (after["type"], after["url"], after["preview_url"]) == ("unknown", None, None)
    assert after["remote_url"] == picture["url"]
    assert (await ada.http.get(before["url"].removeprefix(deps.site.base_url))).status_code == 404


@pytest.mark.parametrize(
    ("shown", "rationale", "stranger", "person"),
    [
        ("all", "users", (200, None), (200, "bad")),
        ("users", "all", (404, None), (200, "bad")),
        ("disabled", "all", (404, None), (404, None)),
    ],
)
async def test_who_may_read_the_list_is_the_operators_choice(
    deps: Deps, shown: Shown, rationale: Shown, stranger: tuple[int, Any], person: tuple[int, Any]
) -> None:
    name = f"{shown}-listed.example"
    await decide(deps, name, "suspend", public_comment="bad", private_comment="secret", obfuscate=True)
    await decide(deps, f"spared.{name}", "noop")
    settings = msgspec.structs.replace(deps.settings, show_domain_blocks=shown, show_domain_blocks_rationale=rationale)
    ada = await phone(msgspec.structs.replace(deps, settings=settings), "ada")
    for headers, (status, comment) in (({}, stranger), (ada.headers, person)):
        answer = await ada.http.get(LISTED, headers=headers)
        assert answer.status_code == status
        if status == 200:
            found = {each["digest"]: each for each in answer.json()}[hashlib.sha256(name.encode()).hexdigest()]
            assert_valid(found, "DomainBlock")
            assert (found["domain"], found["severity"], found["comment"]) == (obscured(name), "suspend", comment)
            assert "secret" not in answer.text
            assert "spared" not in answer.text


async def test_nobody_reads_the_list_unless_the_operator_says_so(deps: Deps) -> None:
    shown = Settings().show_domain_blocks
    settings = msgspec.structs.replace(deps.settings, show_domain_blocks=shown)
    ada = await phone(msgspec.structs.replace(deps, settings=settings), "ada")
    for headers in ({}, ada.headers):
        assert (await ada.http.get(LISTED, headers=headers)).status_code == 404


def test_of_an_obscured_name_the_ends_can_be_read() -> None:
    assert obscured("badplace.example") == "badpl***.***mple"


@pytest.mark.parametrize("domain", ["", "a b", "https://x.example/", "user@x.example", "x/y", "*.x.example"])
async def test_what_is_no_domain_cannot_be_limited(deps: Deps, domain: str) -> None:
    with pytest.raises(ClientError, match="is no domain"):
        await domain_limits.limit(deps.commands, DomainLimited(domain=domain, severity="suspend"))


async def test_the_servers_own_domain_cannot_be_limited_nor_a_limit_taken_back_that_is_not_there(deps: Deps) -> None:
    with pytest.raises(ClientError, match="own domain"):
        await domain_limits.limit(deps.commands, DomainLimited(domain=deps.site.domain, severity="suspend"))
    with pytest.raises(NotFoundError, match="nothing was decided"):
        await domain_limits.remove(deps.commands, "never.example")


async def test_somebody_who_is_warned_reads_why(deps: Deps) -> None:
    ada = await phone(deps, "ada")
    target = await moderation.find(deps.commands, ada.owner.username)
    await folded(deps, await moderation.restrict(deps.commands, deps.redis, target, "sensitive", text="Mind the cats."))
    (told,) = await ada.call("GET", "/api/v1/notifications")
    assert_valid(told, "Notification")
    warning = told["moderation_warning"]
    assert_valid(warning, "AccountWarning")
    assert (told["type"], warning["action"], warning["text"]) == ("moderation_warning", "sensitive", "Mind the cats.")
    (group,) = (await ada.call("GET", "/api/v2/notifications"))["notification_groups"]
    assert group["moderation_warning"]["target_account"]["id"] == str(ada.owner.id)
    post = await ada.call("POST", "/api/v1/statuses", json={"status": "A cat."})
    assert post["sensitive"] is True
    await folded(deps, await moderation.lift(deps.commands, deps.redis, target, "sensitive"))
    assert (await ada.call("GET", f"/api/v1/statuses/{post['id']}"))["sensitive"] is False


async def test_somebody_suspended_here_is_out_and_hidden_and_other_servers_are_told(deps: Deps) -> None:
    ada, eve = await phone(deps, "ada"), await phone(deps, "eve")
    post = await ada.call("POST", "/api/v1/statuses", json={"status": "Hello."})
    target = await moderation.find(deps.commands, ada.owner.username)
    position = await moderation.restrict(deps.commands, deps.redis, target, "suspend", tell=False)
    await folded(deps, position)
    _, document = await said(deps, position)
    assert (document["type"], document["object"]["suspended"]) == ("Update", True)
    assert await eve.call("GET", f"/api/v1/statuses/{post['id']}", 404)
    assert (await eve.call("GET", f"/api/v1/accounts/{ada.owner.id}"))["suspended"] is True
    async with deps.pool.connection() as connection:
        user = await users.by_account(connection, ada.owner.id)
    assert user is not None
    assert user.disabled
    await folded(deps, await moderation.lift(deps.commands, deps.redis, target, "suspend"))
    assert (await eve.call("GET", f"/api/v1/statuses/{post['id']}"))["content"] == "<p>Hello.</p>"
    with pytest.raises(NotFoundError, match="is not suspended"):
        await moderation.lift(deps.commands, deps.redis, target, "suspend")
