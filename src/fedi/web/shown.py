"""Posts and accounts as the pages show them: plain values for templates.

Content and notes are HTML that was cleaned when it was folded; the templates trust them, and the pages' policy lets
nothing run all the same.
"""

from datetime import datetime

import msgspec

from fedi.descriptions import Attachment
from fedi.site import Site
from fedi.views.accounts import AccountRow
from fedi.views.statuses import Status, StatusRow

MISSING_AVATAR = "/avatars/original/missing.png"


class ShownAccount(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody, as pages show them. `handle` has both its @."""

    name: str
    handle: str
    url: str
    avatar: str


class ShownMedia(msgspec.Struct, frozen=True, kw_only=True):
    """A picture to show, or another file to link to."""

    url: str
    is_picture: bool
    description: str
    width: int | None
    height: int | None


class ShownPost(msgspec.Struct, frozen=True, kw_only=True):
    """A post, or the original of a boost, with who boosted it."""

    author: ShownAccount
    boosted_by: ShownAccount | None
    url: str
    at: datetime
    edited: bool
    spoiler: str
    content: str
    language: str
    sensitive: bool
    media: tuple[ShownMedia, ...]
    poll: tuple[tuple[str, int], ...]
    replies: int
    boosts: int
    favourites: int


def shown_account(row: AccountRow, site: Site) -> ShownAccount:
    """Return an account for a template."""
    avatar = row.avatar_url
    if avatar and row.domain is not None:
        avatar = site.remote_media("avatars", row.id, 0, avatar)
    return ShownAccount(
        name=row.display_name or row.username,
        handle=f"@{row.username}@{row.domain or site.domain}",
        url=row.url or row.uri,
        avatar=avatar or site.base_url + MISSING_AVATAR,
    )


def shown_post(found: Status, site: Site) -> ShownPost:
    """Return a post for a template; of a boost, its original."""
    original = found.boost_of or found
    row = original.row
    return ShownPost(
        author=shown_account(original.account, site),
        boosted_by=shown_account(found.account, site) if found.boost_of else None,
        url=row.url or row.uri,
        at=row.created_at,
        edited=row.edited_at is not None,
        spoiler=row.spoiler_text,
        content=row.content,
        language=row.language,
        sensitive=row.sensitive,
        media=tuple(_media(each, site, row.id, index) for index, each in enumerate(row.attachments)),
        poll=_poll(row),
        replies=row.replies,
        boosts=row.boosts,
        favourites=row.favourites,
    )


def _poll(row: StatusRow) -> tuple[tuple[str, int], ...]:
    titles = row.poll_titles or ()
    return tuple(zip(titles, row.poll_votes or (0,) * len(titles), strict=True))


def _media(found: Attachment, site: Site, status_id: int, index: int) -> ShownMedia:
    is_picture = found.kind == "image"
    through_us = is_picture and found.media_id is None
    url = site.remote_media("attachments", status_id, index, found.url) if through_us else found.url
    return ShownMedia(
        url=url, is_picture=is_picture, description=found.description, width=found.width, height=found.height
    )
