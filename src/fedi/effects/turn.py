"""One turn of a lane: what waits for a host is sent in its order, one by one or, where that is learnt, some at once.

Deliveries begin in the order of the log. One begins before the one before it has ended only where they have nothing to
do with each other: other authors, other posts, neither answering the other. While a host fails, nothing passes what
failed. Only when it answers, and keeps refusing one activity, is another tried first; if that gets through, the
troublesome one is set aside with a schedule of its own, so that it does not keep back what has nothing to do with it.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic

from fedi.clock import Clock
from fedi.effects.lane import Answer, Delivery, Lane, Outcome, Rest, Result, Send, Tell
from fedi.effects.pace import SLOW_SECONDS, after_answers, after_failure
from fedi.effects.verdicts import LIFE, Verdict, judge, pause

TURN_SECONDS = 5.0
"""A lane that has more to send after this stands in line again, so that a busy host does not keep a slot."""
ASIDE_AFTER = 2
"""Answered failures after which an activity no longer keeps others back."""
RECOVERY_SECONDS = 0.5
"""Between two deliveries to a host that was away: its backlog comes gently."""

_UNAUTHORIZED = 401
_TOO_MUCH = 429


async def take_turn(
    lane: Lane,
    send: Send,
    tell: Tell,
    *,
    clock: Clock,
    jitter: Callable[[], float],
    timer: Callable[[], float] = monotonic,
) -> Rest:
    """Send what waits for a host until it fails, the turn is over or nothing is left; `tell` hears of each result."""
    turn = _Turn(lane, send, tell, clock, jitter, timer)
    try:
        return await turn.take()
    finally:
        turn.give_up()


class _Turn:
    def __init__(
        self,
        lane: Lane,
        send: Send,
        tell: Tell,
        clock: Clock,
        jitter: Callable[[], float],
        timer: Callable[[], float],
    ) -> None:
        self._lane = lane
        self._send = send
        self._tell = tell
        self._clock = clock
        self._jitter = jitter
        self._timer = timer
        self._started = timer()
        self._form = lane.form
        self._failures = lane.failures
        self._failed_with: list[int | None] = []
        self._wake_at: datetime | None = None
        self._gap = max(lane.pace.gap, RECOVERY_SECONDS if lane.recovering else 0.0)
        self._aside: set[int] = set()
        self._proven = False
        self._enough = False
        self._sent = 0
        self._slowest = 0.0
        self._under_way: dict[asyncio.Task[None], Delivery] = {}

    async def take(self) -> Rest:
        for delivery in in_order(self._lane):
            if self._stays_behind(delivery):
                continue
            if self._clock() - delivery.said_at > LIFE:
                self._report(delivery, delivery.status, "expired")
                continue
            await self._make_room(delivery)
            if self._enough:
                break
            if not self._stays_behind(delivery):
                await self._begin(delivery)
        while self._under_way:
            await self._wait()
        return self._rest()

    def give_up(self) -> None:
        """Let go of what is under way, if the turn was interrupted."""
        for task in self._under_way:
            task.cancel()

    def _stays_behind(self, delivery: Delivery) -> bool:
        return delivery.about in self._aside or delivery.after in self._aside

    async def _make_room(self, delivery: Delivery) -> None:
        while self._under_way and (
            len(self._under_way) >= self._lane.pace.width
            or any(related(delivery, other) for other in self._under_way.values())
        ):
            await self._wait()

    async def _begin(self, delivery: Delivery) -> None:
        if self._lane.pace.width == 1 or self._gap:
            await self._deliver(delivery)
        else:
            self._under_way[asyncio.create_task(self._deliver(delivery))] = delivery

    async def _wait(self) -> None:
        done, _ = await asyncio.wait(self._under_way, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            del self._under_way[task]
            task.result()

    async def _deliver(self, delivery: Delivery) -> None:
        before = self._timer()
        answer = await self._send(delivery, self._form)
        now = self._timer()
        self._sent += 1
        self._slowest = max(self._slowest, now - before)
        self._form = answer.form
        self._judge(delivery, answer)
        if self._gap or now - before > SLOW_SECONDS or now - self._started > TURN_SECONDS:
            self._enough = True

    def _judge(self, delivery: Delivery, answer: Answer) -> None:
        verdict = verdict_of(delivery, answer)
        if verdict != "later":
            if not answer.forbidden:
                self._proven = True
                self._failures = self._failures if self._failed_with else 0
            self._report(delivery, answer.status, verdict)
            return
        attempts = delivery.attempts + 1
        # What the host says of itself is not to be blamed on one activity.
        whole_host = answer.status in {None, _TOO_MUCH} or bool(answer.retry_after) or bool(self._failed_with)
        if self._proven and attempts >= ASIDE_AFTER and not whole_host:
            self._aside.add(delivery.about)
            self._report(delivery, answer.status, None, self._later(attempts, answer))
            return
        # Several may fail at once, of what was under way together: that is one failure of the host.
        self._failures += not self._failed_with
        self._failed_with.append(answer.status)
        self._report(delivery, answer.status, None)
        self._wake_at = max(self._wake_at or self._clock(), self._later(self._failures, answer))
        self._enough = True

    def _later(self, failures: int, answer: Answer) -> datetime:
        return self._clock() + max(pause(failures, self._jitter()), answer.retry_after)

    def _report(
        self, delivery: Delivery, status: int | None, outcome: Outcome | None, due_at: datetime | None = None
    ) -> None:
        self._tell(
            Result(
                position=delivery.position, inbox_id=delivery.inbox_id, status=status, outcome=outcome, due_at=due_at
            )
        )

    def _rest(self) -> Rest:
        pace = self._lane.pace
        if self._failed_with:
            pace = after_failure(pace, _TOO_MUCH if _TOO_MUCH in self._failed_with else self._failed_with[0])
        elif self._sent:
            pace = after_answers(pace, self._sent, self._slowest)
        gap = timedelta(seconds=self._gap if self._sent else 0.0)
        return Rest(
            host=self._lane.host,
            form=self._form,
            failures=self._failures,
            pace=pace,
            taken=self._proven,
            wake_at=self._wake_at or self._clock() + gap,
        )


def verdict_of(delivery: Delivery, answer: Answer) -> Verdict:
    """Return what an answer means. Who cannot fetch the key of somebody who is gone cannot do so later either."""
    if answer.forbidden or (delivery.orphaned and answer.status == _UNAUTHORIZED):
        return "refused"
    return "later" if answer.status is None else judge(answer.status)


def related(one: Delivery, other: Delivery) -> bool:
    """Tell whether two deliveries must keep their order; one activity may go to several inboxes at once."""
    if one.position == other.position:
        return False
    if one.account_id == other.account_id:
        return True
    return not {one.about, one.after}.isdisjoint({other.about, other.after} - {0})


def in_order(lane: Lane) -> list[Delivery]:
    """Return what waits in order; every second time that an answered failure heads it, another goes first."""
    waiting = lane.deliveries
    if not waiting or lane.failures < ASIDE_AFTER or lane.failures % 2 or waiting[0].status is None:
        return waiting
    if waiting[0].attempts < ASIDE_AFTER:
        return waiting
    other = next((place for place, each in enumerate(waiting) if each.about != waiting[0].about), None)
    if other is None:
        return waiting
    return [waiting[other], *waiting[:other], *waiting[other + 1 :]]
