"""Whatever bytes come: an answer that is not our fault, soon, and nothing in the log that cannot be read back."""

import asyncio
import copy
import json
from collections.abc import Iterator
from time import thread_time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.direct import ask, deliver
from tests.support.documents import fixture, names
from tests.support.here import SITE
from tests.support.one_key import INBOX, KNOWN, Target, somebody


@pytest.fixture(scope="module")
def target() -> Target:
    return Target()


RELAXED = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=20,
)
TYPES = st.sampled_from(["Create", "Update", "Delete", "Announce", "Undo", "Like", "Follow", "Accept", "Flag", "Odd"])


def test_what_is_well_said_is_taken_in(target: Target) -> None:
    before = target.log.units
    assert target.post(json.dumps(target.mallory.create(target.mallory.note("ü\n"))).encode()).status == 202
    assert target.log.units == before + 1


@RELAXED
@given(body=st.binary(max_size=300))
def test_any_bytes(target: Target, body: bytes) -> None:
    assert target.post(body).status in {400, 401}


@RELAXED
@given(
    kind=TYPES, obj=JSON, extra=st.dictionaries(st.sampled_from(["id", "type", "to", "cc", "tag", "@context"]), JSON)
)
def test_s_044_any_document_in_mallorys_name(target: Target, kind: str, obj: Any, extra: dict[str, Any]) -> None:
    document = {"type": kind, "actor": target.mallory.id, "object": obj, **extra}
    assert target.post(json.dumps(document).encode()).status in KNOWN


@RELAXED
@given(
    headers=st.lists(
        st.tuples(
            st.sampled_from([b"signature", b"signature-input", b"digest", b"content-digest", b"date", b"host"]),
            st.binary(max_size=80) | st.from_regex(rb'(keyId|algorithm|headers|signature)="[^"]*"', fullmatch=True),
        ),
        max_size=6,
    )
)
def test_s_037_any_headers(target: Target, headers: list[tuple[bytes, bytes]]) -> None:
    kind = (b"content-type", b"application/activity+json")
    reply = asyncio.run(ask(target.routes, "POST", "/inbox", [kind, *headers], b"{}"))
    assert reply.status in {400, 401}


def test_s_037_a_huge_signature_header_costs_next_to_nothing(target: Target) -> None:
    kind = (b"content-type", b"application/activity+json")
    for value in (b"x" * 65_536, b'p="1",' * 10_000, b'keyId="' + b"a" * 60_000, b"sig1=(" + b'"@odd" ' * 9_000):
        for name in (b"signature", b"signature-input"):
            headers = [kind, (b"signature", b"x"), (name, value)] if name != b"signature" else [kind, (name, value)]
            started = thread_time()
            reply = asyncio.run(ask(target.routes, "POST", "/inbox", headers, b"{}"))
            assert thread_time() - started < 0.05
            assert reply.status in {400, 401}


def _mutations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Replace each property, at any depth, by something of another type."""
    for path in _paths(document):
        others: list[Any] = [None, 7, [], {}, [[]], {"id": {}}, "x" * 3000, True, -1.5, ["a", 1, None], {"type": []}]
        for value in others:
            changed = copy.deepcopy(document)
            place: Any = changed
            for step in path[:-1]:
                place = place[step]
            place[path[-1]] = value
            yield changed


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in steps:
        yield (*path, step)
        yield from _paths(inner, (*path, step))


@pytest.mark.parametrize("name", [name for name in names() if "actor" in fixture(name)])
def test_s_044_real_activities_with_any_property_of_a_wrong_type(target: Target, name: str) -> None:
    document = {**fixture(name)}
    actor = document["actor"] if isinstance(document["actor"], str) else document["actor"]["id"]
    raw = json.dumps(document).replace(actor, target.mallory.id)
    mutations = list(_mutations(json.loads(raw)))

    async def post_all() -> set[int]:
        bodies = [json.dumps(each).encode() for each in mutations[:: max(1, len(mutations) // 120)]]
        return {(await deliver(target.routes, target.mallory.sign(body, INBOX))).status for body in bodies}

    assert asyncio.run(post_all()) <= KNOWN
    assert target.post(raw.encode()).status in {202, 400}


@pytest.mark.parametrize(
    "context",
    [
        [{f"term{n}": f"https://terms.example/{n}" for n in range(10_000)}],
        ["https://contexts.example/remote"] * 1_000,
        {"@context": {"@context": {"@context": "https://mallory.example/context"}}},
    ],
)
def test_s_041_contexts_are_neither_fetched_nor_worked_out(target: Target, context: Any) -> None:
    like = {**target.mallory.like(f"{SITE.actor('bob')}/statuses/1"), "@context": context}
    took = []
    for number in range(5):  # a busy machine slows one or the other down; and each is new to whoever remembers them
        body = json.dumps(like).replace("term", f"term{number}").encode()
        signed = target.mallory.sign(body, INBOX)
        started = thread_time()
        reply = asyncio.run(deliver(target.routes, signed))
        took.append(thread_time() - started)
        assert reply.status in {202, 400}
    assert min(took) < 0.05


def test_s_038_an_embedded_signature_proves_nothing(target: Target) -> None:
    victim = somebody("victim")
    forwarded = {
        **victim.create(victim.note("forwarded")),
        "signature": {"type": "RsaSignature2017", "creator": victim.key_id, "signatureValue": "AAAA"},
    }
    before = target.log.units
    assert target.post(json.dumps(forwarded).encode()).status == 401
    assert target.log.units == before
