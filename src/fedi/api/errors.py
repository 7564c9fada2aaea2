"""What clients are told when something fails: Mastodon's statuses and texts, and nothing of ours.

Every failure of a request passes `reply_to`. What is not expected here is our own fault: logged whole, told as 500. A
table or column that is not there is expected: at a server's first start, and at the first of a new version, requests
come before the projector has made the views.
"""

import logging
from collections.abc import Mapping
from typing import Literal

import msgspec
from psycopg import OperationalError
from psycopg_pool import PoolTimeout
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from fedi.errors import ClientError, PeerError, Unavailable, is_full
from fedi.registry.grants import GrantError
from fedi.sql import OTHER_VIEWS

log = logging.getLogger(__name__)
AWAY = (OperationalError, PoolTimeout, *OTHER_VIEWS, RedisConnectionError, RedisTimeoutError)

Code = Literal[
    "ERR_BLOCKED",
    "ERR_UNREACHABLE",
    "ERR_TAKEN",
    "ERR_RESERVED",
    "ERR_ACCEPTED",
    "ERR_BLANK",
    "ERR_INVALID",
    "ERR_TOO_LONG",
    "ERR_TOO_SHORT",
    "ERR_INCLUSION",
    "ERR_BELOW_LIMIT",
]


class Detail(msgspec.Struct, frozen=True):
    """One thing that is wrong with one field."""

    error: Code
    description: str


class InvalidError(ClientError):
    """Validation failed"""

    def __init__(self, message: str, details: Mapping[str, list[Detail]]) -> None:
        super().__init__(f"Validation failed: {message}")
        self.details = details


class AuthError(ClientError):
    """The access token is invalid"""

    status = 401


class ForbiddenError(ClientError):
    """This action is not allowed"""

    status = 403


class Failure(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The body of every failed answer."""

    error: str
    error_description: str | msgspec.UnsetType = msgspec.UNSET
    details: Mapping[str, list[Detail]] | msgspec.UnsetType = msgspec.UNSET


class Failed(msgspec.Struct, frozen=True, kw_only=True):
    """A failed answer."""

    status: int
    body: Failure
    headers: Mapping[str, str] = {}


def reply_to(error: Exception, request_id: str) -> Failed:
    """Return the answer to a request that failed with this error; our own faults are logged under the request's id."""
    match error:
        case AuthError():
            challenge = f'Bearer realm="fedi", error="invalid_token", error_description="{error}"'
            return _failed(error.status, str(error), {"WWW-Authenticate": challenge})
        case GrantError():
            return Failed(status=error.status, body=Failure(error=error.error, error_description=str(error)))
        case InvalidError():
            return Failed(status=error.status, body=Failure(error=str(error), details=error.details))
        case ClientError():
            return _failed(error.status, str(error))
        case PeerError():
            return _failed(503, "Remote data could not be fetched")
        case Unavailable():
            return _away(error.retry_after)
        case OSError() if is_full(error):
            log.error("request %s: a disk is full: %s", request_id, error)
            return _away(Unavailable.retry_after)
        case _ if isinstance(error, AWAY):
            log.warning("request %s: a store is away: %s", request_id, error)
            return _away(Unavailable.retry_after)
    log.error("request %s failed", request_id, exc_info=error)
    return _failed(500, "Something went wrong on our side")


def _failed(status: int, text: str, headers: Mapping[str, str] | None = None) -> Failed:
    return Failed(status=status, body=Failure(error=text), headers=headers or {})


def _away(seconds: int) -> Failed:
    text = "There was a temporary problem serving your request, please try again"
    return _failed(503, text, {"Retry-After": str(seconds)})
