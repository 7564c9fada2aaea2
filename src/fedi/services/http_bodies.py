"""Reading an answer's body: decoded as it arrives, and never more of it than the limit."""

import zlib
from collections.abc import AsyncIterable

from fedi.services.http_errors import TooLarge, Unreachable

_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS


async def read(chunks: AsyncIterable[bytes], encoding: str, limit: int, *, cut: bool = False) -> bytes:
    """Return the decoded body of at most `limit` bytes. Understands gzip and deflate.

    Five megabytes of gzip can hold five gigabytes: the decoder is told how much it may make, chunk by chunk.
    With `cut`, what is larger is not refused: the beginning is returned. Raises `TooLarge`, `Unreachable`.
    """
    match encoding.strip().lower():
        case "" | "identity":
            decoder = None
        case "gzip" | "x-gzip" | "deflate":
            decoder = zlib.decompressobj(_GZIP_OR_ZLIB)
        case _:
            raise Unreachable("The answer is encoded in a way we did not ask for.")
    body = bytearray()
    received = 0
    async for chunk in chunks:
        received += len(chunk)
        try:
            body += chunk if decoder is None else decoder.decompress(chunk, limit + 1 - len(body))
        except zlib.error as error:
            raise Unreachable("The answer cannot be decoded.") from error
        if max(received, len(body)) > limit:
            if cut:
                return bytes(body[:limit])
            raise TooLarge
    if decoder is not None and not decoder.eof and received:
        raise Unreachable("The answer ends too early.")
    return bytes(body)
