"""The header of FEP-8fcf, and the digest in it."""

import hashlib

import pytest

from fedi.activitypub.vocabulary.synchronization import Synchronization, digest_of, listed, read, write


def test_a_digest_does_not_depend_on_order_and_is_zero_for_nobody() -> None:
    one, other = "https://b.example/users/x", "https://b.example/users/y"
    assert digest_of([one]) == hashlib.sha256(one.encode()).hexdigest()
    assert digest_of([one, other]) == digest_of([other, one, one])
    assert digest_of([]) == "0" * 64


def test_what_is_written_is_read() -> None:
    said = Synchronization(collection="https://a.example/f", digest="ab" * 32, url="https://a.example/s?x=1")
    assert read(write(said)) == said
    assert read(f'url="u",digest="{"AB" * 32}",collectionId="c"') == Synchronization(
        collection="c", digest="ab" * 32, url="u"
    )


@pytest.mark.parametrize(
    "header", ["", "x", 'collectionId="c", url="u"', 'collectionId="c", url="u", digest="zz"', '"' * 9_000]
)
def test_what_says_too_little_is_nothing(header: str) -> None:
    assert read(header) is None


@pytest.mark.parametrize(
    ("document", "items", "onward"),
    [
        ({"orderedItems": ["https://a/1", {"id": "https://a/2"}, 3]}, ("https://a/1", "https://a/2"), ""),
        ({"items": "https://a/1", "next": "https://a/p2"}, ("https://a/1",), "https://a/p2"),
        ({"first": "https://a/p1"}, (), "https://a/p1"),
        ({"first": {"items": ["https://a/1"], "next": "https://a/p2"}}, ("https://a/1",), "https://a/p2"),
    ],
)
def test_pages_are_read_however_they_are_written(document: dict[str, object], items: object, onward: str) -> None:
    assert listed(document) == (items, onward)
