"""A plain answer is read as h11 reads it, or left to h11; and a POST is written as h11 would read it."""

import time

import h11
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fedi.services.http_plain import MAX_HEAD, Told, read_plain, retry_after, write_post

PLAIN = b"HTTP/1.1 202 Accepted\r\nDate: now\r\ncontent-LENGTH:  2 \r\nX-Empty:\r\n\r\nok"
TOLD = Told(status=202, retry_after="")
LINES = [
    b"HTTP/1.1 202 Accepted",
    b"HTTP/1.1 204 No Content",
    b"HTTP/1.1 304 Not Modified",
    b"HTTP/1.1 100 Continue",
    b"HTTP/1.1 503 ",
    b"HTTP/1.1 503",
    b"HTTP/1.0 200 OK",
    b"Content-Length: 0",
    b"Content-Length: 5",
    b"Content-Length: 05",
    b"Content-Length: 5, 5",
    b"Transfer-Encoding: chunked",
    b"Connection: close",
    b"Connection: keep-alive",
    b"Connection: keep-alive, close",
    b"Connection: Upgrade",
    b"Upgrade: websocket",
    b"Retry-After: 120",
    b"Retry-After: \xe4 soon",
    b"Server: x\ty",
    b" folded",
    b"Odd : x",
    b"",
    b"hello",
]


def by_h11(received: bytes) -> tuple[int, str, bool]:
    """Return what h11 finds in an answer that is all there: its status, Retry-After, and whether it ends so."""
    connection = h11.Connection(h11.CLIENT)
    connection.send(h11.Request(method="POST", target="/", headers=[("Host", "h"), ("Content-Length", "0")]))
    connection.send(h11.EndOfMessage())
    connection.receive_data(received)
    head = connection.next_event()
    assert isinstance(head, h11.Response)
    while isinstance(event := connection.next_event(), h11.Data):
        pass
    assert isinstance(event, h11.EndOfMessage)
    assert connection.trailing_data == (b"", False)
    return head.status_code, retry_after(head.headers), connection.their_state is h11.DONE


def test_a_plain_answer_is_read() -> None:
    assert read_plain(PLAIN) == (TOLD, True)
    assert read_plain(b"HTTP/1.1 503 \r\nRetry-After: 9\r\nConnection: Close\r\nContent-Length: 0\r\n\r\n") == (
        Told(status=503, retry_after="9"),
        False,
    )


def test_an_answer_is_read_when_it_is_all_there_and_nothing_follows() -> None:
    assert [read_plain(PLAIN[:size]) for size in range(len(PLAIN))] == [None] * len(PLAIN)
    assert read_plain(PLAIN + b"!") is None


@pytest.mark.parametrize(
    "text",
    [
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: a\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: \x00\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX : a\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: +0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nUpgrade: h2c\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: keep-alive, close\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: " + b"x" * MAX_HEAD + b"\r\n\r\n",
    ],
)
def test_what_is_not_plain_is_left_to_h11(text: bytes) -> None:
    assert read_plain(text) is None


@given(st.lists(st.sampled_from(LINES), max_size=8), st.lists(st.tuples(st.integers(0, 150), st.binary(max_size=2))))
@example([b"Retry-After: 1", b"Retry-After: 2", b"Content-Length: 0"], [])
@example([b"Connection: close", b"Connection: keep-alive"], [])
def test_nothing_is_read_otherwise_than_h11_reads_it(lines: list[bytes], twists: list[tuple[int, bytes]]) -> None:
    text = b"\r\n".join([b"HTTP/1.1 202 Accepted", *lines, b"Content-Length: 5", b"", b"hello"])
    for place, put in twists:
        text = text[:place] + put + text[place + len(put) :]
    for each in (text, text.replace(b"Content-Length: 5\r\n\r\nhello", b"\r\n")):
        if plain := read_plain(each):
            told, lasts = plain
            assert by_h11(each) == (told.status, told.retry_after, lasts)


def test_a_head_of_spaces_takes_no_time() -> None:
    started = time.process_time()
    for text in (b"HTTP/1.1 200" + b" " * 30_000, b"HTTP/1.1 200 OK\r\nX:" + b" " * 30_000 + b"\x01"):
        assert read_plain(text + b"\r\n\r\n") is None
    assert time.process_time() - started < 0.1


def test_a_post_is_written_as_h11_reads_it() -> None:
    headers = {"Host": "there.example", "Signature": 'keyId="a"', "Content-Length": "2"}
    server = h11.Connection(h11.SERVER)
    server.receive_data(write_post("/inbox?a=b", headers, b"{}"))
    head, body, end = server.next_event(), server.next_event(), server.next_event()
    assert isinstance(head, h11.Request)
    assert (head.method, head.target) == (b"POST", b"/inbox?a=b")
    assert list(head.headers) == [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    assert isinstance(body, h11.Data)
    assert body.data == b"{}"
    assert isinstance(end, h11.EndOfMessage)


@pytest.mark.parametrize("value", ["a\r\nX: b", "a\nb", "a\rb", "\0", "\x7f", "ä"])
def test_a_header_that_could_end_is_not_written(value: str) -> None:
    with pytest.raises(ValueError, match=r"control characters|can't encode"):
        write_post("/", {"Host": "h", "Signature": value}, b"")
    with pytest.raises(ValueError, match=r"control characters|can't encode"):
        write_post("/" + value, {"Host": "h"}, b"")
