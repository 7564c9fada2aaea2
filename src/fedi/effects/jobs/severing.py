"""Says that follows ended: to the other side, and to people here, who are told how many they lost.

What one person lost is said in one unit, so that whoever is interrupted goes on with the next person.
"""

from collections import defaultdict
from collections.abc import Sequence

import msgspec

from fedi.activitypub.vocabulary import rendering
from fedi.activitypub.vocabulary.hosts import authority_of
from fedi.effects.deps import Deps
from fedi.effects.jobs.doing import does
from fedi.effects.severing import Sever
from fedi.events import Event, identity
from fedi.events.activities import ActivityPublished
from fedi.events.domains import RelationshipsSevered
from fedi.log.drafts import Draft
from fedi.views import ties
from fedi.views.ties import Tie

AT_ONCE = 500
"""Follows that end in one unit."""


@does(Sever)
async def sever(job: Sever, deps: Deps) -> None:
    """End the follows that stand though nothing is to come from there; none if that was taken back meanwhile."""
    async with deps.pool.connection() as connection:
        border = await deps.means.borders.latest(connection)
        if job.domain:
            found = await ties.of_domain(connection, job.domain)
            found = [tie for tie in found if tie.suspended or border.closed_to(authority_of(tie.other_uri))]
        else:
            found = [tie for tie in await ties.of_account(connection, job.account_id) if tie.suspended and not tie.ours]
    lost: defaultdict[int, list[Tie]] = defaultdict(list)
    for tie in found:
        lost[tie.account_id].append(tie)
    for account_id, each in lost.items():
        name = job.domain or each[0].other_name
        told = RelationshipsSevered(
            account_id=account_id,
            kind="domain_block" if job.domain else "account_suspension",
            target_name=name,
            followers=sum(tie.accepted and not tie.ours for tie in each),
            following=sum(tie.accepted and tie.ours for tie in each),
        )
        await _say(deps, each, told)


async def _say(deps: Deps, lost: Sequence[Tie], told: RelationshipsSevered) -> None:
    for start in range(0, len(lost), AT_ONCE):
        some = lost[start : start + AT_ONCE]
        events: list[Event] = [_ended(deps, tie) for tie in some]
        if start + AT_ONCE >= len(lost) and (told.followers or told.following):
            events.append(told)
        now = deps.means.clock()
        await deps.means.appender.append([Draft(identity=identity.fresh(now), event=event) for event in events])


def _ended(deps: Deps, tie: Tie) -> ActivityPublished:
    """Return what is said of one follow: an Undo of ours, a Reject of theirs."""
    if tie.ours:
        document = rendering.undo({**rendering.follow(tie.account_uri, tie.other_uri, 0), "id": tie.uri})
    else:
        number = deps.means.appender.allot(deps.means.clock())
        document = rendering.reject(tie.account_uri, tie.other_uri, tie.uri, number)
    return ActivityPublished(document=msgspec.Raw(msgspec.json.encode(document)), account_id=tie.account_id)
