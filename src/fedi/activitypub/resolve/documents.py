"""Fetches one document and makes sure that it speaks for itself.

It must come as ActivityPub, from the origin that its id names, and be found at that id: what another server, or an
uploaded file, says about somebody is nobody's word (SECURITY S-001, S-004, S-010; contract ActivityPub §3, §12).
"""

import hashlib
from datetime import datetime
from typing import Any

import msgspec

from fedi.activitypub.resolve.errors import Gone, NotForUs, NotLearnt
from fedi.activitypub.resolve.fetched import Fetched
from fedi.activitypub.resolve.keeping import append
from fedi.activitypub.resolve.means import Means
from fedi.activitypub.vocabulary import json, uris
from fedi.activitypub.vocabulary.media_types import is_activity_json
from fedi.activitypub.vocabulary.uris import Uri
from fedi.events import identity
from fedi.events.activities import DocumentFetched, DocumentVanished
from fedi.log.drafts import Draft
from fedi.site import Site
from fedi.views import documents


async def fetch_document(means: Means, url: Uri) -> Fetched:
    """Return the document at a URL, or at the id that it states there, if that is of the same origin.

    A page's address leads to the id of what it shows, once. Raises `NotLearnt` (`Gone`, `NotForUs`), `Unreachable`,
    `BadDocumentError`.
    """
    found = await fetch_any(means, url)
    stated = id_of(found.document)
    if stated == found.url.text:
        return found
    if not uris.same_origin(uris.parse(stated), found.url):
        raise NotLearnt("The document is not this server's to show.", reason="id_of_other_origin")
    again = await fetch_any(means, uris.parse(stated))
    if id_of(again.document) != again.url.text:
        raise NotLearnt("The document is not found at its own id.", reason="id_elsewhere")
    return again


async def fetch_by_id(means: Means, uri: str) -> Fetched:
    """Return the document whose id is `uri` exactly; raises as `fetch_document` does."""
    found = await fetch_any(means, uris.parse(uri))
    if id_of(found.document) != uri or found.url.text != uri:
        raise NotLearnt("The document is not found at its own id.", reason="id_elsewhere")
    return found


async def fetch_any(means: Means, url: Uri) -> Fetched:
    """Return the document at a URL whatever its id; the caller judges that. Raises as `fetch_document` does.

    Of somebody, or something, known here by this very id, a 410 of its own server is kept.
    """
    refuse_local(means.site, url)
    async with means.hosts.slot(url.authority):
        response = await means.knocker.get(url.document)
    refuse_local(means.site, response.final_url)
    if response.status == 410 and uris.same_origin(response.final_url, url):
        await keep_gone(means, url.document.text)
    if response.status in {404, 410}:
        raise Gone(status=response.status)
    if not response.ok:
        raise NotLearnt(f"The other server answered {response.status}.", reason="fetch_refused")
    if not is_activity_json(response.content_type):
        raise NotLearnt("The other server did not answer with an ActivityPub document.", reason="content_type")
    return Fetched(document=json.parse(response.body), body=response.body, url=response.final_url)


async def keep_gone(means: Means, uri: str) -> None:
    """Keep that what is known here by an id is gone, by the word of its own server."""
    async with means.pool.connection() as connection:
        if not await documents.knows(connection, uri):
            return
    moment = means.clock().isoformat()
    gone = Draft(identity=identity.of_fetched(uri, "gone", moment), event=DocumentVanished(url=uri))
    await append(means.appender, [], [gone])


async def draft_anew(means: Means, found: Fetched, *, handle: str = "", cause: int | None = None) -> Draft:
    """Return the event that keeps a document, also if it is the very same that was kept before it was gone."""
    async with means.pool.connection() as connection:
        back = await documents.has_ended(connection, found.url.text)
    return draft_of(found, means.clock(), handle=handle, cause=cause, back=back)


def draft_of(found: Fetched, now: datetime, *, handle: str = "", cause: int | None = None, back: bool = False) -> Draft:
    """Return the event that keeps a document; `now` tells apart fetches of one that does not say when it changed."""
    updated = found.document.get("updated")
    stamp = updated if isinstance(updated, str) and not back else now.isoformat()
    digest = hashlib.sha256(found.body + handle.encode()).hexdigest()
    return Draft(
        identity=identity.of_fetched(found.url.text, digest, stamp),
        event=DocumentFetched(document=msgspec.Raw(found.body), url=found.url.text, handle=handle),
        cause=cause,
    )


def id_of(document: dict[str, Any]) -> str:
    """Return the id of a document in normal form; raises `NotLearnt` if it has none."""
    try:
        return uris.parse(document.get("id")).text
    except uris.InvalidUriError:
        raise NotLearnt("The document has no id that can be used.", reason="no_id") from None


def refuse_local(site: Site, url: Uri) -> None:
    """Refuse our own addresses: nothing found there is a stranger's word (S-010). Raises `NotForUs`."""
    if url.authority in {site.web_domain, site.domain}:
        raise NotForUs
