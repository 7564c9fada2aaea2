"""The only outbound door: what it asks, what it refuses, and how much of anybody's answer it takes."""

import asyncio
import datetime
import gzip
import ipaddress
import socket
import ssl
import threading
import zlib
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID

from fedi.activitypub.vocabulary import uris
from fedi.services.http import AddressRefused, HttpClient, Told, TooLarge, TooSlow, Unreachable, open_client
from fedi.services.http_transport import GuardedTransport, SystemResolver
from fedi.settings import LOOPBACK
from tests.support.keys import private_pem, rsa_key
from tests.support.raw_server import always, plain, raw_server


@pytest.fixture
async def client() -> AsyncIterator[HttpClient]:
    client = open_client(private=LOOPBACK, user_agent="fedi-test")
    yield client
    await client.close()


def at(port: int, target: str = "/", host: str = "127.0.0.1") -> uris.Uri:
    return uris.parse(f"http://{host}:{port}{target}")


async def fetch(client: HttpClient, url: uris.Uri, **options: Any) -> Any:
    return await client.fetch(url, accept="application/activity+json", **options)


async def test_fetches(client: HttpClient) -> None:
    answer = plain(
        b"hello", headers="Content-Type: application/activity+json; charset=utf-8\r\nX-Two: a\r\nX-Two: b\r\n"
    )
    async with raw_server(always(answer)) as server:
        response = await fetch(client, at(server.port, "/a/%2e?q=[1]'"))
        assert (response.status, response.ok, response.body) == (200, True, b"hello")
        assert response.content_type == "application/activity+json; charset=utf-8"
        assert response.headers["x-two"] == "a, b"
        assert response.final_url == at(server.port, "/a/%2e?q=[1]'")
        head = server.requests[0].split(b"\r\n")
        assert head[0] == b"GET /a/%2e?q=[1]' HTTP/1.1"
        assert f"Host: 127.0.0.1:{server.port}".encode() in head
        assert b"Accept: application/activity+json" in head
        assert b"User-Agent: fedi-test" in head


async def test_posts(client: HttpClient) -> None:
    async with raw_server(always(plain(b"", status="202 Accepted"))) as server:
        response = await client.post(at(server.port, "/inbox"), b"{}", {"Digest": "x", "Content-Type": "text/x"})
        assert response.status == 202
        assert server.requests[0].startswith(b"POST /inbox HTTP/1.1\r\n")
        assert server.requests[0].endswith(b"\r\n\r\n{}")
        assert server.requests[0].lower().count(b"content-length") == 1


async def test_any_status_is_an_answer(client: HttpClient) -> None:
    async with raw_server(always(plain(b"gone", status="410 Gone"))) as server:
        response = await fetch(client, at(server.port))
        assert (response.status, response.ok) == (410, False)


async def test_connections_are_used_again(client: HttpClient) -> None:
    async with raw_server(always(plain(b"x"))) as server:
        for _ in range(5):
            await fetch(client, at(server.port))
        assert server.connections == 1
        await asyncio.gather(*(fetch(client, at(server.port)) for _ in range(5)))
        assert server.connections == 5


