"""Pages that posts share, as clients see them."""

from collections.abc import Sequence

import msgspec

from fedi.api.encoding import timestamp
from fedi.api.entities.accounts import Account, account
from fedi.api.entities.tags import TagHistory, day_of
from fedi.site import Site
from fedi.views.accounts import AccountRow
from fedi.views.cards import Card
from fedi.views.trends import LinkDay


class PreviewCardAuthor(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    url: str
    account: Account | None


class PreviewCard(msgspec.Struct, frozen=True, kw_only=True):
    url: str
    title: str
    description: str
    language: str | None
    type: str
    author_name: str
    author_url: str
    provider_name: str
    provider_url: str
    html: str
    width: int
    height: int
    image: str | None
    image_description: str
    embed_url: str
    blurhash: str | None
    published_at: str | None
    authors: list[PreviewCardAuthor]


class TrendsLink(PreviewCard, frozen=True, kw_only=True):
    history: list[TagHistory]


def trends_link(found: Card, author: AccountRow | None, days: Sequence[LinkDay], site: Site) -> TrendsLink:
    """Return a popular page with its last days."""
    card = preview_card(found, author, site)
    return TrendsLink(**msgspec.structs.asdict(card), history=[day_of(each) for each in days])


def preview_card(found: Card, author: AccountRow | None, site: Site) -> PreviewCard:
    """Return the card of a page; its picture is our copy, for readers ask no other server."""
    whose = None if author is None else account(author, site)
    name = found.author_name if whose is None else whose.display_name or whose.username
    url = found.author_url if whose is None else whose.url
    return PreviewCard(
        url=found.url,
        title=found.title,
        description=found.description,
        language=found.language or None,
        type=found.kind,
        author_name=name,
        author_url=url,
        provider_name=found.provider_name,
        provider_url=found.provider_url,
        html=found.html,
        width=found.width,
        height=found.height,
        image=site.remote_media("cards", found.id, 0, found.image) if found.image else None,
        image_description=found.image_description,
        embed_url=found.embed_url,
        blurhash=found.blurhash or None,
        published_at=None if found.published_at is None else timestamp(found.published_at),
        authors=[PreviewCardAuthor(name=name, url=url, account=whose)] if name or whose else [],
    )
