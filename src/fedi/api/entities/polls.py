"""Polls as clients see them."""

import msgspec
from msgspec import UNSET, UnsetType

from fedi.api.encoding import timestamp
from fedi.api.entities.emojis import CustomEmoji, emojis
from fedi.site import Site
from fedi.views.statuses import Status


class PollOption(msgspec.Struct, frozen=True, kw_only=True):
    title: str
    votes_count: int | None


class Poll(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    expires_at: str | None
    expired: bool
    multiple: bool
    votes_count: int
    voters_count: int | None
    options: list[PollOption]
    emojis: tuple[CustomEmoji, ...]
    voted: bool | UnsetType = UNSET
    own_votes: tuple[int, ...] | UnsetType = UNSET


def poll(found: Status, site: Site) -> Poll | None:
    """Return the poll of a status; None if it has none."""
    row = found.row
    if row.poll_titles is None or row.poll_votes is None:
        return None
    reader = found.viewer is not None
    votes = row.poll_votes + (0,) * (len(row.poll_titles) - len(row.poll_votes))
    own = row.own_votes or ()
    hidden = bool(row.poll_hides_totals) and not row.poll_expired
    return Poll(
        id=str(row.id),
        expires_at=None if row.poll_expires_at is None else timestamp(row.poll_expires_at),
        expired=bool(row.poll_expired),
        multiple=bool(row.poll_multiple),
        votes_count=sum(votes),
        voters_count=row.poll_voters,
        options=[
            PollOption(title=title, votes_count=None if hidden else count)
            for title, count in zip(row.poll_titles, votes, strict=False)
        ],
        emojis=emojis(row.emojis, site, "status_emojis", row.id),
        voted=(bool(own) or row.account_id == found.viewer) if reader else UNSET,
        own_votes=own if reader else UNSET,
    )
