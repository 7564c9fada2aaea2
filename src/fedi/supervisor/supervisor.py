"""Keeps a set of roles and the embedded parts running until it is told to stop.

It waits for signals rather than handling them, so nothing ever runs in between.
"""

import logging
import signal
import time
from collections.abc import Callable, Sequence

import psycopg

from fedi.errors import ConfigurationError
from fedi.sql import said
from fedi.supervisor.embedded import Embedded
from fedi.supervisor.workers import Role, Workers

log = logging.getLogger(__name__)

TELLS_TO_STOP = frozenset({signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
AWAITED = TELLS_TO_STOP | {signal.SIGCHLD}
STOP_SECONDS = 2.0
LOOK_SECONDS = 5.0
REVIVE_SECONDS = 5.0
"""How long to wait before a part that could not be started is tried again."""


def supervise(
    roles: Sequence[Role], embedded: Embedded | None, *, ready: Callable[[], bool], announce: Callable[[], None]
) -> None:
    """Run the roles until SIGINT, SIGTERM or SIGHUP, then stop them; the embedded parts are left to the caller.

    `announce` is called once, when `ready` first holds. The signals stay blocked when this returns: an impatient
    second Ctrl-C must not keep the caller from stopping the rest.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, AWAITED)
    workers = Workers(roles)
    announced, revival_due = False, 0.0
    try:
        while True:
            workers.start_due()
            if not announced and ready():
                announced = True
                announce()
            if _await_signal(workers.next_due(), announced=announced) in TELLS_TO_STOP:
                return
            workers.reap()
            if embedded is not None and time.monotonic() >= revival_due and not _revive(embedded):
                revival_due = time.monotonic() + REVIVE_SECONDS
    finally:
        workers.stop(STOP_SECONDS)


def _await_signal(seconds: float | None, *, announced: bool) -> int | None:
    """Wait for a signal, but no longer than until something is to be done."""
    patience = LOOK_SECONDS if announced else 0.01
    received = signal.sigtimedwait(AWAITED, patience if seconds is None else min(seconds, patience))
    return None if received is None else received.si_signo


def _revive(embedded: Embedded) -> bool:
    """Start the embedded parts that have died; tell whether all are up."""
    try:
        for name in embedded.restart_dead():
            log.warning("%s had ended and was started again", name)
    except (ConfigurationError, OSError, psycopg.Error) as error:
        # Whatever keeps them from starting, a full disk or a crash once more, may pass: the roles wait meanwhile.
        log.error("a part does not start: %s", said(error))
        return False
    return True
