"""A report as its author, and those who look after the server, see it."""

import msgspec

from fedi.api.encoding import timestamp
from fedi.api.entities.accounts import Account, account
from fedi.events.reports import ReportCategory
from fedi.site import Site
from fedi.views import reports
from fedi.views.accounts import AccountRow


class Report(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    action_taken: bool = False
    action_taken_at: str | None = None
    category: ReportCategory
    comment: str
    forwarded: bool
    created_at: str
    status_ids: list[str]
    rule_ids: list[str]
    collection_ids: list[str]
    target_account: Account


def report(found: reports.Report, target: AccountRow, site: Site) -> Report:
    """Return a report with whom it is about."""
    return Report(
        id=str(found.id),
        category=found.category,
        comment=found.comment,
        forwarded=bool(found.forward_to),
        created_at=timestamp(found.created_at),
        status_ids=[str(each) for each in found.status_ids],
        rule_ids=list(found.rule_ids),
        collection_ids=list(found.collection_ids),
        target_account=account(target, site),
    )
