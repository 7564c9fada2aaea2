"""The door to where files are kept: a folder (`storage_folder`) or an object store (`storage_s3`).

A key is a path of our own making (`media/12/34.jpg`); what the outside calls a file never becomes part of one. Files
are written once and not changed, so they may be cached for ever.
"""

import re
from pathlib import Path
from typing import Protocol

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


def media_type(key: str) -> str | None:
    """Return the type that a key promises, None if it is none that is kept here."""
    return MEDIA_TYPES.get(key.rpartition(".")[2])


def well_formed(key: str) -> bool:
    """Tell whether a text has the form of our keys."""
    return _KEY.fullmatch(key) is not None
