"""Resolves an actor, an object or a handle, and keeps what was found."""

from fedi.activitypub.resolve.documents import draft_anew, draft_of, fetch_by_id, fetch_document, keep_gone
from fedi.activitypub.resolve.errors import Gone, NotLearnt
from fedi.activitypub.resolve.fetched import Fetched
from fedi.activitypub.resolve.keeping import Found, append
from fedi.activitypub.resolve.means import Means
from fedi.activitypub.resolve.webfinger import ask, confirmed_handle, read_handle
from fedi.activitypub.vocabulary import uris
from fedi.activitypub.vocabulary.authority import actor_of
from fedi.activitypub.vocabulary.claims import ActorDescribed, CollectionShown, Deleted, Favourited, Posted, Stamped
from fedi.activitypub.vocabulary.documents import read_document
from fedi.descriptions import Profile
from fedi.log.drafts import Draft
from fedi.views import accounts


async def resolve_actor(means: Means, uri: str, *, cause: int | None = None) -> Found:
    """Fetch an actor by its id and keep it; raises `NotLearnt`, `Unreachable` and other `PeerError`s."""
    found = await fetch_by_id(means, uri)
    return await _keep_actor(means, found, profile_in(found), cause)


async def resolve_handle(means: Means, text: str, *, cause: int | None = None) -> Found:
    """Find the actor behind `user@host[:port]` and keep it; raises as `resolve_actor` does."""
    pointed = await ask(means, read_handle(text))
    return await resolve_actor(means, pointed.actor, cause=cause)


async def resolve_object(means: Means, uri: str, *, cause: int | None = None) -> Found:
    """Fetch what is at a URI, a post, an actor or the stamp of a quote, and keep it; of a post that nobody here knows
    the author of, the author first.

    The URI may be a page's: the id that it states counts. Raises as `resolve_actor` does.
    """
    found = await means.posts.anew(uri, lambda: fetch_document(means, uris.parse(uri)))
    match read_document(found.document):
        case ActorDescribed(profile=profile):
            return await _keep_actor(means, found, profile, cause)
        case Posted(post=post):
            drafts = [*await author_drafts(means, post.author, cause), await draft_anew(means, found, cause=cause)]
            return Found(uri=post.uri, position=await append(means.appender, drafts))
        case Stamped(uri=stamp) | CollectionShown(uri=stamp):
            return Found(
                uri=stamp, position=await append(means.appender, [draft_of(found, means.clock(), cause=cause)])
            )
        case Favourited():
            drafts = [*await author_drafts(means, actor_of(found.document), cause)]
            drafts.append(draft_of(found, means.clock(), cause=cause))
            return Found(uri=found.url.text, position=await append(means.appender, drafts))
        case Deleted(uri=gone):
            await keep_gone(means, gone)
            raise Gone
        case _:
            raise NotLearnt("This is neither a person nor a post.", reason="not_supported")


def profile_in(found: Fetched) -> Profile:
    """Return the profile in a document that must be an actor's; raises `PeerError`."""
    claim = read_document(found.document)
    if not isinstance(claim, ActorDescribed) or claim.profile.uri != found.url.text:
        raise NotLearnt("This is not a person.", reason="not_an_actor")
    return claim.profile


async def actor_draft(means: Means, found: Fetched, profile: Profile, cause: int | None) -> Draft:
    """Return the event that keeps an actor, with its handle as WebFinger confirms it."""
    handle = await confirmed_handle(means, profile.uri, profile.username)
    return await draft_anew(means, found, handle=handle, cause=cause)


async def _keep_actor(means: Means, found: Fetched, profile: Profile, cause: int | None) -> Found:
    draft = await actor_draft(means, found, profile, cause)
    return Found(uri=profile.uri, position=await append(means.appender, [draft]))


async def author_drafts(means: Means, uri: str, cause: int | None) -> list[Draft]:
    """Return the event that keeps the author of a post, if nobody here knows that one yet."""
    async with means.pool.connection() as connection:
        known = await accounts.by_uris(connection, [uri])
    if uri in known:
        return []
    found = await fetch_by_id(means, uri)
    return [await actor_draft(means, found, profile_in(found), cause)]
