"""Looks at a page and says how it wants to be shown: at most three questions, each bounded in size and time."""

import asyncio
import logging

import msgspec

from fedi.activitypub.resolve import resolve_handle
from fedi.activitypub.resolve.webfinger import read_handle
from fedi.activitypub.vocabulary import uris
from fedi.effects.deps import Deps
from fedi.effects.previews import frames, oembed, page, pictures
from fedi.effects.previews.asking import HostBusy, polite
from fedi.effects.previews.fetching import fetch_page
from fedi.effects.previews.oembed import Embedded
from fedi.effects.previews.page import Page
from fedi.errors import PeerError
from fedi.events.links import LinkPreviewed
from fedi.services.http import Response
from fedi.views import cards, targets
from fedi.views.targets import AccountRef

MAX_OEMBED = 200_000
PATIENCE = 5.0
"""Seconds until an author who was just met must be known here."""
_log = logging.getLogger(__name__)


async def look(deps: Deps, url: str) -> LinkPreviewed | None:
    """Return how a page wants to be shown; None if it is no page, or says nothing.

    Raises `HostBusy` if a host that is to be asked was asked often enough, and other PeerErrors.
    """
    border = await deps.means.borders.now()
    async with polite(deps, uris.parse(url).host, border.guard) as guard:
        answer = await fetch_page(deps, url, guard)
    if answer is None:
        return None
    where = answer.final_url.text
    read = await asyncio.to_thread(page.read, answer.body, answer.content_type, where)
    embedded = await _embedded(deps, read, where)
    if not read.title and not embedded.title:
        return None
    image = embedded.image if embedded.kind == "photo" else read.image or embedded.image
    picture = await pictures.copied(deps, image) if image else None
    author = await _author(deps, read.creator, answer) if read.creator else None
    return _card(url, read, embedded, picture, author)


async def _embedded(deps: Deps, read: Page, where: str) -> Embedded:
    """Return what the page's oEmbed adds, or else the film that the page itself offers; nothing in most cases."""
    own_host = deps.means.site.web_domain
    said = await _oembed(deps, read, where) or Embedded(kind="link")
    html = frames.frame(read.player, read.player_width, read.player_height, own_host) if said.kind == "link" else ""
    if not html:
        return said
    return msgspec.structs.replace(said, kind="video", html=html, width=read.player_width, height=read.player_height)


async def _oembed(deps: Deps, read: Page, where: str) -> Embedded | None:
    if not read.oembed:
        return None
    try:
        source = uris.parse(read.oembed, fragment=True).document
        border = await deps.means.borders.now()
        async with polite(deps, source.host, border.guard) as guard:
            answer = await deps.http.fetch(source, accept="application/json", limit=MAX_OEMBED, sign=guard)
    except HostBusy:
        raise
    except PeerError as error:
        _log.info("the oEmbed of %s was not read: %s", where, error.reason)
        return None
    return oembed.read(answer.body, where, deps.means.site.web_domain) if answer.ok else None


def _card(
    url: str, read: Page, said: Embedded, picture: pictures.Picture | None, author: AccountRef | None
) -> LinkPreviewed:
    width, height = said.width, said.height
    if said.kind == "link":
        width, height = (picture.width, picture.height) if picture else (0, 0)
    return LinkPreviewed(
        url=url,
        kind=said.kind,
        title=read.title or said.title,
        description=read.description,
        language=read.language,
        author_name=said.author_name or read.author_name,
        author_url=said.author_url or read.author_url,
        author_id=author.id if author else None,
        provider_name=said.provider_name or read.provider_name,
        provider_url=said.provider_url,
        html=said.html,
        width=width,
        height=height,
        image=picture.url if picture else "",
        image_description=read.image_description if picture else "",
        blurhash=picture.blurhash if picture else "",
        embed_url=said.embed_url,
        published_at=read.published_at,
    )


async def _author(deps: Deps, creator: str, answer: Response) -> AccountRef | None:
    """Return the account that a page names as its author (`fediverse:creator`), if that account allows it."""
    try:
        handle = read_handle(creator)
    except PeerError:
        return None
    known = await _known(deps, handle.user, handle.host)
    if known is None:
        try:
            async with polite(deps, uris.parse(f"https://{handle.host}/").host, (await deps.means.borders.now()).guard):
                found = await resolve_handle(deps.means, creator)
        except HostBusy:
            raise
        except PeerError as error:
            _log.info("%s, who is named as an author, was not found: %s", creator, error.reason)
            return None
        await deps.progress.wait_for(found.position, PATIENCE)
        known = await _known(deps, handle.user, handle.host)
    if known is None:
        return None
    async with deps.pool.connection() as connection:
        allowed = await cards.may_credit(connection, known.id, _domains(answer.final_url.host))
    return known if allowed else None


async def _known(deps: Deps, user: str, host: str) -> AccountRef | None:
    site = deps.means.site
    async with deps.pool.connection() as connection:
        return await targets.by_handle(connection, user, None if host in (site.domain, site.web_domain) else host)


def _domains(host: str) -> list[str]:
    """Return a host and all that it belongs to: `blog.example.com`, `example.com`, `com`."""
    parts = host.split(".")
    return [".".join(parts[start:]) for start in range(len(parts))]
