"""Reporting somebody to those who look after this server, and to theirs."""

from collections.abc import Sequence

import msgspec

from fedi.commands.context import Context, note
from fedi.errors import ClientError, NotFoundError
from fedi.events.reports import ReportCategory, ReportFiled
from fedi.views import reports, targets
from fedi.views.targets import AccountRef

MAX_COMMENT = 1000
MAX_STATUSES = 100
MAX_NAMED = 100
"""Rules, collections, and domains to tell."""
MAX_NAME = 253
"""Characters of one of them."""


class Complaint(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody has to report. `forward_to`: domains to tell; None for that of the reported, if `forward`."""

    target_id: int
    status_ids: Sequence[int] = ()
    comment: str = ""
    category: ReportCategory = "other"
    rule_ids: Sequence[str] = ()
    collection_ids: Sequence[str] = ()
    forward: bool = False
    forward_to: Sequence[str] | None = None


class Filed(msgspec.Struct, frozen=True, kw_only=True):
    """A report as it was filed, and where in the log."""

    position: int
    report: ReportFiled


async def file_report(context: Context, author: AccountRef, complaint: Complaint) -> Filed:
    """File a report. Raises NotFoundError: no such account, or a status that is not its; ClientError: too long."""
    if len(complaint.comment) > MAX_COMMENT:
        raise ClientError(f"Validation failed: Comment is too long (maximum is {MAX_COMMENT} characters)")
    if len(complaint.status_ids) > MAX_STATUSES:
        raise ClientError(f"Validation failed: Statuses are too many (maximum is {MAX_STATUSES})")
    for words in (complaint.rule_ids, complaint.collection_ids, complaint.forward_to or ()):
        if len(words) > MAX_NAMED or any(len(word) > MAX_NAME for word in words):
            raise ClientError(f"Validation failed: More is named than a report can hold (maximum is {MAX_NAMED})")
    async with context.pool.connection() as connection:
        target = await targets.account(connection, complaint.target_id)
        if target is None:
            raise NotFoundError
        wanted = tuple(dict.fromkeys(complaint.status_ids))
        if wanted and await reports.reportable(connection, author.id, target.id, wanted) != set(wanted):
            raise NotFoundError
    event = ReportFiled(
        report_id=context.appender.allot(context.clock()),
        account_id=author.id,
        target_id=target.id,
        comment=complaint.comment,
        category="violation" if complaint.rule_ids else complaint.category,
        status_ids=wanted,
        rule_ids=tuple(complaint.rule_ids),
        collection_ids=tuple(complaint.collection_ids),
        forward_to=_domains(complaint, target),
    )
    return Filed(position=await note(context, event), report=event)


def _domains(complaint: Complaint, target: AccountRef) -> tuple[str, ...]:
    """Return which servers are told: nobody's is whose people are all from here."""
    if not complaint.forward or target.domain is None:
        return ()
    if complaint.forward_to is None:
        return (target.domain,)
    return tuple(dict.fromkeys(domain.strip().lower() for domain in complaint.forward_to if domain.strip()))
