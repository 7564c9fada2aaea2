"""Every reading endpoint, asked by a person and by a stranger: the answer is what Mastodon's schemas say."""

from typing import Any

from fedi.api.deps import Deps
from tests.support import views
from tests.support.reader import World
from tests.support.schemas import assert_valid

LISTS = [
    ("/api/v1/accounts?id[]={ann}&id[]={zoe}", "Account"),
    ("/api/v1/accounts/relationships?id[]={ben}&id[]={zoe}", "Relationship"),
    ("/api/v1/accounts/familiar_followers?id[]={zoe}", "FamiliarFollowers"),
    ("/api/v1/accounts/search?q=zoe", "Account"),
    ("/api/v1/accounts/{ben}/statuses", "Status"),
    ("/api/v1/accounts/{ben}/statuses?pinned=true", "Status"),
    ("/api/v1/accounts/{zoe}/followers", "Account"),
    ("/api/v1/accounts/{ann}/following", "Account"),
    ("/api/v1/accounts/{ben}/lists", "List"),
    ("/api/v1/statuses?id[]={post}&id[]={again}", "Status"),
    ("/api/v1/statuses/{post}/favourited_by", "Account"),
    ("/api/v1/statuses/{post}/reblogged_by", "Account"),
    ("/api/v1/statuses/{post}/history", "StatusEdit"),
    ("/api/v1/statuses/{answer}/history", "StatusEdit"),
    ("/api/v1/timelines/home", "Status"),
    ("/api/v1/timelines/public", "Status"),
    ("/api/v1/timelines/tag/cats", "Status"),
    ("/api/v1/timelines/list/5", "Status"),
    ("/api/v1/lists", "List"),
    ("/api/v1/lists/5/accounts", "Account"),
    ("/api/v1/lists/5/accounts?limit=0", "Account"),
    ("/api/v1/bookmarks", "Status"),
    ("/api/v1/favourites", "Status"),
    ("/api/v1/blocks", "Account"),
    ("/api/v1/mutes", "MutedAccount"),
    ("/api/v1/follow_requests", "Account"),
    ("/api/v1/followed_tags", "Tag"),
    ("/api/v1/notifications", "Notification"),
    ("/api/v2/notifications/favourite-1-2/accounts", "Account"),
]
ENTITIES = [
    ("/api/v1/accounts/verify_credentials", "CredentialAccount"),
    ("/api/v1/accounts/lookup?acct=zoe@zoe.example", "Account"),
    ("/api/v1/accounts/{zoe}", "Account"),
    ("/api/v1/statuses/{post}", "Status"),
    ("/api/v1/statuses/{again}", "Status"),
    ("/api/v1/statuses/{post}/context", "Context"),
    ("/api/v1/statuses/{post}/source", "StatusSource"),
    ("/api/v1/polls/{post}", "Poll"),
    ("/api/v1/lists/5", "List"),
    ("/api/v1/tags/Cats", "Tag"),
    ("/api/v1/notifications/300", "Notification"),
    ("/api/v1/notifications/unread_count", "UnreadCount"),
    ("/api/v2/notifications", "GroupedNotificationsResults"),
    ("/api/v2/notifications?expand_accounts=partial_avatars", "GroupedNotificationsResults"),
    ("/api/v2/notifications/favourite-1-2", "GroupedNotificationsResults"),
    ("/api/v2/notifications/unread_count", "UnreadCount"),
    ("/api/v2/notifications/policy", "NotificationPolicy"),
    ("/api/v1/notifications/policy", "V1_NotificationPolicy"),
    ("/api/v1/preferences", "Preferences"),
    ("/api/v1/markers?timeline[]=home&timeline[]=notifications", "Markers"),
    ("/api/v2/search?q=zoe", "Search"),
    ("/api/v2/search?q=cat", "Search"),
    ("/api/v2/instance", "Instance"),
    ("/api/v1/instance", "V1_Instance"),
    ("/api/v1/instance/extended_description", "ExtendedDescription"),
]
EMPTY = [
    "/api/v1/announcements",
    "/api/v1/custom_emojis",
    "/api/v1/domain_blocks",
    "/api/v1/filters",
    "/api/v2/filters",
    "/api/v1/instance/rules",
    "/api/v1/notifications/requests",
    "/api/v1/trends",
    "/api/v1/trends/tags",
    "/api/v1/trends/statuses",
    "/api/v1/trends/links",
    "/api/v1/suggestions",
    "/api/v2/suggestions",
]
STRANGERS = [
    ("/api/v1/accounts/{ben}/statuses", "Status"),
    ("/api/v1/timelines/public", "Status"),
    ("/api/v1/timelines/tag/cats", "Status"),
    ("/api/v1/accounts/{zoe}/followers", "Account"),
    ("/api/v1/statuses/{post}/favourited_by", "Account"),
]


