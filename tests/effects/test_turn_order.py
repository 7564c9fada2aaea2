"""Whatever waits for a host, and however it answers, what has to do with each other keeps its order."""

import asyncio
from datetime import UTC, datetime

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from fedi.activitypub.signatures import Form
from fedi.effects.lane import Answer, Delivery, Lane, Result
from fedi.effects.pace import Pace
from fedi.effects.turn import related, take_turn

NOW = datetime(2026, 1, 2, 12, tzinfo=UTC)
FEW = st.integers(1, 3)
NOTHING = Delivery(
    position=0, inbox_id=1, url="http://there/inbox", account_id=1, about=1, said_at=NOW, attempts=0, status=None
)
SAID = st.builds(
    lambda account, about, after: msgspec.structs.replace(NOTHING, account_id=account, about=about, after=after),
    FEW,
    st.integers(1, 6),
    st.integers(0, 6),
)
STATUSES = st.sampled_from([202, 202, 202, 404, 500, 429, None])


class Watched:
    """A host that takes as long as it is told to for each, and notes what is under way with what."""

    def __init__(self, answers: list[tuple[int | None, int]]) -> None:
        self.answers = answers
        self.begun: list[Delivery] = []
        self.under_way: list[Delivery] = []
        self.together: list[tuple[Delivery, Delivery]] = []

    async def send(self, delivery: Delivery, form: Form) -> Answer:
        status, moments = self.answers[len(self.begun) % len(self.answers)]
        self.together += [(other, delivery) for other in self.under_way]
        self.begun.append(delivery)
        self.under_way.append(delivery)
        for _ in range(moments):
            await asyncio.sleep(0)
        self.under_way.remove(delivery)
        return Answer(status=status, form=form)


@given(
    waiting=st.lists(SAID, max_size=12),
    answers=st.lists(st.tuples(STATUSES, st.integers(0, 4)), min_size=1, max_size=12),
    width=st.integers(1, 8),
)
def test_related_deliveries_keep_their_order(
    waiting: list[Delivery], answers: list[tuple[int | None, int]], width: int
) -> None:
    deliveries = [msgspec.structs.replace(each, position=place) for place, each in enumerate(waiting, 1)]
    lane = Lane(
        host="there", form="cavage", failures=0, recovering=False, pace=Pace(width=width), deliveries=deliveries
    )
    host, results = Watched(answers), dict[int, Result]()

    def tell(result: Result) -> None:
        assert result.position not in results, "told twice"
        results[result.position] = result

    rest = asyncio.run(take_turn(lane, host.send, tell, clock=lambda: NOW, jitter=lambda: 0.0))
    assert [each.position for each in host.begun] == sorted(results)
    assert not any(related(one, other) for one, other in host.together)
    for later in host.begun:
        for earlier in deliveries[: later.position - 1]:
            if related(earlier, later):
                assert results[earlier.position].outcome is not None, "it was overtaken"
    assert (rest.wake_at > NOW) == any(each.outcome is None for each in results.values())
    assert not host.under_way
