"""What counts as the same thing said twice: a test per habit of a server.

Each test says which server does it. The last one pins the values: identities that exist cannot change.
"""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest

from fedi.events import identity

MONDAY = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)
DIGEST = "ab" * 32
OTHER_DIGEST = "cd" * 32
ACTOR = "https://remote.example/users/felix"
LOCAL = "https://local.example/users/ana"

PINNED = {
    "create": "8202bcd4-f8f5-51bb-81d2-6fe4b0061450",
    "undo": "e2718e33-06a8-58fa-a4ac-3dac2621c81d",
    "follow": "994fe0b0-96df-57c2-912a-e0360b494bc4",
    "undo of a follow": "65e6c990-1191-56cd-8ae6-66d6dcb59338",
    "accept": "f6946399-ff8b-5f0e-8f30-28fda3d4075c",
    "update": "059bca93-c328-5e9a-953b-f6f4261e1376",
    "other": "5909fc88-5d88-54ce-9736-1483f4098897",
    "anonymous": "7f412c36-3648-5c7d-bcf6-bbbbbadea29f",
    "published": "3fb2828b-ccb3-58fa-b00a-b54ec2d5e0ec",
    "fetched": "74386133-4f93-50d8-ad58-8bf5d92a10d1",
    "answer": "4deff8da-cd84-57cc-a0e7-586f1bdfa400",
    "keyed": "6609980d-e2f9-59cf-8acf-fcd4effad956",
    "founding": "31466f36-26f7-5bb0-b6db-eef593e3bb2c",
    "account": "4e0a6a24-b019-573b-8985-6ffb88a42d2d",
}


def of(document: dict[str, Any], signed_at: datetime = MONDAY, digest: str = DIGEST, actor: str = ACTOR) -> UUID:
    return identity.of_received(document, actor, signed_at, digest)


def activity(kind: str, activity_id: str | None = f"{ACTOR}/act/1", obj: Any = LOCAL) -> dict[str, Any]:
    body = {"type": kind, "actor": ACTOR, "object": obj}
    return body if activity_id is None else {"id": activity_id, **body}


@pytest.mark.parametrize("kind", ["Create", "Delete", "Like", "Announce", "Block", "Move", "Flag", "EmojiReact"])
def test_mastodon_signs_again_when_it_retries(kind: str) -> None:
    assert of(activity(kind), MONDAY) == of(activity(kind), TUESDAY)


def test_a_retry_with_fields_in_another_order_is_the_same_create() -> None:
    assert of(activity("Create"), digest=DIGEST) == of(activity("Create"), digest=OTHER_DIGEST)


def test_mastodon_signs_again_when_it_retries_an_undo() -> None:
    undo = activity("Undo", f"{ACTOR}#likes/2/undo", activity("Like", f"{ACTOR}#likes/2"))
    assert of(undo, MONDAY) == of(undo, TUESDAY)
    assert of(undo) != of(undo["object"])


def test_pleroma_undoes_with_the_bare_id() -> None:
    embedded = activity("Undo", f"{ACTOR}#likes/2/undo", activity("Like", f"{ACTOR}#likes/2"))
    bare = activity("Undo", f"{ACTOR}#likes/2/undo", f"{ACTOR}#likes/2")
    assert of(embedded) == of(bare)


def test_misskey_follows_again_under_the_same_id() -> None:
    follow = activity("Follow", "https://misskey.example/follows/9f1/local")
    assert of(follow, MONDAY) != of(follow, TUESDAY)
    assert of(follow, MONDAY) == of(follow, MONDAY)


def test_misskey_undoes_its_follow_under_an_id_made_of_the_constant_one() -> None:
    follow = activity("Follow", "https://misskey.example/follows/9f1/local")
    undo = activity("Undo", f"{follow['id']}/undo", follow)
    assert of(undo, MONDAY) != of(undo, TUESDAY)
    assert len({of(follow, MONDAY), of(undo, MONDAY), of(follow, TUESDAY), of(undo, TUESDAY)}) == 4


def test_the_id_of_an_accept_may_come_again_with_another_follow_in_it() -> None:
    """Mastodon makes it of the number of its follow row: without a row it ends in `#accepts/follows/`."""
    accept = activity("Accept", f"{ACTOR}#accepts/follows/")
    assert of(accept, digest=DIGEST) != of(accept, digest=OTHER_DIGEST)
    assert of(accept, MONDAY) == of(accept, TUESDAY)