async def dealings(deps: Deps, world: World) -> None:
    """Write what Ann has beside posts: a list, a block, a mute, a request, a hashtag, notifications, markers."""
    async with deps.pool.connection() as connection:
        await views.insert(
            connection, "lists", id=5, account_id=world.ann, title="Five", replies_policy="list", exclusive=False
        )
        for place, member in enumerate((world.ben, world.zoe)):
            await views.insert(connection, "list_accounts", id=place, list_id=5, account_id=member)
        others = [await views.account(connection, name, "other.example") for name in ("blocked", "muted", "asks")]
        await views.block(connection, world.ann, others[0])
        await views.mute(connection, world.ann, others[1], expires_at=views.moment(10_000_000))
        await views.follow(connection, others[2], world.ann, accepted=False)
        await views.follow(connection, world.ben, world.zoe)
        await views.insert(connection, "followed_tags", id=1, account_id=world.ann, name="cats")
        for number, sender in ((300, world.ben), (301, world.zoe)):
            await views.insert(
                connection,
                "notifications",
                id=number,
                account_id=world.ann,
                type="favourite",
                from_account_id=sender,
                status_id=world.post,
                created_at=views.moment(0),
                group_key="favourite-1-2",
            )
        await connection.execute("DELETE FROM registry.markers")
        await connection.execute(
            "INSERT INTO registry.markers (account_id, timeline, last_read_id) VALUES (%s, 'notifications', 300)",
            [world.ann],
        )


def filled(path: str, world: World) -> str:
    return path.format(**{name: getattr(world, name) for name in world.__struct_fields__})


async def test_lists(deps: Deps, world: World) -> None:
    await dealings(deps, world)
    for path, entity in LISTS:
        answer = await world.get(filled(path, world))
        assert answer.status_code == 200, (path, answer.text)
        assert answer.json(), path
        for each in answer.json():
            assert_valid(each, entity)


async def test_entities(deps: Deps, world: World) -> None:
    await dealings(deps, world)
    for path, entity in ENTITIES:
        answer = await world.get(filled(path, world))
        assert answer.status_code == 200, (path, answer.text)
        assert_valid(answer.json(), entity)


async def test_what_comes_later_is_empty(world: World) -> None:
    for path in EMPTY:
        answer = await world.get(path)
        assert (answer.status_code, answer.json()) == (200, []), path


async def test_strangers_are_told_nothing_about_themselves(world: World) -> None:
    for path, entity in STRANGERS:
        answer = await world.get(filled(path, world), who=None)
        assert answer.json(), path
        for each in answer.json():
            assert_valid(each, entity)
            assert not {"favourited", "reblogged", "muted", "bookmarked", "pinned", "filtered"} & set(each)
            poll: dict[str, Any] = each.get("poll") or {}
            assert not {"voted", "own_votes"} & set(poll)


async def test_no_answer_without_the_right_scope(world: World) -> None:
    """A token that may only push is refused wherever a scope is asked for."""
    scopeless = ("/instance", "/trends", "/custom_emojis", "/announcements", "/tags/")
    for path in [path for path, _ in LISTS + ENTITIES] + EMPTY:
        answer = await world.get(filled(path, world), who="pusher")
        assert answer.status_code == (200 if any(part in path for part in scopeless) else 403), path
