"""What one turn of a lane sends, in which order, and what it reports."""

import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import msgspec

from fedi.activitypub.signatures import Form
from fedi.effects.lane import Answer, Delivery, Lane, Rest, Result
from fedi.effects.pace import FIRST_GAP, Pace
from fedi.effects.turn import RECOVERY_SECONDS, take_turn
from fedi.effects.verdicts import LIFE, pause

NOW = datetime(2026, 1, 2, 12, tzinfo=UTC)


def delivery(position: int, *, about: int | None = None, attempts: int = 0, status: int | None = None) -> Delivery:
    return Delivery(
        position=position,
        inbox_id=1,
        url="http://there/inbox",
        account_id=1,
        about=position if about is None else about,
        said_at=NOW,
        attempts=attempts,
        status=status,
    )


def lane(*deliveries: Delivery, failures: int = 0, recovering: bool = False) -> Lane:
    return Lane(host="there", form="cavage", failures=failures, recovering=recovering, deliveries=[*deliveries])


async def turn(
    wanted: Lane, answers: dict[int, int | None], *, retry_after: timedelta = timedelta(0)
) -> tuple[list[int], dict[int, Result], Rest]:
    """Take a turn in which each position is answered with a status; return what was sent, the results and the rest."""
    sent: list[int] = []
    results: dict[int, Result] = {}

    async def send(each: Delivery, form: Form) -> Answer:
        sent.append(each.position)
        return Answer(status=answers[each.position], form=form, retry_after=retry_after)

    def tell(result: Result) -> None:
        results[result.position] = result

    rest = await take_turn(wanted, send, tell, clock=lambda: NOW, jitter=lambda: 0.0)
    return sent, results, rest


def outcomes(results: Iterable[Result]) -> list[str | None]:
    return [result.outcome for result in results]


async def test_all_that_waits_is_sent_in_order() -> None:
    sent, results, rest = await turn(lane(*map(delivery, (3, 5, 9)), failures=4), {3: 202, 5: 404, 9: 200})
    assert sent == [3, 5, 9]
    assert outcomes(results.values()) == ["delivered", "refused", "delivered"]
    assert (rest.failures, rest.wake_at) == (0, NOW)


async def test_nothing_passes_what_a_host_did_not_take() -> None:
    sent, results, rest = await turn(lane(*map(delivery, (3, 5)), failures=1), {3: None})
    assert sent == [3]
    assert outcomes(results.values()) == [None]
    assert results[3].due_at is None
    assert (rest.failures, rest.wake_at) == (2, NOW + pause(2, 0.0))


async def test_what_the_host_asks_for_is_obeyed() -> None:
    _, _, rest = await turn(lane(delivery(3)), {3: 429}, retry_after=timedelta(hours=2))
    assert rest.wake_at == NOW + timedelta(hours=2)
    _, _, rest = await turn(lane(delivery(3)), {3: 429}, retry_after=timedelta(seconds=1))
    assert rest.wake_at == NOW + pause(1, 0.0)


async def test_a_host_that_never_answers_is_tried_with_the_same_activity_for_ever() -> None:
    for failures in range(2, 9):
        waiting = lane(delivery(3, attempts=failures), delivery(5), failures=failures)
        sent, _, _ = await turn(waiting, {3: None, 5: None})
        assert sent == [3]


async def test_an_activity_that_is_always_answered_with_an_error_does_not_keep_others_back() -> None:
    stuck = delivery(3, attempts=2, status=500)
    sent, results, rest = await turn(lane(stuck, delivery(5), delivery(7), failures=2), {3: 500, 5: 202, 7: 202})
    assert sent == [5, 3, 7]
    assert results[3].due_at == NOW + pause(3, 0.0)
    assert outcomes(results[each] for each in (3, 5, 7)) == [None, "delivered", "delivered"]
    assert rest.failures == 0


async def test_a_host_that_is_well_again_gets_what_it_missed_with_one_exception_in_order() -> None:
    stuck = delivery(3, attempts=2, status=500)
    sent, _, _ = await turn(lane(stuck, delivery(5), delivery(7), failures=2), dict.fromkeys((3, 5, 7), 202))
    assert sent == [5, 3, 7]


async def test_a_later_activity_about_the_same_thing_never_overtakes() -> None:
    stuck = delivery(3, about=1, attempts=2, status=500)
    waiting = lane(stuck, delivery(5, about=1), delivery(7, about=2), failures=2)
    sent, _, _ = await turn(waiting, {3: 500, 5: 202, 7: 202})
    assert sent == [7, 3]


async def test_a_host_that_was_away_gets_its_backlog_gently() -> None:
    sent, _, rest = await turn(lane(*map(delivery, (3, 5)), recovering=True, failures=9), {3: 202})
    assert sent == [3]
    assert (rest.failures, rest.wake_at) == (0, NOW + timedelta(seconds=RECOVERY_SECONDS))


async def test_what_is_too_old_is_given_up_unsent() -> None:
    old = Delivery(
        position=3,
        inbox_id=1,
        url="http://there/inbox",
        account_id=1,
        about=3,
        said_at=NOW - LIFE - timedelta(seconds=1),
        attempts=40,
        status=503,
    )
    sent, results, _ = await turn(lane(old, delivery(5)), {5: 202})
    assert sent == [5]
    assert (results[3].outcome, results[3].status) == ("expired", 503)


