"""Custom emoji as clients see them."""

from collections.abc import Sequence

import msgspec
from msgspec import UNSET, UnsetType

from fedi.descriptions import Emoji
from fedi.site import RemoteMedia, Site, still_of
from fedi.views.custom_emojis import LocalEmoji


class CustomEmoji(msgspec.Struct, frozen=True, kw_only=True):
    shortcode: str
    url: str
    static_url: str
    visible_in_picker: bool = False
    category: str | UnsetType = UNSET


def emojis(found: Sequence[Emoji], site: Site, kind: RemoteMedia, owner_id: int) -> tuple[CustomEmoji, ...]:
    """Return the emoji of an account or a status, those of other servers with pictures from this one."""
    return tuple(_emoji(each, site, kind, owner_id, index) for index, each in enumerate(found))


def _emoji(found: Emoji, site: Site, kind: RemoteMedia, owner_id: int, index: int) -> CustomEmoji:
    if site.is_local(found.url):
        return CustomEmoji(shortcode=found.shortcode, url=found.url, static_url=found.url)
    url = site.remote_media(kind, owner_id, index, found.url)
    return CustomEmoji(shortcode=found.shortcode, url=url, static_url=still_of(url, found.url))


def local_emoji(found: LocalEmoji) -> CustomEmoji:
    """Return an emoji that people here may use."""
    return CustomEmoji(
        shortcode=found.shortcode,
        url=found.url,
        static_url=found.url,
        visible_in_picker=True,
        category=found.category or UNSET,
    )
