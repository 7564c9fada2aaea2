"""Heads are read in one way or refused, and what is read is what h11 reads."""

import time

import h11
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fedi.hypercorn_connections.heads import MAX_HEAD, Head, Refused, read_head, write_head

PLAIN = b"POST /inbox?page=2 HTTP/1.1\r\nHost: here\r\nContent-Length: 5\r\nUser-Agent:  a b\t\r\nX-Empty:\r\n\r\n"
LINES = [
    b"GET / HTTP/1.1",
    b"GET / HTTP/1.0",
    b"get /a?b=c HTTP/1.1",
    b"Host: here",
    b"Content-Length: 5",
    b"Content-Length: 05",
    b"Transfer-Encoding: chunked",
    b"Transfer-Encoding: gzip, chunked",
    b"Connection: close",
    b"Connection: keep-alive, Upgrade",
    b"Upgrade: websocket",
    b"Expect: 100-continue",
    b"Cookie: a=b; c=\xe4",
    b" folded",
    b"",
]


def head_of(text: bytes) -> Head:
    head = read_head(bytearray(text))
    assert head is not None
    return head


def refusal(text: bytes) -> int:
    with pytest.raises(Refused) as refused:
        read_head(bytearray(text))
    return int(refused.value.status)


def test_a_plain_head_is_read() -> None:
    fields = [(b"host", b"here"), (b"content-length", b"5"), (b"user-agent", b"a b"), (b"x-empty", b"")]
    assert head_of(PLAIN + b"12345GET ") == Head(b"POST", b"/inbox?page=2", fields, len(PLAIN), 5, True, True)


def test_the_connection_lasts_unless_it_is_to_be_closed() -> None:
    assert head_of(b"GET / HTTP/1.1\r\nHost: h\r\nConnection: Keep-Alive\r\n\r\n").lasts
    assert not head_of(b"GET / HTTP/1.1\r\nHost: h\r\nConnection: Close\r\nConnection: keep-alive\r\n\r\n").lasts


def test_a_head_is_read_when_it_is_all_there() -> None:
    assert [read_head(bytearray(PLAIN[:size])) for size in range(len(PLAIN))] == [None] * len(PLAIN)


@pytest.mark.parametrize(
    "text",
    [
        b"GET / HTTP/1.0\r\n\r\n",
        b"get / HTTP/1.1\r\nHost: h\r\n\r\n",
        b"G-T / HTTP/1.1\r\nHost: h\r\n\r\n",
        b"OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n",
        b"GET http://h/ HTTP/1.1\r\nHost: h\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: h\r\nConnection: keep-alive, te\r\n\r\n",
    ],
)
def test_what_is_not_plain_is_left_to_others(text: bytes) -> None:
    assert not head_of(text).plain


FIELDS = [
    b"Content-Length: 5\r\nContent-Length: 5",
    b"Content-Length: 5, 5",
    b"Content-Length: +5",
    b"Content-Length: -5",
    b"Content-Length: 0x5",
    b"Content-Length: 5 5",
    b"Content-Length: \xb2",
    b"Content-Length:",
    b"Content-Length: " + b"9" * 16,
    b"Content-Length: 5\r\nTransfer-Encoding: chunked",
    b"Transfer-Encoding: chunked\r\nContent-Length: 5",
    b"transfer-encoding: identity\r\ncontent-length: 5",
    b"Content-Length : 5",
    b"Content-Length\t: 5",
    b" Content-Length: 5",
    b"Content-Length: 5\r\n 6",
    b"X: folded\r\n\tmore",
    b"X: bare\nY: line feed",
    b"X: bare\rY: carriage return",
    b"X: bare\r\r\nY: twice",
    b"X: \0",
    b"X: \x0b",
    b"X: \x7f",
    b"no colon",
    b": no name",
    b"X\xe4: name",
    b"X(: name",
    b"Host: there",
]


@pytest.mark.parametrize("field", FIELDS)
def test_fields_that_could_be_read_in_two_ways_are_refused(field: bytes) -> None:
    assert refusal(b"POST / HTTP/1.1\r\nHost: here\r\n" + field + b"\r\n\r\n") == 400
    assert refusal(b"POST / HTTP/1.1\r\n" + field + b"\r\nHost: here\r\n\r\n") == 400


