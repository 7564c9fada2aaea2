"""The id by which a request is found again in the logs: the one a proxy gave it, or a new one."""

import re
import secrets

_NOT_AN_ID = re.compile(r"[^\w-]", re.ASCII)


def request_id(given: str) -> str:
    """Return what `X-Request-Id` says, cleaned as Rails does; a new id where it says nothing."""
    return _NOT_AN_ID.sub("", given)[:128] or secrets.token_hex(16)
