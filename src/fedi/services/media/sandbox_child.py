"""The child of `sandbox`: takes a task from its input, does it within limits, answers on its output, and ends."""

import ctypes
import logging
import os
import resource
import signal
import sys
from pathlib import Path

import msgspec

from fedi.errors import ClientError, Unavailable
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
    if task.work == "still":
        from fedi.services.media import young_pictures

        young_pictures.decode(Path(task.source), Path(task.folder) / "picture")
        return None
    from fedi.services.media import films

    assert task.container is not None
    return films.convert(Path(task.source), task.container, Path(task.folder))


if __name__ == "__main__":
    main()
