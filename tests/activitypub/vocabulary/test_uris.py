"""A stranger's address is read once and strictly, or not at all."""

import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fedi.activitypub.vocabulary import uris
from fedi.errors import PeerError


@pytest.mark.parametrize(
    ("text", "host", "port", "target", "normal"),
    [
        ("https://example.com/users/a?b=c", "example.com", 443, "/users/a?b=c", "https://example.com/users/a?b=c"),
        ("HTTPS://Example.COM/Users/A", "example.com", 443, "/Users/A", "https://example.com/Users/A"),
        ("https://example.com:443/a", "example.com", 443, "/a", "https://example.com/a"),
        ("http://example.com:80", "example.com", 80, "/", "http://example.com"),
        ("https://example.com:8443/a", "example.com", 8443, "/a", "https://example.com:8443/a"),
        ("http://127.0.0.1:3000/users/x", "127.0.0.1", 3000, "/users/x", "http://127.0.0.1:3000/users/x"),
        ("http://[::1]:3000/x", "::1", 3000, "/x", "http://[::1]:3000/x"),
        ("https://[2606:4700:0:0::1]/", "2606:4700::1", 443, "/", "https://[2606:4700::1]/"),
        ("https://exämple.com/ü", "xn--exmple-cua.com", 443, "/%C3%BC", "https://xn--exmple-cua.com/%C3%BC"),
        ("https://a.example?q", "a.example", 443, "/?q", "https://a.example?q"),
        ("https://a.example/%2e%2E/", "a.example", 443, "/%2e%2E/", "https://a.example/%2e%2E/"),
        ("https://１２７.0.0.1/", "127.0.0.1", 443, "/", "https://127.0.0.1/"),
    ],
)
def test_reads(text: str, host: str, port: int, target: str, normal: str) -> None:
    uri = uris.parse(text)
    assert (uri.host, uri.port, uri.target, uri.text) == (host, port, target, normal)


@pytest.mark.parametrize(
    "text",
    [
        "https://good\\@evil.example/",
        "https://user@example.com/",
        "https://user:pass@example.com/",
        "https://exa\tmple.com/",
        "https://example.com/\r\nX: y",
        " https://example.com/",
        "https://example.com/a b",
        "https://example.com/\u2003",
        "https://example.com/\x00",
        "https://example.com/\ud800",
        "https://example.com./",
        "https://a..example/",
        "https://-a.example/",
        "https://ex%61mple.com/",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f.0.0.1/",
        "https://0x7f000001/",
        "https://0177.0.0.1/",
        "https://1.2.3.4.5/",
        "https://[::1%eth0]/",
        "https://[::1/",
        "https://::1/",
        "https://example.com:0/",
        "https://example.com:65536/",
        "https://example.com:/",
        "https://example.com:80:80/",
        "https:///path",
        "https:/example.com/",
        "//example.com/",
        "ftp://example.com/",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "data:text/plain,x",
        "acct:a@example.com",
        "https://example.com/a#fragment",
        "https://" + "a" * 64 + ".example/",
        "https://example.com/" + "a" * 2000,
        "https://example.com/" + "ü" * 700,
        "",
        None,
        5,
        ["https://example.com/"],
    ],
)
def test_s_058_refuses(text: object) -> None:
    with pytest.raises(uris.InvalidUriError):
        uris.parse(text)


def test_fragment_where_allowed() -> None:
    uri = uris.parse("https://example.com/users/a#main-key", fragment=True)
    assert uri.text == "https://example.com/users/a#main-key"
    assert uri.target == "/users/a"
    assert uri.document == uris.parse("https://example.com/users/a")
    assert uri.document.document == uri.document


def test_origin_and_authority() -> None:
    a = uris.parse("https://Example.com/a")
    assert a.authority == "example.com"
    assert a.origin == "https://example.com"
    assert uris.parse("https://example.com:444/").authority == "example.com:444"
    assert uris.parse("http://[::1]:81/").origin == "http://[::1]:81"
    assert uris.same_origin(a, uris.parse("https://example.com:443/b"))
    for other in ("http://example.com/a", "https://example.com:444/a", "https://www.example.com/a"):
        assert not uris.same_origin(a, uris.parse(other))


_text = st.one_of(
    st.text(max_size=60),
    st.text(alphabet=string.printable, max_size=60),
    st.builds(
        "".join,
        st.tuples(
            st.sampled_from(["http://", "https://", "HTTPS://", "https:/", "ftp://"]),
            st.sampled_from(["", "a@", "a:b@", "\\"]),
            st.one_of(
                st.sampled_from(["example.com", "ÄÖ.example", "[::1]", "127.0.0.1", "0x7f.1", "a."]),
                st.text(max_size=9),
            ),
            st.sampled_from(["", ":80", ":443", ":8080", ":x"]),
            st.text(max_size=20).map(lambda text: "/" + text),
        ),
    ),
)


@given(_text)
@example("https://xn--/")
@example("https://a.b?\u200d")
def test_s_020_either_a_uri_or_a_peer_error_and_reading_twice_is_reading_once(text: str) -> None:
    try:
        uri = uris.parse(text, fragment=True)
    except PeerError:
        return
    assert uris.parse(uri.text, fragment=True) == uri
    assert uri.text.isascii()
    assert uri.text.isprintable()
    assert uri.text.startswith(uri.origin)
    assert uri.host == uri.host.lower()
    assert uri.target.startswith("/")


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Far.Example", "far.example"),
        ("far.example:443", "far.example"),
        ("far.example:3000", "far.example:3000"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("BÜCHER.example", "xn--bcher-kva.example"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("far.example/path", "far.example/path"),
        ("a b", "a b"),
        ("", ""),
    ],
)
def test_a_domain_has_one_form(written: str, kept: str) -> None:
    assert uris.normal_domain(written) == kept


@given(st.text(max_size=80))
def test_the_one_form_of_a_domain_stays_as_it_is(written: str) -> None:
    assert uris.normal_domain(uris.normal_domain(written)) == uris.normal_domain(written)
