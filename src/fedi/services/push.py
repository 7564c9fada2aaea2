"""Web push: one message to one browser or app, by way of the push service that it named (RFC 8030, RFC 8292)."""

from datetime import datetime, timedelta
from typing import Literal

import msgspec
from py_vapid import Vapid01, Vapid02

from fedi.activitypub.vocabulary import uris
from fedi.services import push_encryption
from fedi.services.http import HttpClient
from fedi.services.jobs import Job, job

TTL = timedelta(hours=48)
"""How long a push service keeps a message for somebody who is away. What is older is not sent at all."""
_TOKEN_LIFE = timedelta(hours=24)
_GONE = frozenset({404, 410})
_LATER = frozenset({408, 413, 429})

Outcome = Literal["sent", "gone", "later"]


@job("push.send", "push", attempts=6)
class SendPush(Job, frozen=True, kw_only=True):
    """A notification is to be pushed to who subscribed."""

    subscription_id: int
    notification_id: int


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """Where to push, and for whom. `standard` asks for RFC 8291; what is older for its draft."""

    endpoint: str
    p256dh: str
    auth: str
    standard: bool


async def send(
    http: HttpClient, target: Target, text: bytes, *, key: str, subject: str, now: datetime, unsubscribe: str
) -> Outcome:
    """Push a message. `gone`: the subscription is of no use any more; `later`: another try may succeed.

    `key` is the private half of this server's key, `subject` a URI by which whoever runs the push service finds out who
    runs this server. Raises `Unreachable`, and `InvalidUriError` and `BadKeys` for what should never have been stored.
    """
    endpoint = uris.parse(target.endpoint)
    to = push_encryption.receiver(target.p256dh, target.auth)
    claims = {"aud": endpoint.origin, "sub": subject, "exp": int((now + _TOKEN_LIFE).timestamp())}
    body, headers = _standard(text, to, key, claims) if target.standard else _legacy(text, to, key, claims)
    headers |= {
        "Content-Type": "application/octet-stream",
        "TTL": str(int(TTL.total_seconds())),
        "Urgency": "normal",
        "Unsubscribe-URL": unsubscribe,
    }
    return judge((await http.post(endpoint, body, headers)).status)


def judge(status: int) -> Outcome:
    """Return what the answer of a push service means. Like Mastodon it gives up a subscription that is refused."""
    if 200 <= status < 300:
        return "sent"
    if status in _GONE or (400 <= status < 500 and status not in _LATER):
        return "gone"
    return "later"


def _standard(
    text: bytes, to: push_encryption.Receiver, key: str, claims: dict[str, object]
) -> tuple[bytes, dict[str, str]]:
    signed = Vapid02.from_raw(key.encode()).sign(claims)
    return push_encryption.aes128gcm(text, to).body, {
        "Content-Encoding": "aes128gcm",
        "Authorization": signed["Authorization"],
    }


def _legacy(
    text: bytes, to: push_encryption.Receiver, key: str, claims: dict[str, object]
) -> tuple[bytes, dict[str, str]]:
    encrypted = push_encryption.aesgcm(text, to)
    signed = Vapid01.from_raw(key.encode()).sign(claims, f"dh={push_encryption.encoded(encrypted.public)}")
    return encrypted.body, {
        "Content-Encoding": "aesgcm",
        "Encryption": f"salt={push_encryption.encoded(encrypted.salt)}",
        "Crypto-Key": signed["Crypto-Key"],
        "Authorization": signed["Authorization"],
    }
