"""The log as the eventsourcing library sees it."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from eventsourcing.persistence import IntegrityError, StoredEvent

from fedi.log.recorder import LogDatastore, LogRecorder

PAYLOAD = b'{"account_id":1,"status_id":1}'


@pytest.fixture
def recorder(database_url: str) -> Iterator[LogRecorder]:
    with LogDatastore(database_url) as datastore:
        yield LogRecorder(datastore)


def stored() -> StoredEvent:
    return StoredEvent(originator_id=uuid4(), originator_version=1, topic="status.bookmarked", state=PAYLOAD)


def test_the_library_reads_what_was_inserted(recorder: LogRecorder) -> None:
    events = [stored(), stored()]
    positions = recorder.insert_events(events)
    notifications = recorder.select_notifications(positions[0], 10)
    assert [notification.id for notification in notifications] == list(positions)
    assert [notification.originator_id for notification in notifications] == [e.originator_id for e in events]
    assert [(n.topic, n.state) for n in notifications] == [("status.bookmarked", PAYLOAD)] * 2
    assert recorder.max_notification_id() == positions[-1]
    assert [event.state for event in recorder.select_events(events[0].originator_id)] == [PAYLOAD]


def test_a_subscription_of_the_library_follows_the_log(recorder: LogRecorder) -> None:
    start = recorder.max_notification_id()
    with recorder.subscribe(gt=start) as subscription:
        positions = recorder.insert_events([stored()])
        assert next(subscription).id == positions[0]


def test_a_second_copy_is_a_conflict(recorder: LogRecorder) -> None:
    event = stored()
    recorder.insert_events([event])
    with pytest.raises(IntegrityError):
        recorder.insert_events([stored(), event])


def test_inserting_is_not_retried() -> None:
    """The library's decorator would report a conflict with ourselves after a COMMIT whose answer was lost."""
    assert not hasattr(LogRecorder.insert_events, "__wrapped__")
