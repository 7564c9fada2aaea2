"""What accounts did to posts."""

from datetime import datetime

from fedi.descriptions import Interaction, Visibility
from fedi.facts import Fact


class InteractionRequested(Fact, frozen=True, kw_only=True):
    """An account asks the author of a status for leave to favourite, answer or boost it; the answer names `uri`."""

    kind: Interaction
    account_id: int
    status_id: int
    status_uri: str
    instrument_uri: str
    uri: str


class StatusBoosted(Fact, frozen=True, kw_only=True):
    """`boost_id` is the id of the boost itself, in the ids of statuses."""

    boost_id: int
    account_id: int
    status_id: int
    status_account_id: int
    uri: str
    visibility: Visibility
    created_at: datetime
    local: bool
    document: bytes = b""


class StatusUnboosted(Fact, frozen=True, kw_only=True):
    boost_id: int
    account_id: int
    status_id: int


class StatusFavourited(Fact, frozen=True, kw_only=True):
    """`emoji` is what a server with reactions sent instead of a plain like."""

    account_id: int
    status_id: int
    status_account_id: int
    emoji: str = ""


class StatusUnfavourited(Fact, frozen=True, kw_only=True):
    account_id: int
    status_id: int


class StatusPinned(Fact, frozen=True, kw_only=True):
    account_id: int
    status_id: int


class StatusUnpinned(Fact, frozen=True, kw_only=True):
    account_id: int
    status_id: int


class PinsListed(Fact, frozen=True, kw_only=True):
    """The whole list of what a remote account has pinned, as far as the posts are known here."""

    account_id: int
    status_ids: tuple[int, ...]


class PollVoted(Fact, frozen=True, kw_only=True):
    """`option` is the title of the chosen option, as the voter sent it."""

    account_id: int
    status_id: int
    option: str
