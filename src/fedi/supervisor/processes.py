"""Starts child processes whose lives are tied to their parent's.

A child gets a signal from the kernel when its parent is gone, however that went: `kill -9` of the supervisor leaves
nothing running. The kernel counts the *thread* that forked as the parent, so children are started from the main thread.
"""

import contextlib
import ctypes
import os
import resource
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from fedi.errors import ConfigurationError

_LIBC = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG = 1
_PR_SET_NAME = 15
POLL_SECONDS = 0.005
FILES = 65_536
LOG_LIMIT = 10_000_000
"""Bytes at which a log is put aside, at the next start; the one put aside before it goes."""


class Owner(msgspec.Struct, frozen=True):
    """The unprivileged user a child runs as when the supervisor is root."""

    uid: int
    gid: int
    name: str


def tie_to_parent(parent: int, death_signal: signal.Signals) -> None:
    """Ask the kernel to send this process `death_signal` when `parent` dies; called in the child, just after the fork.

    The parent may be gone already, in which case the signal would never come: hence the look at getppid. The signals
    the supervisor blocks, because it waits for them, are let through again.
    """
    signal.pthread_sigmask(signal.SIG_UNBLOCK, signal.valid_signals())
    if _LIBC.prctl(_PR_SET_PDEATHSIG, int(death_signal)) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")
    if os.getppid() != parent:
        os._exit(1)


def name_process(name: str) -> None:
    """Set the name under which `ps` and `top` show this process, 15 bytes at most."""
    _LIBC.prctl(_PR_SET_NAME, name.encode()[:15], 0, 0, 0)


def open_many_files() -> None:
    """Let this process hold as many sockets as it may, up to `FILES`.

    Everybody who listens to a stream holds one, and most systems begin with a limit of 1,024 that may be raised.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if hard == resource.RLIM_INFINITY else min(hard, FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def spawn(
    argv: Sequence[str | Path],
    *,
    log: Path,
    owner: Owner | None,
    death_signal: signal.Signals,
    keep: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Start a program in a session of its own, so that Ctrl-C in the terminal reaches the supervisor alone.

    `keep` are file descriptors the child holds open for as long as it lives. The user is set before the death signal,
    because setuid clears it; Popen does them in that order.
    """
    parent = os.getpid()
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.rename(log.with_suffix(".old"))
    with log.open("ab") as output:
        return subprocess.Popen(
            [str(part) for part in argv],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=tuple(keep),
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "TZ": "UTC"},
            cwd="/",
            user=None if owner is None else owner.uid,
            group=None if owner is None else owner.gid,
            extra_groups=None if owner is None else [],
            preexec_fn=lambda: tie_to_parent(parent, death_signal),
        )


def in_child(work: Callable[[], bool]) -> bool:
    """Return what some work answers that is done in a forked child, where the memory it takes goes with it.

    False where it fails. The parent must have a single thread.
    """
    parent = os.getpid()
    pid = os.fork()
    if pid:
        return os.waitpid(pid, 0)[1] == 0
    answer = False
    try:
        tie_to_parent(parent, signal.SIGKILL)
        answer = work()
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(not answer)


def stop(child: subprocess.Popen[bytes], gently: signal.Signals, seconds: float) -> None:
    """Ask a child to end, and end it if it has not done so after `seconds`."""
    if child.poll() is not None:
        return
    child.send_signal(gently)
    try:
        child.wait(seconds)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def wait_until(
    ready: Callable[[], bool], child: subprocess.Popen[bytes], log: Path, *, what: str, seconds: float
) -> None:
    """Return as soon as `ready()` holds. Raises ConfigurationError, with the child's last words, when it never will."""
    deadline = time.monotonic() + seconds
    while not ready():
        if child.poll() is not None:
            raise ConfigurationError(f"{what} did not start: {last_words(log)}")
        if time.monotonic() > deadline:
            child.kill()
            raise ConfigurationError(f"{what} was not ready after {seconds:.0f} s: {last_words(log)}")
        time.sleep(POLL_SECONDS)


def last_words(log: Path) -> str:
    """Return the last line of a log that says something, and where the rest stands."""
    return f"{last_lines(log, 1) or 'it said nothing'} (more in {log})"


def last_lines(log: Path, number: int) -> str:
    """Return the last lines of a log that say something."""
    with contextlib.suppress(OSError):
        return "\n".join([line for line in log.read_text(errors="replace").splitlines() if line.strip()][-number:])
    return ""
