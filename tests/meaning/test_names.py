"""Ids and keys outlive the program that made them: other servers, apps and logs of erasures hold them."""

import hashlib
import tracemalloc
from datetime import UTC, datetime

from fedi.ids import id_of_digest, milliseconds
from fedi.meaning.names import key_of, key_of_name, name_of

URI = "https://a.example/users/ada/statuses/1"
ACTOR = "https://b.example/users/bob"


def test_a_key_is_a_digest_of_what_it_joins() -> None:
    assert key_of(URI) == hashlib.sha256(URI.encode()).hexdigest()[:32]
    joined = f"like\0{ACTOR}\0{URI}"
    assert name_of("like", ACTOR, URI) == joined
    assert key_of("like", ACTOR, URI) == key_of(joined) == hashlib.sha256(joined.encode()).hexdigest()[:32]


def test_the_id_of_what_comes_from_elsewhere_is_its_time_and_two_bytes_of_its_digest() -> None:
    moment = datetime(2026, 1, 2, 3, 4, 5, 678_901, tzinfo=UTC)
    digest = hashlib.sha256(URI.encode()).digest()
    expected = milliseconds(moment) << 16 | int.from_bytes(digest[:2], "big") | 1
    assert id_of_digest(moment, key_of(URI)) == expected == 115823283121616287


def test_no_long_name_is_kept_with_its_key() -> None:
    tracemalloc.start()
    try:
        keys = {key_of_name(f"{'x' * 5_000}{number}") for number in range(400)}
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(keys) == 400
    assert kept < 200_000
