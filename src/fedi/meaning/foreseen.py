"""What resolving a batch is likely to ask for, so that it is loaded in one go, or two, and not one after the other.

What is forgotten here is asked for when it is needed: this is about time, and never about meaning.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import Any

from fedi.activitypub.vocabulary import visibility
from fedi.activitypub.vocabulary.claims import (
    ActorDescribed,
    Answered,
    Blocked,
    Boosted,
    Claim,
    CollectionDescribed,
    CollectionShown,
    CollectionTold,
    Deleted,
    Edited,
    Favourited,
    FeatureAnswered,
    FeatureAsked,
    FollowAsked,
    Hinted,
    InteractionAsked,
    Pinned,
    Posted,
    QuoteAnswered,
    QuoteAsked,
    Reported,
    Stamped,
    TagShown,
    Undone,
    Voted,
)
from fedi.descriptions import Post
from fedi.meaning import seeing
from fedi.meaning.names import Name, name_of
from fedi.meaning.references import References
from fedi.meaning.understanding import Understood


def foresee(batch: Sequence[Understood], refs: References) -> None:
    """Load what is likely to be asked for when a batch is resolved, unless all that there is was kept."""
    if refs.whole:
        return
    names: list[Name] = []
    wishes: list[tuple[datetime, str]] = []
    written: dict[str, Post] = {}
    posts: list[Post] = []
    acts: list[Understood] = []
    for each in batch:
        if each.actor:
            names.append(each.actor)
        for claim in each.claims:
            kind = type(claim)
            if kind in _NAMES:
                names += _NAMES[kind](claim, each.actor)
            if isinstance(claim, Posted):
                written[claim.post.uri] = claim.post
            if isinstance(claim, Posted | Edited):
                posts.append(claim.post)
            if each.origin == "published":
                continue
            if kind in _BORN:
                moment, uri = _BORN[kind](claim)
                at = each.recorded.recorded_at
                wishes.append((min(moment or at, at), uri))
            if kind in _ACTS:
                acts.append(each)
    refs.prefetch(names, wishes)
    addressed = (name for post in posts for name in _addressed(post, refs))
    refs.prefetch(chain(addressed, (name for each in acts for name in _ties(each, refs, written))))


def _addressed(post: Post, refs: References) -> tuple[Name, ...]:
    """Return whom a post is for without a mention. The author is loaded by now, whose followers nobody asks for."""
    author = refs.account(post.author)
    return visibility.silent_mentions(post.to, post.cc, author.followers if author else "", post.mentions)


def _ties(understood: Understood, refs: References, written: Mapping[str, Post]) -> Iterator[Name]:
    """Yield what tells whether who did something to a post may see it.

    The post itself is loaded by now, or is `written` in the same batch.
    """
    for claim in understood.claims:
        match claim:
            case Boosted(object=uri) | Favourited(object=uri) | Voted(poll=uri):
                known, new = refs.status(uri), written.get(uri)
                if known is not None:
                    yield from seeing.names(understood.actor, uri, known.author_uri, known.visibility)
                elif new is not None:
                    yield from seeing.names(understood.actor, uri, new.author, visibility.of(new.to, new.cc, ""))


_ACTS = frozenset({Boosted, Favourited, Voted})
_BORN: Mapping[type[Claim], Callable[[Any], tuple[datetime | None, str]]] = {
    Posted: lambda claim: (claim.post.published, claim.post.uri),
    Boosted: lambda claim: (claim.published, claim.uri),
    ActorDescribed: lambda claim: (claim.profile.published, claim.profile.uri),
}
"""What is likely to need an id, and since when it is there; what people here say has one."""


def _of_post(claim: Posted | Edited, _: str) -> list[Name]:
    post = claim.post
    names = [post.uri, post.author, name_of("tombstone", post.author, post.uri)]
    if post.in_reply_to:
        names.append(post.in_reply_to)
    if post.quote:
        names += (post.quote, name_of("quote", post.uri, post.quote), name_of("stamp", post.uri, post.quote))
    names += [mention.uri for mention in post.mentions]
    return names


def _of_act(claim: Boosted | Favourited, actor: str) -> tuple[Name, ...]:
    kind = "boost" if isinstance(claim, Boosted) else "like"
    return claim.uri, claim.object, name_of("tombstone", actor, claim.uri), name_of(kind, actor, claim.object)


def _of_relation(claim: FollowAsked | Blocked, actor: str) -> tuple[Name, ...]:
    kind = "follow" if isinstance(claim, FollowAsked) else "block"
    return claim.uri, claim.object, name_of(kind, actor, claim.object)


def _of_stamp(claim: Stamped, _: str) -> tuple[Name, ...]:
    joined = name_of("stamp", claim.quote, claim.quoted), name_of("quote", claim.quote, claim.quoted)
    return claim.uri, claim.author, claim.quote, claim.quoted, *joined


def _of_actor(claim: ActorDescribed, _: str) -> tuple[Name, ...]:
    profile = claim.profile
    collections = profile.followers, profile.following, profile.outbox, profile.featured
    return profile.uri, name_of("tombstone", profile.uri, profile.uri), *collections


_NAMES: Mapping[type[Claim], Callable[[Any, str], Sequence[Name]]] = {
    Posted: _of_post,
    Edited: _of_post,
    Boosted: _of_act,
    Favourited: _of_act,
    FollowAsked: _of_relation,
    Blocked: _of_relation,
    Undone: lambda claim, actor: (claim.object, claim.target, name_of("tombstone", actor, claim.object)),
    Deleted: lambda claim, actor: (claim.uri, name_of("tombstone", actor, claim.uri)),
    Answered: lambda claim, actor: (claim.object, name_of("follow", claim.asker, actor)),
    InteractionAsked: lambda claim, _: (claim.uri, claim.object),
    QuoteAsked: lambda claim, _: (claim.uri, claim.object),
    QuoteAnswered: lambda claim, _: (
        *(claim.request, claim.quote, claim.quoted),
        name_of("stamp", claim.quote, claim.quoted),
    ),
    FeatureAsked: lambda claim, _: (claim.uri, claim.member),
    FeatureAnswered: lambda claim, _: (claim.request, claim.member, claim.collection, claim.asker, claim.stamp),
    CollectionShown: lambda claim, _: (claim.uri, claim.owner),
    CollectionTold: lambda claim, _: (claim.uri,),
    Stamped: _of_stamp,
    ActorDescribed: _of_actor,
    CollectionDescribed: lambda claim, _: (claim.uri, *claim.items),
    Voted: lambda claim, _: (claim.poll,),
    Pinned: lambda claim, _: (claim.object,),
    TagShown: lambda claim, _: (claim.target,),
    Hinted: lambda claim, _: (claim.uri, claim.about),
    Reported: lambda claim, _: claim.objects,
}
