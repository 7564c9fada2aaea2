"""Files in requests, read whole: they are spooled to disk by then, and refused by size before they are read."""

from starlette.datastructures import UploadFile

from fedi.errors import ClientError


async def content(file: UploadFile | None, limit: int) -> bytes | None:
    """Return the bytes of an upload, None where there is none. Raises ClientError above `limit` bytes."""
    if file is None:
        return None
    if (file.size or 0) > limit:
        raise ClientError(f"Validation failed: File file size must be less than {limit // 1024 // 1024} MB")
    return await file.read()
