"""Work on files that may do anything to who reads them: done in a process of its own, within limits.

A decoder that loops, eats all memory or is taken over stops with its process; the server goes on. The child gets no
secret (its environment is empty), no network address to follow, and one folder to write to; where the kernel can, there
are `walls` around it.
"""

import asyncio
import contextlib
import logging
import os
import sys
import tempfile
from pathlib import Path
from typing import Literal

import msgspec

import fedi
from fedi.errors import ClientError, Unavailable
from fedi.services.media.made import Made, Refused
from fedi.services.media.sniffing import Container

FILM_SECONDS = 600.0
STILL_SECONDS = 20.0
CHILD = ["-m", "fedi.services.media.sandbox_child"]
_UNREADABLE = "Validation failed: File could not be processed"
_log = logging.getLogger(__name__)


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """What a child is to do: write `source` anew into `folder`. `seconds` are of processor time."""

    work: Literal["film", "still"]
    source: str
    folder: str
    container: Container | None = None
    seconds: int


async def converted(source: Path, container: Container, folder: Path, *, seconds: float = FILM_SECONDS) -> Made:
    """Write a film or sound anew into `folder`. Raises ClientError if it is refused, or cannot be read in time."""
    task = Task(work="film", source=str(source), folder=str(folder), container=container, seconds=int(2 * seconds))
    answer = await _run(task, seconds)
    try:
        return msgspec.json.decode(answer, type=Made)
    except msgspec.DecodeError:
        raise ClientError(_reason(answer)) from None


async def decoded(data: bytes) -> bytes:
    """Return an AVIF or HEIC picture as a JPEG or PNG. Raises ClientError as `converted`."""
    with tempfile.TemporaryDirectory(prefix="fedi-") as name:
        folder = Path(name)
        await asyncio.to_thread((folder / "source").write_bytes, data)
        task = Task(work="still", source=str(folder / "source"), folder=name, seconds=int(STILL_SECONDS))
        answer = await _run(task, STILL_SECONDS)
        picture = folder / "picture"
        if not await asyncio.to_thread(picture.is_file):
            raise ClientError(_reason(answer))
        return await asyncio.to_thread(picture.read_bytes)


async def _run(task: Task, seconds: float) -> bytes:
    """Run a child, and return what it answers: nothing if it broke or was stopped.

    Raises Unavailable where the child found no room: that is no fault of the file, which may be read later.
    """
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        *CHILD,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=_environment(),
    )
    try:
        async with asyncio.timeout(seconds):
            answer, _ = await child.communicate(msgspec.json.encode(task))
    except TimeoutError:
        _log.info("a file took longer than %.0f s and is refused", seconds)
        return b""
    finally:
        if child.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                child.kill()
            await child.wait()
    if child.returncode == os.EX_TEMPFAIL:
        raise Unavailable("there is no room for files")
    if child.returncode:
        _log.info("a file broke what read it (exit code %s) and is refused", child.returncode)
    return answer


def _environment() -> dict[str, str]:
    places = [str(Path(fedi.__file__).parents[1])]
    return {
        "PATH": os.defpath,
        "PYTHONPATH": os.pathsep.join(places),
        "MALLOC_ARENA_MAX": "2",
        "LANG": "C.UTF-8",
    }


def _reason(answer: bytes) -> str:
    try:
        return msgspec.json.decode(answer, type=Refused).refused
    except msgspec.DecodeError:
        return _UNREADABLE
