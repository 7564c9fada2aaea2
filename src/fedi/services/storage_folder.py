"""Files in a folder, shown by this server itself."""

import asyncio
import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from fedi.errors import Unavailable, is_full
from fedi.services.storage import well_formed


class FolderStorage:
    """Files in a folder, served by this server under /media/."""

    def __init__(self, root: Path, base_url: str) -> None:
        self._root = root
        self._base_url = base_url

    async def put(self, key: str, data: bytes) -> None:
        """Keep bytes under a key. Raises ValueError for a key that is not of our form, Unavailable on a full disk."""
        await asyncio.to_thread(_write, self._path(key), data)

    async def get(self, key: str) -> bytes | None:
        """Return what is kept under a key, None if nothing is or the key is malformed."""
        return await asyncio.to_thread(_read, self._path(key)) if well_formed(key) else None

    async def put_file(self, key: str, source: Path) -> None:
        """Keep a copy of a file under a key. Raises as `put` does."""
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


def _write(path: Path, data: bytes) -> None:
    with _written(path) as temporary:
        temporary.write_bytes(data)


def _copy(source: Path, path: Path) -> None:
    with _written(path) as temporary:
        shutil.copyfile(source, temporary)


@contextlib.contextmanager
def _written(path: Path) -> Iterator[Path]:
    """Write beside the place and move there, so that nobody ever reads half a file, and a crash leaves none."""
    try:
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
    except OSError as error:
        if is_full(error):
            raise Unavailable(f"there is no room for files: {error}") from error
        raise


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
