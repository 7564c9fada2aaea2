"""A small world to read, and people who ask for it over HTTP."""

from typing import Any

import httpx
import msgspec

from fedi.api.deps import Deps
from fedi.api.mount import routes
from fedi.descriptions import Attachment, Emoji, Field
from fedi.facts.statuses import MentionedAccount
from fedi.registry import tokens
from tests.support import views
from tests.support.people import somebody
from tests.support.web import client

SCOPES = ("read", "write", "follow", "profile")


class World(msgspec.Struct, frozen=True, kw_only=True):
    """Two people who live here (`ann`, an admin, and `ben`) and one who does not (`zoe`); Ann follows both."""

    http: httpx.AsyncClient
    ann: int
    ben: int
    zoe: int
    tokens: dict[str, str]
    post: int
    """Ben's, public, with a picture, a poll, a hashtag, emoji, a mention of Ann and an edit before."""
    answer: int
    """Zoe's answer to it."""
    again: int
    """Zoe's boost of it."""
    secret: int
    """Ben's, to Zoe alone."""

    async def get(self, path: str, who: str | None = "ann", **params: Any) -> httpx.Response:
        """GET as somebody, or as nobody."""
        headers = {} if who is None else {"Authorization": f"Bearer {self.tokens[who]}"}
        return await self.http.get(path, params=params or None, headers=headers)


async def world(deps: Deps) -> World:
    """Write the world into empty views and an empty registry."""
    async with deps.pool.connection() as connection:
        await connection.execute("DELETE FROM registry.users")
        await views.create_views(connection)
        smile = Emoji(shortcode="smile", url="https://zoe.example/smile.png")
        ann = await views.account(connection, "ann", fields=(Field(name="Site", value="<a href='#'>x</a>"),))
        ben = await views.account(connection, "ben", note="<p>One<br>two</p><p>three &amp; four</p>")
        zoe = await views.account(
            connection,
            "zoe",
            "zoe.example",
            emojis=(smile,),
            avatar_url="https://zoe.example/avatar.png",
            total_followers=7,
        )
        secrets = {
            "ann": await _person(connection, "ann", ann),
            "ben": await _person(connection, "ben", ben),
            "pusher": await _person(connection, "pusher", 1, ("push",)),
        }
        for target in (ben, zoe):
            await views.follow(connection, ann, target)
        await views.insert(connection, "follow_counts", account_id=ben, followers=1, following=0)
        await views.insert(connection, "account_statuses", account_id=ben, statuses=2, last_status_at=views.moment(0))
        post = await _post(connection, ben, ann, smile)
        answer = await views.status(
            connection, zoe, in_reply_to_id=post, in_reply_to_account_id=ben, in_reply_to_uri="x", local=False
        )
        again = await views.boost(connection, zoe, post, local=False)
        named = (MentionedAccount(uri="z", name="@zoe", account_id=zoe),)
        secret = await views.status(connection, ben, visibility="direct", mentions=named)
        await views.favourite(connection, ann, post)
        await views.insert(connection, "bookmarks", id=1, account_id=ann, status_id=post, author_id=ben)
        await views.insert(connection, "pins", id=1, account_id=ben, status_id=post)
    return World(
        http=client(routes(deps)),
        ann=ann,
        ben=ben,
        zoe=zoe,
        tokens=secrets,
        post=post,
        answer=answer,
        again=again,
        secret=secret,
    )


async def _person(connection: views.Connection, name: str, account_id: int, scopes: tuple[str, ...] = SCOPES) -> str:
    role = "admin" if name == "ann" else "user"
    user = await somebody(connection, account_id=account_id, username=name, role=role)
    issued = await tokens.issue(connection, "key", app_id=None, user_id=user.id, scopes=scopes)
    return issued.secret


async def _post(connection: views.Connection, ben: int, ann: int, smile: Emoji) -> int:
    picture = Attachment(kind="image", url="https://zoe.example/cat.png", width=40, height=30, focus=(0.5, -0.5))
    upload = Attachment(kind="image", url="http://localhost:3000/media/1.png", media_id=17, description="A dog")
    post = await views.status(
        connection,
        ben,
        '<p>Hello <a href="#">@ann</a></p>',
        attachments=(picture, upload),
        emojis=(smile,),
        tags=["cats"],
        mentions=(MentionedAccount(uri="a", name="@ann", account_id=ann),),
        edited_at=views.moment(5000),
        application=("App", ""),
        text="Hello @ann",
    )
    await views.insert(connection, "status_counts", status_id=post, replies=1, boosts=1)
    await views.insert(connection, "favourite_counts", status_id=post, favourites=1)
    await views.insert(
        connection,
        "polls",
        status_id=post,
        account_id=ben,
        titles=["yes", "no"],
        votes=[2, 1],
        multiple=False,
        expires_at=views.moment(0),
        voters_count=3,
        hide_totals=False,
    )
    await views.insert(connection, "poll_votes", status_id=post, account_id=ann, choice=1, vote_id=1)
    for ordinal, text in enumerate(("<p>Helo</p>", "<p>Hello</p>")):
        await views.insert(
            connection,
            "status_edits",
            status_id=post,
            edited_at=views.moment(ordinal),
            ordinal=ordinal,
            content=text,
            spoiler_text="",
            sensitive=False,
            attachments=(picture,),
            emojis=(),
            poll_options=["yes", "no"],
        )
    return post
