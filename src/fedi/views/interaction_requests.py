"""Who may favourite, answer or boost what local people wrote: whoever sees it, and boosts only what is open to all."""

from collections.abc import Sequence

import msgspec
from psycopg.sql import SQL

from fedi.descriptions import Interaction
from fedi.meaning.names import key_of
from fedi.registry.rows import Connection, one, several
from fedi.sql import queries
from fedi.views.can_see import visible
from fedi.views.compose import flat

_SQL = queries(__file__)

Question = tuple[Interaction, int, int]
"""What is to be done, by which account, to which status."""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """An interaction with a local status; `allowed` tells whether it may be."""

    kind: Interaction
    account_id: int
    status_id: int
    author_id: int
    author_uri: str
    allowed: bool


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody asked for; `instrument` is theirs, to be done to the post `object`."""

    kind: Interaction
    account_id: int
    instrument: str
    object: str


class _Status(msgspec.Struct, frozen=True):
    id: int


async def asked(connection: Connection, questions: Sequence[Question]) -> dict[Question, Asked]:
    """Return of interactions with statuses of local people whether they may be."""
    kinds, account_ids, status_ids = zip(*questions, strict=True)
    values = {"kinds": list(kinds), "accounts": list(account_ids), "statuses": list(status_ids)}
    found = await several(connection, _ASKED, values, Asked)
    return {(each.kind, each.account_id, each.status_id): each for each in found}


async def stamped(connection: Connection, key: str) -> tuple[Request, Asked] | None:
    """Return what the request under a key asked for, and whose leave it has, if it has it now."""
    request = await one(connection, _SQL["request"], {"key": key}, Request)
    if request is None:
        return None
    status = await one(connection, _SQL["status"], {"key": key_of(request.object)}, _Status)
    if status is None:
        return None
    question = (request.kind, request.account_id, status.id)
    about = (await asked(connection, [question])).get(question)
    return (request, about) if about is not None and about.allowed else None


_ASKED = flat(_SQL["asked"].format(visible=visible(viewer=SQL("asked.account_id"))))
