"""Where files are kept: a folder, behind a door that an object store fits as well.

A key is a path of our own making (`media/12/34.jpg`); what the outside calls a file never becomes part of one. Files
are written once and not changed, so they may be cached for ever.
"""

import asyncio
import contextlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from fedi.settings import Settings

_KEY = re.compile(r"[a-z0-9_-]+(/[a-z0-9_-]+)*(\.[a-z0-9]+)?")
MEDIA_TYPES = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "gif": "image/gif",
    "mp4": "video/mp4",
    "mp3": "audio/mpeg",
}
"""What may be kept, by the end of its key: nothing a browser would run, and nothing a peer would read as a document."""


class Storage(Protocol):
    """A door to files."""

    async def put(self, key: str, data: bytes) -> None:
        """Keep bytes under a key; they are on disk, or where they belong, when this returns."""

    async def put_file(self, key: str, source: Path) -> None:
        """Keep a file's content under a key. A key without an ending is for ourselves, and never shown."""

    async def get(self, key: str) -> bytes | None:
        """Return what is kept under a key, None if nothing is or the key is malformed."""

    async def fetch(self, key: str, target: Path) -> bool:
        """Copy what is kept under a key to a file; False if nothing is."""

    def path(self, key: str) -> Path | None:
        """Return where a file would lie that this server itself shows; None where another place shows it."""

    async def delete(self, key: str) -> None:
        """Forget what is kept under a key; nothing happens if there is nothing."""

    def url(self, key: str) -> str:
        """Return the address at which everybody finds what is kept under a key."""


class FolderStorage:
    """Files in a folder, served by this server under /media/."""

    def __init__(self, root: Path, base_url: str) -> None:
        self._root = root
        self._base_url = base_url

    async def put(self, key: str, data: bytes) -> None:
        """Keep bytes under a key. Raises ValueError for a key that is not of our form."""
        await asyncio.to_thread(_write, self._path(key), data)

    async def get(self, key: str) -> bytes | None:
        """Return what is kept under a key, None if nothing is or the key is malformed."""
        return await asyncio.to_thread(_read, self._path(key)) if well_formed(key) else None

    async def put_file(self, key: str, source: Path) -> None:
        """Keep a copy of a file under a key. Raises ValueError for a key that is not of our form."""
        await asyncio.to_thread(_copy, source, self._path(key))

    async def fetch(self, key: str, target: Path) -> bool:
        """Copy what is kept under a key to a file; False if nothing is."""
        return await asyncio.to_thread(_fetch, self._path(key), target)

    def path(self, key: str) -> Path | None:
        """Return where a file lies, if it is there; None for a malformed key."""
        return self._path(key) if well_formed(key) else None

    async def delete(self, key: str) -> None:
        """Forget what is kept under a key, and the folder of its own that it was in."""
        await asyncio.to_thread(_remove, self._path(key))

    def url(self, key: str) -> str:
        """Return the address of a file on this server."""
        return f"{self._base_url}/media/{key}"

    def _path(self, key: str) -> Path:
        if not well_formed(key):
            raise ValueError(f"{key!r} is not a storage key")
        return self._root / key


def open_storage(settings: Settings) -> Storage:
    """Return the store that the settings name; it connects when it is first used."""
    if settings.s3_enabled:
        from fedi.services.storage_s3 import S3Storage

        return S3Storage(settings)
    return FolderStorage(settings.data_dir / "media", settings.site.base_url)


def media_origin(settings: Settings) -> str:
    """Return scheme and host of files where they are shown by another host than this server's, else an empty text."""
    if not settings.s3_enabled:
        return ""
    from fedi.services.storage_s3 import base_url

    parts = urlsplit(base_url(settings))
    return f"{parts.scheme}://{parts.netloc}"


def media_type(key: str) -> str | None:
    """Return the type that a key promises, None if it is none that is kept here."""
    return MEDIA_TYPES.get(key.rpartition(".")[2])


def well_formed(key: str) -> bool:
    """Tell whether a text has the form of our keys."""
    return _KEY.fullmatch(key) is not None


def _write(path: Path, data: bytes) -> None:
    with _written(path) as temporary:
        temporary.write_bytes(data)


def _copy(source: Path, path: Path) -> None:
    with _written(path) as temporary:
        shutil.copyfile(source, temporary)


@contextlib.contextmanager
def _written(path: Path) -> Iterator[Path]:
    """Write beside the place and move there, so that nobody ever reads half a file, and a crash leaves none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)
    temporary = Path(name)
    try:
        yield temporary
        os.fsync(handle)
        temporary.chmod(0o644)
        temporary.replace(path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            temporary.unlink()
        raise
    finally:
        os.close(handle)


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        return None


def _fetch(path: Path, target: Path) -> bool:
    try:
        shutil.copyfile(path, target)
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        return False
    return True


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)
    with contextlib.suppress(OSError):  # another file of the same upload is still in it
        path.parent.rmdir()