class Host:
    """Takes what it is given when the test says so."""

    def __init__(self) -> None:
        self.asked: list[int] = []
        self.waiting: dict[int, asyncio.Future[int | None]] = {}

    async def send(self, each: Delivery, form: Form) -> Answer:
        self.asked.append(each.position)
        self.waiting[each.position] = asyncio.get_running_loop().create_future()
        return Answer(status=await self.waiting[each.position], form=form)

    async def begun(self, *positions: int) -> None:
        """Let everything happen that can, and see that these are under way, in this order."""
        for _ in range(5):
            await asyncio.sleep(0)
        assert [each for each in self.asked if not self.waiting[each].done()] == [*positions]

    def answer(self, position: int, status: int | None = 202) -> None:
        self.waiting[position].set_result(status)


def wide(*deliveries: Delivery, width: int = 3) -> Lane:
    return Lane(
        host="there", form="cavage", failures=0, recovering=False, pace=Pace(width=width), deliveries=[*deliveries]
    )


def said(position: int, by: int, *, about: int = 0, after: int = 0, inbox: int = 1) -> Delivery:
    given = delivery(position, about=about or position)
    return msgspec.structs.replace(given, account_id=by, after=after, inbox_id=inbox)


async def take(lane: Lane, host: Host, results: list[Result]) -> Rest:
    return await take_turn(lane, host.send, results.append, clock=lambda: NOW, jitter=lambda: 0.0)


async def test_a_host_that_is_quick_is_sent_what_has_nothing_to_do_with_each_other_at_once() -> None:
    host, results = Host(), list[Result]()
    turn = asyncio.create_task(take(wide(*(said(number, by=number) for number in range(1, 6))), host, results))
    await host.begun(1, 2, 3)
    host.answer(2)
    await host.begun(1, 3, 4)
    for position in (1, 3, 4):
        host.answer(position)
    await host.begun(5)
    host.answer(5)
    assert (await turn).failures == 0
    assert sorted(each.position for each in results) == [1, 2, 3, 4, 5]


async def test_what_one_person_says_is_sent_one_by_one() -> None:
    host = Host()
    turn = asyncio.create_task(take(wide(said(1, by=7), said(2, by=7), said(3, by=8)), host, []))
    await host.begun(1)
    host.answer(1)
    await host.begun(2, 3)
    host.answer(2)
    host.answer(3)
    await turn


async def test_an_answer_is_not_sent_before_what_it_answers_has_come() -> None:
    host = Host()
    turn = asyncio.create_task(take(wide(said(1, by=7, about=100), said(2, by=8, about=200, after=100)), host, []))
    await host.begun(1)
    host.answer(1)
    await host.begun(2)
    host.answer(2)
    await turn


async def test_one_activity_goes_to_many_inboxes_of_a_host_at_once() -> None:
    sent: list[int] = []
    both = asyncio.Event()

    async def send(each: Delivery, form: Form) -> Answer:
        sent.append(each.inbox_id)
        if len(sent) == 2:
            both.set()
        await both.wait()
        return Answer(status=202, form=form)

    inboxes = wide(said(1, by=7, inbox=1), said(1, by=7, inbox=2))
    async with asyncio.timeout(5):
        await take_turn(inboxes, send, lambda _: None, clock=lambda: NOW, jitter=lambda: 0.0)
    assert sent == [1, 2]


async def test_nothing_begins_after_a_failure_and_what_was_under_way_counts_as_one() -> None:
    host, results = Host(), list[Result]()
    turn = asyncio.create_task(take(wide(*(said(number, by=number) for number in range(1, 6))), host, results))
    await host.begun(1, 2, 3)
    host.answer(2, 503)
    await host.begun(1, 3)
    host.answer(1, 202)
    host.answer(3, None)
    rest = await turn
    assert host.asked == [1, 2, 3]
    assert (rest.failures, rest.pace.width, rest.wake_at) == (1, 1, NOW + pause(1, 0.0))
    assert {each.position: each.outcome for each in results} == {1: "delivered", 2: None, 3: None}


async def test_a_turn_that_is_interrupted_leaves_nothing_under_way() -> None:
    host = Host()
    turn = asyncio.create_task(take(wide(said(1, by=1), said(2, by=2)), host, []))
    await host.begun(1, 2)
    turn.cancel()
    await asyncio.wait({turn})
    for _ in range(3):
        await asyncio.sleep(0)
    assert all(each.cancelled() for each in host.waiting.values())


async def test_what_a_host_says_of_itself_is_not_blamed_on_one_activity() -> None:
    stuck = delivery(5, attempts=4, status=500)
    sent, results, rest = await turn(lane(delivery(3), stuck, delivery(7)), {3: 202, 5: 429, 7: 202})
    assert sent == [3, 5]
    assert results[5].due_at is None
    assert (rest.failures, rest.pace) == (1, Pace(gap=FIRST_GAP))


async def test_a_host_that_was_sent_too_much_is_sent_one_thing_at_a_time_with_a_gap() -> None:
    limited = lane(*map(delivery, (3, 5)))
    limited.pace = Pace(gap=4.0)
    sent, _, rest = await turn(limited, {3: 202})
    assert sent == [3]
    assert rest.wake_at == NOW + timedelta(seconds=4)
    assert 0 < rest.pace.gap < 4


async def test_a_signature_that_nobody_can_check_any_more_is_refused_for_good() -> None:
    alive, orphan = delivery(3), msgspec.structs.replace(delivery(5), orphaned=True)
    _, results, _ = await turn(lane(orphan), {5: 401})
    assert results[5].outcome == "refused"
    _, results, _ = await turn(lane(alive), {3: 401})
    assert results[3].outcome is None
