"""Finding accounts by what somebody types: a handle, the beginning of one, or a part of a name."""

import re

from fedi.activitypub.vocabulary.uris import normal_domain
from fedi.registry.rows import Connection, numbers
from fedi.sql import queries
from fedi.views.compose import flat

_SQL = queries(__file__)
_BEGINS = flat(_SQL["accounts"].format(matches=_SQL["begins"]))
_CONTAINS = flat(_SQL["accounts"].format(matches=_SQL["contains"]))
_HANDLE = re.compile(r"@?([^\s@]+)(?:@([^\s@]*))?")

LONGEST = 200
"""Characters of a search that are looked at; more are nobody's name."""


async def accounts(
    connection: Connection, text: str, viewer: int | None, *, limit: int, offset: int = 0, following: bool = False
) -> list[int]:
    """Return the ids of accounts whose handle begins with a text, or whose name contains it.

    `user@domain` looks only on domains that begin so. `following` looks only among those whom the viewer follows.
    """
    typed = text.strip()[:LONGEST]
    handle = _HANDLE.fullmatch(typed)
    name = (handle[1] if handle else typed.removeprefix("@")).lower()
    if not name:
        return []
    domain = handle[2] if handle else None
    values = {
        "exact": name,
        "prefix": _escaped(name) + "%",
        "within": f"%{_escaped(name)}%",
        "domain": _escaped(domain.lower() if domain.isascii() else normal_domain(domain)) + "%" if domain else None,
        "following": following,
        "viewer": viewer,
        "limit": limit,
        "offset": offset,
    }
    return await numbers(connection, _BEGINS if len(name) < 3 else _CONTAINS, values)


def _escaped(text: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", text)
