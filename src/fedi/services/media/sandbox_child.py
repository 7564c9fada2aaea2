"""The child of `sandbox`: takes a task from its input, does it within limits and walls, answers on its output, ends."""

import ctypes
import logging
import os
import resource
import signal
import sys
from pathlib import Path

import msgspec

import fedi
from fedi.errors import ClientError, Unavailable
from fedi.services.media import walls
from fedi.services.media.made import Made, Refused
from fedi.services.media.sandbox import Task

MEMORY = 2 << 30
"""Bytes of address space: a film of the largest frames takes about half of it."""
FILE_SIZE = 400 << 20
FILES = 64
_PR_SET_PDEATHSIG = 1


def main() -> None:
    """Do one task."""
    logging.disable()
    task = msgspec.json.decode(sys.stdin.buffer.read(), type=Task)
    _limit(task.seconds)
    answer: Made | Refused | None
    try:
        answer = _do(task)
    except ClientError as error:
        answer = Refused(refused=str(error))
    except Unavailable:
        sys.exit(os.EX_TEMPFAIL)
    sys.stdout.buffer.write(msgspec.json.encode(answer))


def _limit(seconds: int) -> None:
    """Live no longer than who asked (prctl(2)), and take no more than is due."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    for kind, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, FILE_SIZE),
        (resource.RLIMIT_NOFILE, FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))


def _do(task: Task) -> Made | None:
    source, folder = Path(task.source), Path(task.folder)
    if task.work == "still":
        from fedi.services.media import young_pictures

        _wall_in(source, folder)
        young_pictures.decode(source, folder / "picture")
        return None
    from fedi.services.media import films

    assert task.container is not None
    _wall_in(source, folder)
    return films.convert(source, task.container, folder)


def _wall_in(source: Path, folder: Path) -> None:
    """Leave in reach what is to be read and written, and the program itself: some of it is loaded when it is needed."""
    program = [Path(sys.prefix), Path(sys.base_prefix), Path(fedi.__file__).parent]
    walls.put_up(readable=[source, *program], writable=[folder])


if __name__ == "__main__":
    main()
