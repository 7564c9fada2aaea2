"""Hashtags on somebody's profile, as clients see them."""

import msgspec

from fedi.site import Site
from fedi.views import endorsements


class FeaturedTag(msgspec.Struct, frozen=True, kw_only=True):
    """The count is a text here, as in Mastodon."""

    id: str
    name: str
    url: str
    statuses_count: str
    last_status_at: str | None


def featured_tag(found: endorsements.FeaturedTag, acct: str, site: Site) -> FeaturedTag:
    """Return a hashtag that the account with a handle shows."""
    return FeaturedTag(
        id=str(found.id),
        name=found.written,
        url=f"{site.base_url}/@{acct}/tagged/{found.name}",
        statuses_count=str(found.statuses),
        last_status_at=None if found.last_status_at is None else found.last_status_at.date().isoformat(),
    )
