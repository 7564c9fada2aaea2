"""Reporting somebody (https://docs.joinmastodon.org/methods/reports/)."""

import msgspec

from fedi.api.acting import acting, caught_up
from fedi.api.entities.reports import Report, report
from fedi.api.request import ApiRequest
from fedi.api.routing import route
from fedi.commands.reports import Complaint, file_report
from fedi.errors import NotFoundError
from fedi.events.reports import ReportCategory
from fedi.views import accounts, reports


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    account_id: int
    status_ids: list[int] = []
    comment: str = ""
    category: ReportCategory = "other"
    rule_ids: list[str] = []
    collection_ids: list[str] = []
    forward: bool = False
    forward_to_domains: list[str] | None = None


@route("POST", "/api/v1/reports", scope="write:reports", auth="user")
async def create_report(request: ApiRequest, params: Wanted) -> Report:
    """Tell those who look after this server, and theirs if wanted, of somebody."""
    complaint = Complaint(
        target_id=params.account_id,
        status_ids=params.status_ids,
        comment=params.comment,
        category=params.category,
        rule_ids=params.rule_ids,
        collection_ids=params.collection_ids,
        forward=params.forward,
        forward_to=params.forward_to_domains,
    )
    filed = await file_report(request.deps.commands, await acting(request), complaint)
    await caught_up(request, filed.position)
    said = filed.report
    shown = reports.Report(
        id=said.report_id,
        account_id=said.account_id,
        target_id=said.target_id,
        comment=said.comment,
        category=said.category,
        status_ids=said.status_ids,
        rule_ids=said.rule_ids,
        collection_ids=said.collection_ids,
        forward_to=said.forward_to,
        created_at=request.deps.clock(),
    )
    async with request.deps.pool.connection() as connection:
        target = await accounts.one(connection, said.target_id)
    if target is None:
        raise NotFoundError
    return report(shown, target, request.deps.site)
