"""Who signed? Finds the key that a signature names, and checks the signature with it.

Keys are kept as objects in memory, so that most requests cost no query; what is not there is asked of the views, and
then of the key's owner (`resolve`, which does so at most once a minute for each key). A known key that does not fit is
asked for again once: people change servers' keys without saying so (contract ActivityPub §4).
"""

from collections import Counter, OrderedDict
from collections.abc import Callable
from datetime import datetime
from time import monotonic
from typing import Protocol

import msgspec

from fedi.activitypub import resolve
from fedi.activitypub.resolve import Gone, SigningKey
from fedi.activitypub.signatures import PublicKey, SignatureClaim, SignatureError, load_public_key, verify
from fedi.activitypub.vocabulary.uris import Uri
from fedi.errors import PeerError, Unavailable
from fedi.log.drafts import Draft

REMEMBERED = 20_000
REMEMBERED_SECONDS = 300.0
"""Another process may have learnt of a new key: after this the views are asked again."""
FETCHES = 256
FETCHES_PER_CALLER = 32
KEY_GONE = "key_gone"
MAY_PASS = 503
_PASSING = frozenset({"asked_too_often", "fetch_refused", "too_slow", "unreachable"})
"""Why a key could not be had that a sender should try again for; the rest is an answer."""


class Keys(Protocol):
    """Where keys come from."""

    async def known(self, key_id: Uri) -> SigningKey | None:
        """Return a key that the views know."""

    async def fetch(self, key_id: Uri, *, again: bool) -> SigningKey:
        """Ask the owner for it, `again` if what was known does not fit; raises `PeerError`."""

    def asked_lately(self, key_id: Uri, *, again: bool) -> bool:
        """Tell whether what `fetch` returns may be a little old."""


class ResolvedKeys:
    """Keys as `resolve` finds them."""

    def __init__(self, means: resolve.Means) -> None:
        self._means = means

    async def known(self, key_id: Uri) -> SigningKey | None:
        return await resolve.known_key(self._means, key_id)

    async def fetch(self, key_id: Uri, *, again: bool) -> SigningKey:
        return await resolve.fetch_key(self._means, key_id, again=again)

    def asked_lately(self, key_id: Uri, *, again: bool) -> bool:
        return resolve.asked_lately(self._means, key_id, again=again)


class NoKeyError(PeerError):
    """The key that signed cannot be had from its owner."""

    status = 401


class KeyMayBeNew(PeerError):
    """The signature does not hold by the key that its owner had a moment ago; come again, perhaps it is another now.

    Not 401, which many take for final, and not 503: nothing is wrong here, and whoever forges must not make it seem so.
    """

    status = 429
    reason = "key_asked_lately"


class TooManyKeys(PeerError):
    """Too many of your keys are being looked up at the moment."""

    status = 429
    reason = "too_many_keys"


class Signer(msgspec.Struct, frozen=True, kw_only=True):
    """An actor whose signature held. `drafts` are what was fetched to learn its key and is not in the log yet.

    `former` is the key that this one replaced, where that was lately: what it signs is refused for good.
    """

    key_id: str
    actor: str
    key: PublicKey
    drafts: tuple[Draft, ...] = ()
    former: PublicKey | None = None


