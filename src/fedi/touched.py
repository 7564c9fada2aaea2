"""What a folded batch changed of what is shown: the projector tells it in its commit to whoever remembers what it read.

It is sent on a Postgres channel, so it is heard exactly when the batch can be seen, in the order of commits.
"""

from collections.abc import Iterable, Iterator

import msgspec

CHANNEL = "fedi_views"
"""The Postgres channel on which every commit of the projector is told."""
MOST = 2_000
"""Ids that are told of a batch; where there are more, everything is to be forgotten."""
_PART = 300
"""Ids in one notification: Postgres takes up to 8,000 bytes."""


class Touched(msgspec.Struct, frozen=True, array_like=True, omit_defaults=True):
    """By ids: whose rows or numbers changed, and for whom something looks otherwise than before.

    `published` are posts that were not there before: nobody has done anything with them yet. `readers` did something to
    posts, or stand otherwise to somebody. `everything` is what no ids can tell.
    """

    statuses: tuple[int, ...] = ()
    accounts: tuple[int, ...] = ()
    readers: tuple[int, ...] = ()
    published: tuple[int, ...] = ()
    everything: bool = False


EVERYTHING = Touched(everything=True)


class Told(msgspec.Struct, frozen=True, array_like=True):
    """The views went from the position `before` to `position`; a batch of many parts goes all the way with its last."""

    before: int
    position: int
    touched: Touched = Touched()


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Told).decode


def payloads(before: int, position: int, touched: Touched) -> list[str]:
    """Return what is told of a batch, as notifications to be sent in this order."""
    parts = list(_parts(touched))
    goals = [*(before for _ in parts[1:]), position]
    return [_encode(Told(before, goal, part)).decode() for goal, part in zip(goals, parts, strict=True)]


def understood(payload: str) -> Told:
    """Return what a notification says. Raises msgspec.DecodeError."""
    return _decode(payload)


def _parts(touched: Touched) -> Iterator[Touched]:
    ids = len(touched.statuses) + len(touched.accounts) + len(touched.readers) + len(touched.published)
    if ids <= _PART:
        yield touched
        return
    if ids > MOST:
        yield EVERYTHING
        return
    yield from (Touched(statuses=some) for some in _cut(touched.statuses))
    yield from (Touched(accounts=some) for some in _cut(touched.accounts))
    yield from (Touched(readers=some) for some in _cut(touched.readers))
    yield from (Touched(published=some) for some in _cut(touched.published))


def _cut(ids: tuple[int, ...]) -> Iterable[tuple[int, ...]]:
    return (ids[start : start + _PART] for start in range(0, len(ids), _PART))
