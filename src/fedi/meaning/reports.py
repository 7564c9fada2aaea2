"""What other servers report."""

from collections import defaultdict

from fedi.activitypub.vocabulary.claims import Reported
from fedi.facts.reports import AccountReported
from fedi.meaning.reading import Reading


def reported(claim: Reported, reading: Reading) -> None:
    """An actor reports local people: one fact for each of them, with those of the posts that are theirs."""
    actor = reading.refs.account(reading.actor)
    if actor is None or actor.id is None or reading.origin != "received":
        return
    statuses: defaultdict[int, list[int]] = defaultdict(list)
    for uri in claim.objects:
        account, status = reading.refs.account(uri), reading.refs.status(uri)
        if account is not None and account.local and account.id is not None:
            statuses[account.id] += []
        elif status is not None and status.local and status.author_id is not None and status.id is not None:
            statuses[status.author_id].append(status.id)
    for target, ids in statuses.items():
        reading.tell(
            AccountReported(
                report_id=reading.refs.allot(reading.at, f"{claim.uri}#{target}"),
                uri=claim.uri,
                account_id=actor.id,
                target_id=target,
                comment=claim.comment,
                status_ids=tuple(ids),
            )
        )
