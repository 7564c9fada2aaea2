"""Completes a thread: from a post to the answers that its server lists, and on to the answers to those.

Bounded in what is kept, in what is asked for and in time, for the lists are written by strangers: they may be endless,
go in circles, or name any address there is (S-064).
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Sequence

from fedi.activitypub.resolve.documents import Fetched, draft_of, fetch_any, fetch_document
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
MAX_PAGES = 5
"""Pages of one list."""
SECONDS = 90.0


async def fetch_replies(means: Means, uri: str) -> AsyncIterator[str]:
    """Yield the ids of answers that were not known here, each once it is kept."""
    deadline = asyncio.get_running_loop().time() + SECONDS
    waiting, seen, known = deque([uri]), {uri}, {uri}
    asked = kept = 0
    while waiting and kept < MAX_KEPT and asked < MAX_ASKED and asyncio.get_running_loop().time() < deadline:
        post = waiting.popleft()
        asked += 1
        try:
            found = await fetch_document(means, uris.parse(post))
            if post not in known:
                if not await _keep(means, found, post):
                    continue
                kept += 1
                yield post
            listed, pages = await _listed(means, found.document)
        except (PeerError, uris.InvalidUriError):
            continue  # gone, hidden, or nothing of the kind: the rest may still be there
        asked += pages
        new = [each for each in dict.fromkeys(listed) if each not in seen and not means.site.is_local(each)]
        seen.update(new)
        known |= await _known(means, new)
        waiting.extend(sorted(new, key=lambda each: each in known))


async def _keep(means: Means, found: Fetched, uri: str) -> bool:
    """Keep a post that everybody may see, with its author; whatever else a list names is left alone."""
    claim = read_document(found.document)
    if not isinstance(claim, Posted) or claim.post.uri != uri or not claim.post.in_reply_to:
        return False
    if PUBLIC not in claim.post.to and PUBLIC not in claim.post.cc:
        return False
    authors = await author_drafts(means, claim.post.author, None)
    await append(means.appender, [*authors, draft_of(found, means.clock())])
    return True


async def _listed(means: Means, post: Document) -> tuple[list[str], int]:
    """Return the answers that a post's own server lists, and how many pages were asked for."""
    listed, owner = post.get("replies"), values.uri(post.get("id"))
    collection = values.first(listed)
    found: list[str] = []
    pages = 0
    page = values.uri(collection)
    if isinstance(collection, dict):
        claim = read_collection(collection)
        found += claim.items
        page = claim.next or claim.first
    asked: set[str] = set()
    while page and page not in asked and pages < MAX_PAGES and values.same_origin(page, owner):
        asked.add(page)
        pages += 1
        claim = read_collection((await fetch_any(means, uris.parse(page))).document)
        found += claim.items
        page = claim.next or claim.first
    return found, pages


async def _known(means: Means, listed: Sequence[str]) -> set[str]:
    if not listed:
        return set()
    async with means.pool.connection() as connection:
        return await threads.known(connection, listed)
