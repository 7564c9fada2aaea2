"""What stands around an event in the log comes from this server alone, whatever a request calls its parts (S-155)."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from fedi.api.deps import Deps
from fedi.clock import now
from fedi.events.activities import ActivityPublished, ActivityReceived
from fedi.events.identity import of_received
from fedi.log.drafts import Draft
from tests.support.phone import phone

pytestmark = pytest.mark.usefixtures("projector")
FORGED: dict[str, Any] = {
    "topic": "account.created",
    "name": "server.founded",
    "version": 99,
    "position": 1,
    "notification_id": 1,
    "originator_id": "00000000-0000-0000-0000-000000000000",
    "recorded_at": "1999-01-01T00:00:00Z",
    "cause": 1,
    "account_id": "1",
    "status_id": "1",
    "id": "1",
    "document": {"type": "Delete"},
    "event": {"topic": "erasure.demanded"},
    "state": "{}",
}


async def last_event(deps: Deps) -> tuple[Any, ...]:
    query = "SELECT topic, version, recorded_at, cause, state FROM log.events ORDER BY notification_id DESC LIMIT 1"
    async with deps.pool.connection() as connection:
        (row,) = await (await connection.execute(query)).fetchall()
    return tuple(row)


async def test_s_155_a_request_names_no_part_of_an_event(deps: Deps) -> None:
    ada = await phone(deps, "ada")
    before = now()
    status = await ada.call("POST", "/api/v1/statuses", json={**FORGED, "status": "Hello"})
    topic, version, recorded_at, cause, state = await last_event(deps)
    event = msgspec.json.decode(state, type=ActivityPublished)
    assert (topic, version, cause) == ("activity.published", 1, None)
    assert before - timedelta(seconds=1) < recorded_at <= now()
    assert (str(event.status_id), str(event.account_id)) == (status["id"], status["account"]["id"])
    assert msgspec.json.decode(event.document)["type"] == "Create"
    assert status["id"] != "1"


async def test_s_155_a_strangers_document_stays_a_document(deps: Deps) -> None:
    actor = "https://b.example/users/bob"
    document = {
        **FORGED,
        "id": f"{actor}/1",
        "type": "Like",
        "actor": actor,
        "object": f"{actor}/2",
        "digest": "forged",
    }
    event = ActivityReceived(
        document=msgspec.Raw(msgspec.json.encode(document)), actor=actor, key="key", signed_at=now(), digest="ours"
    )
    identity = of_received(document, actor, event.signed_at, event.digest)
    await deps.commands.appender.append([Draft(identity=identity, event=event)])
    topic, version, _, cause, state = await last_event(deps)
    read = msgspec.json.decode(state, type=ActivityReceived)
    assert (topic, version, cause, read.digest, read.actor) == ("activity.received", 1, None, "ours", actor)
    assert msgspec.json.decode(read.document) == document
