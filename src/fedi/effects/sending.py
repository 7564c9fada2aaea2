"""Signs and posts one activity, in the form of signature its host is known to take, then in the other.

Draft-cavage first, RFC 9421 after an answer that may mean the form (contract ActivityPub §4, "builder rule"). Signing
takes most of a delivery's time, and has threads of its own (`signing`).
"""

from collections.abc import Callable, Mapping

import msgspec

from fedi.activitypub.signatures import Form, PrivateKey, sign
from fedi.activitypub.vocabulary import uris
from fedi.clock import Clock
from fedi.effects.lane import Answer
from fedi.effects.signing import SigningThreads
from fedi.effects.synchronizing import Posted, Synchronizing
from fedi.effects.verdicts import judge, may_dislike_form, retry_after
from fedi.services.http import AddressRefused, HttpClient, Told, Unreachable

_OTHER: Mapping[Form, Form] = {"cavage": "rfc9421", "rfc9421": "cavage"}


class Parcel(msgspec.Struct, frozen=True, kw_only=True):
    """What is sent: the activity's bytes, and the key that signs for its actor; `post` if it is for followers alone."""

    body: bytes
    key_id: str
    key: PrivateKey
    post: Posted | None = None


class Sender:
    """Sends parcels."""

    def __init__(
        self, http: HttpClient, signing: SigningThreads, clock: Clock, synchronizing: Synchronizing | None = None
    ) -> None:
        self._http = http
        self._synchronizing = synchronizing
        self._signing = signing
        self._clock = clock

    async def send(self, parcel: Parcel, url: str, form: Form) -> Answer:
        """Post a parcel to an inbox and return what came of it; a peer's faults never raise."""
        try:
            target = uris.parse(url)
        except uris.InvalidUriError:
            return Answer(status=None, form=form, forbidden=True)
        try:
            response = await self._post(parcel, target, form)
            if not may_dislike_form(response.status):
                return self._answer(response, form)
            other = await self._post(parcel, target, _OTHER[form])
        except AddressRefused:
            return Answer(status=None, form=form, forbidden=True)
        except Unreachable:
            return Answer(status=None, form=form)
        # Refused in both: what the form that is known to work was told counts, the other may just not be understood.
        if judge(other.status) == "delivered":
            return self._answer(other, _OTHER[form])
        return self._answer(response, form)

    async def _post(self, parcel: Parcel, url: uris.Uri, form: Form) -> Told:
        more: Mapping[str, str] = {}
        if parcel.post is not None and self._synchronizing is not None:
            more = await self._synchronizing.headers(parcel.post, url.authority)
        headers = await self._signing.sign(_signed(parcel, url, form, self._clock, more))
        return await self._http.tell(url, parcel.body, headers)

    def _answer(self, response: Told, form: Form) -> Answer:
        asked = response.retry_after
        wait = retry_after(asked, self._clock()) if asked and response.status in {429, 503} else None
        if wait is None:
            return Answer(status=response.status, form=form)
        return Answer(status=response.status, form=form, retry_after=wait)


def _signed(
    parcel: Parcel, url: uris.Uri, form: Form, clock: Clock, more: Mapping[str, str]
) -> Callable[[], dict[str, str]]:
    return lambda: sign(
        form, "POST", url, key_id=parcel.key_id, key=parcel.key, now=clock(), body=parcel.body, more=more
    )