async def test_a_connection_that_died_waiting_is_replaced(client: HttpClient) -> None:
    async def answer_then_hang_up(_request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(plain(b"x"))
        asyncio.get_running_loop().call_soon(writer.close)

    async with raw_server(answer_then_hang_up) as server:
        for _ in range(3):
            assert (await fetch(client, at(server.port))).body == b"x"
            await asyncio.sleep(0.01)


async def test_a_connection_that_dies_under_the_request_is_replaced_once(client: HttpClient) -> None:
    seen = 0

    async def every_second_one(_request: bytes, writer: asyncio.StreamWriter) -> None:
        nonlocal seen
        seen += 1
        if seen == 2:
            writer.transport.abort()
        else:
            writer.write(plain(b"x"))

    async with raw_server(every_second_one) as server:
        assert (await client.post(at(server.port), b"1", {})).body == b"x"
        assert (await client.post(at(server.port), b"2", {})).body == b"x"
        assert seen == 3


async def test_chunked_and_until_closed(client: HttpClient) -> None:
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    async with raw_server(always(chunked)) as server:
        assert (await fetch(client, at(server.port))).body == b"abcde"

    async def until_closed(_request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.0 200 OK\r\n\r\nabcde")
        writer.close()

    async with raw_server(until_closed) as server:
        assert (await fetch(client, at(server.port))).body == b"abcde"


@pytest.mark.parametrize("name", ["gzip", "deflate"])
async def test_decodes(client: HttpClient, name: str) -> None:
    body = gzip.compress(b"hello" * 99) if name == "gzip" else zlib.compress(b"hello" * 99)
    async with raw_server(always(plain(body, headers=f"Content-Encoding: {name}\r\n"))) as server:
        assert (await fetch(client, at(server.port))).body == b"hello" * 99


@pytest.mark.parametrize(
    "answer",
    [
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        plain(b"x", headers="Content-Encoding: br\r\n"),
        plain(b"no gzip", headers="Content-Encoding: gzip\r\n"),
        plain(gzip.compress(b"hello" * 9, mtime=0)[:-9], headers="Content-Encoding: gzip\r\n"),
        plain(b"", status="302 Found", headers="Location: ftp://example.com/\r\n"),
        plain(b"", status="302 Found", headers="Location: //a@example.com/\r\n"),
        plain(b"", status="302 Found", headers="Location: elsewhere\r\n"),
    ],
)
async def test_unreadable_answers(client: HttpClient, answer: bytes) -> None:
    async with raw_server(always(answer)) as server:
        with pytest.raises(Unreachable):
            await fetch(client, at(server.port))


async def test_an_answer_cut_short(client: HttpClient) -> None:
    async def cut(_request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello")
        writer.close()

    async with raw_server(cut) as server:
        with pytest.raises(Unreachable):
            await fetch(client, at(server.port))


async def test_nobody_there(client: HttpClient) -> None:
    async with raw_server(always(b"")) as server:
        port = server.port
    with pytest.raises(Unreachable):
        await fetch(client, at(port))


class TestRedirects:
    async def test_followed_and_signed_again(self, client: HttpClient) -> None:
        async def handle(request: bytes, writer: asyncio.StreamWriter) -> None:
            if request.startswith(b"GET /end "):
                writer.write(plain(b"end"))
            else:
                writer.write(plain(b"", status="301 Moved", headers="Location: /end#there\r\n"))

        async with raw_server(handle) as server:
            response = await fetch(client, at(server.port, "/start"), sign=lambda url: {"Signature": url.target})
            assert response.final_url == at(server.port, "/end")
            assert b"Signature: /start\r\n" in server.requests[0]
            assert b"Signature: /end\r\n" in server.requests[1]

    async def test_at_most_three(self, client: HttpClient) -> None:
        async with raw_server(always(plain(b"", status="302 Found", headers="Location: /again\r\n"))) as server:
            with pytest.raises(Unreachable) as caught:
                await fetch(client, at(server.port))
            assert caught.value.reason == "too_many_redirects"
            assert len(server.requests) == 4

    @pytest.mark.parametrize(
        "location", ["http://10.0.0.1/", "http://[::]/", "http://169.254.169.254/latest", "//0.0.0.0/"]
    )
    async def test_s_046_judged_at_every_hop(self, client: HttpClient, location: str) -> None:
        async with raw_server(always(plain(b"", status="302 Found", headers=f"Location: {location}\r\n"))) as server:
            with pytest.raises(AddressRefused):
                await fetch(client, at(server.port))

    async def test_s_034_a_redirected_post_is_not_followed(self, client: HttpClient) -> None:
        async with raw_server(always(plain(b"", status="307 Moved", headers="Location: /other\r\n"))) as server:
            response = await client.post(at(server.port, "/inbox"), b"{}", {"Signature": "secret"})
            assert response.status == 307
            assert len(server.requests) == 1


class TestLimits:
    async def test_s_061_content_length_endless_chunks_and_bombs(self, client: HttpClient) -> None:
        async def endless(_request: bytes, writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            while not writer.is_closing():
                writer.write(b"2000\r\n" + b"x" * 8192 + b"\r\n")
                await writer.drain()

        bomb = plain(gzip.compress(bytes(200_000_000), 9), headers="Content-Encoding: gzip\r\n")
        for handler in (endless, always(plain(b"x" * 1_000_001)), always(bomb)):
            async with raw_server(handler) as server:
                with pytest.raises(TooLarge):
                    await fetch(client, at(server.port))

    async def test_exactly_the_limit_is_taken(self, client: HttpClient) -> None:
        for body, headers in ((b"x" * 1000, ""), (gzip.compress(b"x" * 1000), "Content-Encoding: gzip\r\n")):
            async with raw_server(always(plain(body, headers=headers))) as server:
                assert len((await fetch(client, at(server.port), limit=1000)).body) == 1000
                with pytest.raises(TooLarge):
                    await fetch(client, at(server.port), limit=999)

    async def test_s_059_the_deadline_is_for_the_whole(self, client: HttpClient) -> None:
        async def drip(_request: bytes, writer: asyncio.StreamWriter) -> None:
            for byte in plain(b"x" * 1000):
                writer.write(bytes([byte]))
                await writer.drain()
                await asyncio.sleep(0.02)

        async with raw_server(drip) as slow, raw_server(always(plain(b"x"))) as quick:
            started = monotonic()
            slow_ones = [asyncio.create_task(fetch(client, at(slow.port), deadline=0.5)) for _ in range(200)]
            await asyncio.sleep(0.2)
            asked = monotonic()
            await fetch(client, at(quick.port))
            assert monotonic() - asked < 1
            results = await asyncio.gather(*slow_ones, return_exceptions=True)
            assert all(isinstance(result, TooSlow) for result in results)
            assert monotonic() - started < 3


class TestAddresses:
    @pytest.mark.parametrize(
        "url",
        [
            "http://127.0.0.1/",
            "http://10.0.0.1/",
            "http://169.254.169.254/latest/meta-data",
            "http://[::1]/",
            "http://[fe80::1]/",
            "http://0.0.0.0/",
            "http://[::]/",
            "http://[::ffff:127.0.0.1]/",
            "http://[64:ff9b::7f00:1]/",
            "http://localhost/",
        ],
    )
    async def test_s_046_s_047_in_production(self, url: str, connects: list[str]) -> None:
        client = open_client(private=(), user_agent="fedi-test")
        with pytest.raises(AddressRefused):
            await fetch(client, uris.parse(url))
        with pytest.raises(AddressRefused):
            await client.post(uris.parse(url), b"{}", {})
        with pytest.raises(AddressRefused):
            await client.tell(uris.parse(url), b"{}", {})
        assert connects == []
        await client.close()

    async def test_s_058_ports(self, client: HttpClient, connects: list[str]) -> None:
        for port in (22, 25, 6379, 5432, 11211):
            with pytest.raises(AddressRefused):
                await fetch(client, uris.parse(f"http://8.8.8.8:{port}/"))
        assert connects == []

    async def test_s_050_a_name_that_changes_its_mind(self, connects: list[str]) -> None:
        asked = 0

        async def rebinding(_host: str, _port: int) -> Sequence[str]:
            nonlocal asked
            asked += 1
            return ["8.8.8.8"] if asked % 2 else ["127.0.0.1"]

        client = HttpClient(GuardedTransport((), rebinding, ssl.create_default_context()), user_agent="x")
        for turn in range(1000):
            with pytest.raises(Unreachable) as caught:
                await fetch(client, uris.parse("http://rebind.example/"))
            assert isinstance(caught.value, AddressRefused) == bool(turn % 2)
        assert asked == 1000
        assert connects == ["8.8.8.8"] * 500
        await client.close()

    async def test_only_the_judged_of_several_addresses(self, connects: list[str]) -> None:
        async def mixed(_host: str, _port: int) -> Sequence[str]:
            return ["127.0.0.1", "8.8.8.8", "::1", "2606:4700::1111"]

        client = HttpClient(GuardedTransport((), mixed, ssl.create_default_context()), user_agent="x")
        with pytest.raises(Unreachable):
            await fetch(client, uris.parse("https://mixed.example/"))
        assert connects == ["8.8.8.8", "2606:4700::1111"]
        await client.close()

    async def test_a_name_with_no_address(self) -> None:
        async def unknown(_host: str, _port: int) -> Sequence[str]:
            raise OSError("no such name")

        client = HttpClient(GuardedTransport((), unknown, ssl.create_default_context()), user_agent="x")
        with pytest.raises(Unreachable):
            await fetch(client, uris.parse("https://nobody.example/"))
        await client.close()

    async def test_s_062_proxy_variables_are_not_read(
        self, client: HttpClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
            monkeypatch.setenv(name, "http://127.0.0.1:9/")
        async with raw_server(always(plain(b"x"))) as server:
            assert (await fetch(client, at(server.port))).body == b"x"


@pytest.fixture
def connects(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A trap under all connections: notes the address and refuses."""
    addresses: list[str] = []

    async def trap(address: str, *_: object, **__: object) -> None:
        addresses.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(asyncio, "open_connection", trap)
    return addresses


class TestTls:
    @pytest.fixture
    def contexts(self, tmp_path: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
        """A server's and a client's context; the certificate is for `peer.example` only."""
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "peer.example")])
        now = datetime.datetime.now(datetime.UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(rsa_key().public_key())
            .serial_number(1)
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName("peer.example")]), critical=False)
            .sign(rsa_key(), SHA256())
        )
        from cryptography.hazmat.primitives.serialization import Encoding

        (tmp_path / "both.pem").write_bytes(private_pem(rsa_key()).encode() + certificate.public_bytes(Encoding.PEM))
        server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.load_cert_chain(tmp_path / "both.pem")
        client = ssl.create_default_context(cadata=certificate.public_bytes(Encoding.PEM).decode())
        return server, client

    async def test_the_name_is_kept_for_host_and_certificate(
        self, contexts: tuple[ssl.SSLContext, ssl.SSLContext]
    ) -> None:
        async def loopback(_host: str, _port: int) -> Sequence[str]:
            return ["127.0.0.1"]

        names: list[str | None] = []
        contexts[0].sni_callback = lambda _socket, name, _context: names.append(name)
        client = HttpClient(GuardedTransport(LOOPBACK, loopback, contexts[1]), user_agent="x")
        async with raw_server(always(plain(b"secret")), tls=contexts[0]) as server:
            response = await fetch(client, uris.parse(f"https://peer.example:{server.port}/"))
            assert response.body == b"secret"
            assert names == ["peer.example"]
            assert f"Host: peer.example:{server.port}\r\n".encode() in server.requests[0]
            with pytest.raises(Unreachable):
                await fetch(client, uris.parse(f"https://other.example:{server.port}/"))
            with pytest.raises(Unreachable):
                await fetch(client, uris.parse(f"https://127.0.0.1:{server.port}/"))
            assert len(server.requests) == 1
        await client.close()


async def test_own_addresses_of_the_operator() -> None:
    client = open_client(private=(ipaddress.ip_network("127.0.0.2/32"),), user_agent="x")
    async with raw_server(always(plain(b"x"))) as server:
        with pytest.raises(AddressRefused):
            await fetch(client, at(server.port))
    await client.close()


async def test_what_follows_a_status_that_says_all_changes_nothing(client: HttpClient) -> None:
    head = b"HTTP/1.1 202 Accepted\r\n"
    for tail in (
        b"Content-Length: 9000000\r\n\r\n" + bytes(100_000),
        b"Content-Length: 5\r\nContent-Encoding: br\r\n\r\nhello",
        b"Content-Length: 5\r\nContent-Encoding: gzip\r\n\r\nhello",
        b"Transfer-Encoding: chunked\r\n\r\nnonsense\r\n",
    ):
        async with raw_server(always(head + tail)) as server:
            assert await client.tell(at(server.port), b"{}", {}) == Told(status=202, retry_after="")


async def test_names_that_nobody_answers_for_keep_no_other_name_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    over, real = threading.Event(), socket.getaddrinfo

    def look_up(host: str, *rest: Any, **more: Any) -> Any:
        if host.startswith("silent"):
            over.wait(20)
        return real("127.0.0.1", *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    resolver = SystemResolver()
    silent = [asyncio.create_task(resolver(f"silent{number}.example", 80)) for number in range(200)]
    try:
        await asyncio.sleep(0)
        assert await asyncio.wait_for(resolver("quick.example", 80), 5) == ["127.0.0.1"]
    finally:
        over.set()
        await asyncio.gather(*silent)
        resolver.close()


async def test_tells(client: HttpClient) -> None:
    busy = plain(b"later", status="503 Busy", headers="Retry-After: 120\r\n")
    async with raw_server(always(busy)) as server:
        for _ in range(3):
            told = await client.tell(at(server.port, "/inbox?a=b"), b"{}", {"Digest": "x", "Content-Type": "text/x"})
            assert told == Told(status=503, retry_after="120")
        assert server.connections == 1
        head, _, body = server.requests[0].partition(b"\r\n\r\n")
        assert body == b"{}"
        assert head.split(b"\r\n") == [
            b"POST /inbox?a=b HTTP/1.1",
            f"Host: 127.0.0.1:{server.port}".encode(),
            b"Digest: x",
            b"Content-Type: text/x",
            b"User-Agent: fedi-test",
            b"Content-Length: 2",
        ]


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n", 202),
        (b"HTTP/1.1 204 No Content\r\n\r\n", 204),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nde\r\n0\r\n\r\n", 200),
        (b"HTTP/1.1 202\r\nContent-Length: 0\r\n\r\n", 202),
    ],
)
async def test_what_is_told_is_answered_in_other_forms_too(client: HttpClient, answer: bytes, status: int) -> None:
    async with raw_server(always(answer)) as server:
        for _ in range(2):
            assert (await client.tell(at(server.port), b"{}", {})).status == status
        assert (await client.post(at(server.port), b"{}", {})).status == status
        assert server.connections == 1


async def test_an_answer_that_comes_in_pieces(client: HttpClient) -> None:
    async def in_pieces(_request: bytes, writer: asyncio.StreamWriter) -> None:
        for piece in (b"HTTP/1.1 20", b"2 Accepted\r\nContent-Length: 2\r\n", b"\r\n", b"o", b"k"):
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0.01)

    async with raw_server(in_pieces) as server:
        for _ in range(2):
            assert (await client.tell(at(server.port), b"{}", {})).status == 202
        assert server.connections == 1


async def test_plain_answers_and_others_take_turns_on_a_connection(client: HttpClient) -> None:
    answers = [plain(b"", status="202 Accepted"), b"HTTP/1.1 204 No Content\r\n\r\n"]

    async def in_turn(_request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(answers[len(server.requests) % 2])

    async with raw_server(in_turn) as server:
        assert [(await client.tell(at(server.port), b"{}", {})).status for _ in range(6)] == [204, 202] * 3
        assert server.connections == 1


@pytest.mark.parametrize(
    "answer",
    [
        plain(b"", status="202 Accepted", headers="Connection: Close\r\n"),
        plain(b"", status="202 Accepted") + plain(b"what nobody asked for"),
        b"HTTP/1.0 202 Accepted\r\nContent-Length: 0\r\n\r\n",
    ],
)
async def test_a_connection_that_cannot_serve_again_is_closed(client: HttpClient, answer: bytes) -> None:
    async with raw_server(always(answer)) as server:
        for _ in range(3):
            assert (await client.tell(at(server.port), b"{}", {})).status == 202
        assert server.connections == 3


async def test_nothing_is_told_where_the_answer_is_unreadable(client: HttpClient) -> None:
    for answer in (b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello"):
        async with raw_server(always(answer)) as server:
            with pytest.raises(Unreachable):
                await client.tell(at(server.port), b"{}", {})


async def test_who_never_answers_is_told_nothing_for_long(client: HttpClient) -> None:
    async with raw_server(always(b"")) as server:
        with pytest.raises(TooSlow):
            await client.tell(at(server.port), b"{}", {}, deadline=0.05)


async def test_what_is_told_is_told_again_where_a_waiting_connection_died(client: HttpClient) -> None:
    async def every_second_one(_request: bytes, writer: asyncio.StreamWriter) -> None:
        if len(server.requests) == 2:
            writer.transport.abort()
        else:
            writer.write(plain(b"", status="202 Accepted"))

    async with raw_server(every_second_one) as server:
        assert (await client.tell(at(server.port), b"1", {})).status == 202
        assert (await client.tell(at(server.port), b"2", {})).status == 202
        assert [each[-1:] for each in server.requests] == [b"1", b"2", b"2"]
