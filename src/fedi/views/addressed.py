"""What is at an address: an account or a status, by its id or by its page here."""

import re

from fedi.registry.rows import Connection
from fedi.site import Site
from fedi.views import accounts, statuses

_PAGE = re.compile(r"/@(?P<name>[\w.]{1,100})(/(?P<id>[0-9]{1,18}))?/?", re.ASCII)


async def at(connection: Connection, site: Site, address: str) -> tuple[int | None, int | None]:
    """Return the account and the status at an address, as far as they are known here; who may see them is not asked."""
    page = _PAGE.fullmatch(address.removeprefix(site.base_url))
    if page is not None and page["id"]:
        return None, int(page["id"])
    if page is not None:
        return await accounts.by_handle(connection, page["name"], None), None
    found = await accounts.by_uris(connection, [address])
    return found.get(address), await statuses.by_uri(connection, address)
