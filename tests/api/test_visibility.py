"""Every visibility, before every viewer, at every endpoint that gives statuses: none says more than `may_see`."""

from typing import Any, get_args

import httpx
import msgspec
import pytest

from fedi.api.deps import Deps
from fedi.api.mount import routes
from fedi.facts import MentionedAccount, Visibility
from fedi.registry import tokens
from fedi.views.can_see import Standing, may_see
from tests.support import views
from tests.support.people import somebody
from tests.support.web import client

MARK = "what nobody else shall read"
URI = "http://localhost:3000/users/author/statuses/1"
VIEWERS: dict[str, Standing] = {
    "stranger": Standing(),
    "author": Standing(author=True),
    "follower": Standing(follower=True),
    "mentioned": Standing(mentioned=True),
    "blocked": Standing(blocked=True),
}
DIRECT = [
    "/api/v1/statuses/{post}",
    "/api/v1/statuses/{post}/history",
    "/api/v1/statuses/{post}/context",
    "/api/v1/statuses/{post}/favourited_by",
    "/api/v1/statuses/{post}/reblogged_by",
    "/api/v1/polls/{post}",
]
"""Found by whoever may see the post, and by nobody else."""
INSIDE = [
    "/api/v1/statuses?id[]={post}",
    "/api/v1/statuses/{again}",
    "/api/v1/statuses/{child}/context",
    "/api/v1/statuses/{parent}/context",
    "/api/v1/accounts/{author}/statuses",
    "/api/v1/accounts/{author}/statuses?pinned=true",
    "/api/v1/accounts/{author}/statuses?tagged=mark",
    "/api/v1/accounts/{booster}/statuses",
    "/api/v2/search?q={uri}",
    "/api/v2/search?q=http://localhost:3000/@author/{post}",
]
"""Anybody may ask; the post is in the answer for whoever may see it, and for nobody else."""
SOMETIMES = [
    "/api/v1/timelines/public",
    "/api/v1/timelines/tag/mark",
    "/api/v1/timelines/home",
    "/api/v1/timelines/list/{list}",
    "/api/v1/bookmarks",
    "/api/v1/favourites",
    "/api/v1/notifications",
    "/api/v2/notifications",
    "/api/v1/statuses/{post}/source",
]
"""Lists with rules of their own: the post may be missing, but is never there for somebody who may not see it."""


class Scene(msgspec.Struct, frozen=True, kw_only=True):
    http: httpx.AsyncClient
    tokens: dict[str, str]
    ids: dict[str, Any]

    async def ask(self, path: str, who: str) -> httpx.Response:
        headers = {} if who == "anybody" else {"Authorization": f"Bearer {self.tokens[who]}"}
        own = {**self.ids, "list": self.ids["lists"].get(who, 0)}
        return await self.http.get(path.format(**own), headers=headers)


async def scene(deps: Deps, visibility: Visibility) -> Scene:
    """Write a post with all that can lead to it, and everybody's own lists, bookmarks and notifications of it."""
    async with deps.pool.connection() as connection:
        await connection.execute("DELETE FROM registry.users")
        await views.create_views(connection)
        people = {name: await views.account(connection, name) for name in VIEWERS}
        other = await views.account(connection, "other")
        author = people["author"]
        await views.follow(connection, people["follower"], author)
        await views.block(connection, author, people["blocked"])
        parent = await views.status(connection, other)
        named = (MentionedAccount(uri="m", name="@mentioned", account_id=people["mentioned"]),)
        post = await views.status(
            connection,
            author,
            MARK,
            visibility=visibility,
            mentions=named,
            tags=["mark"],
            text=MARK,
            in_reply_to_id=parent,
            in_reply_to_account_id=author,
        )
        child = await views.status(connection, other, in_reply_to_id=post, in_reply_to_account_id=author)
        again = await views.boost(connection, other, post)
        await views.reference(connection, URI, "status", post)
        await views.insert(connection, "pins", id=1, account_id=author, status_id=post)
        poll = {"titles": [MARK], "votes": [0], "multiple": False}
        await views.insert(connection, "polls", status_id=post, account_id=author, **poll)
        lists, secrets = {}, {}
        for number, (name, person) in enumerate(people.items()):
            user = await somebody(connection, account_id=person, username=name)
            issued = await tokens.issue(connection, "key", app_id=None, user_id=user.id, scopes=["read"])
            secrets[name], lists[name] = issued.secret, number
            await _have(connection, number, person, author, post)
    ids = {"post": post, "again": again, "child": child, "parent": parent, "author": author, "booster": other}
    return Scene(http=client(routes(deps)), tokens=secrets, ids={**ids, "uri": URI, "lists": lists})


async def _have(connection: views.Connection, number: int, person: int, author: int, post: int) -> None:
    values = {"title": "Mine", "replies_policy": "followed", "exclusive": False}
    await views.insert(connection, "lists", id=number, account_id=person, **values)
    await views.insert(connection, "list_accounts", id=number, list_id=number, account_id=author)
    await views.insert(connection, "bookmarks", id=number, account_id=person, status_id=post)
    await views.favourite(connection, person, post)
    await views.insert(
        connection,
        "notifications",
        id=number + 1,
        account_id=person,
        type="mention",
        from_account_id=author,
        status_id=post,
        created_at=views.moment(0),
        group_key=f"ungrouped-{number + 1}",
    )


@pytest.mark.parametrize("visibility", get_args(Visibility))
async def test_no_endpoint_gives_away_what_may_not_be_seen(deps: Deps, visibility: Visibility) -> None:
    stage = await scene(deps, visibility)
    for who, standing in {**VIEWERS, "anybody": Standing()}.items():
        allowed = may_see(visibility, standing)
        for path in DIRECT:
            assert ((await stage.ask(path, who)).status_code == 200) == allowed, (who, path)
        for path in INSIDE:
            assert (MARK in (await stage.ask(path, who)).text) == allowed, (who, path)
        if not allowed:
            for path in SOMETIMES:
                assert MARK not in (await stage.ask(path, who)).text, (who, path)


async def test_lists_that_leave_out_do_show(deps: Deps) -> None:
    """The mark is found where it should be, so its absence elsewhere means something."""
    stage = await scene(deps, "public")
    for path in SOMETIMES:
        assert MARK in (await stage.ask(path, "follower")).text, path
