"""The only door through which this server asks other servers anything.

Whatever the purpose (actors, keys, objects, media, previews, deliveries), the address is judged where the connection
is made, redirects are judged again, and size and time are bounded.
"""

import asyncio
import functools
from collections.abc import AsyncIterable, Awaitable, Callable, Mapping
from pathlib import Path

import httpx
import msgspec

from fedi.activitypub.vocabulary import uris
from fedi.activitypub.vocabulary.uris import Uri
from fedi.services import http_bodies
from fedi.services.http_errors import AddressRefused, TooLarge, TooSlow, Unreachable
from fedi.services.http_plain import Told
from fedi.services.http_transport import GuardedTransport, SystemResolver, tls_context
from fedi.settings.kinds import Networks

__all__ = [
    "AddressRefused",
    "HttpClient",
    "Response",
    "Signer",
    "Told",
    "TooLarge",
    "TooSlow",
    "Unreachable",
    "open_client",
]

Signer = Callable[[Uri], Mapping[str, str]]
"""Returns the headers that sign a GET of this address, or raises; asked again for every redirect."""

DOCUMENT_LIMIT = 1_000_000
DOCUMENT_SECONDS = 10.0
MEDIA_SECONDS = 30.0
MAX_REDIRECTS = 3
_Reader = Callable[[AsyncIterable[bytes], str], Awaitable[bytes]]
"""Takes in a body and its encoding."""
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


class Response(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that was read to its end. Names of `headers` are lower-case; `final_url` is after redirects."""

    final_url: Uri
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def content_type(self) -> str:
        """The Content-Type header with its parameters, or an empty text."""
        return self.headers.get("content-type", "")

    @property
    def ok(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status < 300


class HttpClient:
    """Asks other servers. Make one per process with `open_client`, and close it."""

    def __init__(self, transport: GuardedTransport, *, user_agent: str, resolver: SystemResolver | None = None) -> None:
        self._transport = transport
        self._user_agent = user_agent
        self._resolver = resolver

    async def fetch(
        self,
        url: Uri,
        *,
        accept: str,
        sign: Signer | None = None,
        once_connected: Signer | None = None,
        limit: int = DOCUMENT_LIMIT,
        deadline: float = DOCUMENT_SECONDS,
        cut: bool = False,
    ) -> Response:
        """GET an address, following up to three redirects; any final status is returned.

        `once_connected` makes headers that cost much: it is asked once the address was judged and somebody is there.
        `limit` is in bytes of the decoded body, of which `cut` keeps the beginning if there is more; `deadline` is in
        seconds for all of it, redirects included.
        Raises `Unreachable` and, as its kinds, `AddressRefused`, `TooLarge`, `TooSlow`.
        """
        read = functools.partial(_read, limit=limit, cut=cut)
        return await self._followed(url, accept, sign, deadline, read, once_connected)

    async def download(
        self, url: Uri, target: Path, *, accept: str, sign: Signer, limit: int, deadline: float
    ) -> Response:
        """GET an address into a file, of at most `limit` bytes; the answer's `body` stays empty.

        What is written is what was asked for only if the answer is `ok`. Otherwise as `fetch`.
        """
        return await self._followed(url, accept, sign, deadline, functools.partial(_save, limit=limit, target=target))

    async def post(
        self, url: Uri, body: bytes, headers: Mapping[str, str], *, deadline: float = DOCUMENT_SECONDS
    ) -> Response:
        """POST a body with headers that were made for this very address; redirects are returned, not followed.

        A redirected POST would carry a signature for another place. Raises as `fetch` does.
        """
        headers = {"Host": url.authority, **headers, "Content-Length": str(len(body))}
        try:
            async with asyncio.timeout(deadline):
                return await self._exchange("POST", url, headers, body, functools.partial(_read, limit=DOCUMENT_LIMIT))
        except TimeoutError:
            raise TooSlow from None

    async def tell(
        self, url: Uri, body: bytes, headers: Mapping[str, str], *, deadline: float = DOCUMENT_SECONDS
    ) -> Told:
        """As `post`, where the status is the whole answer: whatever follows it changes nothing, and is not kept."""
        headers = {"Host": url.authority, **headers, "User-Agent": self._user_agent, "Content-Length": str(len(body))}
        try:
            async with asyncio.timeout(deadline):
                return await self._transport.tell(url, headers, body)
        except TimeoutError:
            raise TooSlow from None

    async def close(self) -> None:
        """Close all connections."""
        await self._transport.aclose()
        if self._resolver is not None:
            self._resolver.close()

    async def _followed(
        self,
        url: Uri,
        accept: str,
        sign: Signer | None,
        deadline: float,
        read: _Reader,
        once_connected: Signer | None = None,
    ) -> Response:
        try:
            async with asyncio.timeout(deadline):
                for _ in range(MAX_REDIRECTS + 1):
                    headers = {"Host": url.authority, "Accept": accept, "Accept-Encoding": "gzip"}
                    if sign is not None:
                        headers |= sign(url)
                    response = await self._exchange("GET", url, headers, b"", read, once_connected)
                    if response.status not in _REDIRECTS or "location" not in response.headers:
                        return response
                    url = _redirected(url, response.headers["location"])
        except TimeoutError:
            raise TooSlow from None
        raise Unreachable("The other server redirects too often.", reason="too_many_redirects")

    async def _exchange(
        self,
        method: str,
        url: Uri,
        headers: Mapping[str, str],
        body: bytes,
        read: _Reader,
        once_connected: Signer | None = None,
    ) -> Response:
        request = httpx.Request(
            method,
            url.document.text,
            headers={**headers, "User-Agent": self._user_agent},
            content=body,
            extensions={"uri": url, "once_connected": once_connected},
        )
        answer = await self._transport.handle_async_request(request)
        assert isinstance(answer.stream, httpx.AsyncByteStream)
        try:
            return Response(
                final_url=url.document,
                status=answer.status_code,
                headers=dict(answer.headers),
                body=await read(answer.stream, answer.headers.get("content-encoding", "")),
            )
        finally:
            await answer.aclose()


async def _read(chunks: AsyncIterable[bytes], encoding: str, *, limit: int, cut: bool = False) -> bytes:
    return await http_bodies.read(chunks, encoding, limit, cut=cut)


async def _save(chunks: AsyncIterable[bytes], encoding: str, *, limit: int, target: Path) -> bytes:
    await http_bodies.save(chunks, encoding, limit, target)
    return b""


def open_client(*, private: Networks, user_agent: str) -> HttpClient:
    """Return a client for this process; `private` is the setting `allowed_private_addresses`. Costs 20 ms and more."""
    resolver = SystemResolver()
    return HttpClient(GuardedTransport(private, resolver, tls_context()), user_agent=user_agent, resolver=resolver)


def _redirected(url: Uri, location: str) -> Uri:
    """Return where a redirect leads: to a whole address or a path from the root, never from https to http."""
    if location.startswith("/"):
        location = f"{url.scheme}:{location}" if location.startswith("//") else url.origin + location
    try:
        target = uris.parse(location, fragment=True).document
    except uris.InvalidUriError as error:
        raise Unreachable("The other server redirects to nowhere.", reason="bad_redirect") from error
    if url.scheme == "https" and target.scheme != "https":
        raise Unreachable("The other server redirects to plain http.", reason="bad_redirect")
    return target
