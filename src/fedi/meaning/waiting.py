"""What waits for a URI to become known: claims of others, and what statuses here still lack. URIs, never texts."""

import msgspec

from fedi.activitypub.vocabulary.claims import Boosted, Claim, Favourited


class ReplyWaits(Claim, frozen=True, kw_only=True):
    """The post at `status` is a reply to a post that is not known yet."""

    status: str


class MentionWaits(Claim, frozen=True, kw_only=True):
    """The post at `status` mentions an actor that is not known yet."""

    status: str


class QuoteWaits(Claim, frozen=True, kw_only=True):
    """The post at `status` quotes a post that is not known yet, with the stamp that it names, or ""."""

    status: str
    authorization: str


WaitingClaim = Boosted | Favourited | ReplyWaits | MentionWaits | QuoteWaits
_decoder: msgspec.json.Decoder[WaitingClaim] = msgspec.json.Decoder(WaitingClaim)


def waited_claim(text: str) -> WaitingClaim:
    """Return the claim that was kept as JSON."""
    return _decoder.decode(text)
