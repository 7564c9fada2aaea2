"""Reading an answer's body: decoded as it arrives, and never more of it than the limit."""

import asyncio
import contextlib
import zlib
from collections.abc import AsyncIterable, AsyncIterator
from pathlib import Path

from fedi.services.http_errors import TooLarge, Unreachable

OF_NO_INTEREST = 65_536
"""Bytes that are read to keep a connection: more costs more than a new one."""
OF_NO_INTEREST_SECONDS = 1.0
_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS


async def read(chunks: AsyncIterable[bytes], encoding: str, limit: int, *, cut: bool = False) -> bytes:
    """Return the decoded body of at most `limit` bytes. Understands gzip and deflate.

    With `cut`, what is larger is not refused: the beginning is returned. Raises `TooLarge`, `Unreachable`.
    """
    body = bytearray()
    try:
        async for piece in _pieces(chunks, encoding, limit):
            body += piece
    except TooLarge:
        if not cut:
            raise
        return bytes(body[:limit])
    return bytes(body)


async def pass_over(chunks: AsyncIterable[bytes]) -> None:
    """Read an answer's rest that is of no interest, so that its connection may serve again; but not for long."""
    passed = 0
    with contextlib.suppress(Unreachable, TimeoutError):
        async with asyncio.timeout(OF_NO_INTEREST_SECONDS):
            async for chunk in chunks:
                passed += len(chunk)
                if passed > OF_NO_INTEREST:
                    return


async def save(chunks: AsyncIterable[bytes], encoding: str, limit: int, target: Path) -> None:
    """Write the decoded body of at most `limit` bytes to a file. Raises `TooLarge`, `Unreachable`."""
    with target.open("wb") as file:
        async for piece in _pieces(chunks, encoding, limit):
            await asyncio.to_thread(file.write, piece)


async def _pieces(chunks: AsyncIterable[bytes], encoding: str, limit: int) -> AsyncIterator[bytes]:
    """Yield what is decoded, at most a piece beyond `limit` before it is too large.

    Five megabytes of gzip can hold five gigabytes: the decoder is told how much it may make, chunk by chunk.
    """
    match encoding.strip().lower():
        case "" | "identity":
            decoder = None
        case "gzip" | "x-gzip" | "deflate":
            decoder = zlib.decompressobj(_GZIP_OR_ZLIB)
        case _:
            raise Unreachable("The answer is encoded in a way we did not ask for.")
    received = made = 0
    async for chunk in chunks:
        received += len(chunk)
        try:
            piece = chunk if decoder is None else decoder.decompress(chunk, limit + 1 - made)
        except zlib.error as error:
            raise Unreachable("The answer cannot be decoded.") from error
        made += len(piece)
        yield piece
        if max(received, made) > limit:
            raise TooLarge
    if decoder is not None and not decoder.eof and received:
        raise Unreachable("The answer ends too early.")
