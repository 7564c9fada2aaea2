"""How answers are written: one JSON encoder, and one form for times."""

from datetime import UTC, datetime

import msgspec

_ENCODER = msgspec.json.Encoder()


def encode(body: object) -> bytes:
    """Return a body as JSON; `msgspec.Raw` goes through as it is."""
    return _ENCODER.encode(body)


def timestamp(moment: datetime) -> str:
    """Return a time as Mastodon writes it: UTC, always three decimals, Z. Some clients parse nothing else.

    Entities declare their times as str and fill them from here, because the encoder alone writes six decimals or none.
    """
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"
