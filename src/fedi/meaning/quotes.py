"""Quotes: what quotes what, and what the quoted say to it.

A quote stands once two things are known, in whatever order they come: that the post quotes the other, and a stamp of
the quoted author for just these two (S-124). Who quotes themselves needs none.
"""

from typing import Literal

from fedi.activitypub.vocabulary import values
from fedi.activitypub.vocabulary.claims import QuoteAnswered, QuoteAsked, Stamped
from fedi.activitypub.vocabulary.visibility import is_public
from fedi.descriptions import Post
from fedi.facts.quotes import (
    QuoteAccepted,
    QuoteEnded,
    QuoteLinked,
    QuotePolicy,
    QuoteRequested,
    QuotersWord,
    QuoteStamped,
    StampRevoked,
)
from fedi.meaning.names import name_of
from fedi.meaning.reading import Reading
from fedi.meaning.ref import Ref, known_id
from fedi.meaning.waiting import QuoteWaits

_UNSAID = QuotePolicy()


def policy(post: Post, author: Ref, reading: Reading) -> QuotePolicy:
    """Return who may quote a post. Its author, whom GoToSocial and Mastodon name to mean nobody else, goes unsaid."""
    if post.can_quote is None:
        return _UNSAID

    def words(uris: tuple[str, ...]) -> tuple[QuotersWord, ...]:
        return tuple(dict.fromkeys(_word(uri, author, reading) for uri in uris if uri != author.uri))

    return QuotePolicy(automatic=words(post.can_quote.automatic), manual=words(post.can_quote.manual))


def _word(uri: str, author: Ref, reading: Reading) -> QuotersWord:
    if is_public(uri):
        return "public"
    if uri == author.followers:
        return "followers"
    named = reading.refs.live(uri)
    own = named is not None and named.kind == "following" and named.author_id == author.id
    return "following" if own else "unsupported_policy"


def quoting(post: Post, status: Ref, reading: Reading) -> None:
    """A post quotes another, which may not be known yet."""
    if not post.quote or post.quote == post.uri:
        return
    quoted = reading.refs.status(post.quote)
    if quoted is not None:
        _join(status, quoted, post.quote_authorization, reading)
    elif reading.refs.at(post.quote) is None:
        reading.wait(post.quote, QuoteWaits(status=post.uri, authorization=post.quote_authorization))
        reading.want(post.quote, "quoted")


def quote_waited(claim: QuoteWaits, quoted: Ref, reading: Reading) -> None:
    """What a post quotes has come."""
    status = reading.refs.status(claim.status)
    if status is not None and quoted.kind == "status":
        _join(status, quoted, claim.authorization, reading)


def _join(status: Ref, quoted: Ref, authorization: str, reading: Reading) -> None:
    known = reading.refs.live("quote", status.uri, quoted.uri)
    if known is None:
        reading.refs.put(
            Ref(
                name=name_of("quote", status.uri, quoted.uri),
                uri=status.uri,
                kind="quote",
                author_id=status.author_id,
                target_id=quoted.id,
                target_uri=quoted.uri,
                position=reading.position,
            )
        )
    reading.tell(
        QuoteLinked(
            status_id=known_id(status.id),
            account_id=known_id(status.author_id),
            quoted_id=known_id(quoted.id),
            quoted_account_id=known_id(quoted.author_id),
            quoted_uri=quoted.uri,
        )
    )
    stamp = reading.refs.live("stamp", status.uri, quoted.uri)
    if stamp is not None or status.author_id == quoted.author_id:
        _accept(status, quoted, stamp.uri if stamp else "", reading, news=known is None)
    elif authorization and values.same_origin(authorization, quoted.uri):
        reading.want(authorization, "stamp")


def asked(claim: QuoteAsked, reading: Reading) -> None:
    """An actor asks whether a post of its may quote another."""
    actor = reading.refs.account(reading.actor)
    if actor is None:
        return
    reading.refs.ask("quote_request", claim.uri, actor, claim.quote, claim.object, reading.position)
    quoted = reading.refs.status(claim.object)
    if quoted is not None and quoted.author_id != actor.id:
        reading.tell(
            QuoteRequested(
                account_id=known_id(actor.id),
                quoted_id=known_id(quoted.id),
                quoted_account_id=known_id(quoted.author_id),
                quoted_uri=quoted.uri,
                quote_uri=claim.quote,
                uri=claim.uri,
            )
        )


