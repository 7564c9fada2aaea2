"""Hashtags as clients see them. Their names are what tells them apart, so their ids are their names."""

from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec
from msgspec import UNSET, UnsetType

from fedi.site import Site
from fedi.views.tags import TagDay
from fedi.views.trends import LinkDay


class TagHistory(msgspec.Struct, frozen=True, kw_only=True):
    """One day; numbers are texts here, as in Mastodon."""

    day: str
    uses: str
    accounts: str


class Tag(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    name: str
    url: str
    history: list[TagHistory]
    following: bool | UnsetType = UNSET
    featuring: bool | UnsetType = UNSET


def tag(
    name: str,
    days: Sequence[TagDay],
    site: Site,
    *,
    following: bool | UnsetType = UNSET,
    featuring: bool | UnsetType = UNSET,
) -> Tag:
    """Return a hashtag with its last days; what the reader does with it is left out where nobody reads."""
    return Tag(
        id=name,
        name=name,
        url=site.tag_page(name),
        history=[day_of(each) for each in days],
        following=following,
        featuring=featuring,
    )


def day_of(found: TagDay | LinkDay) -> TagHistory:
    """Return one day of a hashtag or page."""
    midnight = datetime(found.day.year, found.day.month, found.day.day, tzinfo=UTC)
    return TagHistory(day=str(int(midnight.timestamp())), uses=str(found.uses), accounts=str(found.accounts))
