"""The roles as child processes: forked from a parent that has imported everything, started again when they die.

Forking after the imports lets the children share that memory, and they serve half a second earlier than spawned ones.
The parent must have a single thread when it forks.
"""

import logging
import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterable

import msgspec

from fedi.supervisor.processes import name_process, open_many_files, tie_to_parent

log = logging.getLogger(__name__)

FIRST_DELAY = 0.1
LONGEST_DELAY = 15.0
STEADY_SECONDS = 20.0
"""A worker that lived so long has started well: the next delay is the first one again."""


class Role(msgspec.Struct, frozen=True):
    """A process to be kept running; `run` returns, or raises, when it is over."""

    name: str
    run: Callable[[], None]


class Worker(msgspec.Struct):
    """A role and its process, or the moment at which it is to be started."""

    role: Role
    pid: int | None = None
    started: float = 0.0
    due: float = 0.0
    failures: int = 0


class Workers:
    """Keeps one process for each role."""

    def __init__(self, roles: Iterable[Role]) -> None:
        self._workers = [Worker(role) for role in roles]

    def start_due(self) -> None:
        """Start what is not running and whose time has come."""
        for worker in self._workers:
            if worker.pid is None and time.monotonic() >= worker.due:
                worker.pid = _fork(worker.role)
                worker.started = time.monotonic()

    def next_due(self) -> float | None:
        """Return the seconds until something is to be started; None while everything runs."""
        waiting = [worker.due for worker in self._workers if worker.pid is None]
        return max(0.0, min(waiting) - time.monotonic()) if waiting else None

    def reap(self) -> None:
        """Take note of the workers that have ended, and plan when they start again."""
        for worker in self._workers:
            if worker.pid is None:
                continue
            pid, status = os.waitpid(worker.pid, os.WNOHANG)
            if pid == 0:
                continue
            steady = time.monotonic() - worker.started > STEADY_SECONDS
            worker.failures = 1 if steady else worker.failures + 1
            delay = min(LONGEST_DELAY, FIRST_DELAY * 2 ** (worker.failures - 1)) * random.uniform(0.8, 1.2)
            worker.pid, worker.due = None, time.monotonic() + delay
            log.warning("%s ended (%s); starting it again in %.1f s", worker.role.name, _reason(status), delay)

    def stop(self, seconds: float) -> None:
        """Ask all workers to end, and end after `seconds` those that have not."""
        deadline = time.monotonic() + seconds
        self._signal(signal.SIGTERM)
        while any(self._running()) and time.monotonic() < deadline:
            time.sleep(0.01)
        for name in self._running():
            log.warning("%s did not end within %.0f s", name, seconds)
        self._signal(signal.SIGKILL)
        for worker in self._workers:
            if worker.pid is not None:
                os.waitpid(worker.pid, 0)
                worker.pid = None

    def _signal(self, number: signal.Signals) -> None:
        for worker in self._workers:
            if worker.pid is not None:
                os.kill(worker.pid, number)

    def _running(self) -> list[str]:
        for worker in self._workers:
            if worker.pid is not None and os.waitpid(worker.pid, os.WNOHANG)[0]:
                worker.pid = None
        return [worker.role.name for worker in self._workers if worker.pid is not None]


def _fork(role: Role) -> int:
    parent = os.getpid()
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        # A worker has nothing to lose: what it was doing is not acknowledged, or is done again.
        tie_to_parent(parent, signal.SIGKILL)
        name_process(f"fedi {role.name}")
        open_many_files()
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the supervisor, which then asks us
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        role.run()
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _reason(status: int) -> str:
    code = os.waitstatus_to_exitcode(status)
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name
