"""Completes a thread: from what is known of it up to what that answers, and down to the answers that its servers list.

Two kinds of lists are read: the `replies` of each post, and the `context` that posts name, which lists a whole
conversation (FEP-7888, FEP-f228). Whatever they say, a post is kept as it is found at its own id, and only if it
belongs there. Bounded in what is kept, in what is asked for, of whom and how deep, and in time, for lists are written
by strangers: they may be endless, go in circles, or name any address there is (S-064).
"""

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence

import msgspec

from fedi.activitypub.resolve.documents import draft_anew, fetch_any, fetch_document
from fedi.activitypub.resolve.fetched import Fetched
from fedi.activitypub.resolve.keeping import append
from fedi.activitypub.resolve.learning import author_drafts
from fedi.activitypub.resolve.means import Means
from fedi.activitypub.vocabulary import uris, values
from fedi.activitypub.vocabulary.claims import Posted
from fedi.activitypub.vocabulary.collections import read_collection
from fedi.activitypub.vocabulary.documents import read_document
from fedi.activitypub.vocabulary.values import Document
from fedi.activitypub.vocabulary.visibility import PUBLIC
from fedi.errors import PeerError
from fedi.views import threads

MAX_KEPT = 100
MAX_ASKED = 200
"""Documents that are asked for in all."""
MAX_ASKED_OF_HOST = 100
MAX_HOSTS = 40
MAX_PAGES = 5
"""Pages of one list."""
MAX_CONTEXTS = 3
MAX_DEPTH = 50
"""Answers to answers, and posts that are answered, from where the walk begins."""
SECONDS = 90.0


class Budget:
    """What may still be asked for."""

    def __init__(self) -> None:
        self._asked: Counter[str] = Counter()
        self._deadline = asyncio.get_running_loop().time() + SECONDS

    @property
    def spent(self) -> bool:
        return self._asked.total() >= MAX_ASKED or asyncio.get_running_loop().time() >= self._deadline

    def take(self, uri: str) -> bool:
        """Tell whether one more document may be asked for, and count it."""
        host = uris.parse(uri).authority
        new = host not in self._asked
        if self.spent or self._asked[host] >= MAX_ASKED_OF_HOST or (new and len(self._asked) >= MAX_HOSTS):
            return False
        self._asked[host] += 1
        return True


class _Step(msgspec.Struct, frozen=True):
    """A post to look at. `known`: it is here already; `listed_in`: the context that named it."""

    uri: str
    depth: int
    known: bool = False
    listed_in: str = ""


async def fetch_replies(
    means: Means, starts: Sequence[str], climb: Callable[[Means, str], Awaitable[Fetched]] | None = None
) -> AsyncIterator[str]:
    """Yield the ids of posts of a thread that were not known here, each once it is kept.

    `starts` are the ids of posts elsewhere that are known; the first are looked at first. `climb` is `fetch_post` or
    does the same, for what known posts answer: others may want that too.
    """
    climb = climb or fetch_post
    budget, kept = Budget(), 0
    waiting = deque(_Step(uri, 0, known=True) for uri in starts)
    seen, contexts = set(starts), set[str]()
    above: set[str] = set()
    while waiting and kept < MAX_KEPT and not budget.spent:
        step = waiting.popleft()
        try:
            if not budget.take(step.uri):
                continue
            found = await (climb if step.uri in above else fetch_post)(means, step.uri)
            if not step.known:
                if not await _keep(means, found, step, seen, above):
                    continue
                kept += 1
                yield step.uri
        except (PeerError, uris.InvalidUriError):
            continue  # gone, hidden, or nothing of the kind: the rest may still be there
        if step.depth >= MAX_DEPTH:
            continue
        parent = values.id_of(found.document.get("inReplyTo"))
        if parent and (step.depth == 0 or step.uri in above):
            above.add(parent)
            waiting.extendleft(await _new(means, [parent], seen, step.depth + 1))
        context = values.id_of(found.document.get("context"))
        if context and context not in contexts and len(contexts) < MAX_CONTEXTS:
            contexts.add(context)
            listed = await _of_context(means, context, budget)
            waiting.extend(await _new(means, listed, seen, step.depth + 1, context))
        waiting.extend(await _new(means, await _replies(means, found.document, budget), seen, step.depth + 1))


async def fetch_post(means: Means, uri: str) -> Fetched:
    """Return a document as it was found within the last minute, if that is remembered; raises as `fetch_document`."""
    return await means.posts.get(uri, lambda: fetch_document(means, uris.parse(uri)))


async def _keep(means: Means, found: Fetched, step: _Step, seen: set[str], above: set[str]) -> bool:
    """Keep a post that everybody may see and that is of this thread, with its author; all else is left alone.

    It is of the thread if it answers something of it, is what something of it answers, or names as its context the one
    that lists it.
    """
    claim = read_document(found.document)
    if not isinstance(claim, Posted) or claim.post.uri != step.uri:
        return False
    if PUBLIC not in claim.post.to and PUBLIC not in claim.post.cc:
        return False
    named = bool(step.listed_in) and values.id_of(found.document.get("context")) == step.listed_in
    if not (claim.post.in_reply_to in seen or step.uri in above or named):
        return False
    authors = await author_drafts(means, claim.post.author, None)
    await append(means.appender, [*authors, await draft_anew(means, found)])
    return True


async def _new(means: Means, listed: Iterable[str], seen: set[str], depth: int, context: str = "") -> Sequence[_Step]:
    """Return what was not met on this walk before; what nobody here knows comes first."""
    new = [each for each in dict.fromkeys(listed) if each not in seen and not means.site.is_local(each)]
    seen.update(new)
    if not new:
        return ()
    async with means.pool.connection() as connection:
        known = await threads.known(connection, new)
    steps = [_Step(each, depth, each in known, context) for each in new]
    return sorted(steps, key=lambda step: step.known)


async def _replies(means: Means, post: Document, budget: Budget) -> list[str]:
    """Return the answers that a post's own server lists."""
    collection, owner = values.first(post.get("replies")), values.uri(post.get("id"))
    if not isinstance(collection, dict):
        return await _pages(means, values.uri(collection), owner, budget)
    try:
        claim = read_collection(collection)
    except PeerError:
        return []
    return [*claim.items, *await _pages(means, claim.next or claim.first, owner, budget)]


async def _of_context(means: Means, context: str, budget: Budget) -> list[str]:
    """Return the posts of a conversation, as whoever keeps it lists them."""
    return await _pages(means, context, context, budget)


async def _pages(means: Means, page: str, owner: str, budget: Budget) -> list[str]:
    """Return what a list names, page by page, as far as they are of their owner's origin and can be had."""
    found: list[str] = []
    asked: set[str] = set()
    while page and page not in asked and len(asked) < MAX_PAGES and values.same_origin(page, owner):
        asked.add(page)
        try:
            if not budget.take(page):
                break
            claim = read_collection((await fetch_any(means, uris.parse(page))).document)
        except (PeerError, uris.InvalidUriError):
            break
        found += claim.items
        page = claim.next or claim.first
    return found
