"""The transport under the client: where addresses are looked up, judged and connected to.

A name is resolved once, every address it has is judged, and the connection goes to an address that was judged: nothing
is looked up again in between, so a name that changes its mind (DNS rebinding) gains nothing. Proxy variables of the
environment are not read: a proxy would connect to what we never judged.
"""

import asyncio
import functools
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import certifi
import h11
import httpx

from fedi.activitypub.vocabulary.uris import Uri
from fedi.services import http_bodies
from fedi.services.addresses import allowed
from fedi.services.http_connections import Connection, ConnectionLostError, IdleConnections
from fedi.services.http_errors import AddressRefused, Unreachable
from fedi.services.http_plain import Told, retry_after
from fedi.settings.kinds import Networks

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
T = TypeVar("T")

CONNECT_SECONDS = 5.0
MAX_ADDRESSES = 4
_RESOLVER_THREADS = 384
"""More than the hosts that are sent to at once: names that nobody answers for must not keep others waiting."""


@functools.cache
def tls_context() -> ssl.SSLContext:
    """Return the one context that all connections share: making it costs 20 ms and more, and 6 MB."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    context.set_alpn_protocols(["http/1.1"])
    return context


class SystemResolver:
    """Looks names up in threads of its own: a few slow name servers must not fill the event loop's few threads."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_RESOLVER_THREADS, thread_name_prefix="resolver")

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        """Return the addresses of a host in the system's order of preference; raises OSError."""
        found = await asyncio.get_running_loop().run_in_executor(
            self._threads, lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        )
        return [str(address[4][0]) for address in found]

    def close(self) -> None:
        """Let go of the threads."""
        self._threads.shutdown(wait=False, cancel_futures=True)


class GuardedTransport(httpx.AsyncBaseTransport):
    """Sends one request to the address in its extension `uri`, which was parsed strictly and is not parsed again.

    Its extension `once_connected`, if there is one, makes headers of that address when there is a connection.
    `private` are the networks that may be reached although they are not public; `resolve` turns a host into addresses.
    """

    def __init__(self, private: Networks, resolve: Resolver, tls: ssl.SSLContext) -> None:
        self._private = private
        self._resolve = resolve
        self._tls = tls
        self._idle = IdleConnections()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Return the answer's head; its body is read from the stream. Raises `Unreachable`, `AddressRefused`."""
        uri: Uri = request.extensions["uri"]
        connection, head = await self._exchange(uri, lambda connection: _ask(connection, uri, request))
        return httpx.Response(
            head.status_code, headers=head.headers.raw_items(), stream=_Body(connection, uri.origin, self._idle)
        )

    async def tell(self, uri: Uri, headers: Mapping[str, str], body: bytes) -> Told:
        """POST a body, and return what matters of the answer. Raises `Unreachable`, `AddressRefused`."""
        connection, answer = await self._exchange(uri, lambda connection: connection.tell(uri.target, headers, body))
        if isinstance(answer, Told):
            self._idle.put(uri.origin, connection)
            return answer
        rest = _Body(connection, uri.origin, self._idle)
        try:
            await http_bodies.pass_over(rest)
        finally:
            await rest.aclose()
        return Told(status=answer.status_code, retry_after=retry_after(answer.headers))

    async def aclose(self) -> None:
        """Close the connections that wait."""
        self._idle.close()
        await asyncio.sleep(0)

    async def _exchange(self, uri: Uri, ask: Callable[[Connection], Awaitable[T]]) -> tuple[Connection, T]:
        try:
            # A server may close a waiting connection just as we write to it: one more try, on a fresh one.
            if connection := self._idle.take(uri.origin):
                try:
                    return connection, await _unless_closed(connection, ask)
                except ConnectionLostError:
                    pass
            connection = await self._connect(uri)
            return connection, await _unless_closed(connection, ask)
        except (OSError, h11.ProtocolError, ConnectionLostError) as error:
            raise Unreachable from error

    async def _connect(self, uri: Uri) -> Connection:
        addresses = await self._judged(uri)
        tls = self._tls if uri.scheme == "https" else None
        failure: OSError = OSError("no address")
        for address in addresses[:MAX_ADDRESSES]:
            try:
                async with asyncio.timeout(CONNECT_SECONDS):
                    return await Connection.open(address, uri.port, tls, uri.host)
            except OSError as error:  # TimeoutError is one
                failure = error
        raise failure

    async def _judged(self, uri: Uri) -> Sequence[str]:
        """Return the addresses of a host that may be connected to; raises `AddressRefused` if there is none."""
        literal = ":" in uri.host or uri.host.replace(".", "").isdigit()
        addresses = [uri.host] if literal else await self._resolve(uri.host, uri.port)
        judged = [address for address in dict.fromkeys(addresses) if allowed(address, uri.port, self._private)]
        if not judged:
            raise AddressRefused
        return judged


async def _ask(connection: Connection, uri: Uri, request: httpx.Request) -> h11.Response:
    if make := request.extensions.get("once_connected"):
        request.headers.update(make(uri))
    return await connection.request(request.method, uri.target, request.headers.raw, request.content)


async def _unless_closed(connection: Connection, ask: Callable[[Connection], Awaitable[T]]) -> T:
    """Ask by a connection, which is closed if that fails, however it does."""
    try:
        return await ask(connection)
    except BaseException:
        connection.close()
        raise


class _Body(httpx.AsyncByteStream):
    """An answer's body; the connection is kept when it was read to its end, and closed otherwise."""

    def __init__(self, connection: Connection, origin: str, idle: IdleConnections) -> None:
        self._connection = connection
        self._origin = origin
        self._idle = idle
        self._complete = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for chunk in self._connection.body():
                yield chunk
        except (OSError, h11.ProtocolError) as error:
            raise Unreachable from error
        self._complete = True

    async def aclose(self) -> None:
        if self._complete:
            self._idle.put(self._origin, self._connection)
        else:
            self._connection.close()
