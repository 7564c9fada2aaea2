"""Who may quote whom, and who does (FEP-044f)."""

from typing import Literal

from fedi.descriptions import Value
from fedi.facts import Fact

QuotersWord = Literal["public", "followers", "following", "unsupported_policy"]
QuoteState = Literal["pending", "accepted", "rejected", "revoked", "deleted"]


class QuotePolicy(Value, frozen=True, kw_only=True):
    """Who may quote a post, in the words of the middle: at once, or when its author says yes."""

    automatic: tuple[QuotersWord, ...] = ()
    manual: tuple[QuotersWord, ...] = ()


class QuoteLinked(Fact, frozen=True, kw_only=True):
    """What a status quotes is known."""

    status_id: int
    account_id: int
    quoted_id: int
    quoted_account_id: int
    quoted_uri: str


class QuoteRequested(Fact, frozen=True, kw_only=True):
    """An account asks the author of a status to let its post `quote_uri` quote it; the answer names `uri`."""

    account_id: int
    quoted_id: int
    quoted_account_id: int
    quoted_uri: str
    quote_uri: str
    uri: str


class QuoteStamped(Fact, frozen=True, kw_only=True):
    """A local author allowed that a post quotes one of theirs; the stamp at `uri` says so to everybody."""

    uri: str
    account_id: int
    quote_uri: str
    quoted_id: int
    quoted_uri: str


class StampRevoked(Fact, frozen=True, kw_only=True):
    """A local author took a stamp back."""

    uri: str
    account_id: int
    quoted_id: int


class QuoteAccepted(Fact, frozen=True, kw_only=True):
    """The quoted author allows the quote, or is the one who quotes. `stamp` is "" for who quotes themselves.

    `news` is False when it was so before, and the status only came to quote the same again.
    """

    status_id: int
    account_id: int
    quoted_id: int
    quoted_account_id: int
    stamp: str = ""
    news: bool = True


class QuoteEnded(Fact, frozen=True, kw_only=True):
    """The quoted author does not allow the quote, or no longer."""

    status_id: int
    account_id: int
    quoted_id: int
    quoted_account_id: int
    state: QuoteState
