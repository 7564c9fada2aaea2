"""What pages that people link to say of themselves, for as long as somebody links to them."""

from datetime import datetime
from typing import Literal

from fedi.events.catalogue import Event, event


@event("link.previewed")
class LinkPreviewed(Event, frozen=True, kw_only=True):
    """The page at `url` was looked at, and this is how it wants to be shown. Sizes are pixels.

    `author_id` is the account that the page names as its author, if that account lets pages of this domain do so.
    `html` is a frame of our own making; `image` is where the page's picture was found, of which we have a copy.
    Once the page is forgotten `key` alone stands here for it.
    """

    url: str
    kind: Literal["link", "photo", "video"]
    title: str
    description: str = ""
    language: str = ""
    author_name: str = ""
    author_url: str = ""
    author_id: int | None = None
    provider_name: str = ""
    provider_url: str = ""
    html: str = ""
    width: int = 0
    height: int = 0
    image: str = ""
    image_description: str = ""
    blurhash: str = ""
    embed_url: str = ""
    published_at: datetime | None = None
    key: str = ""


@event("link.forgotten")
class LinkForgotten(Event, frozen=True, kw_only=True):
    """No post shares a page any more. `key` stands for its address, which may be all that was deleted of a post.

    Of a page that is shared again by the time this is folded nothing is forgotten.
    """

    key: str