def test_some_update_ids_are_constants() -> None:
    def update(updated: str) -> dict[str, Any]:
        return activity("Update", f"{ACTOR}#update", {"id": ACTOR, "type": "Person", "updated": updated})

    first, second = update("2026-03-02T08:00:00Z"), update("2026-03-02T09:00:00Z")
    assert of(first) != of(second)
    assert of(first, digest=DIGEST) != of(first, digest=OTHER_DIGEST)
    assert of(first, MONDAY) == of(first, TUESDAY)


def test_activities_without_an_id_are_told_apart_by_sender_date_and_body() -> None:
    """Mastodon's Add and Remove of a pinned post have none."""
    add = activity("Add", None)
    assert of(add) == of(add)
    assert len({of(add), of(add, TUESDAY), of(add, digest=OTHER_DIGEST), of(add, actor=LOCAL)}) == 4


@pytest.mark.parametrize("nothing", ["", None, 7, ["https://remote.example/1"]])
def test_an_id_that_is_no_text_is_none(nothing: Any) -> None:
    assert of({**activity("Create"), "id": nothing}) == of(activity("Create", None))


def test_a_type_may_be_a_list() -> None:
    assert of({**activity("Create"), "type": ["Create"]}) == of(activity("Create"))
    assert of({**activity("Create"), "type": []}) != of(activity("Create"))


def test_the_zone_of_the_signed_date_does_not_count() -> None:
    elsewhere = MONDAY.astimezone(timezone(timedelta(hours=5, minutes=45)))
    assert of(activity("Follow"), elsewhere) == of(activity("Follow"), MONDAY)


def test_a_fetched_document_is_new_when_its_content_or_its_update_is() -> None:
    one = identity.of_fetched(ACTOR, DIGEST, "2026")
    others = {identity.of_fetched(ACTOR, OTHER_DIGEST, "2026"), identity.of_fetched(ACTOR, DIGEST, "2027")}
    assert one == identity.of_fetched(ACTOR, DIGEST, "2026")
    assert one not in others


def test_the_server_answers_a_cause_once() -> None:
    cause = of(activity("Follow"))
    assert identity.of_answer("accept", cause) == identity.of_answer("accept", cause)
    assert identity.of_answer("accept", cause) != identity.of_answer("reject", cause)


def test_an_idempotency_key_is_the_persons_own_and_can_be_used_again_later() -> None:
    key = identity.of_keyed_request(1, "k")
    assert key == identity.of_keyed_request(1, "k")
    assert len({key, identity.of_keyed_request(2, "k"), identity.of_keyed_request(1, "k", previous=44)}) == 3


def test_a_username_is_given_once_whatever_its_case() -> None:
    assert identity.of_account("Ana") == identity.of_account("ana")


def test_fresh_identities_are_ordered_by_time_and_never_the_same() -> None:
    ids = [identity.fresh(MONDAY) for _ in range(1000)]
    assert len(set(ids)) == 1000
    assert {(fresh.version, fresh.variant) for fresh in ids} == {(7, "specified in RFC 4122")}
    assert max(ids) < identity.fresh(MONDAY + timedelta(milliseconds=1))


def test_parts_cannot_be_shifted_from_one_to_the_next() -> None:
    assert identity.of_fetched("a", "bc", "d") != identity.of_fetched("ab", "c", "d")


def test_identities_that_exist_do_not_change() -> None:
    follow = activity("Follow", "https://misskey.example/follows/9f1/local")
    update = activity("Update", f"{ACTOR}#update", {"id": ACTOR, "type": "Person", "updated": "2026-03-02T08:00:00Z"})
    made = {
        "create": of(activity("Create")),
        "undo": of(activity("Undo", f"{ACTOR}#likes/2/undo", f"{ACTOR}#likes/2")),
        "follow": of(follow),
        "undo of a follow": of(activity("Undo", f"{follow['id']}/undo", follow)),
        "accept": of(activity("Accept")),
        "update": of(update),
        "other": of(activity("Add")),
        "anonymous": of(activity("Add", None)),
        "published": identity.of_published(f"{LOCAL}/statuses/1/activity"),
        "fetched": identity.of_fetched(ACTOR, DIGEST, "2026-03-02T08:00:00Z"),
        "answer": identity.of_answer("accept", of(follow)),
        "keyed": identity.of_keyed_request(1, "k", previous=44),
        "founding": identity.of_founding(),
        "account": identity.of_account("ana"),
    }
    assert {name: str(value) for name, value in made.items()} == PINNED