def answered(claim: QuoteAnswered, reading: Reading) -> None:
    """The actor says yes or no to a quote. Nobody can answer for a post that is not their own."""
    actor = reading.refs.account(reading.actor)
    request = reading.refs.asked("quote_request", claim.request)
    quote_uri, quoted_uri = request or (claim.quote, claim.quoted)
    quoted = reading.refs.status(quoted_uri) if quote_uri and quoted_uri else None
    if actor is None or quoted is None or quoted.author_id != actor.id:
        return
    if not claim.accepted:
        stamp = reading.refs.live("stamp", quote_uri, quoted.uri)
        if stamp is not None:
            unstamped(stamp, reading)
        else:
            _end(quote_uri, quoted, "rejected", reading)
    elif claim.stamp:
        _stamp(claim.stamp, actor, quote_uri, quoted, reading)


def stamped(claim: Stamped, reading: Reading) -> None:
    """A stamp was found where its author's server keeps it."""
    author, quoted = reading.refs.account(claim.author), reading.refs.status(claim.quoted)
    if author is not None and quoted is not None and quoted.author_id == author.id:
        _stamp(claim.uri, author, claim.quote, quoted, reading)


def unstamped(stamp: Ref, reading: Reading) -> None:
    """The quoted author took a stamp back. `stamp` stands under its own URI, or under the two posts it joins."""
    quoted = reading.refs.at(stamp.target_uri)
    for name in (stamp.uri, name_of("stamp", stamp.author_uri, stamp.target_uri)):
        ref = reading.refs.at(name)
        if ref is not None and ref.kind == "stamp" and ref.ended is None:
            reading.refs.end(ref, reading.position)
    if quoted is None:
        return
    if quoted.local:
        reading.tell(StampRevoked(uri=stamp.uri, account_id=known_id(quoted.author_id), quoted_id=known_id(quoted.id)))
    _end(stamp.author_uri, quoted, "revoked", reading)


def _stamp(uri: str, author: Ref, quote_uri: str, quoted: Ref, reading: Reading) -> None:
    known, held = reading.refs.live("stamp", quote_uri, quoted.uri), reading.refs.at(uri)
    if known is not None or held is not None or reading.refs.buried(author.uri, uri):
        return  # it counts already, was taken back, or is something else
    for name in (uri, name_of("stamp", quote_uri, quoted.uri)):
        reading.refs.put(
            Ref(
                name=name,
                uri=uri,
                kind="stamp",
                author_id=author.id,
                author_uri=quote_uri,
                target_id=quoted.id,
                target_uri=quoted.uri,
                local=author.local,
                position=reading.position,
            )
        )
    if author.local:
        reading.tell(
            QuoteStamped(
                uri=uri,
                account_id=known_id(author.id),
                quote_uri=quote_uri,
                quoted_id=known_id(quoted.id),
                quoted_uri=quoted.uri,
            )
        )
    status = reading.refs.status(quote_uri)
    if status is not None and reading.refs.live("quote", quote_uri, quoted.uri):
        _accept(status, quoted, uri, reading, news=True)


def _accept(status: Ref, quoted: Ref, stamp: str, reading: Reading, *, news: bool) -> None:
    reading.tell(
        QuoteAccepted(
            status_id=known_id(status.id),
            account_id=known_id(status.author_id),
            quoted_id=known_id(quoted.id),
            quoted_account_id=known_id(quoted.author_id),
            stamp=stamp,
            news=news,
        )
    )


def _end(quote_uri: str, quoted: Ref, state: Literal["rejected", "revoked"], reading: Reading) -> None:
    status = reading.refs.status(quote_uri)
    if status is not None and reading.refs.live("quote", quote_uri, quoted.uri):
        reading.tell(
            QuoteEnded(
                status_id=known_id(status.id),
                account_id=known_id(status.author_id),
                quoted_id=known_id(quoted.id),
                quoted_account_id=known_id(quoted.author_id),
                state=state,
            )
        )
