"""Where the embedded parts keep their files, who owns them, and the lock that keeps two supervisors apart.

PostgreSQL refuses to run as root. Started by root, the embedded parts therefore run as an unprivileged user; where that
user can reach neither the data directory nor the binaries (a checkout under /root), both are kept under /var/lib/fedi.
"""

import contextlib
import fcntl
import hashlib
import os
import pwd
import stat
import time
from pathlib import Path

import msgspec

from fedi.errors import ConfigurationError
from fedi.supervisor.processes import Owner

ELSEWHERE = Path("/var/lib/fedi")
UNPRIVILEGED = ("fedi", "postgres", "nobody")
SOCKET_PATH_LIMIT = 100
"""Bytes a socket's path may have (the kernel takes 107), name of the socket included."""


class Home(msgspec.Struct, frozen=True):
    """A place for the embedded parts: absolute, prepared, with the user that owns what is in it."""

    root: Path
    sockets: Path
    owner: Owner | None

    @property
    def postgres(self) -> Path:
        return self.root / "postgres"

    @property
    def valkey(self) -> Path:
        return self.root / "valkey"

    @property
    def logs(self) -> Path:
        return self.root / "log"

    @property
    def lock(self) -> Path:
        return self.root / "supervisor.lock"

    def own(self, path: Path) -> Path:
        """Make a directory that only its owner can enter, if it is not there yet, and return it."""
        path.mkdir(mode=0o700, exist_ok=True)
        state = path.lstat()
        trusted = {os.geteuid(), *([] if self.owner is None else [self.owner.uid])}
        if not stat.S_ISDIR(state.st_mode) or state.st_uid not in trusted:
            raise ConfigurationError(f"{path} belongs to another user")
        if self.owner is not None:
            os.chown(path, self.owner.uid, self.owner.gid)
        path.chmod(0o700)
        return path


def locate(data_dir: Path) -> Home:
    """Say where the embedded parts of `data_dir` live, without touching anything."""
    owner = _unprivileged() if os.geteuid() == 0 else None
    root = data_dir.absolute()
    if owner is not None:
        if not can_enter(owner, root):
            root = ELSEWHERE / str(root).strip("/").replace("/", "-")
        owner = _owner_of(root / "postgres") or owner
    sockets = root / "run"
    if len(os.fsencode(sockets / ".s.PGSQL.5432")) > SOCKET_PATH_LIMIT:
        digest = hashlib.sha256(os.fsencode(root)).hexdigest()[:12]
        sockets = Path("/tmp") / f"fedi-{os.geteuid()}-{digest}"
    return Home(root=root, sockets=sockets, owner=owner)


def prepare(data_dir: Path) -> Home:
    """Make the directories of `locate(data_dir)`. Raises ConfigurationError where that is not allowed."""
    home = locate(data_dir)
    try:
        home.root.mkdir(parents=True, exist_ok=True, mode=0o755 if home.owner else 0o700)
        for directory in (home.valkey, home.logs, home.sockets):
            home.own(directory)
    except OSError as error:
        raise ConfigurationError(f"cannot keep data in {home.root}: {error.strerror}") from error
    return home


def can_enter(owner: Owner, path: Path) -> bool:
    """Tell whether `owner` may pass every existing directory from the root down to `path`."""
    for directory in (path, *path.parents):
        try:
            state = directory.stat()
        except FileNotFoundError:
            continue
        if state.st_uid == owner.uid:
            needed = stat.S_IXUSR
        elif state.st_gid == owner.gid:
            needed = stat.S_IXGRP
        else:
            needed = stat.S_IXOTH
        if not state.st_mode & needed:
            return False
    return True


def _unprivileged() -> Owner:
    """Return the first of the users made for such work that this machine has."""
    for name in UNPRIVILEGED:
        with contextlib.suppress(KeyError):
            user = pwd.getpwnam(name)
            return Owner(user.pw_uid, user.pw_gid, user.pw_name)
    raise ConfigurationError(f"root needs one of the users {', '.join(UNPRIVILEGED)} to run PostgreSQL as")


def _owner_of(path: Path) -> Owner | None:
    """Return the user that existing data belongs to: it stays with them, whoever comes first in the list today."""
    with contextlib.suppress(FileNotFoundError, KeyError):
        user = pwd.getpwuid(path.stat().st_uid)
        if user.pw_uid != 0:
            return Owner(user.pw_uid, user.pw_gid, user.pw_name)
    return None


class Lock:
    """The right to run the embedded parts of one home; whoever holds its descriptor holds it.

    The children inherit the descriptor. After `kill -9` of a supervisor its successor gets the lock when the last child
    is gone, and not before: a dying Valkey would remove the socket that its successor has just opened.
    """

    def __init__(self, home: Home) -> None:
        self.descriptor = os.open(home.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def take(self, seconds: float) -> bool:
        """Wait for the lock; tell whether it was had. It is then marked with this process's id."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    return False
                time.sleep(0.02)
            else:
                os.ftruncate(self.descriptor, 0)
                os.pwrite(self.descriptor, str(os.getpid()).encode(), 0)
                return True

    def holder(self) -> int | None:
        """Return the process that took the lock last, if it is alive."""
        text = os.pread(self.descriptor, 20, 0)
        return int(text) if text.isdigit() and is_alive(int(text)) else None

    def release(self) -> None:
        """Let the lock go, once the children are gone too."""
        os.close(self.descriptor)


def is_alive(pid: int) -> bool:
    """Tell whether a process runs; a zombie, which only waits to be counted, does not."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] not in {"Z", "X"}
