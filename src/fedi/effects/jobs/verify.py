"""Looks at pages that people link from their profiles, for a link back (https://microformats.org/wiki/rel-me)."""

import asyncio
import logging
from collections.abc import Collection

from fedi.activitypub.vocabulary.profile_links import links_of
from fedi.effects import flat_html
from fedi.effects.deps import Deps
from fedi.effects.jobs.doing import does
from fedi.effects.previews.fetching import fetch_page
from fedi.effects.verify import VerifyLinks
from fedi.errors import PeerError
from fedi.events import identity
from fedi.events.accounts import LinkVerified
from fedi.log.drafts import Draft
from fedi.views import verified_links

_log = logging.getLogger(__name__)


@does(VerifyLinks)
async def verify(job: VerifyLinks, deps: Deps) -> None:
    """Look at each link that is not verified yet, and say which of them lead back."""
    async with deps.pool.connection() as connection:
        found = await verified_links.one(connection, job.account_id)
    if found is None:
        return
    for url in links_of(found.fields):
        if url not in found.verified and await _leads_back(deps, url, {found.uri, found.url}):
            now = deps.means.clock()
            event = LinkVerified(account_id=job.account_id, url=url, verified_at=now)
            await deps.means.appender.append([Draft(identity=identity.fresh(now), event=event)])


async def _leads_back(deps: Deps, url: str, profiles: Collection[str]) -> bool:
    try:
        answer = await fetch_page(deps, url, (await deps.means.borders.now()).guard)
    except PeerError as error:
        _log.info("%s was not looked at: %s", url, error.reason)
        return False
    return answer is not None and await asyncio.to_thread(links_back, answer.body, profiles)


def links_back(page: bytes, profiles: Collection[str]) -> bool:
    """Tell whether a page has a link with rel="me" to one of some addresses; a slash at the end changes nothing."""
    wanted = {_bare(each) for each in profiles}
    links = flat_html.parse(page.decode("utf-8", "replace"), "a", "link").css('a[rel~="me"], link[rel~="me"]')
    return any(_bare(link.attributes.get("href") or "") in wanted for link in links)


def _bare(url: str) -> str:
    return url.strip().rstrip("/").lower()
