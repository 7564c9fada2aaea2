"""What is so of posts themselves."""

from datetime import datetime

from fedi.descriptions import Post, Value, Visibility
from fedi.facts import Fact
from fedi.facts.quotes import QuotePolicy


class MentionedAccount(Value, frozen=True, kw_only=True):
    """A mention, resolved: `account_id` is None while nobody here knows the account.

    Silent: addressed, not named. Who is named and not `addressed` is shown in the post, and has nothing else from it:
    neither news of it nor the right to read it (S-127).
    """

    uri: str
    name: str
    account_id: int | None = None
    silent: bool = False
    addressed: bool = True


class StatusPublished(Fact, frozen=True, kw_only=True):
    """A post exists. `document` is the object of a local post as it is served; `text` its source."""

    status_id: int
    account_id: int
    post: Post
    visibility: Visibility
    created_at: datetime
    local: bool
    mentions: tuple[MentionedAccount, ...] = ()
    in_reply_to_id: int | None = None
    in_reply_to_account_id: int | None = None
    text: str | None = None
    application: tuple[str, str] | None = None
    document: bytes = b""
    quote_policy: QuotePolicy = QuotePolicy()
    hide_totals: bool = False


class StatusEdited(Fact, frozen=True, kw_only=True):
    """The author changed a post. Its author, parent and visibility stay as they were."""

    status_id: int
    account_id: int
    post: Post
    edited_at: datetime
    mentions: tuple[MentionedAccount, ...] = ()
    text: str | None = None
    document: bytes = b""
    quote_policy: QuotePolicy | None = None
    """None when this is said of a version that is not the latest."""
    hide_totals: bool = False
    significant: bool = True
    """False when only a poll's tallies, who may quote it, or the like changed: not an edit that people see."""


class StatusDeleted(Fact, frozen=True, kw_only=True):
    status_id: int
    account_id: int


class ReplyLinked(Fact, frozen=True, kw_only=True):
    """The parent of a status became known after the status."""

    status_id: int
    parent_id: int
    parent_account_id: int


class MentionLinked(Fact, frozen=True, kw_only=True):
    """Somebody mentioned in a status became known after the status."""

    status_id: int
    account_id: int
    uri: str
