"""What people here report to those who look after the server. What other servers report comes as their Flag."""

from typing import Literal

from fedi.events.catalogue import Event, event

ReportCategory = Literal["spam", "legal", "violation", "other"]


@event("report.filed")
class ReportFiled(Event, frozen=True, kw_only=True):
    """`account_id` reports `target_id`, perhaps for some of its statuses; `forward_to` are domains told of it too."""

    report_id: int
    account_id: int
    target_id: int
    comment: str
    category: ReportCategory
    status_ids: tuple[int, ...] = ()
    rule_ids: tuple[str, ...] = ()
    collection_ids: tuple[str, ...] = ()
    forward_to: tuple[str, ...] = ()
