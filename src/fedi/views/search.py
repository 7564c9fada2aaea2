"""Finding accounts by what somebody types: a handle, the beginning of one, or a part of a name.

First is whose handle it is, then whom the reader follows, then whose handle begins so, then who is here, each by their
handles. It costs what is shown and not what there is: handles are looked up in their order, and parts of names only
where too few handles begin so.
"""

import re

import msgspec
from psycopg.sql import SQL, Composable

from fedi.activitypub.vocabulary.uris import normal_domain
from fedi.registry.rows import Connection, several
from fedi.sql import queries
from fedi.views.compose import flat

LONGEST = 200
"""Characters of a search that are looked at; more are nobody's name."""
LOOKED_AT = 300
"""Accounts that have a part of a name and are looked at, beyond those that are shown."""
TRIGRAM = 3
"""Characters from which on parts of names are looked for: shorter ones are in no index."""

_SQL = queries(__file__)
_BY_HANDLE = SQL("")
_HANDLE = re.compile(r"@?([^\s@]+)(?:@([^\s@]*))?")


class _Found(msgspec.Struct, frozen=True):
    id: int
    name: str
    domain: str | None
    begins: bool
    followed: bool


def _statement(matches: Composable, order: Composable = _BY_HANDLE) -> SQL:
    return flat(_SQL["accounts"].format(begins=_SQL["begins"], matches=matches, order=order))


_BEST = _SQL["best"].format(begins=_SQL["begins"])
BEGINNING = _statement(_SQL["begins"])
BEGINNING_HERE = _statement(_SQL["here"].format(matches=_SQL["begins"]))
_BEGINNING_FOLLOWED = _statement(_SQL["followed"].format(matches=_SQL["begins"]), _BEST)
_CONTAINING = _statement(_SQL["some_contain"].format(contains=_SQL["contains"]), _BEST)
_CONTAINING_FOLLOWED = _statement(_SQL["followed"].format(matches=_SQL["contains"]), _BEST)


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
    most = offset + limit
    values = {
        "name": name,
        "beyond": f"{name}\U0010ffff",
        "within": f"%{_escaped(name)}%",
        "domain": _escaped(domain.lower() if domain.isascii() else normal_domain(domain)) + "%" if domain else None,
        "viewer": viewer,
        "most": most,
        "looked_at": most + LOOKED_AT,
    }

    async def ask(statement: SQL) -> list[_Found]:
        return await several(connection, statement, values, _Found)

    followed = _BEGINNING_FOLLOWED if len(name) < TRIGRAM else _CONTAINING_FOLLOWED
    found = await ask(followed if following else BEGINNING)
    if not following and len(found) >= most:  # better ones may be among those that are not shown
        found += [*await ask(BEGINNING_HERE), *await ask(followed)]
    elif not following and len(name) >= TRIGRAM:
        named = await ask(_CONTAINING)
        found += named if len(named) < most else [*named, *await ask(followed)]
    best = sorted({each.id: each for each in found}.values(), key=lambda each: _rank(each, name))
    return [each.id for each in best[offset:most]]


def _rank(found: _Found, name: str) -> tuple[bool, bool, bool, bool, str, str]:
    """Return what is less for who comes first."""
    here = found.domain is None
    return found.name != name, not found.followed, not found.begins, not here, found.name, found.domain or ""


def _escaped(text: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", text)
