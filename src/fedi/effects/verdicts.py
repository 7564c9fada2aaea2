"""What an answer to a delivery means, and how long to wait after a failure. Pure.

From contracts: success is any 2xx; a signature that is not liked is answered with 400, 401, 403, 404 (Threads) or 410,
so those count only once both forms of signature were tried (ActivityPub HTTP Signatures report §"double-knocking").
"""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Literal

Verdict = Literal["delivered", "refused", "later"]

LIFE = timedelta(days=14)
"""How long after it was said an activity is still worth delivering."""
BREAKER_OPENS = 5
"""Failures in a row after which a host is only probed."""
FIRST_PAUSES = (15.0, 60.0, 240.0, 600.0)
PROBE_PAUSE = 1800.0
PROBE_GROWTH = 1.15
LONGEST_PAUSE = 21_600.0
JITTER = 0.1
LONGEST_OBEYED = timedelta(days=1)
"""A Retry-After beyond this is cut: the host may be wrong, and the activity would expire."""

_KNOCK_AGAIN = frozenset({400, 401, 403, 404, 410})
_TRY_LATER = frozenset({401, 408, 429})


def may_dislike_form(status: int) -> bool:
    """Tell whether the same request, signed in the other form, might be answered differently."""
    return status in _KNOCK_AGAIN


def judge(status: int) -> Verdict:
    """Return what a final status means. Redirects are tried again later: a POST is never sent elsewhere (S-034)."""
    if 200 <= status < 300:
        return "delivered"
    if status in _TRY_LATER or 300 <= status < 400 or (status >= 500 and status != 501):
        return "later"
    return "refused"


def pause(failures: int, jitter: float) -> timedelta:
    """Return how long to wait after so many failures in a row; `jitter` is 0 to 1 and only ever lengthens it.

    From the fifth on a host is probed, every 30 minutes at first and less often the longer it is away.
    """
    if failures < BREAKER_OPENS:
        seconds = FIRST_PAUSES[max(failures, 1) - 1]
    else:
        seconds = min(PROBE_PAUSE * PROBE_GROWTH ** min(failures - BREAKER_OPENS, 100), LONGEST_PAUSE)
    return timedelta(seconds=seconds * (1 + JITTER * jitter))


def retry_after(header: str, now: datetime) -> timedelta:
    """Return how long a Retry-After header (RFC 9110 §10.2.3) asks to wait: seconds or a date; zero if unreadable."""
    if re.fullmatch(r"[0-9]{1,9}", header):
        asked = timedelta(seconds=int(header))
    else:
        try:
            date = parsedate_to_datetime(header)
        except ValueError:
            return timedelta(0)
        asked = (date if date.tzinfo else date.replace(tzinfo=UTC)) - now
    return max(timedelta(0), min(asked, LONGEST_OBEYED))