class Signers:
    """The keys that this process has met lately."""

    def __init__(self, keys: Keys, ticks: Callable[[], float] = monotonic) -> None:
        self._keys = keys
        self._ticks = ticks
        self._held: OrderedDict[str, tuple[float, Signer]] = OrderedDict()
        self._fetching: Counter[str] = Counter()
        self._asked: Counter[str] = Counter()

    async def of(self, claim: SignatureClaim, caller: str, now: datetime) -> Signer:
        """Return who made a signature; `caller` is the address that asks, which limits how much may be fetched for it.

        Raises `SignatureError` (401) when it does not hold, `NoKeyError` for a key that cannot be had (401; 503 if that
        may pass; reason `key_gone` for an actor that is deleted), `TooManyKeys`, `Unavailable`.
        """
        held, lately = await self.known(claim.key_id), True
        if held is None:
            lately = self._keys.asked_lately(claim.key_id, again=False)
            held = _signer(await self._fetch(claim.key_id, caller))
        try:
            verify(claim, held.key, now)
        except SignatureError as error:
            if not lately or _holds(claim, held.former, now):
                raise
            return await self._of_new_key(claim, caller, now, held, error)
        return self._keep(held) if held.drafts else held

    async def of_known(self, claim: SignatureClaim, now: datetime) -> Signer | None:
        """Return who made a signature if that is somebody known; None for strangers, of whom nothing is fetched.

        Raises `SignatureError` (401).
        """
        held = await self.known(claim.key_id)
        if held is not None:
            verify(claim, held.key, now)
        return held

    async def known(self, key_id: Uri) -> Signer | None:
        """Return whose a key is as far as that is known here, without asking anybody else."""
        held = self.held(key_id)
        if held is not None:
            return held
        known = await self._keys.known(key_id)
        if known is None:
            return None
        try:
            return self._keep(_signer(known))
        except PeerError:  # a key that cannot be used is as good as none
            return None

    def held(self, key_id: Uri) -> Signer | None:
        """Return whose a key is as far as this process remembers."""
        until, held = self._held.get(key_id.text, (0.0, None))
        return held if self._ticks() < until else None

    def appended(self, signer: Signer) -> None:
        """Note that what was fetched about a signer is in the log."""
        if signer.drafts:
            self._keep(msgspec.structs.replace(signer, drafts=()))

    async def _of_new_key(
        self, claim: SignatureClaim, caller: str, now: datetime, held: Signer, error: SignatureError
    ) -> Signer:
        """Ask for a key that did not fit. What its owner said a moment ago proves nothing: it may be a new one since.

        Else whoever forges signatures of somebody, a minute long, could have refused what that one says with a new key.
        """
        lately = self._keys.asked_lately(claim.key_id, again=True)
        try:
            found = _signer(await self._fetch(claim.key_id, caller, again=True))
            verify(claim, found.key, now)
        except NoKeyError as no_key:
            raise (no_key if no_key.reason == KEY_GONE or no_key.status == MAY_PASS else error) from None
        except SignatureError:
            if lately:
                raise KeyMayBeNew from None
            raise
        return self._keep(msgspec.structs.replace(found, former=held.key))

    async def _fetch(self, key_id: Uri, caller: str, *, again: bool = False) -> SigningKey:
        first = not self._asked[key_id.text]  # whoever waits for what is asked for anyway costs nothing more
        if first:
            self._may_ask(caller)
            self._fetching[caller] += 1
        self._asked[key_id.text] += 1
        try:
            return await self._keys.fetch(key_id, again=again)
        except Gone as gone:
            raise NoKeyError(reason=KEY_GONE if gone.status == 410 else "key_not_found") from None
        except PeerError as error:
            raise NoKeyError(reason=error.reason, status=MAY_PASS if error.reason in _PASSING else 401) from None
        finally:
            _less(self._asked, key_id.text)
            if first:
                _less(self._fetching, caller)

    def _may_ask(self, caller: str) -> None:
        """Raise `Unavailable` or `TooManyKeys` if no more keys are to be asked for at the moment."""
        if self._fetching.total() >= FETCHES:
            raise Unavailable("too many keys are being fetched")
        if self._fetching[caller] >= FETCHES_PER_CALLER:
            raise TooManyKeys

    def _keep(self, signer: Signer) -> Signer:
        self._held[signer.key_id] = self._ticks() + REMEMBERED_SECONDS, signer
        self._held.move_to_end(signer.key_id)
        while len(self._held) > REMEMBERED:
            self._held.popitem(last=False)
        return signer


def _holds(claim: SignatureClaim, key: PublicKey | None, now: datetime) -> bool:
    if key is None:
        return False
    try:
        verify(claim, key, now)
    except SignatureError:
        return False
    return True


def _signer(key: SigningKey) -> Signer:
    return Signer(key_id=key.key_id, actor=key.actor, key=load_public_key(key.pem), drafts=key.drafts)


def _less(counted: Counter[str], name: str) -> None:
    counted[name] -= 1
    if not counted[name]:
        del counted[name]
