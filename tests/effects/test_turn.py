"""What one turn of a lane sends, in which order, and what it reports."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from fedi.activitypub.signatures import Form
from fedi.effects.lane import Answer, Delivery, Lane, Rest, Result
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
