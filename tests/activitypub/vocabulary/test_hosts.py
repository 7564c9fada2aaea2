"""What is decided about a domain holds below it, and nowhere else."""

import pytest

from fedi.activitypub.vocabulary.hosts import authority_of, domains_of


@pytest.mark.parametrize(
    ("authority", "domains"),
    [
        ("a.b.example", ("a.b.example", "b.example", "example")),
        ("B.Example", ("b.example", "example")),
        ("b.example:8443", ("b.example:8443", "b.example", "example")),
        ("127.0.0.1:3000", ("127.0.0.1:3000", "127.0.0.1")),
        ("[::1]:80", ("[::1]:80", "[::1]")),
        ("", ()),
    ],
)
def test_a_host_belongs_to_all_domains_above_it(authority: str, domains: tuple[str, ...]) -> None:
    assert domains_of(authority) == domains


def test_a_host_of_many_parts_costs_no_more_than_others() -> None:
    host = ".".join(["a"] * 100) + ".example"
    found = domains_of(host)
    assert len(found) == 11
    assert (found[0], found[-1]) == (host, "example")


@pytest.mark.parametrize(
    ("uri", "authority"),
    [
        ("https://B.example/users/x#main-key", "b.example"),
        ("http://127.0.0.1:3000/x", "127.0.0.1:3000"),
        ("acct:x@b.example", ""),
        (None, ""),
    ],
)
def test_the_authority_of_a_uri(uri: object, authority: str) -> None:
    assert authority_of(uri) == authority