@pytest.mark.parametrize(
    "text",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\nHost: h\n\n",
        b"GET / HTTP/1.1\nHost: h\n\r\n",
        b"GET / HTTP/1.1\r\nHost: h\n\r\nX",
        b"GET / HTTP/1.1\nHost: h\r\n\r\n",
        b"\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n",
        b"\n",
        b" GET / HTTP/1.1\r\n",
        b"\x16\x03\x01\x02\x00",
        b"GET  / HTTP/1.1\r\nHost: h\r\n\r\n",
        b"GET / HTTP/1.1 \r\nHost: h\r\n\r\n",
        b"GET\t/ HTTP/1.1\r\nHost: h\r\n\r\n",
        b"GET /a b HTTP/1.1\r\nHost: h\r\n\r\n",
        b"GET /\xe4 HTTP/1.1\r\nHost: h\r\n\r\n",
        b"GET /\r\nHost: h\r\n\r\n",
        b"GET / http/1.1\r\nHost: h\r\n\r\n",
        b"GET / HTTP/1.10\r\nHost: h\r\n\r\n",
        b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
    ],
)
def test_heads_that_are_none_are_refused_as_soon_as_that_is_seen(text: bytes) -> None:
    assert refusal(text) == 400


@pytest.mark.parametrize("version", [b"0.9", b"1.2", b"2.0"])
def test_other_versions_are_refused(version: bytes) -> None:
    assert refusal(b"PRI * HTTP/%b\r\n\r\n" % version) == 505


def test_a_head_has_a_size() -> None:
    head = b"GET / HTTP/1.1\r\nHost: h\r\nX: %b\r\n\r\n"
    assert head_of(head % (b"x" * (MAX_HEAD - len(head) + 2))).size == MAX_HEAD
    assert refusal(head % (b"x" * (MAX_HEAD - len(head) + 3))) == 431
    assert refusal(b"GET /" + b"x" * MAX_HEAD) == 431


@pytest.mark.parametrize("filling", [b" ", b"\t", b"a", b":", b"a:", b"a: b\r\n", b"\r", b"%"])
def test_no_head_takes_long_to_refuse(filling: bytes) -> None:
    line = filling * ((MAX_HEAD - 100) // len(filling))
    began = time.process_time()
    for text in (b"GET / HTTP/1.1\r\nHost: h\r\nX:" + line + b"\0\r\n\r\n", b"GET /" + line + b"\0\r\n\r\n"):
        with pytest.raises(Refused):
            read_head(bytearray(text))
    assert time.process_time() - began < 0.1


@st.composite
def twisted(draw: st.DrawFn) -> bytes:
    """Lines of requests in any order, with some bytes anywhere changed for others."""
    lines = draw(st.lists(st.sampled_from(LINES), max_size=8))
    text = bytearray(b"\r\n".join([draw(st.sampled_from(LINES[:3])), b"Host: here", *lines]) + b"\r\n\r\n")
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(text)))
        with_what = draw(
            st.one_of(st.sampled_from([b"\r", b"\n", b"\r\n", b" ", b":", b"\0", b","]), st.binary(max_size=3))
        )
        text[at : at + draw(st.integers(0, 2))] = with_what
    return bytes(text)


@given(twisted())
@example(PLAIN)
@example(PLAIN.replace(b"User-Agent:  a b", b"Connection: close"))
def test_what_is_read_is_what_h11_reads(text: bytes) -> None:
    try:
        head = read_head(bytearray(text))
    except Refused:
        return
    if head is None:
        return
    other = h11.Connection(h11.SERVER)
    other.receive_data(text[: head.size])
    try:
        read = other.next_event()
    except h11.RemoteProtocolError:
        assert not head.plain
        return
    assert isinstance(read, h11.Request)
    assert (read.method, read.target, list(read.headers)) == (head.method, head.target, head.fields)
    if head.plain and head.length < 10_000:
        if head.length:
            other.receive_data(b"." * head.length)
            assert isinstance(other.next_event(), h11.Data)
        assert isinstance(other.next_event(), h11.EndOfMessage)
        assert other.trailing_data == (b"", False)
        other.send(h11.Response(status_code=204, headers=[]))
        other.send(h11.EndOfMessage())
        assert (other.our_state is h11.MUST_CLOSE) is not head.lasts


def test_an_answer_has_its_head() -> None:
    head = write_head(201, [(b"content-type", b"text/plain"), (b"x-name", b"\xc3\xa4\tb")], b"date: today\r\n")
    assert head == b"HTTP/1.1 201 \r\ncontent-type: text/plain\r\nx-name: \xc3\xa4\tb\r\ndate: today\r\n\r\n"


@pytest.mark.parametrize("bad", [b"a\r\nSet-Cookie: b", b"a\nb", b"a\rb", b"a\0b", b"\r\n"])
def test_nobody_writes_fields_of_their_own_into_an_answer(bad: bytes) -> None:
    for field in ((b"location", bad), (bad, b"x")):
        with pytest.raises(ValueError, match="control"):
            write_head(200, [field], b"")
