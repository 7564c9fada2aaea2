"""Files in requests: they are spooled to disk by then, and refused by size before they are read."""

import asyncio
import contextlib
import shutil
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

from starlette.datastructures import UploadFile

from fedi.errors import ClientError


async def content(file: UploadFile | None, limit: int) -> bytes | None:
    """Return the bytes of an upload, None where there is none. Raises ClientError above `limit` bytes."""
    if file is None:
        return None
    _check(file, limit)
    return await file.read()


@contextlib.asynccontextmanager
async def on_disk(file: UploadFile, limit: int) -> AsyncIterator[Path]:
    """Yield the path of an upload's bytes, which are gone afterwards. Raises ClientError above `limit` bytes."""
    _check(file, limit)
    with tempfile.TemporaryDirectory(prefix="fedi-") as folder:
        path = Path(folder) / "upload"
        await asyncio.to_thread(_copy, file, path)
        yield path


def _check(file: UploadFile, limit: int) -> None:
    if (file.size or 0) > limit:
        raise ClientError(f"Validation failed: File file size must be less than {limit // 1024 // 1024} MB")


def _copy(file: UploadFile, path: Path) -> None:
    file.file.seek(0)
    with path.open("wb") as target:
        shutil.copyfileobj(file.file, target)
