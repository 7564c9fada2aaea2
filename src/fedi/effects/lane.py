"""One turn of a lane: what waits for a host, sent one after another.

Order is kept: while a host fails, nothing passes what failed. Only when a host answers, and keeps refusing one
activity, is another tried first; if that gets through, the troublesome one is set aside with a schedule of its own, so
that it does not keep back what has nothing to do with it.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from time import monotonic
from typing import Literal

import msgspec

from fedi.activitypub.signatures import Form
from fedi.clock import Clock
from fedi.effects.verdicts import LIFE, judge, pause

Outcome = Literal["delivered", "refused", "expired"]

TURN_SECONDS = 5.0
"""A lane that has more to send after this stands in line again, so that a busy host does not keep a slot."""
SLOW_SECONDS = 1.0
"""An answer that takes longer ends the turn."""
ASIDE_AFTER = 2
"""Answered failures after which an activity no longer keeps others back."""
RECOVERY_PAUSE = timedelta(seconds=0.5)
"""Between two deliveries to a host that was away: its backlog comes gently."""


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """One activity for one inbox, as it waits: `attempts` so far and the last `status`, None when nothing answered."""

    position: int
    inbox_id: int
    url: str
    account_id: int
    about: int
    said_at: datetime
    attempts: int
    status: int | None


class Lane(msgspec.Struct, kw_only=True):
    """A host and what waits for it, in order."""

    host: str
    form: Form
    failures: int
    recovering: bool
    deliveries: list[Delivery]


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What sending came to. `status` is None when nothing answered; `forbidden` when we must not ask there at all.

    `form` is the signature to use for this host from now on, `retry_after` what the host asked for.
    """

    status: int | None
    form: Form
    retry_after: timedelta = timedelta(0)
    forbidden: bool = False


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a delivery; without an outcome it waits on, not before `due_at` if that is given."""

    position: int
    inbox_id: int
    status: int | None
    outcome: Outcome | None
    due_at: datetime | None = None


class Rest(msgspec.Struct, frozen=True, kw_only=True):
    """The end of a turn: what is known of the host now and when its lane may go on."""

    host: str
    form: Form
    failures: int
    wake_at: datetime


Send = Callable[[Delivery, Form], Awaitable[Answer]]
Tell = Callable[[Result], None]


async def take_turn(lane: Lane, send: Send, tell: Tell, *, clock: Clock, jitter: Callable[[], float]) -> Rest:
    """Send what waits for a host until it fails, the turn is over or nothing is left; `tell` hears of each result."""
    turn = _Turn(lane)
    started = monotonic()
    for delivery in _in_order(lane):
        if delivery.about in turn.aside:
            continue
        if clock() - delivery.said_at > LIFE:
            tell(_result(delivery, delivery.status, "expired"))
            continue
        before = monotonic()
        answer = await send(delivery, turn.form)
        turn.form = answer.form
        wake_at = _judged(turn, delivery, answer, tell, clock(), jitter())
        if wake_at is not None:
            return turn.rest(wake_at)
        now = monotonic()
        if lane.recovering:
            return turn.rest(clock() + RECOVERY_PAUSE)
        if now - before > SLOW_SECONDS or now - started > TURN_SECONDS:
            break
    return turn.rest(clock())


class _Turn:
    def __init__(self, lane: Lane) -> None:
        self.host = lane.host
        self.form = lane.form
        self.failures = lane.failures
        self.proven = False
        self.aside: set[int] = set()

    def rest(self, wake_at: datetime) -> Rest:
        return Rest(host=self.host, form=self.form, failures=self.failures, wake_at=wake_at)


def _judged(
    turn: _Turn, delivery: Delivery, answer: Answer, tell: Tell, now: datetime, jitter: float
) -> datetime | None:
    """Report one answer; return until when the lane pauses if the host failed."""
    verdict = "refused" if answer.forbidden else "later" if answer.status is None else judge(answer.status)
    if verdict != "later":
        turn.proven, turn.failures = not answer.forbidden, 0 if not answer.forbidden else turn.failures
        tell(_result(delivery, answer.status, verdict))
        return None
    attempts = delivery.attempts + 1
    if answer.status is not None and turn.proven and attempts >= ASIDE_AFTER:
        turn.aside.add(delivery.about)
        due_at = now + max(pause(attempts, jitter), answer.retry_after)
        tell(_result(delivery, answer.status, None, due_at))
        return None
    turn.failures += 1
    tell(_result(delivery, answer.status, None))
    return now + max(pause(turn.failures, jitter), answer.retry_after)


def _in_order(lane: Lane) -> list[Delivery]:
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


def _result(delivery: Delivery, status: int | None, outcome: Outcome | None, due_at: datetime | None = None) -> Result:
    return Result(position=delivery.position, inbox_id=delivery.inbox_id, status=status, outcome=outcome, due_at=due_at)
