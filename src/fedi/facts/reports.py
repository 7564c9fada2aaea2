"""What other servers report."""

from fedi.facts import Fact


class AccountReported(Fact, frozen=True, kw_only=True):
    """Another server reports a local account, perhaps for some of its statuses; `account_id` is who says so."""

    report_id: int
    uri: str
    account_id: int
    target_id: int
    comment: str
    status_ids: tuple[int, ...] = ()
