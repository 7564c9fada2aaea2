"""What somebody says of what is not theirs: a reason to look where it lives, and nothing more."""

from fedi.activitypub.vocabulary import values
from fedi.activitypub.vocabulary.claims import Hinted
from fedi.meaning.reading import Reading


def hinted(claim: Hinted, reading: Reading) -> None:
    """Want what nobody here knows; of what is known, what is said to have changed.

    A Like is wanted only if it is of a local post: its author's server was not told of it. What is of the speaker's own
    origin is wanted in any case ("named"), the rest if somebody here follows who hints ("hinted", "changed").
    """
    if reading.refs.account(reading.actor) is None:
        return
    known = reading.refs.at(claim.uri)
    if claim.about:
        liked = reading.refs.status(claim.about)
        if known is None and liked is not None and liked.local:
            reading.want(claim.uri, "hinted")
    elif known is None and not claim.changed:
        own = values.same_origin(claim.uri, reading.actor)
        reading.want(claim.uri, "named" if own else "hinted")
    elif claim.changed and known is not None and known.kind in ("status", "account") and not known.local:
        reading.want(claim.uri, "changed")
