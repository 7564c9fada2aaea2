"""Puts Linked Data Signatures on what is sent, so that relays and others may pass it on in its author's name.

Only what is addressed to the public gets one, and of that only what Mastodon signs too: posts, boosts and profiles,
their changes and ends. Where documents are only for those who sign for them, nothing may be shown to anybody else, so
only ends are signed there.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

import msgspec

from fedi.activitypub.signatures import PrivateKey
from fedi.activitypub.signatures.linked_data import NotLinkedError, linked
from fedi.activitypub.vocabulary.visibility import PUBLIC, normal_audience
from fedi.clock import Clock

KEPT = 512
"""Signed activities that are remembered: one post goes to many hosts, and is to be the same everywhere."""

_NEWS = frozenset({"Announce", "Create", "Update"})

_log = logging.getLogger(__name__)


class _Signed(msgspec.Struct, frozen=True):
    key: PrivateKey
    body: bytes


class Linking:
    """Signs activities, one at a time, each once; `ends_only` where no posts may be passed on."""

    def __init__(self, clock: Clock, *, ends_only: bool = False) -> None:
        self._clock = clock
        self._ends_only = ends_only
        self._signed: OrderedDict[int, _Signed] = OrderedDict()
        self._complained: set[str] = set()
        self._one = asyncio.Lock()

    async def body(self, position: int, body: bytes, key_id: str, key: PrivateKey) -> bytes:
        """Return the bytes to send for the activity at a position: signed, or as they are."""
        document = msgspec.json.decode(body)
        if not may_be_passed_on(document, ends_only=self._ends_only):
            return body
        async with self._one:  # a hundred hosts come for a new post at once, and one of them makes the signature
            known = self._signed.get(position)
            if known is None or known.key is not key:
                known = _Signed(key, await asyncio.to_thread(self._sign, document, body, key_id, key))
                self._signed[position] = known
            self._signed.move_to_end(position)
            if len(self._signed) > KEPT:
                self._signed.popitem(last=False)
        return known.body

    def _sign(self, document: Mapping[str, Any], body: bytes, key_id: str, key: PrivateKey) -> bytes:
        try:
            return msgspec.json.encode(linked(document, key_id=key_id, key=key, now=self._clock()))
        except NotLinkedError as error:
            if str(error) not in self._complained:
                self._complained.add(str(error))
                _log.warning("sent without a Linked Data Signature, for want of a context: %s", error)
            return body


def may_be_passed_on(activity: Mapping[str, Any], *, ends_only: bool = False) -> bool:
    """Tell whether an activity is for everybody, and of a kind that others pass on."""
    if PUBLIC not in {*normal_audience(activity.get("to")), *normal_audience(activity.get("cc"))}:
        return False
    kind, about = activity.get("type"), activity.get("object")
    if kind == "Undo":
        return isinstance(about, dict) and about.get("type") == "Announce"
    return kind == "Delete" or (not ends_only and kind in _NEWS)
