"""What was reported, to whom it is passed on, and who here is told."""

from collections.abc import Collection, Sequence
from datetime import datetime

import msgspec

from fedi.events.reports import ReportCategory
from fedi.registry.rows import Connection, numbers, several
from fedi.sql import queries
from fedi.views.can_see import visible
from fedi.views.compose import flat

_SQL = queries(__file__)
_REPORTABLE = flat(_SQL["reportable"].format(visible=visible()))


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A report as it was made."""

    id: int
    account_id: int
    target_id: int
    comment: str
    category: ReportCategory
    status_ids: tuple[int, ...]
    rule_ids: tuple[str, ...]
    collection_ids: tuple[str, ...]
    forward_to: tuple[str, ...]
    created_at: datetime


class _Text(msgspec.Struct, frozen=True):
    text: str


async def load(connection: Connection, ids: Collection[int]) -> dict[int, Report]:
    """Return those of some reports that there are."""
    found = await several(connection, _SQL["load"], {"ids": list(ids)}, Report) if ids else []
    return {report.id: report for report in found}


async def reportable(connection: Connection, viewer: int, target: int, status_ids: Sequence[int]) -> set[int]:
    """Return those of some statuses that are the target's and that the viewer may see."""
    values = {"viewer": viewer, "target": target, "ids": list(status_ids)}
    return set(await numbers(connection, _REPORTABLE, values))


async def inboxes(connection: Connection, report: Report) -> list[str]:
    """Return where a report is passed on to: the servers of the target, and of whom its statuses answered."""
    values = {"id": report.id, "domains": list(report.forward_to)}
    return [row.text for row in await several(connection, _SQL["inboxes"], values, _Text)]


async def objects(connection: Connection, report: Report) -> list[str]:
    """Return the URIs of what is reported: the account, then its statuses."""
    values = {"target": report.target_id, "statuses": list(report.status_ids)}
    return [row.text for row in await several(connection, _SQL["objects"], values, _Text)]


async def staff(connection: Connection) -> list[int]:
    """Return the accounts of those who look after the server."""
    return await numbers(connection, _SQL["staff"], {})
