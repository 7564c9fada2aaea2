"""What somebody wants to post, and whether it may be: Mastodon's limits, in Mastodon's words."""

from datetime import timedelta
from typing import Literal

import msgspec

from fedi.activitypub.vocabulary import text
from fedi.descriptions import Visibility
from fedi.errors import ClientError

MAX_CHARACTERS = 500
MAX_BYTES = 100_000
"""Longer texts are refused before anybody looks for links in them."""
MAX_ATTACHMENTS = 4
MAX_OPTIONS = 4
MAX_OPTION_CHARACTERS = 50
SHORTEST_POLL = timedelta(minutes=5)
LONGEST_POLL = timedelta(seconds=2_629_746)
"""A month as Rails counts it, which is what apps are told."""


QuoteChoice = Literal["public", "followers", "nobody"]
"""Who may quote a post without asking its author."""


class PollDraft(msgspec.Struct, frozen=True, kw_only=True):
    """A poll to attach. `expires_in` is in seconds; `hide_totals` keeps its numbers back until it has ended."""

    options: tuple[str, ...]
    expires_in: int
    multiple: bool = False
    hide_totals: bool = False


class StatusDraft(msgspec.Struct, frozen=True, kw_only=True):
    """A post as its author wrote it. `visibility`, `sensitive` and `language` are None where the author left them open.

    `application` is the name and website of the app; `key` the Idempotency-Key of the request.
    """

    text: str = ""
    spoiler_text: str = ""
    sensitive: bool | None = None
    visibility: Visibility | None = None
    language: str | None = None
    in_reply_to_id: int | None = None
    media_ids: tuple[int, ...] = ()
    poll: PollDraft | None = None
    quoted_status_id: int | None = None
    quote_policy: QuoteChoice | None = None
    application: tuple[str, str] | None = None
    key: str | None = None


def normal(draft: StatusDraft) -> StatusDraft:
    """Return a draft with trimmed texts; a warning before nothing becomes the text, as Mastodon has it."""
    written, spoiler = _clean(draft.text), _clean(draft.spoiler_text).replace("\n", " ")
    if not written and spoiler and not draft.media_ids and not draft.quoted_status_id:
        written, spoiler = spoiler, ""
    return msgspec.structs.replace(draft, text=written, spoiler_text=spoiler)


def check(draft: StatusDraft, *, quotes: bool = False) -> None:
    """Refuse what cannot be posted. A post that quotes something need say nothing itself.

    Raises:
        ClientError: a draft says nothing or too much, or its poll or media cannot be.
    """
    if not draft.text and not draft.media_ids and not quotes and draft.quoted_status_id is None:
        raise ClientError("Validation failed: Text can't be blank")
    too_long = len(draft.text) + len(draft.spoiler_text) > MAX_BYTES
    if too_long or text.length(draft.text) + text.length(draft.spoiler_text) > MAX_CHARACTERS:
        raise ClientError(f"Validation failed: Text character limit of {MAX_CHARACTERS} exceeded")
    if len(draft.media_ids) > MAX_ATTACHMENTS or (draft.media_ids and draft.poll):
        raise ClientError("Cannot attach more than 4 files")
    if draft.poll is not None:
        _check_poll(draft.poll)


def _check_poll(poll: PollDraft) -> None:
    if len(poll.options) < 2:
        raise ClientError("Validation failed: Options must have more than one item")
    if len(poll.options) > MAX_OPTIONS:
        raise ClientError(f"Validation failed: Options can't contain more than {MAX_OPTIONS} items")
    if any(text.length(option) > MAX_OPTION_CHARACTERS for option in poll.options):
        raise ClientError(f"Validation failed: Options cannot be longer than {MAX_OPTION_CHARACTERS} characters each")
    if not all(poll.options) or len(set(poll.options)) < len(poll.options):
        raise ClientError("Validation failed: Options contain duplicate items")
    if poll.expires_in > LONGEST_POLL.total_seconds():
        raise ClientError("Validation failed: Expires at is too far into the future")
    if poll.expires_in < SHORTEST_POLL.total_seconds():
        raise ClientError("Validation failed: Expires at is too soon")


def _clean(written: str) -> str:
    return written.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip()
