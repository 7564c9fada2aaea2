"""Where the servers that tests start keep their files.

In memory where there is room: each database is 700 small files, and a disk's file system takes longer to make and
remove them than PostgreSQL takes for all else.
"""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from fedi.supervisor.home import is_alive

MEMORY = Path("/dev/shm")
ROOM = 2 << 30
"""Bytes that must be free there. A run needs some hundred million."""


@contextlib.contextmanager
def directory(*, on_disk: bool = False) -> Iterator[Path]:
    """Yield a directory that any user may enter, with a short path, and remove it afterwards."""
    place = None if on_disk or not _roomy() else MEMORY
    with tempfile.TemporaryDirectory(prefix=f"fedi-test-{os.getpid()}-", dir=place) as made:
        Path(made).chmod(0o711)
        yield Path(made)


def _roomy() -> bool:
    """Tell whether memory may be used as a disk: containers often have but little of it."""
    if not MEMORY.is_dir():
        return False
    for left in MEMORY.glob("fedi-test-*-*"):  # by runs that were killed
        if not is_alive(int(left.name.split("-")[2])):
            shutil.rmtree(left, ignore_errors=True)
    return shutil.disk_usage(MEMORY).free >= ROOM
