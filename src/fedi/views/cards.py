"""Pages that posts share, and how they are shown."""

from collections.abc import Collection
from datetime import datetime
from typing import Literal

import msgspec

from fedi.registry.rows import Connection, numbers, several
from fedi.sql import queries

_SQL = queries(__file__)


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """How a page wants to be shown. `image` is where its picture was found; sizes are pixels, 0 if unknown."""

    id: int
    url: str
    kind: Literal["link", "photo", "video"]
    title: str
    description: str
    language: str
    author_name: str
    author_url: str
    author_id: int | None
    provider_name: str
    provider_url: str
    html: str
    width: int
    height: int
    image: str
    image_description: str
    blurhash: str
    embed_url: str
    published_at: datetime | None


class Unshared(msgspec.Struct, frozen=True):
    """A page that no post shares, by its address and by the key of its words in the log."""

    url: str
    key: str


class _Known(msgspec.Struct, frozen=True):
    url: str


async def seen_since(connection: Connection, urls: Collection[str], since: datetime) -> set[str]:
    """Return those of some pages that were looked at since a moment."""
    found = await several(connection, _SQL["seen_since"], {"urls": list(urls), "since": since}, _Known)
    return {each.url for each in found}


async def unshared(connection: Connection, limit: int) -> list[Unshared]:
    """Return pages of which something is known and that no post shares."""
    return await several(connection, _SQL["unshared"], {"limit": limit}, Unshared)


async def may_credit(connection: Connection, account_id: int, domains: Collection[str]) -> bool:
    """Tell whether an account lets pages of one of these domains name it as their author."""
    values = {"id": account_id, "domains": list(domains)}
    return bool(await numbers(connection, _SQL["may_credit"], values))
